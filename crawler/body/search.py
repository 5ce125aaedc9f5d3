"""Find the node that holds the document, by what the CMS says and by where the prose is.

Every line of the page gets a weight: prose counts for a node, links and the site's furniture against it; a node weighs what its
lines weigh. The document is the heaviest node, narrowed to the container a CMS names inside it where text and name agree.
Linear in the size of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from lxml import etree, html

from crawler.body import chrome
from crawler.body.containers import BEGIN_MARK, COMPOSED, EDITOR_PATTERN, EDITORS, END_MARK, GENERIC, SITE_BOX, SITE_TAGS, SURE
from crawler.body.hidden import hidden_elements
from crawler.text import BLOCKS, Line, lines

FILE_LINK: Final = re.compile(
    r"\.(?:pdf|docx?|wps|wpt|et|ett|dps|xlsx?|xlsm|pptx?|ofd|ceb|cebx|rar|zip|7z|txt|rtf|csv|tif{1,2}|xml|caj)$", re.IGNORECASE
)
_DOWNLOAD: Final = re.compile(
    r"DownloadAttachUrl|download\.jsp|downfile|filedownload|file/?download|download(?:file|attach|attachment)?\.(?:do|action|aspx?|php)"
    r"|/attachment/(?:download|\d)|/module/download/|attach(?:ment)?id=|[?&](?:filename|file_?name|fileid)=|/downloadfile/",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile("[。！？；]|[，：].*[，、：]")
_SIGNATURE: Final = re.compile("(?:政府|委员会|办公室|厅|局|委|办|部|院|处|中心|公司|协会)$|[年]\\s*[0-9一二三四五六七八九十]{1,3}\\s*月.{0,6}$")
_PROSE = 30  # characters from which a line without links reads as prose even without punctuation
_EDITOR_TAGS: Final = frozenset(("ucapcontent", "founder-content"))
_TRIED = 8  # containers of one page that are compared line by line; keeps hostile pages linear
_SHORT = 600.0  # weight of prose up to which a box is searched for more of it
_COLUMN = 60.0  # weight of prose from which a part of the page beside the document is a column of its own
_WEAK = 120.0  # weight below which an address in the footer can outweigh a notice of two lines
_ENOUGH = 12.0  # weight below which the prose of a page proves nothing


def is_file(href: str) -> bool:
    """Whether a link leads to a file to download rather than to a page, by extension or by a CMS's download address."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    if parts.scheme not in ("", "http", "https", "ftp"):
        return False
    return bool(FILE_LINK.search(parts.path) or FILE_LINK.search(parts.query) or _DOWNLOAD.search(href))


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


@dataclass(frozen=True, slots=True)
class Found:
    """The node of the document; `editor` when a CMS's own name or mark vouches for it."""

    node: html.HtmlElement
    how: str
    editor: bool = False
    sure: bool = False  # the name or mark is used for nothing else
    begin: html.HtmlElement | None = None  # marks inside the node that bracket the document
    end: html.HtmlElement | None = None


def is_prose(line: Line) -> bool:
    """Whether a line reads as running text rather than as a label, a link or a name."""
    return line.linked * 2 <= len(line.text) and (len(line.text) >= _PROSE or bool(_SENTENCE.search(line.text)))


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
    for line in lines(root):
        if line.block not in weights.unseen:
            weights.lines.append(line)
            value = weight(line)
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
    """Elements named after a part of the site; not those that hold half of the page's prose (an unclosed header does)."""
    limit = max(max(weights.total.values(), default=0.0) * 0.5, 1.0)
    named = [element for element, found in weights.names.items() if any(map(SITE_BOX.match, found))]
    named += [element for element in weights.order if element.tag in SITE_TAGS]
    return {element for element in named if element.tag not in ("body", "html") and weights.of(element) < limit}


def names(element: html.HtmlElement) -> list[str]:
    """The element's id and class tokens in lower case."""
    found = (element.get("class") or "").lower().split()
    if identity := element.get("id"):
        found.append(identity.lower())
    return found


def locate(root: html.HtmlElement, weights: Weights, containers: Sequence[str] = ()) -> Found | None:
    """The document's node, or None when the page has neither a filled container nor prose.

    Tried in this order, each only as far as the weights agree: begin and end marks, containers the CMS family names or
    every CMS is known for, the heaviest node.
    """
    best = max(_blocks(weights), key=weights.of, default=None)
    if marked := _marked(root, weights):
        return _agreed(marked, best, weights)
    known = {node: expression for expression in reversed(containers) for node in select(root, expression)}
    if editor := _editor(weights, known):
        return _agreed(editor, best, weights)
    if best is None or weights.of(best) < _ENOUGH:
        return _bare_container(weights) or _under_the_heading(weights)
    if weights.of(best) < _WEAK and (headed := _under_the_heading(weights)):
        if headed.node is not best and best not in set(headed.node.iterdescendants()):
            return headed
    return _narrowed(best, weights)


