"""Metadata comes with its evidence: where each value stood, what it beat, and where the page contradicts itself."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from archive.model import Link
from crawler.metadata import Metadata, read
from crawler.page import open_page

TITLE = "云溪区2021年度法治政府建设情况报告"
URL = "http://www.yunxi.gov.cn/zwgk/202201/t20220115_98.html"
PARAGRAPH = "<p>2021年，区政府坚持以法治思想为指导，深入推进依法行政，各项工作取得新的成效。</p>"


def metadata(markup: str, url: str = URL, **more: object) -> Metadata:
    return read(open_page(markup.encode(), url), **more)  # type: ignore[arg-type]  # keywords of read, as each test needs


def value(found: object) -> object:
    return getattr(found, "value", None)


def test_a_visible_date_beats_the_tag_and_the_tag_is_kept_as_rival() -> None:
    read_out = metadata(
        "<meta name='PubDate' content='2023-06-30 08:00:00'>"
        f"<h1>{TITLE}</h1><p>发布日期：2022-01-15　来源：区司法局</p>{PARAGRAPH}"
    )
    assert read_out.published is not None
    assert (read_out.published.value, read_out.published.where) == ("2022-01-15", "info line 发布日期")
    assert ("2023-06-30T08:00:00+08:00", "2023-06-30 08:00:00", "meta pubdate") in read_out.published.rivals
    assert read_out.disagreements == ["meta pubdate says 2023-06-30, info line 发布日期 says 2022-01-15"]


def test_the_url_date_is_evidence_and_never_a_value() -> None:
    read_out = metadata(f"<h1>{TITLE}</h1>{PARAGRAPH}")
    assert read_out.published is None
    read_out = metadata(f"<h1>{TITLE}</h1><p>发布日期：2022-01-20</p>{PARAGRAPH}")
    assert read_out.disagreements == ["URL says 2022-01-15, info line 发布日期 says 2022-01-20"]


def test_the_hour_is_given_only_where_the_page_shows_one() -> None:
    day_only = metadata(
        f"<meta name='PubDate' content='2022-01-15 09:30'><h1>{TITLE}</h1><p>发布日期：2022-01-15</p>{PARAGRAPH}"
    )
    assert value(day_only.published) == "2022-01-15"
    hour = metadata(f"<h1>{TITLE}</h1><p>时间：2022-01-15 09:30</p>{PARAGRAPH}")
    assert value(hour.published) == "2022-01-15T09:30:00+08:00"
    midnight = metadata(f"<h1>{TITLE}</h1><p>时间：2022-01-15 00:00:00</p>{PARAGRAPH}")
    assert value(midnight.published) == "2022-01-15"


def test_the_day_of_publication_and_the_day_of_the_document_are_two_things() -> None:
    read_out = metadata(
        "<table><tr><td>索引号：</td><td>011336714/2020-12972</td><td>发文日期：</td><td>2020-09-03</td></tr>"
        f"<tr><td>发布日期：</td><td>2020年09月05日</td><td>文号：</td><td>无</td></tr></table><h1>{TITLE}</h1>{PARAGRAPH}"
    )
    assert value(read_out.published) == "2020-09-05"
    assert value(read_out.written) == "2020-09-03"
    assert read_out.document_number is None
    assert read_out.written is not None
    assert read_out.written.where == "索引号 table row 1 发文日期"


def test_an_empty_origin_on_the_page_is_not_filled_from_the_tags() -> None:
    tags = "<meta name='ContentSource' content='云溪区'>"
    assert metadata(f"{tags}<h1>{TITLE}</h1><p>日期：2022-01-15 来源： 字体：[大 中 小]</p>{PARAGRAPH}").origin is None
    assert value(metadata(f"{tags}<h1>{TITLE}</h1><p>日期：2022-01-15</p>{PARAGRAPH}").origin) == "云溪区"


@pytest.mark.parametrize("shown", ["本网", "云溪区司法局、云溪区统计局", "新华社", "Yunxi Daily", "宣传部"])
def test_an_origin_is_what_the_page_shows(shown: str) -> None:
    read_out = metadata(
        f"<h1>{TITLE}</h1><p>来源:{shown}  作者:  发布日期:2022-01-15 09:25:33  【打印】 【字体：</p>{PARAGRAPH}"
    )
    assert value(read_out.origin) == shown
    assert value(read_out.published) == "2022-01-15T09:25:33+08:00"


def test_a_script_that_holds_the_date_is_asked_when_nothing_is_shown() -> None:
    script = "<script>var pubdata = '2022-01-15 10:00'; show(pubdata);</script>"
    assert value(metadata(f"<h1>{TITLE}</h1>{script}{PARAGRAPH}").published) == "2022-01-15T10:00:00+08:00"


def test_a_gkmlpt_page_is_read_from_its_own_object() -> None:
    detail = {
        "title": TITLE,
        "document_number": "云府〔2022〕3号",
        "identifier": "114403006955506492/2022-00012",
        "publisher": "云溪区人民政府",
        "date": 1642176000,
        "display_publish_time": 1642212000,
        "classify_theme_name": "司法",
        "content": "<p>正文</p>",
    }
    script = f"<script>window._CONFIG = {{SID: '755041', DETAIL: {json.dumps(detail)}, TREE: []}};</script>"
    read_out = metadata(f"<title>政府信息公开</title>{script}<div id='app'></div>")
    assert value(read_out.title) == TITLE
    assert value(read_out.document_number) == "云府〔2022〕3号"
    assert value(read_out.index_number) == "114403006955506492/2022-00012"
    assert value(read_out.issuer) == "云溪区人民政府"
    assert value(read_out.topic) == "司法"
    assert value(read_out.written) == "2022-01-15"
    assert value(read_out.published) == "2022-01-15T10:00:00+08:00"
    broken = metadata(f"<h1>{TITLE}</h1><script>window._CONFIG = {{DETAIL: {{'title': oops}}}}</script>{PARAGRAPH}")
    assert value(broken.title) == TITLE


@pytest.mark.parametrize(
    ("heading", "text", "number", "where"),
    [
        ("关于印发规划的通知（云政发〔2020〕5号）", "各镇：\n请遵照执行。", "云政发〔2020〕5号", "title"),
        ("云溪区财政局公告2020年第2号", "现予公布。", "云溪区财政局公告2020年第2号", "title"),
        (
            "关于印发规划的通知",
            "云政发〔2020〕5号\n各镇：\n请遵照执行。",
            "云政发〔2020〕5号",
            "line 1 of the document",
        ),
        ("云溪区防火办法", "云溪区人民政府令\n第12号\n现予公布。", "云溪区人民政府令第12号", "line 2 of the document"),
        ("关于印发规划的通知", "根据云政发〔2020〕5号文件，现将规划印发给你们，请认真组织实施。", None, None),
        ("关于转发云政发〔2020〕5号文件的通知", "各镇：\n现转发给你们。", None, None),
    ],
)
def test_a_number_without_a_label_counts_only_where_a_document_states_its_own(
    heading: str, text: str, number: str | None, where: str | None
) -> None:
    body = "".join(f"<p>{line}</p>" for line in text.splitlines())
    found = metadata(f"<h1>{heading}</h1><p>发布日期：2020-05-06</p><div>{body}</div>", body_text=text).document_number
    assert (value(found), getattr(found, "where", None)) == (number, where)


def test_the_list_page_is_a_witness_for_title_and_date() -> None:
    hint = Link(URL, "notice", TITLE, "2022-01-16")
    read_out = metadata(f"<h1>{TITLE}</h1><p>发布日期：2022-01-15</p>{PARAGRAPH}", list_hint=hint)
    assert value(read_out.title) == TITLE
    assert read_out.disagreements == ["list page says 2022-01-16, info line 发布日期 says 2022-01-15"]


def test_a_site_id_and_an_icp_number_of_two_provinces_are_told() -> None:
    read_out = metadata(f"<h1>{TITLE}</h1>{PARAGRAPH}<div>网站标识码：4506030001 鄂ICP备05000566号</div>")
    assert read_out.disagreements == ["site id 4506030001 is of province 45, ICP number 鄂ICP备05000566号 is of 鄂"]


def test_the_report_year_names_its_source() -> None:
    read_out = metadata(f"<h1>{TITLE}</h1><p>发布日期：2022-01-15</p>{PARAGRAPH}")
    assert read_out.report_year is not None
    assert (read_out.report_year.value, read_out.report_year.where) == (2021, "title")


def test_reading_leaves_the_page_as_it_was() -> None:
    page = open_page(f"<h1>{TITLE}</h1><!--x--><p style='display:none'>a</p>{PARAGRAPH}".encode(), URL)
    before = etree.tostring(page.root)
    read(page)
    assert etree.tostring(page.root) == before


PIECES = "<td> </td> <tr> <br> <p> </p> <b> </span> <h1> 来源： 索引号 发布日期 : <script> document.write(' "
PIECES += "')</script> 2020-01-01 文号 &nbsp; 当前位置：首页> <title> </title> 无 <!-- 名称： > 〔2020〕5号"


def test_the_dates_of_a_list_beside_the_document_are_not_its_own() -> None:
    rows = "<li><a href='/a'>关于开展检查的通知</a><span>2021-05-01</span></li>"
    rows += "<li><p><a href='/b'>关于修订预案的公告</a></p><p>2021-06-01</p></li>"
    assert metadata(f"<h1>{TITLE}</h1><p>见附件。</p><ul>{rows}</ul>").published is None
    controls = "<p>2022-01-15 <a>打印本页</a> <a>关闭窗口</a> <a>加入收藏</a></p>"
    assert value(metadata(f"<h1>{TITLE}</h1>{controls}<p>见附件。</p><ul>{rows}</ul>").published) == "2022-01-15"


def test_a_title_tag_nobody_closed_costs_no_time_and_names_no_title() -> None:
    started = time.process_time()
    read_out = metadata(f"<head><title>{TITLE}<body><h1>x</h1>" + "<p>一 二 三</p>" * 20_000)
    assert time.process_time() - started < 5.0
    assert read_out.title is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=40))
def test_no_markup_raises(pieces: list[str]) -> None:
    metadata("".join(pieces) or "<p>", url="")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + "文" + "</div>" * 20_000,
        "<p>" + "来源：" * 200_000 + "</p>",
        "<p>" + "长" * 2_000_000 + "</p>",
        "<ul>" + "<li><a href='/a'>关于公布名单的通知</a><span>2020-01-01</span></li>" * 8_000 + "</ul>",
        "<script>" + "var a='x';" * 1_900 + "document.write(a)" * 50 + "</script>",
        "<p>索引号：011336714/2020-12972 文号：无 发布日期：2020-01-01</p>" * 15_000,
    ],
    ids=["nested boxes", "labels only", "one long text", "long list", "long script", "many disclosure lines"],
)
def test_a_hostile_page_costs_seconds_at_most(markup: str) -> None:
    page = open_page(f"<h1>{TITLE}</h1>{markup}".encode(), URL)
    page.root  # noqa: B018  # parsing is not what is measured
    started = time.process_time()
    read(page)
    assert time.process_time() - started < 5.0
