"""When a page is looked at again follows from its own history, and what lists name is evidence like any other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive, clock, revisits
from archive.merge import merge
from archive.model import Link, Visit
from archive.sweeps import ListSweep
from tests.archive.made import RECORD, SOURCE, another_text, capture, day, read

LIST = "http://www.qingshi.example/zwgk/"
URLS = [f"http://www.qingshi.example/zwgk/{n}.html" for n in range(6)]


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The archive's clock stands at the end of the tests' year."""
    end = datetime(2026, 12, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "present", lambda: end)


def hold(archive: Archive, n: int, *days: int, edits: bool = False, date: str = "2020-05-01") -> None:
    """Notice `n`, looked at on these days; edited each time when `edits`."""
    for on in days:
        run = archive.start_run(SOURCE)
        archive.meet(run, [Link(URLS[n], "notice", "公告", date)])
        text = another_text(f"事项{n}-{on if edits else 0}")
        read(archive, run, RECORD, n=on, url=URLS[n], text=text, body=f"{n} {text}".encode())
        archive.finish_run(run, verdict="healthy")


def name(archive: Archive, run: int, urls: list[str], on: int, **more: object) -> list[Link]:
    """A list that names these URLs and nothing else on a day; gives what left it."""
    links = tuple(Link(url, "notice", "公告", "2026-01-05") for url in urls)
    sweep = ListSweep(LIST, 1, len(urls), stop_reason="end", round="complete", began=day(on))
    archive.save(run, Visit(LIST, "listing", "listed", archive.keep(capture(LIST, at=day(on))), links=links), sweep)
    return archive.swept(run, sweep)


def test_what_was_looked_at_longest_ago_comes_first(archive: Archive) -> None:
    for n, on in enumerate((9, 3, 7)):
        hold(archive, n, on)
    assert [link.url for link in revisits.rotation(archive.db.conn, SOURCE, 2)] == [URLS[1], URLS[2]]
    assert revisits.held(archive.db.conn, SOURCE) == 3


def test_a_page_is_due_early_when_it_waited_as_long_as_it_had_stood(archive: Archive) -> None:
    hold(archive, 0, 1, 5, 9, edits=True)  # changed every four days
    hold(archive, 1, 1, 5, 9)  # stands since 2020
    hold(archive, 2, 9, date="2026-01-08")  # published two days before it was looked at
    db = archive.db.conn
    assert [link.url for link in revisits.early(db, SOURCE, day(10), 9, [])] == [URLS[0]]
    assert {link.url for link in revisits.early(db, SOURCE, day(14), 9, [])} == {URLS[0], URLS[2]}
    assert revisits.early(db, SOURCE, day(14), 9, [Link(URLS[0], "notice")])[0].url == URLS[2]


def test_a_notice_that_failed_is_asked_for_in_the_next_run_and_then_ever_more_rarely(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.save(run, Visit(URLS[0], "notice", "failed", reason="timeout"))
    archive.finish_run(run, verdict="incomplete")
    db, once = archive.db.conn, "2026-12-02T00:00:00Z"
    assert [link.url for link in revisits.missed(db, SOURCE, once, 1.0)] == [URLS[0]]
    for _ in range(2):
        archive.save(archive.start_run(SOURCE), Visit(URLS[0], "notice", "failed", reason="timeout"))
    assert revisits.missed(db, SOURCE, once, 1.0) == []
    assert len(revisits.missed(db, SOURCE, "2026-12-05T00:00:00Z", 1.0)) == 1


def test_a_page_of_a_list_that_is_not_due_ends_as_known_and_stays_as_it_is(archive: Archive) -> None:
    hold(archive, 0, 1)
    run = archive.start_run(SOURCE)
    archive.meet(run, [Link(URLS[0], "notice"), Link(URLS[1], "notice")])
    assert revisits.settled(archive.db.conn, [Link(URLS[0], "notice"), Link(URLS[1], "notice")]) == {URLS[0]}
    archive.pass_over(run, [Link(URLS[0], "notice")])
    assert archive.run(run).counts == {"known": 1, "pending": 1}
    (document,) = archive.documents()
    assert (document.state, document.last_seen) == ("present", day(1))
    # Whatever a visit finds out says more.
    read(archive, run, RECORD, n=20, url=URLS[0], text=another_text("新"))
    assert archive.run(run).counts == {"changed": 1, "pending": 1}


def test_an_entry_left_its_list_when_a_complete_round_did_not_come_by_it(archive: Archive) -> None:
    for n in range(3):
        hold(archive, n, 1)
    db, run = archive.db.conn, archive.start_run(SOURCE)
    assert name(archive, run, URLS[:3], 2) == []
    assert revisits.entries(db, LIST) == 3
    assert [link.url for link in name(archive, run, URLS[:2], 5)] == [URLS[2]]
    assert [link.url for link in revisits.departed(db, SOURCE, 9)] == [URLS[2]]
    assert revisits.entries(db, LIST) == 2
    assert name(archive, run, URLS[:3], 8) == []
    assert revisits.departed(db, SOURCE, 9) == [], "it is back"


def test_what_the_archive_knows_of_the_rows_of_a_list(archive: Archive) -> None:
    hold(archive, 5, 1)
    run = archive.start_run(SOURCE)
    name(archive, run, URLS[:2], 2)
    name(archive, run, URLS[:3], 6)
    links = [Link(url, "notice") for url in URLS]
    found = revisits.acquaintance(archive.db.conn, LIST, links, day(4))
    # Never met: 3 and 4; never named by this list: 3, 4 and 5; not named by day 4: 2 as well.
    assert (found.fresh, found.unnamed, found.unknown) == (2, 3, 4)


def test_how_late_entries_come_is_measured_on_those_that_came_after_the_first_run(archive: Archive) -> None:
    hold(archive, 0, 1, date="2019-01-01")
    assert revisits.lateness(archive.db.conn, SOURCE, day(30), 1.0) == 0
    run = archive.start_run(SOURCE)
    archive.db.conn.execute("UPDATE run SET finished = ? WHERE id < ?", [day(2), run])
    archive.db.conn.execute("COMMIT")
    archive.save(
        run,
        Visit(
            LIST,
            "listing",
            "listed",
            archive.keep(capture(LIST, at=day(20))),
            links=(Link(URLS[1], "notice", "公告", day(8)[:10]),),
        ),
    )
    assert revisits.lateness(archive.db.conn, SOURCE, day(30), 1.0) == 10


def test_sweeps_and_entries_are_united_by_a_merge_in_any_order(tmp_path: Path) -> None:
    for file, last in (("one.db", 5), ("two.db", 8)):
        with Archive(tmp_path / file, write=True) as archive:
            run = archive.start_run(SOURCE)
            name(archive, run, URLS[:3], 2)
            name(archive, run, URLS[: 2 if last == 5 else 3], last)
            archive.finish_run(run, verdict="healthy")
    told = []
    for order in (("one.db", "two.db"), ("two.db", "one.db", "one.db")):
        with Archive(tmp_path / f"{len(order)}.db", write=True) as archive:
            for file in order:
                merge(archive, tmp_path / file)
            rows = archive.db.conn.execute(
                "SELECT p.url, e.first_seen, e.last_seen, e.left FROM entry e JOIN page p ON p.id = e.page ORDER BY 1"
            ).fetchall()
            told.append((rows, sorted(str(run.lists) for run in archive.runs())))
    assert told[0] == told[1]
    assert [row[1:] for row in told[0][0]] == [(day(2), day(8), None)] * 3
