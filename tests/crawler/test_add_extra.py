"""Sites whose pages hold no list: the request of their script, their sitemap and their feeds lead to the notices."""

# ruff: noqa: E501  -- a row of markup is easier to check on one line, as in a page

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler import registry
from crawler.lists import read_list
from crawler.page import Page
from tests.crawler.test_add import Place, place
from tests.serving import Answer, notice, scrapy, serving

__all__ = ["place"]
COLUMN = "http://www.qinghe.gov.cn/tzgg/index.html"
API = "http://www.qinghe.gov.cn/api/list?channel=17&pageNo=1&size=20"


def shell(code: str) -> Page:
    return Page(COLUMN, f"<html><body><div id='app'></div><script>{code}</script></body></html>", "utf-8", "made up")


@pytest.mark.parametrize(
    "code",
    [
        'axios.get("/api/list?channel=17&pageNo=" + this.pageNo + "&size=20").then(show)',
        'var channel = "17"; $.getJSON("/api/list?channel=" + channel + "&pageNo=" + p + "&size=20", show)',
        "fetch(`/api/list?channel=17&pageNo=${page}&size=20`)",
        '$.ajax({ url: "/api/list", type: "get", data: { channel: 17, pageNo: cur, size: "20" }, success: show })',
    ],
)
def test_a_page_without_rows_leads_to_what_its_script_asks_for(code: str) -> None:
    assert read_list(shell(code)).next == API


@pytest.mark.parametrize(
    "code",
    [
        'axios.get("/api/list?channel=" + this.channel + "&pageNo=" + this.pageNo)',  # a value that stands nowhere
        '$.ajax({ url: "/api/list", type: "post", data: { channel: 17, pageNo: 1 } })',
        'axios.get("https://data.elsewhere.example/list?pageNo=" + p)',
        'axios.get("/api/weather?city=" + c)',
    ],
)
def test_a_request_that_is_not_wholly_on_the_page_is_not_made_up(code: str) -> None:
    assert read_list(shell(code)).next is None


def test_a_page_with_rows_of_its_own_is_not_led_away_by_a_script() -> None:
    rows = "".join(
        f"<li><a href='t2024030{n}_1.html'>青河市第{n}号停水公告</a><span>2024-03-0{n}</span></li>" for n in (1, 2, 3)
    )
    code = 'axios.get("/api/list?channel=17&pageNo=" + p)'
    page = Page(COLUMN, f"<html><body><ul>{rows}</ul><script>{code}</script></body></html>", "utf-8", "made up")
    assert read_list(page).next is None


def test_a_fragment_without_comments_counts_down_too() -> None:
    rows = "".join(
        f"<li><a href='../n8/c51{n}/content.html'>青河市第{n}号停水公告</a><span>2024-03-0{n}</span></li>"
        for n in (1, 2)
    )
    url = "http://www.qinghe.gov.cn/n8/index_3417_3.html"
    assert read_list(Page(url, f"<ul>{rows}</ul>", "utf-8", "made up")).next == url.replace("_3.", "_2.")


def test_a_sitemap_gives_its_articles_and_no_column() -> None:
    urls = ("/", "/tzgg/", "/tzgg/index.html", "/tzgg/202403/t20240305_88.html", "/info/1004/2231.htm")
    inner = "".join(f"<url><loc>http://www.qinghe.gov.cn{url}</loc></url>" for url in urls)
    page = Page("http://www.qinghe.gov.cn/sitemap.xml", f"<urlset>{inner}</urlset>", "utf-8", "made up")
    assert [entry.url.removeprefix("http://www.qinghe.gov.cn") for entry in read_list(page).entries] == list(urls[3:])


def test_extra_feeds_are_read_like_lists(tmp_path: Path) -> None:
    file = tmp_path / "qinghe.toml"
    file.write_text(
        f'name = "青河"\nlists = ["{COLUMN}"]\nextra = ["http://www.qinghe.gov.cn/rss.xml"]\n', encoding="utf-8"
    )
    assert registry.read(file).lists == (COLUMN, "http://www.qinghe.gov.cn/rss.xml")
    file.write_text(f'name = "青河"\nlists = ["{COLUMN}"]\nextra = ["rss.xml"]\n', encoding="utf-8")
    with pytest.raises(registry.RegistryError, match="key extra: expected"):
        registry.read(file)


def pages(folder: str, numbers: range) -> dict[str, Answer]:
    return {f"/{folder}/2021/{3000 + n}.html": Answer(notice(f"青岭区第{n}号停水公告", n=n)) for n in numbers}


def sitemap(site: str, paths: list[str]) -> Answer:
    inner = "".join(f"<url><loc>{site}{path}</loc></url>" for path in paths)
    return Answer(f'<?xml version="1.0"?><urlset>{inner}</urlset>', headers={"Content-Type": "text/xml"})


