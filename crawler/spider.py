"""The one spider: fetch, keep, read, save, follow. Everything a source is comes from its TOML, by the loader."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive import ArchiveError
from archive.answers import Outcome
from archive.model import Capture, Link, Visit
from archive.store import shared
from crawler import files, parts
from crawler.capped import fault
from crawler.cms.asking import asked
from crawler.cms.base import NextPage
from crawler.landing import Landing, Reader, land, turns
from crawler.lost import why_lost
from crawler.pace import HaltedError, host_at, left_alone, take_over
from crawler.parts import Gathering
from crawler.progress import teller
from crawler.registry import Source
from crawler.replay import missing, replay_settings
from crawler.replay import reader as replay_reader
from crawler.run import Run
from crawler.sweep import Sweep
from crawler.tls import complaints

SELF_REDIRECTS = 3  # a cookie to be set takes one, a trailing slash another


class SourceSpider(Spider):
    """Crawls one source: its lists page by page, every notice they lead to, and what an interrupted run left."""

    source: ClassVar[Source]
    run: Run
    read: Reader | None = None  # a capped one, where the command that crawls brought it
    tell: Callable[[Visit, Outcome], None] | None = None  # hears how each URL ended, where somebody else listens
    broken: str | None = None  # the archive failed; one line
    halted: str | None = None  # why the crawl is being ended early, in words

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        if cls.source.delay is not None:
            settings.set("DOWNLOAD_DELAY", cls.source.delay, priority="spider")
        settings.set("LEGACY_TLS", [*settings.getlist("LEGACY_TLS"), *cls.source.legacy_tls], priority="cmdline")
        if settings.getbool("REPLAY"):
            settings.setdict(replay_settings(), priority="cmdline")
        take_over(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.opened, signals.spider_opened)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        crawler.signals.connect(spider.closed_down, signals.spider_closed)
        return spider

    def opened(self) -> None:
        """Open the archive and the run; a failure closes the spider before it asks anything of the site."""
        with self._archive_or_stop():
            self.archive = shared(self.settings["ARCHIVE"])
            tell = self.tell or (teller(self.name) if self.settings.getbool("PROGRESS") else None)
            whole = self.settings.getbool("WHOLE")
            most = self.settings.getint("LIST_PAGES")
            if self.settings.getbool("REPLAY"):
                self.read = replay_reader(self.settings, self.name, self.read)
            # Fixtures are of pages.
            attached = self.settings.getbool("ATTACHMENTS") and not self.settings.getbool("REPLAY")
            self.run = Run(self.archive, self.source, list_pages=most, whole=whole, with_files=attached, tell=tell)

    async def start(self) -> AsyncIterator[Request]:
        if self.halted:
            raise CloseSpider(self.halted)
        with self._archive_or_stop():
            links = self.run.begin()
        for link in links:
            yield self.ask(link, self.run.sweep_of(link))

    def ask(self, link: Link, sweep: Sweep | None, *, url: str | None = None, turn: int = 0) -> Request:
        """The request for `link`; `url` is where the same page is to be had when a redirect said so."""
        how = asked(link.url) if link.role == "listing" else NextPage(link.url)
        # Only at first: who asks again after a cookie or a retry of ours wants the page.
        unless = self._validators(link) if link.role != "listing" and turn == 0 else {}
        return Request(
            url or link.url,
            method=how.method,
            body=how.body,
            headers={**dict(how.headers), **unless},
            callback=self.landed,
            errback=self.lost,
            cb_kwargs={"link": link, "sweep": sweep, "turn": turn},
            # Lists first: what they lead to is in the frontier before the long work starts.
            priority={"listing": 10, "notice": 0, "attachment": -5}[link.role],
            meta=self._bounds(link),
        )

    async def landed(self, response: Response, link: Link, sweep: Sweep | None, turn: int) -> AsyncIterator[Request]:
        """An answer: into the archive as it is, then read."""
        capture = response.meta["capture"]
        again = turns(capture, link, self.source) or files.hop(capture, link, self.source)
        if again and turn < SELF_REDIRECTS:
            yield self.ask(link, sweep, url=again, turn=turn + 1)
            return
        landing = await self.judged(capture, link)
        gathering = parts.begin(link, landing)
        if gathering is not None and landing.part is not None:
            following = self.gather(gathering, landing.part)
        else:
            following = self.book([landing], sweep)
        for request in following:
            yield request

    async def judged(self, capture: Capture, link: Link) -> Landing:
        """Keep an answer, then read it off the reactor's thread: a slow page keeps only its own site waiting."""
        with self._archive_or_stop():
            stored = self.archive.keep(capture)
        landing = await asyncio.to_thread(land, stored, link, self.source, self.read)
        host_at(capture.url).ended(landing.visit.state, landing.visit.reason)
        return landing

    def book(self, landings: Iterable[Landing], sweep: Sweep | None = None) -> Iterator[Request]:
        """Save what became of URLs, each a commit of its own, and ask for what they lead to."""
        with self._archive_or_stop():
            links = [link for landing in landings for link in self.run.save(landing, sweep)]
        yield from (self.ask(found, sweep if found.role == "listing" else None) for found in links)

    def gather(self, gathering: Gathering, url: str) -> Iterator[Request]:
        """Ask for the next part of a document, which is saved when all of it is here."""
        reason = gathering.refuses(url, self.source)
        if reason is not None:
            yield from self.book(gathering.broken(f"at {url} {reason}"))
            return
        kwargs = {"gathering": gathering}
        # Before other pages: the document waits for it.
        yield Request(url, callback=self.landed_part, errback=self.lost_part, cb_kwargs=kwargs, priority=5)

    async def landed_part(self, response: Response, gathering: Gathering) -> AsyncIterator[Request]:
        """A further part of a document."""
        capture = response.meta["capture"]
        link = Link(capture.url, "notice")
        landing = await self.judged(capture, link)
        then = parts.after(gathering, link.url, landing)
        if not isinstance(then, Gathering):
            following = self.book(then)
        elif landing.part is not None:
            following = self.gather(then, landing.part)
        else:
            following = self.book(then.joined())
        for request in following:
            yield request

    def lost_part(self, failure: Failure) -> Iterator[Request]:
        """A part without an answer."""
        if isinstance(failure.value, HaltedError):
            return
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        state, reason = why_lost(failure.value)
        landing = Landing(Visit(request.url, "notice", state, reason=reason))
        ends = parts.after(request.cb_kwargs["gathering"], request.url, landing)
        assert not isinstance(ends, Gathering)
        yield from self.book(ends)

    def lost(self, failure: Failure) -> Iterator[Request]:
        """No answer, or one that could not be used; a URL that was not even asked for waits for the next run."""
        if isinstance(failure.value, HaltedError):
            return
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        link, sweep = request.cb_kwargs["link"], request.cb_kwargs["sweep"]
        state, reason = missing(self.read, *files.lost(link, *why_lost(failure.value)))
        with self._archive_or_stop():
            self.run.save(Landing(Visit(link.url, link.role, state, reason=reason)), sweep)
        yield from ()

    def idle(self) -> None:
        with self._archive_or_stop(), self._told():
            links = self.run.leftovers()
        for link in links:
            self.crawler.engine.crawl(self.ask(link, None))
        if links:
            raise DontCloseSpider

    def closed_down(self, reason: str) -> None:
        """Finish the run, unless the archive is what failed: then the next run finds it interrupted."""
        if not hasattr(self, "archive"):
            return
        stopped = self.halted or {"finished": None, "shutdown": "by a signal"}.get(reason, reason)
        try:
            if hasattr(self, "run") and self.broken is None:
                self.run.remarks += left_alone(self.source.hosts)
                self.run.news += complaints(self.source.hosts)
                self.run.finish(requests=self.crawler.stats.get_value("downloader/request_count", 0), stopped=stopped)
        except (ArchiveError, OSError, sqlite3.Error) as error:
            self.broken = str(error)
        finally:
            self.archive.close()

    def _bounds(self, link: Link) -> dict[str, float]:
        """A file may take longer than a page, and be no longer than somebody wants to keep."""
        if link.role != "attachment":
            return {}
        seconds = self.settings.getfloat("ATTACHMENT_TIMEOUT")
        return {"download_maxsize": self.settings.getint("ATTACHMENT_MAXSIZE"), "download_timeout": seconds}

    def _validators(self, link: Link) -> dict[str, str]:
        """Headers that spare the site a page we hold; lists and answers of long ago are always asked for whole."""
        if self.settings.getbool("REPLAY"):
            return {}
        longer = files.TRUSTED if link.role == "attachment" else 1
        since = datetime.now(UTC) - timedelta(days=self.settings.getfloat("WHOLE_DAYS") * longer)
        with self._archive_or_stop():
            return self.archive.validators(link.url, since.strftime("%Y-%m-%dT%H:%M:%SZ"))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A fault of ours in a signal handler makes the run incomplete: Scrapy 2.19 only logs it and ends well."""
        try:
            yield
        except (ArchiveError, OSError, sqlite3.Error):  # ends the crawl anyway
            raise
        except Exception as error:
            self.halted = self.halted or f"a fault of the crawler, {fault(error)}"
            raise CloseSpider(self.halted) from error

    @contextmanager
    def _archive_or_stop(self) -> Iterator[None]:
        """An archive that cannot be written ends the crawl: pages fetched for nothing help nobody."""
        try:
            yield
        except (ArchiveError, OSError, sqlite3.Error) as error:
            self.broken = self.broken or str(error)
            raise CloseSpider("archive failed") from error
