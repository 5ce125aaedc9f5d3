"""The scout: looks at pages of a site one after the other, through the crawl's own engine, and keeps nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request, Spider
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.exceptions import CloseSpider
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings

from archive.dedup import canonical_url
from archive.display import safe
from archive.model import Capture, CorruptError
from crawler.capped import CappedReader, ReadingFailedError, fault
from crawler.cms.asking import asked, same_request
from crawler.landing import REDIRECTS, REFUSALS, Reader, binary
from crawler.lost import why_lost
from crawler.page import Page, open_page
from crawler.reading import Reading
from crawler.registry import host_of
from crawler.replay import replay_settings

HOPS = 5  # redirects and meta refreshes followed for one page
LARGEST = 8 * 1024 * 1024  # bytes of a page that is opened here, outside the capped process
SITEMAPS = 5  # of those robots.txt names that are looked at
AGENT = "ROBOTSTXT_USER_AGENT"


class UnseenError(Exception):
    """A page that cannot be looked at: one line with its URL and why."""


class ScoutError(Exception):
    """The looking itself could not be done: one line."""


@dataclass(frozen=True)
class Seen:
    """One page as it was looked at. `url` is where it was found at last, `body` the payload decompressed."""

    url: str
    capture: Capture
    body: bytes
    page: Page
    reading: Reading

    @property
    def headers(self) -> dict[str, str]:
        """Headers as a reader wants them: the first of each name counts."""
        return dict(reversed(self.capture.headers))


class Scout(Spider):
    """Runs one task that asks for pages in turn; polite and identified like every crawl, without an archive."""

    name = "scout"
    task: Callable[[Scout], Awaitable[None]]
    read: Reader
    failed: BaseException | None = None
    pause = 0.0  # seconds that robots.txt asks for beyond DOWNLOAD_DELAY

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # Somebody is looking, and it is told: what a crawl may speak to the host is then a fact of its TOML.
        settings.set("LEGACY_TLS_LEARNED", True, priority="spider")
        if settings.getbool("REPLAY"):
            settings.setdict(replay_settings(), priority="cmdline")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.seen = {}
        spider.sitemaps = []
        spider.latencies = []
        return spider

    seen: dict[str, Seen | UnseenError]
    latencies: list[float]
    sitemaps: list[str]  # that robots.txt names

    async def start(self) -> AsyncIterator[Request]:
        try:
            await self.task(self)
        except CloseSpider:
            raise
        except Exception as error:  # noqa: BLE001  # Scrapy would only log it; the command tells it
            self.failed = error
        for request in no_requests():
            yield request

    async def see(self, url: str) -> Seen:
        """Look at a page, once per run; raises UnseenError where that gives nothing to read."""
        key = canonical_url(url)
        if key not in self.seen:
            try:
                found: Seen | UnseenError = await self._follow(url)
            except UnseenError as error:
                found = error
            self.seen[key] = found
            self._tell(url, found)
        answer = self.seen[key]
        if isinstance(answer, UnseenError):
            raise answer
        return answer

    def again(self, seen: Seen, **how: Any) -> Reading:
        """Read a page another way (`as_kind`, `family`); a failing reader makes it unseen."""
        try:
            return self.read(seen.body, seen.url, status=seen.capture.status, headers=seen.headers, **how)
        except ReadingFailedError as error:
            raise UnseenError(f"{seen.url}: {error}") from error

    async def crawl_delay(self, url: str) -> float | None:
        """The Crawl-delay robots.txt asks of us, in seconds; kept to from here on. None where it states none."""
        parts = urlsplit(url)
        asked = Request(f"{parts.scheme}://{parts.netloc}/robots.txt", meta={"is_robots": True}, callback=NO_CALLBACK)
        try:
            response = await self._engine().download_async(asked)
        except Exception:  # noqa: BLE001  # the robots middleware meets the same and refuses the page with the reason
            return None
        if response.status != 200:
            return None
        rules = Protego.parse(response.body.decode("utf-8", "replace"))
        self.sitemaps = list(rules.sitemaps)[:SITEMAPS]
        delay = rules.crawl_delay(str(self.settings[AGENT]))
        if delay is not None:
            self.pause = max(0.0, float(delay) - self.settings.getfloat("DOWNLOAD_DELAY"))
        return None if delay is None else float(delay)

    def _engine(self) -> Any:
        return self.crawler.engine

    async def _follow(self, url: str) -> Seen:
        asked = url
        for _ in range(HOPS):
            seen = await self._ask(url)
            if isinstance(seen, Seen):
                return seen
            url = seen
        raise UnseenError(f"{asked}: redirected more than {HOPS} times, last to {url}")

    async def _ask(self, url: str) -> Seen | str:
        """The page, or where it sends us."""
        if host_of(url) is None:
            raise UnseenError(f"{url}: expected an http or https address")
        if self.pause and self.latencies:
            await asyncio.sleep(self.pause)
        how = asked(url)
        request = Request(how.url, method=how.method, body=how.body, headers=dict(how.headers), callback=NO_CALLBACK)
        try:
            response = await self._engine().download_async(request)
        except Exception as error:  # whatever kept the answer away is told in words
            raise UnseenError(f"{url}: {why_lost(error)[1]}") from error
        self.latencies.append(float(request.meta.get("download_latency", 0.0)))
        capture: Capture = request.meta.get("capture") or response.meta["capture"]
        location = capture.header("Location")
        if capture.status in REDIRECTS and location:
            return urljoin(how.url, location.strip())
        # The answer to a written request is read as what was asked: it does not say which page it is.
        return self._read(capture, same_request(capture.url, url))

    def _read(self, capture: Capture, url: str) -> Seen | str:
        try:
            body = capture.content()
        except CorruptError as error:
            raise UnseenError(str(error)) from error
        kind = binary(body)
        if kind is not None or len(body) > LARGEST:
            raise UnseenError(f"{url}: not a page: {kind or f'{len(body)} bytes'}")
        headers = dict(reversed(capture.headers))
        try:
            found = self.read(body, url, status=capture.status, headers=headers)
        except ReadingFailedError as error:
            raise UnseenError(f"{url}: {error}") from error
        if found.kind == "blocked" or capture.status in REFUSALS:
            raise UnseenError(f"{url}: blocked: {found.reason or f'HTTP {capture.status}'}; challenges are not solved")
        if not 200 <= capture.status < 300:
            raise UnseenError(f"{url}: HTTP {capture.status}")
        if found.kind == "empty" and found.target and canonical_url(found.target) != canonical_url(url):
            return found.target
        return Seen(url, capture, body, open_page(body, url, status=capture.status, headers=headers), found)

    def _tell(self, url: str, found: Seen | UnseenError) -> None:
        if self.settings.getbool("PROGRESS"):
            what = str(found) if isinstance(found, UnseenError) else f"{found.reading.kind} {url}"
            print(safe(f"looking  {what}"), file=sys.stderr, flush=True)


def no_requests() -> list[Request]:
    """A task asks for its pages itself; Scrapy's scheduler gets none."""
    return []


