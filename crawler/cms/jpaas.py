"""大汉 jpaas: the column page asks `page/build/unit` for each page of its list (DOMAIN.md section 6.3)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from crawler.cms import addresses
from crawler.cms.asking import asked
from crawler.cms.base import Entry, Family, NextPage, Turn, quote
from crawler.cms.mainlist import entries as generic_entries
from crawler.page import Page

_UNIT = re.compile(
    r"<script[^>]*\burl\s*=\s*[\"']([^\"']*page/build/unit)[\"'][^>]*\bqueryData\s*=\s*(\"[^\"]*\"|'\{[^>]*\}')", re.I
)
_FIELDS = ("parseType", "webId", "tplSetId", "pageType", "tagId", "editType", "pageId")


def _fragment(page: Page) -> str | None:
    """The HTML inside a build/unit answer, or None when the page is no such answer."""
    if not page.text.lstrip().startswith("{"):
        return None
    try:
        answer = json.loads(page.text)
    except ValueError:
        return None
    found = answer.get("data") if isinstance(answer, dict) else None
    inner = found.get("html") if isinstance(found, dict) else None
    return inner if isinstance(inner, str) else None


def _window(markup: str) -> tuple[int, int] | None:
    """(rows a page, rows in all) that `<div class="pagination" rows="15" count="334">` states."""
    tag = re.search(r"<\w+[^>]*\brows=[\"'](\d+)[\"'][^>]*>", markup)
    count = re.search(r"\bcount=[\"'](\d+)[\"']", tag[0]) if tag else None
    return (int(tag[1]), int(count[1])) if tag and count and int(tag[1]) else None


class Jpaas(Family):
    name = "jpaas"
    containers = (
        "//div[@id='zoom']",
        "//div[contains(@class, 'article-content')]",
        "//div[contains(@class, 'con_main')]",
    )
    article_url = (addresses.ARTICLE_PATTERNS["art-hex"], addresses.ARTICLE_PATTERNS["art"])

    def fingerprint(self, page: Page) -> str | None:
        if "jpaas-publish-server" in page.text or "page/build/unit" in page.text:
            return "page/build/unit"
        return "answer of page/build/unit" if _fragment(page) is not None and "build/unit" in page.url else None

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        inner = _fragment(page)
        return None if inner is None else generic_entries(replace(page, text=f"<html><body>{inner}</body></html>"))

    def next_page(self, page: Page) -> Turn | None:
        inner = _fragment(page)
        return _from_shell(page) if inner is None else _from_answer(page, inner)


def _request(page: Page, unit: str, query: dict[str, str], number: int, rows: int) -> NextPage:
    compact = json.dumps({"pageNo": number, "pageSize": rows}, separators=(",", ":"))
    url = f"{unit}?{urlencode({**query, 'paramJson': compact})}"
    # The column page stays the referrer of all its pages, as in a browser.
    known = asked(page.url).headers
    return NextPage(url, headers=known or (("Referer", page.url), ("X-Requested-With", "XMLHttpRequest")))


def _from_shell(page: Page) -> Turn | None:
    """The column page: page 2 when it shows rows of its own and says how many there are, else page 1."""
    for address, raw in _UNIT.findall(page.text):
        query = dict(re.findall(r"['\"](\w+)['\"]\s*:\s*['\"]([^'\"]*)['\"]", unescape(raw[1:-1])))
        unit = addresses.join(page.url, address)
        if unit is None or "tagId" not in query:
            continue
        window = _window(page.text)
        rows, count = window or (15, None)
        pages = None if count is None else -(-count // rows)
        if pages == 1:
            return Turn(
                quote(f"queryData {raw}"),
                stop_reason="last page: the list states one page",
                page_count=1,
                record_count=count,
            )
        request = _request(
            page, unit, {name: query[name] for name in _FIELDS if name in query}, 2 if window else 1, rows
        )
        return Turn(quote(f"queryData {raw}"), url=request.url, request=request, page_count=pages, record_count=count)
    return None


def _from_answer(page: Page, inner: str) -> Turn | None:
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    try:
        asked = json.loads(query.pop("paramJson", "{}"))
        number = int(asked["pageNo"])
    except (ValueError, KeyError, TypeError):
        return None
    window = _window(inner)
    if window is None:
        return None
    pages = -(-window[1] // window[0])
    call = f"pagination rows={window[0]} count={window[1]}, page {number}"
    if number >= pages:
        return Turn(call, stop_reason=f"last page: {number} of {pages}", page_count=pages, record_count=window[1])
    request = _request(
        page, urljoin(page.url, urlsplit(page.url).path), query, number + 1, int(asked.get("pageSize", window[0]))
    )
    return Turn(call, url=request.url, request=request, page_count=pages, record_count=window[1])
