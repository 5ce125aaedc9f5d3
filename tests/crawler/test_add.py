"""`scrapy add`: a site nobody configured becomes a source that crawls whole, without a hand edit."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive import Archive
from crawler import fixtures, reading
from crawler.discover import columns, naming
from crawler.loader import load_sound
from crawler.registry import Source
from tests.crawler.test_commands import refused
from tests.serving import BRISK, Answer, Site, notice, scrapy, serving

WHO = "青岭区司法局"
SITE_ID = "4502030007"


@dataclass(frozen=True)
class Style:
    """How a made-up site writes its addresses; `{c}` is the number of a column, `{n}` of a notice or page."""

    first: str
    later: str
    article: str
    mark: str = ""


STYLES = {
    "folders": Style("/xxgk/lm{c}/", "/xxgk/lm{c}/index_{n}.html", "/xxgk/lm{c}/202103/t20210315_{c}0{n}.html"),
    "numbered": Style("/col/col10{c}/index.html", "/col/col10{c}/index_{n}.html", "/art/2021/3/15/art_10{c}_{n}.html"),
    "flat": Style("/xwzx/lm{c}.htm", "/xwzx/lm{c}/{n}.htm", "/info/10{c}/40{n}.htm"),
}
NAMES = ("通知公告", "政策文件", "法治建设")


def title(column: int, n: int) -> str:
    return f"青岭区{NAMES[column]}第{n}号关于做好依法行政工作的通知"


def menu(style: Style) -> str:
    """The site's menu: home, three columns, a page about the office, a letter box."""
    links = "".join(f'<a href="{style.first.format(c=c)}">{name}</a> ' for c, name in enumerate(NAMES))
    rest = '<a href="/jgjj/">机构简介</a> <a href="/xx/">领导信箱</a>'
    return f'<div class="nav"><a href="/">网站首页</a> {links}{rest}</div>'


def made_site(style: Style, *, site_id: str | None = SITE_ID, per_page: int = 6) -> dict[str, Answer]:
    """Three columns of two pages each, home and about page; every notice is led to by its own column."""
    answers = {"/": Answer(home(style)), "/jgjj/": Answer(about(style)), "/xx/": Answer(about(style, "领导信箱"))}
    for c, name in enumerate(NAMES):
        numbers = range(1, per_page * 2 + 1)
        for n in numbers:
            page = notice(title(c, n), n=c * 20 + n, who=WHO, day=f"2021-03-{29 - n:02}", site_id=site_id)
            crumbs = f'<a href="/">首页</a> &gt; <a href="{style.first.format(c=c)}">{name}</a></div>'
            page = page.replace('<a href="/">首页</a> &gt; <a href="/tzgg/">通知公告</a></div>', crumbs)
            page = page.replace('content="通知公告"', f'content="{name}"')
            answers[style.article.format(c=c, n=n)] = Answer(
                page.replace('<div class="article">', menu(style) + '<div class="article">')
            )
        later = style.later.format(c=c, n=1)
        answers[style.first.format(c=c)] = Answer(listed(style, c, numbers[:per_page], later, site_id))
        answers[later] = Answer(listed(style, c, numbers[per_page:], None, site_id))
    return answers


def listed(style: Style, c: int, numbers: Sequence[int], later: str | None, site_id: str | None) -> str:
    rows = "".join(
        f'<li><span>2021-03-{29 - n:02}</span><a href="{style.article.format(c=c, n=n)}">{title(c, n)}</a></li>'
        for n in numbers
    )
    turn = f'<a href="{later}">下一页</a>' if later else "<span>下一页</span>"
    code = f'<meta name="SiteIDCode" content="{site_id}">' if site_id else ""
    return f"""<html><head><meta charset="utf-8"><title>{NAMES[c]}_{WHO}</title>
<meta name="SiteName" content="{WHO}">{code}
<meta name="ColumnName" content="{NAMES[c]}"></head><body>{menu(style)}
<div class="main"><h2>{NAMES[c]}</h2><ul class="list">{rows}</ul><div class="page">共2页 {turn}</div></div>
<div class="footer">主办单位：{WHO}</div></body></html>"""


