"""What researchers ask: what changed, how to cite it, which numbers are missing, how the sources do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.cli import run as run_command
from archive.diff import characters, compare, paragraphs, written
from archive.model import Record, Visit
from archive.records import document_key
from archive.series import explain, series
from tests.archive.made import RECORD, SOURCE, TEXT, URL, another_text, capture, day, read

ID = document_key(URL)
LINES = st.text(alphabet="一二三法治政府建设123ab，。\n", max_size=80)


@given(old=LINES, new=LINES)
def test_a_difference_holds_the_whole_old_and_the_whole_new(old: str, new: str) -> None:
    parts = characters(old.replace("\n", ""), new.replace("\n", ""))
    assert "".join(part.text for part in parts if part.kind != "+") == old.replace("\n", "")
    assert "".join(part.text for part in parts if part.kind != "-") == new.replace("\n", "")


@given(old=LINES, new=LINES)
def test_paragraphs_that_differ_hold_every_line_that_came_or_went(old: str, new: str) -> None:
    found = [parts for _, parts in paragraphs(old, new)]
    gone = [
        "".join(part.text for part in parts if part.kind != "+") for parts in found if any(p.kind != "+" for p in parts)
    ]
    for line in set(old.split("\n")) - set(new.split("\n")) - {""}:
        assert line in gone


def test_one_changed_number_is_one_change_in_one_paragraph() -> None:
    (difference,) = compare(RECORD, Record(**{**_fields(RECORD), "text": TEXT.replace("4120", "4210")}))
    assert (difference.field, difference.place) == ("text", 3)
    assert [part.text for part in difference.parts if part.kind != "="] == ["4120", "4210"]
    assert "{+4210+}" in written(difference.parts)


def test_an_inserted_paragraph_moves_no_other() -> None:
    longer = TEXT.replace("二、存在", "（四）加强执法监督，开展案卷评查3次。\n二、存在")
    (difference,) = compare(RECORD, Record(**{**_fields(RECORD), "text": longer}))
    assert [(part.kind, part.text) for part in difference.parts] == [("+", "（四）加强执法监督，开展案卷评查3次。")]


def test_a_reworded_sentence_is_not_confetti() -> None:
    parts = characters("执法力量向基层倾斜不够，下一步将加强业务培训。", "基层执法力量薄弱，下一步将改进业务培训。")
    assert len([part for part in parts if part.kind != "="]) <= 6


def _fields(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in Record.__slots__}


@pytest.fixture
def held(path: Path) -> Path:
    with Archive(path, write=True) as archive:
        run = archive.start_run(SOURCE)
        read(archive, run, RECORD, n=0, issuer="青石区人民政府")
        numbered = [
            ("青政办发〔2024〕3号", 10),
            ("青政办发〔2024〕4号", 12),
            ("青政办发[2024]第6号", 9),
            ("青政办发〔2024〕6号", 15),
        ]
        for n, (number, on) in enumerate(numbered):
            url = f"http://www.qingshi.example/n{n}.html"
            read(
                archive,
                run,
                RECORD,
                url=url,
                text=another_text(url),
                document_number=number,
                written=f"2024-05-{on:02}",
            )
        archive.finish_run(run, requests=5, verdict="healthy")
        again = archive.start_run(SOURCE)
        read(archive, again, RECORD, n=5, issuer="青石区人民政府", text=TEXT.replace("4120", "4210"))
        archive.save(
            again,
            Visit(
                "http://www.qingshi.example/n0.html",
                "notice",
                "gone",
                archive.keep(capture("http://www.qingshi.example/n0.html", status=404)),
                reason="404",
            ),
        )
        archive.finish_run(again, requests=2, verdict="quiet")
    return path


def test_series_tell_gaps_duplicates_and_order_and_take_explanations(held: Path) -> None:
    with Archive(held, write=True) as archive:
        (one,) = series(archive.db.conn, "青政办发", 2024)
        assert (one.held, one.first, one.last) == (3, 3, 6)
        assert [(odd.kind, odd.number, odd.note) for odd in one.irregularities] == [
            ("gap", "青政办发〔2024〕5号", None),
            ("duplicate", "青政办发〔2024〕6号", None),
            ("order", "青政办发〔2024〕6号", None),
        ]
        with archive.transaction():
            assert explain(archive.db.conn, "青政办发（2024）第5号", "未公开") == "青政办发〔2024〕5号"
        assert series(archive.db.conn, "青政办发")[0].irregularities[0].note == "未公开"
        assert series(archive.db.conn, year=1999) == []


def test_diff_and_cite_speak_json_and_text(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--archive", str(held)]
    assert run_command(["diff", ID, *where]) == 0
    said = capsys.readouterr().out
    assert "[-4120-]{+4210+}" in said
    assert said.count("\n@@ ") + said.startswith("@@ ") == 1
    assert run_command(["diff", ID, "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["field"] for one in told["differences"]] == ["text"]
    assert run_command(["cite", ID, *where]) == 0
    cited = capsys.readouterr().out
    assert cited.startswith(
        f"青石区人民政府. {RECORD.title}[EB/OL]. (2022-01-18)[2026-01-06]. {URL}. 存档 {ID}@20260106T120000Z"
    )
    assert "SHA-256 " in cited
    assert run_command(["cite", f"{ID}@20260102T000000Z", "--format", "bibtex", *where]) == 0
    entry = capsys.readouterr().out
    assert entry.startswith(f"@online{{gongbao-{ID},")
    assert entry.count("{") == entry.count("}")
    assert "urldate = {2026-01-01}" in entry


def test_a_title_cannot_break_out_of_bibtex(archive: Archive, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = read(archive, archive.start_run(SOURCE), RECORD, title="关于}} @comment{ 100% 的通知 \\input{x}")
    assert run_command(["cite", str(outcome.document_id), "--format", "bibtex", "--archive", str(path)]) == 0
    title = next(line for line in capsys.readouterr().out.splitlines() if "title" in line)
    assert r"\}\} @comment\{ 100\%" in title


def test_a_better_reading_is_not_shown_as_an_edit(
    archive: Archive, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read(archive, archive.start_run(SOURCE), RECORD, n=0, body=b"page")
    read(archive, archive.start_run(SOURCE), RECORD, n=1, body=b"page", text=TEXT + "\n附件：1.清单")
    assert run_command(["diff", ID, "--archive", str(path)]) == 1
    assert "one version only" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["diff", "000000000000"], 1),
        (["cite", "000000000000"], 1),
        (["diff", ID, "--from", "20200101T000000Z"], 1),
        (["series", "--explain", "无号", "--note", "x"], 2),
        (["series", "--explain", "青政办发〔2024〕5号"], 2),
        (["series", "--json"], 0),
        (["series"], 0),
        (["sources"], 0),
    ],
)
def test_codes_of_the_study_commands(
    held: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert run_command([*arguments, "--archive", str(held)]) == code
    assert (capsys.readouterr().err.count("\n") == 1) or code == 0


def test_sources_tell_what_is_held_and_how_the_last_run_went(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["sources", "--json", "--archive", str(held)]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["source"], one["documents"], one["gone"], one["runs"], one["verdict"]) == (SOURCE, 5, 1, 2, "quiet")
    assert one["last_new"] == day(0)
