"""Merging another archive into this one: several machines crawl, one archive results.

Evidence is united (pages by URL, runs by their key, captures by page, time and digest; their WARC records are copied
byte for byte), then the history is told again from all of it. So merging twice adds nothing, and any order of merging
gives the same documents, versions, appearances and runs.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from archive import attachments, indexing, lookup, rereads, retelling, sweeps, takedown, twins
from archive.answers import CaptureRow
from archive.errors import ArchiveError
from archive.frontier import READ, UNASKED
from archive.segments import Segments, members
from archive.store import Archive
from archive.verify import verify_all
from archive.warc import decode


@dataclass
class Merged:
    """How much came in that was not here before."""

    pages: int = 0
    runs: int = 0
    captures: int = 0
    documents: int = 0


@dataclass
class _Ids:
    """Ids of the other archive, and what they are here."""

    pages: dict[int, int] = field(default_factory=dict)
    runs: dict[int, int] = field(default_factory=dict)
    captures: dict[int, int] = field(default_factory=dict)
    texts: dict[int, int] = field(default_factory=dict)


def merge(archive: Archive, path: Path) -> Merged:
    """Take over everything `path` holds that this archive lacks. The other archive is only read, and must be sound."""
    if path.resolve() == archive.path.resolve():
        raise ArchiveError(f"{path}: is this archive itself; name another one")
    with Archive(path) as other:
        damage = verify_all(other.db.conn, other.segments)
        if not damage.ok:
            raise ArchiveError(f"{path}: damaged, nothing was merged: {damage.problems[0]}")
        with archive.batch(), archive.transaction():
            merged = _merge(archive, other)
    archive.catch_up()
    takedown.scrub_withdrawn(archive, again=True)
    return merged


def _merge(archive: Archive, other: Archive) -> Merged:
    db, theirs = archive.db.conn, other.db.conn
    before = db.execute("SELECT count(*) FROM document").fetchone()[0]
    ids, merged = _Ids(), Merged()
    reread = rereads.merge(db, theirs)
    retelling.begin(db)
    _runs(db, theirs, ids, merged)
    _pages(db, theirs, ids, merged)
    _texts(db, theirs, ids)
    _captures(archive, other, ids, merged)
    _visits(db, theirs, ids)
    sweeps.merge(db, theirs, ids.runs, ids.pages)
    retelling.add(
        db,
        theirs,
        shift=1 + int(db.execute("SELECT coalesce(max(id), 0) FROM temp.span").fetchone()[0]),
        page=ids.pages.get,  # type: ignore[arg-type]  # pages are never NULL
        capture=lambda id: None if id is None else ids.captures[id],
        text=lambda id: None if id is None else ids.texts[id],
        run=lambda id: None if id is None else ids.runs[id],
        reread=reread.get,  # type: ignore[arg-type]  # rereads are never NULL
    )
    retelling.tell(db)
    _takedowns(db, theirs)
    sql = "INSERT OR IGNORE INTO explained (number, at, note) VALUES (?, ?, ?)"
    db.executemany(sql, theirs.execute("SELECT number, at, note FROM explained").fetchall())
    twins.merge(db, theirs)
    attachments.merge(db, theirs)
    attachments.drop_unused_texts(db)
    indexing.mark_all(db)
    merged.documents = db.execute("SELECT count(*) FROM document").fetchone()[0] - before
    return merged


def _runs(db: sqlite3.Connection, theirs: sqlite3.Connection, ids: _Ids, merged: Merged) -> None:
    """Runs by key; of one run known to both, the one that finished, or finished later, tells how it ended."""
    rows = theirs.execute("SELECT id, key, source, started, finished, verdict, requests, evidence FROM run ORDER BY id")
    for id, *told in rows.fetchall():
        new = db.execute("SELECT 1 FROM run WHERE key = ?", [told[0]]).fetchone() is None
        merged.runs += new
        row = db.execute(_RUN, told).fetchone()
        if row is None:
            row = db.execute("SELECT id FROM run WHERE key = ?", [told[0]]).fetchone()
        ids.runs[id] = int(row[0])


_RUN = """
INSERT INTO run (key, source, started, finished, verdict, requests, evidence) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET finished = excluded.finished, verdict = excluded.verdict,
  requests = excluded.requests, evidence = excluded.evidence
  WHERE coalesce(excluded.finished, '') || coalesce(excluded.verdict, '')
    > coalesce(finished, '') || coalesce(verdict, '')
