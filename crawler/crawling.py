"""Crawl sources in this process, with one line for whatever keeps a crawl from starting or ending well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import BaseSettings

from archive import Archive, ArchiveError
from archive.answers import RunSummary
from archive.errors import HeldError
from archive.store import shared
from crawler import fixtures, guard
from crawler.capped import ReaderPool, ReadingFailedError
from crawler.crew import Crew, Ended
from crawler.fixtures import FixtureError
from crawler.landing import Reader
from crawler.loader import load_sound
from crawler.registry import RegistryError
from crawler.verdict import WELL

# Exit codes of the commands that crawl.
WELL_DONE, ILL, USAGE, NO_ARCHIVE = 0, 1, 2, 3

# Settings a person gives with -s, by what their value has to be.
NUMBERS = {
    "a number": ("DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT", "ATTACHMENT_TIMEOUT", "READ_SECONDS", "WHOLE_DAYS"),
    "a whole number": (
        "LIST_PAGES",
        "RETRY_TIMES",
        "CONCURRENT_REQUESTS",
        "DOWNLOAD_MAXSIZE",
        "READ_MEGABYTES",
        "ATTACHMENT_MAXSIZE",
    ),
    "0 or 1": ("REPLAY", "PROGRESS", "WHOLE", "ATTACHMENTS", "ROBOTSTXT_OBEY", "AUTOTHROTTLE_ENABLED"),
}


class CrawlError(Exception):
    """A crawl that did not start, or lost its archive: one line, and the exit code it means."""

    def __init__(self, line: str, code: int) -> None:
        super().__init__(line)
        self.code = code


def crawl(process: CrawlerProcessBase, ids: Sequence[str], *, seconds: float | None = None) -> list[RunSummary]:
    """Crawl sources, each as a run of its own, at most for `seconds`; returns how they ended, or raises CrawlError."""
    settings = process.settings
    check(settings)
    try:
        sources = [load_sound(str(settings["SOURCES"]), source) for source in dict.fromkeys(ids)]
        if settings.getbool("REPLAY"):
            for source in sources:
                fixtures.load(str(settings["FIXTURES"]), source.id)
    except (RegistryError, FixtureError) as error:
        raise CrawlError(str(error), USAGE) from error
    with opened(settings) as (_, read):
        ends = Crew(process, read, seconds=seconds).run(sources)
    return [_summary(end) for end in ends]


@contextmanager
def opened(settings: BaseSettings, *, held: int = NO_ARCHIVE) -> Iterator[tuple[Archive, Reader]]:
    """The archive, opened here so that what is wrong with it is told before a reactor runs, and a capped reader.

    `held`: the exit code where another process is writing it.
    """
    # Before the archive is opened: a process forked later would hold its lock as well.
    try:
        reader = ReaderPool(settings.getfloat("READ_SECONDS"), settings.getint("READ_MEGABYTES"))
    except ReadingFailedError as error:
        raise CrawlError(f"{error}; is READ_MEGABYTES={settings['READ_MEGABYTES']} too little?", USAGE) from error
    # Closed whatever happens: the processes ignore a terminate, and the interpreter would wait for them for ever.
    with closing(reader):
        try:
            with closing(shared(str(settings["ARCHIVE"]))) as archive:
                yield archive, reader.read
        except (ArchiveError, OSError, sqlite3.Error) as error:
            raise CrawlError(str(error), held if isinstance(error, HeldError) else NO_ARCHIVE) from error


def check(settings: BaseSettings) -> None:
    """Refuse a value of `-s` that Scrapy would only stumble over in the middle of a crawl."""
    readers = {"a number": settings.getfloat, "a whole number": settings.getint, "0 or 1": settings.getbool}
    for expected, names in NUMBERS.items():
        for name in names:
            try:
                sound = readers[expected](name) >= 0
            except (TypeError, ValueError):
                sound = False
            if not sound:
                raise CrawlError(f"setting {name}: expected {expected}, found {settings[name]!r}", USAGE)
    try:
        guard.allowed(str(settings["GUARD_ALLOW"] or ""))
    except ValueError as error:
        raise CrawlError(f"setting GUARD_ALLOW: {error}", USAGE) from error
    if not settings["ARCHIVE"]:
        raise CrawlError("setting ARCHIVE: expected the path of the archive's file, found nothing", USAGE)


def exit_code(runs: Sequence[RunSummary]) -> int:
    return WELL_DONE if all(run.verdict in WELL for run in runs) else ILL


def _summary(ended: Ended) -> RunSummary:
    if ended.run is None:
        line = str(ended.trouble) if ended.fatal else f"{ended.source}: {ended.trouble}"
        raise CrawlError(line, NO_ARCHIVE if ended.fatal else ILL)
    return ended.run
