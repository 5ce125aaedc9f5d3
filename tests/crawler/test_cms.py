"""Every family's lists page as its vendor wrote them: the next page comes from evidence on the page, or a reason says why not."""

# ruff: noqa: E501  -- a row of markup is easier to check on one line, as in a page

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.cms import FAMILIES, family_named, recognise
from crawler.cms.feeds import sitemaps
from crawler.lists import Entry, Listing, next_part, read_list
from crawler.page import Page

COLUMN = "http://www.qinghe.gov.cn/zwgk/tzgg/index.html"
ROWS = "".join(
    f"<li><a href='202503/t2025030{n}_5120{n}.html'>青河市第{n}号关于做好有关工作的通知</a><span>2025-03-0{n}</span></li>"
    for n in range(1, 7)
)


def page(content: str, url: str = COLUMN) -> Page:
    return Page(
        url,
        f"<html><head><title>通知公告</title></head><body><ul class='list'>{ROWS}</ul>{content}</body></html>",
        "utf-8",
        "made up",
    )


def listing(content: str, url: str = COLUMN) -> Listing:
    return read_list(page(content, url))


def script(code: str) -> str:
    return f"<div class='pages'><script type='text/javascript'>{code}</script></div>"


@pytest.mark.parametrize(
    ("code", "url", "following"),
    [
        ('createPageHTML(34, 0, "index", "html");', COLUMN, "index_1.html"),
        ('createPageHTML(34, 4, "index", "html");', COLUMN.replace("index", "index_4"), "index_5.html"),
        (
            "createPageHTML( 89 , 1, 'index', 'shtml', 'black2', 621)",
            COLUMN.replace("index.html", "index_1.shtml"),
            "index_2.shtml",
        ),
        ('createPageHTML(12,0,"index","html","3");', COLUMN, "index_1.html"),
        (
            "createPageHTML('page_div', 10, 1, 'dezlist', 'shtml', 149);",
            COLUMN.replace("index.html", "dezlist.shtml"),
            "dezlist_2.shtml",
        ),
        (
            "createPageHTML('paging', 10, 3, 'list', 'shtml', 149);",
            COLUMN.replace("index.html", "list_3.shtml"),
            "list_4.shtml",
        ),
        ("createPageHTML(149, 10, 0, 'index', 'html');", COLUMN, "index_1.html"),
        ("createPageHTML(149, 10, 2, 'index', 'html');", COLUMN.replace("index", "index_2"), "index_3.html"),
        (
            'pageControl(4, 2, "index", "shtml", 10, \'pages-nav\')',
            COLUMN.replace("index.html", "index_2.shtml"),
            "index_3.shtml",
        ),
        ('createPage(7, 0, "index", "html");', COLUMN, "index_1.html"),
        ("Pager({size:3, current:0, prefix:'index',suffix:'html',visible:5});", COLUMN, "index_1.html"),
        (
            'var countPage = 12; var currentPage = 0; document.write("<a href=\\"index_" + nextPage + ".html\\">下一页</a>");',
            COLUMN,
            "index_1.html",
        ),
        (
            'var countPage=9;\nvar currentPage=0;\ncreatePageHTML(countPage, currentPage, "index", "html");',
            COLUMN,
            "index_1.html",
        ),
        (
            'var currentPage = 0;//所在页从0开始\nvar nextPage = currentPage+1//下一页\nvar countPage = 25//共多少页\ndocument.write("<a href=\\"index"+"_" + nextPage + "."+"html\\"><span class=nav2>下一页</span></a>");',
            COLUMN,
            "index_1.html",
        ),
        ("createPageHTML(8, 1, 1, 20, 154, 'tzgg', 'html');", COLUMN.replace("index", "tzgg"), "tzgg_2.html"),
        ('$("#p").pagination("setPage", 1, 322);', COLUMN, "index_2.html"),
        (
            'function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}\ncreatePageHTML(2, 0, "index", "html");',
            COLUMN,
            "index_1.html",
        ),
    ],
)
def test_static_pages_are_counted_as_their_script_counts_them(code: str, url: str, following: str) -> None:
    assert listing(script(code), url).next == url.rsplit("/", 1)[0] + "/" + following


