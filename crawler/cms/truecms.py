"""truecms (Nantong and its counties, Shanghai's congress): jpage asks `getMessage.do` (DOMAIN.md section 6.4)."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.cms import addresses
from crawler.cms.asking import asked, plain
from crawler.cms.base import Entry, Family, NextPage, Turn, quote
from crawler.cms.hanweb import record_entries, records_in
from crawler.cms.jsonlist import parse
from crawler.page import Page

_CALL = "messageController/getMessage.do"
_GROUP = 3  # pages jpage asks for at once where it is not told otherwise
_LARGEST = 50  # rows; servers of this family answer larger windows with nothing or 404


class Truecms(Family):
    name = "truecms"
    containers = ("//*[@id='zoom']", "//*[@id='zoomcon']")
    article_url = (addresses.ARTICLE_PATTERNS["uuid"],)

    def fingerprint(self, page: Page) -> str | None:
        return _CALL if _CALL in page.text or _CALL in page.url else None

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        """The records of an answer; the rows of a column page are plain markup."""
        markup = _answer(page)
        return None if markup is None else record_entries(replace(page, text=markup)) or ()

    def next_page(self, page: Page) -> Turn | None:
        markup = _answer(page)
        return _from_column(page) if markup is None else _from_answer(page, markup)


def _answer(page: Page) -> str | None:
    """The XML inside `{"result": "<datastore>..."}`, or None when the page is no answer."""
    found = parse(page) if _CALL in page.url else None
    inner = found.get("result") if isinstance(found, dict) else None
    return inner if isinstance(inner, str) else None


def _number(name: str, text: str) -> int | None:
    found = re.search(rf"\b{name}\b['\"]?\s*[:=>]\s*['\"]?(\d+)", text, re.I)
    return int(found[1]) if found else None


def _from_column(page: Page) -> Turn | None:
    """The window of records after the rows that the column page holds itself."""
    column = re.search(r"\bcolumnId['\"]?\s*[:=]\s*['\"]([\w-]+)['\"]", page.text)
    address = re.search(rf"['\"]([^'\"\s]*{_CALL})", page.text)
    records, rows = _number("totalRecord", page.text), _number("perPage", page.text)
    url = addresses.join(addresses.base_of(page), address[1]) if address else None
    if column is None or url is None or rows is None or rows == 0:
        return None
    held = sum(1 for _ in re.finditer(r"<li[\s>]", _held_rows(page.text)))
    if records is not None and held >= records:
        reason = f"last page: all {records} records are on it"
        return Turn(_CALL, stop_reason=reason, record_count=records)
    size = max(rows, min(rows * (_number("groupSize", page.text) or _GROUP), _LARGEST))
    query = {"startrecord": held + 1, "endrecord": held + size, "perpage": rows, "columnId": column[1]}
    # Without a Referer some answer 404.
    headers = (("Referer", plain(page.url)), ("X-Requested-With", "XMLHttpRequest"))
    call = quote(f"{_CALL} columnId {column[1]}, {held} of {records} records held")
    return Turn(call, request=NextPage(f"{url}?{urlencode(query)}", headers=headers), record_count=records)


def _held_rows(text: str) -> str:
    """The markup of the rows a column page brings along, for its script to show."""
    found = re.search(r"<(\w+)[^>]*\bid=['\"]initData['\"][^>]*>(.*?)</\1>", text, re.S | re.I)
    return found[2] if found else ""


def _from_answer(page: Page, markup: str) -> Turn | None:
    request = asked(page.url)
    query = dict(parse_qsl(urlsplit(request.url).query))
    if not all(query.get(name, "").isdecimal() for name in ("startrecord", "endrecord")):
        return None
    first, last = int(query["startrecord"]), int(query["endrecord"])
    held, records = len(records_in(markup)), _number("totalrecord", markup)
    call = f"records {first} to {last} of {records}"
    if not held or (records is not None and last >= records):
        return Turn(call, stop_reason=f"last page: {held} records came back", record_count=records)
    window = query | {"startrecord": str(last + 1), "endrecord": str(2 * last - first + 1)}
    url = f"{request.url.partition('?')[0]}?{urlencode(window)}"
    return Turn(call, request=replace(request, url=url), record_count=records)
