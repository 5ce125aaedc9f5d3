"""Replay: the real engine answered from fixtures instead of the network, through Scrapy's own cache seam."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.fixtures import Fixture, load

# How Scrapy's cache middleware words a URL it has no answer for, with HTTPCACHE_IGNORE_MISSING.
MISSING = "Ignored request not in cache"


def replay_settings() -> dict[str, Any]:
    """The settings `-s REPLAY=1` stands for: answers from fixtures only, and no pauses, for nobody is asked."""
    return {
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_IGNORE_MISSING": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_ENABLED": False,
    }


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
