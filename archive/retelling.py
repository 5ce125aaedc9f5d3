"""Telling the history of an archive again: documents and versions follow from what was read of which page when.

The tables `document` and `version` are derived. Sorted by time, every reading goes through the same rules as when it
was saved (works.py); so whatever order archives are merged in, the same readings give the same documents.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from archive import holdings, works
from archive.records import COLUMNS, from_row

_FIELDS = ("content", "match", "text", *COLUMNS, "rest")
_LIST = ", ".join(_FIELDS)

# A reading: span (what was said), page, time; `run` when a visit tells it.
_TABLES = (
    f"CREATE TEMP TABLE span (id INTEGER PRIMARY KEY, page, capture, {_LIST})",
    "CREATE TEMP TABLE event (page, at, span, capture, run)",
)

_JUDGED = ", ".join(f"s.{name}" for name in holdings.JUDGED)

Mapping = Callable[[int | None], int | None]


def begin(db: sqlite3.Connection) -> None:
    """Set down every reading of this archive in temporary tables."""
    for table in ("span", "event"):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
    for statement in _TABLES:
        db.execute(statement)
    add(db, db, shift=0, page=_same, capture=_same, text=_same, run=_same)


def add(
    db: sqlite3.Connection,
    other: sqlite3.Connection,
    *,
    shift: int,
    page: Mapping,
    capture: Mapping,
    text: Mapping,
    run: Mapping,
) -> None:
    """Add the readings of another archive; its ids are translated, those of its versions by adding `shift`."""
    insert = f"INSERT INTO temp.span (id, page, capture, {_LIST}) VALUES ({', '.join('?' * (3 + len(_FIELDS)))})"
    for row in other.execute(f"SELECT id, page, capture, text, {_LIST} FROM version").fetchall():
        fields = dict(zip(_FIELDS, row[4:], strict=True)) | {"text": text(row[3])}
        values = [row[0] + shift, page(row[1]), capture(row[2]), *fields.values()]
        db.execute(insert, values)
    rows = other.execute(_EVENTS).fetchall()
    told = [(page(place), at, span + shift, capture(read), run(by)) for place, at, span, read, by in rows]
    db.executemany("INSERT INTO temp.event (page, at, span, capture, run) VALUES (?, ?, ?, ?, ?)", told)


_EVENTS = (
    "SELECT s.page, s.at, s.version, coalesce(s.capture, v.capture), s.run "
    "FROM visit s JOIN version v ON v.id = s.version "
    "UNION SELECT page, first_seen, id, capture, NULL FROM version "
    "UNION SELECT page, at, version, capture, NULL FROM reading"
)


def tell(db: sqlite3.Connection) -> None:
    """Derive documents and versions from the readings set down; visits point to the new versions afterwards."""
    db.execute("PRAGMA defer_foreign_keys=ON")
    db.execute("UPDATE page SET document = NULL, version = NULL")
    db.execute("UPDATE visit SET version = NULL")
    for table in ("reading", "version", "document"):
        db.execute(f"DELETE FROM {table}")
    documents: set[int] = set()
    point = "UPDATE visit SET version = ? WHERE run = ? AND page = ? AND at = ?"
    for page, at, span, capture, runs in _ordered(db):
        placed = _retell(db, page, at, span, capture)
        documents.update(placed.touched)
        told = sum(db.execute(point, [placed.version, run, page, at]).rowcount for run in runs)
        if not told:
            sql = "INSERT OR IGNORE INTO reading (page, at, version, capture) VALUES (?, ?, ?, ?)"
            db.execute(sql, [page, at, placed.version, capture])
    for document in sorted(documents):
        holdings.refresh(db, document)


def _ordered(db: sqlite3.Connection) -> list[tuple[int, str, int, int | None, list[int]]]:
    """(page, time, span, capture, runs whose visits tell it), each reading once, ordered by nothing but what was read.

    Two archives may hold one reading with other evidence; the one whose JSON sorts first is kept.
    """
    rows = db.execute(
        f"SELECT e.page, e.at, s.content, {_JUDGED}, e.span, e.capture, e.run "
        "FROM temp.event e JOIN temp.span s ON s.id = e.span "
        "JOIN page p ON p.id = e.page LEFT JOIN capture c ON c.id = e.capture "
        f"ORDER BY e.at, p.url, s.content, {_JUDGED}, s.rest, c.sha256, c.fetched, e.span"
    ).fetchall()
    first: dict[tuple[Any, ...], tuple[int, int | None]] = {}
    runs: dict[tuple[Any, ...], list[int]] = {}
    for *reading, span, capture, run in rows:
        key = tuple(reading)
        first.setdefault(key, (int(span), capture))
        runs.setdefault(key, []).extend([] if run is None else [int(run)])
    return [(int(key[0]), str(key[1]), span, capture, runs[key]) for key, (span, capture) in first.items()]


def _retell(db: sqlite3.Connection, page: int, at: str, span: int, capture: int | None) -> works.Placed:
    cursor = db.execute(
        "SELECT s.*, p.fetch_url, t.body FROM temp.span s JOIN page p ON p.id = s.page "
        "LEFT JOIN text t ON t.id = s.text WHERE s.id = ?",
        [span],
    )
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    record = from_row(row, row["fetch_url"], row["body"])
    reading = works.Reading(record, row["content"], row["match"], capture, at)
    return works.place(db, page, reading)


def _same(id: int | None) -> int | None:
    return id
