"""Metadata is read the same however a site's template writes it: one made-up notice in thirty ways of marking up."""

from __future__ import annotations

import pytest

from crawler.metadata import Metadata, read
from crawler.page import open_page

TITLE = "临江市人民政府关于加强城区排水设施管理的通知"
BODY = (
    "<p>各县（市、区）人民政府，市政府各部门：</p>"
    "<p>为进一步加强城区排水设施管理，保障汛期安全，根据有关法律法规，结合我市实际，现就有关事项通知如下。</p>"
    "<p>一、落实管护责任。2019年6月30日前完成辖区排水管网普查，数据来源：市住建局，发布时间另行通知。</p>"
    "<p>临江市人民政府<br>2020年3月8日</p>"
)
FOOTER = (
    "<div class='footer'>主办：临江市人民政府办公室 网站标识码：2206810001 吉ICP备05001234号-2 "
    "吉公网安备 22068102000017号</div>"
)


def page(head: str, body: str, url: str = "http://www.linjiang.gov.cn/zwgk/202003/t20200310_1234.html") -> Metadata:
    markup = f"<html><head><meta charset='utf-8'>{head}</head><body>{body}{FOOTER}</body></html>"
    return read(open_page(markup.encode(), url))


def shown(metadata: Metadata) -> dict[str, object]:
    names = "title published written origin issuer index_number document_number".split()  # noqa: SIM905  # as on a form
    return {name: found.value for name in names if (found := getattr(metadata, name)) is not None}


H = f"<title>{TITLE}_临江市人民政府</title>"
INFO = {"title": TITLE, "published": "2020-03-10", "origin": "市政府办公室"}
TABLE = {
    "title": TITLE,
    "published": "2020-03-10",
    "written": "2020-03-08",
    "issuer": "临江市人民政府办公室",
    "index_number": "013500175/2020-00321",
    "document_number": "临政发〔2020〕5号",
}

INFO_LINES = {
    "one line parted by nbsp": (
        H,
        f"<h1>{TITLE}</h1><div>发布日期：2020-03-10&nbsp;&nbsp;&nbsp;来源：市政府办公室&nbsp;&nbsp;浏览次数：</div>",
    ),
    "no space at all between pairs": (
        H,
        f"<h2>{TITLE}</h2><p>来源：市政府办公室发布时间：2020年03月10日字体：【大 中 小】</p>",
    ),
    "two short labels glued": (H, f"<h2>{TITLE}</h2><p>来源：市政府办公室日期：2020/3/10</p>"),
    "labels in elements of their own": (
        H,
        f"<div class='tit'>{TITLE}</div><ul><li><i>发布时间：</i>2020-03-10</li>"
        "<li><i>来源：</i><b>市政府办公室</b></li></ul>",
    ),
    "cells": (
        H,
        f"<table><tr><td class='bt'>{TITLE}</td></tr><tr><td><table><tr><td>日期：</td><td>2020-03-10</td>"
        "<td>信息来源：</td><td>市政府办公室</td><td>点击数：</td><td></td></tr></table></td></tr></table>",
    ),
    "spaces inside labels and before colons": (
        H,
        f"<h1>{TITLE}</h1><div><span>发 布 日 期 : 2020-03-10</span><span>来　　源 : 市政府办公室</span></div>",
    ),
    "brackets for colons": (H, f"<h1>{TITLE}</h1><p>【发布日期】2020-03-10 【来源】市政府办公室 【字号】大 中 小</p>"),
    "date without a label": (
        H,
        f"<h1>{TITLE}</h1><div class='info'>2020-03-10 &nbsp; 来源： 市政府办公室 &nbsp; 【打印】 【关闭】</div>",
    ),
    "marks by id only": (
        H,
        f"<h1>{TITLE}</h1><div><span id='pubtime'>2020年3月10日</span> <span id='source'>市政府办公室</span></div>",
    ),
    "written by a script": (
        H,
        f"<h1>{TITLE}</h1><div><script>document.write('发布日期：2020-03-10');</script> "
        "<span>来源：<script>var ly='市政府办公室'; if(ly){document.write(ly)}</script></span></div>",
    ),
    "variables of an earlier script": (
        H,
        "<script>var tm = '2020-03-10'; var source = '市政府办公室';</script>"
        f"<h1>{TITLE}</h1><p><script>document.write(tm)</script> 文章来源：<script>document.write(source)</script></p>",
    ),
    "made-up tags": (
        H,
        f"<h1><ucaptitle>{TITLE}</ucaptitle></h1><p>发布时间：<publishtime>2020-03-10</publishtime> "
        "来源：<ucapsource>市政府办公室</ucapsource></p>",
    ),
    "title broken over lines": (
        H,
        "<div class='article-title'>临江市人民政府<br>关于加强城区排水设施<br/>管理的通知</div>"
        "<div>发布日期：2020-03-10 来源：市政府办公室</div>",
    ),
    "title in two boxes": (
        H,
        "<div class='title'><p>临江市人民政府</p><p>关于加强城区排水设施管理的通知</p></div>"
        "<div>发布日期：2020-03-10 来源：市政府办公室</div>",
    ),
    "site name as h1 and a column heading above": (
        "<title>临江市人民政府</title>",
        "<h1><a href='/'>临江市人民政府</a></h1><h2>通知公告</h2>"
        f"<p class='bt'>{TITLE}</p><p>来源：市政府办公室 发布时间：2020-03-10</p>",
    ),
    "hidden copy of the info line": (
        H,
        f"<h1>{TITLE}</h1><p>发布日期：2020-03-10 来源：市政府办公室</p><p style='display: none'>来源：吉林日报</p>",
    ),
    "traditional characters": (H, f"<h1>{TITLE}</h1><p>發佈時間：2020-03-10　來源：市政府办公室　瀏覽次數：12</p>"),
    "meta tags alone, upper case and content first": (
        f"<title>临江市人民政府</title><META CONTENT='{TITLE[:8]}<br/>{TITLE[8:]}' NAME='ARTICLETITLE'>"
        "<meta content='2020-03-10' name='PUBDATE'><meta content='市政府办公室' name='contentsource'>",
        "",
    ),
    "title and date share a box": (H, f"<h2>{TITLE}<small>（2020年03月10日）</small></h2><p>来源：市政府办公室</p>"),
    "a label with its value in the next box": (
        H,
        f"<h1>{TITLE}</h1><div><p>来源：</p><p>市政府办公室</p></div><div><p>发布日期：</p><p>2020-03-10</p></div>",
    ),
    "meta title cut short": (
        f"<meta name='ArticleTitle' content='{TITLE[:14]}...'><title>{TITLE[:14]}...</title>",
        f"<h1>{TITLE}</h1><p>发布日期：2020-03-10 来源：市政府办公室</p>",
    ),
    "article tags left by the column template": (
        "<meta name='SiteName' content='临江市人民政府'><meta name='ColumnName' content='通知公告'>"
        "<meta name='ArticleTitle' content='通知公告'><meta name='PubDate' content='2023-05-01 08:00:00'>"
        "<meta name='ContentSource' content='本站'><title>通知公告-临江市人民政府</title>",
        f"<h3>{TITLE}</h3><p>来源：市政府办公室　时间：2020-03-10</p>",
    ),
}


