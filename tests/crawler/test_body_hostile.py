"""Pages made to exhaust a reader end in time, with text or a reason; no input raises."""

# ruff: noqa: E501 -- markup reads better unbroken
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.body import chrome, find
from crawler.page import open_page
from crawler.walk import to_text

HEAD = "<html><head><title>关于印发办法的通知</title></head><body>"
ARTICLE = "<p>第一条 为了规范管理，制定本办法。</p>"
# CPU seconds; the promise is ten, and every one of these takes less than four on the slowest machine tried.
LIMIT = 10.0

HOSTILE = {
    "three megabytes of links": "<ul>" + "<li><a href=/art/1.html>关于某某事项的公告标题</a></li>" * 40_000,
    "three megabytes of files": "<div class=TRS_Editor>" + "<p><a href=/P02.pdf>关于某某事项的公告</a></p>" * 40_000,
    "three megabytes of table": "<table>" + "<tr><td>张三</td><td>李四</td><td>2020</td><td>关闭</td></tr>" * 50_000,
    "a hundred thousand nested tags": "<div>" * 100_000 + ARTICLE,
    "nested tables": "<table><tr><td>关于" * 30_000,
    "a text of twelve megabytes": "<p>" + "第一条为了规范管理，制定本办法。" * 250_000,
    "labels without values": "<p>" + "来源：" * 1_300_000,
    "info lines": "<p>来源：本站 发布时间：2020-01-01</p>" * 40_000,
    "line breaks": "<div>" + "来源：本站<br>" * 100_000,
    "boxes of tools": "<div class=zoom>" + ARTICLE + "<div class=share>分享</div>" * 40_000,
    "boxes in boxes": "<div class='content TRS_Editor share'>关闭<a href=a.pdf>x</a>" * 350 + ARTICLE * 10_000,
    "many editors": "<div class=TRS_Editor>"
    + ARTICLE
    + "</div>"
    + "<div class=TRS_Editor>"
    + ARTICLE
    + "</div>" * 20_000,
    "many marks": f"<!--ZJEG_RSS.content.begin-->{ARTICLE}<!--ZJEG_RSS.content.end-->" * 20_000,
    "many comments": "<!-- x -->" * 200_000 + ARTICLE,
    "many scripts": "<script>document.write('<a href=\"x.pdf\">a')</script>" * 20_000 + ARTICLE,
    "an endless string": '<script>var a={"content":"' + '\\"' * 2_000_000 + "}</script>",
    "an endless style": "<p style='" + "a:b;" * 1_000_000 + f"'>{ARTICLE}",
    "hidden boxes": "<div style='display:none'>第一条。</div>" * 40_000 + ARTICLE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_in_time_with_text_or_a_reason(name: str) -> None:
    started = time.process_time()
    body = find(open_page((HEAD + HOSTILE[name]).encode(), "http://www.liuxi.example/a.html"))
    text = to_text(body.node) if body.node is not None else ""
    assert time.process_time() - started < LIMIT
    assert text or body.flags


@pytest.mark.parametrize(
    "piece", ["来源：", "1", "发布", "[大中小]", "【打印】", "首页>", "微信", "责任编辑：甲", "2020-1-1", "("]
)
def test_no_repetition_slows_the_judgement_of_a_line(piece: str) -> None:
    started = time.process_time()
    for length in range(1, 220):
        chrome.kind((piece * length)[:220] + "。")
    assert time.process_time() - started < 5


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class=TRS_Editor>", "<div class=share>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<br>", "正文。", "来源：本站",
     "<a href=a.pdf>", "<a href=b.html>", "</a>", "<!--ZJEG_RSS.content.begin-->", "<!--ZJEG_RSS.content.end-->", "<img src=a>", "<span style='display:none'>",
     "</html>", "<meta name=ContentStart>", "<meta name=ContentEnd>", "责任编辑：甲", "相关阅读", "索引号：", "2020-01-01", "<script>", "</script>",
     "详见附件", "<h1>", "</h1>", "<title>", "</title>", "<nav>", "<footer>", "<iframe src=x>", "\x00", "&nbsp;", "<pre>", "</pre>", "<textarea>"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_heap_of_markup_raises(source: str) -> None:
    body = find(open_page(source.encode(), "http://www.liuxi.example/a.html"), ["//div[@class='share']"])
    assert body.how
    assert body.node is not None or body.flags
