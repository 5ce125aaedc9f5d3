"""Find the node that holds the document, by what the CMS says and by where the prose is.

Begin and end marks come first, then containers CMSs are known for, then the heaviest node; each only as far as the
page's prose agrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree, html

from crawler.body import chrome
from crawler.body.containers import BEGIN_MARK, COMPOSED, EDITOR_PATTERN, EDITORS, END_MARK, GENERIC
from crawler.body.heading import column_of, headed_box
from crawler.body.narrow import EDITOR_TAGS, TRIED, cleanest, deepest, grown, is_sure
from crawler.body.weights import Weights, is_file
from crawler.text import witness
from crawler.walk import BLOCKS

_WEAK = 120.0  # weight below which an address in the footer can outweigh a notice of two lines
_RIVAL = 0.5  # share of the heaviest weight from which another column makes the choice doubtful
_ENOUGH = 12.0  # weight below which the prose of a page proves nothing


@dataclass(frozen=True, slots=True)
class Found:
    """The node of the document; `editor` when a CMS's own name or mark vouches for it."""

    node: html.HtmlElement
    how: str
    editor: bool = False
    sure: bool = False  # the name or mark is used for nothing else
    begin: html.HtmlElement | None = None  # marks inside the node that bracket the document
    end: html.HtmlElement | None = None


def locate(root: html.HtmlElement, weights: Weights, containers: Sequence[str] = ()) -> Found | None:
    """The document's node, or None when the page has neither a filled container nor prose.

    What is found by weight alone gives way to what stands with the page's heading.
    """
    found = _heaviest(root, weights, containers)
    if found is None or found.sure:
        return found
    if (around := column_of(found.node, weights)) is not None:
        return Found(around, f"a paragraph beside the heading, in {_shown(around)}; {found.how}")
    named = {element for element in weights.names if _names_editor(element, weights)}
    box = headed_box(weights, found.node, named)
    if box is None:
        return found
    inside = set(box.iter())
    editors = [node for node in named & inside if _filled(node, weights)]
    if not editors:
        return Found(box, f"below the heading, in {_shown(box)}, not {found.how}")
    node = max(editors, key=weights.of)
    return Found(node, f"container {_shown(node)} below the heading, not {found.how}", editor=True, sure=is_sure(node))


def _heaviest(root: html.HtmlElement, weights: Weights, containers: Sequence[str]) -> Found | None:
    """The document's node by name and by weight.

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
    headed = _under_the_heading(weights) if weights.of(best) < _WEAK else None
    if headed is not None and best not in set(headed.node.iter()):
        return headed
    return _narrowed(_witnessed(best, root, weights), weights)


def _witnessed(best: html.HtmlElement, root: html.HtmlElement, weights: Weights) -> html.HtmlElement:
    """Of two columns that weigh much the same, the one below a title or info line, else the one trafilatura reads."""
    related = {*best.iter(), *best.iterancestors()}
    rival = max((element for element in _blocks(weights) if element not in related), key=weights.of, default=None)
    if rival is None or weights.of(rival) < max(_RIVAL * weights.of(best), _WEAK / 2):
        return best
    columns = [(node, set(node.iter())) for node in (best, rival)]
    headed = [node for node, inside in columns if _is_headed(inside, weights)]
    if len(headed) == 1:
        return headed[0]
    seen = witness(root) or ""
    told = [sum(len(x.text) for x in weights.lines if x.block in inside and x.text in seen) for _, inside in columns]
    return rival if told[1] > told[0] else best


def _is_headed(inside: set[html.HtmlElement], weights: Weights) -> bool:
    """Whether a title or info line of the page stands just above or at the top of a box."""
    first = next((at for at, line in enumerate(weights.lines) if line.block in inside), 0)
    tops = [chrome.squeeze(line.text) for line in weights.lines[max(0, first - 4) : first + 4]]
    return any(text in weights.titles or len(chrome.info_fields(text)) > 1 for text in tops)


def select(root: html.HtmlElement, expression: str) -> list[html.HtmlElement]:
    """The elements an XPath (it begins with / ./ or a bracket) or CSS selector matches; a wrong one raises."""
    xpath = expression.startswith(("/", "./", ".//", "("))
    found = root.xpath(expression) if xpath else root.cssselect(expression)
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
            if (
                node is not None
                and _filled(node, weights)
                and (found is None or weights.of(node) > weights.of(found.node))
            ):
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
    """The heaviest container with a telling name, as deep as the text allows and as wide as its sisters reach."""
    named = [
        element
        for element in weights.order
        if (element in known or element.tag in EDITOR_TAGS or _names_editor(element, weights))
        and _filled(element, weights)
    ]
    if not named:
        return None
    top = max(named, key=weights.of)
    inner = deepest(top, [node for node in named if node is not top], weights)
    below_or_above = {*top.iterdescendants(), *top.iterancestors()}
    sisters = [node for node in named if node is not top and node not in below_or_above and weights.of(node) > 20]
    for sister in sisters[:TRIED]:
        both = _common(top, sister)
        if both is not None and weights.of(both) >= 0.95 * (weights.of(top) + weights.of(sister)):
            return Found(both, f"{_shown(top)} and its sister {_shown(sister)}")
    how = f"container {_shown(inner)}" + (f", known as {known[inner]}" if inner in known else "")
    return Found(inner, how, editor=True, sure=is_sure(inner))


def _names_editor(element: html.HtmlElement, weights: Weights) -> bool:
    return any(
        name in EDITORS or EDITOR_PATTERN.match(name) or COMPOSED.match(name) for name in weights.names.get(element, ())
    )


def _shown(element: html.HtmlElement) -> str:
    identity, names_ = element.get("id"), element.get("class")
    return (
        f"{element.tag}#{identity}"
        if identity
        else f"{element.tag}.{'.'.join(names_.split())}"
        if names_
        else element.tag
    )


def _narrowed(best: html.HtmlElement, weights: Weights) -> Found:
    """Inside the heaviest node, the deepest box beside which stand only furniture and other people's prose."""
    core = cleanest(grown(best, weights), weights)
    named = [element for element, found in weights.names.items() if not GENERIC.isdisjoint(found)]
    node = deepest(core, named, weights)
    share = f"{weights.of(node):.0f} of {weights.of(best):.0f} by text"
    if node is not core:
        return Found(node, f"container {_shown(node)}, with {share}")
    return Found(core, f"heaviest text, {share}, in {_shown(core)}")


def _bare_container(weights: Weights) -> Found | None:
    """On a page without prose: the commonly named container that holds pictures or files."""
    named = [node for node, found in weights.names.items() if not GENERIC.isdisjoint(found) and _filled(node, weights)]
    if not named:
        return None
    node = min(named, key=lambda element: sum(1 for _ in element.iter()))
    return Found(node, f"container {_shown(node)}, the page has no prose")


def _under_the_heading(weights: Weights) -> Found | None:
    """On a page without prose and names: what stands with the info line (来源：… 日期：…) in the smallest box."""
    heads = [line for line in weights.lines if len(chrome.info_fields(chrome.squeeze(line.text))) > 1]
    if not heads:
        return None
    seen = {
        line.block for line in weights.lines if chrome.kind(line.text) is None and line.linked * 2 <= len(line.text)
    }
    at = weights.order.index(heads[-1].block)
    after = set(weights.order[at:])
    for above in heads[-1].block.iterancestors():
        if above.tag in ("body", "html"):
            return None
        inside = set(above.iter())
        if (seen & inside & after) - {heads[-1].block} or any(image in after for image in above.iter("img")):
            return Found(above, f"below the info line, in {_shown(above)}")
    return None