@pytest.mark.parametrize(
    ("code", "url"),
    [
        ('createPageHTML(1, 0, "index", "html");', COLUMN),
        ('createPageHTML(34, 33, "index", "html");', COLUMN.replace("index", "index_33")),
        ("createPageHTML('page_div', 10, 10, 'list', 'shtml', 149);", COLUMN.replace("index.html", "list_10.shtml")),
        ("createPageHTML(149, 10, 9, 'index', 'html');", COLUMN.replace("index", "index_9")),
        ("Pager({size:1, current:0, prefix:'index',suffix:'html'});", COLUMN),
        ('//createPageHTML(34, 0, "index", "html");', COLUMN),
        ("function createPageHTML(a, b, c, d){ return a }", COLUMN),
    ],
)
def test_no_page_is_invented_after_the_last(code: str, url: str) -> None:
    found = listing(script(code), url)
    assert found.next is None
    assert found.stop_reason


def test_a_count_without_a_script_is_read_from_its_element() -> None:
    assert listing("<div id='pageDec' pagesize='24' pagecount='51'></div>").next == COLUMN.replace("index", "index_1")
    assert listing("<div id='pageDec' pagesize='24' pagecount='1'></div>").next is None


def test_a_call_in_a_comment_is_the_last_evidence() -> None:
    assert listing('<!-- createPageHTML(3, 0, "index", "html") -->').next == COLUMN.replace("index", "index_1")


def test_the_pager_states_its_counts() -> None:
    found = listing(script("createPageHTML('page_div', 10, 1, 'list', 'shtml', 149);"))
    assert (found.page_count, found.record_count) == (10, 149)
    found = listing(script('createPageHTML(89, 0, "index", "html", "black2", 621)'))
    assert (found.page_count, found.record_count) == (89, 621)
    found = listing("<div class=fy>共<b>149</b>条 第1/10页 <a href=index_1.html>下一页</a></div>")
    assert (found.page_count, found.record_count) == (10, 149)
    found = listing("<p>总记录数：57，总页数：3</p>")
    assert (found.page_count, found.record_count) == (3, 57)


@pytest.mark.parametrize(
    ("markup", "following"),
    [
        ("<a href='index_1.html'>下一页</a>", "index_1.html"),
        ("<a href='index_1.html'>下页</a>", "index_1.html"),
        ("<a href='index_1.html'>下一页 &gt;&gt;</a>", "index_1.html"),
        ("<a href='?page=2' class=next><span>下一页</span></a>", "index.html?page=2"),
        ("<a href='index_1.html'><img src=n.gif alt=下一页></a>", "index_1.html"),
        ("<a href='index_1.html' title=下一页>&gt;</a>", "index_1.html"),
        (
            "<div class=pagination><a class=on>1</a><a href=index_1.html>2</a><a href=index_1.html>&gt;</a></div>",
            "index_1.html",
        ),
        (
            "<div class=pagination><span class=current>1</span><a href=index_1.html>2</a><a href=index_2.html>3</a></div>",
            "index_1.html",
        ),
        (
            "<div class=pg><strong>1</strong> <a href=list_2.html>[2]</a> <a href=list_3.html>[3]</a></div>",
            "list_2.html",
        ),
        ("<div>1 <a href=list_2.html>2</a> <a href=list_3.html>3</a></div>", "list_2.html"),
        (
            "<select onchange='location=this.value'><option value=index.html selected>第1页</option><option value=p2.html>第2页</option></select>",
            "p2.html",
        ),
        ("<a href='javascript:void(0)' onclick=\"location.href='index_1.html'\">下一页</a>", "index_1.html"),
        ("<a href=\"javascript:gotoPage('list.jsp?pageNo=2')\">下一页</a>", "list.jsp?pageNo=2"),
        (
            "<a href='###' tagname='[NEXTPAGE]' onclick=\"queryArticleByCondition(this,'/zwgk/tzgg/7f2a-2.html')\">下一页</a>",
            "7f2a-2.html",
        ),
        ("<a tagname='/zwgk/tzgg/7f2a-2.html'>下一页</a>", "7f2a-2.html"),
        ("<input type=button value=下一页 onclick=\"window.location='index_1.html'\">", "index_1.html"),
    ],
)
def test_plain_links_and_buttons_lead_on(markup: str, following: str) -> None:
    assert listing(markup).next == f"http://www.qinghe.gov.cn/zwgk/tzgg/{following}"


