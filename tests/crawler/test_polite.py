"""Polite, counted at the servers: a crawl of seven sources on six hosts, and not one request that was not welcome.

`make bench-polite` prints the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from archive import Archive
from archive.answers import RunSummary
from tests.serving import BRISK, Answer, Site, listing, notice, scrapy, serving, write_source

DELAY = 0.2
SLACK = 0.01  # seconds: clocks of two processes
TITLES = {f"/art/{n}.html": f"关于开展第{n}批行政执法案卷评查工作的通知" for n in range(1, 8)}
MANY = {f"/art/{n}.html": f"关于公布第{n}批行政处罚决定的公告" for n in range(1, 13)}
PAGES = {path: Answer(notice(title, n=n), wait=0.02) for n, (path, title) in enumerate(TITLES.items(), 1)}
CHALLENGE = Answer("<html><script>var $_ts={};</script></html>", 412)
CLOSED = ("/private/1.html", "/art/2.html.bak", "/print.jsp?id=1", "/secret.html", "/passed-over.html")
OPEN = ("/private/open/1.html", "/art/3.html.bak.html", "/print.html", "/late.html")
RULES = """\ufeff# our rules
User-agent: *
Disallow: /

User-agent: Baiduspider
User-agent: GONGBAO
Crawl-delay: 0.2
Disallow: /private/
Allow: /private/open/
Disallow: /*.bak$
Disallow: /print.jsp?
Disallow: /secret.html
Disallow: /passed-over.html
Allow: /passed
"""


def text(body: str, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(body, status, {"Content-Type": "text/plain", **named})


def rows(*more: str, over: Mapping[str, str] = TITLES) -> Answer:
    extra = [(path, f"公告事项之{n}") for n, path in enumerate(more)]
    return Answer(listing([*over.items(), *extra]))


def hosts() -> dict[str, dict[str, Answer]]:
    """A site for each thing a server can ask for."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=6), usegmt=True)
    busy = text("系统繁忙", 503, Retry_After="1")
    more = {path: Answer(notice(f"公告事项之{n}", n=20 + n)) for n, path in enumerate((*CLOSED, *OPEN))}
    long_robots = "User-agent: *\nDisallow: /private/\n" + "# 注释\n" * 70_000 + "Disallow: /late.html\n"
    return {
        # Two sources; rules, wildcards, Crawl-delay, and too busy now and then.
        "rules": PAGES
        | more
        | {
            "/robots.txt": text(RULES),
            "/a/": rows(*CLOSED, *OPEN),
            "/b/": rows(),
            "/art/4.html": Answer(PAGES["/art/4.html"].body, turns=[busy]),
        },
        # A date in Retry-After; the robots.txt stands elsewhere and is larger than anybody has to read.
        "dated": PAGES
        | more
        | {
            "/robots.txt": text("", 301, Location="/rules/robots.txt"),
            "/rules/robots.txt": text("", 302, Location="/rules/final.txt"),
            "/rules/final.txt": text(long_robots),
            "/a/": rows("/private/1.html", "/late.html"),
            "/art/2.html": Answer(PAGES["/art/2.html"].body, turns=[text("太频繁", 429, Retry_After=soon)]),
        },
        "unsure": PAGES | {"/robots.txt": text("", 500), "/a/": rows()},
        "closed": PAGES | {"/robots.txt": text("User-agent:*\nDisallow:/\n"), "/a/": rows()},
        "guarded": dict.fromkeys(MANY, CHALLENGE) | {"/robots.txt": text("", 403), "/a/": rows(over=MANY)},
        # Too busy without a word for how long: asked again after twice the pause.
        "tired": PAGES
        | {"/a/": rows(), "/art/1.html": Answer(PAGES["/art/1.html"].body, turns=[text("忙", 429), text("忙", 503)])},
    }


class Crawl:
    """The sites after one crawl of them, the runs by source, and the lines the crawl told."""

    def __init__(self, sites: dict[str, Site], runs: dict[str, RunSummary], told: str) -> None:
        self.sites, self.runs, self.told = sites, runs, told


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("polite")
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        for number, (name, answers) in enumerate(hosts().items(), 1):
            site = sites[name] = stack.enter_context(serving(answers, host=f"127.0.0.{number}"))
            # Where robots.txt names the pause the source names none.
            pace = f"[politeness]\ndelay = {0 if name == 'rules' else DELAY}"
            write_source(folder / "sources", name, [f"{site.url}/a/"], pace)
        write_source(folder / "sources", "again", [f"{sites['rules'].url}/b/"], "[politeness]\ndelay = 0")
        guard = "GUARD_ALLOW=" + ",".join(site.url.removeprefix("http://") for site in sites.values())
        places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}", "PROGRESS=1")
        quick = ("AUTOTHROTTLE_ENABLED=0", "RETRY_TIMES=2", "DOWNLOAD_TIMEOUT=30", "CONTACT=a@b.example")
        done = scrapy("crawl", *sites, "again", settings=(guard, *places, *quick))
        assert "Traceback" not in done.stderr, done.stderr
        with Archive(folder / "a.db") as archive:
            yield Crawl(sites, {run.source: run for run in archive.runs()}, done.stderr)


def too_soon(site: Site) -> list[str]:
    """Requests that came before the one before was answered, or less than the pause after it."""
    log = sorted(site.log)
    # Whose Crawl-delay is only known from robots.txt owes it from then on.
    known = next((n for n, (_, _, path, _) in enumerate(log) if "robots" not in path and "final" not in path), 0)
    found = []
    for number, ((_, sent, path, _), (came, _, following, _)) in enumerate(pairwise(log), 1):
        if came < sent or (number > known and came - sent < DELAY - SLACK):
            found.append(f"{following} {came - sent:.3f} s after {path}")
    return found


def before_retry_after(site: Site) -> list[str]:
    """Requests to a server within the time for which it asked to be left alone."""
    found, until = [], 0.0
    for came, sent, path, status in sorted(site.log):
        if came < until - SLACK:
            found.append(path)
        if status in {429, 503} and (seconds := asked_for(site, path)) is not None:
            until = max(until, sent + seconds)
    return found


def asked_for(site: Site, path: str) -> float | None:
    after = next((one.headers["Retry-After"] for one in site.answers[path].turns if "Retry-After" in one.headers), None)
    return None if after is None else float(after) if after.isdecimal() else 0.0  # dates: test of their own


def test_nothing_is_asked_that_was_not_welcome(crawled: Crawl, capsys: pytest.CaptureFixture[str]) -> None:
    sites = crawled.sites
    requests = sum(len(site.asked) for site in sites.values())
    violations = {
        "two at once, or sooner than the pause": [one for site in sites.values() for one in too_soon(site)],
        "before the time of Retry-After": [one for site in sites.values() for one in before_retry_after(site)],
        "disallowed by robots.txt": [path for path in sites["rules"].asked if path in CLOSED]
        + [path for path in sites["dated"].asked if path.startswith("/private/")]
        + [path for path in sites["closed"].asked if path != "/robots.txt"],
        "while robots.txt answered 5xx": [path for path in sites["unsure"].asked if path != "/robots.txt"],
        # One may be on its way while the fifth is being read.
        "after it refused five pages": [path for path in sites["guarded"].asked if path.startswith("/art/")][6:],
        "without saying who asks": [
            headers.get("User-Agent", "")
            for site in sites.values()
            for headers in site.headers
            if not re.match(r"Gongbao/\d\S* \(.*\+mailto:a@b\.example\)$", headers.get("User-Agent", ""))
        ],
    }
    with capsys.disabled():
        counted = ", ".join(f"{len(found)} {what}" for what, found in violations.items())
        print(f"\npolite: {requests} requests of {len(sites) + 1} sources to {len(sites)} hosts: {counted}")
    assert requests > 50
    assert {what: found for what, found in violations.items() if found} == {}


def test_what_is_allowed_is_asked_for_and_read(crawled: Crawl) -> None:
    assert set(OPEN) - {"/art/3.html.bak.html"} <= set(crawled.sites["rules"].asked)
    assert "/late.html" in crawled.sites["dated"].asked, "what stands after 500 KB of robots.txt is no rule"
    for source in ("rules", "again", "dated", "tired"):
        read = sum(crawled.runs[source].counts.get(state, 0) for state in ("new", "duplicate", "unchanged"))
        assert read >= len(TITLES), (source, crawled.runs[source].counts, crawled.told)
    assert crawled.runs["rules"].counts["skipped"] == len(CLOSED)


def test_a_time_named_as_a_date_is_waited_for(crawled: Crawl) -> None:
    log = sorted(crawled.sites["dated"].log)
    at = next(number for number, (_, _, _, status) in enumerate(log) if status == 429)
    assert crawled.sites["dated"].asked.count("/art/2.html") == 2
    assert log[at + 1][0] - log[at][1] > DELAY


def test_a_busy_server_that_names_no_time_gets_longer_pauses(crawled: Crawl) -> None:
    log = sorted(crawled.sites["tired"].log)
    gaps = [after[0] - before[1] for before, after in pairwise(log) if before[3] in {429, 503}]
    assert len(gaps) == 2
    assert min(gaps) >= 2 * DELAY - SLACK


def test_a_host_that_refuses_is_left_alone_and_that_is_told(crawled: Crawl) -> None:
    run = crawled.runs["guarded"]
    assert run.verdict == "blocked"
    assert run.counts["blocked"] == len(MANY)
    assert any("left alone for the rest of the run" in sentence for sentence in run.evidence)
    assert "not asked for: the server refused page after page" in crawled.told


def test_a_crawl_nobody_can_be_asked_about_says_so_once(tmp_path: Path) -> None:
    with serving({"/a/": rows()} | PAGES) as one, serving({"/a/": rows()} | PAGES) as two:
        for name, site in (("one", one), ("two", two)):
            write_source(tmp_path / "sources", name, [f"{site.url}/a/"])
        places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        done = scrapy("crawl", "one", "two", settings=(*BRISK, *places, "CONTACT="))
    assert done.stderr.count("no contact is set") == 1
    assert "contact-not-set" in one.headers[0]["User-Agent"]
