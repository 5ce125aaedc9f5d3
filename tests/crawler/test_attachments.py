"""What a file is, by its bytes, and what it says: kinds, text in reading order, and files made to do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Extract
from crawler.attachments import MAX_CHARS, extract, kind_of, office, pdf
from crawler.capped import CappedReader, ReadingFailedError
from tests.crawler import files_made as made
from tests.crawler.files_made import column

HEAD = "白河区2021年重大行政决策事项目录"
LONG = "为了规范重大行政决策程序，提高决策质量和效率，明确决策责任，根据有关法律法规，结合白河区实际，制定本目录。"
SECOND = "二、本目录实行动态调整，由区政府办公室会同区司法局负责解释。"
OFFICE_PAGE = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>事项</td><td>件数</td></tr>'
    "<tr><td>许可</td><td>12<br>件</td></tr></table></html>"
)
RTF = (
    b"{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0 SimSun;}}\\pard "
    + "".join(f"\\'{byte:02x}" for byte in "白河区公告".encode("gbk")).encode()
)


def text(body: bytes) -> str:
    found = extract(body)
    assert found is not None
    assert found.text is not None, found
    return found.text


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (made.docx(LONG, [["序号", "事项"], ["1", "规划"]], SECOND), "docx", f"{LONG}\n序号\t事项\n1\t规划\n{SECOND}"),
        (made.doc(f"{LONG}\r事项\x07部门\x07\x07规划\x07住建局\x07\x07"), "doc", f"{LONG}\n事项\t部门\n规划\t住建局"),
        (made.doc("Plan 2021\r\x13HYPERLINK \"http://a.example\"\x14见附件\x15。"), "doc", "Plan 2021\n见附件。"),
        (made.xls([["事项", "件数"], ["许可", 4120.0]]), "xls", "事项\t件数\n许可\t4120"),
        (made.xlsx({"甲": [["事项"], ["许可", 12.5]], "乙": [["无"]]}), "xlsx", "甲\n事项\n许可\t12.5\n乙\n无"),
        (made.ofd([[(30, 40, 5, "公示"), (30, 50, 5, "附件"), (60, 50, 5, "名单")]]), "ofd", "公示\n附件\t名单"),
        (made.zipped({"名单.docx": b"x", "附件/表.xlsx": b"y"}), "zip", "名单.docx\n附件/表.xlsx"),
        (OFFICE_PAGE.encode("gbk"), "html", "事项\t件数\n许可\t12 件"),
        (RTF + b"\\u31038?\\par \\'cd\\'ea}", "rtf", "白河区公告社\n完"),
        ("第一行\r\n第二行".encode("gb18030"), "txt", "第一行\n第二行"),
        ("\ufeff第一行".encode("utf-16"), "txt", "第一行"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)  # fmt: skip
def test_the_text_of_each_kind_whatever_the_file_is_called(body: bytes, kind: str, said: str) -> None:
    found = extract(body)
    assert found is not None
    assert (found.kind, found.text) == (kind, said)


def test_a_pdf_is_read_in_the_order_of_its_lines_and_sentences_are_whole() -> None:
    pages = [[*column(HEAD, LONG, SECOND), (280, 40, 10, "— 1 —")], column("三、本目录自公布之日起施行。")]
    assert text(made.pdf(pages)) == "\n".join([HEAD, LONG, SECOND, "三、本目录自公布之日起施行。"])


def test_what_a_pdf_draws_late_stands_where_it_is_seen() -> None:
    """Quotation marks of another font come after the line, as programs write them."""
    pieces = [
        (90.0, 700.0, 16.0, "坚持"),
        (138.0, 700.0, 16.0, "依法行政"),
        (90.0, 672.0, 16.0, "下一行"),
        (122.0, 700.4, 16.0, "“"),
    ]
    assert text(made.pdf([pieces])).splitlines()[0] == "坚持“依法行政"


def test_two_columns_of_a_pdf_are_not_mixed() -> None:
    left = [(60.0, 700.0 - 25 * n, 14.0, f"左栏第{n}行文字") for n in range(6)]
    right = [(320.0, 700.0 - 25 * n, 14.0, f"右栏第{n}行文字") for n in range(6)]
    said = text(made.pdf([[*left, *right]])).replace("\n", "")
    assert said.index("左栏第5行") < said.index("右栏第0行")


def test_radicals_that_only_look_like_letters_become_the_letters() -> None:
    assert text(made.pdf([[(90.0, 700.0, 16.0, "⽩河区⼈⺠政府")]])) == "白河区人民政府"


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (made.pdf([[], []]), "pdf", "2 pages without text"),
        (made.pdf([[(1.0, 1.0, 9.0, "x")]], encrypt=True), "pdf", "locked with a password"),
        (b"%PDF-1.5\n%broken", "pdf", "broken"),
        (made.doc("文", encrypted=True), "doc", "locked with a password"),
        (made.ole({"EncryptedPackage": b"x" * 99}), "office file, encrypted", "no reader"),
        (made.ole({"PowerPoint Document": b"x"}), "ppt", "no reader"),
        (made.docx("x")[:200], "zip", "broken"),
        (b"PK\x03\x04" + bytes(40), "zip", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ole", "no reader"),
        (b"Rar!\x1a\x07\x01\x00abc", "rar", "no reader"),
        (b"\xff\xd8\xff\xe0abc", "jpg", "a picture"),
        (bytes(range(32)) * 9, "unknown", "no reader"),
    ],
)
def test_a_file_without_text_says_why(body: bytes, kind: str, why: str) -> None:
    found = extract(body)
    assert found is not None
    assert (found.kind, found.text) == (kind, None)
    assert why in (found.reason or "")


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>404 Not Found</body></html>",
        "\ufeff<!DOCTYPE html><title>文件不存在</title>".encode(),
        b"\r\n  <script>location.href='/'</script>",
        b'{"code":404,"msg":"no such file"}',
        b"<html><body>%PDF-1.4 is what you wanted</body></html>",
        b"",
        b"  \r\n",
    ],
)
def test_a_page_or_an_answer_to_a_script_is_no_file(body: bytes) -> None:
    assert extract(body) is None


def test_a_tracked_deletion_and_what_is_there_twice_are_not_told() -> None:
    more = (
        "<w:p><w:r><w:t>保留</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:p><w:r><w:t>框内</w:t></w:r></w:p></mc:Choice>'
        "<mc:Fallback><w:p><w:r><w:t>框内</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
    )
    assert text(made.docx("第一段", more=more)) == "第一段\n保留\n框内"


# --- files made to do harm --------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MEMBER_BYTES", 100_000)
    found = extract(made.zipped({"word/document.xml": b"<a>" + b"x" * 1_000_000}))
    assert found is not None
    assert (found.text, "a bomb" in (found.reason or "")) == (None, True)


def test_entities_of_an_xml_bomb_are_not_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "' + "哈" * 999 + '"><!ENTITY b "' + "&a;" * 999 + '">]>'
    body = f'{bomb}<w:document xmlns:w="urn:w"><w:p><w:t>正文&b;</w:t></w:p></w:document>'
    found = extract(made.zipped({"word/document.xml": body}))
    assert found is not None
    assert len(found.text or "") < 1000
    outside = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:p xmlns:w="urn:w"><w:t>&a;</w:t></w:p>'
    assert "root:" not in str(extract(made.zipped({"word/document.xml": outside})))


def test_a_pdf_of_very_many_pages_is_read_so_far_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PAGES", 3)
    found = extract(made.pdf([[(90.0, 700.0, 16.0, f"第{n}页")] for n in range(10)]))
    assert found is not None
    assert found.reason == "the first 3 of 10 pages only"
    assert (found.text or "").count("页") == 3


def test_a_text_without_end_is_cut_and_says_so() -> None:
    found = extract(("公" * 1000 + "\n").encode() * (MAX_CHARS // 1000 + 5))
    assert found is not None
    assert len(found.text or "") <= MAX_CHARS + MAX_CHARS // 1000
    assert found.reason == f"the first {MAX_CHARS} characters only"


SOUND = [
    made.docx(LONG, [["甲", "乙"]]),
    made.doc(LONG),
    made.xls([["甲", 1.0]]),
    made.xlsx({"甲": [["乙"]]}),
    made.ofd([[(30, 30, 5, "公示")]]),
    made.pdf([column(LONG)]),
    RTF + b"}",
]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SOUND), st.data())
def test_a_spoiled_file_gives_text_or_a_reason_and_never_raises(body: bytes, data: st.DataObject) -> None:
    """Bytes changed or cut anywhere: what comes out can be stored."""
    cut = data.draw(st.integers(1, len(body)))
    spoiled = bytearray(body[:cut])
    for _ in range(data.draw(st.integers(0, 6))):
        spoiled[data.draw(st.integers(0, cut - 1))] = data.draw(st.integers(0, 255))
    found = extract(bytes(spoiled))
    assert found is None or found.text or found.reason
    if found is not None and found.text is not None:
        found.text.encode()


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"<?xml "]),
)
def test_any_bytes_are_of_some_kind_or_no_file(body: bytes, head: bytes) -> None:
    assert isinstance(extract(head + body), Extract | None)
    assert isinstance(kind_of(head + body), str | None)


@pytest.fixture(scope="module")
def capped() -> Iterator[Callable[..., object]]:
    reader = CappedReader(20, 3072)
    yield reader.read
    reader.close()


def test_a_bomb_that_gets_through_ends_its_process_and_not_the_crawl(capped: Callable[..., object]) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        file.writestr("xl/workbook.xml", b"<workbook>" + b" " * 60_000_000)
    try:
        found = capped(out.getvalue(), "http://a.example/a.xlsx", as_kind="file")
        assert found.extract.text is None  # type: ignore[attr-defined]
    except ReadingFailedError:
        pass
    again = capped(made.docx("还在"), "http://a.example/a.docx", as_kind="file")
    assert again.extract.text == "还在"  # type: ignore[attr-defined]