@pytest.mark.parametrize("style", INFO_LINES)
def test_the_info_line_is_read_in_every_style(style: str) -> None:
    head, body = INFO_LINES[style]
    assert shown(page(head, body + f"<div id='zoom'>{BODY}</div>")) == INFO


LABELS = (
    ("索 引 号", "013500175/2020-00321"),
    ("发文机关", "临江市人民政府办公室"),
    ("标    题", TITLE),
    ("成文日期", "2020年03月08日"),
    ("发文字号", "临政发[2020] 5号"),
    ("发布日期", "2020年03月10日"),
    ("有 效 性", "有效"),
    ("主题分类", "城乡建设"),
)


def rows_of_two(colon: str) -> str:
    cells = [f"<td><b>{label}{colon}</b></td><td>{value}</td>" for label, value in LABELS]
    return "<table>" + "".join(f"<tr>{a}{b}</tr>" for a, b in zip(cells[::2], cells[1::2], strict=True)) + "</table>"


TABLES = {
    "two pairs a row": rows_of_two("："),
    "two pairs a row, no colon": rows_of_two(""),
    "pairs in one cell": "<table>" + "".join(f"<tr><td>{k}：{v}</td></tr>" for k, v in LABELS) + "</table>",
    "definition list": "<dl>" + "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in LABELS) + "</dl>",
    "list with italics": "<ul>" + "".join(f"<li><i>{k}</i><div><p>{v}</p></div></li>" for k, v in LABELS) + "</ul>",
    "list with spans": "<ul>" + "".join(f"<li><span>{k}</span><em>{v}</em></li>" for k, v in LABELS) + "</ul>",
    "list with brackets": "<ol>" + "".join(f"<li>[{k}]<span>{v}</span></li>" for k, v in LABELS) + "</ol>",
    "boxes": "".join(f"<div class='row'><div>{k}：</div><div>{v}</div></div>" for k, v in LABELS),
    "one line of text": "<p>" + "&nbsp;&nbsp;&nbsp;".join(f"{k} : {v}" for k, v in LABELS) + "</p>",
    "lines parted by br": "<p>" + "<br>".join(f"<strong>{k}：</strong>{v}" for k, v in LABELS) + "</p>",
    "header cells": "<table>" + "".join(f"<tr><th>{k}</th><td>{v}</td></tr>" for k, v in LABELS) + "</table>",
}


