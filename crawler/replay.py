"""Replay: the real engine answered from fixtures instead of the network, through Scrapy's own cache seam."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings

from archive.model import State
from crawler import reading
from crawler.cms.asking import address
from crawler.fixtures import Fixture, load
from crawler.reading import Reading

# How Scrapy's cache middleware words a URL it has no answer for, with HTTPCACHE_IGNORE_MISSING.
MISSING = "Ignored request not in cache"
NO_FIXTURE = "no fixture for this URL"


def replay_settings() -> dict[str, Any]:
    """The settings `-s REPLAY=1` stands for: answers from fixtures only, and no pauses, for nobody is asked."""
    return {
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_IGNORE_MISSING": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_ENABLED": False,
    }


class SampleReader:
    """Reads the lists of a sample as if they ended with what was recorded, so that a replay of it is a whole crawl."""

    def __init__(self, read: Callable[..., Reading] | None, recorded: frozenset[str]) -> None:
        self._read, self.recorded = read or reading.read, recorded

    def __call__(self, body: bytes, url: str, **more: Any) -> Reading:
        found = self._read(body, url, **more)
        following = found.next if found.request is None else address(found.request)
        if found.kind == "list" and (following is None or Request(following).url not in self.recorded):
            found = replace(found, next=None, request=None, reason=found.reason or "the rest was not recorded")
        return replace(found, page_count=None, record_count=None)


def missing(read: object, state: State, reason: str) -> tuple[State, str]:
    """How a URL without an answer ends; one without a fixture is passed over where they are a sample."""
    if isinstance(read, SampleReader) and reason == NO_FIXTURE:
        return "skipped", f"{NO_FIXTURE}: they are a sample"
    return state, reason


def reader(settings: BaseSettings, source: str, read: Callable[..., Reading] | None) -> Callable[..., Reading] | None:
    """`read`, or what reads the fixtures of a source where they are a sample."""
    pages = load(str(settings["FIXTURES"]), source)
    if not any(page.sample for page in pages):
        return read
    return SampleReader(read, frozenset(Request(page.url).url for page in pages))


class FixtureStorage:
    """HTTPCACHE_STORAGE over the pairs of one source. Never stores; robots.txt is 404 unless there is a pair."""

    def __init__(self, settings: BaseSettings) -> None:
        self.folder = str(settings["FIXTURES"])
        self.pages: dict[str, Fixture] = {}

    def open_spider(self, spider: Spider) -> None:
        # By the URL as Scrapy writes it, so that a fixture may state its URL with Chinese characters in it.
        self.pages = {Request(fixture.url).url: fixture for fixture in load(self.folder, spider.name)}

    def close_spider(self, spider: Spider) -> None:
        self.pages = {}

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        fixture = self.pages.get(request.url)
        if fixture is None:
            return Response(request.url, status=404) if request.url.endswith("/robots.txt") else None
        return Response(request.url, status=fixture.status, headers=dict(fixture.headers), body=fixture.body)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        raise AssertionError(f"replay fetched {request.url} from the network")  # the cache never misses through
