"""Where on the page a pair stands: in the head of the document, above its title, in the 索引号 table, or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from crawler.metadata.blocks import EDGE, Block
from crawler.metadata.labels import Pair, has_label, neighbourhood


@dataclass(frozen=True, slots=True)
class Zone:
    """Which blocks are the head of the document: from `title` to the first paragraph at `body`."""

    title: int
    body: int
    last: int = -1  # the last block of the title itself
    closing: int = -1  # the info line when it stands below the document

    def of(self, n: int) -> str:
        """`head`, `above` (shortly before the title) or `elsewhere`."""
        if self.title <= n < self.body or n == self.closing:
            return "head"
        return "above" if self.title - 60 <= n < self.title else "elsewhere"


def find_zone(blocks: list[Block], title: tuple[int, int] | None, labelled: list[Pair]) -> Zone:
    """The head of the document, from its title (blocks first to last) or else its first dated label on."""
    if title is None:
        first = next((p.block for p in labelled if p.field in {"published", "dated", "origin"}), 0)
        title = (max(first - 3, 0), max(first - 3, 0))
    n = title[1] + 1
    while n < len(blocks) and n < title[1] + 60 and not _is_paragraph(blocks[n]):
        n += 1
    return Zone(title[0], n, title[1], _closing(labelled, n))


def _closing(labelled: list[Pair], body: int) -> int:
    """The block of the page's only line with both 来源 and 发布日期, when it stands below the document's beginning."""
    named = {pair.block for pair in labelled if pair.field == "origin"}
    both = {pair.block for pair in labelled if pair.field in {"published", "dated"} and pair.block in named}
    return both.pop() if len(both) == 1 and min(both) >= body else -1


def _is_paragraph(block: Block) -> bool:
    if len(block.text) < 12 or block.linked > 0.5 * len(block.text):
        return False
    text = block.plain
    if len(text) < 150 and has_label(text[:60]):
        return False
    if len(text) >= 20 and text[-1] == "。":
        return True
    return (len(text) >= 45 and any(stop in text for stop in "。，；")) or (text[-1] in "：:" and len(text) <= 120)


def place(pair: Pair, zone: Zone, blocks: list[Block], tables: set[int]) -> str:
    """Where a pair stands, for people: `索引号 table row 2` or `info line 发布日期`."""
    if pair.block in tables:
        row = blocks[pair.block].element
        while row is not None and row.tag not in {"tr", "li", "dl", "p"}:
            row = row.getparent()
        # Bounded, because a list of 30,000 such tables would otherwise count each row from the top.
        above = islice(row.itersiblings(row.tag, preceding=True), 200) if row is not None else ()
        return f"索引号 table row {1 + sum(1 for _ in above)} {pair.label}"
    return f"{'info line' if zone.of(pair.block) == 'head' else 'line'} {pair.label}"


def disclosure(labelled: list[Pair]) -> set[int]:
    """Blocks of the 政府信息公开 table: pairs in the neighbourhood of an 索引号."""
    beside = neighbourhood(pair.block for pair in labelled if pair.field == "index_number")
    return {pair.block for pair in labelled if pair.block in beside}


def plain(raw: str) -> str:
    """A value without EDGE marks."""
    return raw.replace(EDGE, "")
