"""Bytes become text by what they are, whatever header and page say they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decoding import declared, decode

SENTENCE = "各镇人民政府，区政府各部门：现将《政务公开办法》印发给你们，请认真贯彻执行。镕喆堃"
TRADITIONAL = "各鎮公所，縣政府各部門：現將《政務公開辦法》印發給你們，請認真貫徹執行，並於每月五日前報告實施情形。"


def page(sentence: str, label: str | None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    return f"<html><head>{meta}<title>{sentence[:6]}</title></head><body><p>{sentence}</p></body></html>"


@pytest.mark.parametrize("label", ["utf-8", "gb2312", "gbk", "iso-8859-1", "big5", "nonsense", None])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_page_is_read_right_whatever_its_label_says(encoding: str, label: str | None) -> None:
    source = page(SENTENCE, label)
    assert decode(source.encode(encoding)).text == source


@pytest.mark.parametrize(
    "header", ["text/html; charset=utf-8", "text/html;charset=ISO-8859-1", "text/html", None, "text/html; charset="]
)
def test_a_header_that_lies_changes_nothing(header: str | None) -> None:
    source = page(SENTENCE, None)
    decoded = decode(source.encode("gb18030"), header)
    assert (decoded.text, decoded.encoding) == (source, "gb18030")


def test_the_reason_says_that_the_label_was_not_believed() -> None:
    assert decode(page(SENTENCE, "utf-8").encode("gb18030")).reason == "strict gb18030, although declared utf-8"
    assert decode(page(SENTENCE, "gb2312").encode("gb18030")).reason == "strict gb18030, as declared"
    assert decode(page(SENTENCE, None).encode("utf-8")).reason == "strict UTF-8, undeclared"


def test_traditional_pages_in_big5_are_read_right() -> None:
    source = page(TRADITIONAL, "utf-8")
    decoded = decode(source.encode("big5hkscs"))
    assert (decoded.text, decoded.encoding) == (source, "big5hkscs")


def test_a_utf8_page_cut_off_in_mid_character_stays_utf8() -> None:
    body = page(SENTENCE * 20, None).encode()
    decoded = decode(body[: body.index("镇".encode(), 1500) + 1])
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith("<html>")
    assert "1 damaged" in decoded.reason


def test_a_gb18030_page_with_a_broken_byte_stays_gb18030() -> None:
    body = page(SENTENCE * 20, "utf-8").encode("gb18030")
    decoded = decode(body[:700] + b"\xff" + body[700:])
    assert decoded.encoding == "gb18030"
    assert decoded.text.count(SENTENCE) >= 15


def test_utf8_that_went_through_latin1_is_brought_back() -> None:
    source = page(SENTENCE, "utf-8")
    decoded = decode(source.encode().decode("latin-1").encode())
    assert decoded.text == source
    assert "latin-1" in decoded.reason


def test_the_header_is_heard_before_the_page() -> None:
    assert declared(b"<meta charset=gbk>", "text/html; charset=big5") == "big5hkscs"
    assert declared(b"<meta charset=gbk>", "text/html; charset=x-unheard-of") == "gb18030"
    assert declared(b"<p>", None) is None


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_no_bytes_and_no_header_raise(body: bytes, header: str | None) -> None:
    decoded = decode(body, header)
    assert decoded.encoding
    assert decoded.reason


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1))
def test_any_chinese_in_utf8_is_read_right(text: str) -> None:
    assert decode(f"<p>{text}</p>".encode()).text == f"<p>{text}</p>"
