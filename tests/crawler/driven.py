"""A source crawled in this process: the real run, landing and reader over answers by path, without a network."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from archive import Archive, clock
from archive.answers import RunSummary
from archive.model import Capture, Link
from crawler import reading
from crawler.expect import Expect
from crawler.landing import land
from crawler.reading import Reading
from crawler.registry import Source
from crawler.run import Run
from tests.serving import Answer

HOST = "http://sfj.qingling.example"
START = datetime(2026, 3, 2, 6, tzinfo=UTC)


def source(**facts: Any) -> Source:
    return Source("qingling", "青岭区司法局", (f"{HOST}/tzgg/",), frozenset({"sfj.qingling.example"}), **facts)


def expecting(**floors: Any) -> Source:
    return source(expect=Expect(**floors))


def crawl(archive: Archive, of: Source, answers: Mapping[str, Answer]) -> RunSummary:
    """One run, one request after the other, as the spider asks."""
    run = Run(archive, of, list_pages=50)
    waiting = deque((link, run.sweep_of(link)) for link in run.begin())
    asked = 0
    while waiting:
        link, sweep = waiting.popleft()
        asked += 1
        found = land(archive.keep(_capture(link, answers)), link, of, _read)
        for one in run.save(found, sweep):
            listing = one.role == "listing"
            (waiting.appendleft if listing else waiting.append)((one, sweep if listing else None))
        if not waiting:
            waiting.extend((one, None) for one in run.leftovers())
    return run.finish(requests=asked)


@contextmanager
def on(day: int) -> Iterator[None]:
    """The archive's clock shows that day."""
    before = clock.present
    clock.present = lambda: START + timedelta(days=day)
    try:
        yield
    finally:
        clock.present = before


def _capture(link: Link, answers: Mapping[str, Answer]) -> Capture:
    answer = answers.get(link.url.removeprefix(HOST), Answer("", 404))
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    headers = {"Content-Type": "text/html"} | dict(answer.headers)
    return Capture(link.url, clock.now(), answer.status, tuple(headers.items()), body)


def _read(body: bytes, url: str, **more: Any) -> Reading:
    return _cached(body, url, tuple(sorted((name, _frozen(value)) for name, value in more.items())))


@lru_cache(4096)  # most pages are the same in every run
def _cached(body: bytes, url: str, more: tuple[tuple[str, Any], ...]) -> Reading:
    given: dict[str, Any] = {name: dict(value) if name == "headers" else value for name, value in more}
    return reading.read(body, url, **given)


def _frozen(value: Any) -> Any:
    return (
        tuple(sorted(value.items())) if isinstance(value, dict) else tuple(value) if isinstance(value, list) else value
    )
