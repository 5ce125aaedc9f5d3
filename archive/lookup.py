"""The read side: documents, versions, appearances and captures as typed answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from archive import attachments
from archive.answers import Appearance, CaptureRow, Document, Version, VisitRow
from archive.model import Record, Role
from archive.near import links
from archive.records import COLUMNS, from_row
from archive.twins import page_url

_VERSION_COLUMNS = ("id", "document", "page", "capture", "cause", "first_seen", "last_seen", "rest", *COLUMNS)
_VERSION_SQL = (
    f"SELECT {', '.join(f'v.{name}' for name in _VERSION_COLUMNS)}, p.url AS page_url, p.fetch_url, t.body, d.key, "
    "coalesce(c.fetched, v.first_seen) AS fetched FROM version v JOIN page p ON p.id = v.page "
    "JOIN document d ON d.id = v.document LEFT JOIN text t ON t.id = v.text LEFT JOIN capture c ON c.id = v.capture"
)


def find(db: sqlite3.Connection, id: str) -> int | None:
    """The document row of an id people cite; an id whose document became part of another leads to that one."""
    key = id.strip().lower().split("@", 1)[0]
    row = db.execute("SELECT id FROM document WHERE key = ?", [key]).fetchone()
    if row is None:
        row = db.execute("SELECT document FROM page WHERE key = ? AND document IS NOT NULL", [key]).fetchone()
    return None if row is None else int(row[0])


def document(db: sqlite3.Connection, row_id: int) -> Document | None:
    """A document with its appearances and versions; None when there is none or it is hidden."""
    row = db.execute(
        "SELECT d.key, p.url, p.source, d.first_seen, d.last_seen, d.version, d.owner FROM document d "
        "JOIN page p ON p.id = d.owner WHERE d.id = ? AND d.hidden IS NULL",
        [row_id],
    ).fetchone()
    if row is None:
        return None
    seen = appearances(db, row_id)
    told = versions(db, row_id)
    record = shown(db, row[5])
    state = "gone" if seen and all(one.gone for one in seen) else "present"
    files = attachments.of_version(db, row[5])
    return Document(row[0], row[1], row[2], state, row[3], row[4], record, tuple(seen), tuple(told), files)


def documents(db: sqlite3.Connection, source: str | None = None) -> Iterator[Document]:
    """Every document that is not hidden, in the order they were first seen."""
    rows = db.execute(
        "SELECT d.id FROM document d JOIN page p ON p.id = d.owner WHERE d.hidden IS NULL "
        "AND (:source IS NULL OR p.source = :source) ORDER BY d.first_seen, d.key",
        {"source": source},
    ).fetchall()
    for (row_id,) in rows:
        if (one := document(db, row_id)) is not None:
            yield one


def shown(db: sqlite3.Connection, version: int) -> Record:
    """The record of one version."""
    return next(_versions(db, "v.id = ?", version)).record


def versions(db: sqlite3.Connection, row_id: int, *, owner_only: bool = False) -> list[Version]:
    """What the document's pages said, oldest first: the main copy's versions and those of its copies."""
    where = "v.document = ?" + (" AND v.page = d.owner" if owner_only else "")
    return list(_versions(db, where, row_id))


def appearances(db: sqlite3.Connection, row_id: int) -> list[Appearance]:
    """Every URL the document was seen at, the main copy first; a page that says something else now is one that left."""
    rows = db.execute(
        "SELECT p.url, p.source, min(v.first_seen), max(v.last_seen), "
        "(SELECT integrity FROM version w WHERE w.page = p.id AND w.document = d.id ORDER BY w.id DESC LIMIT 1), "
        "d.owner = p.id, p.gone, p.gone_reason, p.document = d.id FROM version v JOIN page p ON p.id = v.page "
        "JOIN document d ON d.id = v.document WHERE d.id = ? GROUP BY p.id ORDER BY d.owner = p.id DESC, 3, 1",
        [row_id],
    ).fetchall()
    return [_appearance(row) for row in rows]


def captures(db: sqlite3.Connection, url: str) -> list[CaptureRow]:
    """Every stored response of a URL, oldest first."""
    return _captures(db, "p.url = ?", page_url(db, url))


def near(db: sqlite3.Connection, row_id: int) -> list[tuple[str, float]]:
    """Ids of near-duplicates that are not hidden, most similar first."""
    rows = [(one.document, one.similarity) for one in links(db, row_id)]
    sql = "SELECT key FROM document WHERE id = ? AND hidden IS NULL"
    keys = [(db.execute(sql, [document]).fetchone(), similarity) for document, similarity in rows]
    return [(str(key[0]), similarity) for key, similarity in keys if key is not None]


def visits(db: sqlite3.Connection, url: str) -> list[VisitRow]:
    """How each run that met a URL ended it, oldest first."""
    sql = (
        "SELECT v.run, v.at, v.state, v.reason, v.capture, v.version FROM visit v JOIN page p ON p.id = v.page "
        "WHERE p.url = ? ORDER BY v.run"
    )
    return [VisitRow(*row) for row in db.execute(sql, [page_url(db, url)]).fetchall()]


def capture(db: sqlite3.Connection, row_id: int) -> CaptureRow | None:
    """One stored response."""
    return next(iter(_captures(db, "c.id = ?", row_id)), None)


def standing(db: sqlite3.Connection, url: str, since: str) -> CaptureRow | None:
    """The whole answer that tells what a page says now, if it is no older than `since` and one answer tells it all.

    None for a page whose last visit read nothing, and for a document in parts: its first page speaks for itself only.
    """
    held = (
        "SELECT v.capture FROM visit v JOIN page p ON p.id = v.page JOIN version w ON w.id = v.version "
        "WHERE p.url = ? AND p.state IN ('new', 'changed', 'unchanged', 'duplicate') "
        "AND v.state IN ('new', 'changed', 'unchanged', 'duplicate') "
        "AND json_extract(w.rest, '$.evidence.parts') IS NULL"
    )
    found = _captures(db, f"c.id IN ({held}) AND c.status = 200 AND c.withdrawn IS NULL", page_url(db, url))
    return found[-1] if found and found[-1].fetched >= since else None


def standing_file(db: sqlite3.Connection, url: str, since: str) -> CaptureRow | None:
    """The same for a file."""
    held = attachments.standing(db, url)
    row = None if held is None else capture(db, held)
    return row if row is not None and row.fetched >= since and row.withdrawn is None else None


def captures_of(db: sqlite3.Connection, document: int) -> list[CaptureRow]:
    """The stored responses of a document's versions and files, with those that hold the payload of a revisit."""
    read = f"SELECT capture FROM version WHERE document = ? UNION {attachments.CAPTURES_OF}"
    return _captures(db, f"c.id IN ({read}) OR c.id IN (SELECT revisit_of FROM capture WHERE id IN ({read}))", document)


