"""Downloader middlewares: the capture of every answer near the wire, and robots.txt as RFC 9309 has it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.headers import Headers
from scrapy.http.request import NO_CALLBACK
from tldextract import TLDExtract

from archive.model import Capture, CorruptError
from crawler.cms.asking import plain
from crawler.dialling import in_words
from crawler.guard import InternalAddressError
from crawler.pace import LONGEST_DELAY, HaltedError, HostAwayError, HostRefusesError, host_at

# Scrapy's cookie jar would download the public suffix list at the first Set-Cookie; the list in the package will do.
cookies._split_domain = TLDExtract(include_psl_private_domains=True, suffix_list_urls=())

REDIRECTS = frozenset({301, 302, 303, 307, 308})
ROBOTS_BYTES = 500 * 1024
# Credentials of whoever crawls are no part of the evidence.
SECRET_HEADERS = frozenset({"proxy-authorization", "authorization"})


class CaptureMiddleware:
    """Puts the archive.model.Capture of each answer into `request.meta["capture"]` and hands on its plain bytes.

    Sits next to the replay cache, so the capture has the payload as sent. What goes up is a plain Response with the
    content decompressed: Scrapy's own way would guess a charset of compressed bytes first, for half its time.
    """

    def process_request(self, request: Request) -> None:
        # A retried request carries the meta of its first try.
        request.meta.pop("capture", None)

    def process_response(self, request: Request, response: Response) -> Response:
        capture = Capture(
            url=plain(request.url),
            fetched=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            status=response.status,
            headers=pairs(response.headers),
            body=response.body,
            method=request.method,
            request_body=request.body,
            request_headers=tuple(
                (name, value) for name, value in pairs(request.headers) if name.lower() not in SECRET_HEADERS
            ),
        )
        request.meta["capture"] = capture
        try:
            body = capture.content()
        except CorruptError:
            body = b""  # whoever reads the capture meets the same error, with its reason
        return Response(request.url, status=response.status, headers=response.headers, body=body, flags=response.flags)


def pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Headers as (name, value) pairs, repeats kept; latin-1 where a value is not UTF-8, so that nothing is lost."""
    return tuple((_text(name), _text(value)) for name, values in headers.items() for value in values)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class RobotsDisallowedError(IgnoreRequest):
    """The site's robots.txt asks us not to fetch this URL."""


class RobotsUnreachableError(IgnoreRequest):
    """robots.txt has no usable answer; RFC 9309 section 2.3.1.4: then everything is disallowed."""


class RobotsMiddleware:
    """Asks each host's robots.txt once per run and stays away where it says so, or where the server cannot say.

    4xx means no rules; 5xx, 429 and no answer mean stay away; up to five redirects are followed (RFC 9309).
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"])
        self.rules: dict[str, asyncio.Future[Protego | RobotsUnreachableError | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.rules:
            self.rules[site] = asyncio.ensure_future(self._ask(site))
        rules = await self.rules[site]
        if isinstance(rules, RobotsUnreachableError):
            raise rules
        if rules is not None and not rules.can_fetch(urldefrag(request.url).url, self.agent):
            raise RobotsDisallowedError("robots.txt disallows it")

    async def _ask(self, site: str) -> Protego | RobotsUnreachableError | None:
        url = f"{site}/robots.txt"
        for _ in range(6):
            asked = Request(url, priority=1000, meta={"is_robots": True}, callback=NO_CALLBACK)
            try:
                response = await self.crawler.engine.download_async(asked)
            except HaltedError:
                raise
            except (InternalAddressError, HostAwayError, HostRefusesError) as error:
                return RobotsUnreachableError(str(error))
            except Exception as error:  # noqa: BLE001  # whatever kept the answer away, the consequence is the same
                return RobotsUnreachableError(f"{url} has no answer: {in_words(error)}")
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or location is None:
                break
            url = urljoin(url, _text(location))
        if response.status >= 500 or response.status == 429:
            return RobotsUnreachableError(f"{url} answers HTTP {response.status}: RFC 9309 says stay away")
        if response.status != 200:
            return None
        rules = Protego.parse(rules_in(response.body))
        host_at(site).crawl_delay = min(float(rules.crawl_delay(self.agent) or 0), LONGEST_DELAY)
        return rules


def rules_in(body: bytes) -> str:
    """The text of a robots.txt: its first 500 KB, in whole lines (RFC 9309 section 2.5)."""
    if len(body) > ROBOTS_BYTES:
        body = body[: body.rfind(b"\n", 0, ROBOTS_BYTES) + 1]
    return body.decode("utf-8-sig", "replace")
