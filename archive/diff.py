"""What an edit changed, readable: only the paragraphs that differ, and in them the characters.

Chinese is compared character by character, numbers and Latin words as wholes, so that 4120 to 4210 is one change and
not two; a single character that happens to be equal between two changes is no island.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from archive.model import CONTENT_FIELDS, Record

# What stands around text taken out, and around text put in.
Marks = tuple[str, str, str, str]
PLAIN: Marks = ("[-", "-]", "{+", "+}")
COLOURED: Marks = ("\x1b[31m[-", "-]\x1b[0m", "\x1b[32m{+", "+}\x1b[0m")

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)
_ISLAND = 2  # equal characters between two changes that are told as part of one
_ALIKE = 0.4  # from here on two paragraphs are one that was changed


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text: `=` stayed, `-` was taken out, `+` was put in."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs; of the text one paragraph, `place` being its number (from 1) in the newer text."""

    field: str
    place: int | None
    parts: tuple[Part, ...]


def compare(old: Record, new: Record) -> list[Difference]:
    """Every difference in what the publisher published, in the order of the record."""
    found = []
    for name in CONTENT_FIELDS:
        before, after = _value(old, name), _value(new, name)
        if before == after:
            continue
        if name == "text":
            found += [Difference(name, place, parts) for place, parts in paragraphs(before or "", after or "")]
        else:
            found.append(Difference(name, None, characters(before or "", after or "")))
    return found


def paragraphs(old: str, new: str) -> Iterator[tuple[int, tuple[Part, ...]]]:
    """The paragraphs that differ, each with its number in the newer text."""
    before, after = old.split("\n"), new.split("\n")
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            for old_line, new_line, place in _pairs(before[i1:i2], after[j1:j2]):
                yield j1 + place, _line(old_line, new_line)


def characters(old: str, new: str) -> tuple[Part, ...]:
    """The stretches of one line that stayed, went and came."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[Part] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        out, came = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal" and not (len(out) < _ISLAND and parts and j2 < len(after) and i2 < len(before)):
            parts.append(Part("=", out))
        else:
            parts += [Part("-", out), Part("+", came)]
    return tuple(_joined(parts))


def written(parts: Sequence[Part], marks: Marks = PLAIN, around: int = 30) -> str:
    """A line for people, in the marks of wdiff; long stretches that stayed are cut to `around` characters."""
    out = []
    for place, part in enumerate(parts):
        if part.kind == "=":
            out.append(_shortened(part.text, around, first=place == 0, last=place == len(parts) - 1))
        else:
            opening, closing = marks[:2] if part.kind == "-" else marks[2:]
            out.append(f"{opening}{part.text}{closing}")
    return "".join(out)


def _value(record: Record, name: str) -> str | None:
    value = getattr(record, name)
    return "\n".join(f"{one.text} {one.url}" for one in value) if name == "attachments" else value


def _line(old: str | None, new: str | None) -> tuple[Part, ...]:
    if old is None:
        return (Part("+", new or ""),)
    return (Part("-", old),) if new is None else characters(old, new)


def _pairs(before: list[str], after: list[str]) -> Iterator[tuple[str | None, str | None, int]]:
    """Which old paragraph became which new one, in order; those without a partner came or went as wholes."""
    start = 0
    for place, line in enumerate(after, 1):
        scores = [SequenceMatcher(None, line, old, autojunk=False).quick_ratio() for old in before[start:]]
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is None or scores[best] < _ALIKE:
            yield None, line, place
            continue
        for gone in before[start : start + best]:
            yield gone, None, place
        yield before[start + best], line, place
        start += best + 1
    for gone in before[start:]:
        yield gone, None, len(after) or 1


def _joined(parts: list[Part]) -> Iterator[Part]:
    """Neighbouring changes as one `-` and one `+`."""
    out, came = "", ""
    for part in [*parts, Part("=", "")]:
        if part.kind == "=":
            yield from (Part(kind, text) for kind, text in (("-", out), ("+", came)) if text)
            out = came = ""
            if part.text:
                yield part
        elif part.kind == "-":
            out += part.text
        else:
            came += part.text


def _shortened(text: str, around: int, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * around:
        return text
    head = "" if first else text[:around]
    tail = "" if last else text[-around:]
    return f"{head}…{tail}"
