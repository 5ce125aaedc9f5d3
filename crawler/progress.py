"""What a person sees while a crawl works: one line on stderr for every URL that ended."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from archive.answers import Outcome, RunSummary
from archive.display import cut, safe
from archive.model import Visit


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


def summary_line(summary: RunSummary) -> str:
    """One line for a finished run: verdict, the ledger, and the first things to know.

    `xianning: healthy (run 3): 7 URLs = 2 listed + 5 new; 9 requests`
    """
    ended = " + ".join(f"{n} {state}" for state, n in summary.counts.items() if n)
    total = sum(summary.counts.values())
    verdict = f"{summary.source}: {summary.verdict} (run {summary.id})"
    line = f"{verdict}: {total} URLs = {ended or '0'}; {summary.requests} requests"
    return "\n".join([line, *(f"  {sentence}" for sentence in summary.evidence)])
