"""One spelling for search and comparison: width, case, punctuation pairs, traditional to simplified; offsets stay.

`fold` maps every character to exactly one character, so that a place in the folded text is the same place in the
original: what is found in the fold is highlighted in what the publisher wrote.
"""

from __future__ import annotations

import re
from functools import lru_cache

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
_BLANK = (*range(0x21), 0x7F, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
_CASED = (
    *range(0x600),
    *range(0x1E00, 0x2200),
    *range(0x2C00, 0x2E00),
    *range(0xA640, 0xA800),
    *range(0x10400, 0x10450),
)
_LOWER = {code: chr(code).lower() for code in _CASED if len(chr(code).lower()) == 1}

_TABLE: dict[int, int | str] = {
    # Written out although it changes nothing: str.translate is a third faster when it finds every character.
    **{code: code for code in range(0x2000, 0xA000)},
    **_LOWER,
    **SIMPLIFIED,
    **COMPATIBILITY,
    **{wide: _LOWER.get(narrow, chr(narrow)) for wide, narrow in WIDTH.items()},
    **PAIRS,
    **dict.fromkeys(_BLANK, " "),
    **dict.fromkeys(_WIDTHLESS, NOTHING),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half a character: SQLite takes no such text
    **{ord("İ"): "i", ord("ς"): "σ"},  # one character for one, whatever the neighbours
}
_SPACES = re.compile(" {2,}")


@lru_cache(maxsize=32)  # the index and the comparison of near-duplicates fold the same fields of a document in turn
def fold(text: str) -> str:
    """The text in one spelling, character for character: len(fold(x)) == len(x).

    >>> fold("國辦發〔２０２４〕１２號，APP")
    '国办发[2024]12号,app'
    """
    return text.translate(_TABLE)


def sequence(text: str) -> str:
    """The folded text as search sees it: a run of white space is one space, characters without width are gone.

    >>> sequence("  第一章\\r\\n\\r\\n\\u3000\\u3000总则 ")
    '第一章 总则'
    """
    return _SPACES.sub(" ", fold(text).replace(NOTHING, "")).strip()
