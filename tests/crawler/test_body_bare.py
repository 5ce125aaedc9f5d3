"""A notice whose whole content is a file or a picture below its heading is a notice, in a box of any name."""

from __future__ import annotations

import pytest

from crawler.reading import Reading, read

URL = "http://www.qinghe.gov.cn/gsgg/2024/587668.html"
TITLE = "青河县2024年第三批农村公路养护补助资金公示"


def reading(below: str, title: str = TITLE, url: str = URL) -> Reading:
    menu = '<div class="dh"><a href="/">首页</a><a href="/gsgg/">公示公告</a><a href="/zwgk/">政务公开</a></div>'
    main = f'<div class="m"><h3>{title}</h3><p>发布时间：2024-06-03</p><div class="bd">{below}</div></div>'
    foot = '<div class="footer"><a href="#"><img src="/images/conac.png"></a> 青河县交通运输局主办</div>'
    page = f"<html><head><title>{title}-青河县交通运输局</title></head><body>{menu}{main}{foot}</body></html>"
    return read(page.encode(), url, status=200, headers={"Content-Type": "text/html; charset=utf-8"})


def test_a_file_alone_is_a_notice_with_its_attachment() -> None:
    found = reading(f'<p><a href="/upload/12.pdf">{TITLE}.pdf</a></p>')
    assert found.kind == "notice"
    assert found.record is not None
    assert (found.record.title, found.record.flags) == (TITLE, ("attachment_only",))
    assert [file.url for file in found.record.attachments] == ["http://www.qinghe.gov.cn/upload/12.pdf"]


def test_a_picture_alone_is_a_notice_that_says_so() -> None:
    found = reading('<p><img src="/upload/12.jpg" alt=""></p>')
    assert found.kind == "notice"
    assert found.record is not None
    assert (found.record.title, found.record.text, found.record.flags) == (TITLE, None, ("image_only",))


@pytest.mark.parametrize(
    ("below", "title"),
    [
        ("", TITLE),
        ('<p><img src="/images/icon_nodata.png"></p>', TITLE),
        ('<p><a href="/map.html"><img src="/upload/12.jpg"></a></p>', TITLE),
        ('<p><img src="/upload/12.jpg"></p>', "联系我们"),
    ],
)
def test_nothing_below_the_heading_or_a_heading_that_names_a_column_is_no_notice(below: str, title: str) -> None:
    assert reading(below, title).kind == "empty"
