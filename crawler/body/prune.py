"""Take out of the document's node what is not the document, and say what was taken and why."""

from __future__ import annotations

import re
from typing import Final

from lxml import html

from crawler.body import chrome
from crawler.body.containers import SITE_BOX, SITE_TAGS
from crawler.body.furniture import NOTHING, Above, furniture
from crawler.body.hidden import hidden_elements
from crawler.body.search import Found
from crawler.body.weights import names
from crawler.walk import Line, lines

Removed = tuple[str, str]  # reason, text
_ATTACHED: Final = re.compile(
    r"attach|fujian|^fj|appendix|annex|accessor|xgfj|fjxz|down(?:load)?s?(?:$|[-_])|filelist|file-list"
)
_PROSE = 30
_SENTENCE: Final = re.compile("[。！？；]")
_BOX = 200  # characters of plain text from which a box is no mere tool of the site


def prune(
    node: html.HtmlElement, found: Found, titles: frozenset[str] = frozenset(), above: Above = NOTHING
) -> tuple[list[Removed], int]:
    """Prune `node`, a copy of `found.node`, in place; of what an editor typed only plain furniture goes.

    `titles` are the squeezed titles the page claims, `above` what stands above the node. Returns
    what was removed, and the number of hidden characters.
    """
    removed: list[Removed] = []
    hidden = 0
    if found.begin is not None and found.end is not None:
        removed += _clip(node, found)
    elements = [element for element in node.iterdescendants() if isinstance(element.tag, str)]
    for element in hidden_elements(elements):
        text = " ".join(line.text for line in lines(element))
        if text:
            hidden += len(chrome.squeeze(text))
            removed.append(("hidden", text))
        drop(element)
    for element in [element for element in elements if _is_box(element, found.editor)]:
        if text := " ".join(line.text for line in lines(element)):
            removed.append(("box", text))
        drop(element)
    pictured = node.find(".//img") is not None
    for reason, line in furniture(list(lines(node)), found, titles, above, pictured):
        removed.append((reason, line.text))
        _empty(line)
    return removed, hidden


def drop(element: html.HtmlElement) -> None:
    """Take an element out of its tree and leave its tail where it was."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _empty(line: Line) -> None:
    for element, slot in line.slots:
        if slot == "text":
            element.text = None
        else:
            element.tail = None


def _clip(node: html.HtmlElement, found: Found) -> list[Removed]:
    """Empty the lines outside the begin and end marks."""
    originals = list(found.node.iter())
    at = {element: number for number, element in enumerate(node.iter())}
    places = {element: number for number, element in enumerate(originals) if element in (found.begin, found.end)}
    begin, end = places[found.begin], places[found.end]
    copies = list(at)
    around_begin, around_end = set(copies[begin].iterancestors()), set(copies[end].iterancestors())
    removed: list[Removed] = []
    for line in lines(node):
        element, slot = line.slots[0]
        tail = slot == "tail"
        early = at[element] < begin and not (tail and element in around_begin)
        late = at[element] > end or (tail and (element in around_end or at[element] == end))
        if early or late:
            removed.append(("outside the marks", line.text))
            _empty(line)
    return removed


def _is_box(element: html.HtmlElement, editor: bool) -> bool:
    """Whether an element is named as a part of the site or a file list, and its text bears that out."""
    if not element.attrib and element.tag not in SITE_TAGS:
        return False
    named = names(element)
    site = element.tag in SITE_TAGS or any(map(SITE_BOX.match, named))
    files = not site and not editor and any(map(_ATTACHED.search, named))
    if not site and not files:
        return False
    size = seen = 0
    for line in lines(element):
        size += len(line.text) - line.linked
        seen += len(line.text)
        if size >= _BOX or seen >= 20 * _BOX:
            return False
        if chrome.kind(line.text) or line.linked * 2 > len(line.text):
            continue
        if len(line.text) > _PROSE or _SENTENCE.search(line.text) or (editor and site):
            return False
    return True
