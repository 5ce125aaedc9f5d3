"""What the rules of works.py ask of the tables, and the changes they make to documents: one statement each."""

from __future__ import annotations

import hashlib
import sqlite3

from archive.records import document_key

# What we judge of a page rather than what its publisher says: a difference here alone is our better reading.
JUDGED = ("integrity", "report_year", "site_name", "site_id", "division")


def holder(db: sqlite3.Connection, match: str | None) -> int | None:
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


def has_text(db: sqlite3.Connection, document: int, match: str) -> bool:
    sql = "SELECT 1 FROM version WHERE match = ? AND document = ? LIMIT 1"
    return db.execute(sql, [match, document]).fetchone() is not None


def owner_clean(db: sqlite3.Connection, document: int, but: int) -> bool:
    """Whether the document's owner was ever read clean, leaving the version just added out."""
    sql = (
        "SELECT 1 FROM document d JOIN version v ON v.document = d.id AND v.page = d.owner "
        "WHERE d.id = ? AND v.id != ? AND v.integrity = 'clean' LIMIT 1"
    )
    return db.execute(sql, [document, but]).fetchone() is not None


def found(db: sqlite3.Connection, page: int, at: str) -> int:
    """Make the page the owner of a new document, whose key is the page's own."""
    url = str(db.execute("SELECT url FROM page WHERE id = ?", [page]).fetchone()[0])
    row = db.execute(
        "INSERT INTO document (key, owner, first_seen, last_seen) VALUES (?, ?, ?, ?) RETURNING id",
        [document_key(url), page, at, at],
    ).fetchone()
    return int(row[0])


def hand_over(db: sqlite3.Connection, document: int, page: int) -> None:
    """A clean copy becomes the main one; the old id still leads here, because the old owner's page is an appearance."""
    db.execute(
        "UPDATE document SET owner = ?, key = (SELECT key FROM page WHERE id = ?) WHERE id = ?", [page, page, document]
    )


def absorb(db: sqlite3.Connection, document: int, other: int) -> None:
    """Make `other` part of `document`: its pages become appearances, its versions history; its id still leads here."""
    db.execute("UPDATE version SET document = ? WHERE document = ?", [document, other])
    db.execute("UPDATE page SET document = ? WHERE document = ?", [document, other])
    db.execute("DELETE FROM document WHERE id = ?", [other])


def text_row(db: sqlite3.Connection, text: str | None) -> int | None:
    if text is None:
        return None
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = db.execute("SELECT id FROM text WHERE sha256 = ?", [digest]).fetchone()
    if row is None:
        row = db.execute("INSERT INTO text (sha256, body) VALUES (?, ?) RETURNING id", [digest, text]).fetchone()
    return int(row[0])


def judged(db: sqlite3.Connection, version: int) -> tuple[object, ...]:
    return tuple(db.execute(f"SELECT {', '.join(JUDGED)} FROM version WHERE id = ?", [version]).fetchone())


def read_before(db: sqlite3.Connection, page: int, version: int, capture: int) -> bool:
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
