"""What a visitor sees of a page: enough to tell a message from a document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from crawler.page import Page

WORD = re.compile(r"[\u3400-\u9fffA-Za-z0-9]")
UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "title", "option", "textarea", "noframes"})
MEDIA = frozenset({"img", "embed", "object", "video", "audio", "canvas", "svg"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLOCK_TAG = re.compile(r"(?:p|div|t[drh]|h[1-6]|br|table|[uod]l|li|d[td]|section|article|body|form|center)\Z")


@dataclass(frozen=True, slots=True)
class Sight:
    """What a visitor sees of a page: its lines of text, how many characters of text and links, and its title."""

    title: str
    lines: tuple[str, ...]
    words: int
    links: int
    media: int  # images and embedded objects: a page of one picture is not empty


def look(page: Page) -> Sight:
    """Walk the page once and gather what a visitor sees; words of links are counted but are no message of the page."""
    pieces: list[str] = []
    words = links = media = 0
    inside_link = 0
    walker = etree.iterwalk(page.root, events=("start", "end", "comment"))
    for event, node in walker:
        tag = node.tag if event != "comment" else None
        if event == "start":
            links += tag == "a" and bool(node.get("href"))
            media += tag in MEDIA
            inside_link += tag == "a"
            if tag in UNSEEN or HIDDEN.search(node.get("style") or ""):
                walker.skip_subtree()
                continue
            text = node.text
        else:
            inside_link -= tag == "a"
            text = node.tail
        if tag is not None and BLOCK_TAG.match(tag):
            pieces.append("\n")
        if text:
            words += len(WORD.findall(text))
            pieces.append(" " if inside_link else text)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    title = " ".join((page.root.findtext(".//title") or "").split())
    return Sight(title, tuple(line for line in lines if line), words, links, media)
