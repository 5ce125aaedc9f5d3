"""TRS WCM (拓尔思) and its lookalikes: static pages `index_1.html`, counted by a script (DOMAIN.md section 6.1)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms import addresses, staticpages
from crawler.cms.base import Family, Turn, quote
from crawler.cms.pager import scripts
from crawler.page import Page

_MARKS = (
    *("createPageHTML", "TRS_Editor", "TRS_UEDITOR", "trs_editor_view"),
    *("TRS_AUTOADD", "_trs_ta_js", "TRSWCM", "trsapi"),
)


class Trs(Family):
    name = "trs"
    containers = (
        "//div[contains(concat(' ', @class, ' '), ' TRS_UEDITOR ')]",
        "//div[contains(concat(' ', @class, ' '), ' TRS_Editor ')]",
        "//div[contains(concat(' ', @class, ' '), ' trs_editor_view ')]",
        "//*[@id='zoom' or @id='Zoom']",
        "//div[contains(concat(' ', @class, ' '), ' article-content ')]",
    )
    article_url = (addresses.ARTICLE_PATTERNS["t-date"],)

    def fingerprint(self, page: Page) -> str | None:
        mark = next((mark for mark in _MARKS if mark in page.text), None)
        if mark is not None:
            return mark
        if addresses.ARTICLE_PATTERNS["t-date"].search(urlsplit(page.url).path):
            return "URL of the form t20260911_123.html"
        linked = re.search(r"href=['\"][^'\"]*/t(?:19|20)\d{6}_\d+\.s?html?['\"]", page.text)
        return quote(linked[0]) if linked else None

    def next_page(self, page: Page) -> Turn | None:
        code = scripts(page)
        found = (
            staticpages.read_object(code)
            or staticpages.read_calls(page, code)
            or staticpages.read_list_model(page, code)
            or staticpages.read_variables(code)
            or staticpages.read_set_page(page, code)
            or staticpages.read_attributes(page)
            or staticpages.read_comments(page)
        )
        return None if found is None else found.turn(page)