@pytest.mark.parametrize("below", [False, True], ids=["above the title", "below the title"])
@pytest.mark.parametrize("style", TABLES)
def test_the_disclosure_table_is_read_in_every_style(style: str, below: bool) -> None:
    heading = f"<h1>{TITLE}</h1>"
    body = heading + TABLES[style] if below else TABLES[style] + heading
    metadata = page(H, body + f"<div class='TRS_Editor'>{BODY}</div>")
    assert shown(metadata) == TABLE
    assert metadata.validity is not None
    assert metadata.validity.value == "有效"
    assert metadata.topic is not None
    assert metadata.topic.value == "城乡建设"


@pytest.mark.parametrize("nothing", ["", "无", "—", "/", "&nbsp;", "--"])
@pytest.mark.parametrize("style", ["cells", "line", "list"])
def test_an_empty_cell_never_takes_its_neighbours_value(style: str, nothing: str) -> None:
    pairs = [
        ("索引号", nothing),
        ("文号", nothing),
        ("发布机构", nothing),
        ("来源", nothing),
        ("发布日期", "2020-03-10"),
    ]
    body = {
        "cells": "<table>" + "".join(f"<tr><td>{k}：</td><td>{v}</td></tr>" for k, v in pairs) + "</table>",
        "line": "<p>" + "　".join(f"{k}：{v}" for k, v in pairs) + "</p>",
        "list": "<ul>" + "".join(f"<li><b>{k}：</b><span>{v}</span></li>" for k, v in pairs) + "</ul>",
    }[style]
    assert shown(page(H, f"{body}<h1>{TITLE}</h1>{BODY}")) == {"title": TITLE, "published": "2020-03-10"}


def test_a_page_that_says_nothing_gets_nothing_made_up() -> None:
    body = (
        f"<h1>{TITLE}</h1>{BODY}<p>会议时间：2020年4月1日上午9:00</p><p>资料来源：统计年鉴</p>"
        "<div class='related'><h3>相关阅读</h3><ul>"
        "<li><a href='/a'>关于开展防汛检查的通知</a><span>2021-05-01</span></li>"
        "<li><a href='/b'>关于修订应急预案的公告</a><span>2021-06-01</span></li></ul></div>"
    )
    assert shown(page("<title>临江市人民政府</title>", body)) == {"title": TITLE}


def test_a_data_table_with_the_words_of_a_disclosure_table_is_the_documents_own() -> None:
    body = (
        f"<h1>{TITLE}</h1><p>发布日期：2020-03-10</p>{BODY}"
        "<table><tr><td>序号</td><td>文件名称</td><td>文号</td><td>发文机关</td><td>发文日期</td></tr>"
        "<tr><td>1</td><td>某办法</td><td>临政发〔2011〕3号</td><td>市政府</td><td>2011-01-02</td></tr></table>"
    )
    assert shown(page(H, body)) == {"title": TITLE, "published": "2020-03-10"}


@pytest.mark.parametrize(
    "trail",
    [
        "<div class='path'>当前位置：<a>首页</a>&nbsp;&gt;&nbsp;<a>政务公开</a>&nbsp;&gt;&nbsp;<a>通知公告</a></div>",
        "<div>您现在的位置是：<a>首页</a> >> <a>政务公开</a> >> <a>通知公告</a> >> 正文</div>",
        "<div>您的位置：<a>首页</a>-<a>政务公开</a>-<a>通知公告</a></div>",
        "<table><tr><td>当前位置：<a>首页</a></td><td>><a>政务公开</a></td><td>><a>通知公告</a></td></tr></table>",
        "<ul class='breadcrumb'><li><a>首页</a></li><li><a>政务公开</a></li><li><a>通知公告</a></li></ul>",
        "<div class='crumbs'><a>首页</a> / <a>政务公开</a> / <a>通知公告</a></div>",
        "<p><a>首页</a> › <a>政务公开</a> › <a>通知公告</a> › " + TITLE[:12] + "...</p>",
    ],
)
def test_the_breadcrumb_is_the_path_of_columns(trail: str) -> None:
    nav = "<ul class='nav'><li><a>首页</a></li><li><a>新闻</a></li><li><a>服务</a></li></ul>"
    found = page(H, nav + trail + f"<h1>{TITLE}</h1>{BODY}").breadcrumb
    assert found is not None
    assert found.value[:3] == ("首页", "政务公开", "通知公告")
    assert found.value[3:] in {(), ("正文",)}


def test_site_facts_come_from_tags_footer_and_badge() -> None:
    badge = "<a href='http://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=2206810002'>找错</a>"
    metadata = page(H + "<meta name='SiteIDCode' content='2206810001'>", f"<h1>{TITLE}</h1>{BODY}{badge}")
    assert metadata.site_id is not None
    assert metadata.site_id.value == "2206810001"
    assert metadata.site_ids == ("2206810001", "2206810002")
    assert metadata.icp is not None
    assert metadata.icp.value == "吉ICP备05001234号-2"
    assert metadata.police is not None
    assert metadata.police.value == "22068102000017"
    assert metadata.division is not None
    assert metadata.division.value == "220681"
    assert metadata.site_name is not None
    assert metadata.site_name.value == "临江市人民政府"
