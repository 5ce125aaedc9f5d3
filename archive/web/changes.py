"""Two records side by side: what stayed, what went and what came, paragraph by paragraph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.diff import Difference, Part, compare, paragraphs
from archive.errors import QuestionError
from archive.model import Record

AROUND = 1  # unchanged paragraphs shown before and after a change
# What a page may take: comparing costs the square of a paragraph, and of the number of paragraphs.
LONGEST, MOST = 6000, 3000


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph on both sides; `kind` is same, changed, gone, come, or skipped with the `count` left out."""

    kind: str
    left: tuple[Part, ...] = ()
    right: tuple[Part, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fields that differ, and the text of both with what stayed far from any change left out."""

    fields: tuple[Difference, ...]
    rows: tuple[Row, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.fields and all(row.kind in {"same", "skipped"} for row in self.rows)


def side_by_side(old: Record, new: Record) -> Comparison:
    """Compare what was published, the text last; QuestionError when the texts are too long for a page."""
    lines = [(record.text or "").split("\n") for record in (old, new)]
    if max(len(text) for text in lines) > MOST or max(len(line) for text in lines for line in text) > LONGEST:
        raise QuestionError("these texts are too long to be compared in a page; use: gongbao diff")
    fields = compare(replace(old, text=None), replace(new, text=None))
    rows = list(_rows(old.text or "", new.text or ""))
    return Comparison(tuple(fields), tuple(_folded(rows)))


def _rows(old: str, new: str) -> Iterator[Row]:
    differing: dict[int, list[tuple[Part, ...]]] = defaultdict(list)
    for place, parts in paragraphs(old, new):
        differing[place].append(parts)
    # What went at the very end is told at the place after the last.
    for place, line in enumerate([*new.split("\n"), None], 1):
        here = [_row(parts) for parts in differing.get(place, ())]
        yield from here
        if line is not None and all(row.kind == "gone" for row in here):
            stayed = (Part("=", line),)
            yield Row("same", stayed, stayed)


def _row(parts: tuple[Part, ...]) -> Row:
    left = tuple(part for part in parts if part.kind != "+")
    right = tuple(part for part in parts if part.kind != "-")
    return Row("changed" if left and right else "gone" if left else "come", left, right)


def _folded(rows: list[Row]) -> Iterator[Row]:
    """Rows with long stretches of unchanged ones left out."""
    near = {place + step for place, row in enumerate(rows) if row.kind != "same" for step in range(-AROUND, AROUND + 1)}
    left_out = 0
    for place, row in enumerate(rows):
        if place in near:
            if left_out:
                yield Row("skipped", count=left_out)
            left_out = 0
            yield row
        else:
            left_out += 1
    if left_out:
        yield Row("skipped", count=left_out)