def scout(
    process: CrawlerProcessBase,
    task: Callable[[Scout], Awaitable[None]],
    name: str = Scout.name,
    *,
    delay: float | None = None,
) -> None:
    """Run `task` to its end in this process; raises what it raised, or ScoutError where it could not run.

    `delay` is the source's own, in seconds between two requests; one given with -s goes before it.
    """
    settings = process.settings
    if delay is not None:
        settings.set("DOWNLOAD_DELAY", delay, priority="spider")
    try:
        # Forked before a reactor runs, like the crawl's.
        reader = CappedReader(settings.getfloat("READ_SECONDS"), settings.getint("READ_MEGABYTES"))
    except ReadingFailedError as error:
        raise ScoutError(f"{error}; is READ_MEGABYTES={settings['READ_MEGABYTES']} too little?") from error
    crawler = process.create_crawler(Scout)
    try:
        process.crawl(crawler, name=name, task=task, read=reader.read)
        process.start()
    finally:
        reader.close()
    spider = crawler.spider
    if not isinstance(spider, Scout):
        raise ScoutError("the engine did not start; the log says why")
    if spider.failed is not None:
        if isinstance(spider.failed, UnseenError | ScoutError):
            raise spider.failed
        raise ScoutError(f"looking failed: {fault(spider.failed)}") from spider.failed
