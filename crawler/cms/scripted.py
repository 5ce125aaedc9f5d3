"""A page without rows whose script asks for them by GET at an address that stands on the page: the first such request.

`axios.get("/api/list?channelId=12&pageNo=" + this.pageNo)` or `$.get("/api/list", {channelId: 12, pageNo: 1})`: what a
page shows only after a script ran is taken from the same place. Nothing is run and nothing guessed: a request with a
value that does not stand on the page is left alone.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from crawler.cms import addresses
from crawler.cms.base import Turn, quote
from crawler.cms.jsonlist import PAGE_NAMES
from crawler.cms.pager import scripts
from crawler.page import Page

_NUMBER = "|".join(PAGE_NAMES)
_VALUE = r"[\w$.\[\]()]+"
# A quoted address with a query, and what is added to it: "..." + page + "&size=20".
_ADDED = re.compile(
    rf"(['\"`])((?:https?:/)?/?[\w./-]+\?[^'\"`\s]*)\1((?:\s*\+\s*(?:{_VALUE}|['\"][^'\"\s]*['\"])){{0,12}})", re.I
)
_OBJECT = re.compile(
    r"(?:url\s*:\s*|\.get\w*\(\s*)['\"]([\w./:-]+)['\"]\s*,[^{}]{0,200}?(?:(?:data|params)\s*:\s*)?\{([^{}]{0,600})\}",
    re.I,
)
_POSTS = re.compile(r"(?:type|method)\s*:\s*['\"]post", re.I)


def first_request(page: Page) -> Turn | None:
    """Where the rows of this page come from, when its script asks its own host by GET and names a page number."""
    code = scripts(page)
    for written in (*_concatenated(code), *_objects(code)):
        url = addresses.join(addresses.base_of(page), written)
        if url is not None and urlsplit(url).hostname == urlsplit(page.url).hostname:
            return Turn(quote(f"a script of the page asks for {written}"), url=url)
    return None


def _concatenated(code: str) -> list[str]:
    found = []
    for _, start, more in _ADDED.findall(code):
        parts = [start, *(part.strip() for part in re.split(r"\s*\+\s*", more) if part.strip())]
        text = ""
        for part in parts:
            literal = re.fullmatch(r"['\"](.*)['\"]", part)
            if part is start or literal:
                text += start if part is start else literal[1] if literal else ""
            elif re.search(rf"[?&](?:{_NUMBER})=$", text, re.I):
                text += "1"
            else:
                text += _variable(code, part) or "${}"
        text = re.sub(rf"([?&](?:{_NUMBER})=)\$\{{[^}}]*\}}", r"\g<1>1", text, flags=re.I)
        if re.search(rf"[?&](?:{_NUMBER})=\d", text, re.I) and "${" not in text:
            found.append(text)
    return found


def _objects(code: str) -> list[str]:
    found = []
    for call in _OBJECT.finditer(code):
        fields: dict[str, str | None] = {}
        for name, value in re.findall(r"['\"]?(\w+)['\"]?\s*:\s*('[^']*'|\"[^\"]*\"|[^,]+)", call[2]):
            bare = value.strip()
            literal = re.fullmatch(r"['\"]?([^'\"]*)['\"]|(\d+)", bare)
            known = (literal[1] or literal[2] or "") if literal else _variable(code, bare)
            fields[name] = "1" if re.fullmatch(_NUMBER, name, re.I) else known
        paged = any(re.fullmatch(_NUMBER, name, re.I) for name in fields)
        if paged and None not in fields.values() and not _POSTS.search(code[call.start() - 80 : call.end() + 80]):
            found.append(f"{call[1]}?{urlencode(fields)}")
    return found


def _variable(code: str, name: str) -> str | None:
    """The literal a variable or a field of the page's data is set to, where it is set once."""
    bare = re.escape(name.rsplit(".", 1)[-1])
    values = set(re.findall(rf"\b{bare}\s*[:=]\s*['\"]([\w-]+)['\"]|\b{bare}\s*[:=]\s*(\d+)\b", code))
    return "".join(values.pop()) if len(values) == 1 else None
