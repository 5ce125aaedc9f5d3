"""The words of an outline: nodes, lines, and the numerals that open a layer (GB/T 9704-2012)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "item", "salutation", "signature", "date", "note", "attachment"]

LONGEST_HEADING = 60  # characters; longer first sentences are prose that happens to be numbered

BLANK = " \t\r\f\v\u00a0\u3000\u200b\ufeff\u00ad\u2002\u2003\u2009"
NUMERAL = "一二三四五六七八九十"
LEVELS = (
    (1, re.compile(rf"([{NUMERAL}百零〇]{{1,4}})[ \u3000]?(?:、|[.．](?!\d))")),
    (2, re.compile(rf"[(（][ \u3000]?([{NUMERAL}百零〇]{{1,4}})[ \u3000]?[)）][、.．]?")),
    (3, re.compile(r"(\d{1,2})[ \u3000]?[.．、](?!\d(?!\d{3}年))")),
    (4, re.compile(r"[(（](\d{1,2})[)）][、.．]?")),
    (5, re.compile(r"([①-⑳])")),
)


@dataclass(frozen=True, slots=True)
class Node:
    """One thing found in the text: `text[start:end]` is the marker and its title, without the closing stop."""

    kind: Kind
    level: int | None  # 1 to 5 for headings
    number: int | None
    title: str
    start: int
    end: int
    run_in: bool = False  # the heading is the first sentence of its paragraph
    seq_ok: bool = True  # its number is 1 or follows the one before it at its level


@dataclass(frozen=True, slots=True)
class Line:
    """One non-empty line: the text without the blanks around it, and where that begins."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def chinese_number(numeral: str) -> int:
    """The value of 十一, 11, １１ or ⑪ (numerals up to 百); 0 when it is no number.

    >>> [chinese_number(numeral) for numeral in ("三", "十", "十一", "二十", "一百零二", "１２", "⑫", "人")]
    [3, 10, 11, 20, 102, 12, 12, 0]
    """
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) == 1 and "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    total = digit = 0
    for character in numeral:
        if character == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif character == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = NUMERAL.find(character) + 1
    return total + digit


def lines_of(text: str) -> Iterator[Line]:
    """The non-empty lines of `text`, in order."""
    start = 0
    for raw in text.split("\n"):
        left = raw.lstrip(BLANK)
        if left:
            yield Line(start + len(raw) - len(left), left.rstrip(BLANK))
        start += len(raw) + 1
