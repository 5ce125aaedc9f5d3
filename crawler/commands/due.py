"""`scrapy due`: crawls every source whose time has come, several sites at a time; made for a timer."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

if TYPE_CHECKING:
    from crawler.crew import Ended
    from crawler.due import Turn

SITES = 4


class Command(ScrapyCommand):
    """Asks the ledger what is due while it holds the archive's lock, so that two at once never crawl a source twice."""

    requires_project = True

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Crawl every source that is due by its own `every`, several sites at a time"

    def long_desc(self) -> str:
        from crawler.due_telling import CODES

        return (
            f"{self.short_desc()}: scrapy due --max-time 2h. A source whose last run died or was stopped is due at "
            "once; samples and sources whose identity was never checked are not crawled. SIGTERM or Ctrl-C lets what "
            "is on the wire come home, a second one ends at once; nothing saved is lost, and the next call goes on. "
            f"Exit codes: {CODES}."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_limits(parser)
        parser.add_argument("--sites", type=int, default=SITES, metavar="N", help=f"sites at a time (default: {SITES})")
        parser.add_argument("--list", action="store_true", help="only tell what is due, what is not, and why")
        parser.add_argument("--json", action="store_true", help="print one JSON object, for a program")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler.crawling import CrawlError
        from crawler.due_telling import report

        self.began, self.json = datetime.now().astimezone(), opts.json
        try:
            answer = self._do(args, opts)
        except CrawlError as error:
            print(f"scrapy due: {error}", file=sys.stderr)
            answer = report([], {}, **self._head(error.code, error=str(error)))
        self.exitcode = answer["exit_code"]
        if opts.json:
            print(json.dumps(answer, ensure_ascii=False, indent=2))

    def _do(self, args: list[str], opts: argparse.Namespace) -> dict[str, Any]:
        from crawler.crawling import USAGE, CrawlError, check

        assert self.settings is not None
        if args:
            raise CrawlError(f"expected no further word, found {args[0]}; `scrapy crawl ID` crawls one source", USAGE)
        if opts.sites < 1:
            raise CrawlError(f"--sites: expected a whole number from 1, found {opts.sites}", USAGE)
        check(self.settings)
        seconds = limit(opts, self.began)
        known = self._registered()
        for turn in known:
            if turn.broken:
                print(f"scrapy due: {turn.broken}", file=sys.stderr)
        return self._list(known) if opts.list else self._crawl(known, opts.sites, seconds)

    def _registered(self) -> list[Turn]:
        from crawler.crawling import USAGE, CrawlError
        from crawler.due import registered
        from crawler.registry import RegistryError

        assert self.settings is not None
        replayed = str(self.settings["FIXTURES"]) if self.settings.getbool("REPLAY") else None
        try:
            return registered(str(self.settings["SOURCES"]), replayed_from=replayed)
        except RegistryError as error:
            raise CrawlError(str(error), USAGE) from error

    def _list(self, known: Sequence[Turn]) -> dict[str, Any]:
        """What is due, without a lock and without a crawl."""
        from archive import Archive, ArchiveError
        from crawler.crawling import NO_ARCHIVE, CrawlError
        from crawler.due import turns
        from crawler.due_telling import exit_code, report, told

        assert self.settings is not None
        place, lasts = Path(str(self.settings["ARCHIVE"])), {}
        try:
            if place.exists():
                with Archive(place) as archive:
                    lasts = archive.last_runs()
        except ArchiveError as error:
            raise CrawlError(str(error), NO_ARCHIVE) from error
        found = turns(known, lasts, self.began)
        if not self.json:
            print("\n".join(told(found, listing=True)))
        return report(found, {}, **self._head(exit_code(found, [])))

    def _crawl(self, known: Sequence[Turn], sites: int, seconds: float | None) -> dict[str, Any]:
        from crawler.due_telling import exit_code, report, told

        found: Sequence[Turn] = known
        ends: Sequence[Ended] = []
        stopped: str | None = None
        # No archive is made where there is nothing for it.
        if any(turn.source is not None and turn.skipped is None for turn in known):
            found, ends, stopped = self._crawl_due(known, sites, seconds)
        for line in told(found):
            print(line, file=sys.stderr)
        head = self._head(exit_code(found, ends), stopped=stopped)
        return report(found, {end.source: end for end in ends}, **head)

    def _crawl_due(
        self, known: Sequence[Turn], sites: int, seconds: float | None
    ) -> tuple[list[Turn], list[Ended], str | None]:
        """Under the archive's lock: who is due, how each ended, and what stopped them all, if anything did."""
        from crawler.crawling import opened
        from crawler.crew import Crew
        from crawler.due import turns
        from crawler.due_telling import HELD
        from crawler.progress import Board

        assert self.settings is not None
        assert self.crawler_process is not None
        live = sys.stderr.isatty() and self.settings.getbool("PROGRESS", True)
        with opened(self.settings, held=HELD) as (archive, read):
            found = turns(known, archive.last_runs(), self.began)
            due = [turn for turn in found if turn.due]
            board = Board(len(due), {turn.id: turn.last.urls for turn in due if turn.last}, live=live)
            crew = Crew(self.crawler_process, read, sites=sites, seconds=seconds, watcher=board)
            ends = crew.run([turn.source for turn in due if turn.source])
            board.close(ends)
        return found, ends, crew.stopped

    def _head(self, code: int, *, stopped: str | None = None, error: str | None = None) -> dict[str, Any]:
        from crawler.due import iso

        assert self.settings is not None
        return {
            "started": iso(self.began),
            "finished": iso(datetime.now().astimezone()),
            "archive": str(self.settings["ARCHIVE"]),
            "stopped": stopped,
            "error": error,
            "exit_code": code,
        }


def add_limits(parser: argparse.ArgumentParser) -> None:
    """`--until` and `--max-time`, for the commands that crawl."""
    parser.add_argument("--until", metavar="TIME", help='stop then: "06:30" (local time), or an ISO 8601 time')
    parser.add_argument("--max-time", metavar="LENGTH", help='stop after that: "2h", "90m", "1h30m"')


def limit(opts: argparse.Namespace, now: datetime) -> float | None:
    """Seconds a crawl may last by its options; None: as long as it takes."""
    from crawler.crawling import USAGE, CrawlError
    from crawler.due import deadline

    try:
        end = deadline(opts.until, opts.max_time, now)
    except ValueError as error:
        raise CrawlError(str(error), USAGE) from error
    return None if end is None else (end - now).total_seconds()