def select(root: html.HtmlElement, expression: str) -> list[html.HtmlElement]:
    """The elements an XPath (it begins with / or .) or CSS selector matches; a wrong expression is the family's bug and raises."""
    if expression.startswith(("/", "./", ".//", "(")):
        found = root.xpath(expression)
    else:
        found = root.cssselect(expression)
    return [node for node in found if isinstance(node, html.HtmlElement)]


def _blocks(weights: Weights) -> list[html.HtmlElement]:
    return [element for element in weights.total if element.tag in BLOCKS]


def _filled(node: html.HtmlElement, weights: Weights) -> bool:
    """Whether a container holds something of its own: text that is no furniture, a picture, or a file."""
    if weights.of(node) + weights.plus.get(node, 0.0) > 0:
        return True
    if weights.of(node) < -20 or node in weights.unseen:
        return False
    return node.find(".//img") is not None or any(is_file(link.get("href", "")) for link in node.iter("a"))


def _agreed(found: Found, best: html.HtmlElement | None, weights: Weights) -> Found:
    """The found container, unless the page's prose clearly stands elsewhere or reaches far beyond it."""
    own = weights.of(found.node)
    rival = weights.of(best) if best is not None else 0.0
    if best is None or best is found.node:
        return found
    around = any(element is best for element in found.node.iterancestors())
    if found.sure:
        overruled = rival > 300 and own < 0.2 * rival and (around or own < 1)
    else:
        overruled = rival - own > 60 and own < 0.5 * rival
    if overruled:
        other = _narrowed(best, weights)
        return Found(other.node, f"{other.how}, against {own:.0f} in {found.how}")
    return found


def _marked(root: html.HtmlElement, weights: Weights) -> Found | None:
    """The node between a CMS's begin and end marks: comments, or meta tags inside the body."""
    begin: html.HtmlElement | None = None
    found: Found | None = None
    for mark in root.iter(etree.Comment, "meta"):
        sort = _mark(mark)
        if sort == "begin" and begin is None:
            begin = mark
        elif sort == "end" and begin is not None:
            node = _common(begin, mark)
            if node is not None and _filled(node, weights) and (found is None or weights.of(node) > weights.of(found.node)):
                found = Found(node, f"mark {_words(begin)}", editor=True, sure=True, begin=begin, end=mark)
            begin = None if sort == "end" and _mark(mark.getnext()) != "end" else begin
    return found


def _mark(element: html.HtmlElement | None) -> str | None:
    if element is None:
        return None
    if element.tag is etree.Comment:
        words = element.text or ""
        return "begin" if BEGIN_MARK.match(words) else "end" if END_MARK.match(words) else None
    if element.tag == "meta":
        return {"contentstart": "begin", "contentend": "end"}.get((element.get("name") or "").lower())
    return None


def _words(mark: html.HtmlElement) -> str:
    return (mark.text or "").strip() if mark.tag is etree.Comment else str(mark.get("name"))


def _common(one: html.HtmlElement, other: html.HtmlElement) -> html.HtmlElement | None:
    above = set(one.iterancestors())
    return next((element for element in other.iterancestors() if element in above), None)


def _editor(weights: Weights, known: dict[html.HtmlElement, str]) -> Found | None:
    """The heaviest container with a telling name, taken as deep as the text allows, and as wide as its sisters reach."""
    named = [
        element
        for element in weights.order
        if (element in known or element.tag in _EDITOR_TAGS or _names_editor(element, weights))
        and _filled(element, weights)
    ]
    if not named:
        return None
    top = max(named, key=weights.of)
    inner = _deepest(top, [node for node in named if node is not top], weights)
    below_or_above = {*top.iterdescendants(), *top.iterancestors()}
    sisters = [node for node in named if node is not top and node not in below_or_above and weights.of(node) > 20]
    for sister in sisters[:_TRIED]:
        both = _common(top, sister)
        if both is not None and weights.of(both) >= 0.95 * (weights.of(top) + weights.of(sister)):
            return Found(both, f"{_shown(top)} and its sister {_shown(sister)}")
    how = f"container {_shown(inner)}" + (f", known as {known[inner]}" if inner in known else "")
    return Found(inner, how, editor=True, sure=_is_sure(inner))


