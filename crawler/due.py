"""Which sources are due for a crawl, why the others are not, and until when a crawl may last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.sources import LastRun
from crawler import fixtures
from crawler.loader import load_sound
from crawler.registry import RegistryError, Source, days, ids

# A run may come this share of its period early: a timer that is a second ahead of last week's must not skip a week.
EARLY, EARLIEST = 0.1, timedelta(hours=1)
STOPPED_EARLY = "stopped early"  # how crawler.verdict begins what it says of such a run

NEVER = "its identity was never checked live (scrapy check ID --stamp does)"
SAMPLE = "a sample, which lives from its fixtures (-s REPLAY=1)"

_LASTS = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A source and its turn: `due` or not, and why; `skipped` says why it is not crawled at all, `broken` what ails
    its file. Times are ISO 8601 in UTC; `next` is when it is due where it is not yet."""

    id: str
    source: Source | None = None
    due: bool = False
    why: str | None = None
    skipped: str | None = None
    broken: str | None = None
    last: LastRun | None = None
    next: str | None = None


def registered(folder: str, *, replayed_from: str | None = None) -> list[Turn]:
    """Every source of the registry, those that are never crawled from here with the reason; raises RegistryError.

    `replayed_from`: the folder of fixtures, where the crawl is a replay of them.
    """
    turns = []
    for name in ids(folder):
        try:
            source = load_sound(folder, name)
        except RegistryError as error:
            turns.append(Turn(name, broken=str(error)))
            continue
        turns.append(Turn(name, source, skipped=_barred(source, replayed_from)))
    return turns


def _barred(source: Source, replayed_from: str | None) -> str | None:
    if source.checked == "never":
        return NEVER
    if replayed_from is None:
        return SAMPLE if source.sample else None
    if not (Path(replayed_from) / source.id).is_dir():
        return "it has no fixtures to be replayed from"
    try:
        fixtures.load(replayed_from, source.id)
    except fixtures.FixtureError as error:
        return str(error)
    return None


def turns(known: Sequence[Turn], lasts: Mapping[str, LastRun], now: datetime) -> list[Turn]:
    """`known` with who is due; those due first, longest uncrawled first, so that nobody starves whatever ends early."""
    judged = [
        _judge(turn.source, lasts.get(turn.id), now) if turn.source is not None and turn.skipped is None else turn
        for turn in known
    ]
    return sorted(judged, key=lambda turn: (not turn.due, turn.last.started if turn.last else "", turn.id))


def _judge(source: Source, last: LastRun | None, now: datetime) -> Turn:
    if last is None:
        return Turn(source.id, source, due=True, why="never crawled")
    if last.finished is None or last.verdict == "interrupted":
        return Turn(source.id, source, due=True, why="its last run died", last=last)
    if any(sentence.startswith(STOPPED_EARLY) for sentence in last.evidence):
        return Turn(source.id, source, due=True, why="its last run was stopped early", last=last)
    every = timedelta(days=days(source.every))
    due = datetime.fromisoformat(last.started) + every
    if now >= due - min(every * EARLY, EARLIEST):
        return Turn(source.id, source, due=True, why=f"last crawled {last.started}, every {source.every}", last=last)
    return Turn(source.id, source, why=f"last crawled {last.started}", last=last, next=iso(due))


def deadline(until: str | None, lasting: str | None, now: datetime) -> datetime | None:
    """When a crawl has to end: the earlier of `--until` and `--max-time`, or None. ValueError: neither form.

    `now` has a zone; a time without one is meant in it.

    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> str(deadline("06:30", None, noon)), str(deadline("14:00", "1h30m", noon))
    ('2026-03-02 06:30:00+00:00', '2026-03-01 13:30:00+00:00')
    """
    ends = [_until(until, now)] if until is not None else []
    if lasting is not None:
        found = _LASTS.fullmatch(lasting.strip())
        amount = [int(part or 0) for part in found.groups()] if found else [0]
        if not any(amount):
            raise ValueError(f'--max-time: expected a length of time such as "2h", "90m" or "1h30m", found {lasting!r}')
        ends.append(now + timedelta(**dict(zip(("days", "hours", "minutes", "seconds"), amount, strict=True))))
    return min(ends, default=None)


def _until(text: str, now: datetime) -> datetime:
    if clock := _CLOCK.fullmatch(text.strip()):
        moment = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return moment if moment > now else moment + timedelta(days=1)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'--until: expected "06:30" or an ISO 8601 time, found {text!r}') from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    if moment <= now:
        raise ValueError(f"--until: expected a time to come, found {text}")
    return moment


def iso(moment: datetime) -> str:
    """A moment as the archive writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
