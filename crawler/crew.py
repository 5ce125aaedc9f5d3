"""Sources crawled side by side in one process: how many at a time, what one's fall does to the others, how all stop.

Scrapy starts every crawl it is given at once, tells nobody which of them failed, and on a signal waits for requests
that were not even sent. Here a source that falls costs its own run only; the first SIGTERM or Ctrl-C, or the end of the
time given, lets what is on the wire come home and be saved; the second signal ends the process at once.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scrapy.crawler import Crawler, CrawlerProcessBase

from archive.answers import Outcome, RunSummary
from archive.model import Visit
from crawler.capped import fault
from crawler.landing import Reader
from crawler.registry import Source
from crawler.spider import SourceSpider

SIGNALLED, OUT_OF_TIME, AT_ONCE = "by a signal", "its time was up", "at once, by a second signal"
FELL = "the archive failed"
SIGNALS = (signal.SIGTERM, signal.SIGINT)
LAST_PATIENCE = 3.0  # seconds after the second signal: a name being looked up cannot be called back
LEFT_BEHIND = 5  # exit code of a process that could not even wait for that


@dataclass(frozen=True, slots=True)
class Ended:
    """How one source's crawl ended: its run, or the line that says why there is none.

    `begun` is False where its turn never came; `stopped` says why it was ended early; `fatal`: the archive is at fault.
    """

    source: str
    run: RunSummary | None = None
    trouble: str | None = None
    stopped: str | None = None
    begun: bool = True
    fatal: bool = False


class Watcher(Protocol):
    """Who is told how the crawls go."""

    def begin(self, source: str) -> None: ...
    def tell(self, source: str, visit: Visit, outcome: Outcome) -> None: ...
    def done(self, ended: Ended) -> None: ...


class Crew:
    """Crawls sources within one reactor. `sites`: at most so many at once, never two of a host; None: all at once."""

    def __init__(
        self,
        process: CrawlerProcessBase,
        read: Reader,
        *,
        sites: int | None = None,
        seconds: float | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self.process, self.read, self.sites, self.seconds, self.watcher = process, read, sites, seconds, watcher
        self.crawlers: dict[str, Crawler] = {}
        self.stopped: str | None = None
        self._ends: dict[str, Ended] = {}
        self._halts: list[asyncio.Future[None]] = []  # held, or the loop would forget them

    def run(self, sources: Sequence[Source]) -> list[Ended]:
        """Crawl `sources` in this order; returns how each ended. Runs the reactor, so once in a process."""
        from twisted.internet import reactor

        if not sources:
            return []
        loop = asyncio.get_event_loop()
        self._all = loop.create_task(self._crawl(sources))
        self._all.add_done_callback(lambda _: reactor.stop())  # type: ignore[misc]  # zope interfaces name no self
        for number in SIGNALS:
            loop.add_signal_handler(number, self._signalled)
        if self.seconds is not None:
            loop.call_later(self.seconds, self.stop, OUT_OF_TIME)
        self.process.start(stop_after_crawl=False, install_signal_handlers=False)
        # What remains is to close the archive; whoever cannot wait for that may end it, as safely as any kill.
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        if self._all.done() and not self._all.cancelled():
            self._all.result()
        return [self._ends.get(source.id) or self._unended(source.id) for source in sources]

    def stop(self, why: str) -> None:
        """Begin no further source; let the others save what is on the wire."""
        if self.stopped is None:
            self.stopped = why
            for crawler in self.crawlers.values():
                self._halt(crawler, why)

    def _halt(self, crawler: Crawler, why: str) -> None:
        if isinstance(crawler.spider, SourceSpider):
            crawler.spider.halted = why
        # One that is only starting ends itself when it sees that it is halted. Scrapy 2.19 would take note that it has
        # been stopped, start it all the same, and wait for ever for somebody to stop it.
        if crawler.engine is not None and crawler.engine.running:
            self._halts.append(asyncio.ensure_future(crawler.stop_async()))

    def _signalled(self) -> None:
        if self.stopped not in {SIGNALLED, AT_ONCE}:
            if self.stopped is None:
                self.stop(SIGNALLED)
            self.stopped = SIGNALLED
            return
        self.stopped = AT_ONCE
        loop = asyncio.get_event_loop()
        loop.set_exception_handler(lambda *_: None)  # what is left on the wire has nobody to complain to
        # Whatever still holds the process then, what is committed is safe, and the next run takes over the rest.
        last = threading.Timer(LAST_PATIENCE, os._exit, [LEFT_BEHIND])
        last.daemon = True
        last.start()
        self._all.cancel()

    async def _crawl(self, sources: Sequence[Source]) -> None:
        waiting, running = deque(sources), dict[asyncio.Task[Ended], Source]()
        while (waiting and self.stopped is None) or running:
            while self.stopped is None and (source := self._next(waiting, list(running.values()))):
                waiting.remove(source)
                running[asyncio.ensure_future(self._one(source))] = source
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                self._book(running.pop(task), task.result())
            del done, task
            gc.collect()  # an ended crawl is a knot of cycles of some megabytes, and there may be hundreds

    def _next(self, waiting: deque[Source], running: Sequence[Source]) -> Source | None:
        """The first source that may begin: a place is free, and nobody is at one of its hosts."""
        if self.sites is None:
            return waiting[0] if waiting else None
        if len(running) >= self.sites:
            return None
        taken = {host for source in running for host in source.hosts}
        return next((source for source in waiting if not taken & source.hosts), None)

    async def _one(self, source: Source) -> Ended:
        """One source's crawl; whatever happens in it ends here."""
        if self.stopped is not None:  # between its choice and its turn
            return self._unended(source.id)
        more: dict[str, Any] = {}
        if (watcher := self.watcher) is not None:
            watcher.begin(source.id)
            more["tell"] = lambda visit, outcome: watcher.tell(source.id, visit, outcome)
        try:
            crawler = self.crawlers[source.id] = self.process.create_crawler(source.id)
            await crawler.crawl_async(read=self.read, **more)
            return _end(source.id, crawler)
        except Exception as error:  # noqa: BLE001  # a source that falls, however it does, takes no other with it
            return Ended(source.id, trouble=f"the crawl fell: {fault(error)}")
        finally:
            self.crawlers.pop(source.id, None)

    def _book(self, source: Source, ended: Ended) -> None:
        self._ends[source.id] = ended
        if self.watcher is not None and ended.begun:
            self.watcher.done(ended)
        if ended.fatal:
            self.stop(FELL)

    def _unended(self, source: str) -> Ended:
        """A source that has no end: its turn never came, or the process had to leave it."""
        if source not in self.crawlers:
            return Ended(source, trouble=f"not begun: {self.stopped}", stopped=self.stopped, begun=False)
        return Ended(source, trouble=f"stopped {self.stopped}; the next run takes it over", stopped=self.stopped)


def _end(source: str, crawler: Crawler) -> Ended:
    spider = crawler.spider
    if not isinstance(spider, SourceSpider):
        return Ended(source, trouble="the crawl did not start; the log says why", fatal=True)
    if spider.broken is not None:
        return Ended(source, trouble=spider.broken, fatal=True)
    if not hasattr(spider, "run") or spider.run.summary is None:
        return Ended(source, trouble="the run has no end; the next one takes it over", stopped=spider.halted)
    return Ended(source, spider.run.summary, stopped=spider.halted)
