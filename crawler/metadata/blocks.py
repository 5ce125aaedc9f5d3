"""One pass over a page's tree: the short runs of visible text every metadata reader looks at, in page order."""

from __future__ import annotations

import re
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
    walk = _Walk(root)
    walk.run()
    return walk.blocks


class _Walk:
    """Depth first without recursion, because pages nest 100,000 deep."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self.around = [root]  # the open block elements
        self.filled = [0]  # how many blocks there were when each was opened
        self.stack: list[tuple[bool, html.HtmlElement]] = [(True, root)]  # what to enter (True) or to leave
        self.pieces: list[str] = []
        self.length = 0
        self.links = 0
        self.linked = 0
        self.open_marks: list[tuple[int, str]] = []
        self.marks: list[tuple[int, int, str]] = []
        self.variables: dict[str, str] = {}

    def run(self) -> None:
        while self.stack:
            entering, element = self.stack.pop()
            if entering and self.enter(element):
                continue
            if not entering:
                self.leave(element)
            if element is not self.root:
                self.add(element.tail)
        self.flush(self.root)

    def enter(self, element: html.HtmlElement) -> bool:
        """Take up an element; whether its children come next, and its tail only after them."""
        tag = element.tag
        if tag == "script":
            self.add(written(element.text, self.variables))
            return False
        if tag in {"br", "hr"}:
            self.flush(self.around[-1])
            return False
        if not isinstance(tag, str) or tag in _SKIP or _is_hidden(element):
            return False
        if tag in _BOXES:
            self.flush(self.around[-1])
            self.around.append(element)
            self.filled.append(len(self.blocks))
        else:
            self.open_inline(element)
        self.add(element.text)
        self.stack.append((False, element))
        if len(element):
            self.stack.extend([(True, child) for child in reversed(element)])
        return True

    def leave(self, element: html.HtmlElement) -> None:
        if element.tag not in _BOXES:
            self.close_inline(element)
            return
        self.flush(element)
        if element.tag in _CELLS and self.filled[-1] == len(self.blocks):
            self.blocks.append(Block("", element, len(self.blocks)))
        self.around.pop()
        self.filled.pop()

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.length += len(text)
            if self.links:
                self.linked += len(text.strip())

    def open_inline(self, element: html.HtmlElement) -> None:
        self.add(EDGE)
        self.links += element.tag == "a"
        words = f"{names(element)} time" if element.tag == "time" else names(element)
        self.open_marks.append((self.length, words))

    def close_inline(self, element: html.HtmlElement) -> None:
        start, words = self.open_marks.pop()
        if words and start <= self.length:
            self.marks.append((start, self.length, words))
        self.add(EDGE)
        self.links -= element.tag == "a"

    def flush(self, element: html.HtmlElement) -> None:
        if not self.pieces:
            return
        text = "".join(self.pieces)
        if text.strip(" \t\r\n\xa0\u3000\ufeff\u200b" + EDGE):
            self.blocks.append(Block(text, element, len(self.blocks), self.linked, self.marks))
        self.pieces, self.length, self.linked, self.marks = [], 0, 0, []


def names(element: html.HtmlElement) -> str:
    """The class and id of an element as one lower-case string."""
    first, second = element.get("class"), element.get("id")
    return f"{first or ''} {second or ''}".strip().lower() if first or second else ""


def _is_hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return (style is not None and _HIDDEN.search(style) is not None) or element.get("hidden") is not None
