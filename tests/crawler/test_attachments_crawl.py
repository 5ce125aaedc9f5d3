"""Files of notices against a site on loopback: fetched with their notice, told apart by content, found by words."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.answers import File, RunSummary
from tests.crawler.files_made import column, doc, docx, pdf, xls, zipped
from tests.serving import BRISK, Answer, Site, listing, notice, scrapy, serving, write_source

REPORT = "关于公布青岭区2020年度行政执法统计年报的通知"
OTHER = "关于公布青岭区规范性文件清理结果的公告"
PLAN = "青岭区2021年重大行政决策事项目录"
TEXT = pdf([column("二〇二〇年全区共办理行政处罚案件三百一十六宗，无一宗被行政复议撤销。")])
SHEET = docx("清理结果一览", [["序号", "文件名称"], ["1", "青岭区河道采砂管理暂行规定"]])


def page(title: str, files: dict[str, str], n: int) -> Answer:
    """A notice that only says 详见附件, with its files."""
    links = "".join(f'<p><a href="{href}">{name}</a></p>' for href, name in files.items())
    whole = notice(title, n=n)
    start, end = whole.index('<div class="TRS_Editor">') + 24, whole.index("</div></div>")
    return Answer(f"{whole[:start]}<p>详见附件。</p>{links}{whole[end:]}")


FILES = {
    "/files/nianbao.pdf": "附件1：行政执法统计年报.pdf",
    "/files/qingli.doc": "附件2：清理结果.doc",
    "/download.jsp?DownloadAttachUrl=9&id=7": "附件3：明细表",
    "/files/gone.pdf": "附件4：已撤下.pdf",
    "/files/soft.pdf": "附件5：不存在.pdf",
    "/files/login.xls": "附件6：要登录.xls",
    "/files/moved.doc": "附件7：搬走了.doc",
    "/files/huge.zip": "附件8：很大.zip",
}


MISSING = "<html><head><title>提示</title></head><body><p>您访问的文件不存在或已删除！</p></body></html>"
ELSEWHERE = "http://files.elsewhere.example/x.pdf"


def answers() -> dict[str, Answer]:
    return {
        "/tzgg/": Answer(listing([("/a/1.html", REPORT), ("/a/2.html", OTHER), ("/files/mulu.pdf", PLAN)])),
        "/a/1.html": page(REPORT, FILES, 1),
        "/a/2.html": page(OTHER, {"/copy/nianbao.pdf": "统计年报.pdf", ELSEWHERE: "别处.pdf"}, 2),
        "/files/nianbao.pdf": Answer(TEXT, headers={"Content-Type": "text/html"}),
        "/copy/nianbao.pdf": Answer(TEXT, headers={"Content-Type": "application/pdf"}),
        "/files/qingli.doc": Answer(SHEET, headers={"ETag": '"v1"'}),
        "/download.jsp?DownloadAttachUrl=9&id=7": Answer(xls([["事项", "件数"], ["行政许可", 4120.0]])),
        "/files/gone.pdf": Answer("没有", 404),
        "/files/soft.pdf": Answer(MISSING),
        "/files/login.xls": Answer(notice("用户登录须知", n=9)),
        "/files/moved.doc": Answer("", 302, headers={"Location": "/new/moved.doc"}),
        "/new/moved.doc": Answer(doc("青岭区镇街综合执法事项清单\r本清单自公布之日起施行。\r")),
        "/files/huge.zip": Answer(zipped({"a.txt": bytes(range(256)) * 12}) + bytes(300_000)),
        "/files/mulu.pdf": Answer(pdf([column("一、编制青岭区国土空间总体规划。二、制定城镇燃气管理办法。")])),
    }  # fmt: skip


class Crawls:
    """Crawls of one site into one archive, one after the other."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.archive = site, folder / "archive.db"
        self.settings = [
            *BRISK,
            f"ARCHIVE={self.archive}",
            f"SOURCES={folder}",
            "ATTACHMENT_MAXSIZE=200000",
            "PROGRESS=1",
        ]
        write_source(folder, "qingling", [f"{site.url}/tzgg/"])

    def crawl(self, *settings: str) -> RunSummary:
        done = scrapy("crawl", "qingling", settings=[*self.settings, *settings])
        with Archive(self.archive) as opened:
            assert opened.verify().ok
            last = opened.runs()[0]
        assert last.finished, done.stderr
        return last

    def files(self, title: str) -> dict[str, File]:
        """The files of a notice by name."""
        with Archive(self.archive) as opened:
            document = next(one for one in opened.documents() if one.record.title == title)
            return {file.name: file for file in document.files}


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> object:
    with serving(answers()) as site:
        crawls = Crawls(site, tmp_path_factory.mktemp("files"))
        crawls.first = crawls.crawl()  # type: ignore[attr-defined]
        yield crawls


