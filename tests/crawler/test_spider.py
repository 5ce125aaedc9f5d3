"""The spider against a real site on loopback: every URL a run met ends in exactly one state, whatever the site does."""

from __future__ import annotations

import base64
import gzip
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import Archive
from archive.answers import RunSummary
from tests.serving import BRISK, Answer, Site, listing, notice, scrapy, serving, write_source

TITLES = {f"/art/{n}.html": f"关于开展第{n}批行政执法案卷评查工作的通知" for n in range(1, 8)}
ARTICLES = {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(TITLES.items(), 1)}
ROWS = list(TITLES.items())
TROUBLES = [
    "/moved.html",
    "/offsite.html",
    "/gone.html",
    "/slow.html",
    "/empty.html",
    "/raises.html",
    "/secret/3.html",
    "/cookie.html",
    "/copy.html",
    "/broken.html",
    "/error.html",
    "/refused.html",
    "/files/附件.pdf",
    "/home.html",
    "/nowhere.html",
    "/circle.html",
    "/list-in-disguise.html",
    "/huge.html",
]
# A fault of a reader, made where the reader is: in the child, for one page.
RAISES = """
import crawler.reading as reading
sound = reading.read
def read(body, url, **more):
    if url.endswith("/raises.html"):
        raise RecursionError("too deep")
    return sound(body, url, **more)
reading.read = read
"""


class Crawled:
    """A finished crawl of one source: the process, the ledger of its last run, and the line told of each URL."""

    def __init__(self, process: subprocess.CompletedProcess[str], archive: Path, source: str = "qingling") -> None:
        self.process = process
        with Archive(archive) as opened:
            self.last: RunSummary = max(opened.runs(source), key=lambda run: run.id)
        # The lines the crawl prints as URLs end: source, state, what, (reason).
        self.lines = [line for line in process.stderr.splitlines() if line.startswith(f"{source} ")]

    def state(self, what: str) -> str:
        """How the URL or title that ends in `what` ended, with its reason."""
        found = [line for line in self.lines if re.search(rf"{re.escape(what)}(\s|$)", line)]
        assert len(found) == 1, (what, found, self.process.stderr)
        return found[0].split(maxsplit=1)[1]

    def says(self, word: str) -> bool:
        """Whether the evidence of the verdict mentions `word`."""
        return any(word in sentence for sentence in self.last.evidence)


def crawl(
    folder: Path, *sources: str, code: str | None = None, settings: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}", "PROGRESS=1")
    process = scrapy("crawl", *(sources or ("qingling",)), settings=(*BRISK, *places, *settings), code=code)
    assert "Traceback" not in process.stderr, process.stderr
    return process


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """One crawl of a site where everything goes wrong at once, on two list pages of which the second leads back."""
    folder = tmp_path_factory.mktemp("troubled")
    with serving() as other, serving(ARTICLES) as site:
        other.answers["/elsewhere.html"] = Answer(notice("别处的通知", n=50))
        hrefs = [*list(TITLES)[:2], *TROUBLES]
        rows = [(href, TITLES.get(href, f"公告事项{n}")) for n, href in enumerate(hrefs)]
        rows.append((f"{other.url}/elsewhere.html", "别处的通知"))
        site.answers |= {
            "/robots.txt": Answer("User-agent: *\nDisallow: /secret/\n", headers={"Content-Type": "text/plain"}),
            "/tzgg/": Answer(listing(rows, next_page="/tzgg/index_1.html")),
            "/tzgg/index_1.html": Answer(listing(ROWS[2:], next_page="/tzgg/")),
            "/moved.html": Answer("", 302, {"Location": "/art/1.html"}),
            "/offsite.html": Answer("", 302, {"Location": f"{other.url}/elsewhere-too.html"}),
            "/slow.html": Answer("late", wait=4),
            "/empty.html": Answer(""),
            "/raises.html": Answer(notice("读到一半出错的通知", n=30)),
            "/cookie.html": Answer(
                notice("先发凭证再给正文的通知", n=31),
                turns=[Answer("", 302, {"Location": "/cookie.html", "Set-Cookie": "seen=1; Path=/"})],
            ),
            "/copy.html": ARTICLES["/art/1.html"],
            "/broken.html": Answer(b"\x1f\x8b\x08 these bytes are no gzip", headers={"Content-Encoding": "gzip"}),
            "/error.html": Answer("系统错误", 500),
            "/refused.html": Answer("<html><script>var $_ts=1;</script></html>", 412),
            "/huge.html": Answer("很长" * 200_000),
            "/home.html": Answer("", 302, {"Location": "/"}),
            "/nowhere.html": Answer("", 302, {"Location": "mailto:sfj@qingling.example"}),
            "/circle.html": Answer("", 302, {"Location": "/circle.html"}),
            "/list-in-disguise.html": Answer(
                listing([(f"/art/9{n}.html", f"栏目里的第{n}篇通知公告") for n in range(12)])
            ),
        }
        write_source(folder / "sources", "qingling", [f"{site.url}/tzgg/"])
        yield Crawled(crawl(folder, code=RAISES, settings=["DOWNLOAD_MAXSIZE=1000000"]), folder / "a.db")


