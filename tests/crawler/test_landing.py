"""What became of one answer, judged without network or archive: every status and every reader's fault has its end."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import CONTENT_BYTES, Capture, Link, Stored
from crawler import reading
from crawler.landing import land, stranger, turns
from crawler.reading import Entry, Reading
from crawler.registry import Source
from tests.serving import listing, notice

HOST = "http://sfj.qingling.example"
SOURCE = Source(
    "qingling", "青岭区司法局", (f"{HOST}/tzgg/",), frozenset({"sfj.qingling.example"}), site_id="2101020031"
)
NOTICE = Link(f"{HOST}/art/1.html", "notice", "关于开展案卷评查的通知")
LISTING = Link(f"{HOST}/tzgg/", "listing")


def kept(link: Link, body: str | bytes = b"", status: int = 200, **headers: str) -> Stored:
    raw = body.encode() if isinstance(body, str) else body
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Stored(Capture(link.url, "2026-01-01T00:00:00Z", status, pairs, raw), "s", 0, 0, "")


@settings(deadline=None)  # a busy machine is no fault of the code
@given(st.integers(min_value=100, max_value=999), st.binary(max_size=300), st.sampled_from([NOTICE, LISTING]))
def test_any_answer_has_an_end_and_only_a_read_notice_leaves_it_to_the_archive(
    status: int, body: bytes, link: Link
) -> None:
    visit = land(kept(link, body, status, Location="/elsewhere"), link, SOURCE).visit
    assert visit.url == link.url
    assert visit.stored is not None
    if visit.record is None:
        assert visit.state not in {None, "pending", "new", "changed", "unchanged", "duplicate"}
        assert visit.reason or visit.state == "listed"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (404, "gone"),
        (410, "gone"),
        (403, "blocked"),
        (412, "blocked"),
        (521, "blocked"),
        (500, "failed"),
        (304, "failed"),
    ],
)
def test_a_status_that_is_no_page_ends_as_what_it_means(status: int, state: str) -> None:
    assert land(kept(NOTICE, "<html><body>无</body></html>", status), NOTICE, SOURCE).visit.state == state


def test_a_compressed_page_is_read_and_a_broken_one_quarantined() -> None:
    page = gzip.compress(notice("关于开展案卷评查的通知", n=1).encode())
    assert land(kept(NOTICE, page, Content_Encoding="gzip"), NOTICE, SOURCE).visit.record is not None
    assert land(kept(NOTICE, page), NOTICE, SOURCE).visit.record is not None, "gzip unasked, not declared"
    visit = land(kept(NOTICE, page[:-20], Content_Encoding="gzip"), NOTICE, SOURCE).visit
    assert (visit.state, "does not decompress" in (visit.reason or "")) == ("quarantined", True)


def test_a_redirect_elsewhere_is_met_as_a_url_of_its_own_in_the_same_role() -> None:
    visit = land(kept(LISTING, status=301, Location="/zwgk/tzgg/"), LISTING, SOURCE).visit
    assert (visit.state, visit.reason) == ("redirected", f"{HOST}/zwgk/tzgg/")
    assert [(link.url, link.role) for link in visit.links] == [(f"{HOST}/zwgk/tzgg/", "listing")]


def test_a_notice_sent_to_the_home_page_is_gone_but_a_list_is_not() -> None:
    assert land(kept(NOTICE, status=302, Location="/"), NOTICE, SOURCE).visit.state == "gone"
    assert land(kept(LISTING, status=302, Location="/"), LISTING, SOURCE).visit.state == "redirected"


@pytest.mark.parametrize(
    ("location", "cookie", "again"),
    [
        ("/art/1.html", True, True),
        ("/art/1.html", False, False),
        ("/art/1.html;jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9", False, True),
        ("/art/2.html", True, False),
        ("http://other.example/art/1.html", True, False),
        ("", True, False),
        ("http://[broken", True, False),
    ],
)
def test_only_a_redirect_to_the_same_page_is_followed_within_a_visit(location: str, cookie: bool, again: bool) -> None:
    headers = {"Location": location} | ({"Set_Cookie": "a=1"} if cookie else {})
    assert (turns(kept(NOTICE, status=302, **headers).capture, NOTICE, SOURCE) is not None) == again


def test_addresses_on_a_list_that_are_none_cost_only_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (
        Entry(f"{HOST}/art/1.html", "通知", None),
        Entry("http://[::bad", "坏链接", None),
        Entry("mailto:a@b", None, None),
    )
    found = Reading("list", LISTING.url, entries=entries, next=f"{HOST}/tzgg/index_1.html")
    monkeypatch.setattr(reading, "read", lambda *page, **more: found)
    landing = land(kept(LISTING), LISTING, SOURCE)
    assert [link.url for link in landing.visit.links] == [f"{HOST}/art/1.html"]
    assert landing.unusable == ("http://[::bad", "mailto:a@b")
    assert landing.next == f"{HOST}/tzgg/index_1.html"


def test_a_list_is_read_as_one_however_it_looks_and_without_entries_it_is_an_error() -> None:
    one = land(kept(LISTING, listing([("/art/1.html", "关于开展案卷评查工作的通知")])), LISTING, SOURCE)
    assert (one.visit.state, len(one.visit.links)) == ("listed", 1)
    none = land(kept(LISTING, listing([])), LISTING, SOURCE)
    assert none.visit.state == "quarantined"


def test_a_shell_page_that_sends_on_counts_as_a_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Reading("empty", NOTICE.url, reason="redirect_shell", target=f"{HOST}/new/1.html")
    monkeypatch.setattr(reading, "read", lambda *page, **more: found)
    visit = land(kept(NOTICE), NOTICE, SOURCE).visit
    assert (visit.state, [link.url for link in visit.links]) == ("redirected", [f"{HOST}/new/1.html"])


@pytest.mark.parametrize(
    ("site_id", "site_name", "foreign"),
    [
        ("2101020031", "别处", True),
        ("2101020031", "青岭区司法局门户网站", False),
        ("4403050012", "青岭区司法局", True),
        (None, None, False),
        (None, "青岭", False),
    ],
)
def test_a_page_is_foreign_only_where_both_sides_speak(
    site_id: str | None, site_name: str | None, foreign: bool
) -> None:
    source = Source("q", "青", ("http://a.example/",), frozenset(), site_id="2101020031", site_name="青岭区司法局")
    assert (stranger(source, site_id, site_name) is not None) == foreign


@pytest.mark.parametrize("body", [b"%PDF-1.5 ...", b"PK\x03\x04....", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x89PNG\r\n"])
def test_a_file_under_the_address_of_a_page_is_not_archived_as_its_text(body: bytes) -> None:
    visit = land(kept(LISTING, body, Content_Type="text/html"), LISTING, SOURCE).visit
    assert (visit.state, (visit.reason or "")[:11]) == ("quarantined", "not a page:")
    visit = land(kept(NOTICE, body, Content_Type="text/html"), NOTICE, SOURCE).visit
    assert visit.record is None or (visit.record.text, visit.record.flags) == (None, ("file_only",))


def test_a_decompression_bomb_is_quarantined_and_never_held_in_memory_whole() -> None:
    bomb = gzip.compress(b"\0" * (CONTENT_BYTES + 1))
    for coding, body in (("gzip", bomb), ("deflate", zlib.compress(b"\0" * (CONTENT_BYTES + 1)))):
        end = land(kept(NOTICE, body, Content_Encoding=coding), NOTICE, SOURCE).visit
        assert end.state == "quarantined"
        assert end.reason is not None
        assert "decompress to more than 64 MB" in end.reason


def test_a_deflated_page_is_read_in_both_spellings_and_a_cut_one_is_told() -> None:
    page = notice("关于开展案卷评查的通知", n=1).encode()
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    for body in (zlib.compress(page), raw.compress(page) + raw.flush()):
        assert land(kept(NOTICE, body, Content_Encoding="deflate"), NOTICE, SOURCE).visit.record is not None
    cut = land(kept(NOTICE, zlib.compress(page)[:-9], Content_Encoding="deflate"), NOTICE, SOURCE).visit
    assert cut.state == "quarantined"


def test_a_page_that_says_it_left_is_gone_and_one_without_a_document_is_not() -> None:
    left = "<html><head><title>提示</title></head><body><p>您访问的页面不存在或已被删除</p></body></html>"
    assert land(kept(NOTICE, left), NOTICE, SOURCE).visit.state == "gone"
    blank = "<html><body></body></html>"
    assert land(kept(NOTICE, blank), NOTICE, SOURCE).visit.state == "quarantined"


def test_a_redirect_to_the_https_twin_is_the_same_visit_where_the_source_says_so() -> None:
    answer = kept(NOTICE, status=301, Location=NOTICE.url.replace("http://", "https://"))
    same = replace(SOURCE, twins=("scheme",))
    assert turns(answer.capture, NOTICE, same) is not None
    assert turns(answer.capture, NOTICE, SOURCE) is None
    assert land(answer, NOTICE, SOURCE).visit.state == "redirected", "without the rule it is a page of its own"


def test_a_source_outside_gov_cn_is_no_stranger_on_its_own_host() -> None:
    page = notice("关于开展案卷评查的通知", n=1, who="清河开发区", site_id="3705000051")
    page = page.replace("<head>", '<head><meta name="SiteDomain" content="www.qinghe.gov.cn">')
    link = Link("http://www.kaifaqu-qh.com/art/1.html", "notice")
    its_own = Source("kfq", "清河开发区", (link.url,), frozenset({"www.kaifaqu-qh.com:80", "www.kaifaqu-qh.com"}))
    found = land(kept(link, page), link, its_own).visit.record
    assert found is not None
    assert found.integrity == "clean", found.integrity_reasons
    assert reading.read(page.encode(), link.url).record.integrity == "cloned"  # type: ignore[union-attr]  # a notice


def test_a_list_that_names_another_site_id_is_not_read_as_the_source_s() -> None:
    page = listing([(f"/art/{n}.html", f"第{n}批评查通知") for n in range(6)])
    ours, theirs = (
        page.replace("</div></body>", f"网站标识码：{code}</div></body>") for code in ("2101020031", "4403050012")
    )
    assert land(kept(LISTING, ours), LISTING, SOURCE).visit.state == "listed"
    landing = land(kept(LISTING, theirs), LISTING, SOURCE)
    assert landing.visit.state == "quarantined"
    assert landing.foreign is not None
    assert "4403050012" in landing.foreign
