"""The breadcrumb: 当前位置 lines, crumb boxes, and runs that start at 首页 (DOMAIN.md section 8)."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import html

from crawler.fields import clean
from crawler.metadata.blocks import EDGE, Block, names
from crawler.metadata.found import Candidate, Found, choose

_HERE = re.compile(
    r"(?:您|你|当前|现在|目前|所在|所处)[您你的当前现在目所处\s]{0,10}位置(?:是|为)?\s*[:：]?|^\s*位置\s*[:：]"
)
_HOME = re.compile(r"(?:首\s*页|主\s*页)$|^(?:首\s*页|主\s*页|home)", re.IGNORECASE)
_SITE = re.compile(r"(?:网|网站|政府|门户|委员会|厅|局)$")
_BOX = re.compile(
    r"crumb|bread|position|location|weizhi|dqwz|nowplace|curpos|dqlm|lujing|"
    r"(?:^|[\s_-])(?:path|pos|mbx|wz|place|local|nav-?path|site-?nav|sitemap)\d*(?:$|[\s_-])"
)
# No leading \s*: on a run of spaces that costs the square of its length.
_ARROW = re.compile(r"(?:[>＞»›→]+|-+>|—+>|(?<=[\s\x1f])[/／](?=[\s\x1f])|(?<=\x1f)[/／](?=\x1f)|》(?![^《]*》))\s*")
_FIRST = frozenset(">＞»›→-—/／》")
_WEAK_ARROW = re.compile(r"(?:[|｜]|[\s\x1f][-－—][\s\x1f]|\x1f[-－—]\x1f)\s*")
_PARTS = re.compile(rf"{EDGE}\s*{EDGE}[\s{EDGE}]*")
_GAPS = re.compile(r"[\s\xa0\u3000]+")
# A crumb is a column name, never a sentence.
_LONGEST = 40


def read_breadcrumb(blocks: list[Block]) -> Found[tuple[str, ...]] | None:
    """The path from the site's home to where the document stands; its last part may be the title."""
    boxes: dict[html.HtmlElement, bool] = {}
    found: list[Candidate[tuple[str, ...]]] = []
    for n, block in enumerate(blocks):
        if not 2 <= len(block.text) <= 600:
            continue
        here = "位置" in block.text and _HERE.search(block.plain[:60]) is not None
        arrows = _ARROW.search(block.text) is not None or _continues(blocks, n)
        boxed = here or ((arrows or "页" in block.text[:60]) and _boxed(block, boxes))
        if not boxed and not (arrows and len(block.text) <= 400):
            continue
        texts = _run(blocks, n, listed=boxed)
        crumbs = _tidy([crumb for text in texts for crumb in _split(text, weak=not arrows)])
        if _good(crumbs, here=here, boxed=boxed, arrows=arrows):
            raw = " ".join(" ".join(texts).replace(EDGE, " ").split())
            rank = 4.0 * here + 2.0 * arrows + boxed
            found.append(Candidate(tuple(crumbs), raw, "当前位置" if here else "breadcrumb", rank))
    return choose(found)


def _good(crumbs: list[str], *, here: bool, boxed: bool, arrows: bool) -> bool:
    """An arrow alone may part anything, so 首页, a site's name or a crumb box must vouch for a run."""
    if not crumbs:
        return False
    home = _HOME.search(crumbs[0]) is not None
    if here:
        return home or len(crumbs) >= 2
    if len(crumbs) < 2:
        return False
    return (boxed and (arrows or home)) or (arrows and (home or _SITE.search(crumbs[0]) is not None))


def without_title(trail: Found[tuple[str, ...]] | None, title: str | None) -> Found[tuple[str, ...]] | None:
    """The trail without the document's title, whole or cut, which is no column."""
    if trail is None or title is None:
        return trail
    whole = _GAPS.sub("", title)
    kept = tuple(c for c in trail.value if len(c) < 6 or not whole.startswith(_GAPS.sub("", c).rstrip(".…")))
    return replace(trail, value=kept) if kept else None


def _tidy(crumbs: list[str]) -> list[str]:
    """Without repeats of the last crumb and stray marks."""
    out: list[str] = []
    for crumb in crumbs:
        if re.search(r"\w", crumb) and (not out or out[-1] != crumb):
            out.append(crumb)
    return out


def _boxed(block: Block, boxes: dict[html.HtmlElement, bool]) -> bool:
    if block.element not in boxes:
        around, element = "", block.element
        for _ in range(3):
            if element is not None:
                around += " " + names(element)
                element = element.getparent()
        boxes[block.element] = _BOX.search(around) is not None
    return boxes[block.element] or any(_BOX.search(words) for _, _, words in block.marks)


def _bare(text: str) -> str:
    return text.strip(" \t\r\n\xa0\u3000" + EDGE)


def _continues(blocks: list[Block], n: int) -> bool:
    """Whether the next block goes on with an arrow: crumbs in cells or list entries of their own."""
    if n + 1 == len(blocks) or len(blocks[n + 1].text) >= 200:
        return False
    text = _bare(blocks[n + 1].text)
    return text[:1] in _FIRST and _ARROW.match(text) is not None


def _run(blocks: list[Block], n: int, *, listed: bool) -> list[str]:
    texts = [blocks[n].text]
    parent = blocks[n].element.getparent()
    for other in blocks[n + 1 : n + 16]:
        text = _bare(other.text)
        joined = _ARROW.match(text) is not None or re.search(r"[>＞»›]$", _bare(texts[-1])) is not None
        # Entries of one list without arrows: the arrows are drawn by the style sheet.
        same_list = listed and other.element.tag == "li" and other.element.getparent() is parent
        if not (joined or same_list) or len(text) > _LONGEST + 4:
            break
        texts.append(other.text)
    return texts


def _split(text: str, *, weak: bool) -> list[str]:
    text = _HERE.sub("", text.replace("\n", " "), count=1) if "位置" in text[:80] else text
    text = re.sub(rf"(?<=位)[\s{EDGE}]+(?=置)", "", text)
    arrow = _WEAK_ARROW if weak and not _ARROW.search(text) else _ARROW
    crumbs = []
    for piece in arrow.split(text):
        for part in _PARTS.split(piece.strip(" \xa0\u3000\r\n\t" + EDGE)):
            crumb = clean(part.replace(EDGE, ""))
            if crumb and len(crumb) <= _LONGEST:
                crumbs.append(crumb)
    return crumbs
