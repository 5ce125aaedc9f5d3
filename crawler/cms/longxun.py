"""龙讯-type sites (Anhui and others): `Ls.pagination(...)` moves `pageIndex=` in the URL (DOMAIN.md section 6.4)."""

from __future__ import annotations

import re

from crawler.cms import addresses
from crawler.cms.base import Family, Turn, quote
from crawler.cms.pager import scripts
from crawler.page import Page

_CALL = re.compile(r"Ls\.pagination\(.{0,2000}?\{[^{}]*\}\s*\)", re.S)


def with_parameter(url: str, name: str, value: int) -> str:
    """`url` with one query parameter set."""
    bare, _, query = url.partition("?")
    parts = [part for part in query.split("&") if part and part.split("=")[0].lower() != name.lower()]
    return f"{bare}?{'&'.join([*parts, f'{name}={value}'])}"


class Longxun(Family):
    name = "longxun"
    containers = ("//*[contains(@class, 'j-fontContent')]", "//*[contains(@class, 'wzcon')]")
    article_url = (addresses.ARTICLE_PATTERNS["public"],)

    def fingerprint(self, page: Page) -> str | None:
        return next(
            (mark for mark in ("Ls.pagination", "j-fontContent", "/assets/js/Ls", "Ls.main") if mark in page.text), None
        )

    def next_page(self, page: Page) -> Turn | None:
        found = _CALL.search(scripts(page))
        if found is None:
            return None
        call = found[0]
        pages = re.search(r"pageCount\s*:\s*['\"]?(\d+)", call)
        current = re.search(r"currPage\s*:\s*['\"]?(\d+)", call)
        if pages is None or current is None:
            return None
        evidence = quote(f"Ls.pagination currPage {current[1]}, pageCount {pages[1]}")
        if int(current[1]) >= int(pages[1]):
            return Turn(evidence, stop_reason=f"last page: {current[1]} of {pages[1]}", page_count=int(pages[1]))
        target = re.search(r"location\.href\s*=\s*['\"]([^'\"]*?[?&](\w+)=)['\"]\s*\+", call)
        base = addresses.join(page.url, target[1].rpartition(target[2] + "=")[0].rstrip("?&")) if target else page.url
        url = with_parameter(base or page.url, target[2] if target else "pageIndex", int(current[1]) + 1)
        return Turn(evidence, url=url, page_count=int(pages[1]))
