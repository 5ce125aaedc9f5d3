"""The transport of the field, at a real server that sends it: what is whole is read, the rest told and not kept."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from archive import Archive
from crawler import registry
from tests.crawler.test_add import STYLES, made_site
from tests.crawler.test_spider import Crawled
from tests.serving import BRISK, listing, notice, scrapy, write_source
from tests.wire import Wire, answer, expired, long_ago, wired

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
TITLES = {
    name: f"关于{title}行政执法案卷的通知"
    for name, title in {
        "/chunked.html": "分段送出",
        "/old-protocol.html": "旧协议送出",
        "/gzip.html": "未请求而压缩",
        "/twice.html": "头部重复",
        "/label.html": "编码标错",
        "/refreshed.html": "自动跳转以后",
        "/scripted.html": "脚本跳转以后",
        "/loaded.html": "载入跳转以后",
        "/gbk/%B9%AB%B8%E6.html": "国标地址",
        quote("/文件/通知 一.html"): "带空格的地址",
        "/bare.html": "换行简略",
        "/short.html": "没有送完",
        "/cut-chunks.html": "分段没有送完",
        "/cut-gzip.html": "压缩没有送完",
    }.items()
}
PAGES = {path: notice(title, n=n).encode() for n, (path, title) in enumerate(TITLES.items())}


def chunks(body: bytes, *, whole: bool = True) -> bytes:
    """`body` in chunks of 1000 bytes; not `whole`: without the last one."""
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (sent + b"0\r\n\r\n" if whole else sent)


def drip(head: bytes) -> Iterator[tuple[bytes, float]]:
    """An answer that never ends and never stops."""
    yield head, 0.0
    for _ in range(70):
        yield b"X-", 0.1


def endless() -> Iterator[tuple[bytes, float]]:
    yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n", 0.0
    for _ in range(400):
        yield b"1000\r\n" + b"x" * 4096 + b"\r\n", 0.0


def answers() -> dict[str, bytes | Iterator[tuple[bytes, float]]]:
    sent = dict(PAGES)
    label = sent["/label.html"].decode().encode("gb18030")
    return {
        **{path: answer(body) for path, body in sent.items()},
        "/chunked.html": chunks(sent["/chunked.html"]),
        "/old-protocol.html": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + sent["/old-protocol.html"],
        "/gzip.html": answer(gzip.compress(sent["/gzip.html"])),
        "/twice.html": answer(
            sent["/twice.html"],
            f"Content-Length: {len(sent['/twice.html'])}",
            "Content-Type: text/html",
            "Content-Type: text/html; charset=big5",
            "Server: a",
            "Server: b",
        ),
        "/label.html": answer(label, "Content-Type: text/html; charset=utf-8"),
        "/bare.html": answer(sent["/bare.html"]).replace(b"\r\n", b"\n", 4),
        "/refresh.html": answer('<html><meta http-equiv="refresh" content="0; url=/refreshed.html"></html>'),
        "/onload.html": answer("<html><body onload=\"top.location.replace('/loaded.html')\"></body></html>"),
        "/script.html": answer("<html><script>window.location.href = '/scripted.html';</script></html>"),
        "/to-gbk.html": answer("", status="302 Found").replace(
            b"\r\n\r\n", b"\r\nLocation: /gbk/" + "公告".encode("gbk") + b".html\r\n\r\n"
        ),
        "/circle-a.html": answer("", "Location: /circle-b.html", status="302 Found"),
        "/circle-b.html": answer("", "Location: /circle-a.html", status="302 Found"),
        "/short.html": answer(sent["/short.html"])[:-400],
        "/cut-chunks.html": chunks(sent["/cut-chunks.html"], whole=False),
        "/cut-gzip.html": answer(gzip.compress(sent["/cut-gzip.html"])[:-200], "Content-Encoding: gzip"),
        "/drip-head.html": drip(HEAD),
        "/drip-body.html": drip(HEAD + b"Content-Length: 99999\r\n\r\n"),
        "/long-head.html": HEAD + b"X-Long: " + b"x" * 300_000 + b"\r\n\r\n",
        "/many-heads.html": HEAD + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(2000)) + b"\r\n",
        "/endless.html": endless(),
        "/two-lengths.html": answer("<html>通知</html>", "Content-Length: 7"),
        "/hangs-up.html": b"HTTP/1.1 200 OK\r\nContent-",
        "/no-http.html": b"\x00\x01 this is no HTTP at all\r\n\r\n",
    }


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, Wire, Path]]:
    folder = tmp_path_factory.mktemp("field")
    led_to = {"/refreshed.html", "/scripted.html", "/loaded.html", "/gbk/%B9%AB%B8%E6.html"}
    with wired(answers()) as wire:
        hrefs = [path for path in wire.answers if path not in led_to and not path.startswith("/%")]
        rows = [(href, TITLES.get(href, f"公告事项{n}")) for n, href in enumerate([*hrefs, "/文件/通知 一.html"])]
        wire.answers["/tzgg/"] = answer(listing(rows))
        write_source(folder / "sources", "field", [f"{wire.url}/tzgg/"])
        places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}", "PROGRESS=1")
        quick = ("RETRY_TIMES=0", "DOWNLOAD_TIMEOUT=5", "DOWNLOAD_MAXSIZE=1000000")
        done = scrapy("crawl", "field", settings=(*BRISK, *places, *quick))
        assert "Traceback" not in done.stderr, done.stderr
        yield Crawled(done, folder / "a.db", "field"), wire, folder / "a.db"


READ = [path for path in TITLES if not path.startswith(("/short", "/cut"))]


@pytest.mark.parametrize("path", READ)
def test_a_page_that_arrived_whole_is_read_however_it_was_sent(field: tuple[Crawled, Wire, Path], path: str) -> None:
    crawled, wire, _ = field
    assert crawled.state(TITLES[path]).startswith("new"), crawled.process.stderr
    assert path in wire.asked


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("/short.html", "failed"),
        ("/cut-chunks.html", "failed"),
        ("/cut-gzip.html", "quarantined"),
        ("/drip-head.html", "failed"),
        ("/drip-body.html", "failed"),
        ("/long-head.html", "failed"),
        ("/many-heads.html", "failed"),
        ("/endless.html", "failed"),
        ("/two-lengths.html", "failed"),
        ("/hangs-up.html", "failed"),
        ("/no-http.html", "failed"),
        ("/refresh.html", "redirected"),
        ("/script.html", "redirected"),
        ("/onload.html", "redirected"),
        ("/to-gbk.html", "redirected"),
        ("/circle-a.html", "redirected"),
        ("/circle-b.html", "redirected"),
    ],
)
def test_what_did_not_arrive_whole_or_leads_on_is_told(field: tuple[Crawled, Wire, Path], path: str, end: str) -> None:
    found = [line for line in field[0].lines if f"{path}  (" in line]
    assert len(found) == 1, field[0].process.stderr
    assert found[0].split()[1] == end, found


def test_a_part_of_a_page_is_no_document(field: tuple[Crawled, Wire, Path]) -> None:
    with Archive(field[2]) as archive:
        assert {document.record.title for document in archive.documents()} == {TITLES[path] for path in READ}


def test_a_redirect_is_asked_for_once_and_a_circle_ends(field: tuple[Crawled, Wire, Path]) -> None:
    asked = field[1].asked
    assert [asked.count(path) for path in ("/circle-a.html", "/circle-b.html", "/refreshed.html")] == [1, 1, 1]


@pytest.fixture(scope="module")
def old_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with wired(tls=long_ago(tmp_path_factory.mktemp("tls"))) as wire:
        title = "关于旧服务器上行政执法案卷的通知"
        wire.answers = {"/art/1.html": answer(notice(title, n=1)), "/tzgg/": answer(listing([("/art/1.html", title)]))}
        yield wire


def test_tls_of_long_ago_is_spoken_with_the_hosts_that_need_it_and_no_other(old_site: Wire, tmp_path: Path) -> None:
    host = old_site.url.removeprefix("https://")
    write_source(tmp_path / "sources", "old", [f"{old_site.url}/tzgg/"], f'[transport]\nlegacy_tls = ["{host}"]')
    write_source(tmp_path / "sources", "new", [f"{old_site.url}/tzgg/"], '[transport]\nlegacy_tls = ["127.0.0.1:1"]')
    places = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}", "PROGRESS=1")
    done = scrapy("crawl", "old", "new", settings=places)
    with Archive(tmp_path / "a.db") as archive:
        runs = {run.source: run for run in archive.runs()}
    assert runs["old"].counts["new"] == 1, done.stderr
    assert runs["new"].verdict == "down"
    assert any("legacy_tls" in sentence for sentence in runs["new"].evidence), done.stderr


def test_a_certificate_that_is_wrong_is_told_and_refuses_nothing(tmp_path: Path) -> None:
    terms = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    terms.set_ciphers("DEFAULT:@SECLEVEL=0")
    terms.load_cert_chain(expired(tmp_path, "other.qingling.example"))
    title = "关于证书过期网站上行政执法案卷的通知"
    pages = {"/art/1.html": answer(notice(title, n=1)), "/tzgg/": answer(listing([("/art/1.html", title)]))}
    with wired(pages, tls=terms) as wire:
        write_source(tmp_path / "sources", "expired", [f"{wire.url}/tzgg/"])
        places = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}", "PROGRESS=1")
        done = scrapy("crawl", "expired", settings=places)
    with Archive(tmp_path / "a.db") as archive:
        run = next(iter(archive.runs()))
    assert (run.verdict, run.counts["new"]) == ("healthy", 1), done.stderr
    told = [sentence for sentence in run.evidence if "certificate of 127.0.0.1" in sentence]
    assert len(told) == 1
    assert "it has expired" in told[0]
    assert "it is another host's" in told[0]


def test_a_new_site_that_speaks_tls_of_long_ago_is_added_with_that_fact(tmp_path: Path) -> None:
    style = STYLES["folders"]
    pages = {path: answer(page.body) for path, page in made_site(style).items()}
    with wired(pages, tls=long_ago(tmp_path)) as wire:
        places = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"FIXTURES={tmp_path / 'fixtures'}")
        url = wire.url + style.first.format(c=0)
        done = scrapy("add", "--yes", "--id", "old", "--columns", "0", url, settings=places)
        assert done.returncode == 0, done.stderr
        crawled = scrapy("crawl", "old", settings=(*places, f"ARCHIVE={tmp_path / 'a.db'}"))
    assert registry.load(tmp_path / "sources", "old").legacy_tls == (wire.url.removeprefix("https://"),)
    assert crawled.returncode == 0, crawled.stderr


def test_a_page_that_breaks_off_leaves_the_version_that_is_held(tmp_path: Path) -> None:
    title = "关于公布行政执法案卷评查结果的通知"
    with wired(
        {"/art/1.html": answer(notice(title, n=1)), "/tzgg/": answer(listing([("/art/1.html", title)]))}
    ) as wire:
        write_source(tmp_path / "sources", "field", [f"{wire.url}/tzgg/"])
        places = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}", "RETRY_TIMES=0", "WHOLE=1")
        scrapy("crawl", "field", settings=places)
        wire.answers["/art/1.html"] = answer(notice(title, n=2))[:-300]
        broken = scrapy("crawl", "field", settings=places)
    assert "URLs ended failed" in broken.stderr
    with Archive(tmp_path / "a.db") as archive:
        assert [len(document.versions) for document in archive.documents()] == [1]
