"""What can be read again: of every notice page the stored answers it rests on, and those nothing was read in.

Streams page by page, so that an archive of any size takes the memory of one batch. Withdrawn answers and the pages of
hidden documents are passed over: what must not be seen is not read again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.answers import CaptureRow
from archive.lookup import capture, shown
from archive.model import Link, Record
from archive.twins import page_url

BATCH = 200  # pages asked for at once
TRIES = 5  # answers of different bytes in which nothing was read: a site in trouble has one a day


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice page: the record it shows and the newest answer that was read as it, and later answers unread.

    `unread` is newest first, no bytes twice. A page that was never read has neither `record` nor `read`.
    """

    page: int
    link: Link
    source: str
    state: str
    reason: str | None
    document: str | None  # the id people cite
    record: Record | None
    read: CaptureRow | None
    unread: tuple[CaptureRow, ...]


def standing(
    db: sqlite3.Connection, source: str | None = None, since: str | None = None, *, after: int = 0
) -> Iterator[Standing]:
    """Every page that has something to read again, in the order of its row; the caller may write between them.

    `since` (ISO 8601, UTC) leaves out what was fetched before; `after` is the row of the last page not wanted.
    """
    while rows := db.execute(_PAGES, {"after": after, "source": source, "limit": BATCH}).fetchall():
        for page, url, title, date, of, state, reason, version, key in rows:
            read = None if version is None else _read(db, page, version)
            unread = _unread(db, page, "" if read is None else read.fetched, since or "")
            if read is not None and since is not None and read.fetched < since:
                read = None
            if read is not None or unread:
                record = None if version is None else shown(db, version)
                link = Link(url, "notice", title, date)
                yield Standing(page, link, of, state, reason, key, record, read, unread)
        after = rows[-1][0]


def count(db: sqlite3.Connection, source: str | None, after: int) -> int:
    """How many pages `standing` goes through, for whoever shows how far it is."""
    sql = f"SELECT count(*) FROM ({_PAGES})"
    return int(db.execute(sql, {"after": after, "source": source, "limit": -1}).fetchone()[0])


_PAGES = (
    "SELECT p.id, p.fetch_url, p.title, p.date, p.source, p.state, p.reason, p.version, d.key "
    "FROM page p LEFT JOIN document d ON d.id = p.document WHERE p.id > :after AND p.role = 'notice' "
    "AND (:source IS NULL OR p.source = :source) AND d.hidden IS NULL ORDER BY p.id LIMIT :limit"
)


def part(db: sqlite3.Connection, url: str, run: int | None, fetched: str) -> CaptureRow | None:
    """The answer that belongs to a document fetched then as its part at `url`: of the same run, else the nearest."""
    row = db.execute(
        "SELECT c.id FROM capture c JOIN page p ON p.id = c.page WHERE p.url = :url "
        "AND c.status BETWEEN 200 AND 299 AND c.withdrawn IS NULL "
        "ORDER BY c.run IS :run DESC, abs(julianday(c.fetched) - julianday(:fetched)), c.id LIMIT 1",
        {"url": page_url(db, url), "run": run, "fetched": fetched},
    ).fetchone()
    return None if row is None else capture(db, int(row[0]))


def _read(db: sqlite3.Connection, page: int, version: int) -> CaptureRow | None:
    """The newest answer in which the page's present version was read; one that is no longer readable does not count."""
    row = db.execute(
        "SELECT id FROM capture WHERE id IN (SELECT capture FROM visit WHERE page = :page AND version = :version "
        "UNION SELECT capture FROM version WHERE id = :version) AND status <> 304 AND withdrawn IS NULL "
        "ORDER BY fetched DESC, id DESC LIMIT 1",
        {"page": page, "version": version},
    ).fetchone()
    return None if row is None else capture(db, int(row[0]))


def _unread(db: sqlite3.Connection, page: int, after: str, since: str) -> tuple[CaptureRow, ...]:
    """Whole answers fetched after a time that ended without a record, though there may be one in them."""
    rows = db.execute(
        "SELECT max(c.id), max(c.fetched) FROM capture c JOIN visit v ON v.capture = c.id AND v.page = c.page "
        "WHERE c.page = :page AND c.fetched > :after AND c.fetched >= :since AND c.status BETWEEN 200 AND 299 "
        "AND c.withdrawn IS NULL AND v.state IN ('quarantined', 'blocked', 'gone') "
        "GROUP BY coalesce(c.content_sha256, c.sha256) ORDER BY 2 DESC, 1 DESC LIMIT :tries",
        {"page": page, "after": after, "since": since, "tries": TRIES},
    ).fetchall()
    found = (capture(db, int(row[0])) for row in rows)
    return tuple(row for row in found if row is not None)
