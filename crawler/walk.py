"""From a document's node to its text: one paragraph a line, a table's row a line with cells separated by a tab.

Linear, and it loses and adds nothing: what any other writer makes of a node is held against this walk (crawler.text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import html

_BLOCK_WORDS = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form founder-content h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre
    section summary table tbody td tfoot th thead tr ucapcontent ucaptitle ul
"""
BLOCKS: Final = frozenset(_BLOCK_WORDS.split())
# Never text of a document: code, form controls, embedded objects, and the islands Word leaves in its HTML.
_UNREAD_WORDS = """
    applet audio base button canvas embed frame frameset head iframe input link map marquee meta noembed
    noframes noscript object option script select style svg template textarea title video xml
"""
UNREAD: Final = frozenset(_UNREAD_WORDS.split())
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WIDE = "\u2e80-\u2fff\u3001-\u303f\u3041-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
# A line break of the source between two wide characters is no space (CSS Text 3, section 4.1.3, segment breaks).
_SEGMENT_BREAK: Final = re.compile(f"(?<=[{_WIDE}])[ \t]*[\r\n][ \t\r\n]*(?=[{_WIDE}])")
_LAYOUT_CELL = 200  # characters from which a cell with paragraphs of its own is a layout, not a datum

Slot = Literal["text", "tail"]
Place = tuple[html.HtmlElement, html.HtmlElement]  # row and cell


@dataclass(slots=True)
class Line:
    """One line as a browser would show it: where its pieces stand in the tree, and how much of it is link text.

    `slots` are (element, "text" or "tail") in reading order; emptying them takes the line out of the tree.
    """

    block: html.HtmlElement  # the block element the line starts in
    text: str = ""
    slots: list[tuple[html.HtmlElement, Slot]] = field(default_factory=list)
    linked: int = 0  # characters inside links
    links: list[html.HtmlElement] = field(default_factory=list)


def clean(raw: str) -> str:
    """One line's text: white space folded, invisible characters out, ends bare; nothing else is altered."""
    if not raw.isascii():
        raw = _INVISIBLE.sub("", raw)
    if "\n" in raw or "\r" in raw:
        raw = _SEGMENT_BREAK.sub("", raw)
    return " ".join(raw.split())


def lines(node: html.HtmlElement) -> Iterator[Line]:
    """The non-empty lines of a node in reading order, cells of tables each on their own.

    Linear in the size of the tree and without recursion, so no nesting and no length breaks it.
    """
    blocks: list[html.HtmlElement] = [node]
    links: list[html.HtmlElement] = []
    line, raw = Line(node), [""]
    for entered, element in _walk(node):
        tag = element.tag
        if tag == "br" or tag in BLOCKS:
            if entered:
                if tag != "br":
                    blocks.append(element)
            elif tag != "br":
                blocks.pop()
            if line.slots:
                if _finish(line, raw):
                    yield line
                line, raw = Line(blocks[-1]), [""]
            else:
                line.block = blocks[-1]
        elif tag == "a":
            if entered and element.get("href"):
                links.append(element)
            elif links and links[-1] is element:
                links.pop()
        if entered:
            if element.text and isinstance(tag, str) and tag not in UNREAD:
                _take(line, raw, element, "text", element.text, links)
        elif element.tail and element is not node:
            _take(line, raw, element, "tail", element.tail, links)
    if _finish(line, raw):
        yield line


def _walk(node: html.HtmlElement) -> Iterator[tuple[bool, html.HtmlElement]]:
    """Every element twice, entered and left, without what lies below an unread one.

    lxml's own iterwalk does this too, but needs time squared for long runs of comments (26 s for 300,000).
    """
    path = [node]
    yield True, node
    unread = 0  # how many elements of the path are unread
    for element in node.iterdescendants():
        parent = element.getparent()
        while path[-1] is not parent:
            left = path.pop()
            unread -= left.tag in UNREAD
            if not unread:
                yield False, left
        path.append(element)
        if not unread:
            yield True, element
        unread += element.tag in UNREAD
    while path:
        left = path.pop()
        unread -= left.tag in UNREAD
        if not unread:
            yield False, left


def _take(
    line: Line, raw: list[str], element: html.HtmlElement, slot: Slot, piece: str, links: list[html.HtmlElement]
) -> None:
    if not line.slots and piece.isspace():
        return
    line.slots.append((element, slot))
    raw.append(piece)
    if links:
        line.linked += len(piece.strip())
        if not line.links or line.links[-1] is not links[-1]:
            line.links.append(links[-1])


def _finish(line: Line, raw: list[str]) -> bool:
    joined = "".join(raw)
    if line.block.tag == "pre":
        line.text = "\n".join(filter(None, map(clean, joined.split("\n"))))
    else:
        line.text = clean(joined)
    return bool(line.text)


def to_text(node: html.HtmlElement) -> str:
    """The text of a node: one paragraph a line, data tables one row a line with cells separated by a tab."""
    tables = Tables()
    out: list[str] = []
    row: html.HtmlElement | None = None
    cells: dict[html.HtmlElement, list[str]] = {}
    for line in lines(node):
        here = tables.place(line.block, node)
        if row is not None and (here is None or here[0] is not row):
            out.append(_row(row, cells))
            row, cells = None, {}
        if here is None:
            out.append(line.text)
        else:
            row = here[0]
            cells.setdefault(here[1], []).append(line.text.replace("\n", " "))
    if row is not None:
        out.append(_row(row, cells))
    return "\n".join(out)


def _row(row: html.HtmlElement, cells: dict[html.HtmlElement, list[str]]) -> str:
    # Empty cells keep their tab, so that columns stay columns.
    return "\t".join(" ".join(cells.get(cell, ())) for cell in row.iterchildren("td", "th")).rstrip("\t")


class Tables:
    """Remembers for each block the row and cell of the data table it stands in, so every table is judged once."""

    def __init__(self) -> None:
        self._known: dict[html.HtmlElement, Place | None] = {}
        self._layout: dict[html.HtmlElement, bool] = {}

    def place(self, block: html.HtmlElement, top: html.HtmlElement | None) -> Place | None:
        """Row and cell of the data table around a block, looked for up to `top` (None: to the root)."""
        path: list[html.HtmlElement] = []
        place: Place | None = None
        element: html.HtmlElement | None = block
        while element is not None:
            if element in self._known:
                place = self._known[element]
                break
            path.append(element)
            if element is top:
                break
            if element.tag in ("td", "th"):
                place = self._cell(element)
                break
            element = element.getparent()
        for element in path:
            self._known[element] = place
        return place

    def _cell(self, cell: html.HtmlElement) -> Place | None:
        row = cell.getparent()
        table = next(cell.iterancestors("table"), None)
        if row is None or row.tag != "tr" or table is None:
            return None
        if table not in self._layout:
            self._layout[table] = is_layout(table)
        return None if self._layout[table] else (row, cell)


def is_layout(table: html.HtmlElement) -> bool:
    """Whether a table only arranges the page: one column, a table inside, or one cell with most of it in paragraphs."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    rows = list(table.iter("tr"))
    if max((sum(1 for _ in row.iterchildren("td", "th")) for row in rows), default=0) <= 1:
        return True
    if len(rows) > 6:
        return False
    sizes = [(len("".join(cell.itertext())), cell) for cell in table.iter("td", "th")]
    largest, cell = max(sizes, key=lambda size: size[0])
    paragraphs = sum(1 for _ in cell.iter("p", "div", "br"))
    return largest > _LAYOUT_CELL and paragraphs >= 3 and largest > 0.6 * sum(size for size, _ in sizes)
