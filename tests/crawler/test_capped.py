"""Reading in a process of its own: whatever a page does to its reader, the next page is read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from crawler import reading
from crawler.capped import CappedReader, ReadingFailedError
from crawler.reading import Reading
from tests.serving import notice

URL = "http://sfj.qingling.example/art/1.html"


def mischief(body: bytes, url: str, **more: object) -> Reading:
    """A reader that does what the page says."""
    if body == b"sleep":
        time.sleep(60)
    if body == b"die":
        os._exit(139)
    if body == b"raise":
        raise RecursionError("too deep")
    if body == b"grow":
        return Reading("empty", url, reason=str(len(b"x" * (4 * 1024**3))))
    return Reading("empty", url, reason="read")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[CappedReader]:
    monkeypatch.setattr(reading, "read", mischief)
    capped = CappedReader(0.5, 2048)
    yield capped
    capped.close()


def test_a_page_read_apart_is_read_as_it_is_here() -> None:
    page = notice("关于开展案卷评查工作的通知", n=1).encode()
    capped = CappedReader(60, 3072)
    try:
        assert capped.read(page, URL, family="trs") == reading.read(page, URL, family="trs")
    finally:
        capped.close()


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (b"sleep", "reading took longer than 0.5 s"),
        (b"die", "the reading process died"),
        (b"raise", "reader raised RecursionError: too deep"),
        (b"grow", "MemoryError"),
    ],
)
def test_a_page_that_breaks_its_reader_is_told_and_the_next_one_is_read(
    reader: CappedReader, page: bytes, says: str
) -> None:
    with pytest.raises(ReadingFailedError, match=says):
        reader.read(page, URL)
    # A process that has to be started first loads the readers: no time of the page that waits.
    reader.seconds = 5
    after = reader.read(notice("关于开展案卷评查工作的通知", n=1).encode(), URL)
    assert after.url == URL


def test_the_process_ends_with_the_crawl_that_started_it(reader: CappedReader) -> None:
    process = reader._process
    reader._pipe.close()
    process.join(10)
    assert not process.is_alive()
