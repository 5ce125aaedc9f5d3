"""What one save commits: page, capture, reading, ledger and outlinks of one visit, inside the caller's transaction."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping

from archive import attachments, frontier, holdings, indexing, ledger, works
from archive.answers import Outcome
from archive.model import CorruptError, Link, State, Stored, Visit
from archive.records import unicode_only

# (segment, offset) of a revisit record -> the capture row that holds its payload.
Revisits = Mapping[tuple[str, int], int]


def save(db: sqlite3.Connection, run: int, visit: Visit, revisits: Revisits, now: str) -> Outcome:
    """Write one visit and tell what it came to; `now` dates a visit that has no capture."""
    at = visit.stored.capture.fetched if visit.stored else now
    source = ledger.source_of(db, run)
    page = frontier.page_of(db, Link(visit.url, visit.role), source, at)
    capture = None if visit.stored is None else save_capture(db, run, page, visit.stored, revisits)
    state, version, touched = _read(db, page, visit, capture, at)
    for document in touched:
        holdings.refresh(db, document)
    indexing.mark(db, touched)
    reason = None if visit.reason is None else unicode_only(visit.reason)
    if visit.record is not None and state == "skipped":
        reason = "withdrawn from the archive: text and bytes are not kept"
    standing = frontier.end(db, run, page, frontier.End(state, reason, capture, version, at))
    if standing == state:
        frontier.remember(db, page, visit.role, state, reason, at)
    fresh = frontier.meet(db, run, source, visit.links, at)
    row = db.execute("SELECT d.key FROM page p JOIN document d ON d.id = p.document WHERE p.id = ?", [page]).fetchone()
    return Outcome(standing, None if row is None else str(row[0]), tuple(fresh))


def save_capture(db: sqlite3.Connection, run: int | None, page: int, stored: Stored, revisits: Revisits) -> int:
    """The row of a stored response; the segment counts as committed up to the end of its record."""
    capture, place = stored.capture, (stored.segment, stored.offset)
    segment = db.execute(
        "INSERT INTO segment (name, committed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
        "committed = max(committed, excluded.committed) RETURNING id",
        [stored.segment, stored.offset + stored.length],
    ).fetchone()[0]
    row = {
        "page": page,
        "run": run,
        "url": capture.url,
        "fetched": capture.fetched,
        "status": capture.status,
        "segment": segment,
        "offset": stored.offset,
        "length": stored.length,
        "sha256": stored.sha256,
        "content_sha256": _content_sha256(stored),
        "size": len(capture.body),
        "revisit_of": revisits.get(place),
    }
    # A redirect saved as the end of two URLs names one stored response twice, and so does reading it again: one row,
    # of the run that fetched it.
    sql = (
        f"INSERT INTO capture ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) "
        "ON CONFLICT (segment, offset) DO UPDATE SET run = coalesce(run, excluded.run) RETURNING id"
    )
    return int(db.execute(sql, list(row.values())).fetchone()[0])


def _content_sha256(stored: Stored) -> str | None:
    try:
        return hashlib.sha256(stored.capture.content()).hexdigest()
    except CorruptError:  # the bytes stay; only their decoded digest is unknown
        return None


def _read(
    db: sqlite3.Connection, page: int, visit: Visit, capture: int | None, at: str
) -> tuple[State, int | None, tuple[int, ...]]:
    """The state of a visit, the version it saw, and the documents it touched."""
    if visit.record is not None and visit.state is None:
        placed = works.place(db, page, works.Reading.of(visit.record, capture, at))
        state: State = "skipped" if _withdrawn(db, placed.document) else placed.state
        if visit.extract is not None and capture is not None:
            given, others = _file(db, page, visit, capture)
            state = "changed" if (given, state) == ("changed", "unchanged") else state
            return state, placed.version, tuple({*placed.touched, *others})
        return state, placed.version, placed.touched
    if visit.extract is not None and visit.state is None and capture is not None:
        state, touched = _file(db, page, visit, capture)
        return state, None, touched
    if visit.state is None or visit.state == "pending":
        raise ValueError(f"{visit.url}: a visit needs a record or an end state, found neither")
    if visit.state == "unchanged":  # the server says so (304): nothing new to read
        return visit.state, works.seen_again(db, page, at), ()
    return visit.state, None, ()


def _file(db: sqlite3.Connection, page: int, visit: Visit, capture: int) -> tuple[State, tuple[int, ...]]:
    if visit.stored is None or visit.extract is None:
        raise ValueError(f"{visit.url}: a file needs the capture it was read from")
    return attachments.place(db, page, capture, len(visit.stored.capture.content()), visit.extract)


def _withdrawn(db: sqlite3.Connection, document: int) -> bool:
    row = db.execute("SELECT hidden FROM document WHERE id = ?", [document]).fetchone()
    return bool(row[0] == "tombstone")
