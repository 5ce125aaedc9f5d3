"""Lists that are JSON: an array of objects with a link and a title, whatever the names (DOMAIN.md section 6.4)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from crawler.cms import addresses
from crawler.cms.base import Entry, Family, Turn
from crawler.cms.dates import FULL, full_date, iso
from crawler.cms.longxun import with_parameter
from crawler.cms.titles import squeeze
from crawler.page import Page

_BEIJING = timezone(timedelta(hours=8))
_LINK = (
    "url",
    "infourl",
    "link",
    "href",
    "weburl",
    "docpuburl",
    "doc_pub_url",
    "puburl",
    "linkurl",
    "post_url",
    "articleurl",
    "htmlurl",
    "arturl",
)
_TITLE = (
    "realtitle",
    "title",
    "topic",
    "doctitle",
    "doc_title",
    "infotitle",
    "arttitle",
    "name",
    "subject",
    "headline",
)
_DATE = (
    "display_publish_time",
    "publishtime",
    "pubdate",
    "publishdate",
    "docreltime",
    "docpubtime",
    "pubtime",
    "pub_time",
    "release_time",
    "infodate",
    "deploytime",
    "date",
    "time",
    "createtime",
    "created_at",
)
PAGE_NAMES = ("page", "pageno", "pageindex", "pagenum", "pagenumber", "p", "currpage", "currentpage")
_PAGES = ("totalpages", "totalpage", "pagecount", "pages", "countpage")
_RECORDS = ("total", "totalcount", "totalrecord", "totalrecords", "count", "recordcount", "totalelements", "rowcount")


def parse(page: Page) -> object | None:
    """The JSON of the page, JSONP wrapping taken off; None when it is none."""
    text = page.text.lstrip("\ufeff \r\n\t")
    wrapped = re.match(r"^[\w$.]+\(\s*([\[{].*[\]}])\s*\)\s*;?\s*$", text, re.S)
    if wrapped:
        text = wrapped[1]
    if text[:1] not in {"{", "["}:
        return None
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _arrays(value: object, depth: int = 0) -> Iterator[list[dict[str, object]]]:
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        if rows:
            yield rows
    if depth < 6:
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for child in list(children)[:500]:
            yield from _arrays(child, depth + 1)


def _first(row: dict[str, object], names: tuple[str, ...]) -> object | None:
    lowered = {name.lower(): value for name, value in row.items()}
    return next((lowered[name] for name in names if lowered.get(name) not in (None, "")), None)


def _day(value: object) -> str | None:
    text = squeeze(str(value))
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return datetime.fromtimestamp(int(text[:10]), _BEIJING).date().isoformat()
    found = FULL.search(text)
    return full_date(text) or (iso(*found.groups()[:3]) if found else None)


def _entry(page: Page, row: dict[str, object]) -> Entry | None:
    link, title = _first(row, _LINK), _first(row, _TITLE)
    url = addresses.join(page.url, link) if isinstance(link, str) else None
    if url is None or not isinstance(title, str):
        return None
    when = _first(row, _DATE)
    return Entry(url, squeeze(re.sub(r"<[^>]{1,100}>", "", title)) or None, None if when is None else _day(when))


def _number(value: object, names: tuple[str, ...], depth: int = 0) -> int | None:
    if not isinstance(value, dict):
        return None
    found = _first(value, names)
    if isinstance(found, int | str) and str(found).isdigit():
        return int(found)
    deeper = (_number(child, names, depth + 1) for child in value.values()) if depth < 3 else ()
    return next((number for number in deeper if number is not None), None)


class JsonList(Family):
    name = "json"

    def fingerprint(self, page: Page) -> str | None:
        return "the page is JSON with linked rows" if self.entries(page) else None

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        """The longest array whose objects have a link and a title."""
        answer = parse(page)
        if answer is None:
            return None
        best: tuple[Entry, ...] = ()
        for rows in _arrays(answer):
            read = tuple(entry for entry in (_entry(page, row) for row in rows) if entry is not None)
            best = max(best, read, key=len)
        return best

    def next_page(self, page: Page) -> Turn | None:
        """The page parameter of the URL one higher, when the answer says that there are more pages."""
        answer = parse(page)
        if answer is None:
            return None
        pages, records = _number(answer, _PAGES), _number(answer, _RECORDS)
        query = parse_qs(urlsplit(page.url).query)
        name = next((name for name in query if name.lower() in PAGE_NAMES and query[name][0].isdigit()), None)
        rows = len(self.entries(page) or ())
        if pages is None and records is not None and rows and name is not None:
            size = next(
                (
                    int(v[0])
                    for k, v in query.items()
                    if re.search(r"size|rows|limit|perpage|^pg$", k, re.I) and v[0].isdigit()
                ),
                rows,
            )
            pages = -(-records // max(size, 1))
        if name is None:
            return Turn("JSON list", stop_reason="the URL has no page number", page_count=pages, record_count=records)
        number = int(query[name][0])
        if pages is None or number >= pages or not rows:
            return Turn(
                f"{name}={number}",
                stop_reason=f"last page: {number} of {pages}",
                page_count=pages,
                record_count=records,
            )
        return Turn(
            f"{name}={number} of {pages}",
            url=with_parameter(page.url, name, number + 1),
            page_count=pages,
            record_count=records,
        )