def _deepest(top: html.HtmlElement, named: list[html.HtmlElement], weights: Weights) -> html.HtmlElement:
    """The innermost of the named containers in `top` that leaves no line of the document outside."""
    inside = set(top.iterdescendants())
    node = top
    for candidate in named[:_TRIED]:
        if candidate in inside and weights.of(candidate) >= 0.8 * weights.of(top) and _loses_nothing(top, candidate, weights):
            node = candidate
    return node


def _loses_nothing(outer: html.HtmlElement, inner: html.HtmlElement, weights: Weights) -> bool:
    """Whether all that stands in `outer` but not in `inner` is furniture, or a heading above the info line.

    Beside a container used for nothing else, also short words are furniture unless they read as a signature.
    """
    core, within, sure = set(inner.iter()), set(outer.iter()), _is_sure(inner)
    before = 0
    passed = False
    for line in weights.lines:
        if line.block in core:
            passed = True
        elif line.block in within and line.linked * 2 <= len(line.text):
            if chrome.kind(line.text) or chrome.squeeze(line.text) in weights.titles:
                if not passed and chrome.info_fields(chrome.squeeze(line.text)):
                    before = 0
            elif sure and not is_prose(line) and not _SIGNATURE.search(line.text):
                continue
            elif passed:
                return False
            else:
                before += 1
    return not before


def _is_sure(element: html.HtmlElement) -> bool:
    return element.tag in _EDITOR_TAGS or any(name in SURE or EDITOR_PATTERN.match(name) for name in names(element))


def _names_editor(element: html.HtmlElement, weights: Weights) -> bool:
    return any(name in EDITORS or EDITOR_PATTERN.match(name) or COMPOSED.match(name) for name in weights.names.get(element, ()))


def _shown(element: html.HtmlElement) -> str:
    identity, names_ = element.get("id"), element.get("class")
    return f"{element.tag}#{identity}" if identity else f"{element.tag}.{'.'.join(names_.split())}" if names_ else element.tag


def _narrowed(best: html.HtmlElement, weights: Weights) -> Found:
    """Inside the heaviest node, the deepest box beside which stand only furniture and other people's prose."""
    core = _cleanest(_grown(best, weights), weights)
    named = [element for element, found in weights.names.items() if not GENERIC.isdisjoint(found)]
    node = _deepest(core, named, weights)
    share = f"{weights.of(node):.0f} of {weights.of(best):.0f} by text"
    if node is not core:
        return Found(node, f"container {_shown(node)}, with {share}")
    return Found(core, f"heaviest text, {share}, in {_shown(core)}")


def _grown(best: html.HtmlElement, weights: Weights) -> html.HtmlElement:
    """Go up from a single paragraph that outweighs its box only because the box also holds furniture."""
    node = best
    for above in best.iterancestors():
        if above.tag in ("body", "html") or weights.of(above) <= 0 or weights.plus[above] > _SHORT:
            break
        if weights.plus[above] >= 1.25 * weights.plus[node]:
            node = above
    return node


def _cleanest(best: html.HtmlElement, weights: Weights) -> html.HtmlElement:
    """Go down to the child that holds most of the prose where the rest is prose mixed with furniture: another column."""
    node = at = best
    while True:
        at = max((child for child in at if child in weights.plus), key=lambda child: weights.plus[child], default=None)
        if at is None or weights.plus[at] < 0.6 * weights.plus[node]:
            return node
        rest = weights.plus[node] - weights.plus[at]
        against = rest - (weights.of(node) - weights.of(at))
        if rest >= _COLUMN and against >= 0.3 * rest:
            node = at


def _bare_container(weights: Weights) -> Found | None:
    """On a page without prose: the commonly named container that holds pictures or files."""
    named = [node for node, found in weights.names.items() if not GENERIC.isdisjoint(found) and _filled(node, weights)]
    if not named:
        return None
    node = min(named, key=lambda element: sum(1 for _ in element.iter()))
    return Found(node, f"container {_shown(node)}, the page has no prose")


def _under_the_heading(weights: Weights) -> Found | None:
    """On a page without prose and names: what stands beside the info line (来源：… 发布日期：…) in the smallest common box."""
    heads = [line for line in weights.lines if len(chrome.info_fields(chrome.squeeze(line.text))) > 1]
    if not heads:
        return None
    seen = {line.block for line in weights.lines if chrome.kind(line.text) is None and line.linked * 2 <= len(line.text)}
    at = weights.order.index(heads[-1].block)
    after = set(weights.order[at:])
    for above in heads[-1].block.iterancestors():
        if above.tag in ("body", "html"):
            return None
        inside = set(above.iter())
        if (seen & inside & after) - {heads[-1].block} or any(image in after for image in above.iter("img")):
            return Found(above, f"below the info line, in {_shown(above)}")
    return None
