"""Polite on the wire, as the server sees it: one at a time to a host, Crawl-delay and Retry-After kept."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from crawler.pace import LONGEST, Host, host_at, seconds_until
from tests.serving import BRISK, Answer, Site, listing, notice, scrapy, serving, write_source

TITLES = {f"/art/{n}.html": f"关于开展第{n}批行政执法案卷评查工作的通知" for n in range(1, 6)}
ARTICLES = {path: Answer(notice(title, n=n), wait=0.05) for n, (path, title) in enumerate(TITLES.items(), 1)}
LIST = Answer(listing(list(TITLES.items())))


def robots(text: str) -> Answer:
    return Answer(f"User-agent: *\n{text}\n", headers={"Content-Type": "text/plain"})


def gaps(site: Site) -> list[float]:
    """Seconds between the end of each answer and the next request; negative where two were under way at once."""
    return [start - end for (_, end), (start, _) in pairwise(sorted(site.times))]


def test_two_sources_on_one_host_ask_one_at_a_time_and_keep_its_crawl_delay(tmp_path: Path) -> None:
    with serving(ARTICLES | {"/robots.txt": robots("Crawl-delay: 0.3"), "/a/": LIST, "/b/": LIST}) as site:
        for source in ("a", "b"):
            write_source(tmp_path / "sources", source, [f"{site.url}/{source}/"])
        done = scrapy(
            "crawl", "a", "b", settings=(*BRISK, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        )
    assert done.returncode == 0, done.stderr
    assert len(site.asked) == 2 * (len(TITLES) + 1) + site.asked.count("/robots.txt")
    # Until the first robots.txt is read nobody knows of the delay; the other source's comes right after it.
    known = gaps(site)[1:]
    assert min(gaps(site)) >= 0, "two requests at once"
    assert [gap for gap in known if gap < 0.29] == []


def test_sources_on_two_hosts_are_crawled_side_by_side(tmp_path: Path) -> None:
    slow = {path: Answer(answer.body, wait=0.3) for path, answer in ARTICLES.items()}
    with serving(slow | {"/a/": LIST}) as one, serving(slow | {"/a/": LIST}) as two:
        for source, site in (("one", one), ("two", two)):
            write_source(tmp_path / "sources", source, [f"{site.url}/a/"])
        places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        done = scrapy("crawl", "one", "two", settings=(*BRISK, *places))
    assert done.returncode == 0, done.stderr
    assert min(min(gaps(one)), min(gaps(two))) >= 0
    assert any(a < d and c < b for a, b in one.times for c, d in two.times), "never at the same time"
    with Archive(tmp_path / "a.db") as archive:
        assert len(list(archive.documents())) == len(TITLES)


def test_a_server_that_says_when_to_come_back_is_not_asked_before(tmp_path: Path) -> None:
    busy = Answer("系统繁忙", 503, {"Retry-After": "1"})
    sites = ARTICLES | {"/tzgg/": LIST, "/art/2.html": Answer(ARTICLES["/art/2.html"].body, turns=[busy])}
    with serving(sites) as site:
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        done = scrapy("crawl", "qingling", settings=(*BRISK, *places))
        assert done.returncode == 0, done.stderr
        at = site.asked.index("/art/2.html")
        assert gaps(site)[at] >= 0.99
        assert site.asked.count("/art/2.html") == 2
        # Longer than a run waits: told as failed, and not one request more.
        site.answers["/art/2.html"] = Answer("系统维护", 503, {"Retry-After": "86400"})
        began, before = time.monotonic(), len(site.asked)
        late = scrapy("crawl", "qingling", settings=(*BRISK, *places, "PROGRESS=1"))
        assert time.monotonic() - began < 60
        assert site.asked[before:][-1] == "/art/2.html"
    assert late.returncode == 1
    assert "the server asks us to come back in 86" in late.stderr


@given(
    st.lists(st.tuples(st.floats(0, 500), st.sampled_from([200, 404, 503, None]), st.none() | st.floats(0, 1e6))),
    st.floats(0, 30),
    st.floats(0, LONGEST),
)
def test_the_pause_is_never_shorter_than_anybody_asked_for(
    answers: list[tuple[float, int | None, float | None]], delay: float, crawl_delay: float
) -> None:
    host, now = Host(crawl_delay=crawl_delay), 0.0
    for latency, status, after in answers:
        now += latency
        host.leave(now, latency, status, after)
        ready = host.ready(delay, by_latency=True)
        assert ready >= now + max(delay, crawl_delay, min(latency, LONGEST))
        if status == 503 and after is not None:
            assert ready >= now + after


def test_http_and_https_of_a_host_are_one_server_and_another_port_is_not() -> None:
    assert host_at("http://a.example/1") is host_at("https://A.example:443/2")
    assert host_at("http://a.example:8080/") is not host_at("http://a.example/")


def test_a_retry_after_that_is_neither_number_nor_date_asks_for_nothing() -> None:
    assert seconds_until("soon", datetime.now(UTC)) is None
    assert seconds_until("Mon, 01 Jan 2001 00:00:00 GMT", datetime.now(UTC)) == 0.0
