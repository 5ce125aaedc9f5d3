"""When a page is to be looked at again, from what the archive knows: captures, versions, lists, failed visits.

No schedule is stored. A page was looked at when it was last captured; it changed when a version of its publisher was
first seen. Pages whose last look is longest ago come first (the rotation, which reaches every page); besides, a page is
due early once it has not been looked at for as long as it had stayed as it was: what was edited yesterday is looked at
tomorrow, what has stood for years waits for the rotation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from archive.model import Link
from archive.sweeps import ListSweep, columns
from archive.twins import page_url

LATEST = 30.0  # days: how far back a source's lateness is believed; what comes later still is the rotation's
# States of a page that a visit settled: it is there, or was there, or we know why it cannot be read.
_SETTLED = ("new", "changed", "unchanged", "duplicate", "quarantined", "gone", "redirected")
_MARKS = ", ".join(f"'{state}'" for state in _SETTLED)
# Pages that are looked at in turn: every notice held, and entries of lists that are settled without a document.
_TURN = (
    "p.source = :source AND p.role = 'notice' AND (p.document IS NOT NULL "
    f"OR (p.state IN ({_MARKS}) AND EXISTS (SELECT 1 FROM entry e WHERE e.page = p.id)))"
)
_LOOKED = "(SELECT max(c.fetched) FROM capture c WHERE c.page = p.id)"
# Since when a page is as it is: its date where it never changed, else its last version, or when it was found gone.
_EDITS = "FROM version v WHERE v.page = p.id AND v.cause = 'publisher'"
_SINCE = (
    f"max(coalesce(p.gone, ''), CASE WHEN (SELECT count(*) {_EDITS}) > 1 THEN (SELECT max(v.first_seen) {_EDITS}) "
    "ELSE min(coalesce(p.date, p.first_seen), p.first_seen) END)"
)
# Mean days between two changes of a page, where it changed.
_PACE = f"(SELECT (julianday(:now) - julianday(min(v.first_seen))) / nullif(count(*) - 1, 0) {_EDITS})"


def held(db: sqlite3.Connection, source: str) -> int:
    """How many pages of a source are looked at in turn."""
    return int(db.execute(f"SELECT count(*) FROM page p WHERE {_TURN}", {"source": source}).fetchone()[0])


def rotation(db: sqlite3.Connection, source: str, limit: int) -> list[Link]:
    """The pages whose last look is longest ago."""
    sql = f"SELECT {_LINK} FROM page p WHERE {_TURN} ORDER BY coalesce({_LOOKED}, ''), p.id LIMIT :limit"
    return _links(db.execute(sql, {"source": source, "limit": limit}))


def early(db: sqlite3.Connection, source: str, now: str, limit: int, passed: Iterable[Link]) -> list[Link]:
    """Pages due by their own history, most overdue first, without those of `passed`."""
    sql = (
        f"WITH look AS MATERIALIZED (SELECT {_LINK}, {_LOOKED} AS looked, {_SINCE} AS since, {_PACE} AS pace "
        f"FROM page p WHERE {_TURN}), waits AS (SELECT fetch_url, title, date, julianday(:now) - julianday(looked) "
        # Half a day is the least: the dates of lists say no more than the day.
        "AS waited, max(0.5, min(julianday(looked) - julianday(since), coalesce(pace, 1e9))) AS stood FROM look) "
        "SELECT fetch_url, title, date FROM waits WHERE waited >= stood ORDER BY waited / stood DESC LIMIT :limit"
    )
    without = {link.url for link in passed}
    asked = {"source": source, "now": now, "limit": limit + len(without)}
    return [link for link in _links(db.execute(sql, asked)) if link.url not in without][:limit]


def departed(db: sqlite3.Connection, source: str, limit: int) -> list[Link]:
    """Entries that left their list and were not looked at since, so that what became of them is found with evidence."""
    sql = (
        f"SELECT DISTINCT {_LINK} FROM entry e CROSS JOIN page p ON p.id = e.page WHERE e.left IS NOT NULL AND {_TURN} "
        f"AND p.gone IS NULL AND e.left > coalesce({_LOOKED}, '') ORDER BY p.id LIMIT :limit"
    )
    return _links(db.execute(sql, {"source": source, "limit": limit}))


def missed(db: sqlite3.Connection, source: str, now: str, every: float) -> list[Link]:
    """Notices we hold nothing of because they failed or were blocked: again in the next run, then ever more rarely.

    `every` is the source's own interval in days; after n failures a page waits 2**(n-1) of them.
    """
    sql = (
        f"SELECT {_LINK} FROM page p JOIN visit v ON v.page = p.id WHERE p.source = :source AND p.role = 'notice' "
        "AND p.document IS NULL AND p.state IN ('failed', 'blocked') AND v.state IN ('failed', 'blocked') "
        "GROUP BY p.id HAVING julianday(:now) - julianday(max(v.at)) >= :every * (1 << min(count(*) - 1, 8)) * 0.9"
    )
    return _links(db.execute(sql, {"source": source, "now": now, "every": every}))


def settled(db: sqlite3.Connection, links: Iterable[Link], since: str = "") -> set[str]:
    """The URLs of `links` that need not be asked for only because a list names them: looked at, `since` then."""
    sql = (
        f"SELECT 1 FROM page p WHERE p.url = ? AND (p.document IS NOT NULL OR p.state IN ({_MARKS})) "
        f"AND coalesce({_LOOKED}, '') >= ?"
    )
    return {link.url for link in links if db.execute(sql, [page_url(db, link.url), since]).fetchone()}


def interrupted_since(db: sqlite3.Connection, source: str, run: int, after: str) -> str | None:
    """When the runs before this one that came to no end began, if that is after the time given; else None."""
    rows = db.execute(
        "SELECT r.started, r.verdict = 'interrupted' OR EXISTS (SELECT 1 FROM visit v WHERE v.run = r.id "
        "AND v.state = 'interrupted') FROM run r WHERE r.source = ? AND r.id < ? "
        "ORDER BY r.started DESC, r.id DESC LIMIT 100",
        [source, run],
    ).fetchall()
    broken = [str(started) for started, _ in takewhile(lambda row: row[1], rows)]
    return next((started for started in reversed(broken) if started >= after), None)


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Of the rows of a list page: how many no run had met, and how many the list had not named, ever or by then."""

    fresh: int = 0
    unnamed: int = 0
    unknown: int = 0


