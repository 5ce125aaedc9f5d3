"""Lists a column page only asks for: what its script would send first, and the same again until the answers end."""

# ruff: noqa: E501  -- a row of markup is easier to check on one line, as in a page

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from crawler.cms import recognise
from crawler.cms.asking import address
from crawler.discover import columns
from crawler.lists import Listing, read_list
from crawler.page import Page

HOST = "http://www.qinghe.gov.cn"


def page(url: str, text: str) -> Page:
    return Page(url, text, "utf-8", "made up")


def follow(listing: Listing, text: str) -> Listing:
    """What the next request of a list is answered with, read as the crawl reads it."""
    assert listing.request is not None
    return read_list(page(address(listing.request), text))


TRUECMS = """<html><body><div id="initData" style="display:none"><ul>{rows}</ul></div><div id="list"></div><script>
$("#list").jpage({{totalRecord:{total},perPage:2,groupSize:2,ajaxParam:{{columnId:'7b1c-55'}},proxyUrl:'/TrueCMS/messageController/getMessage.do'}});
</script></body></html>"""


def rows(first: int, last: int) -> str:
    return "".join(
        f'<li><a href="/qhtz/content/0a1b2c3d-0001-4e5f-8899-{n:012}.html" title="青河市第{n}号停水公告">青河市第{n}号…</a><span>2024-03-{n:02}</span></li>'
        for n in range(first, last + 1)
    )


def records(first: int, last: int) -> str:
    inner = "".join(f"<record><![CDATA[{rows(n, n)}]]></record>" for n in range(first, last + 1))
    return json.dumps({"result": f"<datastore><recordset>{inner}</recordset></datastore>"})


def window(listing: Listing) -> tuple[str, str]:
    assert listing.request is not None
    query = dict(parse_qsl(urlsplit(listing.request.url).query))
    assert query["columnId"] == "7b1c-55"
    assert dict(listing.request.headers)["Referer"] == f"{HOST}/qhtz/qhtz.html"
    return query["startrecord"], query["endrecord"]


def test_truecms_asks_for_the_records_after_those_its_column_page_holds() -> None:
    column = page(f"{HOST}/qhtz/qhtz.html", TRUECMS.format(rows=rows(1, 4), total=9))
    assert recognise(column).name == "truecms"
    first = read_list(column)
    assert [entry.title for entry in first.entries] == [f"青河市第{n}号停水公告" for n in range(1, 5)]
    assert first.record_count == 9
    assert window(first) == ("5", "8")
    second = follow(first, records(5, 8))
    assert [entry.date for entry in second.entries] == ["2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08"]
    assert window(second) == ("9", "12")
    third = follow(second, records(9, 9))
    last = follow(third, records(1, 0))
    assert len(third.entries) == 1
    assert last.entries == ()
    assert (last.stop_reason or "").startswith("last page")


def test_a_truecms_column_that_holds_all_its_records_asks_for_nothing() -> None:
    only = read_list(page(f"{HOST}/qhtz/qhtz.html", TRUECMS.format(rows=rows(1, 4), total=4)))
    assert len(only.entries) == 4
    assert (only.request, only.next) == (None, None)


XXGK = """<html><body><div class="nav"><a href="/">首页</a></div><div id="div60231"></div><script>
jQuery.ajax({type:"post",url:"/module/xxgk/search.jsp",data:"infotypeId=B0103&jdid=41&area=&divid=div60231&sortfield=,createdatetime:0&currpage=",
success:function(t){$("#div60231").html(t)}});</script></body></html>"""


def disclosed(number: int, pages: int) -> str:
    row = "".join(
        f'<tr class="tr_main_value_odd"><td>{n}</td><td><a href="{HOST}/art/2023/4/{n}/art_60231_{number}{n}.html" title="关于第{number}批第{n}项许可的公告">关于第{number}批…</a></td><td>2023-04-0{n}</td></tr>'
        for n in range(1, 4)
    )
    return f'<table>{row}</table><table><tr><td>共{pages}页&nbsp;第{number}页 <a href="javascript:void(0)" onclick="toPage()">下一页</a></td></tr></table>'


def test_a_disclosure_directory_posts_its_form_page_by_page() -> None:
    shell = read_list(page(f"{HOST}/col/col60231/index.html", XXGK))
    assert shell.request is not None
    assert (shell.request.method, shell.request.url) == ("POST", f"{HOST}/module/xxgk/search.jsp")
    sent = dict(parse_qsl(shell.request.body.decode()))
    assert (sent["infotypeId"], sent["jdid"], sent["divid"], sent["currpage"]) == ("B0103", "41", "div60231", "1")
    first = follow(shell, disclosed(1, 2))
    assert [entry.title for entry in first.entries] == [f"关于第1批第{n}项许可的公告" for n in (1, 2, 3)]
    assert first.request is not None
    assert dict(parse_qsl(first.request.body.decode())) == sent | {"currpage": "2"}
    last = follow(first, disclosed(2, 2))
    assert len(last.entries) == 3
    assert (last.request, last.stop_reason) == (None, "last page: 2 of 2")


