"""Whatever befalls a source that was well raises its verdict in the first run that meets it, and takes nothing away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest

from archive import Archive
from archive.answers import RunSummary
from tests.serving import BRISK, Answer, Site, listing, notice, scrapy, serving, write_source

ARTICLES = 6
NAMES = "青岭 白石 东平 南塘 西河 北原 长岭 云溪 石桥 柳园 松江 竹山 梅林 沙洲 双流 三水"
GAMES = """<html><head><meta charset="utf-8"><title>开云体育官网登录入口-开云app下载</title>
<meta name="keywords" content="开云体育,真人娱乐"></head><body><a href="/">开云体育官网</a>
<h1>开云体育欢迎您</h1><p>百家乐、老虎机天天有奖，注册送88元。</p></body></html>"""
OTHER_OWNER = """<html><head><meta charset="utf-8"><title>金色家园装饰</title>
<meta name="SiteIDCode" content="4403050012"></head><body><p>承接各类家装工程。</p></body></html>"""
HOME = (
    '<html><head><meta charset="utf-8"><title>区司法局</title></head><body><div class="nav">'
    + "".join(f'<a href="/c{n}/">栏目{n}</a>' for n in range(20))
    + "</div><p>欢迎访问区司法局门户网站</p></body></html>"
)
CAPTCHA = (
    '<html><head><meta charset="utf-8"><title>安全验证</title></head><body><div id="c"><p>请完成安全验证后继续访问</p>'
    '<p>按住滑块，拖动到最右边</p></div><script src="/v.js"></script></body></html>'
)
PARKED = (
    '<html><head><meta charset="utf-8"><title>域名出售</title></head><body><h1>该域名正在出售</h1>'
    "<p>This domain is for sale.</p></body></html>"
)
UNFILED = (
    '<html><head><meta charset="utf-8"><title>温馨提示</title></head><body><h2>该网站暂时无法访问</h2>'
    "<p>该网站未根据相关规定履行备案手续，网站未备案。</p></body></html>"
)


def bare(n: int, who: str) -> str:
    """A notice after a redesign that the reader does not know: title and text, and no date anywhere."""
    lines = "".join(f"<p>{who}第{n}批工作的第{k}项安排，请各科室按照分工抓好落实并及时报送进展。</p>" for k in range(8))
    head = '<html><head><meta charset="utf-8"><title>通知</title></head>'
    return f"{head}<body><h1>工作通知第{n}号</h1>{lines}</body></html>"


def short(page: str) -> str:
    """The same page with most of its text moved into a script."""
    start, end = page.index("<p>"), page.index('<p style="text-align:right">')
    first = page.index("</p>", start) + 4
    return page[:first] + "<script>var rest='';</script>" + page[end:]


def everywhere(page: str, status: int = 200) -> Callable[[Site], None]:
    def change(site: Site) -> None:
        site.answers = {path: Answer(page, status) for path in site.answers}

    return change


def only(path: str, answer: Answer) -> Callable[[Site], None]:
    return lambda site: site.answers.update({path: answer})


def notices(make: Callable[[int, Answer], Answer]) -> Callable[[Site], None]:
    def change(site: Site) -> None:
        for n in range(ARTICLES):
            site.answers[f"/art/{n}.html"] = make(n, site.answers[f"/art/{n}.html"])

    return change


def rows(*numbers: int) -> Answer:
    return Answer(listing([(f"/art/{n}.html", f"关于开展第{n}批案卷评查工作的通知") for n in numbers]))


ROBOTS = Answer("User-agent: *\nDisallow: /tzgg/\n", headers={"Content-Type": "text/plain"})
# What happens to a site between two crawls, the verdict it raises, and a word of the evidence.
TROUBLES: Mapping[str, tuple[Callable[[Site], None], str, str]] = {
    "redesign": (notices(lambda n, _: Answer(bare(n, "局"))), "layout_changed", "published: 6 of 6"),
    "shortened": (notices(lambda _, was: Answer(short(str(was.body)))), "layout_changed", "less than half"),
    "empty": (only("/tzgg/", Answer(listing([]))), "layout_changed", "was not read"),
    "rowless": (only("/tzgg/", rows(0, 1)), "layout_changed", "2 entries on its first page"),
    "guarded": (only("/tzgg/", Answer(CAPTCHA)), "blocked", "blocked:captcha"),
    "challenged": (notices(lambda _n, _: Answer(CAPTCHA)), "blocked", "6 URLs ended blocked"),
    "sold": (everywhere(GAMES), "identity_mismatch", "brand in the title"),
    "taken": (everywhere(OTHER_OWNER), "identity_mismatch", "4403050012"),
    "erring": (everywhere("错误", 503), "down", "no list answered"),
    "moved": (notices(lambda n, was: was if n % 3 == 2 else Answer("", 404)), "layout_changed", "4 of 6 held notices"),
    "homely": (everywhere(HOME), "layout_changed", "was not read"),
    "soft": (notices(lambda _n, _: Answer(HOME)), "layout_changed", "6 URLs ended quarantined"),
    "parked": (everywhere(PARKED), "identity_mismatch", "blocked:parked"),
    "unfiled": (everywhere(UNFILED), "blocked", "blocked:unfiled"),
    "unwanted": (only("/robots.txt", ROBOTS), "blocked", "robots.txt disallows it"),
    "silent": (lambda _: None, "down", "no list answered"),  # nobody listens any more
}


class Befallen:
    """A source before and after: its two runs, and what of it is still present."""

    def __init__(self, archive: Archive, source: str) -> None:
        after, before = archive.runs(source)
        self.before: RunSummary = before
        self.after: RunSummary = after
        self.held = [document.state for document in archive.documents(source)]


@pytest.fixture(scope="module")
def befallen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Befallen]]:
    """All sites crawled side by side while they are well, and again after each had its trouble."""
    folder = tmp_path_factory.mktemp("troubles")
    places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}", "RETRY_TIMES=0", "DOWNLOAD_TIMEOUT=30")
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        for place, (name, trouble) in enumerate(zip(NAMES.split(), TROUBLES, strict=True)):
            who = f"{name}区司法局"
            answers = {
                f"/art/{n}.html": Answer(
                    notice(f"{name}区第{n}批通知", n=place * 20 + n, who=who, site_id="2101020031")
                )
                for n in range(ARTICLES)
            }
            own = ExitStack() if trouble == "silent" else stack
            site = own.enter_context(serving(answers | {"/tzgg/": rows(*range(ARTICLES))}))
            sites[trouble] = site
            write_source(folder / "sources", trouble, [f"{site.url}/tzgg/"])
            if trouble == "silent":
                silent = own
        first = scrapy("crawl", *TROUBLES, settings=(*BRISK, *places))
        assert first.returncode == 0, first.stderr
        for trouble, (change, _, _) in TROUBLES.items():
            change(sites[trouble])
        silent.close()
        second = scrapy("crawl", *TROUBLES, settings=(*BRISK, *places))
        assert second.returncode == 1, second.stderr
        with Archive(folder / "a.db") as archive:
            yield {trouble: Befallen(archive, trouble) for trouble in TROUBLES}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_raises_its_verdict_in_the_first_run_that_meets_it(
    befallen: dict[str, Befallen], trouble: str
) -> None:
    _, verdict, word = TROUBLES[trouble]
    told = befallen[trouble]
    assert told.before.verdict == "healthy", told.before.evidence
    assert told.after.verdict == verdict, told.after.evidence
    assert any(word in sentence for sentence in told.after.evidence), told.after.evidence


@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_trouble_of_a_site_makes_its_pages_gone(befallen: dict[str, Befallen], trouble: str) -> None:
    assert befallen[trouble].held.count("present") >= ARTICLES
    assert "gone" not in befallen[trouble].held


def test_pages_that_answered_404_in_a_mass_are_told_as_such_in_the_ledger(befallen: dict[str, Befallen]) -> None:
    assert befallen["moved"].after.counts["gone"] == 4