RETURNING id
"""
_LAST_END = "(SELECT max(at) FROM visit WHERE page = page.id AND state NOT IN ('pending', 'interrupted', 'known'))"
_PAGE = ("fetch_url", "role", "state", "reason", "title", "date", "gone", "gone_reason")


def _pages(db: sqlite3.Connection, theirs: sqlite3.Connection, ids: _Ids, merged: Merged) -> None:
    """Pages by URL: the archive that saw the page end later tells its state; it belongs to whoever met it first."""
    fields = ", ".join(_PAGE)
    sql = f"SELECT id, url, key, source, first_seen, last_seen, coalesce({_LAST_END}, ''), {fields} FROM page"
    ours = {row[1]: row for row in db.execute(sql).fetchall()}
    for row in theirs.execute(sql).fetchall():
        id, url, key, source, first, last, ended, *told = row
        mine = ours.get(url)
        if mine is None:
            values = [url, key, source, first, last, *told]
            marks = ", ".join("?" * len(values))
            add = f"INSERT INTO page (url, key, source, first_seen, last_seen, {fields}) VALUES ({marks}) RETURNING id"
            ids.pages[id] = int(db.execute(add, values).fetchone()[0])
            merged.pages += 1
            continue
        ids.pages[id] = int(mine[0])
        first, source = min((first, source), (mine[4], mine[3]))
        told = list(max((ended, told), (mine[6], list(mine[7:])), key=_comparable)[1])
        change = f"UPDATE page SET source = ?, first_seen = ?, last_seen = ?, {' = ?, '.join(_PAGE)} = ? WHERE id = ?"
        db.execute(change, [source, first, max(last, mine[5]), *told, mine[0]])


def _comparable(told: tuple[str, list[str | None]]) -> tuple[str, list[str]]:
    return told[0], [value or "" for value in told[1]]


def _texts(db: sqlite3.Connection, theirs: sqlite3.Connection, ids: _Ids) -> None:
    for id, digest, body in theirs.execute("SELECT id, sha256, body FROM text"):
        db.execute("INSERT OR IGNORE INTO text (sha256, body) VALUES (?, ?)", [digest, body])
        ids.texts[id] = int(db.execute("SELECT id FROM text WHERE sha256 = ?", [digest]).fetchone()[0])


def _captures(archive: Archive, other: Archive, ids: _Ids, merged: Merged) -> None:
    """Captures by page, time and digest, with the request that belongs to each; originals before what revisits them."""
    db = archive.db.conn
    requests = _requests(other)
    rows = other.db.conn.execute("SELECT id, page, content_sha256 FROM capture ORDER BY revisit_of IS NOT NULL, id")
    for id, page, content in rows.fetchall():
        row = lookup.capture(other.db.conn, id)
        if row is None:
            raise ArchiveError(f"{other.path}: capture {id} has no segment; run: gongbao doctor --archive {other.path}")
        place = ids.pages[page]
        same = "SELECT id FROM capture WHERE page = ? AND fetched = ? AND sha256 = ? AND status = ? ORDER BY id LIMIT 1"
        held = db.execute(same, [place, row.fetched, row.sha256, row.status]).fetchone()
        if held is None:
            ids.captures[id] = _copy(archive, other, row, place, content, ids, requests)
            merged.captures += 1
        else:
            ids.captures[id] = int(held[0])


def _copy(
    archive: Archive,
    other: Archive,
    row: CaptureRow,
    page: int,
    content: str | None,
    ids: _Ids,
    requests: dict[tuple[str, int], bytes],
) -> int:
    blob = other.segments.read(row.segment, row.offset, row.length)
    name, offset, length = archive.segments.append(requests.get((row.segment, row.offset), b""), blob)
    db = archive.db.conn
    segment = db.execute(
        "INSERT INTO segment (name, committed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
        "committed = max(committed, excluded.committed) RETURNING id",
        [name, offset + length],
    ).fetchone()[0]
    run = None if row.run is None else ids.runs[row.run]
    original = None if row.revisit_of is None else ids.captures[row.revisit_of]
    values = [page, run, row.url, row.fetched, row.status, segment, offset, length, row.sha256, content, row.size]
    copied = db.execute(
        "INSERT INTO capture (page, run, url, fetched, status, segment, offset, length, sha256, content_sha256, size, "
        f"revisit_of, withdrawn) VALUES ({', '.join('?' * 13)}) RETURNING id",
        [*values, original, row.withdrawn],
    ).fetchone()
    return int(copied[0])


def _requests(other: Archive) -> dict[tuple[str, int], bytes]:
    """The request record that stands directly before a response, by the place of the response."""
    found: dict[tuple[str, int], bytes] = {}
    segments: Segments = other.segments
    end: dict[str, int] = {}
    for row in lookup.every_capture(other.db.conn):
        start = end.get(row.segment, 0)
        gap = list(members(segments.folder / row.segment, start, row.offset)) if start < row.offset else []
        last = gap[-1] if gap else None
        if last is not None:
            blob = segments.read(row.segment, *last)
            if decode(blob).type == "request":
                found[row.segment, row.offset] = blob
        end[row.segment] = row.offset + row.length
    return found


def _visits(db: sqlite3.Connection, theirs: sqlite3.Connection, ids: _Ids) -> None:
    """Visits by run and page; of two ends of one URL in one run the one that says more stands."""
    insert = "INSERT OR REPLACE INTO visit (run, page, state, reason, capture, at) VALUES (?, ?, ?, ?, ?, ?)"
    rows = theirs.execute("SELECT run, page, state, reason, capture, at FROM visit")
    for run, page, state, reason, capture, at in rows.fetchall():
        place = [ids.runs[run], ids.pages[page]]
        mine = db.execute("SELECT state, at, reason FROM visit WHERE run = ? AND page = ?", place).fetchone()
        if mine is None or _weight(state, at, reason) > _weight(*mine):
            db.execute(insert, [*place, state, reason, None if capture is None else ids.captures[capture], at])


def _weight(state: str, at: str, reason: str | None) -> tuple[int, str, str, str]:
    return (2 if state in READ else 0 if state in UNASKED else 1, at, state, reason or "")


def _takedowns(db: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    """The audit trails united; the last word on each document counts, and what is withdrawn stays so."""
    sql = "SELECT document, at, action, reason FROM takedown"
    trail = sorted({*db.execute(sql).fetchall(), *theirs.execute(sql).fetchall()}, key=lambda step: (step[1], *step))
    db.execute("DELETE FROM takedown")
    db.executemany("INSERT INTO takedown (document, at, action, reason) VALUES (?, ?, ?, ?)", trail)
    for id, _, action, _ in trail:
        document = lookup.find(db, id)
        hidden = {"hide": takedown.HIDDEN, "withdraw": takedown.WITHDRAWN}.get(action)
        db.execute(
            "UPDATE document SET hidden = ? WHERE id = ? AND hidden IS NOT ?", [hidden, document, takedown.WITHDRAWN]
        )
