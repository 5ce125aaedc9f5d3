"""Telling the history of an archive again: documents and versions follow from what was read of which page when.

The tables `document` and `version` are derived. Sorted by time, every reading goes through the same rules as when it
was saved (works.py); so whatever order archives are merged in, the same readings give the same documents. A better
reading that a reread accepted is told when it was accepted, though it is dated by its bytes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from archive import holdings, works
from archive.records import COLUMNS, from_row

_FIELDS = ("content", "match", "text", *COLUMNS, "rest")
_LIST = ", ".join(_FIELDS)

# A reading: span (what was said), page, time; `run` when a visit tells it, `reread` with what it replaced (`before`)
# when a reread did. `told` is where it stands in the order of things, else its time.
_TABLES = (
    f"CREATE TEMP TABLE span (id INTEGER PRIMARY KEY, page, capture, {_LIST})",
    "CREATE TEMP TABLE event (page, at, span, capture, run, told, reread, before, better)",
)

_JUDGED = ", ".join(f"s.{name}" for name in holdings.JUDGED)

Mapping = Callable[[int | None], int | None]


def begin(db: sqlite3.Connection) -> None:
    """Set down every reading of this archive in temporary tables."""
    for table in ("span", "event"):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
    for statement in _TABLES:
        db.execute(statement)
    add(db, db, shift=0, page=_same, capture=_same, text=_same, run=_same, reread=_same)


def add(
    db: sqlite3.Connection,
    other: sqlite3.Connection,
    *,
    shift: int,
    page: Mapping,
    capture: Mapping,
    text: Mapping,
    run: Mapping,
    reread: Mapping,
) -> None:
    """Add the readings of another archive; its ids are translated, those of its versions by adding `shift`."""
    insert = f"INSERT INTO temp.span (id, page, capture, {_LIST}) VALUES ({', '.join('?' * (3 + len(_FIELDS)))})"
    for row in other.execute(f"SELECT id, page, capture, text, {_LIST} FROM version").fetchall():
        fields = dict(zip(_FIELDS, row[4:], strict=True)) | {"text": text(row[3])}
        values = [row[0] + shift, page(row[1]), capture(row[2]), *fields.values()]
        db.execute(insert, values)
    rows = other.execute(_EVENTS).fetchall()
    told = [(page(place), at, span + shift, capture(read), run(by), *more) for place, at, span, read, by, *more in rows]
    db.executemany("INSERT INTO temp.event (page, at, span, capture, run, told) VALUES (?, ?, ?, ?, ?, ?)", told)
    for place, at, span, read, when, id, before, better in other.execute(_REREAD).fetchall():
        if (by := reread(id)) is not None:
            values = [page(place), at, span + shift, capture(read), when, by, before, better]
            db.execute(_PUT_REREAD, values)


_EVENTS = (
    "SELECT s.page, s.at, s.version, coalesce(s.capture, v.capture), s.run, s.at "
    "FROM visit s JOIN version v ON v.id = s.version "
    "UNION SELECT page, first_seen, id, capture, NULL, first_seen FROM version "
    "WHERE id NOT IN (SELECT version FROM reread_version) "
    "UNION SELECT page, at, version, capture, NULL, at FROM reading"
)
# After whatever else happened in that second.
_REREAD = (
    "SELECT v.page, v.first_seen, v.id, v.capture, "
    "CASE v.cause WHEN 'reader' THEN r.at || ' ' || r.key ELSE v.first_seen END, r.id, m.before, v.cause = 'reader' "
    "FROM reread_version m JOIN version v ON v.id = m.version JOIN reread r ON r.id = m.reread"
)
_PUT_REREAD = (
    "INSERT INTO temp.event (page, at, span, capture, told, reread, before, better) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def tell(db: sqlite3.Connection) -> None:
    """Derive documents and versions from the readings set down; visits point to the new versions afterwards."""
    db.execute("PRAGMA defer_foreign_keys=ON")
    db.execute("UPDATE page SET document = NULL, version = NULL")
    db.execute("UPDATE visit SET version = NULL")
    for table in ("reading", "reread_version", "version", "document"):
        db.execute(f"DELETE FROM {table}")
    documents: set[int] = set()
    point = "UPDATE visit SET version = ? WHERE run = ? AND page = ? AND at = ?"
    for event in _ordered(db):
        placed = _retell(db, event)
        documents.update(placed.touched)
        if event.reread is not None and placed.touched:
            sql = "INSERT INTO reread_version (version, reread, before) VALUES (?, ?, ?)"
            db.execute(sql, [placed.version, event.reread, event.before])
        told = sum(db.execute(point, [placed.version, run, event.page, event.at]).rowcount for run in event.runs)
        if not told and event.reread is None:
            sql = "INSERT OR IGNORE INTO reading (page, at, version, capture) VALUES (?, ?, ?, ?)"
            db.execute(sql, [event.page, event.at, placed.version, event.capture])
    for document in sorted(documents):
        holdings.refresh(db, document)


@dataclass(slots=True)
class _Event:
    """A reading to be told, once, with the runs whose visits told it."""

    page: int
    at: str
    span: int
    capture: int | None
    reread: int | None
    before: str | None
    better: bool
    runs: list[int] = field(default_factory=list)


def _ordered(db: sqlite3.Connection) -> list[_Event]:
    """Each reading once, ordered by nothing but what was read and when.

    Two archives may hold one reading with other evidence; the one whose JSON sorts first is kept.
    """
    rows = db.execute(
        f"SELECT e.page, e.at, s.content, {_JUDGED}, e.told, e.reread, e.before, e.better, e.span, e.capture, e.run "
        "FROM temp.event e JOIN temp.span s ON s.id = e.span "
        "JOIN page p ON p.id = e.page LEFT JOIN capture c ON c.id = e.capture "
        f"ORDER BY e.told, e.at, p.url, s.content, {_JUDGED}, s.rest, c.sha256, c.fetched, e.span"
    ).fetchall()
    events: dict[tuple[Any, ...], _Event] = {}
    for *reading, reread, before, better, span, capture, run in rows:
        key = (*reading, reread)
        if key not in events:
            events[key] = _Event(int(key[0]), str(key[1]), int(span), capture, reread, before, bool(better))
        events[key].runs.extend([] if run is None else [int(run)])
    return list(events.values())


def _retell(db: sqlite3.Connection, event: _Event) -> works.Placed:
    cursor = db.execute(
        "SELECT s.*, p.fetch_url, t.body FROM temp.span s JOIN page p ON p.id = s.page "
        "LEFT JOIN text t ON t.id = s.text WHERE s.id = ?",
        [event.span],
    )
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    record = from_row(row, row["fetch_url"], row["body"])
    reading = works.Reading(record, row["content"], row["match"], event.capture, event.at)
    return (works.read_again if event.better else works.place)(db, event.page, reading)


def _same(id: int | None) -> int | None:
    return id
