"""One spelling for search and comparison: width, case, punctuation pairs, traditional to simplified; offsets stay.

`fold` maps every character to exactly one character, so that a place in the folded text is the same place in the
original: what is found in the fold is highlighted in what the publisher wrote.
"""

from __future__ import annotations

import re
import sys

from archive.dedup import PAIRS, WIDTH
from archive.hanzi import COMPATIBILITY, SIMPLIFIED

NOTHING = "\u200b"  # stands where the original has a character without width
_WIDTHLESS = (
    0xAD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0xFE00, 0xFE10),
    0xFEFF,
)

_TABLE: dict[int, int | str] = {
    **SIMPLIFIED,
    **COMPATIBILITY,
    **WIDTH,
    **PAIRS,
    **dict.fromkeys((*range(0x20), *(code for code in range(0x20, sys.maxunicode + 1) if chr(code).isspace())), " "),
    **dict.fromkeys(_WIDTHLESS, NOTHING),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half a character: SQLite takes no such text
    **{ord("İ"): "i", ord("Σ"): "σ", ord("ς"): "σ"},  # lower() would change the length, or look at the neighbours
}
_SPACES = re.compile(" {2,}")


def fold(text: str) -> str:
    """The text in one spelling, character for character: len(fold(x)) == len(x).

    >>> fold("國辦發〔２０２４〕１２號，APP")
    '国办发[2024]12号,app'
    """
    return text.translate(_TABLE).lower()


def sequence(text: str) -> str:
    """The folded text as search sees it: a run of white space is one space, characters without width are gone.

    >>> sequence("  第一章\\r\\n\\r\\n\\u3000\\u3000总则 ")
    '第一章 总则'
    """
    return _SPACES.sub(" ", fold(text).replace(NOTHING, "")).strip()
