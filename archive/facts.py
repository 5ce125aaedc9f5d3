"""The short fields of a record as tokens of the search index, so that text and filters are one question to one table.

Each fact is one token: ｆyear=2021, ｆsource=xianning, ｆpublished=2021-03. A date is there as its year, month and day,
so that a range is a handful of tokens.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from archive.bigrams import SPACE
from archive.folding import sequence
from archive.model import Integrity

ALL = "ａ"  # on every document: what NOT subtracts from
# Fields found by any part of them, each with the letter that keeps its pairs apart from those of the text.
FIELD_MARKS = {
    "title": "ｔ",
    "issuer": "ｉ",
    "origin": "ｏ",
    "document_number": "ｎ",
    "index_number": "ｘ",
    "topic": "ｃ",
}
WORD_MARK = "ｗ"  # a phrase of words.py
# Fields that are equal or not.
EXACT = ("source", "site", "integrity", "division")
DATES = ("year", "published", "written")

FIRST_YEAR, LAST_YEAR = 1949, 2099  # where an open range ends

_INTEGRITIES: tuple[Integrity, ...] = ("clean", "suspect", "cloned")
_DAY = re.compile(r"((?:19|20)\d\d)(?:-(\d\d?)(?:-(\d\d?))?)?")
# A 文号 with any of its brackets, DOMAIN.md section 2.4; the part before the year is what stands there.
_NUMBER = re.compile(r"(.*?)[\[(【〈]((?:19|20)\d\d)年?[\])】〉]第?0*(\d{1,5})号(.*)")


def fact(name: str, value: str) -> str:
    """The token of an exact fact; ValueError with one line when the field cannot have that value."""
    spelled = sequence(value).replace(" ", SPACE)
    if name == "integrity" and spelled not in _INTEGRITIES:
        raise ValueError(f"integrity: expects one of {', '.join(_INTEGRITIES)}, found {value!r}")
    return f"ｆ{name}={spelled}"


def dated(name: str, value: str | None) -> list[str]:
    """The tokens of a date as a record holds it: its year, month and day as far as it has them.

    >>> dated("published", "2021-03-04T10:00:00+08:00")
    ['ｆpublished=2021', 'ｆpublished=2021-03', 'ｆpublished=2021-03-04']
    """
    if value is None or (match := _DAY.match(value)) is None:
        return []
    parts = [part if index == 0 else f"{int(part):02d}" for index, part in enumerate(match.groups()) if part]
    return [f"ｆ{name}=" + "-".join(parts[: count + 1]) for count in range(len(parts))]


def between(name: str, value: str) -> tuple[str, ...]:
    """The tokens of which a document in the range has one; `value` is a date or two around `..` (one may be absent).

    >>> between("published", "2020-12..2022-01-02")
    ('ｆpublished=2020-12', 'ｆpublished=2021', 'ｆpublished=2022-01-01', 'ｆpublished=2022-01-02')
    """
    start, dots, end = sequence(value).partition("..")
    if name == "year" and (len(start) > 4 or len(end) > 4):
        raise ValueError(f"year: expects a year such as 2021 or 2019..2021, found {value!r}")
    first = _edge(name, value, start, last=False) if start or not dots else date(FIRST_YEAR, 1, 1)
    last = _edge(name, value, end if dots else start, last=True) if end or not dots else date(LAST_YEAR, 12, 31)
    if first > last or not (start or end):
        raise ValueError(f"{name}: expects the earlier date first, like {name}:2021..2022, found {value!r}")
    if name == "year":
        return tuple(f"ｆyear={year}" for year in range(first.year, last.year + 1))
    return tuple(f"ｆ{name}={token}" for token in _cover(first, last))


def number_key(value: str) -> str | None:
    """A 文号 in its canonical spelling, `org[year]n号`; None for text that is none.

    >>> number_key("国办发（2024）第 012 號")
    '国办发[2024]12号'
    """
    match = _NUMBER.fullmatch(sequence(value).replace(" ", ""))
    return None if match is None else f"{match[1]}[{match[2]}]{match[3]}号{match[4]}"


def _edge(name: str, value: str, text: str, *, last: bool) -> date:
    match = _DAY.fullmatch(text)
    expected = "2021 or 2019..2021" if name == "year" else "2021, 2021-03, 2021-03-04 or 2021-01..2022-04"
    if match is None:
        raise ValueError(f"{name}: expects {expected}, found {value!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year is not None and last:
            month = month or 12
            return date(year, month, day or monthrange(year, month)[1])
        return date(year or 0, month or 1, day or 1)
    except (ValueError, IndexError) as error:
        raise ValueError(f"{name}: {text} is no date of the calendar; expected {expected}") from error


def _cover(first: date, last: date) -> list[str]:
    """The fewest years, months and days that make up the span, in order."""
    tokens: list[str] = []
    day = first
    while day <= last:
        month_end = day.replace(day=monthrange(day.year, day.month)[1])
        if day.month == 1 and day.day == 1 and date(day.year, 12, 31) <= last:
            tokens.append(f"{day.year}")
            day = date(day.year, 12, 31)
        elif day.day == 1 and month_end <= last:
            tokens.append(f"{day:%Y-%m}")
            day = month_end
        else:
            tokens.append(day.isoformat())
        day = date.fromordinal(day.toordinal() + 1)
    return tokens