@pytest.mark.parametrize(
    "markup",
    [
        "<span class='disabled'>下一页</span>",
        "<a class='disabled' href='index_9.html'>下一页</a>",
        "<a href='javascript:;'>下一页</a>",
        "<a href='#'>下一页</a>",
        "<a href='index.html'>下一页</a>",
        '<a href="javascript:toPage(2)">下一页</a>',
        "<p>下一篇：<a href='t2.html'>关于印发工作方案的通知</a></p>",
        "<div class=crumb><a href=/>首页</a> &gt; <a href=/zwgk/>&gt;</a></div>",
        "",
    ],
)
def test_what_leads_nowhere_is_no_next_page(markup: str) -> None:
    found = listing(markup)
    assert found.next is None
    assert found.stop_reason


def test_a_script_pager_without_url_says_so() -> None:
    assert "script" in (listing('<a href="javascript:toPage(2)">下一页</a>').stop_reason or "")


def test_an_encoded_pager_is_decoded() -> None:
    encoded = "JTNDYSUyMGhyZWYlM0QlMjJpbmRleF8xLmh0bWwlMjIlM0UlRTQlQjglOEIlRTQlQjglODAlRTklQTElQjUlM0MlMkZhJTNF"
    assert listing(f"<div id='pages'>{encoded}</div>").next == "http://www.qinghe.gov.cn/zwgk/tzgg/index_1.html"


def test_an_empty_column_leads_to_its_frame() -> None:
    shell = Page(
        COLUMN,
        "<html><body><p>通知公告</p><iframe src='list_frame.html' width=900></iframe></body></html>",
        "utf-8",
        "",
    )
    found = read_list(shell)
    assert found.entries == ()
    assert found.next == "http://www.qinghe.gov.cn/zwgk/tzgg/list_frame.html"


# 博达 VSB


def test_vsb_pages_are_followed_downwards() -> None:
    foot = '<!--Announced by Visual SiteBuilder 9--><span class="NextDisabled">上页</span><a href="tzgg/4.htm" class="Next">下页</a><a href="tzgg/1.htm" class="Next">尾页</a>'
    found = read_list(page(foot, "http://www.qinghe.gov.cn/tzgg.htm"))
    assert found.next == "http://www.qinghe.gov.cn/tzgg/4.htm"
    assert recognise(page(foot)).name == "vsb"


def test_vsb_ends_at_its_disabled_link() -> None:
    foot = '<!--Announced by Visual SiteBuilder 9--><a href="2.htm" class="Next">上页</a><span class="NextDisabled">下页</span><span class="NextDisabled">尾页</span>'
    found = read_list(page(foot, "http://www.qinghe.gov.cn/tzgg/1.htm"))
    assert found.next is None
    assert found.stop_reason


# 大汉 jpage


def jpage(records: int, group: str | None, total: int = 45) -> str:
    cut = "".join(
        f"<record><![CDATA[<li><a href='/art/2025/4/{n}/art_3371_9{n:03}.html' title='青河市第{n}号关于印发工作方案的通知'>青河市第{n}号关于…</a><span>2025-04-{n:02}</span></li>]]></record>"
        for n in range(1, records + 1)
    )
    following = f'<nextgroup><![CDATA[<a href="{group}"></a>]]></nextgroup>' if group else ""
    return f'<div id="5512"><script type="text/xml"><datastore>{following}<recordset>{cut}</recordset></datastore></script></div><script>$(\'#5512\').jpage({{totalRecord:{total},perPage:15}});</script>'


def shell(content: str, url: str) -> Page:
    return Page(url, f"<html><body><div class=nav><a href=/>首页</a></div>{content}</body></html>", "utf-8", "")


