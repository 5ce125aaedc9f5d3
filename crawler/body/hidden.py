"""What a page holds but does not show: counted as a sign of injected text, and never read as document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import html

# Hanging indents of Word reach -200pt beside an equal margin: only wider ones push text out of sight.
_STYLE: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|(?<![-\w])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|text-indent\s*:\s*-\s*(?:999|\d{4})"
    r"|(?:left|top|right|margin-left|margin-top)\s*:\s*-\s*\d{4,}"
)
_ZERO: Final = re.compile(r"(?<![-\w])(?:height|width)\s*:\s*[01](?:px|pt)?\s*(?:;|!|$)")
_NO_SIZE: Final = re.compile(r"font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)")
_CLIPPED: Final = re.compile(r"overflow\s*:\s*hidden")
_CLASSES: Final = frozenset(
    ("hide", "hidden", "hid", "d-none", "dn", "undis", "displaynone", "display-none", "sr-only", "visually-hidden")
)


_HINTS: Final = (
    "none",
    "hid",
    "opacity",
    "indent",
    ":-",
    ": -",
    "size:0",
    "size: 0",
    "collapse",
)  # nearly all styles hold none


def is_hidden(element: html.HtmlElement) -> bool:
    """Whether the element's own attributes take it out of sight."""
    if "hidden" in element.attrib:
        return True
    style = (element.get("style") or "").lower()
    if not any(hint in style for hint in _HINTS):
        style = ""
    if style and (_STYLE.search(style) or (_ZERO.search(style) and _CLIPPED.search(style))):
        return True
    # A box with font-size 0 closes the gaps between its inline blocks, which set a size of their own again.
    if (
        style
        and _NO_SIZE.search(style)
        and not element.xpath(".//*[contains(@style, 'font') or contains(@class, 'f')]")
    ):
        return True
    names = element.get("class")
    return bool(names) and not _CLASSES.isdisjoint(names.lower().split())


def hidden_elements(elements: Iterable[html.HtmlElement]) -> list[html.HtmlElement]:
    """The topmost hidden ones of a tree's elements, both in page order."""
    found: dict[html.HtmlElement, None] = {}
    below: set[html.HtmlElement] = set()
    for element in elements:
        if found and (element.getparent() in found or element.getparent() in below):
            below.add(element)
        elif element.attrib and is_hidden(element):
            found[element] = None
    return list(found)
