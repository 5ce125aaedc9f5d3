"""A document's text set for reading: headings with anchors, tables as tables, signature and date where they belong.

The text is one paragraph a line, table cells separated by a tab; the outline says by character offsets what stands
where. Nothing is added, left out or moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from archive.model import Record
from archive.snippet import HTML, highlight

# Where a record has no outline (read by older code): numerals of GB/T 9704-2012 at the start of a short line.
_HEADING = re.compile(r"(?P<one>[一二三四五六七八九十]{1,3}、)|(?P<two>[（(][一二三四五六七八九十]{1,3}[）)])")
_LONGEST_HEADING = 60
_PLAIN = {"salutation": "salutation", "signature": "signature", "date": "signature", "note": "note"}
_TITLE = 40  # characters of a heading in the margin


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is heading, paragraph, salutation, signature, note, attachment or table; a table has `rows`."""

    kind: str
    html: Markup
    anchor: str
    level: int = 0
    rows: tuple[tuple[Markup, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the outline in the margin."""

    level: int
    title: str
    anchor: str


def blocks(record: Record, terms: Iterable[str] = ()) -> list[Block]:
    """The text as blocks, the terms of a search marked."""
    nodes = {int(node["start"]): node for node in _nodes(record)}
    found: list[Block] = []
    table: list[tuple[Markup, ...]] = []
    start, begun = 0, 0
    wanted = tuple(terms)
    for line in (record.text or "").split("\n"):
        if "\t" in line:
            begun = begun if table else start
            table.append(tuple(_marked(cell, wanted) for cell in line.split("\t")))
        else:
            if table:
                found.append(Block("table", Markup(), f"p{begun}", rows=_squared(table)))
                table = []
            if line.strip():
                found.append(_block(line, start, nodes.get(start + len(line) - len(line.lstrip())), wanted))
        start += len(line) + 1
    if table:
        found.append(Block("table", Markup(), f"p{begun}", rows=_squared(table)))
    return found


def outline(record: Record) -> list[Heading]:
    """The headings for the margin; run-in items only where a document has no other headings."""
    nodes = [node for node in _nodes(record) if node.get("kind") in {"heading", "item"} and node.get("title")]
    headings = [node for node in nodes if node["kind"] == "heading"] or nodes
    lines = _line_starts(record.text or "")
    return [
        Heading(int(node.get("level") or 1), str(node["title"])[:_TITLE], f"p{_line_of(lines, int(node['start']))}")
        for node in headings
    ]


def _block(line: str, start: int, node: Mapping[str, Any] | None, terms: tuple[str, ...]) -> Block:
    kind = str(node["kind"]) if node else "paragraph"
    if kind == "heading" and node is not None:
        if not node.get("run_in"):
            return Block("heading", _marked(line, terms), f"p{start}", int(node.get("level") or 1))
        cut = max(0, min(len(line), int(node["end"]) - start))
        lead, rest = _run_in(line, str(node.get("title") or ""), cut)
        html = Markup("<b>{}</b>{}").format(_marked(lead, terms), _marked(rest, terms))
        return Block("paragraph", html, f"p{start}")
    return Block(
        _PLAIN.get(kind, "attachment" if kind == "attachment" else "paragraph"), _marked(line, terms), f"p{start}"
    )


def _run_in(line: str, title: str, cut: int) -> tuple[str, str]:
    """The heading that opens a paragraph, and the paragraph."""
    place = line.find(title) + len(title) if title and title in line[: cut or None] else 0
    return line[:place], line[place:]


def _nodes(record: Record) -> list[Mapping[str, Any]]:
    told: list[Mapping[str, Any]] = [node for node in record.outline if isinstance(node.get("start"), int)]
    if told or not record.text:
        return told
    found: list[Mapping[str, Any]] = []
    start = 0
    for line in record.text.split("\n"):
        match = _HEADING.match(line)
        if match and len(line) <= _LONGEST_HEADING:
            level = 1 if match["one"] else 2
            node = {"kind": "heading", "level": level, "title": line, "start": start, "end": start + len(line)}
            found.append(node)
        start += len(line) + 1
    return found


def _line_starts(text: str) -> list[int]:
    starts = [0]
    starts += [match.end() for match in re.finditer("\n", text)]
    return starts


def _line_of(starts: list[int], place: int) -> int:
    return max((start for start in starts if start <= place), default=0)


def _squared(rows: list[tuple[Markup, ...]]) -> tuple[tuple[Markup, ...], ...]:
    """Rows of one length: a merged cell of the page leaves its row short."""
    width = max(len(row) for row in rows)
    return tuple(row + (Markup(),) * (width - len(row)) for row in rows)


def _marked(text: str, terms: tuple[str, ...]) -> Markup:
    # highlight escapes what it marks.
    return Markup(highlight(text, terms, HTML)) if terms else Markup(escape(text))