def test_the_ledger_adds_up_to_the_urls_the_run_met(troubled: Crawled) -> None:
    # 2 list pages, 7 articles, 18 further entries, the entry on the other site, and the target over there.
    assert sum(troubled.last.counts.values()) == 29
    assert sum(troubled.last.counts.values()) == len(troubled.lines)
    states = Counter(line.split()[1] for line in troubled.lines)
    assert {state: n for state, n in troubled.last.counts.items() if n} == dict(states)


@pytest.mark.parametrize(
    ("what", "end"),
    [
        ("/moved.html", "redirected"),
        ("/offsite.html", "redirected"),
        ("/elsewhere-too.html", "skipped"),
        ("/elsewhere.html", "skipped"),
        ("/gone.html", "gone"),
        ("/slow.html", "failed"),
        ("/empty.html", "quarantined"),
        ("/raises.html", "quarantined"),
        ("/secret/3.html", "skipped"),
        ("先发凭证再给正文的通知", "new"),
        ("/broken.html", "quarantined"),
        ("/error.html", "failed"),
        ("/huge.html", "failed"),
        ("/refused.html", "blocked"),
        ("/files/附件.pdf", "gone"),
        ("/home.html", "gone"),
        ("/nowhere.html", "failed"),
        ("/circle.html", "failed"),
        ("/list-in-disguise.html", "quarantined"),
        (TITLES["/art/7.html"], "new"),
    ],
)
def test_each_way_to_end_is_told_apart(troubled: Crawled, what: str, end: str) -> None:
    assert troubled.state(what).startswith(end), troubled.process.stderr


def test_reasons_say_what_was_found(troubled: Crawled) -> None:
    assert "reader raised RecursionError: too deep" in troubled.state("/raises.html")
    assert "robots.txt disallows it" in troubled.state("/secret/3.html")
    assert "larger than DOWNLOAD_MAXSIZE" in troubled.state("/huge.html")
    assert "to itself" in troubled.state("/circle.html")
    assert "does not decompress" in troubled.state("/broken.html")
    assert "reads as a list" in troubled.state("/list-in-disguise.html")


def test_a_text_met_at_a_second_url_is_an_appearance_not_a_second_document(troubled: Crawled) -> None:
    assert troubled.last.counts["duplicate"] == 1
    assert troubled.last.counts["new"] == len(TITLES) + 1


def test_a_run_that_missed_something_says_so_and_exits_with_1(troubled: Crawled) -> None:
    assert troubled.last.verdict in {"incomplete", "layout_changed"}
    assert troubled.process.returncode == 1
    assert any("failed" in sentence for sentence in troubled.last.evidence)


def test_a_sound_site_is_healthy_then_quiet_and_an_edit_is_found(tmp_path: Path) -> None:
    with serving(ARTICLES | {"/tzgg/": Answer(listing(ROWS, total=7))}) as site:
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        runs = [Crawled(crawl(tmp_path), tmp_path / "a.db") for _ in range(2)]
        site.answers["/art/2.html"] = Answer(notice(TITLES["/art/2.html"], n=77))
        runs.append(Crawled(crawl(tmp_path), tmp_path / "a.db"))
    assert [run.process.returncode for run in runs] == [0, 0, 0]
    assert [run.last.verdict for run in runs] == ["healthy", "quiet", "healthy"]
    counts = [{state: n for state, n in run.last.counts.items() if n} for run in runs]
    assert counts == [
        {"listed": 1, "new": 7},
        {"listed": 1, "unchanged": 7},
        {"listed": 1, "unchanged": 6, "changed": 1},
    ]
    with Archive(tmp_path / "a.db") as archive:
        assert len(list(archive.documents())) == 7


# One site each, crawled side by side in one process: sources of one run never mix.
CHALLENGE = Answer("<html><script>var $_ts={};</script></html>", 412)
WAYS: dict[str, dict[str, Answer]] = {
    "short": ARTICLES | {"/tzgg/": Answer(listing(ROWS, total=30))},
    "empty": {"/tzgg/": Answer(listing([]))},
    "endless": ARTICLES
    | {"/tzgg/": Answer(listing(ROWS, next_page="/tzgg/p1.html"))}
    | {f"/tzgg/p{n}.html": Answer(listing(ROWS, next_page=f"/tzgg/p{n + 1}.html")) for n in range(1, 99)},
    "down": {path: Answer("", 503) for path in (*ARTICLES, "/tzgg/", "/robots.txt")},
    "challenged": {"/tzgg/": CHALLENGE},
    "stranger": {path: Answer(notice(title, n=3, site_id="4403050012")) for path, title in ROWS}
    | {"/tzgg/": Answer(listing(ROWS))},
    "moved": ARTICLES | {"/tzgg/": Answer("", 301, {"Location": "/zwgk/tzgg/"}), "/zwgk/tzgg/": Answer(listing(ROWS))},
    "renamed": ARTICLES
    | {"/tzgg/": Answer("", 302, {"Location": "/tzgg/index.html"}), "/tzgg/index.html": Answer(listing(ROWS))},
    "vanished": {},
}


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Crawled, Site]]]:
    folder = tmp_path_factory.mktemp("ways")
    with ExitStack() as stack:
        sites = {way: stack.enter_context(serving(answers)) for way, answers in WAYS.items()}
        for way, site in sites.items():
            write_source(folder / "sources", way, [f"{site.url}/tzgg/"], 'site_id = "2101020031"')
        process = crawl(folder, *WAYS)
        assert process.returncode == 1
        yield {way: (Crawled(process, folder / "a.db", way), site) for way, site in sites.items()}


