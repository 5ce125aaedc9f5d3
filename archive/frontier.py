"""What is known of every URL: when it was met, how it ended last, and what an interrupted run left undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.model import Link, Role, State
from archive.records import document_key, unicode_only
from archive.twins import page_url

# A page that was fetched and read says more than one that was not: only the former replaces an end given before.
READ: frozenset[State] = frozenset({"listed", "new", "changed", "unchanged", "duplicate", "quarantined", "gone"})
NO_END: frozenset[State] = frozenset({"pending", "interrupted"})
# Ends that say nothing of the page itself: whatever a visit finds out replaces them.
UNASKED: frozenset[State] = NO_END | {"known"}


def page_of(db: sqlite3.Connection, link: Link, source: str, at: str) -> int:
    """The row of a URL, made when it is met for the first time; what a list says of it is kept."""
    url = page_url(db, link.url)
    title = None if link.title is None else unicode_only(link.title)
    row = db.execute(
        "INSERT INTO page (url, key, fetch_url, source, role, state, title, date, first_seen, last_seen) "
        "VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET fetch_url = excluded.fetch_url, "
        "title = coalesce(excluded.title, title), date = coalesce(excluded.date, date) RETURNING id",
        [url, document_key(url), unicode_only(link.url), source, link.role, title, link.date, at, at],
    ).fetchone()
    return int(row[0])


def meet(db: sqlite3.Connection, run: int, source: str, links: Iterable[Link], at: str) -> list[Link]:
    """Register URLs as pending in a run; give those the run had not met before, in order, each once."""
    fresh = []
    for link in links:
        page = page_of(db, link, source, at)
        sql = "INSERT OR IGNORE INTO visit (run, page, state, at) VALUES (?, ?, 'pending', ?) RETURNING page"
        if db.execute(sql, [run, page, at]).fetchone() is not None:
            fresh.append(link)
    return fresh


def pass_over(db: sqlite3.Connection, run: int, links: Iterable[Link], at: str) -> None:
    """End pending URLs of a run as `known`; what is known of their pages stays as it is."""
    sql = (
        "UPDATE visit SET state = 'known', at = ? WHERE run = ? AND state = 'pending' "
        "AND page = (SELECT id FROM page WHERE url = ?)"
    )
    db.executemany(sql, [[at, run, page_url(db, link.url)] for link in links])


def unfinished(db: sqlite3.Connection, run: int) -> list[Link]:
    """What earlier runs of the same source met and never ended, oldest first, unless a later run met it again."""
    rows = db.execute(
        "SELECT DISTINCT p.id, p.fetch_url, p.role, p.title, p.date FROM visit v JOIN page p ON p.id = v.page "
        "JOIN run r ON r.id = v.run JOIN run me ON me.id = ? "
        "WHERE v.state = 'interrupted' AND r.source = me.source AND r.id < me.id AND NOT EXISTS (SELECT 1 FROM visit w "
        "JOIN run x ON x.id = w.run WHERE w.page = v.page AND w.run > v.run AND x.source = r.source) "
        "ORDER BY p.id",
        [run],
    ).fetchall()
    return [Link(url, _role(role), title, date) for _, url, role, title, date in rows]


@dataclass(frozen=True, slots=True)
class End:
    """How a URL ended in a run: state and reason, the capture and version it rests on, and when."""

    state: State
    reason: str | None
    capture: int | None
    version: int | None
    at: str


def end(db: sqlite3.Connection, run: int, page: int, how: End) -> State:
    """End a URL in a run and give the state that stands.

    The first end stands, so that no URL counts twice; but a page that was read replaces an end without reading
    (a 302 to itself that sets a cookie is `redirected`, then `new`).
    """
    row = db.execute("SELECT state FROM visit WHERE run = ? AND page = ?", [run, page]).fetchone()
    before: State | None = None if row is None else row[0]
    if before is not None and before not in UNASKED and not (how.state in READ and before not in READ):
        return before
    db.execute(
        "INSERT INTO visit (run, page, state, reason, capture, version, at) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (run, page) DO UPDATE SET state = excluded.state, reason = excluded.reason, "
        "capture = excluded.capture, version = excluded.version, at = excluded.at",
        [run, page, how.state, how.reason, how.capture, how.version, how.at],
    )
    return how.state


def remember(db: sqlite3.Connection, page: int, role: Role, state: State, reason: str | None, at: str) -> None:
    """Set the page's state as of its last end; `gone` counts from when it was first found gone until it is back."""
    db.execute("UPDATE page SET role = ?, state = ?, reason = ? WHERE id = ?", [role, state, reason, page])
    if state == "gone":
        db.execute("UPDATE page SET gone = ?, gone_reason = ? WHERE id = ? AND gone IS NULL", [at, reason, page])
    elif state in READ and state != "quarantined":
        sql = "UPDATE page SET gone = NULL, gone_reason = NULL, last_seen = max(last_seen, ?) WHERE id = ?"
        db.execute(sql, [at, page])


def _role(text: str) -> Role:
    return "listing" if text == "listing" else "attachment" if text == "attachment" else "notice"
