"""文号 series: which numbers of an issuer and year are held, missing, held twice, or out of the order of dates.

A gap is a number between the lowest and the highest held that no document has: it may be unpublished, classified, or
not found. Which of these is for a person to find out and to note with `explain`.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from archive.clock import now
from archive.errors import QuestionError
from archive.facts import number_key

_NUMBER = re.compile(r"(.+)\[(\d{4})\](\d+)号")


@dataclass(frozen=True, slots=True)
class Irregularity:
    """A number that is missing, held twice, or dated before a lower one; `note` is what a person found out about it."""

    number: str
    kind: str  # 'gap', 'duplicate' or 'order'
    ids: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one issuer's word (国办发) and year."""

    issuer: str
    year: int
    held: int
    first: int
    last: int
    irregularities: tuple[Irregularity, ...]


# (number, written or published date, document id)
_Held = tuple[int, str | None, str]


def series(db: sqlite3.Connection, issuer: str | None = None, year: int | None = None) -> list[Series]:
    """Every series, or those of an issuer's word or a year."""
    groups: dict[tuple[str, int], list[_Held]] = defaultdict(list)
    rows = db.execute(
        "SELECT document_number, coalesce(written, published), id FROM announcements WHERE document_number IS NOT NULL"
    )
    for value, dated, id in rows.fetchall():
        match = _NUMBER.fullmatch(number_key(value) or "")
        if match and issuer in (None, match[1]) and year in (None, int(match[2])):
            groups[match[1], int(match[2])].append((int(match[3]), dated, id))
    notes = dict(db.execute("SELECT number, note FROM explained").fetchall())
    return [
        _series(word, of, sorted(held, key=lambda one: one[0]), notes) for (word, of), held in sorted(groups.items())
    ]


def explain(db: sqlite3.Connection, number: str, note: str) -> str:
    """Note what was found out about a number, inside the caller's transaction; give its canonical spelling."""
    match = _NUMBER.fullmatch(number_key(number) or "")
    if match is None:
        raise QuestionError(f"{number}: not a 文号; expected one such as 国办发〔2024〕12号")
    spelled = _spelled(match[1], int(match[2]), int(match[3]))
    db.execute("INSERT OR REPLACE INTO explained (number, at, note) VALUES (?, ?, ?)", [spelled, now(), note])
    return spelled


def _series(word: str, year: int, held: list[_Held], notes: dict[str, str]) -> Series:
    numbers: dict[int, list[str]] = defaultdict(list)
    for number, _, id in held:
        numbers[number].append(id)
    first, last = held[0][0], held[-1][0]
    found: list[tuple[str, int, tuple[str, ...]]]
    found = [("gap", number, ()) for number in range(first, last) if number not in numbers]
    found += [("duplicate", number, tuple(ids)) for number, ids in numbers.items() if len(ids) > 1]
    found += [("order", number, (id,)) for number, id in _out_of_order(held)]
    told = []
    for kind, number, ids in sorted(found, key=lambda one: (one[1], one[0])):
        spelled = _spelled(word, year, number)
        told.append(Irregularity(spelled, kind, ids, notes.get(spelled)))
    return Series(word, year, len(numbers), first, last, tuple(told))


def _out_of_order(held: list[_Held]) -> list[tuple[int, str]]:
    """Numbers dated before the latest date of a lower number."""
    found, latest = [], ""
    for number, dated, id in held:
        if dated is None:
            continue
        if dated[:10] < latest:
            found.append((number, id))
        latest = max(latest, dated[:10])
    return found


def _spelled(word: str, year: int, number: int) -> str:
    return f"{word}〔{year}〕{number}号"