def every_capture(db: sqlite3.Connection) -> Iterator[CaptureRow]:
    """Every stored response, in the order of the bytes on disk."""
    for row in db.execute(f"{_CAPTURE_SQL} ORDER BY s.name, c.offset"):
        yield CaptureRow(*row)


def captures_since(
    db: sqlite3.Connection, source: str | None, since: str, role: Role | None, latest: bool
) -> Iterator[CaptureRow]:
    """Stored responses whose bytes are readable, a few hundred at a time: the caller may write between them."""
    # An answer "not modified" has no bytes: the one before it speaks.
    where = "c.id > :after AND c.status <> 304 AND c.withdrawn IS NULL AND c.fetched >= :since "
    where += "AND (:source IS NULL OR p.source = :source) AND (:role IS NULL OR p.role = :role)"
    if latest:
        where += " AND NOT EXISTS (SELECT 1 FROM capture n WHERE n.page = c.page AND n.id > c.id AND n.status <> 304)"
    asked = {"after": 0, "since": since, "source": source, "role": role}
    while rows := db.execute(f"{_CAPTURE_SQL} WHERE {where} ORDER BY c.id LIMIT 500", asked).fetchall():
        for row in rows:
            yield CaptureRow(*row)
        asked["after"] = rows[-1][0]


_CAPTURE_SQL = (
    "SELECT c.id, c.url, c.run, c.fetched, c.status, s.name, c.offset, c.length, c.sha256, c.content_sha256, c.size, "
    "c.revisit_of, c.withdrawn FROM capture c JOIN page p ON p.id = c.page JOIN segment s ON s.id = c.segment"
)


def _captures(db: sqlite3.Connection, where: str, value: object) -> list[CaptureRow]:
    sql = f"{_CAPTURE_SQL} WHERE {where} ORDER BY c.fetched, c.id"
    return [CaptureRow(*row) for row in db.execute(sql, [value] * where.count("?")).fetchall()]


def _versions(db: sqlite3.Connection, where: str, value: object) -> Iterator[Version]:
    cursor = db.execute(f"{_VERSION_SQL} WHERE {where} ORDER BY v.first_seen, v.id", [value])
    names = [column[0] for column in cursor.description]
    for values in cursor.fetchall():
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        record = from_row(row, row["fetch_url"], row["body"])
        stamp = "".join(char for char in row["fetched"] if char not in "-:")
        yield Version(
            f"{row['key']}@{stamp}",
            row["page_url"],
            row["first_seen"],
            row["last_seen"],
            row["cause"],
            row["capture"],
            record,
        )


def _appearance(row: tuple[Any, ...]) -> Appearance:
    url, source, first, last, integrity, main, gone, reason, here = row
    if not here:
        gone, reason = gone or last, "the page says something else now"
    return Appearance(url, source, first, last, integrity, bool(main), gone, reason)
