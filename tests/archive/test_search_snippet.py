"""A hit is shown in the publisher's own words, with whatever marks the reader's screen needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.folding import fold, sequence
from archive.snippet import HTML, PLAIN, Marks, highlight, snippet, spans

TEXT = "一、基本情况\n　　本县坚持依法行政。\n二、主要做法\n　　推进“互联网＋政務服務”，办理行政复议１２件。"
NOTES = st.text(alphabet="法治政府發发，。 \n\t\u3000\u200b\u00adAＡß İΣ😀é〔〕", max_size=60)


@pytest.mark.parametrize(
    ("terms", "marked"),
    [
        (["依法"], "【依法】"),
        (["政务服务"], "【政務服務】"),
        (["互联网+"], "【互联网＋】"),
        (["12件"], "【１２件】"),
        (["情况 本县"], "【情况\n　　本县】"),
        (["行政", "行政复议"], "【行政复议】"),
        (["复议", "行政复"], "【行政复议】"),
    ],
)
def test_the_original_is_marked_however_the_term_was_spelled(terms: list[str], marked: str) -> None:
    assert marked in highlight(TEXT, terms)


@given(NOTES, st.lists(NOTES, max_size=3))
def test_marking_adds_marks_and_changes_nothing_else(text: str, terms: list[str]) -> None:
    assert highlight(text, terms, Marks("\x01", "\x02")).replace("\x01", "").replace("\x02", "") == text


@given(NOTES, st.data())
def test_whatever_search_finds_is_marked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    term = text[start : data.draw(st.integers(start, len(text)))]
    if sequence(term):
        assert any(sequence(term) in sequence(text[first:last]) for first, last in spans(text, [term]))


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_html_is_escaped_outside_and_inside_the_marks() -> None:
    assert highlight("<b>法治</b> & 政府", ["法治<"], HTML) == "&lt;b&gt;<mark>法治&lt;</mark>/b&gt; &amp; 政府"


def test_a_snippet_is_one_line_around_the_hits_and_says_what_it_leaves_out() -> None:
    line = snippet("前文" * 200 + "\n本段办理行政复议，" + "后文" * 200, ["行政复议"], width=30)
    assert "\n" not in line
    assert "本段办理【行政复议】" in line
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 40


def test_a_snippet_shows_the_place_where_most_terms_stand_together() -> None:
    text = "复议" + "甲" * 300 + "复议与培训并重" + "乙" * 300 + "培训"
    assert "【复议】与【培训】并重" in snippet(text, ["复议", "培训"], width=40)


def test_without_a_hit_the_beginning_is_shown() -> None:
    assert snippet("只有题目里有。" * 30, ["复议"], PLAIN, width=14) == "只有题目里有。只有题目里有。…"
    assert snippet("", ["复议"]) == ""
