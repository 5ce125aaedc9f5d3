"""When pages that answer 404 have left, and when it is the site that is not itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.departures import Departures
from archive.model import Visit
from tests.archive.made import RECORD, SOURCE, another_text, capture, day, read

HELD = 30


def url(n: int) -> str:
    return f"http://www.qingshi.example/zwgk/t{n}.html"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive that holds thirty notices of one source."""
    opened = Archive(tmp_path / "a.db", write=True)
    run = opened.start_run(SOURCE)
    for n in range(HELD):
        read(opened, run, RECORD, url=url(n), text=another_text(f"事项{n}"))
    opened.finish_run(run, verdict="healthy")
    return opened


def leave(archive: Archive, gone: range, there: range, *, left: bool = False, at: str = day(2)) -> int:
    """A run that finds some pages gone and others as they were."""
    run = archive.start_run(SOURCE)
    if left:
        sql = (
            "INSERT INTO entry (list, page, first_seen, last_seen, left) SELECT 1, id, ?, ?, ? FROM page WHERE url = ?"
        )
        for n in gone:
            archive.db.conn.execute("BEGIN")
            archive.db.conn.execute(sql, [day(0), day(0), day(1), url(n)])
            archive.db.conn.execute("COMMIT")
    for n in gone:
        archive.save(run, Visit(url(n), "notice", "gone", archive.keep(capture(url(n), b"", at)), reason="HTTP 404"))
    for n in there:
        archive.save(run, Visit(url(n), "notice", "unchanged", archive.keep(capture(url(n), b"x", at)), reason="304"))
    return run


def shown_gone(archive: Archive) -> int:
    return sum(one.state == "gone" for one in archive.documents(SOURCE))


@pytest.mark.parametrize(
    ("gone", "there", "mass"),
    [(3, 0, False), (4, 0, True), (4, 8, True), (4, 20, False), (9, 21, False), (10, 20, True)],
)
def test_a_mass_is_more_than_a_few_and_more_than_three_in_ten(
    archive: Archive, gone: int, there: int, mass: bool
) -> None:
    run = leave(archive, range(gone), range(gone, gone + there))
    assert archive.departures(run) == Departures(gone + there, gone)
    assert archive.departures(run).mass is mass


def test_a_clean_up_that_the_list_tells_of_too_is_believed(archive: Archive) -> None:
    run = leave(archive, range(6), range(6, 10), left=True)
    assert archive.departures(run) == Departures(4, 0)


@pytest.mark.parametrize("verdict", ["down", "blocked", "layout_changed", "identity_mismatch"])
def test_a_run_that_is_not_to_be_trusted_marks_nothing_gone_and_keeps_every_404(archive: Archive, verdict: str) -> None:
    run = leave(archive, range(2), range(2, 9))
    told = archive.finish_run(run, verdict=verdict)
    assert shown_gone(archive) == 0
    assert told.counts["gone"] == 2
    assert any("2 pages that answered gone are not marked so" in one for one in told.evidence)


@pytest.mark.parametrize("verdict", ["healthy", "quiet", "incomplete"])
def test_a_run_that_is_trusted_marks_what_left(archive: Archive, verdict: str) -> None:
    archive.finish_run(leave(archive, range(2), range(2, 9)), verdict=verdict)
    assert shown_gone(archive) == 2


def test_a_mark_of_an_earlier_run_stays_when_a_later_one_is_not_trusted(archive: Archive) -> None:
    archive.finish_run(leave(archive, range(2), range(2, 9)), verdict="healthy")
    archive.finish_run(leave(archive, range(4), range(4, 9), at=day(3)), verdict="down")
    assert shown_gone(archive) == 2


@pytest.mark.parametrize(("gone", "marked"), [(2, 2), (9, 0)])
def test_a_run_that_died_marks_single_pages_and_no_mass(archive: Archive, gone: int, marked: int) -> None:
    leave(archive, range(gone), range(gone, gone + 3))
    archive.start_run(SOURCE)  # finds the other one dead
    assert shown_gone(archive) == marked
