"""`scrapy replay RUN`: a past run again, from its own captures, and what today's code makes otherwise of it."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    from archive import Archive
    from crawler.landing import Reader
    from crawler.rerun import Replayed
    from crawler.telling import Stream

SAMPLES = 20
DIFFERENT = ("differs", "damaged")


class Command(ScrapyCommand):
    """Reads what a run fetched once more, on the crawl's own path; asks nobody, writes nothing."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] RUN"

    def short_desc(self) -> str:
        return "Run a past run again from its own captures and show what differs under today's code"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}: how URLs end, fields of records, entries and next pages of lists. No network, and "
            "nothing is written; gongbao runs lists the runs. scrapy replay 12 -s ARCHIVE=data/archive.db "
            "Exit codes: 0 nothing differs, 1 something does, 2 the call was wrong or there is no such run or source, "
            "3 the archive cannot be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--samples", metavar="N", type=int, default=SAMPLES, help="differing URLs to print")
        parser.add_argument("--json", dest="as_json", action="store_true", help="print JSON for a program, all of it")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from archive import ArchiveError
        from archive.errors import NotHeldError
        from crawler.crawling import CrawlError
        from crawler.registry import RegistryError

        if len(args) != 1 or not args[0].isascii() or not args[0].isdigit():
            raise UsageError("expected the number of a run; gongbao runs lists them", print_help=False)
        try:
            self.exitcode = self._replay(int(args[0]), opts)
        except (CrawlError, RegistryError, NotHeldError) as error:
            self._end(str(error), 2)
        except (ArchiveError, OSError, sqlite3.Error) as error:
            self._end(str(error), 3)
        except KeyboardInterrupt:
            self._end("interrupted", 130)

    def _end(self, line: str, code: int) -> None:
        print(f"scrapy replay: {line}", file=sys.stderr)
        self.exitcode = code

    def _replay(self, run: int, opts: argparse.Namespace) -> int:
        from archive import Archive
        from crawler.capped import ReaderPool, ReadingFailedError
        from crawler.crawling import USAGE, CrawlError, check

        assert self.settings is not None
        check(self.settings)
        with Archive(str(self.settings["ARCHIVE"])) as archive:
            archive.run(run)  # told before anything is started
        try:
            pool = ReaderPool(self.settings.getfloat("READ_SECONDS"), self.settings.getint("READ_MEGABYTES"))
        except ReadingFailedError as error:
            raise CrawlError(f"{error}; is READ_MEGABYTES too little?", USAGE) from error
        try:
            with Archive(str(self.settings["ARCHIVE"])) as archive:
                return replay(archive, run, str(self.settings["SOURCES"]), pool.read, opts)
        finally:
            pool.close()


def replay(archive: Archive, id: int, sources: str, read: Reader, opts: argparse.Namespace) -> int:
    """Replay one run and print what differs; gives the exit code."""
    from crawler.loader import load_sound
    from crawler.reread import code
    from crawler.rerun import KINDS, Replay
    from crawler.telling import Progress, Stream

    run = archive.run(id)
    pass_ = Replay(archive, id, load_sound(sources, run.source), read)
    head = {"run": id, "source": run.source, "started": run.started, "code": code()}
    stream = Stream(head, "differences") if opts.as_json else None
    kinds: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    progress = Progress(sum(run.counts.values()))
    for one in pass_.all():
        progress.step(run.source)
        kinds[one.kind] += 1
        fields.update(list(one.fields))
        if one.kind in DIFFERENT and (stream is not None or _few(kinds, opts.samples)):
            progress.clear()
            show(one, stream)
    progress.clear()
    different = sum(kinds[kind] for kind in DIFFERENT)
    if stream is not None:
        stream.end({"summary": {"kinds": dict(kinds), "fields": dict(fields)}})
        return 1 if different else 0
    if different > opts.samples:
        print(f"and {different - opts.samples:,} more (--samples N prints more, --json all of them)")
    told = ", ".join(f"{n:,} {KINDS[kind]}" for kind, n in kinds.items())
    print(f"Run {id} of {run.source}, {run.started}, read by {head['code']}: {told or 'no URL'}.")
    if fields:
        print("Fields: " + ", ".join(f"{name} {n:,}" for name, n in fields.most_common()))
    return 1 if different else 0


def _few(kinds: Counter[str], samples: int) -> bool:
    return sum(kinds[kind] for kind in DIFFERENT) <= samples


def show(one: Replayed, stream: Stream | None) -> None:
    """One URL that differs, as JSON or in lines."""
    from archive.display import safe
    from crawler.telling import as_json, lines

    if stream is not None:
        row = {name: getattr(one, name) for name in ("url", "role", "then", "now", "added", "following")}
        stream.add({"id": one.document, **row, "fields": as_json(one.fields)})
        return
    print(safe(f"{one.role:<8} {one.document or '-':<12} {one.url}"))
    told = [] if one.fields else [f"then {one.then}", f"now  {one.now}"]
    told += [f"leads to {url}, which the run never met" for url in one.added]
    told += [f"next page {one.following}, which the run never met"] if one.following else []
    print("".join(f"    {safe(line)}\n" for line in (*told, *lines(one.fields))), end="", flush=True)
