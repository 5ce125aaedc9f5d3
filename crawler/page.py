"""A page as every reader sees it: decoded once, parsed once, never changed by whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import html

from crawler.decoding import decode


@dataclass(frozen=True)
class Page:
    """One HTML page: its URL, decoded text, and why it was decoded so.

    `root` is the parsed tree with comments kept (大汉 JCMS marks the body with them); readers that prune work on a copy.
    """

    url: str
    text: str
    encoding: str
    encoding_reason: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case

    @cached_property
    def root(self) -> html.HtmlElement:
        parser = html.HTMLParser(huge_tree=True, remove_pis=True)
        return html.document_fromstring(self.text or "<html></html>", parser=parser)


def open_page(body: bytes, url: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
    """Decode `body` and give the page; raises nothing for odd bytes, the encoding reason tells what was done."""
    lowered = {name.lower(): value for name, value in (headers or {}).items()}
    decoded = decode(body, lowered.get("content-type"))
    return Page(url, decoded.text, decoded.encoding, decoded.reason, status, lowered)
