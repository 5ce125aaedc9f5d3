"""A document on several pages is one document: all its parts in order, or quarantined with what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive import Archive
from archive.answers import RunSummary
from tests.serving import BRISK, Answer, listing, notice, scrapy, serving, write_source

REPORT, BROKEN, CIRCLE, OTHER = (
    "青岭区2020年度法治政府建设情况的报告",
    "青岭区国民经济和社会发展统计公报",
    "关于印发行政执法事项清单的通知",
    "关于开展行政执法案卷评查的通知",
)
ROWS = [
    ("/art/101.html", REPORT),
    ("/art/201.html", BROKEN),
    ("/art/301.html", CIRCLE),
    ("/art/401.html", OTHER),
    ("/art/501.html", "关于举办法治讲座的公告"),
]


def part(title: str, n: int, following: str | None) -> Answer:
    pager = f'<div class="page"><a href="{following}">下一页</a></div>' if following else ""
    return Answer(notice(title, n=n).replace('<div class="footer">', f'{pager}<div class="footer">'))


ANSWERS = {
    "/tzgg/": Answer(listing(ROWS)),
    "/art/101.html": part(REPORT, 11, "101_2.html"),
    "/art/101_2.html": part(REPORT, 12, "101_3.html"),
    "/art/101_3.html": part(REPORT, 13, None),
    "/art/201.html": part(BROKEN, 21, "201_2.html"),
    "/art/301.html": part(CIRCLE, 31, "301_2.html"),
    "/art/301_2.html": part(CIRCLE, 32, "301.html"),
    "/art/401.html": part(OTHER, 41, "401_2.html"),
    "/art/401_2.html": part("关于公布法律顾问名单的公告", 42, None),
    "/art/501.html": part(ROWS[4][1], 51, None),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, list[RunSummary], str, str]]:
    folder = tmp_path_factory.mktemp("parts")
    with serving(ANSWERS) as site:
        write_source(folder / "sources", "qingling", [f"{site.url}/tzgg/"])
        places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}", "PROGRESS=1")
        done = [scrapy("crawl", "qingling", settings=(*BRISK, *places)) for _ in range(2)]
        url = site.url
    with Archive(folder / "a.db") as archive:
        yield archive, sorted(archive.runs(), key=lambda run: run.id), done[0].stderr, url


def test_the_parts_are_one_record_in_order_that_names_each_capture(
    crawled: tuple[Archive, list[RunSummary], str, str],
) -> None:
    archive, _, said, url = crawled
    found = [document for document in archive.documents() if document.record.title == REPORT]
    assert len(found) == 1, said
    record = found[0].record
    assert record.url == f"{url}/art/101.html"
    places = [record.text.index(f"20{10 + n % 10}年以来") for n in (11, 12, 13)] if record.text else []
    assert places == sorted(places)
    assert len(places) == 3
    held = record.evidence["parts"]
    assert isinstance(held, list)
    assert [one["url"].removeprefix(url) for one in held] == ["/art/101.html", "/art/101_2.html", "/art/101_3.html"]
    kept = {row[0] for row in archive.db.conn.execute("SELECT sha256 FROM capture")}
    assert {one["sha256"] for one in held} <= kept


def test_a_missing_part_and_a_circle_quarantine_the_notice_with_the_reason(
    crawled: tuple[Archive, list[RunSummary], str, str],
) -> None:
    _, _, said, _ = crawled
    assert "part 2 of the document at " in said
    assert "/art/201_2.html ended gone: HTTP 404" in said
    assert "/art/301.html leads back to an earlier part" in said


def test_a_pager_that_leads_to_another_title_leads_to_another_document(
    crawled: tuple[Archive, list[RunSummary], str, str],
) -> None:
    archive, _, said, _ = crawled
    titles = {document.record.title for document in archive.documents()}
    assert {OTHER, "关于公布法律顾问名单的公告"} <= titles, said


def test_every_part_has_its_end_and_a_second_run_changes_nothing(
    crawled: tuple[Archive, list[RunSummary], str, str],
) -> None:
    _, (first, second), said, _ = crawled
    some = {state: n for state, n in first.counts.items() if n}
    # Parts that were joined, or kept while another was missing: 101_2, 101_3, 301_2.
    assert some == {"listed": 1, "new": 4, "quarantined": 2, "gone": 1, "redirected": 3}, said
    again = {state: n for state, n in second.counts.items() if n}
    assert again == {"listed": 1, "unchanged": 4, "quarantined": 2, "gone": 1, "redirected": 3}
