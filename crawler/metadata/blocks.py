"""One pass over a page's tree: the short runs of visible text every metadata reader looks at, in page order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html

from crawler.metadata.scripts import written

# Where an inline element begins or ends: labels may not straddle it unseen, and it is no space of the text.
EDGE = "\x1f"
_UNSEEN = "head title style noscript template select textarea button object iframe svg canvas math"
_SKIP = frozenset(_UNSEEN.split())
# Everything else is inline, as in browsers: sites make up tags such as <publishtime>.
_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup html legend li main marquee menu nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul"
)
_BOXES = frozenset(_TAGS.split())
_CELLS = frozenset({"td", "th", "dd"})
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_ENTER, _LEAVE = 0, 1


@dataclass(slots=True)
class Block:
    """A run of text between two block boundaries or line breaks.

    `text` keeps EDGE marks; `element` is the block element around it; `marks` are the class and id words of inline
    elements inside, with their offsets; `linked` counts characters inside links.
    """

    text: str
    element: html.HtmlElement
    order: int
    linked: int = 0
    marks: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """The text without EDGE marks, spaces folded."""
        return " ".join(self.text.replace(EDGE, "").split())


def collect(root: html.HtmlElement) -> list[Block]:
    """Every visible block of the page; an empty cell is an empty block, so no label takes another one's value."""
    return list(_Walk(root).blocks())


class _Walk:
    """Depth first without recursion, because pages nest 100,000 deep."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.root = root
        self.pieces: list[str] = []
        self.length = 0
        self.links = 0
        self.linked = 0
        self.marks: list[tuple[int, int, str]] = []
        self.order = 0
        self.variables: dict[str, str] = {}

    def blocks(self) -> Iterator[Block]:
        around = [self.root]
        open_marks: list[tuple[int, str]] = []
        filled = [0]
        stack: list[tuple[int, html.HtmlElement]] = [(_ENTER, self.root)]
        while stack:
            step, element = stack.pop()
            tag = element.tag
            inline = tag not in _BOXES
            if step == _LEAVE:
                if inline:
                    self.close_inline(element, open_marks)
                else:
                    yield from self.flush(around[-1])
                    if tag in _CELLS and filled[-1] == self.order:
                        yield self.block("", around[-1])
                    around.pop()
                    filled.pop()
            elif tag == "script":
                self.add(written(element.text, self.variables))
            elif tag in {"br", "hr"}:
                yield from self.flush(around[-1])
            elif isinstance(tag, str) and tag not in _SKIP and not _is_hidden(element):
                if inline:
                    self.open_inline(element, open_marks)
                else:
                    yield from self.flush(around[-1])
                    around.append(element)
                    filled.append(self.order)
                self.add(element.text)
                stack.append((_LEAVE, element))
                if len(element):
                    stack.extend([(_ENTER, child) for child in reversed(element)])
                continue
            if element is not self.root:
                self.add(element.tail)
        yield from self.flush(self.root)

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.length += len(text)
            if self.links:
                self.linked += len(text.strip())

    def open_inline(self, element: html.HtmlElement, open_marks: list[tuple[int, str]]) -> None:
        self.add(EDGE)
        self.links += element.tag == "a"
        open_marks.append((self.length, names(element)))

    def close_inline(self, element: html.HtmlElement, open_marks: list[tuple[int, str]]) -> None:
        start, words = open_marks.pop()
        if words and start <= self.length:
            self.marks.append((start, self.length, words))
        self.add(EDGE)
        self.links -= element.tag == "a"

    def flush(self, element: html.HtmlElement) -> Iterator[Block]:
        if not self.pieces:
            return
        text = "".join(self.pieces)
        if text.strip(" \t\r\n\xa0\u3000\ufeff\u200b" + EDGE):
            yield self.block(text, element)
        self.pieces, self.length, self.linked, self.marks = [], 0, 0, []

    def block(self, text: str, element: html.HtmlElement) -> Block:
        made = Block(text, element, self.order, self.linked, self.marks)
        self.order += 1
        return made


def names(element: html.HtmlElement) -> str:
    """The class and id of an element as one lower-case string."""
    first, second = element.get("class"), element.get("id")
    return f"{first or ''} {second or ''}".strip().lower() if first or second else ""


def _is_hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return (style is not None and _HIDDEN.search(style) is not None) or element.get("hidden") is not None
