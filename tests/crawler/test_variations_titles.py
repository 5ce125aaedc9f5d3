"""Titles on layouts nobody wrote a rule for: what the reader says of made-up pages in many templates' habits."""

from __future__ import annotations

import pytest

from archive.model import Record
from crawler.reading import read

URL = "http://www.example.gov.cn/zwgk/202305/t20230508_1001.html"
BODY = "<p>　　为做好汛期各项准备，经市政府同意，现就有关事项通知如下，请各县区、各部门认真贯彻执行。</p>"
MENU = "<ul><li><a href='/'>首页</a></li><li><a href='/hd/'>互动交流</a></li><li><a href='/xw/'>新闻中心</a></li></ul>"


def record_of(inner: str, *, title: str = "", head: str = "") -> Record:
    page = f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{MENU}{inner}</body></html>"
    reading = read(page.encode(), URL, as_kind="notice")
    assert reading.record is not None
    return reading.record


@pytest.mark.parametrize(
    "title",
    [
        "临河市人民政府办公室关于印发2023年政务公开工作要点的通知",
        "关于解放路临时停水的公告",
        "在全市安全生产会议上的新闻发布稿：抓落实促发展见行动",
        "2023年全市信息公开工作动态",
    ],
)
def test_a_title_whose_words_also_name_columns_is_no_name_of_the_site(title: str) -> None:
    info = "发布时间：2023-05-08 来源：市政府办"
    inner = f"<div class=tit>{title}</div><div class=sm>{info}</div><div class=nr>{BODY}</div>"
    assert record_of(inner, title=title).title == title


@pytest.mark.parametrize("site", ["临河县人民政府", "欢迎光临临河县政府网站", "临河市农业信息网"])
def test_a_tag_that_names_only_the_site_is_not_the_title(site: str) -> None:
    inner = f"<div>{site}</div><div align=center>关于做好防汛准备的通知</div><div>来源：办公室</div><div>{BODY}</div>"
    assert record_of(inner, title=site).title == "关于做好防汛准备的通知"


def test_an_entry_of_the_menu_is_no_title() -> None:
    inner = f"<div class=sm>发布时间：2023-05-08 来源：市政府办</div><div class=nr>{BODY}</div>"
    assert record_of(inner, title="详情").title is None


def test_a_title_of_one_word_is_read_where_the_page_says_it_twice() -> None:
    inner = f"<h2>公告</h2><div class=sm>发布时间：2023-05-08 来源：市政府办</div><div class=nr>{BODY}</div>"
    assert record_of(inner, title="公告-临河市市场监督管理局").title == "公告"
