"""The next page as plain markup tells it: a link called 下一页, numbered links, a list of options.

Longer than most modules: every way of writing a pager is a few lines, and they share the judgement of where links lead.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from crawler.cms import addresses
from crawler.cms.base import Turn, quote
from crawler.cms.titles import squeeze
from crawler.page import Page

_NEXT = re.compile(r"^\W*(?:下一?[页頁]|后一?页|后页|下一?頁|next(?:\s*page)?|下一页\W*[»>›→]*)\W*$", re.I)
_ARROW = re.compile(r"^(?:>|›|»|→|＞|》|&gt;|>>)$")
_PREVIOUS = re.compile(r"上一?[页頁]|前一?页|prev", re.I)
_OFF = re.compile(r"disabled|disable|noclick|no-click|unable|gray|grey|nolink|nextdisabled", re.I)
_PAGER = re.compile(r"pag(?:e|ing|ination|er)|fenye|fanye|fy\b|pg\b|turn", re.I)
_CURRENT = re.compile(
    r"(?:^|[\s_-])(?:cur|current|on|active|now|this\w*|hover|selected|sel|thispage|p_no_d|z-crt|nowpage)(?:$|[\s_\d-])",
    re.I,
)
_QUOTED = re.compile(
    r"""['"]([^'"]*(?:\.(?:s?html?|jspx?|aspx?|php|do|action)(?:\?[^'"]*)?|\?[^'"]*=[^'"]*|/))['"]""", re.I
)
_MOST = 300  # links or texts of one kind looked at: a hostile page stays linear
_COUNT_TEXTS = (
    "//text()[string-length(.) <= 80][contains(., '共') or contains(., '总') or contains(., '页')]"
    "[not(parent::script or parent::style or parent::a)]"
)
_COUNTS: tuple[tuple[str, str], ...] = (
    (
        "record",
        r"(?:共|总计|合计|共有|总共|共计|检索到|查询到|找到)\s*(?:有|为|[:：])?\s*(\d+)\s*(?:条|篇|个?记录|项|件)",
    ),
    ("record", r"(?:总(?:记录|条|信息|数据)?数|记录总?数|信息总数|总记录)\s*[:：]?\s*(\d+)"),
    ("page", r"(?:共|总计|总共|共有|分)\s*(?:有|[:：])?\s*(\d+)\s*页"),
    ("page", r"(?:总页数|页数|总页)\s*[:：]?\s*(\d+)"),
    ("page", r"(?<![\d/-])\d+\s*/\s*(\d+)\s*页"),
    ("page", r"(?:页次|当前页|页码)\s*[:：]?\s*\d+\s*/\s*(\d+)(?![\d/-])"),
)


def scripts(page: Page) -> str:
    """The inline scripts of the page, without commented-out lines."""
    texts = (script.text or "" for script in page.root.iter("script"))
    text = "\n".join(texts)
    return re.sub(r"(?m)(?:^|(?<=[;\s{}]))//[^\n]*$", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def _follow(page: Page, node: html.HtmlElement) -> str | None:
    """Where a pager link leads: its href, or the quoted URL in its script."""
    base = addresses.base_of(page)
    url = addresses.join(base, node.get("href") or node.get("data-href") or node.get("data-url") or "")
    if url is None and re.match(r"^[\w./-]+\.s?html?$", node.get("tagname") or ""):
        url = addresses.join(base, node.get("tagname") or "")
    if url is None:
        code = f"{node.get('onclick') or ''} {unquote(node.get('href') or '')}"
        found = _QUOTED.search(code)
        url = addresses.join(base, found[1]) if found else None
    return None if url is None or addresses.key(url) == addresses.key(page.url) else url


def _around(node: html.HtmlElement, depth: int = 4) -> Iterable[html.HtmlElement]:
    for count, ancestor in enumerate(node.iterancestors()):
        if count >= depth or ancestor.tag in {"body", "html"}:
            return
        yield ancestor


def _in_pager(node: html.HtmlElement) -> bool:
    """Whether a bare arrow stands among page numbers or in an element named as a pager."""
    for ancestor in _around(node, 3):
        if _PAGER.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
        near = islice(ancestor.iter("a"), _MOST)
        if sum(bool(re.fullmatch(r"\W*\d{1,3}\W*", squeeze(a.text_content()))) for a in near) >= 2:
            return True
    return False


def _labels(node: html.HtmlElement) -> list[str]:
    """What a link is called: its text, its tooltip, its picture's text."""
    if node.tag == "input":
        return [squeeze(node.get("value") or node.get("title") or "")]
    told = [node.text_content(), node.get("title") or "", node.get("aria-label") or "", *node.xpath(".//img/@alt")[:1]]
    return [label for label in map(squeeze, map(str, told)) if label]