@pytest.mark.parametrize(
    ("way", "verdict", "evidence"),
    [
        ("short", "incomplete", "共30条, 7 seen"),
        ("empty", "layout_changed", "was not read"),
        ("endless", "incomplete", "repeats an earlier page"),
        ("down", "down", "was not read"),
        ("challenged", "blocked", "blocked"),
        ("stranger", "identity_mismatch", "4403050012"),
        ("moved", "healthy", None),
        ("renamed", "healthy", None),
        ("vanished", "layout_changed", "HTTP 404"),
    ],
)
def test_each_trouble_with_a_list_has_its_verdict_with_evidence_in_the_first_run(
    ways: dict[str, tuple[Crawled, Site]], way: str, verdict: str, evidence: str | None
) -> None:
    crawled, _ = ways[way]
    assert crawled.last.verdict == verdict, crawled.last.evidence
    assert crawled.says(evidence) if evidence else crawled.last.evidence == ()
    assert sum(crawled.last.counts.values()) == len(crawled.lines)


def test_a_list_that_repeats_itself_is_not_read_for_ever(ways: dict[str, tuple[Crawled, Site]]) -> None:
    assert len(ways["endless"][1].asked) < 15


def test_no_page_is_asked_for_while_robots_txt_answers_5xx(ways: dict[str, tuple[Crawled, Site]]) -> None:
    assert set(ways["down"][1].asked) == {"/robots.txt"}
    assert ways["down"][0].last.counts.get("gone", 0) == 0


def test_pages_of_another_site_are_kept_as_evidence_not_as_this_source(ways: dict[str, tuple[Crawled, Site]]) -> None:
    assert ways["stranger"][0].last.counts["quarantined"] == 7


@pytest.mark.parametrize(("way", "met"), [("moved", 9), ("renamed", 8)])
def test_a_list_that_moved_within_the_site_is_followed(
    ways: dict[str, tuple[Crawled, Site]], way: str, met: int
) -> None:
    counts = ways[way][0].last.counts
    assert counts.get("new", 0) + counts.get("duplicate", 0) == 7  # the sites beside it have the same articles
    assert sum(ways[way][0].last.counts.values()) == met


def test_we_say_who_we_are_and_ask_robots_first_and_once(ways: dict[str, tuple[Crawled, Site]]) -> None:
    site = ways["short"][1]
    assert site.asked[0] == "/robots.txt"
    assert site.asked.count("/robots.txt") == 1
    assert all("Gongbao" in headers["User-Agent"] and "mailto:" in headers["User-Agent"] for headers in site.headers)
    assert all(headers["Accept-Encoding"] == "gzip, deflate" for headers in site.headers)


def test_a_proxy_of_the_environment_is_used_and_its_password_is_not_archived(tmp_path: Path) -> None:
    host = "http://sfj.qingling.example"  # does not exist: only the proxy can answer for it
    answers = {host + path: answer for path, answer in ARTICLES.items()}
    with serving(answers | {f"{host}/tzgg/": Answer(listing(ROWS))}) as proxy:
        write_source(tmp_path / "sources", "qingling", [f"{host}/tzgg/"])
        places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        through = proxy.url.replace("http://", "http://user:s3cret@")
        process = scrapy("crawl", "qingling", settings=(*BRISK, *places), env={"http_proxy": through})
    assert process.returncode == 0, process.stderr
    assert Crawled(process, tmp_path / "a.db").last.counts["new"] == 7
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*.warc.gz"))
    assert b"sfj.qingling.example" in kept
    assert base64.b64encode(b"user:s3cret") not in kept


def test_a_fault_of_the_code_between_two_pages_never_ends_as_a_healthy_run(tmp_path: Path) -> None:
    # Scrapy logs what a signal handler raises and closes the spider as finished.
    falls = """
from crawler.run import Run
def leftovers(self):
    raise LookupError("no such thing")
Run.leftovers = leftovers
"""
    with serving(ARTICLES) as site:
        site.answers["/tzgg/"] = Answer(listing(ROWS))
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        process = scrapy("crawl", "qingling", settings=(*BRISK, *places), code=falls)
    assert process.returncode == 1
    assert "Traceback" not in process.stderr
    with Archive(tmp_path / "a.db") as archive:
        (run,) = archive.runs("qingling")
    assert run.verdict == "incomplete"
    assert any("LookupError: no such thing" in sentence for sentence in run.evidence)
