"""Work, edition, copy: the rules of archive/works.py, each as a promise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from archive import Archive
from archive.dedup import fingerprint
from archive.model import Attachment, Record
from archive.records import document_key, match_key
from tests.archive.made import RECORD, SOURCE, TEXT, URL, another_text, read

MIRROR = "http://mirror.qingshi.example/news/88.html"
EDITED = TEXT.replace("4120", "4210")


@pytest.fixture
def run(archive: Archive) -> int:
    return archive.start_run(SOURCE)


def test_a_first_reading_founds_a_document_whose_id_follows_from_its_url(archive: Archive, run: int) -> None:
    outcome = read(archive, run, RECORD)
    assert (outcome.state, outcome.document_id) == ("new", document_key(URL))
    document = archive.document(document_key(URL))
    assert document is not None
    assert document.record == RECORD


def test_the_same_page_again_is_unchanged_and_seen_longer(archive: Archive, run: int) -> None:
    read(archive, run, RECORD, n=0)
    later = archive.start_run(SOURCE)
    assert read(archive, later, RECORD, n=9, evidence={"title": "h1"}, body=b"other chrome").state == "unchanged"
    document = archive.document(document_key(URL))
    assert document is not None
    assert (len(document.versions), document.first_seen, document.last_seen) == (
        1,
        "2026-01-01T12:00:00Z",
        "2026-01-10T12:00:00Z",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"text": EDITED},
        {"title": "青石区2021年法治政府建设年度报告（修订）"},
        {"published": "2022-02-01"},
        {"document_number": "青政发〔2022〕3号"},
        {"attachments": (Attachment("http://www.qingshi.example/a.pdf", "附件1"),)},
    ],
)
def test_an_edit_is_a_new_version_and_the_old_one_stays(archive: Archive, run: int, change: dict[str, Any]) -> None:
    first = read(archive, run, RECORD, n=0)
    second = read(archive, archive.start_run(SOURCE), RECORD, n=5, **change)
    assert (second.state, second.document_id) == ("changed", first.document_id)
    document = archive.document(str(first.document_id))
    assert document is not None
    assert [version.record for version in document.versions] == [RECORD, replace(RECORD, **change)]
    assert [version.cause for version in document.versions] == ["publisher", "publisher"]
    assert document.record == replace(RECORD, **change)


def test_a_session_id_in_an_attachment_link_is_no_edit(archive: Archive, run: int) -> None:
    for n, sid in enumerate(("1A2B3C4D5E6F", "99AABBCCDDEE")):
        link = Attachment(f"http://www.qingshi.example/a.pdf;jsessionid={sid}", "附件1")
        state = read(archive, archive.start_run(SOURCE), RECORD, n=n, attachments=(link,)).state
    assert state == "unchanged"


def test_an_edit_taken_back_shows_as_two_edits(archive: Archive, run: int) -> None:
    for n, text in enumerate((TEXT, EDITED, TEXT)):
        read(archive, archive.start_run(SOURCE), RECORD, n=n, text=text)
    document = archive.document(document_key(URL))
    assert document is not None
    assert [version.record.text for version in document.versions] == [TEXT, EDITED, TEXT]


def test_the_same_bytes_read_differently_are_a_better_reading_never_an_edit(archive: Archive, run: int) -> None:
    read(archive, run, RECORD, n=0, body=b"the page")
    read(archive, archive.start_run(SOURCE), RECORD, n=1, body=b"the page with another counter")
    outcome = read(
        archive, archive.start_run(SOURCE), RECORD, n=2, body=b"the page with another counter", issuer="青石区人民政府"
    )
    document = archive.document(document_key(URL))
    assert document is not None
    assert outcome.state == "unchanged"
    assert [version.cause for version in document.versions] == ["publisher", "reader"]
    assert document.record.issuer == "青石区人民政府"


def test_the_same_text_elsewhere_is_an_appearance_with_its_own_dates(archive: Archive, run: int) -> None:
    first = read(archive, run, RECORD, n=0)
    copy = read(archive, run, RECORD, n=3, url=MIRROR, title="转载：青石区报告", text=TEXT.replace("，", ", "))
    assert (copy.state, copy.document_id) == ("duplicate", first.document_id)
    document = archive.document(str(first.document_id))
    assert document is not None
    assert [(one.url, one.main, one.first_seen[:10]) for one in document.appearances] == [
        (URL, True, "2026-01-01"),
        (MIRROR, False, "2026-01-04"),
    ]
    assert document.record == RECORD


def test_one_text_on_thirty_mirrors_is_one_document_with_thirty_appearances(archive: Archive, run: int) -> None:
    for n in range(30):
        read(archive, run, RECORD, n=n, url=f"http://m{n}.example/1.html")
    (document,) = archive.documents()
    assert len(document.appearances) == 30


def test_short_texts_are_one_work_only_when_title_and_attachments_agree(archive: Archive, run: int) -> None:
    short = replace(RECORD, text="详见附件。")
    read(archive, run, short)
    assert read(archive, run, short, url=MIRROR, title="关于另一件事的公示").state == "new"
    assert read(archive, run, short, url="http://c.example/2.html").state == "duplicate"


def test_pages_without_text_are_never_matched(archive: Archive, run: int) -> None:
    image_only = replace(RECORD, text=None, flags=("image_only",))
    assert read(archive, run, image_only).state == "new"
    assert read(archive, run, image_only, url=MIRROR).state == "new"


def test_a_copy_that_follows_the_originals_edit_stays_a_copy(archive: Archive, run: int) -> None:
    first = read(archive, run, RECORD, n=0)
    read(archive, run, RECORD, n=1, url=MIRROR)
    again = archive.start_run(SOURCE)
    read(archive, again, RECORD, n=2, text=EDITED)
    copy = read(archive, again, RECORD, n=3, url=MIRROR, text=EDITED)
    assert (copy.state, copy.document_id) == ("duplicate", first.document_id)


def test_a_copy_that_says_something_else_leaves_and_founds_its_own_document(archive: Archive, run: int) -> None:
    first = read(archive, run, RECORD, n=0)
    read(archive, run, RECORD, n=1, url=MIRROR)
    left = read(archive, archive.start_run(SOURCE), RECORD, n=2, url=MIRROR, text=another_text("车库管理"))
    assert (left.state, left.document_id) == ("changed", document_key(MIRROR))
    document = archive.document(str(first.document_id))
    assert document is not None
    assert [(one.url, one.gone is None) for one in document.appearances] == [(URL, True), (MIRROR, False)]


def test_a_copy_edited_before_its_original_comes_home(archive: Archive, run: int) -> None:
    first = read(archive, run, RECORD, n=0)
    read(archive, run, RECORD, n=1, url=MIRROR)
    again = archive.start_run(SOURCE)
    early = read(archive, again, RECORD, n=2, url=MIRROR, text=EDITED)
    assert early.document_id != first.document_id
    read(archive, again, RECORD, n=3, text=EDITED)
    (document,) = archive.documents()
    assert document.id == first.document_id
    assert len(document.appearances) == 2
    assert archive.document(str(early.document_id)) == document, (
        "an id once given leads to the document it became part of"
    )


def test_a_clone_never_becomes_the_main_copy_even_when_it_was_seen_first(archive: Archive, run: int) -> None:
    clone = read(archive, run, RECORD, n=0, url=MIRROR, integrity="cloned", title="某某娱乐-青石区报告")
    real = read(archive, run, RECORD, n=5)
    assert real.state == "duplicate"
    (document,) = archive.documents()
    assert (document.id, document.url, document.record) == (document_key(URL), URL, RECORD)
    assert archive.document(str(clone.document_id)) == document
    assert [one.integrity for one in document.appearances] == ["clean", "cloned"]


def test_a_domain_sold_on_does_not_outrank_what_it_said_before(archive: Archive, run: int) -> None:
    read(archive, run, RECORD, n=0)
    outcome = read(
        archive, archive.start_run(SOURCE), RECORD, n=9, title="彩票开奖", text=another_text("彩票"), integrity="cloned"
    )
    (document,) = archive.documents()
    assert outcome.state == "changed"
    assert document.record == RECORD
    assert document.versions[-1].record.integrity == "cloned", "kept as evidence"


def test_an_owner_keeps_its_document_whatever_it_says(archive: Archive, run: int) -> None:
    other = replace(RECORD, url="http://other.example/1.html", text=another_text("绿化"))
    read(archive, run, RECORD, n=0)
    read(archive, run, other, n=1)
    moved = read(archive, archive.start_run(SOURCE), RECORD, n=2, text=other.text)
    assert (moved.state, moved.document_id) == ("changed", document_key(URL))
    assert len(list(archive.documents())) == 2


def test_every_field_of_a_record_survives(archive: Archive, run: int) -> None:
    full = Record(
        URL, "标题", TEXT, "2022-01-18T10:00:00+08:00", "2022-01-17", "区司法局", "青石区人民政府", "11-1",
        "青政发〔2022〕1号", "综合政务", "有效", ("首页", "政务公开"), 2021, "青石区政府网", "2205030001", "220503",
        (Attachment("http://www.qingshi.example/a.pdf", "附件"),), "suspect", ("title differs",),
        ({"level": 1, "text": "一、主要举措和成效"},), ("image_only",), "gb18030", {"title": ["h1", 3]},
    )  # fmt: skip
    read(archive, run, full)
    (document,) = archive.documents()
    assert document.record == full


def test_a_better_judgement_of_the_same_content_counts_but_is_no_edit(archive: Archive, run: int) -> None:
    read(archive, run, RECORD, n=0, integrity="suspect", report_year=None)
    outcome = read(archive, archive.start_run(SOURCE), RECORD, n=1, body=b"other chrome")
    (document,) = archive.documents()
    assert outcome.state == "unchanged"
    assert [version.cause for version in document.versions] == ["publisher", "reader"]
    assert (document.record.integrity, document.record.report_year) == ("clean", 2021)


def test_the_key_of_a_long_text_is_its_fingerprint() -> None:
    assert match_key(RECORD) == fingerprint(TEXT)
    assert match_key(replace(RECORD, title="别的标题")) == fingerprint(TEXT)
