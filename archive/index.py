"""The full-text index: what of a document can be found, put into a contentless FTS5 table of character pairs.

The index is a function of the documents and can be built again at any time. It holds no text of its own, so a document
is taken out by handing back the same entry that was put in, which a digest checks (`contentless_delete` would spare
that, but a SQLite before 3.43 could then no longer open the file).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from archive.bigrams import SPACE, TOKENIZER, pairs, spread
from archive.facts import ALL, FIELD_MARKS, WORD_MARK, dated, fact, number_key
from archive.folding import sequence
from archive.model import Record
from archive.words import COMMON

# Newest first is the order of the rowids: a day has DAY_SLOTS of them, undated documents lie below FIRST_DATED. Few, as
# every posting holds the distance to the one before (4096 made the index a tenth of the text larger); enough for a
# million documents in twenty years.
DAY_SLOTS = 256
FIRST_DATED = 1 << 28
_EPOCH = date(1900, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a document; `document` is its row id, `hosts` those of all its appearances."""

    document: int
    record: Record
    source: str | None = None
    hosts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # texts of the files it links to: found like its own


@dataclass(frozen=True, slots=True)
class Tokens:
    """An entry as the index takes it: the tokens of text, title and heads, a digest of them, and its day."""

    columns: tuple[str, str, str]
    digest: bytes
    day: int | None


# Row id in the index, and what stands there.
Placed = tuple[int, Tokens]


class IndexMismatchError(ValueError):
    """An entry to take out that is not what was put in: the index must be built again."""


def schema(db: sqlite3.Connection) -> None:
    """Create the tables of the index where they are missing."""
    tokenizer = TOKENIZER.replace("'", "''")
    # `text` comes first because FTS5 names the column of every other one in every posting.
    db.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(text, title, heads, content='', tokenize='{tokenizer}')"
    )
    db.execute(
        "CREATE TABLE IF NOT EXISTS search_document ("
        "place INTEGER PRIMARY KEY, document INTEGER NOT NULL UNIQUE, digest BLOB NOT NULL)"
    )
    db.execute("CREATE TABLE IF NOT EXISTS search_word (word TEXT PRIMARY KEY) WITHOUT ROWID")
    if db.execute("SELECT 1 FROM search_document LIMIT 1").fetchone() is None:
        _learn(db)


def words(db: sqlite3.Connection) -> frozenset[str]:
    """The phrases that have a token of their own in this index."""
    return frozenset(row[0] for row in db.execute("SELECT word FROM search_word"))


def _learn(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM search_word")
    db.executemany("INSERT OR IGNORE INTO search_word (word) VALUES (?)", [(sequence(word),) for word in COMMON])


def index(db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Put documents in, inside the caller's transaction; many at once are cheaper than one by one."""
    common = words(db)
    fill(db, [place(db, entry.document, tokens(entry, common)) for entry in entries])


def tokens(entry: Entry, common: frozenset[str]) -> Tokens:
    """What the index takes of an entry; `common` is what `words` says. Pure, so that another process can do it."""
    columns = _columns(entry, common)
    return Tokens(columns, _digest(columns), _day(entry.record.published) or _day(entry.record.written))


def place(db: sqlite3.Connection, document: int, made: Tokens) -> Placed:
    """Give a document its place in the index; `fill` must follow."""
    row = _free_place(db, made.day)
    values = [row, document, made.digest]
    db.execute("INSERT INTO search_document (place, document, digest) VALUES (?, ?, ?)", values)
    return row, made


def fill(db: sqlite3.Connection, placed: Iterable[Placed]) -> None:
    """Put the words of documents at their places."""
    # FTS5 starts a new segment whenever a rowid is lower than the one before.
    rows = sorted(((row, *made.columns) for row, made in placed), key=itemgetter(0))
    db.executemany("INSERT INTO search (rowid, text, title, heads) VALUES (?, ?, ?, ?)", rows)


def unindex(db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Take documents out by the very entries that were put in; one that is not indexed is passed over.

    Raises IndexMismatchError when an entry differs from what was indexed: taking out other words would spoil the index.
    """
    common = words(db)
    for entry in entries:
        row = db.execute("SELECT place, digest FROM search_document WHERE document = ?", [entry.document]).fetchone()
        if row is None:
            continue
        made = tokens(entry, common)
        if bytes(row[1]) != made.digest:
            raise IndexMismatchError(
                f"search index: document {entry.document} was indexed with other words; run: gongbao reindex"
            )
        sql = "INSERT INTO search (search, rowid, text, title, heads) VALUES ('delete', ?, ?, ?, ?)"
        db.execute(sql, [row[0], *made.columns])
        db.execute("DELETE FROM search_document WHERE document = ?", [entry.document])


def clear(db: sqlite3.Connection) -> None:
    """Empty the index, to build it again from the documents."""
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    db.execute("DELETE FROM search_document")
    _learn(db)


def compact(db: sqlite3.Connection) -> None:
    """Merge the index into one segment: smaller, faster, and without a trace of what was taken out (after a VACUUM)."""
    db.execute("INSERT INTO search (search) VALUES ('optimize')")


def _columns(entry: Entry, common: frozenset[str]) -> tuple[str, str, str]:
    """The tokens of a document: text, title, and everything that is found by field or as a whole phrase."""
    record = entry.record
    text, title = sequence("\n".join([record.text or "", *entry.files])), sequence(record.title or "")
    heads = [ALL, *(WORD_MARK + word.replace(" ", SPACE) for word in sorted(common) if word in text or word in title)]
    for name, mark in FIELD_MARKS.items():
        value = getattr(record, name)
        if name == "document_number" and value is not None:
            value = number_key(value) or value
        heads.append(pairs(value or "", mark))
    heads += dated("year", None if record.report_year is None else str(record.report_year))
    heads += dated("published", record.published) + dated("written", record.written)
    exact = [("integrity", record.integrity), ("source", entry.source), ("division", record.division)]
    exact += [("site", domain) for host in entry.hosts for domain in _domains(host)]
    heads += dict.fromkeys(fact(name, value) for name, value in exact if value)
    return spread(text), spread(title), " ".join(token for token in heads if token)


def _domains(host: str) -> list[str]:
    """A host and every domain it belongs to: www.jl.gov.cn is found by site:jl.gov.cn and site:gov.cn."""
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def _digest(columns: tuple[str, ...]) -> bytes:
    return hashlib.blake2b("\n".join(columns).encode(), digest_size=8).digest()


def _free_place(db: sqlite3.Connection, day: int | None) -> int:
    """A row id for the index whose order is the order of time; a day that is full overflows into the next."""
    start, end = (
        (1, FIRST_DATED) if day is None else (FIRST_DATED + day * DAY_SLOTS, FIRST_DATED + (day + 1) * DAY_SLOTS)
    )
    while True:
        row = db.execute(
            "SELECT max(place) FROM search_document WHERE place >= ? AND place < ?", [start, end]
        ).fetchone()
        place = start if row[0] is None else int(row[0]) + 1
        if place < end:
            return place
        start, end = end, end + DAY_SLOTS


def _day(value: str | None) -> int | None:
    """Days since 1900; None for a date before it, or for what is no date."""
    if value is None:
        return None
    try:
        return max(0, date.fromisoformat((value[:10] + "-01-01")[:10]).toordinal() - _EPOCH)
    except ValueError:
        return None
