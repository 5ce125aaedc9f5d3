"""Rereads: what newer code made of stored bytes, accepted as one named change that can be rolled back.

A better reading of bytes that were read before becomes a version of cause `reader`: it never counts as an edit. Bytes
in which nothing was read before become what a crawl would have made of them, as of the day they were fetched. What a
reread added is listed in `reread_version` with what it replaced, so that rolling it back needs no bytes and no reader.
The ledger of the runs stays as the runs wrote it. Longer than a module should be, because what accepts and what takes
back must be read together.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive import frontier, holdings, indexing, refiles, takedown, works
from archive.clock import now
from archive.errors import NotHeldError
from archive.model import Extract, Record
from archive.retracting import retract
from archive.twins import page_url

if TYPE_CHECKING:
    from archive.store import Archive  # whose schema has these tables

SCHEMA = """
CREATE TABLE reread ( -- stored bytes read again by newer code, and accepted
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE, -- the same reread in every archive it is merged into
  at TEXT NOT NULL,
  code TEXT NOT NULL, -- version and digest of the code that read
  source TEXT, -- NULL is all of them
  since TEXT, -- NULL is whatever was fetched
  reached INTEGER NOT NULL DEFAULT 0, -- row of the last page that was read and committed
  finished TEXT, -- NULL while pages are left
  rolled_back TEXT,
  counts TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE reread_version ( -- the versions a reread added, and what to put back when it is rolled back
  version INTEGER PRIMARY KEY REFERENCES version(id),
  reread INTEGER NOT NULL REFERENCES reread(id),
  before TEXT NOT NULL -- JSON: state of the page, owner of the document
);
CREATE INDEX reread_version_reread ON reread_version(reread);
"""
_COLUMNS = ("id", "key", "at", "code", "source", "since", "reached", "finished", "rolled_back", "counts")


@dataclass(frozen=True, slots=True)
class Reread:
    """One accepted reread. `counts`: pages by what became of them; `finished` is None while pages are left."""

    id: int
    key: str
    at: str
    code: str
    source: str | None
    since: str | None
    reached: int
    finished: str | None
    rolled_back: str | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Better:
    """A stored answer that newer code reads as `record`; `known` when it had been read before, only otherwise."""

    page: int
    capture: int
    fetched: str
    record: Record
    known: bool


def schema(db: sqlite3.Connection) -> None:
    """Make the tables."""
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            db.execute(statement)


def rereads(archive: Archive) -> list[Reread]:
    """Every reread, newest first."""
    rows = archive.db.conn.execute(f"SELECT {', '.join(_COLUMNS)} FROM reread ORDER BY id DESC").fetchall()
    return [Reread(**(dict(zip(_COLUMNS, row, strict=True)) | {"counts": json.loads(row[-1])})) for row in rows]


def reread(archive: Archive, id: int) -> Reread:
    """One reread; raises NotHeldError when there is none of that id."""
    found = next((one for one in rereads(archive) if one.id == id), None)
    if found is None:
        raise NotHeldError(f"{archive.path}: no reread {id}; see: scrapy reread --list")
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What a page said for a while, and by whose doing: `publisher`, or `reader` with the reread that was accepted."""

    version: int
    id: str
    first_seen: str
    last_seen: str
    cause: str
    reread: int | None


def said(archive: Archive, url: str) -> list[Said]:
    """What a page said, oldest first; nothing of documents that are hidden."""
    rows = archive.db.conn.execute(
        "SELECT v.id, d.key, v.first_seen, v.last_seen, v.cause, m.reread FROM version v "
        "JOIN page p ON p.id = v.page JOIN document d ON d.id = v.document "
        "LEFT JOIN reread_version m ON m.version = v.id "
        "WHERE p.url = ? AND d.hidden IS NULL ORDER BY v.first_seen, v.id",
        [page_url(archive.db.conn, url)],
    ).fetchall()
    return [Said(*row) for row in rows]


def begin(archive: Archive, code: str, source: str | None, since: str | None) -> Reread:
    """Open a reread, or go on with one that was interrupted, if the same code was asked for the same."""
    open_one = next(
        (
            one
            for one in rereads(archive)
            if one.finished is None
            and one.rolled_back is None
            and (one.code, one.source, one.since) == (code, source, since)
        ),
        None,
    )
    if open_one is not None:
        return open_one
    at = now()
    with archive.transaction():
        row = archive.db.conn.execute(
            "INSERT INTO reread (key, at, code, source, since) VALUES (?, ?, ?, ?, ?) RETURNING id",
            [f"{at} {secrets.token_hex(6)}", at, code, source, since],
        ).fetchone()
    return reread(archive, int(row[0]))


def accept(
    archive: Archive,
    id: int,
    readings: Iterable[Better],
    *,
    reached: int,
    seen: Counter[str] | None = None,
    files: Iterable[tuple[refiles.Filed, Extract]] = (),
) -> Counter[str]:
    """Commit a batch of readings, and that all pages up to row `reached` are done; either both or neither.

    `seen` counts what else became of pages. Gives how many readings were `better`, `found`, or `left` for the next
    crawl because they would make two documents one.
    """
    db, done = archive.db.conn, Counter[str](seen or {})
    with archive.transaction():
        for one in readings:
            done[_accept(db, id, one)] += 1
        done["file_better"] += refiles.accept(db, id, files)
        before = Counter(json.loads(db.execute("SELECT counts FROM reread WHERE id = ?", [id]).fetchone()[0]))
        counts = json.dumps(+(before + done), sort_keys=True)
        db.execute("UPDATE reread SET reached = ?, counts = ? WHERE id = ?", [reached, counts, id])
    takedown.scrub_withdrawn(archive)
    archive.catch_up()
    return +done


def finish(archive: Archive, id: int) -> Reread:
    """Say that every page was read."""
    with archive.transaction():
        archive.db.conn.execute("UPDATE reread SET finished = ? WHERE id = ?", [now(), id])
    archive.catch_up()
    return reread(archive, id)


def roll_back(archive: Archive, id: int) -> Counter[str]:
    """Take out what a reread put in, in one transaction; gives how many were `taken_out` and `kept`.

    Kept are readings that a later crawl made too, as of that crawl, and those of documents hidden since.
    """
    db = archive.db.conn
    found = reread(archive, id)
    if found.rolled_back is not None:
        raise NotHeldError(f"reread {id} was rolled back already, {found.rolled_back}")
    with archive.transaction():
        done = undo(db, id)
    archive.catch_up()
    return done


def undo(db: sqlite3.Connection, id: int) -> Counter[str]:
    """`roll_back` inside the caller's transaction."""
    db.execute("PRAGMA defer_foreign_keys=ON")  # a document shows the version that goes until the one before is back
    above = db.execute(
        "SELECT min(l.reread) FROM reread_version m JOIN version v ON v.id = m.version "
        "JOIN version w ON w.page = v.page JOIN reread_version l ON l.version = w.id AND l.version > m.version "
        "WHERE m.reread = ? AND l.reread != m.reread",
        [id],
    ).fetchone()[0]
    above = above or refiles.above(db, id)
    if above is not None:
        raise NotHeldError(f"reread {above} rests on reread {id}: roll back {above} first")
    rows = db.execute(
        "SELECT m.version, m.before, r.at FROM reread_version m JOIN reread r ON r.id = m.reread "
        "WHERE m.reread = ? ORDER BY m.version DESC",
        [id],
    ).fetchall()
    done = Counter(retract(db, version, json.loads(before), at) for version, before, at in rows)
    done["taken_out"] += refiles.undo(db, id)
    db.execute("DELETE FROM reread_version WHERE reread = ?", [id])
    db.execute("UPDATE reread SET rolled_back = ? WHERE id = ?", [now(), id])
    return +done


def merge(db: sqlite3.Connection, theirs: sqlite3.Connection) -> dict[int, int | None]:
    """Take over the rereads of another archive, before the history is told; gives their ids here, by those there.

    One that was rolled back in either is rolled back in both, and has no id: its versions are not taken over.
    """
    names = ("key", "at", "code", "source", "since", "finished", "rolled_back", "counts")
    ids: dict[int, int | None] = {}
    for id, *told in theirs.execute(f"SELECT id, {', '.join(names)} FROM reread ORDER BY id").fetchall():
        row = dict(zip(names, told, strict=True))
        mine = db.execute("SELECT id, rolled_back FROM reread WHERE key = ?", [row["key"]]).fetchone()
        if mine is None:
            # Its place in the other archive's pages means nothing here: what it left, another reread reads.
            row["finished"] = row["finished"] or row["at"]
            marks = ", ".join("?" * len(names))
            sql = f"INSERT INTO reread ({', '.join(names)}) VALUES ({marks}) RETURNING id, rolled_back"
            mine = db.execute(sql, list(row.values())).fetchone()
        elif row["rolled_back"] is not None and mine[1] is None:
            undo(db, mine[0])
            mine = (mine[0], row["rolled_back"])
        ids[int(id)] = int(mine[0]) if mine[1] is None else None
    return ids


def _accept(db: sqlite3.Connection, id: int, one: Better) -> str:
    reading = works.Reading.of(one.record, one.capture, one.fetched)
    before = _page(db, one.page)
    twin = None if one.known else holdings.holder(db, reading.match)
    owner = None if twin is None else _owner(db, twin)
    db.execute("SAVEPOINT reading")
    placed = works.read_again(db, one.page, reading) if one.known else works.place(db, one.page, reading)
    absorbs = any(_hidden(db, document) is _ABSORBED for document in placed.touched)
    if absorbs or not placed.touched:
        db.execute("ROLLBACK TO reading")
    db.execute("RELEASE reading")
    if absorbs or not placed.touched:
        return "left" if absorbs else "same"
    if twin is not None and _owner(db, twin) != owner:
        before["owner"] = owner
    told = json.dumps(before, ensure_ascii=False, sort_keys=True)
    db.execute("INSERT INTO reread_version (version, reread, before) VALUES (?, ?, ?)", [placed.version, id, told])
    for document in placed.touched:
        holdings.refresh(db, document)
    indexing.mark(db, placed.touched)
    if not one.known and _last_answer(db, one.page) == one.capture:
        # As saving.py ends a visit of it.
        if _hidden(db, placed.document) == takedown.WITHDRAWN:
            frontier.remember(db, one.page, "notice", "skipped", _WITHDRAWN, one.fetched)
        else:
            frontier.remember(db, one.page, "notice", placed.state, None, one.fetched)
    return "better" if one.known else "found"


_ABSORBED = object()
_WITHDRAWN = "withdrawn from the archive: text and bytes are not kept"


def _hidden(db: sqlite3.Connection, document: int) -> object:
    row = db.execute("SELECT hidden FROM document WHERE id = ?", [document]).fetchone()
    return _ABSORBED if row is None else row[0]


def _page(db: sqlite3.Connection, page: int) -> dict[str, object]:
    names = ("state", "reason", "gone", "gone_reason", "last_seen")
    row = db.execute(f"SELECT {', '.join(names)} FROM page WHERE id = ?", [page]).fetchone()
    return dict(zip(names, row, strict=True))


def _owner(db: sqlite3.Connection, document: int) -> str:
    """The URL of a document's main copy: what the row is called in every archive."""
    sql = "SELECT p.url FROM document d JOIN page p ON p.id = d.owner WHERE d.id = ?"
    return str(db.execute(sql, [document]).fetchone()[0])


def _last_answer(db: sqlite3.Connection, page: int) -> int | None:
    """The capture of the page's last end that was one."""
    sql = "SELECT capture FROM visit WHERE page = ? AND state NOT IN ('pending', 'interrupted', 'known')"
    row = db.execute(f"{sql} ORDER BY run DESC LIMIT 1", [page]).fetchone()
    return None if row is None else row[0]
