"""`scrapy check`: a source that is what its file says is well; one that drifted is told, finding by finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import registry
from crawler.discover.examine import stamp
from tests.crawler.test_add import SITE_ID, STYLES, WHO, Place, made_site
from tests.crawler.test_commands import refused
from tests.serving import ROOT, Answer, scrapy, serving

LISTS = ["/xxgk/lm0/", "/xxgk/lm1/"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def configure(place: Place, url: str, extra: str = "") -> Path:
    """The source of the made-up site, as a person would write it; returns its file."""
    place.sources.mkdir(exist_ok=True)
    path = place.sources / "qingling.toml"
    lists = ", ".join(f'"{url}{one}"' for one in LISTS)
    path.write_text(
        f'# 青岭区\nname = "{WHO}"\nsite_id = "{SITE_ID}"\nlists = [{lists}]\n{extra}[identity]\nsite_name = "{WHO}"\n',
        encoding="utf-8",
    )
    return path


def test_a_source_as_stated_is_well_and_nothing_is_written(place: Place) -> None:
    with serving(made_site(STYLES["folders"])) as site:
        path = configure(place, site.url, 'checked = "never"\n')
        before = path.read_bytes()
        done = scrapy("check", "qingling", settings=place.settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passes it by until: scrapy check qingling --stamp" in done.stderr
    assert "All is as its file states." in done.stdout
    assert "DRIFT" not in done.stdout
    assert path.read_bytes() == before
    assert sorted(found.name for found in path.parent.iterdir()) == ["qingling.toml"]


def test_a_stamp_records_the_day_and_leaves_the_rest(place: Place) -> None:
    with serving(made_site(STYLES["folders"])) as site:
        path = configure(place, site.url, 'checked = "never"  # 未核对\n')
        before = path.read_text(encoding="utf-8").splitlines()
        done = scrapy("check", "--stamp", "qingling", settings=place.settings)
    assert done.returncode == 0, done.stdout + done.stderr
    day = registry.load(place.sources, "qingling").checked
    assert day is not None
    assert day.startswith("20")
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if "checked" not in line] == [line for line in before if "checked" not in line]


@pytest.mark.parametrize(
    ("changes", "extra", "says"),
    [
        ({"/xxgk/lm1/": Answer("", 404)}, "", "HTTP 404"),
        (
            {"/xxgk/lm1/": Answer("<html><body><p>栏目调整中</p></body></html>")},
            "",
            "no entry that leads to this source",
        ),
        ({"/xxgk/lm1/": Answer("", 302, {"Location": "http://bet.example/"})}, "", "bet.example"),
        ({"/xxgk/lm0/index_1.html": Answer("", 404)}, "", "page 2 could not be looked at"),
        ({"/robots.txt": Answer("User-agent: *\nDisallow: /xxgk/lm1/\n")}, "", "robots.txt disallows it"),
        ({}, 'family = "vsb"\n', "no mark of it"),
    ],
)
def test_what_drifted_is_told_and_never_stamped(
    place: Place, changes: dict[str, Answer], extra: str, says: str
) -> None:
    with serving(made_site(STYLES["folders"]) | changes) as site:
        path = configure(place, site.url, extra)
        before = path.read_bytes()
        done = scrapy("check", "--stamp", "qingling", settings=place.settings)
    assert done.returncode == 1, done.stdout
    assert "DRIFT" in done.stdout
    assert says.replace(" ", "") in "".join(done.stdout.split())
    assert "Traceback" not in done.stderr
    assert path.read_bytes() == before


def test_a_site_that_became_somebody_else_is_told(place: Place) -> None:
    with serving(made_site(STYLES["folders"], site_id="1101010001")) as site:
        configure(place, site.url)
        done = scrapy("check", "qingling", settings=place.settings)
    assert done.returncode == 1
    assert "1101010001" in done.stdout
    assert SITE_ID in done.stdout


def test_a_site_that_is_gone_is_a_finding_not_a_fault(place: Place) -> None:
    configure(place, "http://127.0.0.1:9")
    done = scrapy("check", "qingling", settings=(*place.settings, "RETRY_TIMES=0"))
    assert done.returncode == 1
    assert done.stdout.count("DRIFT") == 2
    assert "Traceback" not in done.stderr


def test_an_unknown_source_is_answered_with_the_nearest_one(place: Place) -> None:
    configure(place, "http://sfj.qingling.example")
    refused(scrapy("check", "qinling", settings=place.settings), 2, "did you mean qingling?")


def test_a_sample_source_is_checked_from_its_fixtures(place: Place) -> None:
    done = scrapy("check", "xianning", settings=("REPLAY=1", f"SOURCES={ROOT / 'crawler' / 'sources'}"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("value", ["never", "2026-02-30x", "yesterday", "2026-13-01"])
def test_the_day_of_the_last_check_is_a_day_or_never(tmp_path: Path, value: str) -> None:
    path = tmp_path / "q.toml"
    path.write_text(f'name = "青岭"\nlists = ["http://a.example/"]\nchecked = "{value}"\n', encoding="utf-8")
    if value == "never":
        assert registry.read(path).checked == "never"
        return
    with pytest.raises(registry.RegistryError, match="checked: expected the day"):
        registry.read(path)


def test_a_stamp_goes_into_a_file_that_had_none(tmp_path: Path) -> None:
    path = tmp_path / "q.toml"
    path.write_text(
        '# 说明\n\nname = "青岭"\nlists = [\n  "http://a.example/",\n]\n[politeness]\ndelay = 3\n', encoding="utf-8"
    )
    stamp(path, "2026-01-31")
    stamp(path, "2026-02-01")
    assert registry.read(path).checked == "2026-02-01"
    assert path.read_text(encoding="utf-8").count("checked") == 1
    assert [found.name for found in tmp_path.iterdir()] == ["q.toml"]
