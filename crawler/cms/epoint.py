"""Epoint (新点) EWB: static numbered pages, and disclosure lists asked by POST of JSON (DOMAIN.md section 6.4)."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from crawler.cms import addresses
from crawler.cms.asking import asked
from crawler.cms.base import Entry, Family, NextPage, Turn, quote
from crawler.cms.dates import full_date
from crawler.page import Page


class Epoint(Family):
    name = "epoint"
    containers = (
        "//*[contains(@class, 'ewb-article-info')]",
        "//*[contains(@class, 'ewb-info-content')]",
        "//*[contains(@class, 'article-info')]",
    )
    article_url = (addresses.ARTICLE_PATTERNS["uuid"],)

    def fingerprint(self, page: Page) -> str | None:
        for mark in ("webBuilderCommon.js", "ewb-", "EpointWebBuilder", "getgovinfolist", "lightfrontaction"):
            if mark in page.text:
                return mark
        return None

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        """The rows of a `getgovinfolist` answer."""
        rows = _answer(page)
        if rows is None:
            return None
        found: list[Entry] = []
        for row in rows:
            url = addresses.join(page.url, str(row.get("infourl") or ""))
            if url is not None:
                title = str(row.get("realtitle") or row.get("title") or "").strip()
                day = full_date(str(row.get("infodate") or row.get("pubdate") or ""))
                found.append(Entry(url, title or None, day))
        return tuple(found)

    def next_page(self, page: Page) -> Turn | None:
        """The request a disclosure column sends for its first page, where its parameters stand on the page.

        The answer does not repeat them: the request that got it is asked again with `pageIndex` one higher until no
        row comes back.
        """
        rows = _answer(page)
        if rows is not None:
            return _after(page, len(rows))
        if "getgovinfolist" not in page.text:
            return None
        fields = {
            name: found[1]
            for name in ("deptcode", "categorynum", "siteGuid", "pageSize")
            if (found := re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]?([\w-]+)", page.text, re.I))
        }
        if not {"categorynum", "siteGuid"} <= fields.keys():
            return None
        address = re.search(r"['\"]([^'\"]*rest/lightfrontaction/getgovinfolist)['\"]", page.text)
        url = addresses.join(
            page.url, address[1] if address else "/EpointWebBuilder/rest/lightfrontaction/getgovinfolist"
        )
        if url is None:
            return None
        body = {"token": "", "params": {"deptcode": "", "pageSize": "20", **fields, "pageIndex": 0}}
        request = NextPage(
            url, "POST", json.dumps(body).encode(), (("Content-Type", "application/json"), ("Referer", page.url))
        )
        return Turn(quote(f"getgovinfolist {fields}"), request=request)


def _after(page: Page, rows: int) -> Turn | None:
    """The same request for the next page; nothing when it is not known how this answer was asked for."""
    request = asked(page.url)
    try:
        body = json.loads(request.body)
        number = int(body["params"]["pageIndex"])
    except (ValueError, KeyError, TypeError):
        return None
    if not rows:
        return Turn(f"pageIndex {number}", stop_reason="last page: no row came back")
    body["params"]["pageIndex"] = number + 1
    return Turn(f"pageIndex {number}", request=replace(request, body=json.dumps(body).encode()))


def _answer(page: Page) -> list[dict[str, object]] | None:
    if not page.text.lstrip().startswith("{") or '"custom"' not in page.text:
        return None
    try:
        found = json.loads(page.text)
        rows = found["custom"]["data"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(rows, list) or (rows and "infourl" not in page.text):
        return None
    return [row for row in rows if isinstance(row, dict)]
