"""Takedown of what must not be seen any more (《个人信息保护法》 art. 27): hidden at once, or withdrawn for good.

Hidden: nowhere in search, show, export, the views, the web, the next backup; everything is still there and can be shown
again. Withdrawn: text and raw bytes are unreadable, while digests, dates and URLs stay, so that the archive can still
prove what it once held. Every step is recorded with its reason in the table `takedown`.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import struct
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.warcwriter import WARCWriter

from archive import attachments, indexing, lookup
from archive.clock import now
from archive.errors import ArchiveError, NotHeldError
from archive.records import COLUMNS

if TYPE_CHECKING:
    from archive.store import Archive  # which calls this module in its turn

HIDDEN, WITHDRAWN = "pending", "tombstone"
_KEPT = frozenset({"integrity", "report_year", "division", "site_id"})  # columns that say nothing about a person


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the audit trail."""

    document: str
    at: str
    action: str
    reason: str


def hide(archive: Archive, id: str, reason: str) -> None:
    """Take a document out of sight at once, everywhere, reversibly."""
    document = _find(archive, id)
    with archive.transaction():
        db = archive.db.conn
        if _hidden(db, document) == WITHDRAWN:
            raise ArchiveError(f"{id}: is withdrawn already, which cannot be undone")
        _set(db, document, HIDDEN)
        _note(db, id, "hide", reason)
    archive.catch_up()


def show_again(archive: Archive, id: str, reason: str) -> None:
    """Undo `hide`."""
    document = _find(archive, id)
    with archive.transaction():
        db = archive.db.conn
        if _hidden(db, document) != HIDDEN:
            raise ArchiveError(f"{id}: is not hidden, or withdrawn for good; see: gongbao takedown --list")
        _set(db, document, None)
        _note(db, id, "show", reason)
    archive.catch_up()


def withdraw(archive: Archive, id: str, reason: str) -> None:
    """Make text and raw bytes of a document unreadable, for good; its digests and metadata stay."""
    document = _find(archive, id)
    with archive.transaction():
        _set(archive.db.conn, document, WITHDRAWN)
        _note(archive.db.conn, id, "withdraw", reason)
    archive.catch_up()
    _scrub(archive, document)


def withdraw_hidden(archive: Archive) -> None:
    """Withdraw what is hidden, in a copy that leaves the house."""
    rows = archive.db.conn.execute("SELECT id, key FROM document WHERE hidden = ?", [HIDDEN]).fetchall()
    for document, key in rows:
        with archive.transaction():
            _set(archive.db.conn, document, WITHDRAWN)
            _note(archive.db.conn, key, "withdraw", "hidden when the backup was made")
        archive.catch_up()
        _scrub(archive, document)


def scrub_withdrawn(archive: Archive, *, again: bool = False) -> int:
    """Withdraw what a crawl fetched of withdrawn documents once more (`again`: all of them); give how many."""
    rows = archive.db.conn.execute(
        "SELECT DISTINCT d.id FROM document d LEFT JOIN page p ON p.document = d.id "
        "LEFT JOIN capture c ON c.page = p.id "
        "WHERE d.hidden = ? AND (? OR (c.id IS NOT NULL AND c.withdrawn IS NULL))",
        [WITHDRAWN, again],
    ).fetchall()
    for (document,) in rows:
        _scrub(archive, int(document))
    if files := attachments.withdrawn_again(archive.db.conn):
        _scrub_files(archive, files)
    return len(rows) + len(files)


def steps(db: sqlite3.Connection) -> list[Step]:
    """The audit trail, oldest first."""
    return [
        Step(*row) for row in db.execute("SELECT document, at, action, reason FROM takedown ORDER BY id").fetchall()
    ]


def _find(archive: Archive, id: str) -> int:
    document = lookup.find(archive.db.conn, id)
    if document is None:
        raise NotHeldError(f"{archive.path}: no document {id}; see: gongbao search")
    return document


