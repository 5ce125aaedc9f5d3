"""An archived page made harmless: its markup without anything that runs, loads or leads away by itself.

What is left is shown in a frame that the browser sandboxes, under a policy that allows nothing: two walls, each enough.
"""

from __future__ import annotations

import re

import nh3

from archive.model import Capture, CorruptError

LARGEST = 5_000_000  # bytes of a page that is cleaned; a larger one is offered as a file

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; "
    "base-uri 'none'"
)

_TAGS = nh3.ALLOWED_TAGS | {"font", "section", "article", "main", "header", "footer", "nav", "aside", "u", "s", "big"}
_ATTRIBUTES = {
    "*": {"align", "lang", "title"},
    "a": {"href"},
    "font": {"color", "size"},
    "img": {"alt", "width", "height"},
    "td": {"colspan", "rowspan", "width", "valign"},
    "th": {"colspan", "rowspan", "scope"},
    "table": {"border", "width"},
}
_STYLE = (
    "body{font:16px/1.8 'Songti SC','Noto Serif CJK SC',SimSun,serif;max-width:52rem;margin:1rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .5rem}img{display:none}a{color:inherit}"
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def clean(capture: Capture, encoding: str | None) -> bytes:
    """A whole HTML page, UTF-8, of the capture's markup; `encoding` is what the reader found, or None.

    Raises CorruptError when the body does not decompress.
    """
    markup = nh3.clean(
        decode(capture.content(), encoding or _declared(capture)),
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "noscript", "iframe", "object", "template", "svg", "math"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    head = f'<meta charset="utf-8"><title>archived page</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="zh">{head}{markup}'.encode()


def decode(body: bytes, encoding: str | None) -> str:
    """Text for a person to look at: the encoding that was found, else what the bytes allow, never an error."""
    for name in (encoding, "utf-8", "gb18030"):
        if name is None:
            continue
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("gb18030", "replace")


def is_markup(capture: Capture) -> bool:
    """Whether the capture is a page, and not a file such as a PDF."""
    kind = (capture.header("Content-Type") or "").split(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain", ""}:
        return not capture.body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return False


def _declared(capture: Capture) -> str | None:
    header = (capture.header("Content-Type") or "").encode("latin-1", "replace")
    match = _DECLARED.search(header)
    if match is None:
        try:
            match = _DECLARED.search(capture.content()[:4096])
        except CorruptError:
            return None
    name = match[1].decode("ascii").lower() if match else None
    # Pages labelled gb2312 hold characters of its superset more often than not.
    return "gb18030" if name in {"gb2312", "gbk"} else name
