"""Taking a version back out that a reread put in: what was shown, owned and pointed to before is so again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive import attachments, holdings, indexing


def retract(db: sqlite3.Connection, version: int, before: Mapping[str, Any], at: str) -> str:
    """Take a version out, newest first where there are several; `at` is when it came in. Gives `taken_out` or `kept`.

    `before` holds what the page was, and whose the document was. What a later crawl read too is kept, as of that crawl.
    """
    page, document, hidden = db.execute(
        "SELECT v.page, v.document, d.hidden FROM version v JOIN document d ON d.id = v.document WHERE v.id = ?",
        [version],
    ).fetchone()
    if hidden is not None:  # nobody sees it, and a takedown counts for what it was asked for
        return "kept"
    said = _before(db, page, version)
    if _read_since(db, page, version, said):
        return "kept"
    indexing.forget(db, [document, *([] if said is None else [said[1]])])
    _point_back(db, page, version, None if said is None else said[0])
    db.execute(
        "UPDATE page SET version = ?, document = ? WHERE id = ? AND version = ?",
        [*(said or (None, None)), page, version],
    )
    text = db.execute("SELECT text FROM version WHERE id = ?", [version]).fetchone()[0]
    db.execute("DELETE FROM reread_version WHERE version = ?", [version])
    db.execute("DELETE FROM version WHERE id = ?", [version])
    if text is not None and not attachments.used(db, text):
        db.execute("DELETE FROM text WHERE id = ?", [text])
    _restore_page(db, page, before, at)
    _restore_document(db, document, page, before.get("owner"))
    if said is not None:
        holdings.refresh(db, said[1])
    return "taken_out"


def _before(db: sqlite3.Connection, page: int, version: int) -> tuple[int, int] | None:
    """(version, document) the page said before this version."""
    sql = "SELECT id, document FROM version WHERE page = ? AND id < ? ORDER BY id DESC LIMIT 1"
    row = db.execute(sql, [page, version]).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def _read_since(db: sqlite3.Connection, page: int, version: int, said: tuple[int, int] | None) -> bool:
    """Date a version that a crawl read too from there on; False when none did."""
    row = db.execute(
        "SELECT s.at, s.capture FROM visit s JOIN capture c ON c.id = s.capture "
        "WHERE s.page = ? AND s.version = ? AND c.status <> 304 ORDER BY s.at, s.run LIMIT 1",
        [page, version],
    ).fetchone()
    if row is None:
        return False
    at, capture = row
    db.execute("UPDATE version SET first_seen = ?, capture = ? WHERE id = ?", [at, capture, version])
    if said is not None:
        early = "UPDATE visit SET version = ? WHERE page = ? AND version = ? AND at < ?"
        db.execute(early, [said[0], page, version, at])
    return True


def _point_back(db: sqlite3.Connection, page: int, version: int, said: int | None) -> None:
    """Visits that were told "not modified" saw what the page said before."""
    last = db.execute("SELECT max(at) FROM visit WHERE page = ? AND version = ?", [page, version]).fetchone()[0]
    db.execute("UPDATE visit SET version = ? WHERE page = ? AND version = ?", [said, page, version])
    if said is not None and last is not None:
        db.execute("UPDATE version SET last_seen = max(last_seen, ?) WHERE id = ?", [last, said])
    db.execute("DELETE FROM reading WHERE version = ?", [version])


def _restore_page(db: sqlite3.Connection, page: int, before: Mapping[str, Any], at: str) -> None:
    """The page's state, unless a crawl came by since."""
    ended = "SELECT 1 FROM visit WHERE page = ? AND at > ? AND state NOT IN ('pending', 'interrupted', 'known') LIMIT 1"
    if db.execute(ended, [page, at]).fetchone() is None:
        names = ("state", "reason", "gone", "gone_reason", "last_seen")
        assigned = ", ".join(f"{name} = ?" for name in names)
        db.execute(f"UPDATE page SET {assigned} WHERE id = ?", [*(before[name] for name in names), page])


def _restore_document(db: sqlite3.Connection, document: int, page: int, owner: str | None) -> None:
    """A document nobody holds any more goes; one whose main copy does not say it any more gets its owner back."""
    held = db.execute("SELECT 1 FROM version WHERE document = ? LIMIT 1", [document]).fetchone()
    if held is None:
        db.execute("DELETE FROM document WHERE id = ?", [document])
        return
    row = db.execute("SELECT owner FROM document WHERE id = ?", [document]).fetchone()
    own = "SELECT 1 FROM version WHERE document = ? AND page = ? LIMIT 1"
    if row[0] == page and (owner is not None or db.execute(own, [document, page]).fetchone() is None):
        heir = db.execute(
            "SELECT v.page FROM version v JOIN page p ON p.id = v.page WHERE v.document = ? "
            "ORDER BY p.url IS ? DESC, v.integrity != 'clean', v.first_seen, v.id LIMIT 1",
            [document, owner],
        ).fetchone()
        holdings.hand_over(db, document, int(heir[0]))
    holdings.refresh(db, document)