def test_a_site_drawn_by_scripts_alone_is_added_by_its_sitemap(place: Place) -> None:
    held = pages("tzgg", range(1, 6))
    drawn = Answer(
        '<html><head><title>通知公告</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
    )
    with serving({"/tzgg/": drawn, "/": drawn, **held}) as site:
        site.answers["/map.xml"] = sitemap(site.url, ["/", "/tzgg/", *held])
        site.answers["/robots.txt"] = Answer(f"User-agent: *\nSitemap: {site.url}/map.xml\n")
        done = place.add("--yes", "--id", "qingling", site.url + "/tzgg/")
    assert done.returncode == 0, done.stderr
    assert place.source().lists == (f"{site.url}/map.xml",)


def test_a_sitemap_that_shows_more_than_the_lists_is_written_as_extra(place: Place) -> None:
    held = pages("tzgg", range(1, 9))
    rows = "".join(
        f'<li><a href="{path}">青岭区第{n}号停水公告</a><span>2021-03-0{n}</span></li>'
        for n, path in enumerate(list(held)[:4], 1)
    )
    column = Answer(f"<html><head><title>通知公告</title></head><body><h2>通知公告</h2><ul>{rows}</ul></body></html>")
    with serving({"/tzgg/": column, **held}) as site:
        site.answers["/map.xml"] = sitemap(site.url, list(held))
        site.answers["/robots.txt"] = Answer(f"User-agent: *\nSitemap: {site.url}/map.xml\n")
        done = place.add("--yes", "--id", "qingling", site.url + "/tzgg/")
    assert done.returncode == 0, done.stderr
    assert "Extra (1)" in done.stdout
    assert place.source().lists == (f"{site.url}/tzgg/", f"{site.url}/map.xml")


def test_a_column_whose_script_names_its_list_is_added(place: Place) -> None:
    held = pages("tzgg", range(1, 6))
    code = 'axios.get("/api/list?channel=17&pageNo=" + this.pageNo + "&size=5")'
    answers = {
        "/tzgg/": Answer(
            f'<html><title>通知公告</title><body><div id="app"></div><script>{code}</script></body></html>'
        )
    }
    records = [
        {"title": f"青岭区第{n}号停水公告", "url": path, "publishTime": "2021-03-15"} for n, path in enumerate(held, 1)
    ]
    told = json.dumps({"data": {"total": 5, "records": records}}, ensure_ascii=False)
    answers["/api/list?channel=17&pageNo=1&size=5"] = Answer(told, headers={"Content-Type": "application/json"})
    with serving({**answers, **held}) as site:
        done = place.add("--yes", "--id", "qingling", site.url + "/tzgg/")
    assert done.returncode == 0, done.stderr
    assert "5 entries" in " ".join(done.stdout.split())
    assert place.source().lists == (f"{site.url}/tzgg/",)


def test_a_list_its_script_asks_for_is_as_stated_when_checked(place: Place) -> None:
    held = pages("tzgg", range(1, 6))
    code = 'axios.get("/api/list?channel=17&pageNo=" + this.pageNo + "&size=5")'
    drawn = Answer(f'<html><title>通知公告</title><body><div id="app"></div><script>{code}</script></body></html>')
    records = [{"title": f"青岭区第{n}号停水公告", "url": path} for n, path in enumerate(held, 1)]
    told = Answer(json.dumps({"total": 5, "records": records}), headers={"Content-Type": "application/json"})
    with serving({"/tzgg/": drawn, "/api/list?channel=17&pageNo=1&size=5": told, **held}) as site:
        place.sources.mkdir()
        text = f'name = "青岭区司法局"\nlists = ["{site.url}/tzgg/"]\n'
        (place.sources / "qingling.toml").write_text(text, encoding="utf-8")
        done = scrapy("check", "qingling", settings=place.settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 of 5 entries of this source" in " ".join(done.stdout.split())


def test_an_article_whose_column_is_not_to_be_found_leads_to_the_site_s_lists_and_says_so(place: Place) -> None:
    held = pages("tzgg", range(1, 6))
    rows = "".join(
        f'<li><a href="{path}">青岭区第{n}号停水公告</a><span>2021-03-0{n}</span></li>'
        for n, path in enumerate(held, 1)
    )
    column = f"<html><head><title>通知公告</title></head><body><h2>通知公告</h2><ul>{rows}</ul></body></html>"
    menu = '<body><ul class="nav"><li><a href="/lm/gg.html">公告</a></li></ul>'
    lone = notice("青岭区关于调整公交线路的公告", n=40).replace("<body>", menu)
    with serving({"/lm/gg.html": Answer(column), "/archives/77": Answer(lone), **held}) as site:
        done = place.add("--yes", "--id", "qingling", site.url + "/archives/77")
    assert done.returncode == 0, done.stderr
    assert place.source().lists == (f"{site.url}/lm/gg.html",)
    assert "was not found" in " ".join(done.stdout.split())
