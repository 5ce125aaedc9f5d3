"""What the elements of a page weigh: prose counts for an element, links and the site's furniture against it.

An element weighs what its lines weigh, so the box of the document is the heaviest one. Linear in the size of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from lxml import html

from crawler.body import chrome
from crawler.body.containers import SITE_BOX, SITE_TAGS
from crawler.body.hidden import hidden_elements
from crawler.walk import Line, lines

FILE_LINK: Final = re.compile(
    r"\.(?:pdf|docx?|wps|wpt|et|ett|dps|xlsx?|xlsm|pptx?|ofd|ceb|cebx|rar|zip|7z|txt|rtf|csv|tif{1,2}|xml|caj)$",
    re.IGNORECASE,
)
_DOWNLOAD: Final = re.compile(
    r"DownloadAttachUrl|download\.jsp|downfile|filedownload|file/?download|download(?:file|attach|attachment)?\.(?:do|action|aspx?|php)"
    r"|/attachment/(?:download|\d)|/module/download/|attach(?:ment)?id=|[?&](?:filename|file_?name|fileid)=|/downloadfile/",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile("[。！？；]|[，：].*[，、：]")
_RULE: Final = re.compile(r"[-—_=*·.~]{12}")  # a ruler drawn in characters
_PROSE = 30  # characters from which a line without links reads as prose even without punctuation


def is_file(href: str) -> bool:
    """Whether a link leads to a file to download rather than to a page, by extension or by a CMS's download address."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    if parts.scheme not in ("", "http", "https", "ftp"):
        return False
    return bool(FILE_LINK.search(parts.path) or FILE_LINK.search(parts.query) or _DOWNLOAD.search(href))


def names(element: html.HtmlElement) -> list[str]:
    """The element's id and class tokens in lower case."""
    found = (element.get("class") or "").lower().split()
    if identity := element.get("id"):
        found.append(identity.lower())
    return found


@dataclass(slots=True)
class Weights:
    """What every element of a page weighs, and the lines that were weighed."""

    total: dict[html.HtmlElement, float] = field(default_factory=dict)
    plus: dict[html.HtmlElement, float] = field(default_factory=dict)  # the same without what speaks against
    unseen: set[html.HtmlElement] = field(default_factory=set)  # hidden elements and everything below them
    order: list[html.HtmlElement] = field(default_factory=list)  # every element, in page order
    titles: frozenset[str] = frozenset()  # what the page claims as its title, squeezed
    names: dict[html.HtmlElement, list[str]] = field(default_factory=dict)  # id and class tokens, where there are any
    lines: list[Line] = field(default_factory=list)  # every visible line, in page order

    def of(self, element: html.HtmlElement) -> float:
        return self.total.get(element, 0.0)


def is_prose(line: Line) -> bool:
    """Whether a line reads as running text rather than as a label, a link or a name."""
    if line.linked * 2 > len(line.text):
        return False
    return bool(_SENTENCE.search(line.text)) or (len(line.text) >= _PROSE and not _RULE.search(line.text))


def weight(line: Line) -> float:
    """How much a line speaks for its node being the document, in characters; negative for furniture."""
    size = len(line.text)
    if chrome.kind(line.text):
        return -15.0
    if line.linked * 2 > size:
        return 0.0 if any(is_file(link.get("href", "")) for link in line.links) else -float(size) - 2
    return float(size - line.linked) if is_prose(line) else 0.3 * size


def weigh(root: html.HtmlElement, titles: frozenset[str] = frozenset()) -> Weights:
    """Weigh every element of a page; hidden elements weigh nothing, boxes about the site weigh against."""
    weights = Weights(titles=titles)
    weights.order = [element for element in root.iter() if isinstance(element.tag, str)]
    weights.names = {element: found for element in weights.order if element.attrib and (found := names(element))}
    if hidden := hidden_elements(weights.order):
        weights.unseen = _below(weights.order, set(hidden))
    own: dict[html.HtmlElement, float] = {}
    plus: dict[html.HtmlElement, float] = {}
    said: dict[str, html.HtmlElement | None] = {}
    for line in lines(root):
        if line.block not in weights.unseen:
            weights.lines.append(line)
            value = weight(line)
            if len(line.text) >= _PROSE and value > 0:
                # A second copy for phones, in another box, must not pull the weight up to the box around both.
                box = line.block.getparent()
                value = value if said.setdefault(line.text, box) is box else 0.0
            own[line.block] = own.get(line.block, 0.0) + value
            if value > 0:
                plus[line.block] = plus.get(line.block, 0.0) + value
    _add_up(weights, own, plus)
    if boxes := _site_boxes(weights):
        inside = _below(weights.order, boxes)
        for element in inside & own.keys():
            own[element] = -abs(own[element]) * 0.5
            plus.pop(element, None)
        _add_up(weights, own, plus)
    return weights


def _add_up(weights: Weights, own: dict[html.HtmlElement, float], plus: dict[html.HtmlElement, float]) -> None:
    weights.total, weights.plus = dict(own), dict(plus)
    for sums in (weights.total, weights.plus):
        for element in reversed(weights.order):
            if (value := sums.get(element)) and (parent := element.getparent()) is not None:
                sums[parent] = sums.get(parent, 0.0) + value


def _below(order: list[html.HtmlElement], tops: set[html.HtmlElement]) -> set[html.HtmlElement]:
    inside: set[html.HtmlElement] = set()
    for element in order:
        if element in tops or element.getparent() in inside:
            inside.add(element)
    return inside


def _site_boxes(weights: Weights) -> set[html.HtmlElement]:
    """Elements named after a part of the site, but for those with half of the page's prose (an unclosed header)."""
    limit = max(max(weights.total.values(), default=0.0) * 0.5, 1.0)
    named = [element for element, found in weights.names.items() if any(map(SITE_BOX.match, found))]
    named += [element for element in weights.order if element.tag in SITE_TAGS]
    return {element for element in named if element.tag not in ("body", "html") and weights.of(element) < limit}
