"""Files a page shows in itself rather than links to: a PDF in a frame, an embed, an object, or a viewer's address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import html

from crawler.body.weights import FILE_LINK, is_file

_SOURCE: Final = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_WRITTEN: Final = re.compile(r"<(?:iframe|embed)\b[^<>]{0,300}?src\s*=\s*\\?[\"']([^\"'<>\\]{1,400})", re.IGNORECASE)


def embedded(boxes: Iterable[html.HtmlElement]) -> Iterator[str]:
    """Addresses of the files shown inside the boxes, in page order, as the page gives them."""
    for box in boxes:
        for element in box.iter(*_SOURCE, "script"):
            if element.tag == "script":
                sources = _WRITTEN.findall(element.text or "") if not element.get("src") else []
            else:
                sources = [element.get(_SOURCE[element.tag]) or ""]
            yield from (file for source in sources if (file := shown_file(source)))


def shown_file(source: str) -> str | None:
    """The file a frame shows: its own address, or the one it hands to a viewer.

    >>> shown_file("/pdfjs/web/viewer.html?file=%2Ffiles%2Fa.pdf"), shown_file("./P0201.pdf#page=1")
    ('/files/a.pdf', './P0201.pdf#page=1')
    >>> shown_file("/player.html?id=1") is None
    True
    """
    try:
        parts = urlsplit(source.strip())
    except ValueError:
        return None
    if FILE_LINK.search(parts.path):
        return source.strip()
    handed = [value for _, value in parse_qsl(parts.query) if FILE_LINK.search(urlsplit(value).path) and is_file(value)]
    return handed[0] if handed else None


def file_name(url: str) -> str:
    """The last part of an address, for a file nobody named."""
    return unquote(urlsplit(url).path.rpartition("/")[2])
