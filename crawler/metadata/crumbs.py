"""The breadcrumb: 当前位置 lines, crumb boxes, and runs that start at 首页 (DOMAIN.md section 8)."""

from __future__ import annotations

import re

from crawler.fields import clean
from crawler.metadata.blocks import EDGE, Block, names
from crawler.metadata.found import Found

_HERE = re.compile(
    r"(?:当前|您(?:现在|目前)?(?:所在)?的?|你(?:现在|目前)?(?:所在)?的?|现在|所在)(?:的)?位置(?:是|为)?\s*[:：]?|^位置\s*[:：]"
)
_HOME = re.compile(r"^(?:网站|门户|本站|政府|返回|中文|政务)?(?:网站)?(?:首\s*页|主\s*页)$|网首页$")
_BOX = re.compile(r"crumb|bread|(?:^|[\s_-])(?:path|position|location|dqwz|weizhi|mbx|wz|nowplace|place|curpos|dqlm|lujing)\d*(?:$|[\s_-])|location|position|weizhi|dqwz")  # fmt: skip
_ARROW = re.compile(r"\s*(?:>+|＞+|»|›|/|→|》|-{1,2}>|—>|>>|\|)\s*")
_STRONG_ARROW = re.compile(r"[>＞»›→》]|(?:^|[\s\xa0\x1f])/(?:[\s\xa0\x1f]|$)")
# A crumb is a column name, never a sentence.
_LONGEST = 40


def read_breadcrumb(blocks: list[Block], title: str | None) -> Found[tuple[str, ...]] | None:
    """The column path from the site's home to where the document stands, without the title itself."""
    for n, block in enumerate(blocks):
        if len(block.text) > 600:
            continue
        here = _HERE.search(block.plain[:40]) if "位置" in block.text else None
        boxed = here is not None or _boxed(block)
        if not boxed and not (_STRONG_ARROW.search(block.text) and "页" in block.text[:40]):
            continue
        raw, crumbs = _gather(blocks, n)
        crumbs = [crumb for crumb in crumbs if title is None or _same(crumb) != _same(title)]
        crumbs = [crumb for k, crumb in enumerate(crumbs) if k == 0 or crumb != crumbs[k - 1]]
        if len(crumbs) >= 2 or (crumbs and here and _HOME.search(crumbs[0])):
            # An arrow alone may part anything; home or a crumb box must vouch for it.
            if boxed or _HOME.search(crumbs[0]):
                return Found(tuple(crumbs), raw, "当前位置" if here else "breadcrumb")
    return None


def _same(text: str) -> str:
    return re.sub(r"[\s\xa0\u3000]+", "", text)


def _boxed(block: Block) -> bool:
    element = block.element
    for _ in range(3):
        if element is None:
            return False
        words = names(element)
        if words and _BOX.search(words):
            return True
        element = element.getparent()
    return any(_BOX.search(words) for _, _, words in block.marks)


def _gather(blocks: list[Block], n: int) -> tuple[str, list[str]]:
    """Crumbs of the block and of the blocks that continue it: the other boxes of the same small parent."""
    parent = blocks[n].element.getparent()
    texts = [blocks[n].text]
    short = len(_split(blocks[n].text)) <= 1
    for other in blocks[n + 1 : n + 12]:
        close = other.element is blocks[n].element or (
            short and parent is not None and other.element.getparent() is parent
        )
        if not close or len(other.plain) > _LONGEST:
            break
        texts.append(other.text)
    raw = " ".join(" ".join(texts).replace(EDGE, " ").split())
    crumbs = [crumb for text in texts for crumb in _split(text)]
    return raw, crumbs


def _split(text: str) -> list[str]:
    text = _HERE.sub("", text.replace(EDGE + EDGE, EDGE), count=1) if "位置" in text[:60] else text
    pieces = _ARROW.split(text) if _ARROW.search(text) else text.split(EDGE)
    crumbs = []
    for piece in pieces:
        for part in piece.strip(EDGE + " \xa0\u3000\r\n\t").split(EDGE + EDGE if not piece.strip() else "\x00"):
            crumb = clean(part.replace(EDGE, " "))
            if crumb and len(crumb) <= _LONGEST and crumb not in {">", "：", ":"}:
                crumbs.append(crumb)
    return crumbs
