"""kill -9 in the middle of a crawl, then the same command again: complete, verified, nothing committed lost."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from archive import Archive, ArchiveError
from tests.serving import BRISK, Answer, Site, gongbao, listing, notice, scrapy, serving, start, write_source

PAGES, PER_PAGE, KILLS = 5, 12, 12


# One request at a host, one answer being read: Scrapy holds no more in hand (CONCURRENT_REQUESTS).
ON_THE_WAY = 2


def site_of_many() -> dict[str, Answer]:
    """Five list pages of twelve notices each, and a server slow enough to be interrupted."""
    answers = {}
    for page in range(PAGES):
        rows = [(f"/art/{page}-{n}.html", f"第{page}期第{n}号处理结果公示") for n in range(PER_PAGE)]
        following = f"/tzgg/index_{page + 1}.html" if page + 1 < PAGES else None
        path = f"/tzgg/index_{page}.html" if page else "/tzgg/"
        answers[path] = Answer(listing(rows, next_page=following, total=PAGES * PER_PAGE), wait=0.03)
        answers |= {
            href: Answer(notice(title, n=page * PER_PAGE + n), wait=0.03) for n, (href, title) in enumerate(rows)
        }
    return answers


def committed(path: Path) -> set[str]:
    """Ids of the documents the file holds; empty while there is none."""
    with contextlib.suppress(ArchiveError), Archive(path) as archive:
        return {document.id for document in archive.documents()}
    return set()


def crawl_and_stop(site: Site, settings: tuple[str, ...], after: int, patience: float, how: signal.Signals) -> int:
    """Start the crawl, signal it once the site was asked `after` times more; gives its return code."""
    goal = len(site.asked) + after
    child = start("crawl", "qingling", settings=settings)
    end = time.monotonic() + 60
    while len(site.asked) < goal and child.running() and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(patience)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, how)
    done = child.end()
    assert "Traceback" not in done.stderr
    return done.returncode


def test_interrupted_crawls_resume_by_running_again_and_lose_nothing(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    path = tmp_path / "a.db"
    with serving(site_of_many()) as site:
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        settings = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={path}")
        had: set[str] = set()
        for _ in range(KILLS):
            code = crawl_and_stop(site, settings, dice.randint(1, 6), dice.uniform(0, 0.05), signal.SIGKILL)
            assert code == -signal.SIGKILL, f"seed {seed}: the crawl ended before it was killed"
            now = committed(path)
            assert had <= now, f"seed {seed}: a committed document is gone"
            had = now
        # A polite stop drains instead: the run is finished, and says that it was stopped.
        assert crawl_and_stop(site, settings, 4, 0, signal.SIGTERM) == 1
        last = scrapy("crawl", "qingling", settings=settings)
    assert last.returncode == 0, f"seed {seed}: {last.stderr}"
    with Archive(path) as archive:
        ids = {document.id for document in archive.documents()}
        runs = sorted(archive.runs(), key=lambda run: run.id)
    assert len(ids) == PAGES * PER_PAGE, f"seed {seed}"
    assert had <= ids, f"seed {seed}"
    *killed, stopped, final = runs
    assert {run.verdict for run in killed} == {"interrupted"}
    assert stopped.verdict == "incomplete"
    assert any("stopped early" in sentence for sentence in stopped.evidence)
    assert final.verdict == "healthy", final
    # What a dead run had committed is not asked for again: only what was on its way when it was killed.
    again = Counter(site.asked)
    refetched = sum(again[path] - 1 for path in again if path.startswith("/art/"))
    lists = sum(again[path] - 1 for path in again if path.startswith("/tzgg/"))
    print(f"{KILLS} kills: {refetched} notices and {lists} list pages asked for again, {len(site.asked)} requests")
    assert refetched <= KILLS * ON_THE_WAY, f"seed {seed}: {again}"
    # Every run begins with the first page, and goes on with the last that was read.
    assert lists <= (KILLS + 2) * 2, f"seed {seed}: {again}"
    verify = gongbao("--archive", str(path), "verify")
    assert verify.returncode == 0, f"seed {seed}: {verify.stdout}{verify.stderr}"
