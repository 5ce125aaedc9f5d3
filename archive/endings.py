"""How the URLs of one run ended, each with the stored answer and the record it rests on: what a replay is held against.

What a takedown hides is told as hidden, without a word of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.answers import CaptureRow
from archive.attachments import lent
from archive.lookup import capture, shown
from archive.model import Extract, Link, Record
from archive.twins import page_url

BATCH = 500


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of one URL in one run. `fresh`: no earlier run had met it; `hidden`: a takedown keeps it from sight.

    `file` is what the archive holds of the bytes of a file.
    """

    link: Link
    url: str  # canonical
    state: str
    reason: str | None
    answer: CaptureRow | None
    record: Record | None
    document: str | None
    hidden: bool
    fresh: bool
    file: Extract | None = None


def endings(db: sqlite3.Connection, run: int) -> Iterator[Ending]:
    """Every URL of a run, lists first, a batch at a time."""
    for listing in (True, False):
        after = 0
        while rows := db.execute(_SQL, [run, after, listing, BATCH]).fetchall():
            for _, fetch, url, role, title, date, state, reason, answer, version, key, hidden, fresh in rows:
                record = None if version is None or hidden else shown(db, version)
                link = Link(fetch, role, None if hidden else title, date)
                row = None if answer is None else capture(db, answer)
                out = bool(hidden) or (role == "attachment" and row is not None and lent(db, row.id) is False)
                file = None if row is None or out else _file(db, row.content_sha256)
                yield Ending(link, url, state, reason, row, record, key, out, bool(fresh), file)
            after = rows[-1][0]


_SQL = (
    "SELECT p.id, p.fetch_url, p.url, p.role, p.title, p.date, v.state, v.reason, v.capture, v.version, d.key, "
    "d.hidden, p.first_seen >= r.started FROM visit v JOIN run r ON r.id = v.run JOIN page p ON p.id = v.page "
    "LEFT JOIN version w ON w.id = v.version LEFT JOIN document d ON d.id = coalesce(w.document, p.document) "
    "WHERE v.run = ? AND p.id > ? AND (p.role = 'listing') = ? ORDER BY p.id LIMIT ?"
)


def _file(db: sqlite3.Connection, digest: str | None) -> Extract | None:
    row = db.execute(
        "SELECT f.kind, t.body, f.reason, f.reader FROM file f LEFT JOIN text t ON t.id = f.text "
        "WHERE f.sha256 = ? AND f.withdrawn IS NULL",
        [digest],
    ).fetchone()
    return None if row is None else Extract(*row)


def met(db: sqlite3.Connection, run: int, url: str) -> bool:
    """Whether a run met a URL, whatever became of it."""
    sql = "SELECT 1 FROM visit v JOIN page p ON p.id = v.page WHERE v.run = ? AND p.url = ?"
    return db.execute(sql, [run, page_url(db, url)]).fetchone() is not None


def sampled(db: sqlite3.Connection, run: int) -> bool:
    """Whether a run was a replay of fixtures that are a sample: it stopped where they do."""
    sql = "SELECT 1 FROM visit WHERE run = ? AND state = 'skipped' AND reason LIKE '%they are a sample' LIMIT 1"
    return db.execute(sql, [run]).fetchone() is not None


def held(db: sqlite3.Connection, run: int, url: str) -> CaptureRow | None:
    """The readable answer that a run stored of a URL."""
    row = db.execute(
        "SELECT max(c.id) FROM capture c JOIN page p ON p.id = c.page "
        "WHERE c.run = ? AND p.url = ? AND c.withdrawn IS NULL",
        [run, page_url(db, url)],
    ).fetchone()
    return None if row[0] is None else capture(db, int(row[0]))
