"""The box that the document's heading stands in: text tied to the title and its info line outweighs a column beside it.

A notice of three lines next to a column of prose about the place, or above previews of the news, is the lightest.
"""

from __future__ import annotations

from lxml import html

from crawler.body import chrome
from crawler.body.weights import Weights, weight
from crawler.walk import BLOCKS, Line

_INFO_WITHIN = 4  # lines below the title in which its info line begins
_ENOUGH = 8.0  # weight of text below the heading that may be a document
_SHARE = 0.3  # of the rival's weight, below which what stands with the heading may be a mere summary
_SHARE_NAMED = 0.1  # the same where a container with a telling name vouches for it


def headed_box(weights: Weights, rival: html.HtmlElement, named: set[html.HtmlElement]) -> html.HtmlElement | None:
    """The smallest box with the heading and text below it, when `rival` lies outside and the text holds against it.

    `named` are containers with a telling name. None when the page has no clear heading, or the rival shares its box.
    """
    start = _below_heading(weights.lines, weights.titles)
    if start is None:
        return None
    below = {line.block: 0.0 for line in weights.lines[start:]}
    for line in weights.lines[start:]:
        if line.block not in weights.unseen and chrome.squeeze(line.text) not in weights.titles:
            below[line.block] += max(weight(line), 0.0)
    around = set(rival.iterancestors()) | {rival}
    head = weights.lines[start - 1].block
    for box in [head, *head.iterancestors()]:
        if box in around or box.tag in ("body", "html"):
            return None
        inside = set(box.iter())
        text = sum(value for block, value in below.items() if block in inside)
        if text >= _ENOUGH:
            share = _SHARE_NAMED if not named.isdisjoint(inside) else _SHARE
            later = any(
                line.block in around or rival in set(line.block.iterancestors()) for line in weights.lines[start:]
            )
            return box if text >= share * weights.of(rival) or not later else None
    return None


def column_of(node: html.HtmlElement, weights: Weights) -> html.HtmlElement | None:
    """The parent of a lone paragraph when the page's heading stands there too, as on pages without any boxes."""
    parent = node.getparent()
    if parent is None or node.tag not in ("p", "div") or any(child.tag in BLOCKS for child in node.iterdescendants()):
        return None
    start = _below_heading(weights.lines, weights.titles)
    if start is None or weights.lines[start - 1].block.getparent() is not parent:
        return None
    return parent


def _below_heading(lines: list[Line], titles: frozenset[str]) -> int | None:
    """Index of the first line below the title and its info line."""
    for at, line in enumerate(lines):
        if chrome.squeeze(line.text) not in titles or line.linked * 2 > len(line.text):
            continue
        nearby = range(at + 1, min(at + 1 + _INFO_WITHIN, len(lines)))
        info = [n for n in nearby if chrome.info_fields(chrome.squeeze(lines[n].text))]
        if info:
            end = info[0] + 1
            while end < len(lines) and chrome.info_fields(chrome.squeeze(lines[end].text)):
                end += 1
            return end
    return None