def test_jpage_records_are_read_out_of_the_script() -> None:
    found = read_list(
        shell(
            jpage(15, "/module/web/jpage/dataproxy.jsp?page=1&columnid=3371"),
            "http://www.qinghe.gov.cn/col/col3371/index.html",
        )
    )
    assert len(found.entries) == 15
    assert found.entries[0] == Entry(
        "http://www.qinghe.gov.cn/art/2025/4/1/art_3371_9001.html", "青河市第1号关于印发工作方案的通知", "2025-04-01"
    )
    assert found.next == "http://www.qinghe.gov.cn/module/web/jpage/dataproxy.jsp?page=1&columnid=3371"
    assert found.record_count == 45


def test_a_dataproxy_answer_is_read_and_followed() -> None:
    cut = "<record><![CDATA[<tr><td><a href='/art/2025/4/3/art_3371_9003.html'>关于公布名单的通知</a></td><td>2025-04-03</td></tr>]]></record>"
    text = f"<?xml version='1.0'?><datastore><nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp?page=3\"></a>]]></nextgroup><recordset>{cut}</recordset></datastore>"
    found = read_list(Page("http://www.qinghe.gov.cn/module/web/jpage/dataproxy.jsp?page=2", text, "utf-8", ""))
    assert found.entries == (
        Entry("http://www.qinghe.gov.cn/art/2025/4/3/art_3371_9003.html", "关于公布名单的通知", "2025-04-03"),
    )
    assert found.next == "http://www.qinghe.gov.cn/module/web/jpage/dataproxy.jsp?page=3"


def test_an_empty_dataproxy_answer_ends_the_list() -> None:
    text = '<datastore><nextgroup><![CDATA[<a href="/x?page=9"></a>]]></nextgroup><recordset></recordset></datastore>'
    found = read_list(Page("http://www.qinghe.gov.cn/module/web/jpage/dataproxy.jsp?page=8", text, "utf-8", ""))
    assert (found.entries, found.next) == ((), None)
    assert found.stop_reason


def test_jpage_without_nextgroup_builds_the_form_the_page_holds() -> None:
    form = "<script>var param_5512 = {col:1,appid:'1',webid:1,columnid:3371,unitid:'5512',webname:'青河市'};</script>"
    found = read_list(shell(jpage(15, None) + form, "http://www.qinghe.gov.cn/col/col3371/index.html"))
    assert found.next is None
    assert found.request is not None
    assert found.request.method == "POST"
    assert "startrecord=16" in found.request.url
    assert parse_qs(found.request.body.decode())["unitid"] == ["5512"]
    done = read_list(shell(jpage(15, None, total=15) + form, "http://www.qinghe.gov.cn/col/col3371/index.html"))
    assert (done.next, done.request) == (None, None)


# 大汉 jpaas

UNIT = """<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{'parseType':'bulidstatic','webId':'330','tplSetId':'abc','pageType':'column','tagId':'信息列表','pageId':'p1'}"></script>"""


def test_a_jpaas_shell_leads_to_its_unit_and_on_to_the_end() -> None:
    first = read_list(shell(UNIT, "http://www.qinghe.gov.cn/col/col9/index.html"))
    assert first.next is not None
    query = parse_qs(urlsplit(first.next).query)
    assert (query["tagId"], json.loads(query["paramJson"][0])["pageNo"]) == (["信息列表"], 1)
    inner = f"<ul>{ROWS}</ul><div class='pagination' rows='15' count='34'></div>"
    answer = Page(first.next, json.dumps({"success": True, "data": {"html": inner}}), "utf-8", "")
    second = read_list(answer)
    assert len(second.entries) == 6
    assert (second.page_count, second.record_count) == (3, 34)
    assert second.next is not None
    assert json.loads(parse_qs(urlsplit(second.next).query)["paramJson"][0]) == {"pageNo": 2, "pageSize": 15}
    last = read_list(replace(answer, url=second.next.replace("pageNo%22%3A2", "pageNo%22%3A3")))
    assert last.next is None


# gkmlpt


