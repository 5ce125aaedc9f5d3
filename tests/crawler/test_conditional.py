"""Conditional requests: an unchanged page costs its server a 304, and no server can hide an edit for ever."""

from __future__ import annotations

import subprocess
from pathlib import Path

from archive import Archive
from archive.answers import RunSummary
from tests.serving import BRISK, Answer, Site, gongbao, listing, notice, scrapy, serving, write_source

TITLES = {f"/art/{n}.html": f"关于开展第{n}批行政执法案卷评查工作的通知" for n in range(1, 5)}


class Validating(Site):
    """A site that answers 304 to the ETag it gave; `lies` are paths whose ETag stays whatever the page says."""

    lies: frozenset[str] = frozenset()

    def answer(self, path: str) -> Answer:
        found = super().answer(path)
        if not path.startswith("/art/") or found.status != 200:
            return found
        tag = '"always"' if path in self.lies else f'"{hash(found.body)}"'
        if self.headers[-1].get("If-None-Match") == tag:
            return Answer("", 304, {"ETag": tag})
        return Answer(found.body, headers={"ETag": tag, "Last-Modified": "Mon, 15 Mar 2021 01:00:00 GMT"})


def crawl(folder: Path, *settings: str) -> tuple[subprocess.CompletedProcess[str], RunSummary]:
    places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}")
    done = scrapy("crawl", "qingling", settings=(*BRISK, *places, *settings))
    with Archive(folder / "a.db") as archive:
        return done, max(archive.runs(), key=lambda run: run.id)


def counts(run: RunSummary) -> dict[str, int]:
    return {state: n for state, n in run.counts.items() if n}


def test_a_page_that_did_not_change_is_not_sent_again_and_an_edit_is(tmp_path: Path) -> None:
    with serving() as site:
        site.__class__ = Validating
        site.answers |= {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(TITLES.items())}
        site.answers["/tzgg/"] = Answer(listing(list(TITLES.items())))
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        assert counts(crawl(tmp_path)[1]) == {"listed": 1, "new": 4}
        assert not any("If-None-Match" in headers for headers in site.headers)
        done, second = crawl(tmp_path)
        assert (counts(second), second.verdict) == ({"listed": 1, "unchanged": 4}, "quiet"), done.stderr
        asked = [headers for headers in site.headers if "If-None-Match" in headers]
        assert len(asked) == 4
        assert all("If-Modified-Since" in headers for headers in asked)
        # The third run rests on the answers of the first, and an edit behind a new tag is found.
        site.answers["/art/2.html"] = Answer(notice(TITLES["/art/2.html"], n=9))
        assert counts(crawl(tmp_path)[1]) == {"listed": 1, "unchanged": 3, "changed": 1}
    verified = gongbao("--archive", str(tmp_path / "a.db"), "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with Archive(tmp_path / "a.db") as archive:
        latest = list(archive.captures(latest=True, role="notice"))
        assert {stored.capture.status for stored in latest} == {200}
        assert all(stored.capture.body for stored in latest)
        assert len(latest) == 4


def test_a_server_that_lies_is_found_out_when_the_page_is_asked_for_whole(tmp_path: Path) -> None:
    with serving() as site:
        site.__class__ = Validating
        site.lies = frozenset({"/art/1.html"})  # type: ignore[attr-defined]  # Validating has it
        site.answers |= {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(TITLES.items())}
        site.answers["/tzgg/"] = Answer(listing(list(TITLES.items())))
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        crawl(tmp_path)
        site.answers["/art/1.html"] = Answer(notice(TITLES["/art/1.html"], n=9))
        assert counts(crawl(tmp_path)[1]) == {"listed": 1, "unchanged": 4}
        assert counts(crawl(tmp_path, "WHOLE_DAYS=0")[1]) == {"listed": 1, "unchanged": 3, "changed": 1}
