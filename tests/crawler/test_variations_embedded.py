"""Documents that a page shows as a file in a frame: read as what they are, with the file as attachment."""

from __future__ import annotations

import pytest

from crawler.reading import read
from tests.crawler.test_variations_titles import MENU, URL

TITLE = "临河市突发事件应急预案汇编"


@pytest.mark.parametrize(
    "shown",
    [
        '<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2Fyjya.pdf" width="100%"></iframe>',
        '<embed src="/files/yjya.pdf" width="100%" height="600">',
        '<object data="/files/yjya.pdf" type="application/pdf"></object>',
        """<script>document.write('<iframe src="/files/yjya.pdf"></iframe>')</script>""",
    ],
)
@pytest.mark.parametrize("before", ["", "<p>现将应急预案汇编予以公布，请各县区、各部门认真学习，遵照执行。</p>"])
def test_a_file_shown_in_the_page_is_an_attachment(shown: str, before: str) -> None:
    body = f"<h1>{TITLE}</h1><p>发布时间：2023-05-06　来源：市应急管理局</p><div class=content>{before}{shown}</div>"
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{MENU}{body}</body></html>"
    reading = read(page.encode(), URL)
    assert reading.kind == "notice"
    assert reading.record is not None
    assert [file.url for file in reading.record.attachments] == ["http://www.example.gov.cn/files/yjya.pdf"]
    assert (reading.record.title, reading.record.published) == (TITLE, "2023-05-06")


def test_a_player_in_a_frame_is_no_file() -> None:
    page = f"<html><meta charset=utf-8><title>{TITLE}</title><h1>{TITLE}</h1><iframe src='/player.html?id=1'></iframe>"
    record = read(page.encode(), URL, as_kind="notice").record
    assert record is not None
    assert record.attachments == ()
