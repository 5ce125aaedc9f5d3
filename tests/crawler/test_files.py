"""Whose files a source fetches, where redirects of files lead, and what a run says of those it could not have."""

from __future__ import annotations

import pytest

from archive.model import Capture, Extract, Link, Stored
from crawler import files
from crawler.capped import ReadingFailedError
from crawler.landing import land
from crawler.reading import Reading
from crawler.registry import Source

SOURCE = Source("baihe", "白河区", ("http://www.baihe.gov.cn/gk/",), frozenset({"www.baihe.gov.cn"}))


@pytest.mark.parametrize(
    ("url", "role", "fetched"),
    [
        ("http://www.baihe.gov.cn/a.pdf", "attachment", True),
        ("https://files.baihe.gov.cn/down.jsp?id=7", "attachment", True),  # a sibling host
        ("http://www.lvshan.gov.cn/a.pdf", "attachment", False),  # gov.cn is nobody's domain
        ("http://baihe.gov.cn.evil.example/a.pdf", "attachment", False),
        ("http://10.0.0.7/a.pdf", "attachment", False),
        ("http://www.baihe.gov.cn/hy.mp4", "attachment", False),
        ("ftp://www.baihe.gov.cn/a.pdf", "attachment", False),
        ("http://[::1/a.pdf", "attachment", False),
        ("http://www.baihe.gov.cn/a.pdf", "notice", True),  # a notice that is a file
        ("http://files.baihe.gov.cn/a.pdf", "notice", False),  # pages are fetched from the source's own hosts only
        ("http://www.baihe.gov.cn/tu.jpg", "notice", False),
    ],
)
def test_files_come_from_the_sources_own_domain(url: str, role: str, fetched: bool) -> None:
    reason = files.refuses(SOURCE, Link(url, role))  # type: ignore[arg-type]  # a role of the table
    assert (reason is None) == fetched, reason


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/new/a.pdf", "http://www.baihe.gov.cn/new/a.pdf"),
        ("http://files.baihe.gov.cn/a.pdf", "http://files.baihe.gov.cn/a.pdf"),
        ("http://www.baihe.gov.cn/", None),  # home: the file is gone
        ("http://other.example/a.pdf", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_a_file_that_moved_is_followed_within_its_domain(location: str, target: str | None) -> None:
    link = Link("http://www.baihe.gov.cn/a.pdf", "attachment")
    capture = Capture(link.url, "2026-01-01T00:00:00Z", 302, (("Location", location),), b"")
    assert files.hop(capture, link, SOURCE) == target
    assert files.hop(capture, Link(link.url, "notice"), SOURCE) is None


def test_a_dead_sibling_host_is_told_and_spoils_no_run() -> None:
    assert files.told({"failed": 3, "gone": 1}, {"failed": 1}) == (
        ["1 attachments failed"],
        ["2 attachments on other hosts failed", "1 attachments ended gone"],
    )
    assert files.told({"new": 9}, {"new": 9}) == ([], [])


def test_a_file_whose_reading_is_cut_short_is_kept_without_text() -> None:
    def slow(*_: object, **__: object) -> Reading:
        raise ReadingFailedError("reading took longer than 9 s")

    for role, body, kept in (
        ("attachment", b"%PDF-1.4 x", True),
        ("attachment", b"<html>", False),
        ("notice", b"%PDF-", False),
    ):
        link = Link("http://www.baihe.gov.cn/a.pdf", role)  # type: ignore[arg-type]  # as above
        stored = Stored(Capture(link.url, "2026-01-01T00:00:00Z", 200, (), body), "s", 0, 1, "")
        visit = land(stored, link, SOURCE, slow).visit
        assert (visit.extract is not None) == kept
        assert visit.state == (None if kept else "quarantined")


@pytest.mark.parametrize(
    ("text", "is_message"),
    [
        ("文件不存在", True),
        ("您下载的附件已失效！", True),
        ("File not found.", True),
        ("关于文件不存在问题的说明" + "。" * 300, False),
        ("名单如下", False),
    ],
)
def test_a_text_that_only_says_there_is_no_file_is_not_the_file(text: str, is_message: bool) -> None:
    assert (files.message(Extract("txt", text)) is not None) == is_message
    assert files.message(Extract("pdf", text)) is None
    page = f"<html><head><style>p {{}}</style></head><body><p>{text}</p></body></html>"
    assert (files.missing(page.encode("gb18030")) is not None) == is_message
