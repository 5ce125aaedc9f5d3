"""What a person sees while crawls work: a line for every URL that ended, or a board of many sites at once."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from archive.answers import Outcome, RunSummary
from archive.display import cut, safe
from archive.model import Visit

if TYPE_CHECKING:
    from crawler.crew import Ended

REDRAW = 0.1  # seconds between two drawings of the board
CLEAR = "\r\x1b[K"


def teller(source: str) -> Callable[[Visit, Outcome], None]:
    """A function that prints what became of a URL: state, and the title, or the reason and the URL."""

    def tell(visit: Visit, outcome: Outcome) -> None:
        what = visit.record.title if visit.record and visit.record.title else visit.url
        reason = f"  ({visit.reason})" if visit.reason and outcome.state != "listed" else ""
        line = safe(f"{source:<14} {outcome.state:<11} {what}{reason}").replace("\n", " ")
        print(cut_line(line) if sys.stderr.isatty() else line, file=sys.stderr, flush=True)

    return tell


def cut_line(line: str) -> str:
    """`line` within the terminal's width, its leading columns as they are."""
    head, rest = line[:27], line[27:]
    return head + cut(rest, shutil.get_terminal_size().columns - len(head))


def ledger_line(summary: RunSummary) -> str:
    """`xianning: healthy (run 3): 7 URLs = 2 listed + 5 new; 9 requests`"""
    ended = " + ".join(f"{n} {state}" for state, n in summary.counts.items() if n)
    total = sum(summary.counts.values())
    verdict = f"{summary.source}: {summary.verdict} (run {summary.id})"
    files = " + ".join(f"{n} {state}" for state, n in summary.attachments.items() if n)
    files = f"; {sum(summary.attachments.values())} files = {files}" if files else ""
    return f"{verdict}: {total} URLs = {ended or '0'}{files}; {summary.requests} requests"


def summary_line(summary: RunSummary) -> str:
    """A finished run: verdict and ledger in one line, then the first things to know, one a line."""
    return "\n".join([ledger_line(summary), *(f"  {sentence}" for sentence in summary.evidence)])


class Board:
    """Crawls of many sites: one line for each that ended, and on a terminal a last line that says how far all are.

    `expected` has the URLs the last run of a source met, where there was one; `live`: whether this is a terminal.
    """

    def __init__(self, total: int, expected: Mapping[str, int], *, live: bool) -> None:
        self.total, self.expected, self.live = total, expected, live
        self.counts: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.running: set[str] = set()
        self._told: set[str] = set()  # sources that ended
        self._began, self._drawn = monotonic(), float("-inf")

    def begin(self, source: str) -> None:
        """A source has its turn."""
        self.running.add(source)
        self._draw()

    def tell(self, source: str, visit: Visit, outcome: Outcome) -> None:
        """A URL of a source ended; files belong to their notices and are no pages."""
        if visit.role != "attachment":
            self.met[source] += 1
            self.counts[outcome.state] += 1
        self._draw()

    def done(self, ended: Ended) -> None:
        """A source ended: its line, with how many of all have."""
        self.running.discard(ended.source)
        self._told.add(ended.source)
        line = ended_line(ended)
        if self.live:
            print(CLEAR + cut(line, shutil.get_terminal_size().columns - 1), file=sys.stderr)
        else:
            print(f"[{len(self._told)}/{self.total}] {safe(line)}", file=sys.stderr)
        self._draw(now=True)

    def close(self, ends: Sequence[Ended]) -> None:
        """Take the last line away, and tell of those that were left."""
        if self.live:
            print(CLEAR, end="", file=sys.stderr, flush=True)
        for ended in ends:
            if ended.source not in self._told:
                print(safe(ended_line(ended)), file=sys.stderr)

    def status(self, elapsed: float) -> str:
        """`3/12 sites, 2 at work, 456 pages, 12 new, 3 changed, ETA 14 min`"""
        pages, new, changed = self.met.total(), self.counts["new"], self.counts["changed"]
        left = self.left(elapsed)
        return (
            f"{len(self._told)}/{self.total} sites, {len(self.running)} at work, {pages} pages, {new} new, "
            f"{changed} changed, ETA {'unknown' if left is None else lasting(left)}"
        )

    def left(self, elapsed: float) -> float | None:
        """Seconds to go at the pace so far; None while unknown.

        A source is taken to be as big as at its last run, one that is crawled for the first time as the others are.
        """
        sizes = {source: max(size, self.met[source]) for source, size in self.expected.items()}
        sizes |= {source: self.met[source] for source in self._told}
        if not sizes or not self.met.total() or elapsed <= 0:
            return None
        usual = sum(sizes.values()) / len(sizes)
        strange = [max(usual, self.met[source]) for source in self.running - set(sizes)]
        whole = sum(sizes.values()) + sum(strange) + usual * (self.total - len(sizes) - len(strange))
        return (whole - self.met.total()) * elapsed / self.met.total()

    def _draw(self, *, now: bool = False) -> None:
        at = monotonic()
        if self.live and (now or at - self._drawn >= REDRAW):
            self._drawn = at
            columns = shutil.get_terminal_size().columns - 1
            print(CLEAR + cut(self.status(at - self._began), columns), end="", file=sys.stderr, flush=True)


def ended_line(ended: Ended) -> str:
    """One line for one source, however it ended: verdict, ledger, and the first thing to know."""
    if ended.run is None:
        return f"{ended.source}: {ended.trouble}"
    first, more = ended.run.evidence[:1], len(ended.run.evidence) - 1
    told = f"; {first[0]}" if first else ""
    return ledger_line(ended.run) + told + (f" (and {more} more: gongbao runs)" if more > 0 else "")


def lasting(seconds: float) -> str:
    """`45 s`, `14 min`, `3 h 20 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
