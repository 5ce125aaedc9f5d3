"""Work, edition, copy: which document a reading belongs to, and whether it is a new version of it.

The rules. A document is owned by the page that is its main copy: the earliest clean page its text was seen at.
- What the owner says now is the document's newest version, whatever it says.
- Another page with a text the document has, or had, is an appearance of it. A page whose integrity is not clean never
  becomes the owner beside a clean one; a clean copy of an unclean owner's text takes the document over.
- A copy that starts to say something else leaves and founds a document of its own.
- The same bytes read differently are a better reading (cause "reader"), never an edit.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

from archive.model import Record, State
from archive.records import content_key, document_key, match_key, sound, to_row

# What we judge of a page rather than what its publisher says: a difference here alone is our better reading.
JUDGED = ("integrity", "report_year", "site_name", "site_id", "division")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a reading went: ledger state, document and version rows, and the documents it may have changed."""

    state: State
    document: int
    version: int
    touched: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A record with what the rules compare: its keys, the capture it was read from, when, and a digest of the bytes."""

    record: Record
    content: str
    match: str | None
    capture: int | None
    at: str

    @classmethod
    def of(cls, record: Record, capture: int | None, at: str) -> Reading:
        record = sound(record)
        return cls(record, content_key(record), match_key(record), capture, at)

    @property
    def clean(self) -> bool:
        return self.record.integrity == "clean"


@dataclass(frozen=True, slots=True)
class _Now:
    """What a page says at present."""

    version: int
    document: int
    owner: bool
    content: str
    match: str | None


def place(db: sqlite3.Connection, page: int, reading: Reading, cause: str | None = None) -> Placed:
    """Put one reading of one page where it belongs; runs inside the caller's transaction.

    `cause` is known when history is told again (merge); else the bytes decide whose doing a difference is.
    """
    now = _now(db, page)
    if now is None:
        return _first(db, page, reading)
    if reading.content == now.content and _judged(db, now.version) != _judgement(reading.record):
        return _reread(db, page, now, reading)
    if reading.content == now.content:
        _seen(db, now.version, now.document, reading.at)
        return Placed("unchanged", now.document, now.version, ())
    if cause is None and reading.capture is not None and _read_before(db, page, now.version, reading.capture):
        cause = "reader"
    if cause == "reader":
        return _reread(db, page, now, reading)
    return _edited(db, page, now, reading)


def seen_again(db: sqlite3.Connection, page: int, at: str) -> int | None:
    """The page says what it said before, without having been read again; give the version it shows."""
    now = _now(db, page)
    if now is None:
        return None
    _seen(db, now.version, now.document, at)
    return now.version


def _first(db: sqlite3.Connection, page: int, reading: Reading) -> Placed:
    twin = _holder(db, reading.match)
    if twin is None:
        document = _found(db, page, reading.at)
        version = _add(db, document, page, reading, "publisher")
        return Placed("new", document, version, (document,))
    version = _add(db, twin, page, reading, "publisher")
    if reading.clean and not _owner_clean(db, twin, but=version):
        _hand_over(db, twin, page)
    return Placed("duplicate", twin, version, (twin,))


def _reread(db: sqlite3.Connection, page: int, now: _Now, reading: Reading) -> Placed:
    """Newer code read the same bytes: the document keeps its place, only the owner's text may now match others."""
    version = _add(db, now.document, page, reading, "reader")
    return Placed("unchanged", now.document, version, (now.document,))


def _edited(db: sqlite3.Connection, page: int, now: _Now, reading: Reading) -> Placed:
    if now.owner:
        version = _add(db, now.document, page, reading, "publisher")
        absorbed = _absorb_strays(db, now.document, page, reading)
        return Placed("changed", now.document, version, (now.document, *absorbed))
    if reading.match is not None and _has_text(db, now.document, reading.match):
        state: State = "changed" if reading.match == now.match else "duplicate"
        version = _add(db, now.document, page, reading, "publisher")
        return Placed(state, now.document, version, (now.document,))
    twin = _holder(db, reading.match)
    document = twin if twin is not None else _found(db, page, reading.at)
    version = _add(db, document, page, reading, "publisher")
    if twin is not None and reading.clean and not _owner_clean(db, twin, but=version):
        _hand_over(db, twin, page)
    return Placed("changed" if twin is None else "duplicate", document, version, (now.document, document))


def _now(db: sqlite3.Connection, page: int) -> _Now | None:
    row = db.execute(
        "SELECT v.id, v.document, d.owner = p.id, v.content, v.match "
        "FROM page p JOIN version v ON v.id = p.version JOIN document d ON d.id = v.document WHERE p.id = ?",
        [page],
    ).fetchone()
    return None if row is None else _Now(row[0], row[1], bool(row[2]), row[3], row[4])


def _holder(db: sqlite3.Connection, match: str | None) -> int | None:
    """The document that has this text, clean owners first, then the earliest."""
    if match is None:
        return None
    row = db.execute(
        "SELECT v.document FROM version v JOIN document d ON d.id = v.document JOIN page p ON p.id = d.owner "
        "JOIN version o ON o.id = p.version WHERE v.match = ? "
        "ORDER BY o.integrity != 'clean', d.first_seen, d.key LIMIT 1",
        [match],
    ).fetchone()
    return None if row is None else int(row[0])


def _has_text(db: sqlite3.Connection, document: int, match: str) -> bool:
    sql = "SELECT 1 FROM version WHERE match = ? AND document = ? LIMIT 1"
    return db.execute(sql, [match, document]).fetchone() is not None


