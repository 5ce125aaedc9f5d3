"""Keeping search index and near-duplicates in step with the documents, in batches shortly behind the commits.

A save marks the documents it touched as `stale` in its own transaction; `catch_up` indexes them in another. So a commit
does not wait for the index, and a crash between the two loses nothing: the marks are there when the archive is opened
next. What was put in is remembered in `indexed`, because the index takes a document out only by the same words.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from urllib.parse import urlsplit

from archive import attachments, index, near
from archive.index import Entry, IndexMismatchError
from archive.lookup import shown
from archive.preparing import Beside, prepare

BATCH = 500  # documents in one transaction: half a second of work


def schema(db: sqlite3.Connection) -> None:
    """Create the index, the signatures of near-duplicates, and the two tables that keep both in step."""
    index.schema(db)
    near.schema(db)
    db.execute("CREATE TABLE stale (document INTEGER PRIMARY KEY)")
    db.execute(
        "CREATE TABLE indexed (document INTEGER PRIMARY KEY, version INTEGER NOT NULL, "
        "source TEXT NOT NULL, hosts TEXT NOT NULL)"
    )


def mark(db: sqlite3.Connection, documents: Iterable[int]) -> None:
    """Say that these documents may have changed; part of the transaction that changes them."""
    db.executemany("INSERT OR IGNORE INTO stale (document) VALUES (?)", [[document] for document in documents])


def mark_all(db: sqlite3.Connection) -> None:
    """Build the whole index again: empty it and mark every document."""
    index.clear(db)
    db.execute("DELETE FROM indexed")
    db.execute("DELETE FROM stale")
    db.execute("INSERT INTO stale SELECT id FROM document")


def forget(db: sqlite3.Connection, documents: Iterable[int]) -> None:
    """Take documents out for now and mark them: before an indexed version goes, because its words are needed."""
    for document in documents:
        parts = _indexed(db, document)
        mark(db, [document])
        if parts is None:
            continue
        try:
            index.unindex(db, [_entry(db, document, parts)])
        except IndexMismatchError:
            mark_all(db)
            return
        _remember(db, document, None)
        near.remove(db, document)


def compact(db: sqlite3.Connection) -> None:
    """Merge the index into one piece: smaller, and without a trace of what was taken out."""
    index.compact(db)


def waiting(db: sqlite3.Connection) -> int:
    """How many documents the index is behind."""
    return int(db.execute("SELECT count(*) FROM stale").fetchone()[0])


def catch_up(db: sqlite3.Connection, limit: int = BATCH, beside: Beside | None = None) -> int:
    """Index up to `limit` stale documents inside the caller's transaction; give how many were stale.

    What `beside` was sent is taken from there. An index that newer code would fill otherwise is built again from the
    documents: every one becomes stale.
    """
    sql = "SELECT document FROM stale ORDER BY document LIMIT ?"
    stale = [int(row[0]) for row in db.execute(sql, [limit]).fetchall()]
    changed = [(document, _indexed(db, document), _present(db, document)) for document in stale]
    changed = [(document, before, after) for document, before, after in changed if before != after]
    try:
        index.unindex(db, [_entry(db, document, before) for document, before, _ in changed if before is not None])
    except IndexMismatchError:
        mark_all(db)
        return waiting(db)
    placed, common = [], index.words(db)
    for document, before, after in changed:
        _remember(db, document, after)
        if after is None:
            near.remove(db, document)
            continue
        made = None if beside is None else beside.take((document, after), common)
        if made is None:
            made = prepare(_entry(db, document, after), common)
        placed.append(index.place(db, document, made.tokens))
        if before is None or before[0] != after[0]:
            near.link(db, document, made.signed)
    index.fill(db, placed)
    db.executemany("DELETE FROM stale WHERE document = ?", [[document] for document in stale])
    return len(stale)


def look_ahead(db: sqlite3.Connection, beside: Beside, after: int, limit: int) -> int:
    """Have stale documents beyond row `after` prepared; give the last one sent, `after` when there is none."""
    sql = "SELECT document FROM stale WHERE document > ? ORDER BY document LIMIT ?"
    stale = [int(row[0]) for row in db.execute(sql, [after, limit]).fetchall()]
    present = [(document, _present(db, document)) for document in stale]
    wanted = [((document, parts), _entry(db, document, parts)) for document, parts in present if parts is not None]
    beside.send(list(wanted), index.words(db))
    return max(stale, default=after)


# What makes up an entry: version row, source, and as JSON hosts and the texts of its files.
_Parts = tuple[int, str, str, str]


def _indexed(db: sqlite3.Connection, document: int) -> _Parts | None:
    row = db.execute("SELECT version, source, hosts, files FROM indexed WHERE document = ?", [document]).fetchone()
    return None if row is None else (int(row[0]), str(row[1]), str(row[2]), str(row[3]))


def _present(db: sqlite3.Connection, document: int) -> _Parts | None:
    """What the index should hold; None for a document that is hidden or became part of another."""
    row = db.execute(
        "SELECT d.version, p.source FROM document d JOIN page p ON p.id = d.owner WHERE d.id = ? AND d.hidden IS NULL",
        [document],
    ).fetchone()
    if row is None or row[0] is None:
        return None
    urls = db.execute(
        "SELECT DISTINCT p.url FROM version v JOIN page p ON p.id = v.page WHERE v.document = ?", [document]
    )
    hosts = sorted({urlsplit(url).hostname or "" for (url,) in urls.fetchall()} - {""})
    return int(row[0]), str(row[1]), json.dumps(hosts), json.dumps(attachments.searched(db, int(row[0])))


def _entry(db: sqlite3.Connection, document: int, parts: _Parts) -> Entry:
    version, source, hosts, files = parts
    # A text that is gone (it was withdrawn meanwhile) makes another entry, and so the index is built again.
    texts = [db.execute("SELECT body FROM text WHERE id = ?", [text]).fetchone() for text in json.loads(files)]
    bodies = tuple(str(row[0]) for row in texts if row is not None)
    return Entry(document, shown(db, version), source, tuple(json.loads(hosts)), bodies)


def _remember(db: sqlite3.Connection, document: int, parts: _Parts | None) -> None:
    if parts is None:
        db.execute("DELETE FROM indexed WHERE document = ?", [document])
    else:
        db.execute(
            "INSERT OR REPLACE INTO indexed (document, version, source, hosts, files) VALUES (?, ?, ?, ?, ?)",
            [document, *parts],
        )
