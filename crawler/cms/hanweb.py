"""大汉 (Hanweb) JCMS: lists embedded as XML records, further pages from `dataproxy.jsp` (DOMAIN.md section 6.2)."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlencode

from crawler.cms import addresses
from crawler.cms.asking import asked, plain
from crawler.cms.base import Entry, Family, NextPage, Turn, quote
from crawler.cms.mainlist import entries as generic_entries
from crawler.page import Page

_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.S | re.I)
_NEXT_GROUP = re.compile(r"<nextgroup>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</nextgroup>", re.S | re.I)
_JPAGE = re.compile(r"\.jpage\(\s*\{(.*?)\}\s*\)", re.S)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)|\btotalRecord\s*[:=]\s*['\"]?(\d+)", re.I)
_PROXIES = "/module/web/jpage/dataproxy.jsp"


class Hanweb(Family):
    name = "hanweb"
    containers = (
        "//div[@id='zoom']",
        "//div[@id='content']",
        "//td[@id='zoom' or @class='bt_content']",
        "//div[contains(@class, 'main-txt')]",
    )
    article_url = (addresses.ARTICLE_PATTERNS["art"], addresses.ARTICLE_PATTERNS["art-hex"])

    def fingerprint(self, page: Page) -> str | None:
        for mark in (
            "<datastore>",
            "dataproxy.jsp",
            ".jpage(",
            "大汉版通",
            "<!--<$[信息内容]>begin-->",
            "jpage/script",
        ):
            if mark in page.text:
                return mark
        linked = re.search(
            r"/art/(?:19|20)\d{2}/(?:\d\d?/\d\d?/art_\d+_\d+|art_[0-9a-f]{32})\.html?", page.url
        ) or re.search(
            r"href=['\"][^'\"]*/art/(?:19|20)\d{2}/(?:\d\d?/\d\d?/art_\d+_\d+|art_[0-9a-f]{32})\.html?", page.text
        )
        return quote(linked[0]) if linked else None

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        return record_entries(page)

    def next_page(self, page: Page) -> Turn | None:
        if not any(mark in page.text for mark in ("jpage", "nextgroup", "datastore", "NEXTGROUP")):
            return None
        total = _TOTAL.search(page.text)
        records = int(total[1] or total[2]) if total else None
        group = _NEXT_GROUP.search(page.text)
        if group is not None:
            link = re.search(r"href=['\"]([^'\"]+)['\"]", unescape(group[1]))
            url = addresses.join(addresses.base_of(page), link[1]) if link else None
            if url is not None and not _is_end(page, url):
                return Turn(quote(f"<nextgroup> {url}"), url=url, record_count=records)
            return Turn("<nextgroup>", stop_reason="last page: <nextgroup> names no further page", record_count=records)
        return _from_form(page, records) or _after_window(page, records)


def records_in(text: str) -> list[str]:
    """The markup of each `<record>`."""
    return [unescape(record) if "&lt;" in record else record for record in _RECORD.findall(text)]


def record_entries(page: Page) -> tuple[Entry, ...] | None:
    """The records cut out of the XML and read as the rows of one list: an HTML parser sees script text only."""
    records = records_in(page.text)
    if not records:
        return None
    inner = re.sub(r"</?(?:html|body|table|tbody)[^>]*>", "", "\n".join(records), flags=re.I)
    table = bool(re.match(r"\s*<tr", records[0], re.I))
    markup = f"<table>{inner}</table>" if table else f"<div>{inner}</div>"
    return generic_entries(replace(page, text=f"<html><body>{markup}</body></html>"))


def _is_end(page: Page, url: str) -> bool:
    """A server that runs out of pages goes on naming a next one: an answer without records is the end."""
    return not _RECORD.search(page.text) or addresses.key(url) == addresses.key(page.url)


def _after_window(page: Page, records: int | None) -> Turn | None:
    """The window of records after the one this answer was asked for by POST."""
    request = asked(page.url)
    bare, _, raw = request.url.partition("?")
    query = dict(parse_qsl(raw))
    held = len(_RECORD.findall(page.text))
    if request.method != "POST" or not all(query.get(name, "").isdecimal() for name in ("startrecord", "endrecord")):
        return None
    first, last = int(query["startrecord"]), int(query["endrecord"])
    call = f"records {first} to {last} of {records}"
    if not held or (records is not None and last >= records):
        return Turn(call, stop_reason=f"last page: {records} records", record_count=records)
    until = last + max(last - first + 1, 1)
    window = query | {"startrecord": str(last + 1), "endrecord": str(until if records is None else min(until, records))}
    return Turn(call, request=replace(request, url=f"{bare}?{urlencode(window)}"), record_count=records)


def _from_form(page: Page, records: int | None) -> Turn | None:
    """Without `<nextgroup>` the form is in `var param_NNN = {columnid:…, unitid:'…'}` beside the jpage call."""
    form = re.search(r"\bparam_\w+\s*=\s*\{(.*?)\}", page.text, re.S)
    call = _JPAGE.search(page.text)
    if form is None or call is None:
        return None
    fields = dict(re.findall(r"(\w+)\s*:\s*['\"]?([^,'\"\s}]*)", form[1]))
    per_page = re.search(r"\bperPage\s*:\s*['\"]?(\d+)", call[1])
    if "unitid" not in fields or per_page is None or records is None:
        return None
    held = len(_RECORD.findall(page.text)) or int(per_page[1])
    if held >= records:
        return Turn(quote(call[0]), stop_reason=f"last page: all {records} records are on it", record_count=records)
    path = re.search(r"proxyUrl\s*:\s*['\"]([^'\"]+)", call[1])
    window = {
        "startrecord": held + 1,
        "endrecord": min(held + 3 * int(per_page[1]), records),
        "perpage": int(per_page[1]),
    }
    url = addresses.join(addresses.base_of(page), f"{path[1] if path else _PROXIES}?{urlencode(window)}")
    body = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0", **fields}
    if url is None:
        return None
    header = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-Requested-With", "XMLHttpRequest"),
        ("Referer", plain(page.url)),
    )
    return Turn(quote(call[0]), request=NextPage(url, "POST", urlencode(body).encode(), header), record_count=records)
