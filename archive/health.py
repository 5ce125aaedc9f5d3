"""All sources at a glance: how the last run of each went, how long it has been silent, and the next thing to do.

The archive knows the sources it has crawled; one that stands in the registry only is not here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from archive import clock, sweeps
from archive.rhythm import Rhythm, rhythm
from archive.sources import SourceRow, sources
from archive.sweeps import ListSweep

WELL = frozenset({"healthy", "quiet"})
LATE = 3  # times the usual time between two runs, and two days at least
RUNS = 10  # whose times say how often it is crawled
RUNNING = 1.0  # days: a run without an end that began longer ago is dead

# What to do, by verdict; {source} and {run} are filled in.
STEPS: Mapping[str, str] = {
    "interrupted": "the last run died; go on where it stopped: scrapy crawl {source}",
    "incomplete": "see what was missed: gongbao runs --run {run}; the next run asks again",
    "layout_changed": "compare the site with what is read of it: scrapy check {source}; see gongbao runs --run {run}",
    "blocked": "the site refuses us; see gongbao runs --run {run}, crawl more slowly or write to its operator",
    "down": "the site does not answer; try again: scrapy crawl {source}",
    "identity_mismatch": "somebody else answers there: see gongbao runs --run {run}, correct or retire its TOML",
}


@dataclass(frozen=True, slots=True)
class ListHealth:
    """How far the last run read a list, and whether that was all of it."""

    url: str
    pages: int
    rows: int
    record_count: int | None
    stop_reason: str | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Health:
    """One source. Times are ISO 8601 UTC, `published` is the day of its newest notice; gaps and ages are in days.

    `well` is False where a person is needed, and `next` says what for; a remarkable silence is told in `next` too,
    but may well be true. `gap` is the usual one between days of publication, None where too few are known.
    """

    source: str
    verdict: str | None
    run: int | None
    last_run: str | None
    age: float | None
    usual_age: float | None
    documents: int
    gone: int
    pages: int
    runs: int
    last_new: str | None
    published: str | None
    silent: int | None
    gap: int | None
    lists: tuple[ListHealth, ...]
    evidence: tuple[str, ...]
    well: bool
    next: str | None


def health(db: sqlite3.Connection, source: str | None = None, now: str | None = None) -> list[Health]:
    """Every source the archive knows, by name, or only the one asked for."""
    at = now or clock.now()
    return [_health(db, row, at) for row in sources(db) if source is None or row.source == source]


def _health(db: sqlite3.Connection, row: SourceRow, at: str) -> Health:
    # Ids of merged archives are not in order of time.
    runs = db.execute(
        "SELECT id, started, finished, verdict, evidence FROM run WHERE source = ? ORDER BY started DESC, id DESC "
        f"LIMIT {RUNS + 1}",
        [row.source],
    ).fetchall()
    id, started, finished, verdict, said = runs[0] if runs else (None, None, None, None, "[]")
    age = None if started is None else _days(started, at)
    times = [_days(earlier[1], later[1]) for later, earlier in pairwise(runs)]
    usual = round(median(times), 2) if len(times) > 1 else None
    pace = rhythm(db, row.source, at)
    lists = tuple(_list(one) for one in sweeps.of_run(db, id)) if id is not None else ()
    well, step = _next(row.source, (id, finished, verdict), age, usual, pace)
    return Health(
        source=row.source,
        verdict=verdict,
        run=id,
        last_run=started,
        age=age,
        usual_age=usual,
        documents=row.documents,
        gone=row.gone,
        pages=row.pages,
        runs=row.runs,
        last_new=row.last_new,
        published=pace.last if pace else None,
        silent=pace.silent if pace else None,
        gap=pace.usual if pace else None,
        lists=lists,
        evidence=tuple(json.loads(said)),
        well=well,
        next=step,
    )


def _next(
    source: str,
    last: tuple[int | None, str | None, str | None],
    age: float | None,
    usual: float | None,
    pace: Rhythm | None,
) -> tuple[bool, str | None]:
    """Whether all is well, and the next thing to do, as a sentence with a command."""
    run, finished, verdict = last
    if run is None or age is None:
        return True, "crawled elsewhere, its pages came by merge"
    if finished is None:
        alive = age < RUNNING
        return alive, "a run is under way" if alive else STEPS["interrupted"].format(source=source)
    if verdict not in WELL:
        step = STEPS.get(verdict or "", "see gongbao runs --run {run}")
        return False, step.format(source=source, run=run)
    if usual is not None and age > max(2.0, LATE * usual):
        told = f"not crawled for {age:.0f} days, usually every {max(usual, 1):.0f}"
        return False, f"{told}: is the timer on? scrapy due --list, or scrapy crawl {source}"
    if pace is not None and pace.remarkable:
        told = f"silent for {pace.silent} days, usual gap {pace.usual}"
        return True, f"{told}: does it publish elsewhere by now? scrapy check {source}"
    return True, None


def _list(one: ListSweep) -> ListHealth:
    """A list of a big source that stopped at what is known was read as far as it had to be."""
    short = one.record_count is not None and one.rows < one.record_count
    complete = one.stop_reason == "known" or (one.stop_reason == "end" and not short)
    return ListHealth(one.url, one.pages, one.rows, one.record_count, one.stop_reason, complete)


def _days(earlier: str, later: str) -> float:
    gone = datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    return round(max(gone.total_seconds(), 0.0) / 86400, 2)
