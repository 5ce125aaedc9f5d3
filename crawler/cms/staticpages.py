"""List pages that lie as numbered files beside the first (`index.html`, `index_1.html`), counted by a script.

Each reader takes the page and its scripts and gives what one kind of script says, None where the script is not there.
The kinds are those of DOMAIN.md section 6.1; the first argument quoted means counted from 1, else from 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.cms import addresses
from crawler.cms.base import Turn, quote
from crawler.page import Page

_CALL = re.compile(r"(?<!function )(?<![\w.])(\w*pag\w*)\s*\(\s*([^(){}]*?)\s*\)", re.I)
_PAGER_OBJECT = re.compile(r"\bPager\s*\(\s*\{([^{}]*)\}\s*\)")
_EXTENSION = re.compile(r"^\.?(s?html?|jspx?|aspx?|php)$", re.I)


@dataclass(frozen=True, slots=True)
class StaticPages:
    """What a script says of the numbered files: `first` is the number it gives to page one (0 or 1)."""

    evidence: str
    prefix: str
    extension: str
    pages: int
    current: int
    first: int = 0
    records: int | None = None

    def turn(self, page: Page) -> Turn:
        """The next file, which lies beside the page; the number in the page's own name beats the script's."""
        own = own_number(page, self.prefix)
        following = max(self.current if own is None else own, self.first) + 1
        if following > self.pages - 1 + self.first:
            reason = f"last page: the pager says {self.pages} page(s)"
            return Turn(self.evidence, stop_reason=reason, page_count=self.pages, record_count=self.records)
        name = f"{self.prefix}_{following}.{self.extension.lstrip('.')}"
        url = addresses.join(addresses.base_of(page), name)
        return Turn(self.evidence, url=url, page_count=self.pages, record_count=self.records)


def own_number(page: Page, prefix: str) -> int | None:
    """The number in the page's own file name, None when it is the first page or named otherwise."""
    found = re.search(rf"/{re.escape(prefix.rsplit('/', 1)[-1])}_(\d+)\.\w+$", urlsplit(page.url).path)
    return int(found[1]) if found else None


def _own_name(page: Page) -> tuple[str, str]:
    """(prefix, extension) of the page's own file: index, html for a folder."""
    stem, _, extension = urlsplit(page.url).path.rsplit("/", 1)[-1].rpartition(".")
    return re.sub(r"_\d+$", "", stem) or "index", extension or "html"


def _variable(code: str, name: str) -> str | None:
    found = re.search(rf"\b{re.escape(name)}\s*=\s*['\"]?([\w.-]+)['\"]?\s*(?:[;,/]|$)", code, re.M)
    return found[1] if found else None


def _arguments(code: str, text: str) -> list[tuple[str, bool]]:
    """(value, was quoted) of each argument; variables are looked up in the page's scripts."""
    values: list[tuple[str, bool]] = []
    for raw in text.split(","):
        argument = raw.strip()
        quoted = argument[:1] in {"'", '"'}
        value = argument.strip("'\" ")
        if not quoted and re.fullmatch(r"[A-Za-z_$]\w*", value):
            value = _variable(code, value) or value
        values.append((value, quoted))
    return values


def read_calls(page: Page, code: str) -> StaticPages | None:
    """The first call such as `createPageHTML(34, 0, "index", "htm")`, whatever the function is called."""
    found = (_read_call(page, code, name, text) for name, text in _CALL.findall(code))
    return next((pages for pages in found if pages is not None), None)