@pytest.mark.parametrize(
    ("name", "state", "kind", "words"),
    [
        ("附件1：行政执法统计年报.pdf", "new", "pdf", "行政处罚案件三百一十六宗"),  # labelled text/html
        ("附件2：清理结果.doc", "new", "docx", "1\t青岭区河道采砂管理暂行规定"),  # named .doc
        ("附件3：明细表", "new", "xls", "行政许可\t4120"),
        ("附件4：已撤下.pdf", "gone", None, "HTTP 404"),
        ("附件5：不存在.pdf", "gone", None, "a page instead of the file"),
        ("附件6：要登录.xls", "quarantined", None, "a page instead of the file: 用户登录须知"),
        ("附件7：搬走了.doc", "new", "doc", "本清单自公布之日起施行"),
        ("附件8：很大.zip", "skipped", None, "larger than ATTACHMENT_MAXSIZE"),
    ],
)
def test_every_file_of_a_notice_ends_in_a_state_with_its_text_or_the_reason(
    crawls: Crawls, name: str, state: str, kind: str | None, words: str
) -> None:
    file = crawls.files(REPORT)[name]
    assert (file.state, file.kind) == (state, kind)
    assert words in ((file.text if kind else file.reason) or "")


def test_the_same_bytes_at_two_urls_are_one_file_and_foreign_hosts_are_left_alone(crawls: Crawls) -> None:
    ours, foreign = crawls.files(OTHER).values()
    assert (ours.state, ours.sha256) in [
        (state, crawls.files(REPORT)["附件1：行政执法统计年报.pdf"].sha256) for state in ("new", "duplicate")
    ]
    assert (foreign.state, foreign.kind) == ("skipped", None)
    assert "another domain" in (foreign.reason or "")


def test_files_are_counted_apart_and_what_is_gone_is_told_without_spoiling_the_run(crawls: Crawls) -> None:
    run = crawls.first  # type: ignore[attr-defined]
    assert run.counts == {"listed": 1, "new": 3}
    assert run.attachments == {"duplicate": 1, "gone": 2, "new": 4, "quarantined": 1, "skipped": 2}
    assert run.verdict == "healthy"
    assert "2 attachments ended gone" in run.evidence


def test_a_notice_that_only_points_to_its_file_is_found_by_the_words_of_the_file(crawls: Crawls) -> None:
    with Archive(crawls.archive) as opened:
        (hit, other) = opened.search("三百一十六宗").hits
        assert {hit.title, other.title} == {REPORT, OTHER}
        assert hit.in_attachment in {"附件1：行政执法统计年报.pdf", "统计年报.pdf"}
        assert hit.snippet.startswith(f"〔附件：{hit.in_attachment}〕")
        assert "【三百一十六宗】" in hit.snippet
        assert [one.title for one in opened.search("title:统计年报 综合执法事项清单").hits] == [REPORT]


def test_an_entry_that_is_a_file_is_a_notice_with_the_title_of_its_list(crawls: Crawls) -> None:
    with Archive(crawls.archive) as opened:
        (hit,) = opened.search("城镇燃气管理办法").hits
        document = opened.document(hit.id)
        assert document is not None
        record = document.record
        assert (record.title, record.published, record.flags) == (PLAN, "2021-03-03", ("file_only",))
        assert hit.in_attachment is None  # its own text, indexed once
        assert [(file.kind, file.text) for file in document.files] == [("pdf", record.text)]


def test_new_bytes_are_a_new_version_found_when_the_notice_changes(crawls: Crawls) -> None:
    site = crawls.site
    asked = len(site.asked)
    again = crawls.crawl()
    assert again.attachments == {}, "nothing changed, nothing is due"
    assert not [path for path in site.asked[asked:] if path.startswith(("/files/nianbao", "/copy"))]
    site.answers["/a/1.html"] = page(REPORT, {**FILES, "/files/bu.docx": "补充.docx"}, 1)
    site.answers["/files/bu.docx"] = Answer(docx("补充说明一则"))
    site.answers["/files/qingli.doc"] = Answer(docx("清理结果更正", "废止青岭区砂石税费征收办法"))
    site.answers["/files/nianbao.pdf"] = Answer(MISSING)
    changed = crawls.crawl("WHOLE_DAYS=0")
    assert changed.counts["changed"] == 1
    files = crawls.files(REPORT)
    assert (files["附件2：清理结果.doc"].state, files["附件2：清理结果.doc"].versions) == ("changed", 2)
    assert files["补充.docx"].text == "补充说明一则"
    assert "三百一十六宗" in (files["附件1：行政执法统计年报.pdf"].text or ""), (
        "an error page is no version of the file"
    )
    assert files["附件1：行政执法统计年报.pdf"].state == "gone"
    with Archive(crawls.archive) as opened:
        assert [hit.title for hit in opened.search("砂石税费征收办法").hits] == [REPORT]
        assert opened.search("河道采砂管理").total == 0
        assert opened.search("三百一十六宗").total == 2


def test_a_file_whose_server_fails_makes_the_run_incomplete_and_is_asked_for_again(tmp_path: Path) -> None:
    with serving({}) as site:
        site.answers |= {
            "/tzgg/": Answer(listing([("/a/1.html", REPORT)])),
            "/a/1.html": page(REPORT, {"/files/a.pdf": "年报.pdf"}, 1),
            "/files/a.pdf": Answer("down", 503),
        }
        crawls = Crawls(site, tmp_path)
        first = crawls.crawl()
        assert (first.verdict, first.attachments) == ("incomplete", {"failed": 1})
        assert "1 attachments failed" in first.evidence
        site.answers["/files/a.pdf"] = Answer(TEXT)
        second = crawls.crawl()
        assert (second.verdict, second.attachments) == ("quiet", {"new": 1})
        assert crawls.crawl("ATTACHMENTS=0").attachments == {}
