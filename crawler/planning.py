"""What a run of a source may ask for besides what is new: the budget, and who gets it; the archive only answers.

A small source is looked at whole in every run. Of a big one a run asks for the first page of each list, for what is
new, and for SHARE of its notices and list pages: most of it in turn (what was looked at longest ago), so that all is
looked at again within SWEEP_RUNS runs, the rest for pages that are due by their own history. A source whose TOML says
`sweep = "90d"` gets the share that this takes at its `every`: with "7d" that is 12 runs and an eighth of the source.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive import Archive, revisits
from archive.model import Link
from archive.sweeps import ListSweep
from crawler.registry import Source, days
from crawler.terms import CONCLUSIVE, WAITS, Terms

SMALL = 500  # pages; at two seconds a page a whole look takes a quarter of an hour of the site's patience
SHARE = 0.02  # of a big source's notices in one run
SWEEP_RUNS = 75  # runs within which that share reaches every page, with a third of it left for edits that are expected
_SPARE = 0.95  # of those runs: some fail
_LISTS = 0.7  # a round of the lists is over sooner: an entry that came behind it waits for the next one


@dataclass(frozen=True, slots=True)
class Plan:
    """The terms of each list (by URL), and the notices to look at again; `whole`: every notice a list names is."""

    whole: bool
    terms: Mapping[str, Terms]
    since: str | None = None  # but not what an interrupted run, which this one continues, has looked at since then
    due: tuple[Link, ...] = ()
    departures: int = 0  # entries that left a list in this run and may be asked for at once


@dataclass(frozen=True, slots=True)
class _Past:
    """What earlier runs say of a list: its newest sweep, the state of its rounds, and when it was last conclusive."""

    sweeps: tuple[tuple[ListSweep, str], ...]
    entries: int

    @property
    def closed(self) -> bool:
        """Whether a round ever came to its end."""
        return any(sweep.round in {"complete", "cut"} for sweep, _ in self.sweeps)

    @property
    def until(self) -> str:
        """What the list named by then we know: nothing where a run stopped in the middle."""
        return next((ended for sweep, ended in self.sweeps if sweep.stop_reason in CONCLUSIVE), "")

    @property
    def gap(self) -> int:
        told = ((one.record_count, one.held) for one, _ in self.sweeps)
        return next((count - held for count, held in told if count is not None and held is not None), 0)

    @property
    def open(self) -> ListSweep | None:
        """The round that is under way, if one is."""
        return next((one for one, _ in self.sweeps if one.round), None) if self._is_open() else None

    @property
    def began(self) -> str:
        return next((one.began for one, _ in self.sweeps if one.began), "")

    @property
    def length(self) -> int:
        """How many pages the list has, as it says or as its rows make likely."""
        stated = next((one.page_count for one, _ in self.sweeps if one.page_count), None)
        rows = next((one.first_rows for one, _ in self.sweeps if one.first_rows), 0)
        return stated or (math.ceil(self.entries / rows) if rows else 1)

    @property
    def stated(self) -> int | None:
        """How many entries it last said it has."""
        return next((one.record_count for one, _ in self.sweeps if one.record_count is not None), None)

    def _is_open(self) -> bool:
        last = next((one for one, _ in self.sweeps if one.round), None)
        return last is not None and last.round == "open" and last.upto is not None


def plan(archive: Archive, source: Source, run: int, now: str, *, most: int, whole: bool = False) -> Plan:
    """Decide what a run looks at. `most`: LIST_PAGES; `whole` asks for everything, however big the source."""
    db = archive.db.conn
    pages = revisits.held(db, source.id)
    pasts = {
        url: _Past(tuple(revisits.sweeps_of(db, source.id, url, before=run)), revisits.entries(db, url))
        for url in source.lists
    }
    if whole or pages < SMALL:
        since = None if whole else revisits.interrupted_since(db, source.id, run, _before(now, days(source.every)))
        return Plan(True, {url: _all(past, now, most, since) for url, past in pasts.items()}, since)
    runs, share = pace(source)
    budget = max(1, int(share * pages))
    turn = math.ceil(pages / (runs * _SPARE))
    deep = _allot(pasts, runs)
    asked = sum(count + (pasts[url].open is not None) for url, count in deep.items())
    spare = max(0, budget - turn - asked)
    since, extra = _lookback(archive, source, now), spare // 2
    terms = {}
    for place, (url, past) in enumerate(pasts.items()):
        more = extra if place == run % len(pasts) else 0  # the lists take turns
        terms[url] = _terms(past, now, most, deep.get(url, 0), since, more, runs * days(source.every) * 2)
    gone = revisits.departed(db, source.id, budget)
    rotation = revisits.rotation(db, source.id, turn)
    early = revisits.early(db, source.id, now, spare - spare // 2 if since else spare, rotation)
    missed = revisits.missed(db, source.id, now, days(source.every))
    due = {link.url: link for link in (*missed, *gone, *early, *rotation)}
    return Plan(False, terms, None, tuple(due.values()), budget)


def pace(source: Source) -> tuple[int, float]:
    """Runs within which everything is looked at again, and the share of the source's pages a run asks for."""
    if source.sweep is None:
        return SWEEP_RUNS, SHARE
    runs = max(1, int(days(source.sweep) / days(source.every)))
    return runs, min(1.0, SHARE * SWEEP_RUNS / runs)


def _allot(pasts: Mapping[str, _Past], runs: int) -> dict[str, int]:
    """New list pages for each round of this run: the open ones first, then the list whose last round is longest ago."""
    long = {url: past for url, past in pasts.items() if past.closed and (past.length > 1 or past.open)}
    if not long:
        return {}
    left = math.ceil(sum(past.length for past in long.values()) / (runs * _LISTS))
    deep = {}
    for url, past in sorted(long.items(), key=lambda one: (one[1].open is None, one[1].began, one[0])):
        if left <= 0:
            break
        deep[url] = left if past.open else min(left, past.length - 1)
        left -= deep[url]
    return deep


def _terms(past: _Past, now: str, most: int, deep: int, since: str | None, extra: int, patience: float) -> Terms:
    if not past.closed:
        return _all(past, now, most, _before(now, patience))
    under_way = past.open
    if under_way is not None and (under_way.began or "") < _before(now, patience):
        under_way = None  # it goes in circles
    return Terms(
        now=now,
        whole=False,
        most=most,
        deep=deep,
        resume=under_way.upto if under_way else None,
        began=under_way.began if under_way else None,
        waited=WAITS in (past.sweeps[0][0].note or ""),
        entries=past.entries,
        until=past.until,
        gap=past.gap,
        since=since,
        extra=extra,
    )


def _all(past: _Past, now: str, most: int, since: str | None) -> Terms:
    """The whole list; what an interrupted run read of it since then is not read again, but for its first page."""
    begun = past.open
    if since is None or begun is None or (begun.began or "") < since:
        return Terms(now=now, most=most, entries=past.entries)
    return Terms(
        now=now,
        whole=False,
        most=most,
        deep=most,
        resume=begun.upto,
        began=begun.began,
        entries=past.entries,
        until=now,
        gap=max(0, (past.stated or 0) - past.entries),
    )


def _lookback(archive: Archive, source: Source, now: str) -> str | None:
    """The first day whose entries may still be coming, by how late this source's entries were so far."""
    late = revisits.lateness(archive.db.conn, source.id, now, days(source.every))
    return _before(now, late)[:10] if late else None


def _before(now: str, past: float) -> str:
    return (datetime.fromisoformat(now) - timedelta(days=past)).strftime("%Y-%m-%dT%H:%M:%SZ")
