"""`scrapy crawl ID`: Scrapy's own command, with clear errors and an exit code that means health."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterable

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from archive import ArchiveError
from archive.store import shared
from crawler import fixtures
from crawler.fixtures import FixtureError
from crawler.progress import summary_line
from crawler.spider import SourceSpider
from crawler.verdict import WELL

ILL, USAGE, NO_ARCHIVE = 1, 2, 3


class Command(BaseRunSpiderCommand):
    """Crawl one source into the archive."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] SOURCE"

    def short_desc(self) -> str:
        return "Crawl a source into the archive (-s REPLAY=1: from its fixtures, without network)"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Exit codes: 0 verdict healthy or quiet; 1 any other verdict (incomplete, "
            "layout_changed, blocked, down, identity_mismatch), told with its evidence on stderr; 2 unknown source, "
            "broken TOML or fixture; 3 the archive cannot be used."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one source; `scrapy list` shows them", print_help=False)
        assert self.settings is not None
        if "PROGRESS" not in self.settings:
            self.settings.set("PROGRESS", sys.stderr.isatty())
        self.exitcode = crawl(self, args)


def crawl(command: BaseRunSpiderCommand, sources: Iterable[str]) -> int:
    """Crawl the sources in this process, each as its own run; prints a summary each, returns the exit code."""
    process, settings = command.crawler_process, command.settings
    assert process is not None
    assert settings is not None
    try:
        crawlers = [process.create_crawler(source) for source in sources]
        if settings.getbool("REPLAY"):
            for crawler in crawlers:
                fixtures.load(settings["FIXTURES"], str(crawler.spidercls.name))
    except KeyError as error:
        return _refuse(str(error.args[0]), USAGE)
    except FixtureError as error:
        return _refuse(str(error), USAGE)
    try:
        # Opened here and held, so that what is wrong with it is told before a reactor runs.
        archive = shared(settings["ARCHIVE"])
    except (ArchiveError, OSError, sqlite3.Error) as error:
        return _refuse(str(error), NO_ARCHIVE)
    try:
        for crawler in crawlers:
            process.crawl(crawler)
        process.start()
    finally:
        archive.close()
    return max((_outcome(crawler) for crawler in crawlers), default=0)


def _outcome(crawler: Crawler) -> int:
    spider = crawler.spider
    if not isinstance(spider, SourceSpider) or spider.broken is not None or not hasattr(spider, "run"):
        broken = spider.broken if isinstance(spider, SourceSpider) else None
        return _refuse(broken or "the crawl did not start; the log says why", NO_ARCHIVE)
    summary = spider.run.summary
    if summary is None:
        return _refuse(f"{spider.name}: the run has no end; the next one takes it over", ILL)
    print(summary_line(summary), file=sys.stderr)
    return 0 if summary.verdict in WELL else ILL


def _refuse(line: str, code: int) -> int:
    print(f"scrapy crawl: {line}", file=sys.stderr)
    return code
