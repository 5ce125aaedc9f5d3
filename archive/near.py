"""Near-duplicates: texts that are almost the same are linked with their similarity, never merged.

A document is signed once (MinHash of its shingles) and filed under BANDS keys; documents that share a key are
candidates, and their particulars decide (see wording.py). All of it lies in SQLite, so adding one document costs the
same however many there are: BANDS look-ups, each cut at BUCKET documents, and at most CANDIDATES comparisons.
"""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from operator import eq

from archive.model import Record
from archive.wording import Particulars, particulars

PERMUTATIONS, BANDS, ROWS = 128, 25, 5  # candidates from a Jaccard of 0.5 on; found with 0.99 from 0.7 on
SEED = 20170912
BUCKET, CANDIDATES = 100, 200
SHORTEST = 50  # shingles, about 100 characters; a shorter text says too little to be a copy of anything

COMMON_WORDING = 0.8  # of the shorter text's shingles
COMMON_NUMBERS = 0.85  # of the fewer numbers, each as often as it stands
COMMON_YEARS = 0.5  # the same for the years among them


@dataclass(frozen=True, slots=True)
class Near:
    """Another document that says almost the same; `similarity` is the share of common wording (Jaccard), 0 to 1."""

    document: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Signed:
    """What is kept of a document; numbers and names are hashes, `often` those of the names that stand there twice."""

    signature: array[int]
    bands: tuple[int, ...]
    size: int
    year: int | None
    agency: str | None
    numbers: Counter[int]
    names: frozenset[int]
    often: frozenset[int]


def schema(db: sqlite3.Connection) -> None:
    """Create the tables of signatures and links where they are missing."""
    for statement in _TABLES.split(";\n"):
        db.execute(statement)


_TABLES = """
CREATE TABLE IF NOT EXISTS near_document (
  document INTEGER PRIMARY KEY,
  signature BLOB NOT NULL, -- 128 numbers of 32 bits
  size INTEGER NOT NULL, -- different shingles
  year INTEGER, -- its title names
  agency TEXT, -- its title names
  numbers BLOB NOT NULL,
  names BLOB NOT NULL,
  often BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS near_band (
  band INTEGER NOT NULL, -- 64 bits of hash over five numbers of the signature and their place in it
  document INTEGER NOT NULL,
  PRIMARY KEY (band, document)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS near_link ( -- each pair stands in both directions
  document INTEGER NOT NULL,
  other INTEGER NOT NULL,
  similarity REAL NOT NULL,
  PRIMARY KEY (document, other)
) WITHOUT ROWID
"""


def add(db: sqlite3.Connection, document: int, record: Record) -> list[Near]:
    """Sign a document and link it to those that are near, inside the caller's transaction; replaces what was there."""
    return link(db, document, sign(record))


def sign(record: Record) -> Signed | None:
    """What is kept of a record; None for a text too short to be a copy. Pure, so that another process can do it."""
    parts = particulars(record)
    return None if len(parts.shingles) < SHORTEST else _sign(parts)


def link(db: sqlite3.Connection, document: int, signed: Signed | None) -> list[Near]:
    """File a document under its keys and link it to those that are near; replaces what was there."""
    remove(db, document)
    if signed is None:
        return []
    compared = ((other, _similarity(db, signed, other)) for other in _candidates(db, signed.bands))
    found = [Near(other, similarity) for other, similarity in compared if similarity is not None]
    _keep(db, document, signed)
    for near in found:
        both = [(document, near.document, near.similarity), (near.document, document, near.similarity)]
        db.executemany("INSERT INTO near_link (document, other, similarity) VALUES (?, ?, ?)", both)
    return _ordered(found)


def remove(db: sqlite3.Connection, document: int) -> None:
    """Forget a document's signature and links."""
    row = db.execute("SELECT signature FROM near_document WHERE document = ?", [document]).fetchone()
    if row is None:
        return
    keys = [(band, document) for band in _bands(array("I", row[0]))]
    db.executemany("DELETE FROM near_band WHERE band = ? AND document = ?", keys)
    for (other,) in db.execute("SELECT other FROM near_link WHERE document = ?", [document]).fetchall():
        db.execute("DELETE FROM near_link WHERE document = ? AND other = ?", [other, document])
    db.execute("DELETE FROM near_link WHERE document = ?", [document])
    db.execute("DELETE FROM near_document WHERE document = ?", [document])


