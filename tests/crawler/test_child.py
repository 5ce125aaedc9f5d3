"""A page made to hurt costs its record, never the crawl."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from crawler.child import SECONDS, ChildReader, ReaderError
from crawler.reading import read

PAGE = "<html><body><h1>关于夜间施工的公告</h1><div id='zoom'>{}</div></body></html>"
TEXT = "<p>经研究，同意城东泵站工程在夜间连续浇筑混凝土，请周边居民予以谅解。</p>"
URL = "http://www.qinghe.example/gg/202304/t20230407_8.html"


@pytest.fixture
def reader() -> Iterator[ChildReader]:
    made = ChildReader()
    yield made
    made.close()


def test_a_child_reads_what_the_reader_reads(reader: ChildReader) -> None:
    body = PAGE.format(TEXT * 3).encode()
    assert reader.read(body, URL) == read(body, URL)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(PAGE.format("<a href='/x'>公告</a>" * 120_000), id="3 MB of links"),
        pytest.param(PAGE.format("<table><tr><td>一</td><td>2</td></tr></table>" * 70_000), id="3 MB of tables"),
        pytest.param(PAGE.format("<div>" * 100_000 + TEXT), id="100,000 nested tags"),
        pytest.param(PAGE.format("<p>" + "公告" * 2_000_000 + "</p>"), id="12 MB text node"),
    ],
)
def test_a_monstrous_page_ends_with_a_reading_or_a_reason_and_the_next_is_read(reader: ChildReader, body: str) -> None:
    started = time.monotonic()
    with suppress(ReaderError):  # its message is a reason too
        found = reader.read(body.encode(), URL)
        assert found.record is not None or found.entries or found.reason
    assert time.monotonic() - started < SECONDS + 10  # starting and killing a child on a loaded machine included
    assert reader.read(PAGE.format(TEXT * 3).encode(), URL).kind == "notice"


def test_a_reader_that_takes_too_long_is_stopped_with_the_reason(reader: ChildReader) -> None:
    reader.seconds = 0.0
    with pytest.raises(ReaderError, match="took longer than 0 s"):
        reader.read(PAGE.format(TEXT).encode(), URL)
    reader.seconds = 60
    assert reader.read(PAGE.format(TEXT * 3).encode(), URL).kind == "notice"


def test_a_reader_over_its_memory_is_stopped_with_the_reason() -> None:
    small = ChildReader(seconds=60, megabytes=400)
    try:
        with pytest.raises(ReaderError, match=r"reader (raised|died)"):
            small.read(PAGE.format("<p>" + "公告" * 12_000_000 + "</p>").encode(), URL)
    finally:
        small.close()


def test_a_reader_that_raises_says_what_and_where(reader: ChildReader) -> None:
    with pytest.raises(ReaderError, match=r"reader raised KeyError: .*nonesuch.* at \w+\.py:\d+"):
        reader.read(b"<html></html>", URL, family="nonesuch")
