"""TRS WCM (拓尔思) and its lookalikes: static pages `index_1.html`, counted by a script (DOMAIN.md section 6.1)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms import addresses
from crawler.cms.base import Family, Turn, quote
from crawler.cms.pager import scripts
from crawler.page import Page

_CALL = re.compile(r"(?<!function )(?<![\w.])(\w*pag\w*)\s*\(\s*([^(){}]*?)\s*\)", re.I)
_PAGER_OBJECT = re.compile(r"\bPager\s*\(\s*\{([^{}]*)\}\s*\)")
_EXTENSION = re.compile(r"^\.?(s?html?|jspx?|aspx?|php)$", re.I)


def numbered(page: Page, prefix: str, extension: str, number: int) -> str | None:
    """The URL of page file `prefix_number.ext` beside this page; number 0 is `prefix.ext`."""
    name = f"{prefix}_{number}.{extension}" if number else f"{prefix}.{extension}"
    return addresses.join(addresses.base_of(page), name)


def own_number(page: Page, prefix: str) -> int | None:
    """The number in the page's own file name, None when it is the first page or named otherwise."""
    found = re.search(rf"/{re.escape(prefix.rsplit('/', 1)[-1])}_(\d+)\.\w+$", urlsplit(page.url).path)
    return int(found[1]) if found else None


def _variable(code: str, name: str) -> str | None:
    found = re.search(rf"\b{re.escape(name)}\s*=\s*['\"]?([\w.-]+)['\"]?\s*[;,\n]", code)
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


def _turn(
    page: Page, call: str, *, pages: int, current: int, prefix: str, extension: str, first: int, records: int | None
) -> Turn:
    """The next file by rule: `first` is the number that the scheme gives to page one (0 or 1)."""
    last = pages - 1 + first
    following = max(current, first) + 1
    if following > last:
        return Turn(
            call, stop_reason=f"last page: the pager says {pages} page(s)", page_count=pages, record_count=records
        )
    url = numbered(page, prefix, extension, following)
    return Turn(call, url=url, page_count=pages, record_count=records)


def read_call(page: Page, code: str, name: str, text: str) -> Turn | None:
    """One call such as `createPageHTML(34, 0, "index", "htm")`, in variants A to D; None when it is something else."""
    arguments = _arguments(code, text)
    place = next((i for i, (value, quoted) in enumerate(arguments) if i and quoted and _EXTENSION.match(value)), None)
    if place is None or place < 3 or not arguments[place - 1][0]:
        return None
    prefix, extension = arguments[place - 1][0], arguments[place][0].lstrip(".")
    numbers = [int(value) for value, _ in arguments[: place - 1] if value.isdigit()]
    after = [int(value) for value, _ in arguments[place + 1 :] if value.isdigit()]
    call = quote(f"{name}({text})")
    own = own_number(page, prefix)
    if arguments[0][1] and not arguments[0][0].isdigit():  # variant B: the element's id comes first, counted from 1
        if len(numbers) < 2:
            return None
        records = after[-1] if after else None
        return _turn(
            page,
            call,
            pages=numbers[0],
            current=own or numbers[1],
            prefix=prefix,
            extension=extension,
            first=1,
            records=records,
        )
    if len(numbers) >= 3:  # variant C: records, pages, current
        first = 1 if own is None and numbers[2] == 1 else 0
        current = numbers[2] if own is None else own
        return _turn(
            page,
            call,
            pages=numbers[1],
            current=current,
            prefix=prefix,
            extension=extension,
            first=first,
            records=numbers[0],
        )
    if len(numbers) < 2:
        return None
    records = (
        after[-1]
        if len(arguments) > place + 2
        and after
        and after[-1] >= numbers[0]
        and not name.lower().startswith("pagecontrol")
        else None
    )
    current = numbers[1] if own is None else own
    return _turn(
        page, call, pages=numbers[0], current=current, prefix=prefix, extension=extension, first=0, records=records
    )


def _read_object(page: Page, body: str) -> Turn | None:
    """`Pager({size:3, current:0, prefix:'index', suffix:'html'})`, counted from 0."""
    fields = dict(re.findall(r"(\w+)\s*:\s*['\"]?([^,'\"\s]+)", body))
    if not fields.get("size", "").isdigit() or "prefix" not in fields:
        return None
    prefix, extension = fields["prefix"], fields.get("suffix", "html").lstrip(".")
    own = own_number(page, prefix)
    current = own if own is not None else int(fields["current"]) if fields.get("current", "").isdigit() else 0
    return _turn(
        page,
        quote(f"Pager({{{body}}})"),
        pages=int(fields["size"]),
        current=current,
        prefix=prefix,
        extension=extension,
        first=0,
        records=None,
    )


def _read_variables(page: Page, code: str) -> Turn | None:
    """Variant E: `var countPage = 12; var currentPage = 0;` beside code that writes `"index_" + n + ".htm"`."""
    pages = re.search(r"\bcountPage\s*=\s*['\"]?(\d+)", code)
    written = re.search(
        r"""['"](?:[^'"]*[\s=/'"\\])?([A-Za-z]\w*)_['"]\s*\+.{0,40}?\+\s*\\?['"]\.(s?html?)""", code, re.S
    )
    if pages is None or written is None:
        return None
    current = re.search(r"\bcurrentPage\s*=\s*['\"]?(\d+)", code)
    own = own_number(page, written[1])
    value = own if own is not None else int(current[1]) if current else 0
    call = f"countPage = {pages[1]}, {written[1]}_n.{written[2]}"
    return _turn(
        page, call, pages=int(pages[1]), current=value, prefix=written[1], extension=written[2], first=0, records=None
    )


def _read_set_page(page: Page, code: str) -> Turn | None:
    """`.pagination("setPage", 1, 322)`: counted from 1; the total may be more than the static pages."""
    found = re.search(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d+)\s*,\s*(\d+)\s*\)", code)
    if found is None:
        return None
    name = urlsplit(page.url).path.rsplit("/", 1)[-1]
    stem, _, extension = name.rpartition(".")
    prefix = re.sub(r"_\d+$", "", stem) or "index"
    own = own_number(page, prefix)
    return _turn(
        page,
        quote(found[0]),
        pages=int(found[2]),
        current=own or int(found[1]),
        prefix=prefix,
        extension=extension or "html",
        first=1,
        records=None,
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
        for mark in (
            "createPageHTML",
            "TRS_Editor",
            "TRS_UEDITOR",
            "trs_editor_view",
            "TRS_AUTOADD",
            "_trs_ta_js",
            "TRSWCM",
            "trsapi",
        ):
            if mark in page.text:
                return mark
        if addresses.ARTICLE_PATTERNS["t-date"].search(urlsplit(page.url).path):
            return "URL of the form t20260911_123.html"
        linked = re.search(r"href=['\"][^'\"]*/t(?:19|20)\d{6}_\d+\.s?html?['\"]", page.text)
        return quote(linked[0]) if linked else None

    def next_page(self, page: Page) -> Turn | None:
        code = scripts(page)
        for body in _PAGER_OBJECT.findall(code):
            turn = _read_object(page, body)
            if turn is not None:
                return turn
        for name, text in _CALL.findall(code):
            turn = read_call(page, code, name, text)
            if turn is not None:
                return turn
        return _read_variables(page, code) or _read_set_page(page, code)
