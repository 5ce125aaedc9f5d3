"""How often a source publishes, and for how long it has been silent: from the days its notices say they went online."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

DAYS = 40  # distinct days of publication looked back at
ENOUGH = 6  # days, before the gaps between them say what is usual
PATIENCE = 30  # days of silence that are never remarkable: holidays last a week, a quiet office a month
MANY = 5  # times the longer gaps


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The last day of publication, the days since, and the usual and the longer gap (nine of ten are no longer)."""

    last: str
    silent: int
    usual: int
    longer: int

    @property
    def remarkable(self) -> bool:
        """Whether the silence is out of proportion to how this source used to publish."""
        return self.silent > max(PATIENCE, MANY * self.longer)

    def __str__(self) -> str:
        return f"nothing newer than {self.last}, {self.silent} days ago; usual gap {_days(self.usual)}"


def rhythm(db: sqlite3.Connection, source: str, at: str) -> Rhythm | None:
    """The rhythm of a source as of `at` (ISO 8601); None where too few days of publication are known."""
    rows = db.execute(
        "SELECT DISTINCT substr(v.published, 1, 10) FROM page p JOIN version v ON v.id = p.version "
        "WHERE p.source = ? AND v.published IS NOT NULL AND v.published <= ? ORDER BY 1 DESC LIMIT ?",
        [source, at, DAYS],
    ).fetchall()
    days = [day for (text,) in rows if (day := _day(text)) is not None]
    if len(days) < ENOUGH:
        return None
    gaps = sorted((later - earlier).days for later, earlier in pairwise(days))
    silent = (date.fromisoformat(at[:10]) - days[0]).days
    return Rhythm(days[0].isoformat(), silent, round(median(gaps)), gaps[int(0.9 * (len(gaps) - 1))])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # a page may say 2021-02-30
        return None


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