def test_gkmlpt_lists_are_asked_as_json() -> None:
    shell_page = Page(
        "http://www.qinghe.gov.cn/gkmlpt/annualreport#2629",
        "<html><script>window._CONFIG={SID:'755041',TREE:[]}</script></html>",
        "utf-8",
        "",
    )
    assert recognise(shell_page).name == "gkmlpt"
    first = read_list(shell_page).next
    assert first == "http://www.qinghe.gov.cn/gkmlpt/api/all/2629?page=1&sid=755041"
    rows = [
        {
            "id": 9103540,
            "title": "2024年度法治政府建设年度报告",
            "url": "http://www.qinghe.gov.cn/gkmlpt/content/9/9103/post_9103540.html",
            "date": 1735689600,
            "display_publish_time": 1738540800,
        }
    ]
    answer = Page(first, json.dumps({"classify": {"post_count": 150}, "articles": rows}), "utf-8", "")
    found = read_list(answer)
    assert found.entries == (Entry(rows[0]["url"], "2024年度法治政府建设年度报告", "2025-02-03"),)
    assert found.next == "http://www.qinghe.gov.cn/gkmlpt/api/all/2629?page=2&sid=755041"
    assert read_list(replace(answer, url=found.next)).next is None


# 龙讯, Epoint, fragments, JSON, feeds


@pytest.mark.parametrize(
    ("current", "following"),
    [(1, "http://www.qinghe.gov.cn/public/column/66?type=4&catId=7&action=list&pageIndex=2"), (3, None)],
)
def test_longxun_moves_page_index(current: int, following: str | None) -> None:
    code = f'Ls.pagination("#page_new", function(pageIndex){{ location.href = "?type=4&catId=7&action=list&pageIndex=" + pageIndex; }}, {{currPage: {current}, pageCount: 3}});'
    found = listing(
        script(code), f"http://www.qinghe.gov.cn/public/column/66?type=4&catId=7&action=list&pageIndex={current}"
    )
    assert found.next == following
    assert found.page_count == 3


def test_epoint_asks_by_post() -> None:
    code = "<script src='/js/webBuilderCommon.js'></script><script>var siteGuid='7eb5';var categorynum='002001';$.post('/EpointWebBuilder/rest/lightfrontaction/getgovinfolist')</script>"
    found = read_list(shell(code, COLUMN))
    assert found.request is not None
    assert json.loads(found.request.body)["params"]["categorynum"] == "002001"
    answer = {
        "custom": {
            "data": [
                {
                    "infourl": "/zwgk/002001/20250301/0a.html",
                    "realtitle": "关于征求意见的公告",
                    "infodate": "2025-03-01",
                }
            ]
        }
    }
    read = read_list(Page(found.request.url, json.dumps(answer), "utf-8", ""))
    assert read.entries == (
        Entry("http://www.qinghe.gov.cn/zwgk/002001/20250301/0a.html", "关于征求意见的公告", "2025-03-01"),
    )


def test_fragments_count_down_from_the_whole_page() -> None:
    code = 'var purl="../../n1/n2/index_77001";var maxPageNum=0;maxPageNum = 16;'
    first = listing(script(code), "http://www.qinghe.gov.cn/n1/n2/index.html")
    assert first.next == "http://www.qinghe.gov.cn/n1/n2/index_77001_15.html"
    assert first.page_count == 16
    fragment = Page(first.next, f"<!--start component 列表-->{ROWS}", "utf-8", "")
    assert read_list(fragment).next == "http://www.qinghe.gov.cn/n1/n2/index_77001_14.html"
    assert len(read_list(fragment).entries) == 6
    assert read_list(replace(fragment, url="http://www.qinghe.gov.cn/n1/n2/index_77001_1.html")).next is None


def test_a_json_list_is_read_by_whatever_names_it_has() -> None:
    body = {
        "total": 31,
        "rows": [
            {
                "docTitle": "关于<em>公布</em>名单的通知",
                "docPubUrl": "/a/t20250301_1.html",
                "pubTime": "2025-03-01 10:00:00",
            }
        ],
    }
    found = read_list(Page("http://www.qinghe.gov.cn/search?cat=3&page=1&pageSize=15", json.dumps(body), "utf-8", ""))
    assert found.entries == (Entry("http://www.qinghe.gov.cn/a/t20250301_1.html", "关于公布名单的通知", "2025-03-01"),)
    assert found.next == "http://www.qinghe.gov.cn/search?cat=3&pageSize=15&page=2"
    assert (found.page_count, found.record_count) == (3, 31)


