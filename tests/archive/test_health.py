"""`gongbao health`: all sources at a glance, the next thing to do, and an exit code that says whether it waits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import Archive
from archive.cli import run
from archive.display import width
from archive.health import Health, health
from archive.model import Visit
from archive.sweeps import ListSweep
from tests.archive.made import RECORD, another_text, capture, day, read

LIST = "http://www.qingshi.example/zwgk/"


def crawled(archive: Archive, source: str, verdict: str, *published: str, evidence: tuple[str, ...] = ()) -> int:
    """A run of `source` that read a notice for each day."""
    run = archive.start_run(source)
    for n, at in enumerate(published):
        url = f"http://www.{source}.example/t{n}.html"
        read(archive, run, RECORD, n=n, url=url, text=another_text(f"{source}{n}"), published=at)
    archive.save(
        run,
        Visit(LIST, "listing", "listed", archive.keep(capture(LIST, str(run).encode(), day(1)))),
        ListSweep(LIST, 1, 15, 15, None, "end", first_rows=15),
    )
    archive.finish_run(run, requests=1, verdict=verdict, evidence=evidence)
    return run


def of(archive: Archive, source: str, now: str | None = None) -> Health:
    (found,) = health(archive.db.conn, source, now)
    return found


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "a.db", write=True)


@pytest.mark.parametrize(
    "verdict", ["incomplete", "layout_changed", "blocked", "down", "identity_mismatch", "interrupted"]
)
def test_every_verdict_that_is_not_well_has_a_next_thing_to_do_with_a_command(archive: Archive, verdict: str) -> None:
    run = crawled(archive, "qingshi", verdict)
    found = of(archive, "qingshi")
    assert not found.well
    assert found.next is not None
    assert f"gongbao runs --run {run}" in found.next or "scrapy crawl qingshi" in found.next


def test_a_source_that_is_well_asks_for_nothing_and_tells_what_is_held(archive: Archive) -> None:
    crawled(archive, "qingshi", "healthy", "2026-01-05", "2026-01-12")
    found = of(archive, "qingshi")
    assert (found.well, found.next, found.documents, found.verdict) == (True, None, 2, "healthy")
    assert [(one.rows, one.complete) for one in found.lists] == [(15, True)]


def test_a_source_nobody_crawls_any_more_needs_a_person(archive: Archive) -> None:
    for _ in range(3):
        crawled(archive, "qingshi", "quiet")
    assert of(archive, "qingshi").well
    late = of(archive, "qingshi", "2099-01-01T00:00:00Z")
    assert not late.well
    assert late.next is not None
    assert "not crawled for" in late.next


def test_a_long_silence_is_told_with_the_usual_gap_and_alarms_nobody(archive: Archive) -> None:
    crawled(archive, "qingshi", "healthy", *(f"2020-0{month}-0{n}" for month in (1, 2, 3) for n in (1, 8)))
    found = of(archive, "qingshi")
    assert (found.published, found.gap) == ("2020-03-08", 7)
    assert found.silent is not None
    assert found.silent > 1000
    assert found.well
    assert found.next is not None
    assert f"silent for {found.silent} days, usual gap 7" in found.next


def test_a_quiet_month_after_weekly_notices_is_not_remarkable(archive: Archive) -> None:
    crawled(archive, "qingshi", "healthy", *(f"2026-0{month}-0{n}" for month in (1, 2, 3) for n in (1, 8)))
    assert of(archive, "qingshi", "2026-04-05T00:00:00Z").next is None


def test_the_command_fits_80_columns_marks_who_needs_a_person_and_exits_with_1(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    crawled(archive, "qingshi", "healthy", "2026-01-05")
    crawled(archive, "dongpu", "identity_mismatch", evidence=("名称变了：" + "本站出售各类彩票" * 20,))
    archive.close()
    assert run(["--archive", str(archive.path), "health"]) == 1
    out = capsys.readouterr().out
    assert all(width(line) <= 80 for line in out.splitlines()), out
    assert "! dongpu: " in out
    assert "! qingshi" not in out
    assert run(["--archive", str(archive.path), "health", "qingshi", "--json"]) == 0
    assert [one["source"] for one in json.loads(capsys.readouterr().out)] == ["qingshi"]


def test_a_source_that_was_never_crawled_is_said_to_be_unknown(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.close()
    assert run(["--archive", str(archive.path), "health", "nobody"]) == 1
    assert "no source nobody" in capsys.readouterr().err
