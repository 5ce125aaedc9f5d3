"""Lists whose pages come by POST, JSON or with headers: each page is a URL of its own in the ledger, none is lost."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.answers import RunSummary
from archive.dedup import canonical_url
from crawler.cms.asking import HEADERS, address, asked, plain, same_request
from crawler.cms.base import NextPage
from tests.serving import BRISK, Answer, Site, notice, scrapy, serving, write_source

TITLES = {f"/art/2021/3/{n}/art_9_{n}.html": f"关于开展第{n}批行政执法案卷评查工作的通知" for n in range(1, 13)}
PATHS = list(TITLES)
FORM = "<script>var param_5512 = {col:1,appid:'1',webid:1,columnid:9,unitid:'5512'};</script>"


@settings(deadline=None)
@given(
    st.sampled_from(["GET", "POST"]),
    st.binary(max_size=60) | st.text(max_size=30).map(str.encode),
    st.lists(st.tuples(st.sampled_from(HEADERS), st.text("列表ab/=&#!+ %:;", min_size=1)), unique_by=lambda h: h[0]),
)
def test_a_written_request_is_the_request_again_also_as_the_archive_spells_it(
    method: str, body: bytes, headers: list[tuple[str, str]]
) -> None:
    request = NextPage("http://sfj.qingling.example/list.do?b=2", method, body, tuple(headers))  # type: ignore[arg-type]
    written = address(request)
    if method == "GET" and not body and not headers:
        assert written == request.url
    assert asked(written) == request
    assert asked(canonical_url(written)) == request
    assert plain(written) == request.url
    assert same_request("http://x.example/", written) == address(NextPage("http://x.example/", method, body, tuple(headers)))  # type: ignore[arg-type]  # fmt: skip  # noqa: E501


def test_a_page_cannot_make_us_send_any_header_it_likes() -> None:
    assert asked("http://x.example/#!POST&Cookie=admin&Referer=a&body=1").headers == (("Referer", "a"),)


def row(path: str) -> str:
    return f"<li><a href='{path}' title='{TITLES[path]}'>{TITLES[path]}</a><span>2021-03-15</span></li>"


def page(content: str) -> Answer:
    return Answer(f"<html><head><meta charset=utf-8><title>通知公告</title></head><body>{content}</body></html>")


def records(paths: list[str]) -> str:
    return f"<recordset>{''.join(f'<record><![CDATA[{row(path)}]]></record>' for path in paths)}</recordset>"


def jpage(site: Site, dead: bool = False) -> str:
    """Twelve records, three on a page, nine at a time: the column page, and one window more."""
    shell = f"<script type='text/xml'><datastore>{records(PATHS[:9])}</datastore></script>"
    site.answers["/col/col9/index.html"] = page(
        f"<div id='5512'>{shell}</div>{FORM}<script>$('#5512').jpage({{totalRecord:12,perPage:3}});</script>"
    )
    asks = "POST /module/web/jpage/dataproxy.jsp?startrecord=10&endrecord=12&perpage=3 "
    form = "col=1&appid=1&path=%2F&sourceContentType=1&permissiontype=0&webid=1&columnid=9&unitid=5512"
    site.answers[asks + form] = Answer(
        f"<?xml version='1.0'?><datastore><totalrecord>12</totalrecord>{records(PATHS[9:])}</datastore>",
        headers={"Content-Type": "text/xml"},
    )
    return "/col/col9/index.html"


def epoint(site: Site) -> str:
    """Three pages of four rows and then one without; the column page shows the first four already."""
    api = "/EpointWebBuilder/rest/lightfrontaction/getgovinfolist"
    code = f"<script src='/js/webBuilderCommon.js'></script><script>var siteGuid='7eb5';var categorynum='002001';$.post('{api}')</script>"  # noqa: E501
    site.answers["/zwgk/list.html"] = page(f"<ul class='ewb-list'>{''.join(map(row, PATHS[:4]))}</ul>{code}")
    for number in range(4):
        fields = {"deptcode": "", "pageSize": "20", "categorynum": "002001", "siteGuid": "7eb5", "pageIndex": number}
        rows = [{"infourl": p, "realtitle": TITLES[p], "infodate": "2021-03-15"} for p in PATHS[number * 4 :][:4]]
        site.answers[f"POST {api} " + json.dumps({"token": "", "params": fields})] = Answer(
            json.dumps({"custom": {"data": rows}}), headers={"Content-Type": "application/json"}
        )
    return "/zwgk/list.html"


def gkmlpt(site: Site) -> str:
    """A shell page, whose fragment names the category, and two pages of JSON."""
    site.answers["/gkmlpt/index"] = page("<script>window._CONFIG={SID:'755041',TREE:[]}</script>")
    for number, paths in ((1, PATHS[:7]), (2, PATHS[7:])):
        rows = [{"title": TITLES[path], "url": site.url + path, "date": 1615766400} for path in paths]
        site.answers[f"/gkmlpt/api/all/2629?page={number}&sid=755041"] = Answer(
            json.dumps({"classify": {"post_count": 112}, "articles": rows}),
            headers={"Content-Type": "application/json"},
        )
    return "/gkmlpt/index#2629"


def jpaas(site: Site) -> str:
    """A shell without rows and three pages of HTML in JSON, given to who says where he comes from."""
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    query = {"webId": "330", "tagId": "list"}
    site.answers["/col/col9/"] = page(f"""<script url="{unit}" queryData="{query!s}"></script>""")
    for number in (1, 2, 3):
        inner = f"<ul>{''.join(map(row, PATHS[number * 4 - 4 : number * 4]))}</ul><div class='pagination' rows='4' count='12'></div>"  # noqa: E501
        answer = Answer(
            json.dumps({"success": True, "data": {"html": inner}}), headers={"Content-Type": "application/json"}
        )
        for size in (4, 15):
            asks = quote(f'{{"pageNo":{number},"pageSize":{size}}}')
            site.answers[f"{unit}?webId=330&tagId=list&paramJson={asks}"] = answer
    return "/col/col9/"


WAYS = (jpage, epoint, gkmlpt, jpaas)
Crawled = tuple[dict[str, RunSummary], dict[str, Site], str, Path]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """The same twelve articles under four kinds of lists, crawled in one process."""
    folder = tmp_path_factory.mktemp("asking")
    with ExitStack() as stack:
        sites = {way.__name__: stack.enter_context(serving()) for way in WAYS}
        for way in WAYS:
            site = sites[way.__name__]
            site.answers |= {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(TITLES.items(), 1)}
            write_source(folder / "sources", way.__name__, [site.url + way(site)])
        places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}")
        process = scrapy("crawl", *sites, settings=(*BRISK, *places))
        with Archive(folder / "a.db") as archive:
            yield {run.source: run for run in archive.runs()}, sites, process.stderr, folder


@pytest.mark.parametrize(
    ("way", "listed", "verdict"),
    [("jpage", 2, "healthy"), ("epoint", 5, "healthy"), ("gkmlpt", 3, "incomplete"), ("jpaas", 4, "healthy")],
)
def test_every_page_of_such_a_list_is_asked_for_and_every_notice_found(
    crawled: Crawled, way: str, listed: int, verdict: str
) -> None:
    runs, sites, said, _ = crawled
    counts = runs[way].counts
    assert counts.get("new", 0) + counts.get("duplicate", 0) == 12, (said, sites[way].asked)
    assert (counts["listed"], runs[way].verdict) == (listed, verdict), (said, sites[way].asked)
    assert sum(counts.values()) == listed + 12


def test_jpaas_is_told_where_we_come_from(crawled: Crawled) -> None:
    site = crawled[1]["jpaas"]
    asks = [headers for path, headers in zip(site.asked, site.headers, strict=True) if "build/unit" in path]
    assert {headers["Referer"] for headers in asks} == {site.url + "/col/col9/"}
    assert {headers["X-Requested-With"] for headers in asks} == {"XMLHttpRequest"}
    numbers = [json.loads(parse_qs(urlsplit(p).query)["paramJson"][0])["pageNo"] for p in site.asked if "build" in p]
    assert numbers == [1, 2, 3]


def test_what_was_sent_by_post_is_kept_beside_its_answer(crawled: Crawled) -> None:
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in crawled[3].rglob("*.warc.gz"))
    assert b'"categorynum": "002001"' in kept
    assert b"unitid=5512" in kept