def about(style: Style, name: str = "机构简介") -> str:
    text = "青岭区司法局是主管全区司法行政工作的区政府组成部门，负责统筹规划法治社会建设，指导人民调解和社区矫正。"
    return f"""<html><head><meta charset="utf-8"><title>{name}_{WHO}</title>
<meta name="SiteName" content="{WHO}"></head><body>{menu(style)}
<div class="main"><h2>{name}</h2><div class="TRS_Editor"><p>{text * 4}</p></div></div></body></html>"""


def home(style: Style) -> str:
    """Blocks of several columns, each with its own 更多."""
    blocks = ""
    for c, name in enumerate(NAMES):
        rows = "".join(f'<li><a href="{style.article.format(c=c, n=n)}">{title(c, n)}</a></li>' for n in (1, 2, 3))
        more = f'<a href="{style.first.format(c=c)}">更多&gt;&gt;</a>'
        blocks += f'<div class="block"><h3>{name}</h3>{more}<ul>{rows}</ul></div>'
    return f'<html><head><meta charset="utf-8"><title>{WHO}</title></head><body>{menu(style)}{blocks}</body></html>'


class Place:
    """Where a test lets the commands write."""

    def __init__(self, root: Path) -> None:
        self.sources, self.fixtures, self.archive = root / "sources", root / "fixtures", root / "a.db"
        self.settings = (*BRISK, f"SOURCES={self.sources}", f"FIXTURES={self.fixtures}", f"ARCHIVE={self.archive}")

    def add(self, *args: str, settings: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        return scrapy("add", *args, settings=(*self.settings, *settings))

    def crawl(self, source: str) -> subprocess.CompletedProcess[str]:
        return scrapy("crawl", source, settings=self.settings)

    def source(self, name: str = "qingling") -> Source:
        return load_sound(str(self.sources), name)

    def untouched(self) -> bool:
        return not list(self.sources.glob("*")) and not list(self.fixtures.glob("*"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    yield Place(tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)


def added(place: Place, answers: Mapping[str, Answer], path: str, *options: str) -> tuple[Source, Site, str]:
    """The source that comes of adding `path` of a site, the site, and what the command printed."""
    with serving(answers) as site:
        done = place.add("--yes", "--id", "qingling", *options, site.url + path)
    assert done.returncode == 0, done.stderr
    return place.source(), site, done.stdout


@pytest.mark.parametrize("style", STYLES)
def test_from_one_list_every_notice_of_the_site_is_archived_right_and_nothing_else(place: Place, style: str) -> None:
    answers = made_site(STYLES[style], per_page=5)
    with serving(answers) as site:
        done = place.add("--yes", "--id", "qingling", site.url + STYLES[style].first.format(c=1))
        assert done.returncode == 0, done.stderr
        crawled = place.crawl("qingling")
    assert crawled.returncode == 0, crawled.stderr
    with Archive(place.archive) as archive:
        got = {(one.record.title, (one.record.published or "")[:10]) for one in archive.documents()}
    assert got == {(title(c, n), f"2021-03-{29 - n:02}") for c in range(3) for n in range(1, 11)}


def test_with_no_further_columns_the_given_list_is_the_only_one(place: Place) -> None:
    source, site, _ = added(place, made_site(STYLES["folders"]), "/xxgk/lm2/", "--columns", "0")
    assert source.lists == (f"{site.url}/xxgk/lm2/",)
    assert "/xxgk/lm0/" not in site.asked


@pytest.mark.parametrize("style", STYLES)
def test_an_article_leads_to_its_list(place: Place, style: str) -> None:
    way = STYLES[style]
    source, site, _ = added(place, made_site(way), way.article.format(c=1, n=3), "--columns", "0")
    assert source.lists == (site.url + way.first.format(c=1),)


def test_a_jcms_article_without_a_breadcrumb_leads_to_the_column_its_address_names(place: Place) -> None:
    answers = made_site(STYLES["numbered"])
    path = STYLES["numbered"].article.format(c=1, n=3)
    page = str(answers[path].body).replace(menu(STYLES["numbered"]), "").replace(NAMES[1], "重点关注")
    answers[path] = Answer(page)
    source, site, _ = added(place, answers, path, "--columns", "0")
    assert source.lists == (f"{site.url}/col/col101/index.html",)


def test_a_home_of_several_columns_is_left_for_the_lists_it_leads_to(place: Place) -> None:
    source, site, _ = added(place, made_site(STYLES["folders"]), "/")
    assert set(source.lists) == {f"{site.url}/xxgk/lm{c}/" for c in range(3)}
    assert "a home of several columns" in (place.sources / "qingling.toml").read_text(encoding="utf-8")


def test_a_home_that_leads_to_no_list_is_the_list_itself(place: Place) -> None:
    answers = made_site(STYLES["folders"])
    page = str(answers["/xxgk/lm0/"].body).replace(menu(STYLES["folders"]), "").replace("index_1.html", "none.html")
    alone = {path: answer for path, answer in answers.items() if "/t2021" in path} | {"/": Answer(page)}
    source, site, _ = added(place, alone, "/")
    assert source.lists == (f"{site.url}/",)


def test_a_column_whose_rows_are_columns_is_left_for_theirs(place: Place) -> None:
    answers = made_site(STYLES["folders"])
    rows = "".join(f'<li><a href="/xxgk/lm{c}/">{name}公开内容</a></li>' for c, name in enumerate(NAMES))
    page = f'<html><head><title>法定主动公开内容</title></head><body><ul class="list">{rows}</ul></body></html>'
    source, site, _ = added(place, answers | {"/xxgk/": Answer(page)}, "/xxgk/")
    assert set(source.lists) == {f"{site.url}/xxgk/lm{c}/" for c in range(3)}


def test_side_boxes_with_more_make_no_home_of_a_list(place: Place) -> None:
    answers = made_site(STYLES["folders"])
    boxes = '<div class="side"><a href="/xxgk/lm0/">更多</a></div><div class="side"><a href="/xxgk/lm2/">更多</a></div>'
    page = str(answers["/xxgk/lm1/"].body).replace("共2页", "").replace('<div class="footer">', boxes)
    answers["/xxgk/lm1/"] = Answer(page.replace('<a href="/xxgk/lm1/index_1.html">下一页</a>', ""))
    source, site, _ = added(place, answers, "/xxgk/lm1/")
    assert set(source.lists) == {f"{site.url}/xxgk/lm{c}/" for c in range(3)}


def test_the_facts_of_the_site_stand_in_the_toml_with_their_evidence(place: Place) -> None:
    answers = made_site(STYLES["folders"]) | {
        "/robots.txt": Answer("User-agent: *\nCrawl-delay: 0.2\nDisallow: /xx/\n")
    }
    source, site, shown = added(place, answers, "/xxgk/lm0/", "--columns", "0")
    assert (source.name, source.site_id, source.division, source.site_name) == (WHO, SITE_ID, "450203", WHO)
    assert (source.every, source.delay) == ("1d", 2.0)
    assert source.checked is not None
    assert source.checked[:2] == "20"
    text = (place.sources / "qingling.toml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.split(" = ")[0] in {"name", "division", "site_id", "every", "checked", "delay", "site_name"}:
            assert "  # " in line, f"no evidence: {line}"
    assert "Crawl-delay 0.2" in text
    assert title(0, 1)[:10] in shown
    assert "2021-03-28" in shown
    assert site.asked.count("/xxgk/lm0/") == 1, "no page is asked for twice"


def test_the_pairs_written_are_read_as_they_say(place: Place) -> None:
    source, _, _ = added(place, made_site(STYLES["numbered"]), "/col/col100/index.html", "--columns", "0")
    pairs = fixtures.load(place.fixtures, "qingling")
    assert [pair.kind for pair in pairs] == ["list", "notice", "notice", "notice"]
    for pair in pairs:
        found = reading.read(pair.body, pair.url, headers=pair.headers, family=source.family)
        expect, text = fixtures.expectation(found)
        assert (expect, text.splitlines()) == (dict(pair.expect), pair.text.splitlines())


def test_an_existing_source_is_never_overwritten(place: Place) -> None:
    with serving(made_site(STYLES["folders"])) as site:
        place.sources.mkdir()
        toml = place.sources / "qingling.toml"
        toml.write_text(f'name = "青岭"\nlists = ["{site.url}/xxgk/lm0/"]\n', encoding="utf-8")
        before = toml.read_bytes()
        refused(place.add("--yes", "--id", "qingling", f"{site.url}/xxgk/lm1/"), 2, "qingling exists already")
        refused(place.add("--yes", f"{site.url}/xxgk/lm0/"), 2, "is a list of source qingling already")
        assert toml.read_bytes() == before
        assert site.asked == [], "the site is not troubled for nothing"


def test_without_an_id_the_host_gives_one_nobody_has(place: Place) -> None:
    with serving(made_site(STYLES["folders"])) as site:
        for _ in range(2):
            done = place.add("--yes", "--columns", "0", f"{site.url}/xxgk/lm{_}/")
            assert done.returncode == 0, done.stderr
    names = sorted(path.stem for path in place.sources.glob("*.toml"))
    assert len(names) == 2
    assert all(name.startswith("127-0-0-1") for name in names)


def test_unless_told_yes_nothing_is_written(place: Place) -> None:
    with serving(made_site(STYLES["folders"])) as site:
        done = scrapy(
            "add",
            f"{site.url}/xxgk/lm0/",
            "--columns",
            "0",
            settings=place.settings,
            code="import os, sys; sys.stdin = open(os.devnull)",
        )
    assert done.returncode == 1
    assert "[y/N]" in done.stderr
    assert title(0, 1)[:10] in done.stdout, "it is shown before it is asked for"
    assert place.untouched()


CHALLENGE = """<html><head><title>安全验证</title></head><body><script>location.href='/?__jsl_clearance='</script>
请开启JavaScript并刷新该页</body></html>"""


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "HTTP 404"),
        ({"/lm/": Answer("", 521, {"Set-Cookie": "__jsl_clearance_s=1"})}, "blocked"),
        ({"/robots.txt": Answer("User-agent: *\nDisallow: /lm/\n")}, "robots.txt disallows it"),
        ({"/robots.txt": Answer("", 503)}, "stay away"),
        ({"/lm/": Answer("<html><body><p>页面建设中</p></body></html>")}, "expected a list of announcements"),
        ({"/lm/": Answer(about(STYLES["folders"]))}, "no list of it was found"),
        ({"/lm/": Answer("%PDF-1.4 公报")}, "a PDF file"),
        (
            {"/lm/": Answer("", 302, {"Location": "/lm/?a=1"}), "/lm/?a=1": Answer("", 302, {"Location": "/lm/"})},
            "redirected",
        ),
        ({"/lm/": Answer("", wait=4)}, "imeout"),
    ],
)
def test_what_is_no_list_is_told_in_one_line_and_nothing_is_written(
    place: Place, answers: dict[str, Answer], says: str
) -> None:
    with serving(answers) as site:
        refused(place.add("--yes", f"{site.url}/lm/", settings=("RETRY_TIMES=0",)), 1, says)
    assert place.untouched()


@pytest.mark.parametrize(("url", "says"), [("ftp://a.example/", "expected an http"), ("lm", "expected an http")])
def test_an_address_that_is_none_is_told(place: Place, url: str, says: str) -> None:
    refused(place.add("--yes", url), 2, says)


def test_an_id_that_makes_no_file_name_is_told(place: Place) -> None:
    refused(place.add("--yes", "--id", "../qing", "http://a.example/lm/"), 2, "--id", "../qing")


def test_a_list_that_leads_to_no_notice_makes_no_source(place: Place) -> None:
    answers = {path: answer for path, answer in made_site(STYLES["folders"]).items() if "/t2021" not in path}
    with serving(answers) as site:
        refused(place.add("--yes", f"{site.url}/xxgk/lm0/"), 1, "no entry that reads as one", "HTTP 404")
    assert place.untouched()


def test_pages_that_disagree_on_who_they_are_leave_the_fact_out_and_say_so(place: Place) -> None:
    answers = made_site(STYLES["folders"])
    other = str(answers["/xxgk/lm0/202103/t20210315_001.html"].body).replace(SITE_ID, "4502030099")
    answers["/xxgk/lm0/202103/t20210315_001.html"] = Answer(other)
    source, _, shown = added(place, answers, "/xxgk/lm0/", "--columns", "0")
    assert source.site_id is None
    assert source.division is None
    assert "4502030099" in shown


@pytest.mark.parametrize("other_id", [SITE_ID, "4502030099"])
def test_another_host_is_taken_only_where_it_is_the_same_site(place: Place, other_id: str) -> None:
    """Served under real host names through a proxy, as the environment may name one."""
    own, other = "http://www.qingling.gov.cn", "http://zwgk.qingling.gov.cn"
    pages = {own + path: answer for path, answer in made_site(STYLES["folders"]).items()}
    pages |= {other + path: answer for path, answer in made_site(STYLES["folders"], site_id=other_id).items()}
    listed = str(pages[f"{own}/xxgk/lm0/"].body)
    for n in (2, 3):
        listed = listed.replace(
            f'href="/xxgk/lm0/202103/t20210315_00{n}', f'href="{other}/xxgk/lm0/202103/t20210315_00{n}'
        )
    pages[f"{own}/xxgk/lm0/"] = Answer(listed)
    with serving(pages) as proxy:
        done = scrapy(
            "add", "--yes", "--columns", "0", f"{own}/xxgk/lm0/", settings=place.settings, env={"http_proxy": proxy.url}
        )
    assert done.returncode == 0, done.stderr
    source = place.source("qingling")
    assert source.site_id == SITE_ID
    assert (source.hosts == {"www.qingling.gov.cn", "zwgk.qingling.gov.cn"}) == (other_id == SITE_ID)
    assert ("a site of its own" in done.stdout) == (other_id != SITE_ID)


def test_a_second_page_that_is_missing_is_something_to_be_unsure_of(place: Place) -> None:
    answers = made_site(STYLES["folders"])
    del answers["/xxgk/lm0/index_1.html"]
    _, _, shown = added(place, answers, "/xxgk/lm0/", "--columns", "0")
    assert "page 2 could not be looked at" in shown


def test_what_a_page_says_of_itself_cannot_break_out_of_the_toml(place: Place) -> None:
    evil = 'X"\nlists = ["http://evil.example/"] # \x1b[31m'
    answers = made_site(STYLES["folders"])
    for path, answer in answers.items():
        answers[path] = Answer(
            str(answer.body).replace(f'"SiteName" content="{WHO}"', f"name='SiteName' content='{evil}'")
        )
    source, site, shown = added(place, answers, "/xxgk/lm0/", "--columns", "0")
    assert source.lists == (f"{site.url}/xxgk/lm0/",)
    assert "\x1b" not in shown + (place.sources / "qingling.toml").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_told(place: Place) -> None:
    with serving(made_site(STYLES["folders"])) as site:
        place.sources.parent.mkdir(exist_ok=True)
        place.fixtures.write_text("在这里的是一个文件", encoding="utf-8")
        done = place.add("--yes", "--id", "q", "--columns", "0", f"{site.url}/xxgk/lm0/")
    assert done.returncode == 3, done.stderr
    assert "cannot be written" in done.stderr
    assert not list(place.sources.glob("*"))


def test_ids_are_ascii_and_never_taken() -> None:
    taken: list[str] = []
    for _ in range(5):
        taken.append(naming.new_id("http://司法局.青岭.cn/法治/", taken))
    assert len(set(taken)) == 5
    assert all(name.isascii() and json.dumps(name) for name in taken)


def test_the_nearest_columns_come_first() -> None:
    found = [columns.Column(f"http://a.example{path}", None, "") for path in ("/zcfg/", "/xxgk/bmwj/", "/xxgk/")]
    near = columns.nearest_first(found, "http://a.example/xxgk/ndbg/")
    assert [one.url.removeprefix("http://a.example") for one in near] == ["/xxgk/bmwj/", "/xxgk/", "/zcfg/"]
