"""Reading in a process of its own: whatever a page does to its reader, the next page is read."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from crawler import reading
from crawler.capped import CappedReader, ReaderPool, ReadingFailedError
from crawler.reading import Reading
from tests.serving import ROOT, notice

URL = "http://sfj.qingling.example/art/1.html"


def mischief(body: bytes, url: str, **more: object) -> Reading:
    """A reader that does what the page says."""
    if body == b"spin":
        while True:
            pass
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
    capped = CappedReader(0.5, 2048, patience=6)
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
        (b"sleep", "reading took longer than 3 s"),
        (b"spin", "reading took longer than 0.5 s of processor"),
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
    reader.seconds = reader.longest = 20
    after = reader.read(notice("关于开展案卷评查工作的通知", n=1).encode(), URL)
    assert after.url == URL


def test_the_process_ends_with_the_crawl_that_started_it(reader: CappedReader) -> None:
    process = reader._process
    reader._pipe.close()
    process.join(10)
    assert not process.is_alive()


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderPool]:
    monkeypatch.setattr(reading, "read", mischief)
    readers = ReaderPool(30, 2048, size=2)
    yield readers
    readers.close()


def test_a_slow_page_holds_up_no_other_and_ends_when_the_pool_is_closed(pool: ReaderPool) -> None:
    ends: list[str] = []

    def slow() -> None:
        try:
            pool.read(b"sleep", URL)
        except ReadingFailedError as error:
            ends.append(str(error))

    thread = threading.Thread(target=slow)
    thread.start()
    began = time.monotonic()
    while not ends and pool.read(b"page", URL).reason == "read" and time.monotonic() < began + 0.2:
        pass
    assert ends == [], "the slow page is still being read"
    pool.close()
    thread.join(20)
    assert len(ends) == 1
    with pytest.raises(ReadingFailedError, match="the crawl ended"):
        pool.read(b"page", URL)


def test_while_a_reader_is_started_anew_the_others_do_its_work(pool: ReaderPool) -> None:
    with pytest.raises(ReadingFailedError, match="died"):
        pool.read(b"die", URL)
    # A new process would read the page for what it is: both answers are those of the one that is left.
    assert [pool.read(b"page", URL).reason for _ in range(2)] == ["read", "read"]


ORPHANS = """
import os, signal, sys
from crawler.capped import ReaderPool
pool = ReaderPool(9, 2048, size=3)
print(*[reader._process.pid for reader in pool._readers], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_crawl_leaves_no_reading_process_behind() -> None:
    done = subprocess.run([sys.executable, "-c", ORPHANS], cwd=ROOT, capture_output=True, text=True, check=False)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 3, done.stderr
    end = time.monotonic() + 20
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)
    assert [pid for pid in pids if alive(pid)] == []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
