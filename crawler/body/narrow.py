"""From a box that holds the document to the box that holds only the document, without losing a line of it."""

from __future__ import annotations

import re
from typing import Final

from lxml import html

from crawler.body import chrome
from crawler.body.containers import EDITOR_PATTERN, SURE
from crawler.body.weights import Weights, is_prose, names

EDITOR_TAGS: Final = frozenset(("ucapcontent", "founder-content"))
TRIED = 8  # containers of one page that are compared line by line; keeps hostile pages linear
_SIGNATURE: Final = re.compile(
    "(?:政府|委员会|办公室|厅|局|委|办|部|院|处|中心|公司|协会)$|[年]\\s*[0-9一二三四五六七八九十]{1,3}\\s*月.{0,6}$"
)
_SHORT = 600.0  # weight of prose up to which a box is searched for more of it
_COLUMN = 60.0  # weight of prose from which a part of the page beside the document is a column of its own


def deepest(top: html.HtmlElement, named: list[html.HtmlElement], weights: Weights) -> html.HtmlElement:
    """The innermost of the named containers in `top` that leaves no line of the document outside."""
    inside = set(top.iterdescendants())
    node = top
    for candidate in named[:TRIED]:
        if (
            candidate in inside
            and weights.of(candidate) >= 0.8 * weights.of(top)
            and _loses_nothing(top, candidate, weights)
        ):
            node = candidate
    return node


def _loses_nothing(outer: html.HtmlElement, inner: html.HtmlElement, weights: Weights) -> bool:
    """Whether all that stands in `outer` but not in `inner` is furniture, or a heading above the info line.

    Beside a container used for nothing else, also short words are furniture unless they read as a signature.
    """
    core, within, sure = set(inner.iter()), set(outer.iter()), is_sure(inner)
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


def is_sure(element: html.HtmlElement) -> bool:
    return element.tag in EDITOR_TAGS or any(name in SURE or EDITOR_PATTERN.match(name) for name in names(element))


def grown(best: html.HtmlElement, weights: Weights) -> html.HtmlElement:
    """Go up from a single paragraph that outweighs its box only because the box also holds furniture."""
    node = best
    for above in best.iterancestors():
        if above.tag in ("body", "html") or weights.of(above) <= 0 or weights.plus[above] > _SHORT:
            break
        if weights.plus[above] >= 1.25 * weights.plus[node]:
            node = above
    return node


def cleanest(best: html.HtmlElement, weights: Weights) -> html.HtmlElement:
    """Go down to the child with most of the prose where the rest is prose mixed with furniture: another column."""
    node = at = best
    while True:
        at = max((child for child in at if child in weights.plus), key=lambda child: weights.plus[child], default=None)
        if at is None or weights.plus[at] < 0.6 * weights.plus[node]:
            return node
        rest = weights.plus[node] - weights.plus[at]
        against = rest - (weights.of(node) - weights.of(at))
        if rest >= _COLUMN and against >= 0.3 * rest:
            node = at