def _read_call(page: Page, code: str, name: str, text: str) -> StaticPages | None:
    arguments = _arguments(code, text)
    place = next((i for i, (value, quoted) in enumerate(arguments) if quoted and _EXTENSION.match(value)), 0)
    if place < 3 or not arguments[place - 1][0]:
        return None
    call, prefix, extension = quote(f"{name}({text})"), arguments[place - 1][0], arguments[place][0]
    numbers = [int(value) for value, _ in arguments[: place - 1] if value.isdigit()]
    after = [int(value) for value, _ in arguments[place + 1 :] if value.isdigit()]
    if len(numbers) < 2:
        return None
    if arguments[0][1] and not arguments[0][0].isdigit():  # B: an element's id first, counted from 1
        records = after[-1] if after else None
        return StaticPages(call, prefix, extension, numbers[0], numbers[1], 1, records)
    if len(numbers) == 3:  # C: records, pages, current
        first = int(own_number(page, prefix) is None and numbers[2] == 1)
        return StaticPages(call, prefix, extension, numbers[1], numbers[2], first, numbers[0])
    if len(numbers) == 5:  # pages, current, first, rows a page, records: taken only when the sum is right
        right = numbers[3] > 0 and numbers[0] == -(-numbers[4] // numbers[3]) and numbers[2] in (0, 1)
        pages, current, first, _, records = numbers
        return StaticPages(call, prefix, extension, pages, current, first, records) if right else None
    # A, A+ and D: pages, current; a last number is the record count, except in pageControl, where it is rows a page.
    counted = after and after[-1] >= numbers[0] and not name.lower().startswith("pagecontrol")
    return StaticPages(call, prefix, extension, numbers[0], numbers[1], 0, after[-1] if counted else None)


def read_object(code: str) -> StaticPages | None:
    """`Pager({size:3, current:0, prefix:'index', suffix:'html'})`, counted from 0."""
    for body in _PAGER_OBJECT.findall(code):
        fields = dict(re.findall(r"(\w+)\s*:\s*['\"]?([^,'\"\s]+)", body))
        if fields.get("size", "").isdigit() and "prefix" in fields:
            current = int(fields["current"]) if fields.get("current", "").isdigit() else 0
            call = quote(f"Pager({{{body}}})")
            return StaticPages(call, fields["prefix"], fields.get("suffix", "html"), int(fields["size"]), current)
    return None


def read_list_model(page: Page, code: str) -> StaticPages | None:
    """`listModel({maxStaticIndex: 7, pagebar: {prepage: 10, recordCount: '213'}})`: the rest is `list2.trsapi`'s.

    What that service is asked is not documented: the list ends with the files, short of the records it states.
    """
    static = re.search(r"\bmaxStaticIndex['\"]?\s*:\s*['\"]?(\d+)", code)
    records = re.search(r"\brecordCount['\"]?\s*:\s*['\"]?(\d+)", code)
    rows = re.search(r"\bprepage['\"]?\s*:\s*['\"]?(\d+)", code)
    if static is None or records is None or rows is None or int(rows[1]) == 0:
        return None
    pages = min(int(static[1]), -(-int(records[1]) // int(rows[1])))
    call = f"maxStaticIndex {static[1]}, prepage {rows[1]}, recordCount {records[1]}"
    return StaticPages(call, *_own_name(page), pages, own_number(page, _own_name(page)[0]) or 0, 0, int(records[1]))


def read_variables(code: str) -> StaticPages | None:
    """E: `var countPage = 12; var currentPage = 0;` beside code that writes `"index_" + n + ".htm"`."""
    joined = re.sub(r"([\"'])\s*\+\s*\1", "", code)
    pages = re.search(r"\bcountPage\s*=\s*['\"]?(\d+)", joined)
    written = re.search(
        r"""['"](?:[^'"]*[\s=/'"\\])?([A-Za-z]\w*)_['"]\s*\+.{0,40}?\+\s*\\?['"]\.(s?html?)""", joined, re.S
    )
    if pages is None or written is None:
        return None
    current = re.search(r"\bcurrentPage\s*=\s*['\"]?(\d+)", joined)
    call = f"countPage = {pages[1]}, {written[1]}_n.{written[2]}"
    return StaticPages(call, written[1], written[2], int(pages[1]), int(current[1]) if current else 0)


def read_set_page(page: Page, code: str) -> StaticPages | None:
    """E: `.pagination("setPage", 1, 322)`: counted from 1; the total may be more than the static pages."""
    found = re.search(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d+)\s*,\s*(\d+)\s*\)", code)
    return None if found is None else StaticPages(quote(found[0]), *_own_name(page), int(found[2]), int(found[1]), 1)


def read_attributes(page: Page) -> StaticPages | None:
    """`<div id="pageDec" pagesize="24" pagecount="51">`: drawn by a script elsewhere, files counted from 0."""
    for node in page.root.xpath("//*[@id='pageDec'][@pagecount]"):
        count = (node.get("pagecount") or "").strip()
        if count.isdigit():
            return StaticPages(f"pageDec pagecount={count}", *_own_name(page), int(count), 0)
    return None


def read_comments(page: Page) -> StaticPages | None:
    """A call that stands in an HTML comment, for a script to find: the last evidence to be believed."""
    code = "\n".join(str(comment) for comment in page.root.xpath("//comment()[contains(., 'createPage')]"))
    return read_calls(page, code) if code else None
