"""One request at a time to a host, and the pauses between them: for all the crawls of this process together.

Scrapy paces every crawl by itself, so two sources on one host would ask at once; and it knows neither Crawl-delay nor
Retry-After. Here the pause after an answer is the longest of what the source's facts, robots.txt and the server's own
slowness ask for; a server that says when to come back is not asked before, and one that refuses us again and again is
left alone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings

from archive.model import State

LONGEST = 60.0  # seconds: a slower server is met with this pause
LONGEST_DELAY = 600.0  # seconds: a longer Crawl-delay is met with this pause; twenty pages would take a day
GLANCE = 0.25  # seconds after which one who waits at a door looks whether its crawl is being ended
PATIENCE = 120.0  # seconds a run waits for a server that names a time; beyond it the host is left to the next run
BUSY = frozenset({429, 503})
# A challenge is meant for us and a 403 may be meant for the page: five of the one or twenty of the other in a row.
REFUSALS, CHALLENGE = 20, 4
_OF_THE_PAGE = re.compile(r"(?:blocked:http|HTTP )(?:401|403|405|451)$")


class HostAwayError(IgnoreRequest):
    """The server asked us to come back later than this run waits."""


class HostRefusesError(IgnoreRequest):
    """The server refused so many pages in a row that it is asked for no more of them."""


class HaltedError(IgnoreRequest):
    """The crawl is being ended: this request stayed at the door and was never sent."""


@dataclass(slots=True)
class Host:
    """What is known of a server: when it was left, how fast it answers, what it asks for. Times are monotonic."""

    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    left: float = float("-inf")
    not_before: float = float("-inf")
    crawl_delay: float = 0.0
    latency: float = 0.0
    busy: int = 0  # answers in a row that say so and not for how long
    refusals: int = 0  # in a row, a challenge counting for several

    def ready(self, delay: float, *, by_latency: bool) -> float:
        """When it may be asked again."""
        pause = max(delay, self.crawl_delay, min(self.latency, LONGEST) if by_latency else 0.0)
        # Too busy and no word for how long: twice the pause, then twice that.
        return max(self.left + max(pause, min(pause * 2.0**self.busy, LONGEST)), self.not_before)

    def leave(self, now: float, latency: float, status: int | None, retry_after: float | None) -> None:
        """Book an answer, or that there was none. Slowness counts at once, and is forgiven by halves."""
        slower = max(latency, (self.latency + latency) / 2)
        # An error page comes quickly and says nothing of how fast the site is.
        self.latency = slower if status == 200 else max(self.latency, slower)
        self.left = now
        if status in BUSY and retry_after is not None:
            self.not_before = max(self.not_before, now + retry_after)
        self.busy = min(self.busy + 1, 6) if status in BUSY and retry_after is None else 0

    def ended(self, state: State | None, reason: str | None) -> None:
        """Book what its answer turned out to be, as the ledger has it; None is a notice that was read."""
        if state == "blocked":
            self.refusals += 1 if _OF_THE_PAGE.search(reason or "") else CHALLENGE
        elif state in {None, "listed", "unchanged", "gone"}:
            self.refusals = 0


# All crawls of this process: what one source learns of a host holds for the others on it.
HOSTS: dict[str, Host] = {}


def host_at(url: str) -> Host:
    """The server behind a URL; http and https on their own ports are one."""
    split = urlsplit(url)
    name = split.hostname or ""
    port = split.port if split.port not in {None, 80, 443} else None
    return HOSTS.setdefault(name if port is None else f"{name}:{port}", Host())


def left_alone(hosts: Iterable[str]) -> list[str]:
    """A sentence for each of `hosts` that is not asked any more, for refusing us."""
    refusing = (host for host in sorted(hosts) if host_at(f"http://{host}/").refusals >= REFUSALS)
    return [f"{host} refused page after page and was left alone for the rest of the run" for host in refusing]


def seconds_until(retry_after: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for, in either of its two forms; None when it is neither.

    >>> seconds_until("120", datetime.now(UTC))
    120.0
    >>> seconds_until("Wed, 21 Oct 2026 07:28:30 GMT", datetime(2026, 10, 21, 7, 28, tzinfo=UTC))
    30.0
    """
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())


def take_over(settings: BaseSettings) -> None:
    """Move Scrapy's own pacing settings here, so that a pause is not made twice: theirs count for one crawl only."""
    settings.set("PACE_DELAY", settings.getfloat("DOWNLOAD_DELAY"), priority="cmdline")
    settings.set("PACE_BY_LATENCY", settings.getbool("AUTOTHROTTLE_ENABLED"), priority="cmdline")
    settings.setdict({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}, priority="cmdline")


class PaceMiddleware:
    """The door of each host; nearest to the wire, so that only what is really asked waits and counts."""

    def __init__(self, crawler: Crawler, delay: float, *, by_latency: bool) -> None:
        self.crawler, self.delay, self.by_latency = crawler, delay, by_latency

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(crawler, settings.getfloat("PACE_DELAY"), by_latency=settings.getbool("PACE_BY_LATENCY"))

    async def process_request(self, request: Request) -> None:
        host = host_at(request.url)
        await host.door.acquire()
        try:
            # Asked again after each sleep: meanwhile another crawl may have learned the host's Crawl-delay.
            while (wait := host.ready(self.delay, by_latency=self.by_latency) - monotonic()) > 0:
                self._look(host)
                await asyncio.sleep(min(wait, GLANCE))
            self._look(host)
        except BaseException:
            host.door.release()
            raise
        request.meta["asked_at"] = monotonic()

    def _look(self, host: Host) -> None:
        if getattr(self.crawler.spider, "halted", None):
            raise HaltedError("the crawl is being ended")
        away = host.not_before - monotonic()
        if away > PATIENCE:
            raise HostAwayError(f"the server asks us to come back in {away:.0f} s; the next run will")
        if host.refusals >= REFUSALS:
            raise HostRefusesError("not asked for: the server refused page after page; the next run will ask again")

    def process_response(self, request: Request, response: Response) -> Response:
        raw = response.headers.get("Retry-After")
        after = None if raw is None else seconds_until(raw.decode("latin-1"), datetime.now(UTC))
        self._leave(request, response.status, after)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        self._leave(request, None, None)

    def _leave(self, request: Request, status: int | None, retry_after: float | None) -> None:
        # Answers of the replay cache never came through this door.
        asked_at = request.meta.pop("asked_at", None)
        if asked_at is not None:
            host, now = host_at(request.url), monotonic()
            host.leave(now, now - asked_at, status, retry_after)
            host.door.release()
