"""A page as every reader sees it: decoded once, parsed once, never changed by whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from lxml import etree, html

from crawler.decoding import decode

# The parser stops at the first </html>; pages glued together from templates go on after it (DOMAIN.md section 7).
_EARLY_END: Final = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# XML-only prologues and characters no document may hold: the parser ends the page or the text at some of them.
_PROLOGUE: Final = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,3000})>")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_INLINE: Final = frozenset(
    ("a", "abbr", "b", "big", "em", "font", "i", "ins", "s", "small", "span", "strike", "strong", "sub", "sup", "u")
)
_DEEPEST = 400  # kept levels of a page nested deeper than the parser bears; no real layout comes near it


@dataclass(frozen=True)
class Page:
    """One HTML page: its URL, decoded text, and why it was decoded so.

    `root` is the parsed tree with comments kept (大汉 JCMS marks the body with them); who prunes works on a copy.
    """

    url: str
    text: str
    encoding: str
    encoding_reason: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case

    @cached_property
    def root(self) -> html.HtmlElement:
        """The whole document, also what stands after an early `</html>`; nesting beyond 400 levels is flattened."""
        source = _EARLY_END.sub("", _FORBIDDEN.sub("", _PROLOGUE.sub("", self.text)))
        root, too_deep = _parse(source)
        return _parse(flatten(source))[0] if too_deep else root


def open_page(body: bytes, url: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
    """Decode `body` and give the page; raises nothing for odd bytes, the encoding reason tells what was done."""
    lowered = {name.lower(): value for name, value in (headers or {}).items()}
    decoded = decode(body, lowered.get("content-type"))
    return Page(url, decoded.text, decoded.encoding, decoded.reason, status, lowered)


def _parse(source: str) -> tuple[html.HtmlElement, bool]:
    """The tree, and whether the parser gave up on its depth (2048 levels) and dropped what lies deeper."""
    # As bytes with a stated encoding: as text, lxml refuses encoding declarations and obeys wrong charset labels.
    parser = html.HTMLParser(huge_tree=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(source.encode("utf-8"), parser=parser)
    except etree.ParserError:  # nothing but white space or comments
        root = html.document_fromstring(b"<html><body></body></html>", parser=parser)
    return root, any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def flatten(source: str) -> str:
    """The markup with tags nested deeper than 400 levels replaced by line breaks (block) or nothing (inline)."""
    depth = 0

    def judge(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name = match[1], match[2].lower()
        if name in _VOID or match[3].endswith("/"):
            return match[0]
        depth = max(0, depth - 1) if closing else depth + 1
        if depth < _DEEPEST - bool(closing):
            return match[0]
        return "" if name in _INLINE else "<br>"

    return _TAG.sub(judge, source)
