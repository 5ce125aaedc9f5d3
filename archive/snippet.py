"""Where the hit is: the terms of a query marked in the text as the publisher wrote it.

Terms are looked for in the folded text and marked at the same places of the original, so 法治 marks 法治, 法　治 is not
marked, and 行政執法 is marked for 行政执法.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from archive.folding import NOTHING, fold, sequence

Span = tuple[int, int]
FIRST = 500  # hits of a term that a snippet looks at, more than it chooses from


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands around a hit, and how the rest is written; `escape` is for HTML."""

    open: str
    close: str
    escape: bool = False

    def plain(self, text: str) -> str:
        return html.escape(text) if self.escape else text


PLAIN = Marks("【", "】")
TERMINAL = Marks("\x1b[1;31m", "\x1b[0m")
HTML = Marks("<mark>", "</mark>", escape=True)


def highlight(text: str, terms: Iterable[str], marks: Marks = PLAIN) -> str:
    """The whole text with every term marked.

    >>> highlight("坚持依法行政。", ["依法"])
    '坚持【依法】行政。'
    """
    return _marked(text, spans(text, terms), marks)


def snippet(text: str, terms: Iterable[str], marks: Marks = PLAIN, *, width: int = 60) -> str:
    """About `width` characters around the place where most different terms stand together, in one line.

    >>> snippet("一、总则\\n本市坚持依法行政，建设法治政府。", ["法治"], width=10)
    '…建设【法治】政府。'
    """
    found = spans(text, terms, FIRST)
    start, end = _window(text, found, width)
    inside = [
        (max(first, start) - start, min(last, end) - start) for first, last in found if first < end and last > start
    ]
    line = re.sub(r"[\s\x00-\x1f]", " ", text[start:end])
    return ("…" if start else "") + _marked(line, inside, marks) + ("…" if end < len(text) else "")


def spans(text: str, terms: Iterable[str], most: int | None = None) -> list[Span]:
    """Where the terms stand in the text, each at `most` places: offsets of the original, in order, overlaps joined."""
    patterns = [
        _pattern(folded) for folded in sorted({sequence(term) for term in terms}, key=len, reverse=True) if folded
    ]
    if not patterns:
        return []
    seen = fold(text)
    joined: list[Span] = []
    for start, end in sorted(match.span() for pattern in patterns for match in islice(pattern.finditer(seen), most)):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _pattern(folded: str) -> re.Pattern[str]:
    """A term where the original may have more white space, or characters without width, between its own."""
    parts = (rf"[ {NOTHING}]+" if character == " " else re.escape(character) for character in folded)
    return re.compile(f"{NOTHING}*".join(parts))


def _window(text: str, found: list[Span], width: int) -> Span:
    """The stretch to show: it begins a little before the hit from which most others can be seen."""
    if not found:
        return 0, min(len(text), width)
    seen = fold(text)

    def worth(number: int) -> int:
        """How many different terms can be seen from this hit on; a few dozen hits tell."""
        limit = found[number][0] + width * 3 // 4
        return len({seen[first:last] for first, last in found[number : number + 30] if last <= limit})

    best = found[max(range(min(len(found), 200)), key=worth)]
    # Do not begin in the paragraph before, when the hit is near the start of its own.
    start = max(best[0] - width // 4, text.rfind("\n", 0, best[0]) + 1, 0)
    return start, min(len(text), max(start + width, best[1]))


def _marked(text: str, found: list[Span], marks: Marks) -> str:
    parts: list[str] = []
    place = 0
    for start, end in found:
        parts += [marks.plain(text[place:start]), marks.open, marks.plain(text[start:end]), marks.close]
        place = end
    return "".join(parts) + marks.plain(text[place:])
