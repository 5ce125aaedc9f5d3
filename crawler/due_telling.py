"""What `scrapy due` says at its end: lines for people, one JSON object for programs, and the exit code. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.display import safe
from crawler.crew import Ended
from crawler.due import Turn
from crawler.verdict import WELL

WELL_DONE, ILL, USAGE, NO_ARCHIVE, HELD, STOPPED = range(6)
CODES = (
    "0 every verdict healthy or quiet, or nothing due; 1 some verdict is neither, or a crawl fell; 2 wrong call, or a "
    "source file is broken (the others are crawled); 3 the archive cannot be used; 4 another process is writing the "
    "archive, and nothing was done; 5 stopped, by time or a signal, with sources left that the next call takes up. "
    "Where several apply: 3, 2, 1, 5"
)


def exit_code(turns: Sequence[Turn], ends: Sequence[Ended]) -> int:
    """The first that applies of 3, 2, 1, 5, or 0; a run that was only stopped is no sick source."""
    left = [end for end in ends if end.stopped and (end.run is None or end.run.verdict not in WELL)]
    if any(end.fatal for end in ends):
        return NO_ARCHIVE
    if any(turn.broken for turn in turns):
        return USAGE
    if any(_ill(end) for end in ends):
        return ILL
    return STOPPED if left else WELL_DONE


def _ill(end: Ended) -> bool:
    if end.run is None:
        return end.stopped is None
    return end.run.verdict not in WELL and not (end.stopped and end.run.verdict == "incomplete")


def told(turns: Sequence[Turn], *, listing: bool = False) -> Iterator[str]:
    """Lines on the sources that have no turn now: grouped by reason, so that a registry of hundreds stays readable.

    `listing`: also a line for each source that is due or will be.
    """
    if listing:
        for turn in turns:
            if turn.due or turn.next:
                yield safe(f"{turn.id:<14} {'due now' if turn.due else f'due {turn.next}'}  ({turn.why})")
    reasons: dict[str, list[str]] = {}
    for turn in turns:
        if turn.skipped:
            reasons.setdefault(turn.skipped, []).append(turn.id)
    yield from (f"not crawled: {', '.join(ids)}: {safe(reason)}" for reason, ids in reasons.items())
    later = sorted((turn.next, turn.id) for turn in turns if turn.next)
    if later and not listing:
        yield f"{len(later)} not due yet; next: {later[0][1]} at {later[0][0]}"
    if not any(turn.due for turn in turns):
        yield "nothing is due"


def report(turns: Sequence[Turn], ends: Mapping[str, Ended], **head: Any) -> dict[str, Any]:
    """The JSON object: `head` (started, finished, archive, stopped, error, exit_code) and one entry for each source."""
    return {**head, "sources": [_entry(turn, ends.get(turn.id)) for turn in turns]}


def _entry(turn: Turn, end: Ended | None) -> dict[str, Any]:
    run = end.run if end else None
    return {
        "source": turn.id,
        "due": turn.due,
        "why": turn.why,
        "skipped": turn.skipped or (end.trouble if end and not end.begun else None),
        "error": turn.broken or (end.trouble if end and end.begun else None),
        "every": turn.source.every if turn.source else None,
        "checked": turn.source.checked if turn.source else None,
        "last_run": turn.last.started if turn.last else None,
        "last_verdict": turn.last.verdict if turn.last else None,
        "next": turn.next,
        "run": run.id if run else None,
        "started": run.started if run else None,
        "finished": run.finished if run else None,
        "stopped": end.stopped if end and end.begun else None,
        "verdict": run.verdict if run else None,
        "requests": run.requests if run else None,
        "counts": {state: n for state, n in run.counts.items() if n} if run else {},
        "files": {state: n for state, n in run.attachments.items() if n} if run else {},
        "evidence": list(run.evidence) if run else [],
    }
