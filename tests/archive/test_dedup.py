"""Identity of a URL and of a text: what never distinguishes two publications is folded, everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dedup import Twin, canonical_url, fingerprint

PIECES = st.text(alphabet="ab./%2eE:;?#&=@[]()_ +中﹒\\!\x00\ud800İΣ℀-0189", max_size=25)
URLS = st.one_of(
    st.text(),
    st.builds("{}://{}{}".format, st.sampled_from(["http", "https", "HTTP"]), PIECES, PIECES),
    st.builds("http://www.anping.example/{}".format, PIECES),
    st.builds("http://a.example/gate/big5/{}/{}?{}#{}".format, PIECES, PIECES, PIECES, PIECES),
)
TWINS: list[tuple[Twin, ...]] = [(), ("scheme",), ("www",), ("scheme", "www")]


@given(URLS, st.sampled_from(TWINS))
def test_the_canonical_form_of_a_canonical_form_is_itself_and_nothing_raises(url: str, twins: tuple[Twin, ...]) -> None:
    canonical = canonical_url(url, twins=twins)
    assert canonical_url(canonical, twins=twins) == canonical


SAME = [
    ("HTTP://WWW.Anping.Example:80/zwgk/index.html", "http://www.anping.example/zwgk/"),
    ("https://anping.example:443", "https://anping.example/"),
    ("http://anping.example/a/./b/../c.html#top", "http://anping.example/a/c.html"),
    ("http://anping.example/a;jsessionid=0A1B.node2?x=1", "http://anping.example/a?x=1"),
    ("http://anping.example/(S(ab12cd34))/show.aspx?id=3", "http://anping.example/show.aspx?id=3"),
    ("http://anping.example/a?PHPSESSID=1f&id=3", "http://anping.example/a?id=3"),
    ("http://anping.example/a?utm_source=wx&spm=a.b&from=timeline&isappinstalled=0", "http://anping.example/a"),
    ("http://anping.example/a?_=1650000000123&t=0.8273645512", "http://anping.example/a"),
    ("http://anping.example/%e6%b3%95%7E", "http://anping.example/法~"),
    ("http://anping.example/a?b=%3a&a=x+y", "http://anping.example/a?a=x%20y&b=:".replace("b=:", "b=%3A")),
    ("http://anping.example/a?x=1&amp;amp;y=2", "http://anping.example/a?x=1&y=2"),
    ("http://big5.anping.example/gate/big5/www.anping.example/a.htm", "http://www.anping.example/a.htm"),
    ("http://a.example/gate/big5/b.example/gate/big5/c.example/x", "http://c.example/x"),
    ("  http://anping.example/a\r\n.html ", "http://anping.example/a.html"),
    ("http://user:secret@anping.example/a", "http://anping.example/a"),
    ("http://anping.example//zwgk//a.html", "http://anping.example/zwgk/a.html"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_page_are_one_page(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


DIFFERENT = [
    ("http://anping.example/zwgk/index.html", "http://anping.example/zwgk/index_2.html"),
    ("http://anping.example/index.jsp?id=1", "http://anping.example/index.jsp?id=2"),
    ("http://anping.example/list?sid=759001", "http://anping.example/list?sid=755041"),
    ("http://anping.example/list?t=20190305", "http://anping.example/list?t=20190306"),
    ("http://anping.example/list?from=2021-01-01", "http://anping.example/list"),
    ("http://anping.example/a?v=2", "http://anping.example/a"),
    ("http://anping.example/gkmlpt/index#2629", "http://anping.example/gkmlpt/index#2630"),
    ("http://anping.example/app#/notice/1", "http://anping.example/app#/notice/2"),
    ("http://anping.example/A.html", "http://anping.example/a.html"),
    ("http://anping.example/a%2Fb", "http://anping.example/a/b"),
    ("http://anping.example/a", "https://anping.example/a"),
    ("http://anping.example/a", "http://www.anping.example/a"),
    ("http://anping.example:8080/a", "http://anping.example/a"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_distinguishes_two_pages_stays(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_http_and_www_are_twins_only_where_the_source_says_so() -> None:
    twins: list[Twin] = ["scheme", "www"]
    one, other = "http://www.anping.example/a", "https://anping.example/a"
    assert canonical_url(one, twins=twins) == canonical_url(other, twins=twins)
    # Another port is another server, and `www.example` has nothing left to lose.
    assert canonical_url("http://www.anping.example:8080/a", twins=["scheme"]).startswith("http:")
    assert canonical_url("http://www.example/", twins=["www"]) == "http://www.example/"


@pytest.mark.parametrize(
    "odd", ["", "   ", "javascript:void(0)", "http://", "http://[", "http://:99999999/", "//a/b", "\x00", "mailto:a@b"]
)
def test_what_is_no_web_address_comes_back_trimmed(odd: str) -> None:
    assert canonical_url(odd) in {odd.strip(), odd.replace("\x00", ""), odd + "/"}


TEXT = "二〇二一年，本县（含开发区）依法行政。\n共办理复议案件12件、34人次，“放管服”改革见表①，面积3㎡。"


@pytest.mark.parametrize(
    "copy",
    [
        TEXT.replace("，", ",").replace("（", "(").replace("）", ")"),
        TEXT.replace("12", "１２"),
        "\u3000\u3000" + TEXT.replace("\n", "\r\n\r\n\u00a0\u00a0"),
        TEXT.replace("依法", "依\u200b法"),
        TEXT.replace("“", '"').replace("”", '"'),
        TEXT + "\n浏览次数：1024\n【打印】 【关闭】",
    ],
)
def test_spacing_width_punctuation_and_counters_do_not_make_another_document(copy: str) -> None:
    assert fingerprint(copy) == fingerprint(TEXT)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("12", "13"),
        TEXT.replace("①", "1"),
        TEXT.replace("㎡", "m2"),
        TEXT.replace("依法", "依規"),
        TEXT.replace("行政", "行政审批"),
        TEXT + "\n浏览次数明显增加。",
    ],
)
def test_every_word_and_number_counts(other: str) -> None:
    assert fingerprint(other) != fingerprint(TEXT)


def test_table_cells_do_not_run_together() -> None:
    assert fingerprint("合计\t12\t3") != fingerprint("合计\t1\t23")


@given(st.text())
def test_any_text_has_a_fingerprint(text: str) -> None:
    assert len(fingerprint(text)) == 64