def _is_next(label: str, node: html.HtmlElement) -> bool:
    return len(label) <= 12 and bool(_NEXT.match(label) or (_ARROW.match(label) and _in_pager(node)))


def _by_label(page: Page) -> Turn | None:
    """The link or button called 下一页."""
    stopped: Turn | None = None
    for node in page.root.iter("a", "button", "input", "span", "li"):
        if node.tag == "input" and node.get("type") not in {"button", "submit", "image"}:
            continue
        if node.tag in {"span", "li"} and (len(node) or not (node.get("onclick") or _NEXT.match(node.text or ""))):
            continue
        label = next((label for label in _labels(node) if _is_next(label, node)), None)
        if label is None:
            continue
        off = _OFF.search(
            f"{node.get('class') or ''} {(node.getparent().get('class') or '') if node.getparent() is not None else ''}"
        )
        url = _follow(page, node)
        if url is not None and not off and not _leaves(page, url):
            return Turn(f"link “{quote(label, 20)}” -> {url}", url=url)
        if stopped is None and _NEXT.match(label):
            scripted = re.search(r"\w+\s*\(", f"{node.get('onclick') or ''} {node.get('href') or ''}") and not off
            reason = (
                "下一页 calls a script whose page URL is not on the page"
                if scripted
                else "下一页 leads nowhere: last page"
            )
            stopped = Turn(f"link “{quote(label, 20)}” without URL", stop_reason=reason)
    return stopped


def _leaves(page: Page, url: str) -> bool:
    """A pager stays on its host."""
    return urlsplit(url).hostname != urlsplit(page.url).hostname


def _by_rel(page: Page) -> Turn | None:
    for href in page.root.xpath("//link[@rel='next']/@href | //a[@rel='next']/@href"):
        url = addresses.join(addresses.base_of(page), href)
        if url and addresses.key(url) != addresses.key(page.url) and not _leaves(page, url):
            return Turn(f"rel=next -> {url}", url=url)
    return None


def _by_numbers(page: Page) -> Turn | None:
    """Numbered links: the one after the number that is marked as current, or that is missing among the links."""
    for block in _number_blocks(page):
        numbered = {int(squeeze(a.text_content()).strip("[]【】 ")): a for a in _numbers(block)}
        current = _current_number(block, set(numbered), page)
        if current is None or current + 1 not in numbered:
            continue
        url = _follow(page, numbered[current + 1])
        if url is not None and not _leaves(page, url):
            return Turn(f"page {current} is current among numbered links, {current + 1} -> {url}", url=url)
    return None


def _numbers(block: html.HtmlElement) -> list[html.HtmlElement]:
    return [a for a in block.iter("a") if re.fullmatch(r"[\[【\s]*\d{1,4}[\]】\s]*", squeeze(a.text_content()))]


def _number_blocks(page: Page) -> list[html.HtmlElement]:
    """The smallest elements that hold two or more numbered links, at most ten of them."""
    held: dict[html.HtmlElement, int] = {}
    numbered = _numbers(page.root)[:_MOST]
    for anchor in numbered:
        for ancestor in _around(anchor, 3):
            held[ancestor] = held.get(ancestor, 0) + 1
    blocks: dict[html.HtmlElement, None] = {}
    for anchor in numbered:
        for ancestor in _around(anchor, 3):
            if held[ancestor] >= 2 or _PAGER.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
                blocks.setdefault(ancestor)
                break
    return list(blocks)[:10]


def _current_number(block: html.HtmlElement, linked: set[int], page: Page) -> int | None:
    """The page the pager itself marks: by class, by standing unlinked among links, or by a link to this page."""
    unlinked: list[int] = []
    base = addresses.base_of(page)
    for node in block.iter():
        if not isinstance(node.tag, str) or node is block:
            continue
        text = squeeze(node.text_content())
        number = re.fullmatch(r"[\[【\s]*(\d{1,4})[\]】\s]*", text)
        if number is None:
            continue
        value = int(number[1])
        if _CURRENT.search(node.get("class") or ""):
            return value
        if node.tag == "a":
            own = addresses.join(base, node.get("href") or "")
            if own is not None and addresses.key(own) == addresses.key(page.url):
                return value
        elif node.tag in {"span", "b", "strong", "em", "font", "i"} and not node.xpath("./a | ancestor::a"):
            unlinked.append(value)
    if len(unlinked) == 1:
        return unlinked[0]
    bare = re.findall(r"(?<!\d)(\d{1,4})(?!\d)", " ".join(squeeze(t) for t in block.xpath("./text()")))
    missing = [int(value) for value in bare if int(value) not in linked]
    return missing[0] if len(missing) == 1 else None


