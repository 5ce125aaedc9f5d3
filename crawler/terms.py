"""What a sweep of a list is told: its terms before the run, and every page as it was shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.model import Link, State
from archive.revisits import NOTHING, Acquaintance
from archive.sweeps import StopReason

BREAKS: dict[State, StopReason] = {
    "gone": "404",
    "quarantined": "unreadable",
    "blocked": "blocked",
    "skipped": "skipped",
    "failed": "failed",
}
# Reasons after which the list was read as far as it can be: what a run named by then is known to the next one.
CONCLUSIVE: frozenset[StopReason] = frozenset({"end", "known", "cap", "empty", "404", "repeated", "off-column"})

ALIKE = 0.8  # of a page's rows; entries that stand on top of every page are fewer


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known of a list before the run, and how much of it the run may read; times are ISO 8601."""

    now: str = ""
    whole: bool = True
    most: int = 2000  # pages
    deep: int = 0  # new pages of the round
    resume: str | None = None  # the page at which an open round goes on, and when that round began
    began: str | None = None
    waited: bool = False  # that page gave no answer in the run before
    entries: int = 0  # what the list names now, as far as we know
    until: str = ""  # what it named by then is known: a run that broke off says nothing of what follows
    gap: int = 0  # how many more than that it stated when last compared
    since: str | None = None  # entries of this day and later are looked through again
    extra: int = 0  # pages that may be read for that


@dataclass(frozen=True, slots=True)
class Shown:
    """A list page that was read, and what the archive knew of its rows."""

    url: str
    rows: tuple[Link, ...]
    following: str | None
    record_count: int | None = None
    page_count: int | None = None
    knows: Acquaintance = NOTHING
    note: str | None = None


WAITS = "the round waits"  # how a note begins that says so


def homes(rows: Iterable[Link]) -> set[str]:
    """The folders that entries stand in, without those named by a number or date."""
    return {
        re.sub(r"[^/]*\d[^/]*/", "", link.url.partition("?")[0].rpartition("/")[0].partition("://")[2] + "/")
        for link in rows
    }
