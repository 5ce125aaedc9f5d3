"""`scrapy record ID`: fixtures of a source from its live or mirrored site."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    from crawler.recording import Recording
    from crawler.registry import Source

NOTICES = 4


class Command(ScrapyCommand):
    """How a contributor adds tests for a site: nothing but pages and what is read in them."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] SOURCE"

    def short_desc(self) -> str:
        return "Record fixtures of a source: its lists, a second page, a few unlike notices"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Bytes as the server sent them (NAME.html) beside what is read in them today "
            "(NAME.md), in FIXTURES/ID; robots.txt and the source's pace are kept to. What it is unsure of goes to "
            "stderr; read the pairs before you commit them. Then scrapy crawl ID -s REPLAY=1 crawls them. "
            "scrapy record mouxian --notices 6 Exit codes: 0 written, 1 nothing was written (no list or notice could "
            "be read), 2 the call was wrong, the source is unknown, or it has fixtures already (--force writes over "
            "them), 3 the folder cannot be written."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--notices", metavar="N", type=int, default=NOTICES, help=f"notices to record (default {NOTICES})"
        )
        parser.add_argument("--force", action="store_true", help="write over pairs of the same names")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler.crawling import CrawlError
        from crawler.discover.scout import ScoutError
        from crawler.fixtures import FixtureError
        from crawler.registry import RegistryError

        if len(args) != 1 or opts.notices < 1:
            raise UsageError("expected one source, and --notices of 1 or more", print_help=False)
        try:
            self.exitcode = self._record(args[0], opts)
        except (CrawlError, FixtureError, RegistryError) as error:
            self._end(str(error), 2)
        except ScoutError as error:
            self._end(str(error), 1)
        except OSError as error:
            self._end(f"{error.filename}: cannot be written: {error.strerror}", 3)

    def _end(self, line: str, code: int) -> None:
        print(f"scrapy record: {line}", file=sys.stderr)
        self.exitcode = code

    def _record(self, name: str, opts: argparse.Namespace) -> int:
        from crawler import recording
        from crawler.crawling import check
        from crawler.fixtures import FixtureError
        from crawler.loader import load_sound

        assert self.crawler_process is not None
        settings = self.crawler_process.settings
        check(settings)
        folder = Path(str(settings["FIXTURES"]))
        source = load_sound(str(settings["SOURCES"]), name)
        recording.free(folder, source, force=opts.force)
        if settings.getbool("REPLAY"):
            raise FixtureError("REPLAY=1 asks no site: there is nothing to record")
        found = self._look(source, opts.notices)
        for sentence in found.unsure:
            print(f"unsure: {sentence}", file=sys.stderr)
        for path in recording.write(folder, source, found, force=opts.force):
            print(path)
        print(f"next: scrapy crawl {name} -s REPLAY=1 -s ARCHIVE=/tmp/{name}.db, and git diff", file=sys.stderr)
        return 0

    def _look(self, source: Source, notices: int) -> Recording:
        from crawler import recording
        from crawler.discover import scout

        assert self.crawler_process is not None
        settings = self.crawler_process.settings
        if "PROGRESS" not in settings:
            settings.set("PROGRESS", sys.stderr.isatty())
        answer: list[Recording] = []

        async def task(looking: scout.Scout) -> None:
            answer.append(await recording.record(looking, source, notices))

        scout.scout(self.crawler_process, task, source.id, delay=source.delay)
        if not answer:
            raise scout.ScoutError("stopped before all was looked at; nothing was written")
        return answer[0]