def _by_options(page: Page) -> Turn | None:
    """A drop-down of pages: the option after the selected one, where the values are URLs."""
    for select in page.root.iter("select"):
        options = list(select.iter("option"))
        if len(options) < 2 or not all(re.search(r"\d", squeeze(option.text_content())) for option in options):
            continue
        urls = [addresses.join(addresses.base_of(page), option.get("value") or "") for option in options]
        if any(url is None or _leaves(page, url) for url in urls) or any(
            re.fullmatch(r"\d+", o.get("value") or "") for o in options
        ):
            continue
        chosen = next((i for i, option in enumerate(options) if option.get("selected") is not None), None)
        if chosen is None:
            own = [i for i, url in enumerate(urls) if url is not None and addresses.key(url) == addresses.key(page.url)]
            chosen = own[0] if own else None
        if chosen is not None and chosen + 1 < len(urls):
            return Turn(
                f"option {chosen + 2} of {len(urls)} in the page list", url=urls[chosen + 1], page_count=len(urls)
            )
    return None


def _encoded(page: Page) -> Page | None:
    """A pager whose markup is base64 of percent-encoded HTML (DOMAIN.md section 6.4), as a page of its own."""
    for node in page.root.xpath("//*[@id='pages' or @id='page' or @class='pages']"):
        text = re.sub(r"\s", "", node.text or "")
        if len(text) < 24 or not re.fullmatch(r"[A-Za-z0-9+/]+=*", text):
            continue
        try:
            decoded = unquote(base64.b64decode(text, validate=True).decode("ascii"))
        except (binascii.Error, UnicodeDecodeError):
            continue
        if "<a" in decoded:
            return replace(page, text=f"<html><body>{decoded}</body></html>")
    return None


def frame(page: Page) -> Turn | None:
    """The same-host frame that holds the list of a column page that has none itself."""
    for node in page.root.iter("iframe", "frame"):
        url = addresses.join(addresses.base_of(page), node.get("src") or "")
        small = re.fullmatch(r"0|1|0px|1px", (node.get("height") or node.get("width") or "").strip())
        if url is not None and not small and not _leaves(page, url) and addresses.key(url) != addresses.key(page.url):
            return Turn(f"the list stands in a frame: {url}", url=url)
    return None


def counts(page: Page) -> tuple[int | None, int | None]:
    """(pages, records) as the page states them in words: 共12页, 共 149 条."""
    stated: dict[str, int] = {}
    seen: dict[html.HtmlElement, str] = {}
    for raw in page.root.xpath(_COUNT_TEXTS)[-_MOST:]:
        text = str(raw)
        for ancestor in _around_text(raw):
            if ancestor not in seen:
                seen[ancestor] = squeeze(ancestor.text_content())
            if len(seen[ancestor]) > 150:
                break
            text = seen[ancestor]
        for kind, pattern in _COUNTS:
            found = re.search(pattern, text) if len(text) <= 300 else None
            if found and int(found[1]) < 10_000_000:
                stated.setdefault(kind, int(found[1]))
    return stated.get("page"), stated.get("record")


def _around_text(raw: etree._ElementUnicodeResult) -> list[html.HtmlElement]:
    parent = raw.getparent()
    if parent is not None and raw.is_tail:
        parent = parent.getparent()
    return [] if parent is None else [parent, *_around(parent, 2)]


def plain(page: Page) -> Turn | None:
    """The first plain evidence of a next page; a Turn without URL says why the pager on the page leads nowhere."""
    ways: tuple[Callable[[Page], Turn | None], ...] = (_by_label, _by_rel, _by_numbers, _by_options)
    stopped: Turn | None = None
    for way in ways:
        turn = way(page)
        if turn is not None and turn.url is not None:
            return turn
        stopped = stopped or turn
    hidden = _encoded(page)
    return (plain(hidden) if hidden is not None else None) or stopped