def test_a_page_that_only_mentions_the_directory_asks_for_nothing() -> None:
    told = page(f"{HOST}/a.html", '<html><body><script src="/module/xxgk/search.jsp"></script></body></html>')
    assert read_list(told).request is None


def test_the_categories_of_a_disclosure_platform_are_columns() -> None:
    tree = [
        {
            "id": 1,
            "name": "法定主动公开",
            "children": [{"id": 4021, "name": "通知公告", "children": [], "post_count": 7}],
        },
        {"id": 9, "name": "年报", "children": [], "post_count": 0},
        {"id": 12, "name": "旧网站", "children": [], "post_count": 3, "jump_url": "http://old.example/"},
    ]
    shell = (
        f"<script>window._CONFIG = {{ SID: '755041', TREE: {json.dumps(tree, ensure_ascii=False)}, X: 1 }};</script>"
    )
    found = columns.columns(page(f"{HOST}/gkmlpt/index", f"<html><body>{shell}</body></html>"))
    assert [(one.url, one.name) for one in found] == [(f"{HOST}/gkmlpt/index#4021", "通知公告")]


def test_a_column_is_known_from_a_notice_by_its_file_where_both_have_a_number() -> None:
    menu = '<a href="list.asp?id=3">公告通知</a> <a href="list.asp?id=5">政策解读</a> <a href="show.asp?id=90">最新公告一则</a>'
    found = columns.columns(page(f"{HOST}/list.asp?id=3", menu), [f"{HOST}/show.asp?id=81"])
    assert [one.url for one in found] == [f"{HOST}/list.asp?id=5"]


def test_a_side_box_of_an_old_table_site_takes_no_row_from_the_list() -> None:
    def link(n: int, shown: str) -> str:
        return f'<A HREF="/nydt/2024/2/7971{n:02}.html">{shown}</A>'

    side = "<BR>".join(link(n, f"青河县第{n}号…") for n in (1, 4, 6))
    listed = "".join(f"<TR><TD>◇ {link(n, f'青河县第{n}号秋粮收购工作安排的公告')} ({n}月5日)" for n in range(1, 9))
    old = f"<TABLE><TR><TD><TABLE><TR><TD>最新信息<TR><TD>{side}</TABLE><TD><TABLE>{listed}</TABLE></TABLE>"
    found = read_list(page(f"{HOST}/nydt/index.html", f"<HTML><BODY>{old}</BODY></HTML>")).entries
    assert [entry.title for entry in found] == [f"青河县第{n}号秋粮收购工作安排的公告" for n in range(1, 9)]


def test_neither_a_page_number_nor_a_notice_of_another_column_is_a_column() -> None:
    hot = "".join(f'<a href="/czxw/87{n}64.jhtml">青河县召开第{n}次会议</a>' for n in (1, 2))
    pages = '<a href="/tzgg/index_3.jhtml">【3】</a> <a href="/tzgg/index_2.jhtml">&gt;&gt;</a>'
    found = columns.columns(
        page(f"{HOST}/tzgg/index.jhtml", hot + pages + '<a href="/czxw/">财政新闻</a>'), [f"{HOST}/tzgg/91234.jhtml"]
    )
    assert [one.url for one in found] == [f"{HOST}/czxw/"]


def test_a_trsapi_list_is_followed_as_far_as_its_files_go_and_states_all_its_records() -> None:
    code = "require(['list2.trsapi']);listModel({maxStaticIndex:3,pagebar:{prepage:4,recordCount:'57'}})"
    text = f"<html><body><ul>{rows(1, 4)}</ul><script>{code}</script></body></html>"
    first = read_list(page(f"{HOST}/zkgs/index.htm", text))
    assert (first.next, first.record_count) == (f"{HOST}/zkgs/index_1.htm", 57)
    assert read_list(page(f"{HOST}/zkgs/index_1.htm", text)).next == f"{HOST}/zkgs/index_2.htm"
    last = read_list(page(f"{HOST}/zkgs/index_2.htm", text))
    assert (last.next, last.record_count) == (None, 57)


def test_an_article_of_an_old_site_leads_to_the_column_its_breadcrumb_names_and_not_to_the_home() -> None:
    menu = '<a href="index.asp">首页</a> <a href="list.asp?id=12">公告通知</a> <a href="show.asp?id=7">公告通知一则</a>'
    article = page(f"{HOST}/show.asp?id=816", f"<html><body>{menu}</body></html>")
    found = columns.of_article(article, ("首页", "公告通知", "正文"))
    assert found[0].url == f"{HOST}/list.asp?id=12"
    assert all(not one.url.endswith("index.asp") for one in found)


def test_a_link_that_says_read_on_gives_no_title() -> None:
    posts = "".join(
        f'<article><h2><a href="/archives/70{n}">青河县第{n}号停水公告</a></h2><time>2024-03-0{n}</time><p>因检修停水。'
        f'<a href="/archives/70{n}">继续阅读<span>“青河县第{n}号停水公告”</span></a></p></article>'
        for n in range(1, 6)
    )
    found = read_list(page(f"{HOST}/category/gonggao", f"<html><body><main>{posts}</main></body></html>")).entries
    assert [entry.title for entry in found] == [f"青河县第{n}号停水公告" for n in range(1, 6)]
