"""What stands where in a document: headings, items, signature, date, notes and attachments, as offsets into the text.

Layers and their numerals follow GB/T 9704-2012 (一、 then （一） then 1. then （1） then ①); the rules for plain text,
continuity and run-in headings are those of DOMAIN.md section 3. The text is never changed, and a number that breaks its
row is kept and marked: a wrong number is the publisher's fact and not ours to drop.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import fields
from typing import NamedTuple

from crawler.outline_frame import attachments, closing, opens_annex, salutation
from crawler.outline_nodes import BLANK, LEVELS, LONGEST_HEADING, NUMERAL, Kind, Line, Node, chinese_number, lines_of

STOPS = "。：:"
# A numbered line that ends like this is one member of an enumeration, not the heading of a part.
ENUMERATION_ENDS = ("；", ";", "，", ",", "、")

ITEM = re.compile(rf"([{NUMERAL}]{{1,2}})是")
BEFORE_ITEM = tuple("。；;：:，,、！!？?”’）)》…")


def outline(text: str) -> tuple[dict[str, object], ...]:
    """The nodes of `text` in reading order, as plain dictionaries with the fields of Node; linear, and never raises."""
    lines = list(lines_of(text))
    nodes = attachments(lines)
    taken = {node.start for node in nodes}
    for more in (closing(lines, nodes), salutation(lines)):
        nodes += [node for node in more if node.start not in taken]
        taken |= {node.start for node in more}
    nodes += _numbered(
        [line for line in lines if line.start not in taken], deque(n.start for n in nodes if opens_annex(n))
    )
    names = [field.name for field in fields(Node)]
    return tuple(
        {name: getattr(node, name) for name in names} for node in sorted(nodes, key=lambda node: (node.start, node.end))
    )


def _numbered(lines: list[Line], annexes: deque[int]) -> list[Node]:
    """Headings and enumerated items of `lines`; the numbering starts anew at every annex."""
    nodes: list[Node] = []
    last: dict[int, Last] = {}
    item = 0
    for line in lines:
        while annexes and line.start > annexes[0]:
            annexes.popleft()
            last, item = {}, 0
        if "\t" in line.text:  # a table row numbers its rows, not the document
            continue
        node = _heading(line, last)
        if node is not None:
            nodes.append(node)
            item = 0 if node.kind == "heading" else item
        found, item = _items(line, item)
        nodes += found
    return nodes


class Last(NamedTuple):
    """The last number met at a level, and whether it was a member of an enumeration (`（一）…；`)."""

    number: int
    listed: bool


def _heading(line: Line, last: dict[int, Last]) -> Node | None:
    """The heading or numbered member that `line` begins with; `last` holds what came last at every level.

    Numbers may run on across a higher heading, as （五） after 二、 does in documents that number （一） to （二十）.
    """
    for level, pattern in LEVELS:
        marker = pattern.match(line.text)
        if marker is None:
            continue
        number = chinese_number(marker.group(1))
        before = last.get(level, Last(0, False))
        follows = number == before.number + 1
        body = line.text[marker.end() :]
        title, run_in = _heading_title(body)
        # The last member ends in 。 like a sentence; those before it tell that it is one.
        listed = body.endswith(ENUMERATION_ENDS) or (not run_in and number > 1 and follows and before.listed)
        last[level] = Last(number, listed)
        is_heading = bool(title) and (run_in or not listed)
        title = title or _first_clause(body)
        offset = line.text.find(title, marker.end()) if title else marker.end()
        end = line.start + offset + len(title)
        if not is_heading:
            run_in = len(title) < len(body.strip(BLANK + STOPS))
        kind: Kind = "heading" if is_heading else "item"
        depth = level if is_heading else None
        return Node(kind, depth, number, title, line.start, end, run_in, number == 1 or follows)
    return None


def _heading_title(body: str) -> tuple[str, bool]:
    """The title in what follows a marker, and whether prose follows it; an empty title when the line is no heading."""
    stop = body.find("。", 0, LONGEST_HEADING + 1)
    if stop >= 0 and body[stop + 1 :].strip(BLANK):
        return body[:stop].strip(BLANK), True
    if len(body) <= LONGEST_HEADING + 1:
        return body.strip(BLANK + STOPS), False
    return "", False


def _first_clause(body: str) -> str:
    """What an item says first: up to its first stop, at most LONGEST_HEADING characters."""
    head = body[: LONGEST_HEADING + 1]
    for stops in ("。；;：:", "，,"):
        cut = min((place for place in map(head.find, stops) if place > 0), default=-1)
        if cut > 0:
            return head[:cut].strip(BLANK)
    return body[:LONGEST_HEADING].strip(BLANK)


def _items(line: Line, previous: int) -> tuple[list[Node], int]:
    """The 一是 二是 members in a line, and the last number of the row they belong to (0: none is open).

    A member opens a row with 一 or carries the row on; 是 after any other numeral is ordinary prose.
    """
    marks: list[tuple[int, re.Match[str]]] = []
    for mark in ITEM.finditer(line.text):
        before = line.text[max(0, mark.start() - 8) : mark.start()].rstrip(BLANK)
        number = chinese_number(mark.group(1))
        if (mark.start() == 0 or before.endswith(BEFORE_ITEM)) and number in (1, previous + 1):
            marks.append((number, mark))
            previous = number
    nodes: list[Node] = []
    ends = [mark.start() for _, mark in marks[1:]] + [len(line.text)][: len(marks)]
    for (number, mark), end in zip(marks, ends, strict=True):
        title = _first_clause(line.text[mark.end() : end])
        nodes.append(Node("item", None, number, title, line.start + mark.start(), line.start + end, True))
    return nodes, previous
