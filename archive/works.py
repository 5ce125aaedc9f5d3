"""Work, edition, copy: which document a reading belongs to, and whether it is a new version of it.

The rules. A document is owned by the page that is its main copy: the earliest clean page its text was seen at.
- What the owner says now is the document's newest version, whatever it says.
- Another page with a text the document has, or had, is an appearance of it. A page whose integrity is not clean never
  becomes the owner beside a clean one; a clean copy of an unclean owner's text takes the document over.
- A copy that starts to say something else leaves and founds a document of its own.
- The same bytes read differently are a better reading (cause "reader"), never an edit.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive import attachments, holdings
from archive.model import Record, State
from archive.records import content_key, match_key, sound, to_row


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


def place(db: sqlite3.Connection, page: int, reading: Reading) -> Placed:
    """Put one reading of one page where it belongs; runs inside the caller's transaction."""
    now = _now(db, page)
    if now is None:
        return _first(db, page, reading)
    if reading.content == now.content and holdings.judged(db, now.version) != _judgement(reading.record):
        return _reread(db, page, now, reading)
    if reading.content == now.content:
        _seen(db, now.version, now.document, reading.at)
        return Placed("unchanged", now.document, now.version, ())
    if reading.capture is not None and holdings.read_before(db, page, now.version, reading.capture):
        return _reread(db, page, now, reading)
    return _edited(db, page, now, reading)


def read_again(db: sqlite3.Connection, page: int, reading: Reading) -> Placed:
    """Put another reading of bytes already read in the place of the one before, whatever differs; nothing moves."""
    now = _now(db, page)
    if now is None:
        return _first(db, page, reading)
    kept = db.execute("SELECT rest FROM version WHERE id = ?", [now.version]).fetchone()[0]
    same = (reading.content, to_row(reading.record)["rest"]) == (now.content, kept)
    if same and holdings.judged(db, now.version) == _judgement(reading.record):
        _seen(db, now.version, now.document, reading.at)
        return Placed("unchanged", now.document, now.version, ())
    return _reread(db, page, now, reading)


def seen_again(db: sqlite3.Connection, page: int, at: str) -> int | None:
    """The page says what it said before, without having been read again; give the version it shows."""
    now = _now(db, page)
    if now is None:
        return None
    _seen(db, now.version, now.document, at)
    return now.version


def _first(db: sqlite3.Connection, page: int, reading: Reading) -> Placed:
    twin = holdings.holder(db, reading.match)
    if twin is None:
        document = holdings.found(db, page, reading.at)
        version = _add(db, document, page, reading, "publisher")
        return Placed("new", document, version, (document,))
    version = _add(db, twin, page, reading, "publisher")
    if reading.clean and not holdings.owner_clean(db, twin, but=version):
        holdings.hand_over(db, twin, page)
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
    if reading.match is not None and holdings.has_text(db, now.document, reading.match):
        state: State = "changed" if reading.match == now.match else "duplicate"
        version = _add(db, now.document, page, reading, "publisher")
        return Placed(state, now.document, version, (now.document,))
    twin = holdings.holder(db, reading.match)
    document = twin if twin is not None else holdings.found(db, page, reading.at)
    version = _add(db, document, page, reading, "publisher")
    if twin is not None and reading.clean and not holdings.owner_clean(db, twin, but=version):
        holdings.hand_over(db, twin, page)
    return Placed("changed" if twin is None else "duplicate", document, version, (now.document, document))


def _now(db: sqlite3.Connection, page: int) -> _Now | None:
    row = db.execute(
        "SELECT v.id, v.document, d.owner = p.id, v.content, v.match "
        "FROM page p JOIN version v ON v.id = p.version JOIN document d ON d.id = v.document WHERE p.id = ?",
        [page],
    ).fetchone()
    return None if row is None else _Now(row[0], row[1], bool(row[2]), row[3], row[4])


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
        holdings.absorb(db, document, int(other))
    return tuple(int(row[0]) for row in others)


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
        "text": holdings.text_row(db, reading.record.text),
        **to_row(reading.record),
    }
    sql = f"INSERT INTO version ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) RETURNING id"
    version = int(db.execute(sql, list(row.values())).fetchone()[0])
    attachments.link(db, version, reading.record.attachments)
    db.execute("UPDATE page SET document = ?, version = ? WHERE id = ?", [document, version, page])
    return version


def _seen(db: sqlite3.Connection, version: int, document: int, at: str) -> None:
    db.execute("UPDATE version SET last_seen = max(last_seen, ?) WHERE id = ?", [at, version])
    db.execute("UPDATE document SET last_seen = max(last_seen, ?) WHERE id = ?", [at, document])


def _judgement(record: Record) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in holdings.JUDGED)
