"""The part of a reread that is about files: what their bytes say to newer code, accepted and taken back (rereads.py).

A file's text stands once for all URLs that gave its bytes, and has no versions of its own: what it was before is kept
with the reread that replaced it, until it is rolled back or the file is withdrawn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive import attachments, indexing
from archive.answers import CaptureRow
from archive.lookup import capture
from archive.model import Extract, Link

SCHEMA = """CREATE TABLE reread_file ( -- what a file said before a reread
  reread INTEGER NOT NULL REFERENCES reread(id),
  sha256 TEXT NOT NULL, -- of the content, as file.sha256
  kind TEXT NOT NULL,
  text TEXT,
  reason TEXT,
  reader TEXT NOT NULL,
  PRIMARY KEY (reread, sha256)
) WITHOUT ROWID"""
BATCH = 200


@dataclass(frozen=True, slots=True)
class Filed:
    """A file as it is held, with the newest answer that gave its bytes."""

    sha256: str
    size: int
    link: Link
    source: str
    answer: CaptureRow
    extract: Extract


def schema(db: sqlite3.Connection) -> None:
    """Make the table."""
    db.execute(SCHEMA)


def filed(db: sqlite3.Connection, source: str | None = None, since: str | None = None) -> Iterator[Filed]:
    """Every file that may be seen and whose bytes can be read; the caller may write between them."""
    asked = {"after": "", "source": source, "since": since or "", "limit": BATCH}
    while rows := db.execute(_FILES, asked).fetchall():
        for digest, size, kind, text, reason, reader, answer, url, role, title, date, of in rows:
            row = capture(db, answer)
            if row is not None and attachments.lent(db, answer) is not False:
                extract = Extract(kind, text, reason, reader)
                yield Filed(digest, size, Link(url, role, title, date), of, row, extract)
        asked["after"] = rows[-1][0]


_FILES = """
SELECT f.sha256, f.size, f.kind, t.body, f.reason, f.reader, max(c.id), p.fetch_url, p.role, p.title, p.date, p.source
FROM file f JOIN capture c ON c.content_sha256 = f.sha256 JOIN page p ON p.id = c.page
LEFT JOIN document d ON d.id = p.document LEFT JOIN text t ON t.id = f.text
WHERE f.sha256 > :after AND f.withdrawn IS NULL AND c.withdrawn IS NULL AND c.fetched >= :since AND d.hidden IS NULL
  AND (:source IS NULL OR p.source = :source)
GROUP BY f.sha256 ORDER BY f.sha256 LIMIT :limit"""


def accept(db: sqlite3.Connection, reread: int, readings: Iterable[tuple[Filed, Extract]]) -> int:
    """Put better readings of files in the place of those before, inside the caller's transaction; gives how many."""
    done = 0
    for file, extract in readings:
        was = file.extract
        db.execute(
            "INSERT OR IGNORE INTO reread_file (reread, sha256, kind, text, reason, reader) VALUES (?, ?, ?, ?, ?, ?)",
            [reread, file.sha256, was.kind, was.text, was.reason, was.reader],
        )
        _write(db, file.sha256, extract)
        done += 1
    return done


def undo(db: sqlite3.Connection, reread: int) -> int:
    """Put back what files said before a reread, but for those withdrawn since; gives how many."""
    rows = db.execute(
        "SELECT m.sha256, m.kind, m.text, m.reason, m.reader FROM reread_file m JOIN file f ON f.sha256 = m.sha256 "
        "WHERE m.reread = ? AND f.withdrawn IS NULL",
        [reread],
    ).fetchall()
    for digest, *was in rows:
        _write(db, digest, Extract(*was))
    db.execute("DELETE FROM reread_file WHERE reread = ?", [reread])
    return len(rows)


def above(db: sqlite3.Connection, reread: int) -> int | None:
    """A later reread of the same file, which has to be rolled back first."""
    row = db.execute(
        "SELECT min(l.reread) FROM reread_file m JOIN reread_file l ON l.sha256 = m.sha256 AND l.reread > m.reread "
        "WHERE m.reread = ?",
        [reread],
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _write(db: sqlite3.Connection, digest: str, extract: Extract) -> None:
    """Replace a file's text, and drop the one before where nothing else has it; the index is done with it by then."""
    touched = attachments.touched(db, digest)
    indexing.forget(db, touched)
    size, text = db.execute("SELECT size, text FROM file WHERE sha256 = ?", [digest]).fetchone()
    attachments.write(db, digest, size, extract)
    if text is not None and not attachments.used(db, text):
        db.execute("DELETE FROM text WHERE id = ?", [text])
