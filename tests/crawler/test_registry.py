"""The registry: facts in, or one line that says where, what was expected and what was found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.expect import Expect
from crawler.planning import pace
from crawler.registry import SCHEMA, RegistryError, Source, host_of, ids, load

GOOD = 'name = "青岭区司法局"\nlists = ["http://sfj.qingling.example/tzgg/"]\n'


def put(folder: Path, text: str, name: str = "qingling") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_source_has_its_facts_and_the_hosts_of_its_lists_and_identity(tmp_path: Path) -> None:
    put(tmp_path, GOOD + 'every = "12h"\n[identity]\nhosts = ["WWW.qingling.example"]\n[politeness]\ndelay = 4\n')
    source = load(tmp_path, "qingling")
    assert source == Source(
        id="qingling",
        name="青岭区司法局",
        lists=("http://sfj.qingling.example/tzgg/",),
        hosts=frozenset({"sfj.qingling.example", "www.qingling.example"}),
        every="12h",
        delay=4,
    )


def test_floors_are_read_in_either_spelling_of_toml(tmp_path: Path) -> None:
    floors = "[expect]\nnotices = 50\nrows = 15\ntext = 200\n"
    put(tmp_path, GOOD + floors + "fields = {issuer = 0.9, topic = 0}\n", "one")
    put(tmp_path, GOOD + floors + "[expect.fields]\nissuer = 0.9\ntopic = 0\n", "two")
    expected = Expect(50, 15, 200, {"issuer": 0.9, "topic": 0})
    assert [load(tmp_path, name).expect for name in ("one", "two")] == [expected, expected]
    assert load(put(tmp_path, GOOD).parent, "qingling").expect == Expect()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + 'famly = "trs"\n', "unknown key famly; did you mean family?"),
        (GOOD + '[identity]\nsitename = "x"\n', "unknown key identity.sitename; did you mean identity.site_name?"),
        (GOOD + "sample = 1\n", "key sample: expected true"),
        (GOOD + 'every = "weekly"\n', "key every: expected how often"),
        (GOOD + 'sweep = "3d"\n', "key sweep: expected the time within which everything is looked at again"),
        (GOOD + 'division = "37"\n', "key division: expected a 行政区划代码 of six digits, found '37'"),
        (GOOD + "[politeness]\ndelay = -1\n", "key politeness.delay"),
        (GOOD + "[politeness]\ndelay = true\n", "key politeness.delay"),
        (GOOD + 'politeness = "slow"\n', "unknown key politeness"),
        (GOOD + '[expect]\nnotices = "many"\n', "key expect.notices: expected how many notices are held at least"),
        (GOOD + "[expect]\nrows = -1\n", "key expect.rows: expected"),
        (GOOD + "[expect]\nrow = 3\n", "unknown key expect.row; did you mean expect.rows?"),
        (GOOD + "[expect.fields]\nisuer = 0.9\n", "found unknown field isuer; did you mean issuer?"),
        (GOOD + "[expect]\nfields = {issuer = 90}\n", "found issuer = 90"),
        ('name = "甲"\n', "key lists is missing"),
        ('name = "甲"\nlists = []\n', "key lists: expected"),
        ('name = "甲"\nlists = ["ftp://a.example/"]\n', "key lists: expected"),
        ('name = "甲"\nlists = ["http://a.example:99999/"]\n', "key lists: expected"),
        ('name = ""\nlists = ["http://a.example/"]\n', "key name: expected"),
        ("name = \n", "qingling.toml:1: not valid TOML"),
    ],
)
def test_a_broken_source_is_told_in_one_line_with_its_file(tmp_path: Path, text: str, says: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(RegistryError) as error:
        load(tmp_path, "qingling")
    assert str(error.value).startswith(str(path))
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_utf8_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "qingling.toml").write_bytes('name = "青岭"\n'.encode("gb18030"))
    with pytest.raises(RegistryError, match="expected UTF-8"):
        load(tmp_path, "qingling")


def test_an_unknown_source_is_answered_with_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    with pytest.raises(RegistryError, match="did you mean qingling"):
        load(tmp_path, "qinling")


def test_one_broken_source_does_not_keep_the_others_from_loading(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    put(tmp_path, "name = ", name="broken")
    assert ids(tmp_path) == ["broken", "qingling"]
    assert load(tmp_path, "qingling").name == "青岭区司法局"


def test_a_missing_folder_is_told_with_the_setting_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="SOURCES=DIR"):
        ids(tmp_path / "none")


def test_every_key_of_the_schema_is_checked_for_its_type(tmp_path: Path) -> None:
    for key in SCHEMA:
        table, _, name = key.rpartition(".")
        wrong = f"[{table}]\n{name} = 1979-05-27\n" if table else f"{name} = 1979-05-27\n"
        text = "".join(line + "\n" for line in GOOD.splitlines() if not line.startswith(f"{key} "))
        put(tmp_path, wrong + text if not table else text + wrong)
        with pytest.raises(RegistryError, match=f"key {key}: expected"):
            load(tmp_path, "qingling")


@settings(deadline=None)  # a busy machine is no fault of the code
@given(st.text() | st.builds("http://{}".format, st.text()))
def test_scope_has_an_answer_for_any_string(url: str) -> None:
    source = Source("a", "甲", ("http://a.example/",), frozenset({"a.example"}))
    assert (source.refuses(url) is None) == (host_of(url) == "a.example")


def test_another_port_or_a_twin_host_is_another_site() -> None:
    source = Source("a", "甲", ("http://a.example/",), frozenset({"a.example"}))
    assert source.refuses("http://a.example:8080/x") is not None
    assert source.refuses("http://www.a.example/x") is not None
    assert source.refuses("https://A.example:443/x") is None


def test_every_source_of_the_project_loads() -> None:
    folder = Path(__file__).parents[2] / "crawler" / "sources"
    assert [load(folder, source).id for source in ids(folder)] == ids(folder) != []


@pytest.mark.parametrize(
    ("every", "sweep", "runs", "share"),
    [
        ("7d", None, 75, 0.02),
        ("1d", "75d", 75, 0.02),
        ("7d", "90d", 12, 0.125),
        ("12h", "90d", 180, 0.0083),
        ("7d", "7d", 1, 1),
    ],
)
def test_the_share_of_a_run_follows_from_how_often_and_within_what_time(
    tmp_path: Path, every: str, sweep: str | None, runs: int, share: float
) -> None:
    put(tmp_path, GOOD + f'every = "{every}"\n' + (f'sweep = "{sweep}"\n' if sweep else ""))
    assert pace(load(tmp_path, "qingling")) == (runs, pytest.approx(share, rel=0.01))
