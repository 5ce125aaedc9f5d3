"""大汉's disclosure directory: the column page posts a form to `/module/xxgk/search.jsp` (DOMAIN.md section 6.2)."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlencode

from crawler.cms import addresses
from crawler.cms.asking import asked, plain
from crawler.cms.base import Family, NextPage, Turn, quote
from crawler.cms.pager import counts
from crawler.page import Page

_CALL = "module/xxgk/search.jsp"
_ADDRESS = re.compile(rf"['\"]([^'\"\s]*/?{_CALL})(?:\?([^'\"\s]*))?['\"]", re.I)
# What the form sends: a string of parameters in a script, in one piece.
_FORM = re.compile(r"['\"]([^'\"]*\b(?:infotypeId|divid|jdid)=[^'\"]*)['\"]", re.I)
_NAMES = {
    name.lower(): name
    for name in (
        *("infotypeId", "jdid", "area", "divid", "vc_title", "vc_number", "sortfield", "currpage"),
        *("vc_filenumber", "vc_all", "texttype", "fbtime", "standardXxgk", "isAllList", "unit", "nrhid"),
    )
}


class Xxgk(Family):
    name = "xxgk"
    containers = ("//div[@id='zoom']", "//*[contains(@class, 'bt_content')]")
    article_url = (addresses.ARTICLE_PATTERNS["art"], addresses.ARTICLE_PATTERNS["art-hex"])

    def fingerprint(self, page: Page) -> str | None:
        if _CALL in page.url:
            return f"answer of {_CALL}"
        return _CALL if _CALL in page.text and _form(page) else None

    def next_page(self, page: Page) -> Turn | None:
        return _from_answer(page) if _CALL in page.url else _from_column(page)


def _form(page: Page) -> dict[str, str]:
    """The fields the column's script sends; empty where none of them says what is wanted."""
    address = _ADDRESS.search(page.text)
    raw = [address[2] or ""] if address else []
    raw += [found for found in _FORM.findall(page.text) if "<" not in found]
    fields: dict[str, str] = {}
    for one in raw:
        query = unescape(one).partition("?")[2] or unescape(one)
        for name, value in parse_qsl(query, keep_blank_values=True):
            known = _NAMES.get(name.lower())
            if known is not None and (value or known not in fields):
                fields[known] = value
    return fields if any(fields.get(name) for name in ("infotypeId", "jdid", "area")) else {}


def _from_column(page: Page) -> Turn | None:
    """The form for page 1, as the column's script sends it when it is opened."""
    address, fields = _ADDRESS.search(page.text), _form(page)
    url = addresses.join(addresses.base_of(page), address[1]) if address else None
    if url is None or not fields:
        return None
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-Requested-With", "XMLHttpRequest"),
        ("Referer", plain(page.url)),
    )
    body = urlencode(fields | {"currpage": "1"}).encode()
    return Turn(quote(f"{_CALL} {urlencode(fields)}"), request=NextPage(url, "POST", body, headers))


def _from_answer(page: Page) -> Turn | None:
    """The same form with `currpage` one higher, until the number of pages the answer states."""
    request = asked(page.url)
    fields = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if not fields.get("currpage", "").isdecimal():
        return None
    number, (pages, records) = int(fields["currpage"]), counts(page)
    call = f"currpage {number} of {pages}"
    if pages is None or number >= pages:
        return Turn(call, stop_reason=f"last page: {number} of {pages}", page_count=pages, record_count=records)
    body = urlencode(fields | {"currpage": str(number + 1)}).encode()
    return Turn(call, request=replace(request, body=body), page_count=pages, record_count=records)
