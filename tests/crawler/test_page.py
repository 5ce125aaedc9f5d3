"""A page opens, whatever its bytes: nothing raises, nothing that a browser shows is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page import flatten, open_page

URL = "http://www.liuxi.example/"


def shown(source: bytes | str) -> str:
    body = source.encode() if isinstance(source, str) else source
    return "".join(open_page(body, URL).root.text_content().split())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<html><body><p>前</p></body></html><div>后</div>", "前后"),
        ("<html><body><p>前</p></BODY ></html\n><html><body><p>后</p></body></html>", "前后"),
        ("<p>前\x00后\x0b</p>", "前后"),
        ("<?xml version='1.0' encoding='gb2312'?><html><body><p>通知</p></body></html>", "通知"),
        ("<html><head><meta charset=gb2312></head><body><p>通知</p></body></html>", "通知"),
        ("只有文字", "只有文字"),
        ("", ""),
        ("  \n ", ""),
        ("<!-- 只有注释 -->", ""),
        ("<html><frameset cols='20%,*'><frame src=a.htm></frameset></html>", ""),
        ("<![CDATA[x]]><p>正文</p>", "正文"),
        ("<p>正文<o:p></o:p><v:shape>图</v:shape></p>", "正文图"),
    ],
)
def test_odd_pages_open(source: str, text: str) -> None:
    assert shown(source).replace("x]]>", "") == text


def test_an_xml_prologue_in_gb18030_is_obeyed_by_nobody() -> None:
    assert shown("<?xml version='1.0' encoding='gb2312'?><p>镕基喆堃</p>".encode("gb18030")) == "镕基喆堃"


def test_comments_stay_in_the_tree() -> None:
    root = open_page("<p>前<!--<$[信息内容]>begin-->后</p>".encode(), URL).root
    assert [comment.text for comment in root.xpath("//comment()")] == ["<$[信息内容]>begin"]


@pytest.mark.parametrize("tag", ["div", "font", "span", "table><tr><td", "center", "ul><li"])
def test_text_below_a_hundred_thousand_nested_tags_is_kept(tag: str) -> None:
    started = time.process_time()
    assert "第一条" in shown("<html><body>" + f"<{tag}>" * 100_000 + "第一条 总则")
    assert time.process_time() - started < 10


def test_a_text_of_twelve_megabytes_is_kept_whole() -> None:
    assert len(shown("<p>" + "第一条" * 4_000_000 + "</p>")) == 12_000_000


def test_flattening_keeps_the_upper_levels_and_all_text() -> None:
    source = "<div>" * 500 + "深处" + "</div>" * 500 + "<p>浅处</p>"
    flat = flatten(source)
    assert flat.count("<div>") == flat.count("</div>") < 500
    assert "深处" in flat
    assert flat.endswith("<p>浅处</p>")


@given(st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    page = open_page(body, URL, headers={"Content-Type": "text/html"})
    assert page.root is not None
    assert page.headers == {"content-type": "text/html"}


@given(st.text(alphabet="<>/=\"' !-divpabr\n", max_size=200))
def test_no_markup_raises(source: str) -> None:
    assert open_page(source.encode(), URL).root is not None
