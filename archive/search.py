"""Full-text search: which documents match a query, and what it means to come first.

Order of hits: clean copies before suspect and cloned ones; hits whose title holds the terms before hits in the text;
and within these bm25 (title weighs 5) while the query has at most RANKED hits. A query with more hits is about what
half the archive holds, where bm25 has nothing to tell apart and costs seconds: there the newest come first, by the
published date, else the written one. The total is always exact.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.index import words
from archive.query import Query, parse

RANKED = 2000  # hits up to which bm25 reads them all: about 10 ms

_PREFIX = '" *'  # of a single character without a token of its own: FTS5 reads the lists of thousands of pairs, once
_UNCLEAN = '("ｆintegrity=suspect" OR "ｆintegrity=cloned")'


@dataclass(frozen=True, slots=True)
class Found:
    """One page of an answer: how many documents match in all, and the row ids of these, best first."""

    total: int
    documents: tuple[int, ...]
    query: Query


def find(
    db: sqlite3.Connection, query: Query | str, *, limit: int | None = 20, offset: int = 0, newest: bool = False
) -> Found:
    """The documents that match, `limit` of them (None: all) from `offset` on; QueryError for what is no query.

    `newest` puts the latest dates first instead of the best matches; clean copies still come before the others.
    """
    asked = parse(query) if isinstance(query, str) else query
    everywhere = asked.everywhere(words(db))
    if _PREFIX in everywhere:
        hits = _matching(db, everywhere)
        total = len(hits)
    else:
        hits = None
        total = int(db.execute("SELECT count(*) FROM search WHERE search MATCH ?", [everywhere]).fetchone()[0])
    wanted = max(0, total - offset) if limit is None else max(0, min(limit, total - offset))
    if wanted == 0:
        places = []
    elif newest:
        places = _newest(db, everywhere, None, wanted, offset)
    elif total <= RANKED:
        places = _ranked(db, asked)[offset : offset + wanted]
    elif hits is not None:
        places = _sorted(db, hits, asked)[offset : offset + wanted]
    else:
        places = _newest(db, everywhere, asked.in_titles(), wanted, offset)
    return Found(total, _documents(db, places), asked)


def _ranked(db: sqlite3.Connection, query: Query) -> list[int]:
    """Every hit in order, by bm25 within its tier."""
    scores = "SELECT rowid, bm25(search, 1.0, 5.0, 0.0) FROM search WHERE search MATCH ?"
    return _sorted(db, {int(row[0]): float(row[1]) for row in db.execute(scores, [query.everywhere()])}, query)


def _sorted(db: sqlite3.Connection, hits: dict[int, float], query: Query) -> list[int]:
    """Hits by tier, then by score (lower is better), then newest first."""
    in_titles = query.in_titles()
    titled = _matching(db, in_titles) if in_titles else {}
    unclean = _matching(db, f"{query.everywhere()} AND {_UNCLEAN}")
    return sorted(hits, key=lambda place: (place in unclean, place not in titled, hits[place], -place))


def _matching(db: sqlite3.Connection, expression: str) -> dict[int, float]:
    """The places that match, each with the same score."""
    return {int(row[0]): 0.0 for row in db.execute("SELECT rowid FROM search WHERE search MATCH ?", [expression])}


def _newest(db: sqlite3.Connection, everywhere: str, in_titles: str | None, wanted: int, offset: int) -> list[int]:
    """The hits of one page, newest first within their tier; reads no further than the page needs."""
    tiers = [f"{everywhere} NOT {_UNCLEAN}", f"{everywhere} AND {_UNCLEAN}"]
    if in_titles:
        tiers[:1] = [f"{in_titles} NOT {_UNCLEAN}", f"{everywhere} NOT ({in_titles} OR {_UNCLEAN})"]
    places: list[int] = []
    sql = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ? OFFSET ?"
    for tier in tiers:
        rows = db.execute(sql, [tier, wanted - len(places), offset]).fetchall()
        places += [int(row[0]) for row in rows]
        if len(places) == wanted:
            break
        if rows:
            offset = 0
        elif offset:
            offset -= int(db.execute("SELECT count(*) FROM search WHERE search MATCH ?", [tier]).fetchone()[0])
    return places


def _documents(db: sqlite3.Connection, places: list[int]) -> tuple[int, ...]:
    sql = "SELECT document FROM search_document WHERE place = ?"
    return tuple(int(db.execute(sql, [place]).fetchone()[0]) for place in places)