NOTHING = Acquaintance()


def acquaintance(db: sqlite3.Connection, list_url: str, links: Iterable[Link], until: str) -> Acquaintance:
    """What the archive knows of the rows of a list page; `until` is an ISO time."""
    place = db.execute("SELECT id FROM page WHERE url = ?", [page_url(db, list_url)]).fetchone()
    sql = "SELECT (SELECT first_seen FROM entry WHERE list = ? AND page = p.id) FROM page p WHERE p.url = ?"
    rows = [db.execute(sql, [place and place[0], page_url(db, link.url)]).fetchone() for link in links]
    named = [row[0] for row in rows if row is not None and row[0] is not None]
    known = sum(since <= until for since in named)
    return Acquaintance(sum(row is None for row in rows), len(rows) - len(named), len(rows) - known)


def entries(db: sqlite3.Connection, list_url: str) -> int:
    """How many URLs the list is known to name now."""
    sql = "SELECT count(*) FROM entry e JOIN page l ON l.id = e.list WHERE l.url = ? AND e.left IS NULL"
    return int(db.execute(sql, [page_url(db, list_url)]).fetchone()[0])


def lateness(db: sqlite3.Connection, source: str, now: str, every: float) -> float:
    """Days by which this source's entries came to their list after the date it gives them, at most LATEST.

    The latest of the last year, of those that came after the first run; one run's interval is no lateness.
    """
    sql = (
        "SELECT max(julianday(substr(p.first_seen, 1, 10)) - julianday(p.date)) FROM page p WHERE p.source = :source "
        "AND p.role = 'notice' AND p.date IS NOT NULL AND julianday(p.first_seen) > julianday(:now) - 366 "
        "AND p.first_seen > (SELECT coalesce(min(finished), '9') FROM run WHERE source = :source) "
        "AND julianday(substr(p.first_seen, 1, 10)) - julianday(p.date) BETWEEN 0 AND :latest"
    )
    row = db.execute(sql, {"source": source, "now": now, "latest": LATEST}).fetchone()
    return max(0.0, float(row[0] or 0) - every - 1)


def sweeps_of(db: sqlite3.Connection, source: str, list_url: str, *, before: int) -> Sequence[tuple[ListSweep, str]]:
    """How runs of a source before this one read a list, newest first, each with the time its run ended."""
    rows = db.execute(
        f"SELECT {columns('s')}, r.finished FROM sweep s JOIN run r ON r.id = s.run "
        "WHERE r.source = ? AND s.url = ? AND s.run < ? AND r.finished IS NOT NULL "
        "ORDER BY r.started DESC, s.run DESC LIMIT 400",  # ids of merged runs are not in order of time
        [source, list_url, before],
    ).fetchall()
    return [(ListSweep(*row[:-1]), str(row[-1])) for row in rows]


_LINK = "p.fetch_url, p.title, p.date"


def _links(rows: Iterable[Sequence[str | None]]) -> list[Link]:
    return [Link(str(url), "notice", title, date) for url, title, date in rows]
