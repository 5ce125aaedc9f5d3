"""`scrapy record`: one command makes the fixtures of a source, and a replay of them is a whole crawl."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive import Archive
from crawler import fixtures
from tests.crawler.test_asking import PATHS, TITLES, jpage
from tests.crawler.test_replay import SEALED
from tests.serving import BRISK, Answer, Site, listing, notice, scrapy, serving, write_source

PARTED, MOVED, WITH_FILE, LONGEST, LAST = PATHS[0], PATHS[2], PATHS[6], PATHS[7], PATHS[-1]


@dataclass(frozen=True)
class Done:
    """A source recorded from a site that is gone by now."""

    folder: Path
    site: Site
    said: str
    printed: list[str]
    refused: str

    @property
    def places(self) -> tuple[str, ...]:
        return f"SOURCES={self.folder / 'sources'}", f"FIXTURES={self.folder / 'fixtures'}"

    @property
    def pairs(self) -> dict[str, fixtures.Fixture]:
        return {one.path.stem: one for one in fixtures.load(self.folder / "fixtures", "qingling")}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    folder = tmp_path_factory.mktemp("record")
    with serving() as site:
        site.answers |= {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(TITLES.items(), 1)}
        further, moved = PARTED.replace(".html", "_2.html"), MOVED.replace(".html", "_new.html")
        pager = f'<div class="page"><a href="{further}">下一页</a></div><div class="footer">'
        first = notice(TITLES[PARTED], n=1).replace('<div class="footer">', pager)
        site.answers |= {PARTED: Answer(first), further: Answer(notice(TITLES[PARTED], n=21))}
        site.answers |= {moved: site.answers[MOVED], MOVED: Answer("", 302, headers={"Location": moved})}
        attached = '<p><a href="/files/a.doc">附件：评查标准.doc</a></p><p style="text-align:right">青'
        site.answers[WITH_FILE] = Answer(
            notice(TITLES[WITH_FILE], n=7).replace('<p style="text-align:right">青', attached, 1)
        )
        long = "<p>　　各单位要认真对照清单逐项落实，按月报送进展情况，遇有重大事项及时报告。</p>" * 30
        site.answers[LONGEST] = Answer(
            notice(TITLES[LONGEST], n=8).replace('<div class="TRS_Editor">', f'<div class="TRS_Editor">{long}')
        )
        write_source(folder / "sources", "qingling", [site.url + jpage(site), f"{site.url}/zwgk/"])
        site.answers["/zwgk/"] = Answer(listing([(PATHS[9], TITLES[PATHS[9]]), (LAST, TITLES[LAST])], total=134))
        settings = (*BRISK, f"SOURCES={folder / 'sources'}", f"FIXTURES={folder / 'fixtures'}")
        done = scrapy("record", "qingling", "--notices", "6", settings=settings)
        assert done.returncode == 0, done.stderr
        again = scrapy("record", "qingling", settings=settings)
        assert again.returncode == 2
        assert scrapy("record", "qingling", "--notices", "6", "--force", settings=settings).returncode == 0
        yield Done(folder, site, done.stderr, done.stdout.split(), again.stderr)


def test_lists_a_second_page_and_unlike_notices_are_recorded(recorded: Done) -> None:
    pairs = recorded.pairs
    assert {name for name in pairs if name.startswith("list")} == {"list-1", "list-1-2", "list-2"}
    assert "#!POST&" in pairs["list-1-2"].url
    urls = {one.url.removeprefix(recorded.site.url) for one in pairs.values()}
    assert {PARTED, LAST, WITH_FILE, LONGEST} <= urls
    assert PARTED.replace(".html", "_2.html") in urls, "a document in parts with all its parts"
    assert sum(name.count("-") == 1 and name.startswith("notice") for name in pairs) == 6
    assert sorted(recorded.printed) == sorted(
        str(path) for one in pairs.values() for path in (one.path, one.path.with_suffix(".html")) if path.exists()
    )


def test_the_bytes_are_those_the_server_sent(recorded: Done) -> None:
    for name in ("list-1", "notice-1", "list-2"):
        pair = recorded.pairs[name]
        sent = recorded.site.answers[pair.url.removeprefix(recorded.site.url)].body
        assert pair.body == (sent.encode() if isinstance(sent, str) else sent)
        assert pair.sample is name.startswith("list")


def test_what_it_is_unsure_of_is_told_and_nothing_is_written_over(recorded: Done) -> None:
    assert "unsure: " not in recorded.said, recorded.said
    assert "expected no fixtures yet" in recorded.refused
    assert "--force" in recorded.refused


def test_a_replay_of_what_was_recorded_is_a_whole_crawl_without_network(recorded: Done, tmp_path: Path) -> None:
    settings = (*recorded.places, "REPLAY=1", f"ARCHIVE={tmp_path / 'a.db'}")
    done = [scrapy("crawl", "qingling", settings=settings, code=SEALED) for _ in range(2)]
    assert [one.returncode for one in done] == [0, 0], done[0].stderr + done[1].stderr
    with Archive(tmp_path / "a.db") as archive:
        last, first = archive.runs()
        assert (first.verdict, first.counts["new"], first.counts["listed"]) == ("healthy", 6, 3)
        assert (last.verdict, "new" in last.counts) == ("quiet", False)
        assert first.counts["skipped"] >= 1, "what was not recorded is passed over, and said to be"
        titles = {one.record.title for one in archive.documents()}
    assert {TITLES[path] for path in (PARTED, LAST, WITH_FILE, LONGEST)} <= titles
    replay = scrapy("replay", "1", settings=settings)
    assert replay.returncode == 0, replay.stdout
    regold = scrapy("regold", "qingling", settings=recorded.places)
    assert "0 changed" in regold.stdout, "the expectations are what is read today"


def test_a_site_that_gives_no_list_leaves_nothing_behind(tmp_path: Path) -> None:
    with serving() as site:
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        settings = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"FIXTURES={tmp_path / 'fixtures'}")
        done = scrapy("record", "qingling", settings=settings)
    assert done.returncode == 1
    assert "no list of qingling leads to a notice" in done.stderr
    assert "HTTP 404" in done.stderr
    assert not (tmp_path / "fixtures").exists()
