"""While one site's page is being read, or its reader hangs, the other sites of the crawl are served."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from archive import Archive
from tests.serving import BRISK, Answer, listing, notice, scrapy, serving, start, write_source

TITLES = {f"/art/{n}.html": f"关于开展第{n}批行政执法案卷评查工作的通知" for n in range(1, 7)}
ARTICLES = {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(TITLES.items(), 1)}
# A page made to hurt, as its reader meets it: in the child, for one page.
HANGS = """
import time
import crawler.reading as reading
sound = reading.read
def read(body, url, **more):
    if url.endswith("/hangs.html"):
        time.sleep(60)
    return sound(body, url, **more)
reading.read = read
"""


def settings(folder: Path, *more: str) -> tuple[str, ...]:
    guard = "GUARD_ALLOW=127.0.0.1,127.0.0.2"
    places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}", "PROGRESS=1")
    return (*BRISK, guard, *places, *more)


def test_a_page_that_hangs_its_reader_holds_up_no_other_host(tmp_path: Path) -> None:
    with serving() as slow, serving(ARTICLES, host="127.0.0.2") as other:
        slow.answers |= {"/hangs.html": Answer(notice("读不完的通知", n=9)), "/robots.txt": Answer("", 404)}
        slow.answers["/tzgg/"] = Answer(listing([("/hangs.html", "读不完的通知")]))
        # Its pages come one after the other, and begin only when the other site's page is being read.
        other.answers["/tzgg/"] = Answer(listing(list(TITLES.items())), wait=0.3)
        write_source(tmp_path / "sources", "slow", [f"{slow.url}/tzgg/"])
        write_source(tmp_path / "sources", "other", [f"{other.url}/tzgg/"])
        done = scrapy("crawl", "slow", "other", settings=settings(tmp_path, "READ_SECONDS=2"), code=HANGS)
    told = [line for line in done.stderr.splitlines() if line.startswith(("slow ", "other "))]
    assert "reading took longer than 6 s" in told[-1], f"the other host waited for the slow page: {done.stderr}"
    with Archive(tmp_path / "a.db") as archive:
        counts = {run.source: run.counts for run in archive.runs()}
    assert counts["other"]["new"] == len(TITLES)
    assert (counts["slow"]["listed"], counts["slow"]["quarantined"]) == (1, 1)


def test_a_run_ends_after_the_reading_under_way_and_at_once_when_told_twice(tmp_path: Path) -> None:
    with serving({"/hangs.html": Answer(notice("读不完的通知", n=9))}) as site:
        site.answers["/tzgg/"] = Answer(listing([("/hangs.html", "读不完的通知")]))
        write_source(tmp_path / "sources", "slow", [f"{site.url}/tzgg/"])
        for times, seconds in ((1, 1), (2, 30)):
            child = start("crawl", "slow", settings=settings(tmp_path, f"READ_SECONDS={seconds}"), code=HANGS)
            before, end = site.asked.count("/hangs.html"), time.monotonic() + 60
            while site.asked.count("/hangs.html") == before and child.running() and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(0.3)
            began = time.monotonic()
            for _ in range(times):
                os.kill(child.pid, signal.SIGTERM)
                time.sleep(0.2)
            done = child.end()
            assert "Traceback" not in done.stderr, done.stderr
            assert done.returncode == 1
            if times == 2:
                assert time.monotonic() - began < 15
            else:
                assert "quarantined" in done.stderr, done.stderr
    with Archive(tmp_path / "a.db") as archive:
        runs = sorted(archive.runs(), key=lambda run: run.id)
    assert runs[0].counts["quarantined"] == 1
