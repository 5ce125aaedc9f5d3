"""`scrapy reread`: the records of an archive derived again from its stored bytes by today's code.

Longer than usual: half of it are the sentences a person reads.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    from archive import Archive
    from archive.rereads import Reread
    from crawler.landing import Reader
    from crawler.reread import Change, Registry
    from crawler.telling import Progress

SAMPLES = 10
TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
DIFFERENT = ("better", "found", "lost", "damaged", "unregistered", "file_better", "file_lost")
KINDS = {
    "same": "as before",
    "better": "read better",
    "found": "found: a record where there was none",
    "lost": "not readable any more, left as they are",
    "unread": "without a record, as before",
    "damaged": "with bytes that cannot be had; run: gongbao verify",
    "unregistered": "of sources that cannot be used, left as they are",
    "file_same": "files as before",
    "file_better": "files read better",
    "file_lost": "files not readable any more, left as they are",
    "taken_out": "taken out",
    "kept": "kept: later crawls read the same, or a takedown hides them",
    "left": "left to the next crawl: they would make two documents one",
}


class Command(ScrapyCommand):
    """Changes by code, kept apart from changes by publishers: shown first, accepted by name, and rolled back."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Read the stored pages again with today's code: show, accept or roll back what differs"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Asks no site anything, and without --accept writes nothing. What is accepted is a "
            "reread with an id: versions of cause `reader`, never an edit of the publisher; killed half-way it goes on "
            "where it was when the same is asked again. scrapy reread --source xianning --since 2026-01-01 "
            "Exit codes: 0 nothing differs, or done as asked; 1 something differs; 2 the call was wrong, or there is "
            "no such source or reread; 3 the archive cannot be used."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", metavar="ID", help="only pages of this source")
        parser.add_argument("--since", metavar="DATE", help="only what was fetched since this day (UTC)")
        parser.add_argument("--samples", metavar="N", type=int, default=SAMPLES, help="differing pages to print")
        parser.add_argument("--json", dest="as_json", action="store_true", help="print JSON for a program, all of it")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="write nothing (the default)")
        what.add_argument("--accept", action="store_true", help="write what differs, as one reread")
        what.add_argument("--rollback", metavar="N", type=int, help="take out what reread N wrote")
        what.add_argument("--list", dest="listed", action="store_true", help="list the rereads of this archive")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from archive import ArchiveError
        from archive.errors import NotHeldError
        from crawler.crawling import CrawlError
        from crawler.registry import RegistryError

        if args or (opts.since and not TIME.fullmatch(opts.since)):
            raise UsageError("expected no argument, and --since a day such as 2026-01-31", print_help=False)
        try:
            self.exitcode = self._listed(opts) if opts.listed or opts.rollback is not None else self._reread(opts)
        except (CrawlError, RegistryError, NotHeldError) as error:
            self._end(str(error), 2)
        except (ArchiveError, OSError, sqlite3.Error) as error:
            self._end(str(error), 3)
        except KeyboardInterrupt:
            self._end("interrupted; what was accepted so far is kept, the same command goes on", 130)

    def _end(self, line: str, code: int) -> None:
        print(f"scrapy reread: {line}", file=sys.stderr)
        self.exitcode = code

    def _listed(self, opts: argparse.Namespace) -> int:
        import json
        from dataclasses import asdict

        from archive import Archive
        from archive.rereads import rereads, roll_back

        assert self.settings is not None
        if opts.rollback is not None:
            with Archive(str(self.settings["ARCHIVE"]), write=True) as archive:
                done = roll_back(archive, opts.rollback)
            if opts.as_json:
                print(json.dumps({"reread": opts.rollback, **done}))
            print(f"reread {opts.rollback} rolled back: {told(done)}", file=sys.stderr)
            return 0
        with Archive(str(self.settings["ARCHIVE"])) as archive:
            found = rereads(archive)
        print(json.dumps([asdict(one) for one in found], indent=2) if opts.as_json else "\n".join(table(found)))
        return 0

    def _reread(self, opts: argparse.Namespace) -> int:
        from archive import Archive
        from crawler.capped import ReaderPool, ReadingFailedError
        from crawler.crawling import USAGE, CrawlError, check
        from crawler.loader import load_sound
        from crawler.reread import Registry

        assert self.settings is not None
        settings = self.settings
        check(settings)
        if opts.source is not None:
            load_sound(str(settings["SOURCES"]), opts.source)
        try:
            # Forked before the archive is opened, whose lock it would hold as well.
            pool = ReaderPool(settings.getfloat("READ_SECONDS"), settings.getint("READ_MEGABYTES"))
        except ReadingFailedError as error:
            raise CrawlError(f"{error}; is READ_MEGABYTES too little?", USAGE) from error
        try:
            with Archive(str(settings["ARCHIVE"]), write=opts.accept) as archive:
                return reread(archive, Registry(str(settings["SOURCES"])), pool.read, opts)
        finally:
            pool.close()