def test_feeds_and_sitemaps_give_entries() -> None:
    rss = "<?xml version='1.0'?><rss><channel><item><title>关于公布名单的通知</title><link>http://www.qinghe.gov.cn/a/1.html</link><pubDate>Sat, 01 Mar 2025 10:00:00 +0800</pubDate></item></channel></rss>"
    assert read_list(Page("http://www.qinghe.gov.cn/rss.xml", rss, "utf-8", "")).entries == (
        Entry("http://www.qinghe.gov.cn/a/1.html", "关于公布名单的通知", "2025-03-01"),
    )
    urls = "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://www.qinghe.gov.cn/a/1.html</loc><lastmod>2025-03-01</lastmod></url></urlset>"
    assert read_list(Page("http://www.qinghe.gov.cn/sitemap.xml", urls, "utf-8", "")).entries == (
        Entry("http://www.qinghe.gov.cn/a/1.html", None, "2025-03-01"),
    )
    index = "<sitemapindex><sitemap><loc>/sitemap-1.xml</loc></sitemap></sitemapindex>"
    assert sitemaps(Page("http://www.qinghe.gov.cn/sitemap.xml", index, "utf-8", "")) == (
        "http://www.qinghe.gov.cn/sitemap-1.xml",
    )


def test_empire_pages_are_plain_links() -> None:
    foot = "<script src='/e/public/onclick/?enews=doclass&classid=4'></script><a title='共 3 页'>&nbsp;1/3</a><b>1</b>&nbsp;<a href='/tzgg/index_2.html'>2</a>&nbsp;<a href='/tzgg/index_2.html'>下一页</a>&nbsp;<a href='/tzgg/index_3.html'>尾页</a>"
    found = listing(foot, "http://www.qinghe.gov.cn/tzgg/")
    assert found.next == "http://www.qinghe.gov.cn/tzgg/index_2.html"
    assert recognise(page(foot)).name == "empire"


def test_a_page_of_no_family_is_generic_and_no_family_objects() -> None:
    plain = page("<p>说明</p>")
    bare = replace(plain, text=plain.text.replace("t2025", "n2025"))
    assert recognise(bare).name == "generic"
    for family in FAMILIES:
        family.entries(bare)
        assert family.next_page(bare) is None


def test_an_unknown_family_is_named_with_the_known_ones() -> None:
    assert family_named("trs").name == "trs"
    with pytest.raises(KeyError, match="hanweb"):
        family_named("trss")


@pytest.mark.parametrize(
    ("own", "pager", "following"),
    [
        ("t20250301_512.html", "<a href='t20250301_512_1.html'>下一页</a>", "t20250301_512_1.html"),
        ("t20250301_512_1.html", "<a href='t20250301_512_2.html'>下一页</a>", "t20250301_512_2.html"),
        (
            "t20250301_512.html",
            "<script>createPageHTML(3, 0, 't20250301_512', 'html')</script>",
            "t20250301_512_1.html",
        ),
        ("content_88.html", "<a href='content_88-2.html'>下页</a>", "content_88-2.html"),
        ("t20250301_512.html", "<script>createPageHTML(1, 0, 't20250301_512', 'html')</script>", None),
        ("t20250301_512.html", "<a href='t20250302_513.html'>下一页</a>", None),
        ("index.html", "<a href='index_1.html'>下一页</a>", None),
        ("t20250301_512.html", "", None),
    ],
)
def test_the_next_part_of_an_article_bears_its_own_name(own: str, pager: str, following: str | None) -> None:
    folder = "http://www.qinghe.gov.cn/zwgk/202503/"
    part = next_part(
        Page(folder + own, f"<html><body><h1>关于印发规划的通知</h1><p>正文。</p>{pager}</body></html>", "utf-8", "")
    )
    assert part == (None if following is None else folder + following)


def test_dates_are_no_page_counts() -> None:
    found = listing("<p>共享单车 2025/11/28 本页更新</p>")
    assert (found.page_count, found.record_count) == (None, None)


def test_a_pager_that_leads_back_ends_the_list() -> None:
    found = listing(
        "<nextgroup><a href='index.html'></a></nextgroup><datastore><record><li><a href='/art/2025/4/3/art_1_2.html'>关于公布名单的通知</a><span>2025-04-03</span></li></record></datastore>"
    )
    assert found.next is None
    assert found.stop_reason
