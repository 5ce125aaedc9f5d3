"""How far each run read each list, and what the lists named: evidence for "nothing was missed" and for "it left".

`sweep` has a row per list and run. A big list is not read whole in every run: a round goes through all its pages in
several runs, each going on at `upto` where the one before stopped. `entry` says which URLs a list named, since when and
until when; `left` is set when a complete round did not come by an entry any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from typing import Literal

from archive.dedup import canonical_url
from archive.model import Link
from archive.records import unicode_only
from archive.twins import page_url

# Why a list was not read further in a run; a closed set, part of `runs --json`.
StopReason = Literal[
    "end",  # the list said that it ends here, or has no next page
    "known",  # a list of a big source: only entries we know, and its totals agree; the rest is read in other runs
    "cap",  # LIST_PAGES pages were read
    "empty",  # a page without entries
    "404",  # the next page is not there
    "repeated",  # it shows a page again that was shown before
    "off-column",  # the next page belongs to another column
    "unreadable",  # a page that cannot be read as a list
    "blocked",  # a challenge or refusal instead of the page
    "failed",  # no usable answer
    "skipped",  # robots.txt, or a next page out of the source's scope
    "redirected",  # sent to a page met before
    "interrupted",  # the run ended first
]
Round = Literal[
    "open",  # goes on at `upto` in the next run
    "complete",  # every page from the first to the end was read
    "cut",  # nothing to go on with, but not at the end of the list either
]


@dataclass(frozen=True, slots=True)
class ListSweep:
    """How far one run read one list. `rows`: entries seen on `pages` pages; counts are those the list states."""

    url: str
    pages: int = 0
    rows: int = 0
    record_count: int | None = None
    page_count: int | None = None
    stop_reason: StopReason | None = None  # None while the run is open
    fresh: int = 0  # entries this archive had not met before
    first_rows: int = 0  # entries of the first page
    note: str | None = None
    held: int | None = None  # entries of the list that have not left it, when this run could compare them with 共N条
    round: Round | None = None
    began: str | None = None  # when the round began
    upto: str | None = None  # the page at which an open round goes on


@dataclass(frozen=True, slots=True)
class Naming:
    """A list that named a URL; `left` is when a complete round had not come by it any more."""

    list: str
    first_seen: str
    last_seen: str
    left: str | None


SCHEMA = """
CREATE TABLE sweep ( -- how far a run read a list
  run INTEGER NOT NULL REFERENCES run(id),
  url TEXT NOT NULL, -- of the list, as the registry names it
  pages INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  record_count INTEGER,
  page_count INTEGER,
  stop_reason TEXT,
  fresh INTEGER NOT NULL,
  first_rows INTEGER NOT NULL,
  note TEXT,
  held INTEGER,
  round TEXT,
  began TEXT,
  upto TEXT,
  PRIMARY KEY (run, url)
) WITHOUT ROWID;
CREATE TABLE entry ( -- a URL that a list named
  list INTEGER NOT NULL REFERENCES page(id), -- the list's first page
  page INTEGER NOT NULL REFERENCES page(id),
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  left TEXT, -- when a complete round had not come by it any more
  PRIMARY KEY (list, page)
) WITHOUT ROWID;
CREATE INDEX entry_page ON entry(page);
"""
_COLUMNS = tuple(field.name for field in fields(ListSweep))
_PUT = f"INSERT OR REPLACE INTO sweep (run, {', '.join(_COLUMNS)}) VALUES (?{', ?' * len(_COLUMNS)})"  # one row, whole


def schema(db: sqlite3.Connection) -> None:
    """Make the tables."""
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            db.execute(statement)


def put(db: sqlite3.Connection, run: int, sweep: ListSweep) -> None:
    """Set down how far a list was read by now."""
    db.execute(_PUT, [run, *astuple(sweep)])


@lru_cache(4096)  # a list page asks for each of its rows several times
def stored(url: str) -> str:
    """A URL as a run compares it; what the table of pages calls it is told by twins.page_url."""
    return unicode_only(canonical_url(url))


def columns(of: str) -> str:
    """The columns that make a ListSweep, of the table called `of` in a query."""
    return ", ".join(f"{of}.{name}" for name in _COLUMNS)


def name(db: sqlite3.Connection, list_url: str, links: Iterable[Link], at: str) -> None:
    """Set down what a list names; an entry that had left it is back."""
    sql = (
        "INSERT INTO entry (list, page, first_seen, last_seen) SELECT l.id, p.id, :at, :at FROM page l, page p "
        "WHERE l.url = :list AND p.url = :page ON CONFLICT DO UPDATE SET left = NULL, "
        "last_seen = max(last_seen, excluded.last_seen)"
    )
    place = page_url(db, list_url)
    db.executemany(sql, [{"at": at, "list": place, "page": page_url(db, link.url)} for link in links])


def naming(db: sqlite3.Connection, url: str) -> list[Naming]:
    """The lists that name a URL, or did."""
    sql = (
        "SELECT l.fetch_url, e.first_seen, e.last_seen, e.left FROM entry e JOIN page l ON l.id = e.list "
        "JOIN page p ON p.id = e.page WHERE p.url = ? ORDER BY e.first_seen, l.url"
    )
    return [Naming(*row) for row in db.execute(sql, [page_url(db, url)]).fetchall()]


def depart(db: sqlite3.Connection, list_url: str, began: str, at: str) -> list[Link]:
    """Mark the entries that a complete round, begun at `began`, did not come by; give them."""
    sql = (
        "UPDATE entry SET left = ? WHERE left IS NULL AND last_seen < ? AND list = (SELECT id FROM page WHERE url = ?) "
        "RETURNING page"
    )
    gone = db.execute(sql, [at, began, page_url(db, list_url)]).fetchall()
    links = []
    for (page,) in gone:
        url, title, date = db.execute("SELECT fetch_url, title, date FROM page WHERE id = ?", [page]).fetchone()
        links.append(Link(url, "notice", title, date))
    return links


def of_run(db: sqlite3.Connection, run: int) -> tuple[ListSweep, ...]:
    """The lists of a run, in the order of their URLs."""
    rows = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM sweep WHERE run = ? ORDER BY url", [run]).fetchall()
    return tuple(ListSweep(*row) for row in rows)


def merge(db: sqlite3.Connection, theirs: sqlite3.Connection, runs: dict[int, int], pages: dict[int, int]) -> None:
    """Take over the sweeps and entries of another archive; `runs` and `pages` translate its ids."""
    for (run,) in theirs.execute("SELECT DISTINCT run FROM sweep").fetchall():
        ours = {one.url: one for one in of_run(db, runs[run])}
        for one in of_run(theirs, run):
            if one.url not in ours or _weight(one) > _weight(ours[one.url]):
                put(db, runs[run], one)
    sql = (
        "INSERT INTO entry (list, page, first_seen, last_seen, left) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "first_seen = min(first_seen, excluded.first_seen), "
        "left = CASE WHEN last_seen > excluded.last_seen THEN left WHEN last_seen < excluded.last_seen "
        "THEN excluded.left ELSE nullif(max(coalesce(left, ''), coalesce(excluded.left, '')), '') END, "
        "last_seen = max(last_seen, excluded.last_seen)"
    )
    rows = theirs.execute("SELECT list, page, first_seen, last_seen, left FROM entry").fetchall()
    db.executemany(sql, [[pages[place], pages[page], *told] for place, page, *told in rows])


def _weight(sweep: ListSweep) -> tuple[bool, int, int, tuple[str, ...]]:
    """Of two tellings of one sweep the one that got further stands; what else is compared only settles ties."""
    return sweep.stop_reason is not None, sweep.pages, sweep.rows, tuple(str(value) for value in astuple(sweep))