def reread(archive: Archive, registry: Registry, read: Reader, opts: argparse.Namespace) -> int:
    """Read everything again, tell what differs, and accept it where that was asked for; gives the exit code."""
    from archive import readable, rereads
    from crawler.reread import Book, changes, code, file_changes
    from crawler.telling import Progress

    by = code()
    begun = rereads.begin(archive, by, opts.source, opts.since) if opts.accept else None
    after = 0 if begun is None else begun.reached
    if begun is not None and after:
        print(f"scrapy reread: goes on with reread {begun.id} of {begun.at}", file=sys.stderr)
    book = None if begun is None else Book(archive, begun)
    progress = Progress(readable.count(archive.db.conn, opts.source, after))
    teller = Teller(opts, by)
    pages = changes(archive, registry, read, source=opts.source, since=opts.since, after=after)
    files = file_changes(archive, registry, read, source=opts.source, since=opts.since)
    for change in chain(pages, files):
        progress.step(change.source)
        teller.tell(change, progress)
        if book is not None:
            book.add(change)
    progress.clear()
    done = None if book is None else book.close()
    teller.end(done)
    return 0 if done is not None or not any(teller.kinds[kind] for kind in DIFFERENT) else 1


class Teller:
    """Prints what differs while it is found, and the sums at the end."""

    def __init__(self, opts: argparse.Namespace, code: str) -> None:
        from crawler.telling import Stream

        self.opts, self.code = opts, code
        self.kinds: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.printed = 0
        asked = {"code": code, "source": opts.source, "since": opts.since}
        self.stream = Stream(asked, "changes") if opts.as_json else None

    def tell(self, change: Change, progress: Progress) -> None:
        from archive.display import safe
        from crawler.telling import as_json, lines

        self.kinds[change.kind] += 1
        self.fields.update(list(change.fields))
        if change.kind not in DIFFERENT:
            return
        if self.stream is not None:
            row = {name: getattr(change, name) for name in ("url", "source", "kind", "title", "reason")}
            self.stream.add({"id": change.document, **row, "fields": as_json(change.fields)})
        elif self.printed < self.opts.samples:
            self.printed += 1
            progress.clear()
            print(safe(f"{change.kind:<8} {change.document or '-':<12} {change.url}  {change.title or ''}".rstrip()))
            told = [change.reason] if change.reason else lines(change.fields)
            print("".join(f"    {safe(line)}\n" for line in told), end="", flush=True)

    def end(self, done: Reread | None) -> None:
        kinds = Counter(dict(self.kinds) if done is None else done.counts)
        if self.stream is not None:
            sums = {"kinds": dict(kinds), "fields": dict(self.fields), "reread": done.id if done else None}
            self.stream.end({"summary": sums})
            return
        if (more := sum(self.kinds[kind] for kind in DIFFERENT) - self.printed) > 0:
            print(f"and {more:,} more (--samples N prints more, --json all of them)")
        print(f"Read again by {self.code}: {told(kinds)}.")
        if self.fields:
            print("Fields: " + ", ".join(f"{name} {n:,}" for name, n in self.fields.most_common()))
        if done is not None:
            print(f"Accepted as reread {done.id}; to undo it: scrapy reread --rollback {done.id}")
        elif any(self.kinds[kind] for kind in ("better", "found", "file_better")):
            print("Nothing was written; the same with --accept writes it.")


def told(kinds: Mapping[str, int]) -> str:
    """`1,180 as before, 20 read better`; nothing at all is `no page`."""
    return ", ".join(f"{n:,} {KINDS.get(kind, kind)}" for kind, n in kinds.items() if n) or "no page"


def table(found: Sequence[Reread]) -> list[str]:
    from archive.display import table as columns

    rows = [(one.id, one.at, one.code, one.source or "all", one.since, _state(one), told(one.counts)) for one in found]
    return columns(("id", "at", "code", "source", "since", "state", "pages"), rows, 160)


def _state(one: Reread) -> str:
    if one.rolled_back is not None:
        return "rolled back"
    return "accepted" if one.finished is not None else "unfinished"