def _owner_clean(db: sqlite3.Connection, document: int, but: int) -> bool:
    """Whether the document's owner was ever read clean, leaving the version just added out."""
    sql = (
        "SELECT 1 FROM document d JOIN version v ON v.document = d.id AND v.page = d.owner "
        "WHERE d.id = ? AND v.id != ? AND v.integrity = 'clean' LIMIT 1"
    )
    return db.execute(sql, [document, but]).fetchone() is not None


def _found(db: sqlite3.Connection, page: int, at: str) -> int:
    """Make the page the owner of a new document, whose key is the page's own."""
    url = str(db.execute("SELECT url FROM page WHERE id = ?", [page]).fetchone()[0])
    row = db.execute(
        "INSERT INTO document (key, owner, first_seen, last_seen) VALUES (?, ?, ?, ?) RETURNING id",
        [document_key(url), page, at, at],
    ).fetchone()
    return int(row[0])


def _hand_over(db: sqlite3.Connection, document: int, page: int) -> None:
    """A clean copy becomes the main one; the old id still leads here, because the old owner's page is an appearance."""
    db.execute(
        "UPDATE document SET owner = ?, key = (SELECT key FROM page WHERE id = ?) WHERE id = ?", [page, page, document]
    )


def _absorb_strays(db: sqlite3.Connection, document: int, page: int, reading: Reading) -> tuple[int, ...]:
    """When an owner comes to say what a copy that left it, or an unclean page, said before: one work after all."""
    if reading.match is None or not reading.clean:
        return ()
    others = db.execute(
        "SELECT DISTINCT d.id FROM version v JOIN document d ON d.id = v.document JOIN page p ON p.id = d.owner "
        "JOIN version o ON o.id = p.version WHERE v.match = ? AND d.id != ? AND (o.integrity != 'clean' "
        "OR EXISTS (SELECT 1 FROM version w WHERE w.page = d.owner AND w.document = ?))",
        [reading.match, document, document],
    ).fetchall()
    for (other,) in others:
        absorb(db, document, int(other))
    return tuple(int(row[0]) for row in others)


def absorb(db: sqlite3.Connection, document: int, other: int) -> None:
    """Make `other` part of `document`: its pages become appearances, its versions history; its id still leads here."""
    db.execute("UPDATE version SET document = ? WHERE document = ?", [document, other])
    db.execute("UPDATE page SET document = ? WHERE document = ?", [document, other])
    db.execute("DELETE FROM document WHERE id = ?", [other])


def _add(db: sqlite3.Connection, document: int, page: int, reading: Reading, cause: str) -> int:
    row = {
        "document": document,
        "page": page,
        "capture": reading.capture,
        "content": reading.content,
        "match": reading.match,
        "cause": cause,
        "first_seen": reading.at,
        "last_seen": reading.at,
        "text": _text(db, reading.record.text),
        **to_row(reading.record),
    }
    sql = f"INSERT INTO version ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) RETURNING id"
    version = int(db.execute(sql, list(row.values())).fetchone()[0])
    db.execute("UPDATE page SET document = ?, version = ? WHERE id = ?", [document, version, page])
    return version


def _text(db: sqlite3.Connection, text: str | None) -> int | None:
    if text is None:
        return None
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = db.execute("SELECT id FROM text WHERE sha256 = ?", [digest]).fetchone()
    if row is None:
        row = db.execute("INSERT INTO text (sha256, body) VALUES (?, ?) RETURNING id", [digest, text]).fetchone()
    return int(row[0])


def _seen(db: sqlite3.Connection, version: int, document: int, at: str) -> None:
    db.execute("UPDATE version SET last_seen = max(last_seen, ?) WHERE id = ?", [at, version])
    db.execute("UPDATE document SET last_seen = max(last_seen, ?) WHERE id = ?", [at, document])


def _judged(db: sqlite3.Connection, version: int) -> tuple[object, ...]:
    return tuple(db.execute(f"SELECT {', '.join(JUDGED)} FROM version WHERE id = ?", [version]).fetchone())


def _judgement(record: Record) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in JUDGED)


def _read_before(db: sqlite3.Connection, page: int, version: int, capture: int) -> bool:
    """Whether bytes equal to this capture's were already read as the version the page shows now."""
    sql = (
        "WITH bytes(sha) AS (SELECT coalesce(content_sha256, sha256) FROM capture WHERE id = :capture) "
        "SELECT 1 FROM capture c, bytes WHERE coalesce(c.content_sha256, c.sha256) = bytes.sha AND c.id IN ("
        "SELECT capture FROM version WHERE id = :version UNION "
        "SELECT capture FROM visit WHERE page = :page AND version = :version) LIMIT 1"
    )
    return db.execute(sql, {"capture": capture, "version": version, "page": page}).fetchone() is not None


def refresh(db: sqlite3.Connection, document: int) -> tuple[int | None, int | None]:
    """Set what is shown of a document, its owner's latest clean version, else its latest; give (before, after).

    An owner that turns unclean (a domain sold on) does not outrank what it said while it was itself.
    """
    before = db.execute("SELECT version FROM document WHERE id = ?", [document]).fetchone()
    if before is None:  # absorbed
        return None, None
    after = db.execute(
        "SELECT v.id FROM version v JOIN document d ON d.owner = v.page AND d.id = v.document WHERE d.id = ? "
        "ORDER BY v.integrity = 'clean' DESC, v.id DESC LIMIT 1",
        [document],
    ).fetchone()
    shown = None if after is None else int(after[0])
    db.execute(
        "UPDATE document SET version = ?, "
        "first_seen = (SELECT min(first_seen) FROM version v WHERE v.document = document.id), "
        "last_seen = (SELECT max(last_seen) FROM version v WHERE v.document = document.id) WHERE id = ?",
        [shown, document],
    )
    return before[0], shown
