"""The files a notice links to: in its text, in the CMS's attachment list beside it, or written by an inline script."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from lxml import html

from archive.model import Attachment
from crawler.body.embedded import embedded, file_name
from crawler.body.weights import FILE_LINK, Weights, is_file
from crawler.walk import clean

_OTHER_LINKS = 8  # links to pages from which on a surrounding box is the site, no longer the notice
_FOLLOWING = 6  # boxes after it that are looked through
_HIGHEST = 10  # boxes around the document that are tried
# A link that calls itself 中标通知书.pdf leads to that file when a program with arguments gives it, not a page of text.
_GIVES: Final = re.compile(r"^(?!\s*(?:javascript|mailto|data):)[^#]*(?:\?.*=|down|attach)", re.IGNORECASE)
_WRITTEN: Final = re.compile(
    r"<a\b[^<>]{0,400}?href\s*=\s*\\?[\"']([^\"'<>\\]{1,400})\\?[\"'][^<>]{0,300}>([^<]{1,300})", re.IGNORECASE
)


def attachments(node: html.HtmlElement, weights: Weights, base: str) -> tuple[Attachment, ...]:
    """Files linked from the node and around it, in page order, each address once; `base` resolves links."""
    return files_in(region(node), weights, base)


def files_in(boxes: list[html.HtmlElement], weights: Weights, base: str) -> tuple[Attachment, ...]:
    """Files the boxes link to or show, in page order, each address once."""
    found: dict[str, str] = {}
    shown = ((href, "") for href in embedded(boxes))
    for href, text in itertools.chain(_links(boxes, weights), shown):
        if not is_file(href) and not (FILE_LINK.search(text.strip()) and _GIVES.search(href)):
            continue
        try:
            url = urljoin(base, href.strip())
        except ValueError:
            continue
        text = clean(text)
        if not found.get(url):
            found[url] = text
    return tuple(Attachment(url, text or file_name(url)) for url, text in found.items())


_NEXT_PAGE: Final = re.compile(r"^(?:下一?页|后一?页|\d{1,2}|[>›»]{1,2})$")


def goes_on(node: html.HtmlElement, url: str) -> bool:
    """Whether a pager around the document leads to its further pages, as from `t1.html` to `t1_1.html`."""
    stem = url.partition("?")[0].rpartition("/")[2].rpartition(".")[0]
    if not stem:
        return False
    stems = "|".join({re.escape(stem), re.escape(re.sub(r"[_-]\d{1,2}$", "", stem))})
    further = re.compile(rf"(?:^|/)(?:{stems})[_-]\d{{1,2}}\.[a-z]+$")
    return any(
        further.search(link.get("href") or "") and _NEXT_PAGE.match("".join(link.itertext()).strip())
        for box in region(node)
        for link in box.iter("a")
    )


def region(node: html.HtmlElement) -> list[html.HtmlElement]:
    """The widest box that still belongs to the notice, as it leads to few other pages, and what follows it."""
    box = node
    inside = _others(node)
    for above in itertools.islice(node.iterancestors(), _HIGHEST):
        if above.tag in ("body", "html") or _others(above) - inside > _OTHER_LINKS:
            break
        box = above
    following = itertools.islice(box.itersiblings(), _FOLLOWING)
    return [box, *itertools.takewhile(lambda beside: _others(beside) <= _OTHER_LINKS, following)]


def _others(element: html.HtmlElement) -> int:
    return sum(1 for link in element.iter("a") if _leads_on(link.get("href")))


def _leads_on(href: str | None) -> bool:
    return href is not None and not href.lower().startswith(("javascript:", "#")) and not is_file(href)


def _links(boxes: list[html.HtmlElement], weights: Weights) -> Iterator[tuple[str, str]]:
    for element in itertools.chain.from_iterable(box.iter("a", "script") for box in boxes):
        if element.tag == "a":
            if element.get("href") and element not in weights.unseen:
                yield element.get("href", ""), "".join(element.itertext()) or element.get("title", "")
        elif element.text and "<a" in element.text.lower() and not element.get("src"):
            yield from ((match[1], match[2]) for match in _WRITTEN.finditer(element.text))
