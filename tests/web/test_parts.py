"""The parts pages are made of, without a server."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import QuestionError
from archive.model import Capture, Record
from archive.web import changes, typesetting
from archive.web.cleaning import clean, decode
from archive.web.language import LANGUAGES, choose, words

TEMPLATES = Path(typesetting.__file__).parent / "templates"
LINES = st.lists(st.text(st.sampled_from('一二（）、法治<>&"\t 年abc12'), max_size=30), max_size=20).map("\n".join)


def plain(html: str) -> str:
    return unescape(re.sub(r"</?(?:b|mark)>", "", html))


@given(LINES, st.sampled_from(["", "法治", "a", "<"]))
def test_the_text_is_set_without_adding_losing_or_moving_a_character(text: str, term: str) -> None:
    set_text = []
    for block in typesetting.blocks(Record("http://a.example/", text=text), [term] if term else []):
        rows = block.rows or ((block.html,),)
        set_text += [plain(str(cell)) for row in rows for cell in row]
    cells = [cell for line in text.split("\n") if line.strip() or "\t" in line for cell in line.split("\t")]
    assert "".join(set_text) == "".join(cells)


@given(LINES, LINES)
def test_both_sides_of_a_comparison_are_the_two_texts(old: str, new: str) -> None:
    told = changes.side_by_side(Record("http://a.example/", text=old), Record("http://a.example/", text=new))
    left = ["".join(part.text for part in row.left) for row in told.rows if row.kind in {"changed", "gone"}]
    right = ["".join(part.text for part in row.right) for row in told.rows if row.kind in {"changed", "come"}]
    assert set(left) <= set(old.split("\n"))
    assert set(right) <= set(new.split("\n"))
    # Blank lines apart, it says "no difference" exactly when there is none.
    assert told.same or old != new
    assert not told.same or [*filter(None, old.split("\n"))] == [*filter(None, new.split("\n"))]


def test_texts_too_long_for_a_page_are_refused_with_what_to_do() -> None:
    long = Record("http://a.example/", text="法" * 100_000)
    with pytest.raises(QuestionError, match="gongbao diff"):
        changes.side_by_side(long, Record("http://a.example/", text="治"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_a_template_says_is_there_in_both_languages(language: str) -> None:
    told = words(language)
    used = set()
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        used |= set(re.findall(r"\bw\.(\w+)", text)) | set(re.findall(r"\bw\[\"(\w+)\"\]", text))
    assert used - {"warned_"} <= set(told)
    assert not used & set(dir({}))
    assert all(told.values())


@given(st.text(max_size=40), st.text(max_size=60))
def test_no_header_or_cookie_breaks_the_choice_of_a_language(cookie: str, accepted: str) -> None:
    assert choose(None, cookie, accepted) in LANGUAGES


def test_a_page_labelled_gb2312_is_shown_as_the_gb18030_it_is() -> None:
    body = "<p>镕基同志</p>".encode("gb18030")
    capture = Capture(
        "http://a.example/", "2026-01-01T00:00:00Z", 200, (("Content-Type", "text/html; charset=gb2312"),), body
    )
    assert "镕基同志" in clean(capture, None).decode()


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "gb18030", "no-such-code"]))
def test_any_bytes_are_shown_somehow(body: bytes, encoding: str | None) -> None:
    assert isinstance(decode(body, encoding), str)
