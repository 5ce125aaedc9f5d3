"""Lines and paragraphs of text whose parts have places only, as in PDF and OFD. Pure.

Order of writing is kept, because a column is written before the next one; only what stands at one height is put in
order from left to right, and lines that fill the width are joined, so that a sentence over two lines is one again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

_NUMBER_ONLY = re.compile(r"[-—–－·\s第页共/]*\d{1,4}[-—–－·\s第页共/\d]*")  # a page number on a line of its own
_LATIN = re.compile(r"[A-Za-z0-9,.;:)%]")
_BACK = 3  # lines before the last that a late part may belong to
_LONG = 20  # characters of a line that fills its width, where no other line shows how wide that is
_BEGINS = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十百零\d]{1,5}[章节条]|附件|\d{1,2}[.．、])"
)


@dataclass(slots=True)
class Part:
    """A character or a run of them, with its box; y grows downwards."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(slots=True)
class Line:
    """Parts at one height."""

    parts: list[Part] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0

    @property
    def left(self) -> float:
        return min(part.left for part in self.parts)

    @property
    def right(self) -> float:
        return max(part.right for part in self.parts)

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 0.1)

    def takes(self, part: Part) -> bool:
        """Whether the part stands at this height: it shares most of the lower one's."""
        shared = min(self.bottom, part.bottom) - max(self.top, part.top)
        return shared > 0.5 * min(self.height, max(part.bottom - part.top, 0.1))

    def misses(self, part: Part) -> bool:
        """Whether the part fills a gap of this line, or follows it directly: a quotation mark of another font."""
        if not self.takes(part):
            return False
        close = [
            one for one in self.parts if part.left - one.right < self.height and one.left - part.right < self.height
        ]
        within = 0.3 * self.height
        return bool(close) and all(part.left > one.right - within or part.right < one.left + within for one in close)

    def add(self, part: Part) -> None:
        if not self.parts:
            self.top, self.bottom = part.top, part.bottom
        self.parts.append(part)
        self.top, self.bottom = min(self.top, part.top), max(self.bottom, part.bottom)

    def text(self) -> str:
        """Its parts from left to right; a wide gap is the border of two cells, a narrow one a space between words."""
        out: list[str] = []
        end: float | None = None
        for part in sorted(self.parts, key=lambda one: one.left):
            gap = 0.0 if end is None else part.left - end
            size = self.height
            if out and gap > 0.7 * size:
                out.append("\t")
            elif out and gap > 0.18 * size and _LATIN.match(out[-1][-1:]) and _LATIN.match(part.text[:1]):
                out.append(" ")
            out.append(part.text)
            end = part.right if end is None else max(end, part.right)
        return "".join(out)


def lines(parts: Iterable[Part]) -> list[Line]:
    """Parts in the order of writing as lines; blank parts carry no place worth keeping."""
    found: list[Line] = []
    for part in parts:
        if not part.text.strip():
            continue
        line = found[-1] if found and found[-1].takes(part) else None
        line = line or next((one for one in found[-1 - _BACK : -1] if one.misses(part)), None)
        if line is None:
            found.append(line := Line())
        line.add(part)
    return found


def paragraphs(pages: Iterable[list[Line]]) -> Iterator[str]:
    """The lines of all pages, joined where one goes on in the next; page numbers are left out."""
    open_text: str | None = None
    for page in pages:
        page = _without_number(page)
        if not page:
            continue
        edge, margin = max(line.right for line in page), min(line.left for line in page)
        size = median(line.height for line in page)
        full = sum(line.right >= edge - 2.2 * size for line in page) > 1
        for line in page:
            text = line.text().strip()
            indented = line.left > margin + 1.2 * size
            if open_text is not None and not indented and "\t" not in text and not _BEGINS.match(text):
                open_text += (" " if _LATIN.match(open_text[-1]) and _LATIN.match(text[0]) else "") + text
            else:
                if open_text is not None:
                    yield open_text
                open_text = text
            if line.right < edge - 2.2 * size or "\t" in text or not (full or len(text) >= _LONG):
                yield open_text
                open_text = None
    if open_text is not None:
        yield open_text


def _without_number(page: list[Line]) -> list[Line]:
    if len(page) > 1 and _NUMBER_ONLY.fullmatch(page[-1].text().strip()):
        page = page[:-1]
    if len(page) > 1 and _NUMBER_ONLY.fullmatch(page[0].text().strip()):
        page = page[1:]
    return page