def links(db: sqlite3.Connection, document: int) -> list[Near]:
    """The documents near this one, most similar first."""
    rows = db.execute("SELECT other, similarity FROM near_link WHERE document = ?", [document])
    return _ordered(Near(other, similarity) for other, similarity in rows)


def _ordered(found: Iterable[Near]) -> list[Near]:
    return sorted(found, key=lambda near: (-near.similarity, near.document))


def _sign(parts: Particulars) -> Signed:
    # Imported here: an archive is read, links and all, where rensa is not installed.
    from rensa import RMinHash  # type: ignore[import-untyped]  # a Rust module without stubs

    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(list(parts.shingles))  # a third faster from a list
    signature = array("I", minhash.digest())
    return Signed(
        signature,
        tuple(_bands(signature)),
        len(parts.shingles),
        parts.year,
        parts.agency,
        Counter({_hash(number): count for number, count in parts.numbers.items()}),
        frozenset(_hash(name) for name in parts.names),
        frozenset(_hash(name) for name, count in parts.names.items() if count > 1),
    )


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


_YEARS = frozenset(_hash(str(year)) for year in range(1949, 2100))


def _bands(signature: array[int]) -> list[int]:
    """The keys a document is filed under: equal keys mean that five numbers of the signatures agree."""
    keys = []
    for band in range(BANDS):
        rows = signature[band * ROWS : (band + 1) * ROWS].tobytes()
        keys.append(int.from_bytes(blake2b(bytes([band]) + rows, digest_size=8).digest(), signed=True))
    return keys


def _candidates(db: sqlite3.Connection, bands: tuple[int, ...]) -> list[int]:
    """The documents that share most keys, newest first within a crowded key."""
    shared = Counter(row[0] for row in db.execute(_SHARING, bands))
    return [document for document, _ in shared.most_common(CANDIDATES)]


_ONE_KEY = f"SELECT * FROM (SELECT document FROM near_band WHERE band = ? ORDER BY document DESC LIMIT {BUCKET})"
_SHARING = " UNION ALL ".join([_ONE_KEY] * BANDS)


def _similarity(db: sqlite3.Connection, one: Signed, other: int) -> float | None:
    """The similarity to another document, or None when it is not the same text; the cheap questions come first."""
    sql = "SELECT signature, size, year, agency FROM near_document WHERE document = ?"
    signature, size, year, agency = db.execute(sql, [other]).fetchone()
    if one.year is not None and year is not None and one.year != year:
        return None
    jaccard: float = sum(map(eq, one.signature, array("I", signature))) / PERMUTATIONS
    common = jaccard * (one.size + size) / (1 + jaccard)
    if common < COMMON_WORDING * min(one.size, size):
        return None
    if one.agency and agency and not (_abbreviates(one.agency, agency) or _abbreviates(agency, one.agency)):
        return None
    sql = "SELECT numbers, names, often FROM near_document WHERE document = ?"
    numbers, names, often = (array("I", blob) for blob in db.execute(sql, [other]).fetchone())
    # Each speaks repeatedly of somebody the other never names: two agencies, one template.
    if not one.often.issubset(names) and not one.names.issuperset(often):
        return None
    return round(jaccard, 2) if _agree(one.numbers, Counter(numbers)) else None


def _agree(one: Counter[int], two: Counter[int]) -> bool:
    """Whether most numbers of two documents, and most years among them, are the same."""
    shared = one & two
    return all(
        _count(shared, among) >= share * min(_count(one, among), _count(two, among))
        for share, among in ((COMMON_NUMBERS, None), (COMMON_YEARS, _YEARS))
    )


def _count(numbers: Counter[int], among: frozenset[int] | None) -> int:
    return sum(count for number, count in numbers.items() if among is None or number in among)


def _abbreviates(short: str, long: str) -> bool:
    """Whether the characters of one name stand in the other in order, as in 火炬高区 for 火炬高技术产业开发区."""
    characters = iter(long)
    return all(character in characters for character in short)


def _keep(db: sqlite3.Connection, document: int, signed: Signed) -> None:
    blobs = [array("I", sorted(hashes)).tobytes() for hashes in (signed.numbers.elements(), signed.names, signed.often)]
    values = [document, signed.signature.tobytes(), signed.size, signed.year, signed.agency, *blobs]
    db.execute("INSERT INTO near_document VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    db.executemany("INSERT INTO near_band (band, document) VALUES (?, ?)", [(band, document) for band in signed.bands])
