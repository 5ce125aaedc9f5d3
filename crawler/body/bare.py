"""A notice that says nothing in words: below its heading stands only a file or a picture of it."""

from __future__ import annotations

import itertools
import re
from typing import Final

from lxml import html

from archive.model import Attachment
from crawler.body import chrome
from crawler.body.attachments import files_in, region
from crawler.body.weights import Weights

_LONG = 8  # characters from which a heading names a document and no column
_ICON: Final = re.compile(
    r"logo|icon|ewm|qr|weixin|share|print|jiucuo|conac|beian|gongan|/skin|banner|blank|dot\.", re.I
)


def bare(weights: Weights, claimed: frozenset[str], base: str) -> tuple[tuple[Attachment, ...], bool]:
    """The files below the heading that the page claims as its title, and whether a picture of its own stands there."""
    heading = next((line.block for line in weights.lines if _names(line.text, claimed) and not line.linked), None)
    if heading is None:
        return (), False
    boxes = region(heading)
    after = set(itertools.dropwhile(lambda element: element is not heading, weights.order))
    below = [box for box in boxes if box in after or heading in set(box.iter())]
    pictures = (image for box in below for image in box.iter("img") if image in after)
    return files_in(below, weights, base), any(_is_picture(image) for image in pictures)


def _names(text: str, claimed: frozenset[str]) -> bool:
    tight = chrome.squeeze(text)
    return len(tight) >= _LONG and tight in claimed


def _is_picture(image: html.HtmlElement) -> bool:
    linked = any(above.tag in {"a", "footer", "header", "nav"} for above in image.iterancestors())
    return bool(image.get("src")) and not linked and _ICON.search(image.get("src") or "") is None