def _hidden(db: sqlite3.Connection, document: int) -> str | None:
    row = db.execute("SELECT hidden FROM document WHERE id = ?", [document]).fetchone()
    return None if row is None else row[0]


def _set(db: sqlite3.Connection, document: int, hidden: str | None) -> None:
    db.execute("UPDATE document SET hidden = ? WHERE id = ?", [hidden, document])
    indexing.mark(db, [document])


def _note(db: sqlite3.Connection, id: str, action: str, reason: str) -> None:
    db.execute("INSERT INTO takedown (document, at, action, reason) VALUES (?, ?, ?, ?)", [id, now(), action, reason])


def _scrub(archive: Archive, document: int) -> None:
    """Overwrite WARC records, then texts and metadata: after a crash between the two, doing it again repairs it."""
    db = archive.db.conn
    files = attachments.withdrawable(db, document)
    places = [*_places(db, document), *attachments.places(db, files)]
    for _, segment, offset, length in places:
        overwrite(archive.segments.folder / segment, offset, length)
    db.execute("PRAGMA secure_delete=ON")
    with archive.transaction():
        db.executemany("UPDATE capture SET withdrawn = ? WHERE id = ?", [[now(), place[0]] for place in places])
        texts = [row[0] for row in db.execute("SELECT DISTINCT text FROM version WHERE document = ?", [document])]
        cleared = ", ".join(f"{name} = NULL" for name in COLUMNS if name not in _KEPT)
        db.execute(f"UPDATE version SET text = NULL, rest = '{{}}', {cleared} WHERE document = ?", [document])
        db.execute("UPDATE page SET title = NULL WHERE document = ?", [document])
        texts += attachments.withdraw(db, files, now())
        for text in texts:
            if not attachments.used(db, text):
                db.execute("DELETE FROM text WHERE id = ?", [text])
        indexing.compact(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _scrub_files(archive: Archive, files: list[str]) -> None:
    """Overwrite withdrawn files that came in once more."""
    db = archive.db.conn
    places = attachments.places(db, files)
    for _, segment, offset, length in places:
        overwrite(archive.segments.folder / segment, offset, length)
    with archive.transaction():
        db.executemany("UPDATE capture SET withdrawn = ? WHERE id = ?", [[now(), place[0]] for place in places])


def _places(db: sqlite3.Connection, document: int) -> list[tuple[int, str, int, int]]:
    """The captures that hold the document's bytes: of its pages, and those its versions were read from."""
    return db.execute(
        "SELECT c.id, s.name, c.offset, c.length FROM capture c JOIN segment s ON s.id = c.segment "
        "WHERE c.withdrawn IS NULL AND (c.page IN (SELECT id FROM page WHERE document = :document) "
        "OR c.id IN (SELECT capture FROM version WHERE document = :document))",
        {"document": document},
    ).fetchall()


def overwrite(path: Path, offset: int, length: int) -> None:
    """Put a record that says `withdrawn` in the place of another, exactly as long, so that every offset stays right.

    The gzip member is brought to length by its comment field (RFC 1952), which readers pass over.
    """
    member = _member(length)
    with path.open("r+b", buffering=0) as file:
        file.seek(offset)
        file.write(member)
        os.fsync(file.fileno())


def _member(length: int) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    note = BytesIO(b"withdrawn\r\n")
    writer.write_record(
        writer.create_warc_record("", "metadata", payload=note, length=11, warc_content_type="text/plain")
    )
    plain = out.getvalue()
    body = gzip.compress(plain, 9, mtime=0)[10:]
    padding = length - len(body) - 11
    if padding < 0:
        # Too short even for that: an uncompressed end of nothing but the comment is not a record, so say what is wrong.
        raise ArchiveError(f"a record of {length} bytes is too short to be overwritten in place; restore without it")
    head = struct.pack("<2sBBIBB", b"\x1f\x8b", 8, 0x10, 0, 2, 255)
    return head + b" " * padding + b"\0" + body
