"""Text as overlapping pairs of characters, the tokens of the search index: 法治政府 is 法治 治政 政府.

A term of two or more characters is a phrase of pairs, so the index finds every substring and nothing else: no
dictionary of words decides what exists. A term of one character is a prefix of pairs; the last character of a text is
paired with a space for that. The pairs of short fields carry a full-width letter in front (ｔ for the title), which no
folded text holds: a title is then found without reading the long lists of the body.
"""

from __future__ import annotations

import sys
from array import array

from archive.folding import sequence

SPACE = "␣"  # a space inside a token; tokens themselves are separated by plain spaces
# Everything visible is part of a token; SQLite's `ascii` tokenizer takes every character beyond ASCII for one already.
TOKENIZER = "ascii tokenchars '!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'"

_POINTS = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


def pairs(text: str, mark: str = "") -> str:
    """The tokens of a text, separated by spaces; each carries the mark in front.

    >>> pairs("依法 行政")
    '依法 法␣ ␣行 行政 政␣'
    """
    return spread(sequence(text), mark)


def spread(folded: str, mark: str = "") -> str:
    """The same for a text that is already a sequence."""
    return _spread(folded.replace(" ", SPACE) + SPACE, mark) if folded else ""


def phrase(term: str, mark: str = "") -> str | None:
    """The FTS5 expression that matches exactly the texts that hold the term; None for a term of nothing but spaces.

    >>> phrase("依法行政")
    '"依法 法行 行政"'
    >>> phrase("法", "ｔ")
    '"ｔ法" *'
    """
    folded = sequence(term).replace(" ", SPACE)
    if not folded:
        return None
    tokens = mark + folded if len(folded) == 1 else _spread(folded, mark)
    return quoted(tokens) + (" *" if len(folded) == 1 else "")


def quoted(tokens: str) -> str:
    """Tokens as an FTS5 string."""
    return '"' + tokens.replace('"', '""') + '"'


def _spread(folded: str, mark: str) -> str:
    """Every neighbouring pair, a space between; slices of an array because this is the inner loop of indexing."""
    points = array("I", folded.encode(_POINTS))
    width, count = len(mark) + 3, len(points) - 1
    spread = array("I", [0x20]) * (width * count)
    for place, character in enumerate(mark):
        spread[place::width] = array("I", [ord(character)]) * count
    spread[len(mark) :: width] = points[:-1]
    spread[len(mark) + 1 :: width] = points[1:]
    return spread.tobytes().decode(_POINTS).rstrip(" ")
