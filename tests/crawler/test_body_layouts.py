"""Every made-up document comes out whole and alone from every layout, however its paragraphs are typed."""

from __future__ import annotations

import pytest

from crawler.body import find
from crawler.page import open_page
from crawler.walk import to_text
from tests.crawler.body_documents import DOCUMENTS, TITLES, expected
from tests.crawler.body_layouts import FRAMED, TYPED


@pytest.mark.parametrize("frame", FRAMED)
@pytest.mark.parametrize("typing", TYPED)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_text_is_the_document_and_nothing_else(frame: str, typing: str, name: str) -> None:
    html = FRAMED[frame](TITLES[name], TYPED[typing](DOCUMENTS[name]))
    body = find(open_page(html.encode(), "http://www.liuxi.example/art/2021/4/8/art_1_2.html"))
    assert body.node is not None, body
    assert to_text(body.node).split("\n") == expected(DOCUMENTS[name]).split("\n"), body.how
