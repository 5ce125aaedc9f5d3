"""What people type, as an expression the search index understands; what is not syntax is text to find.

    法治政府 报告               both                     法治 AND 政府, 法治 OR 政府, 法治 NOT 政府
    "一 规划"                   the words as they stand  (法治 OR 行政) AND 吉林
    title:法治  issuer:司法局   in one field             document_number:国办发〔2024〕12号
    year:2021  year:2019..2021  the report's year        published:2021-01..2022-04   written:2021
    source:ID  site:jl.gov.cn   who, which host          integrity:clean

Operators are upper case. Parentheses group only where a group can stand (around several words, spaces outside), so that
（一）加强 is found as it is written. `parse` either returns a Query or raises QueryError with one line to show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.bigrams import phrase
from archive.expression import Group, Node, Not, QueryError, Term, Way
from archive.facts import DATES, EXACT, FIELD_MARKS

__all__ = ["Query", "QueryError", "parse"]

MAX_LENGTH = 1000  # characters of a query
MAX_TERMS = 50
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    `terms` are the texts to highlight, longest first; `node` is the root of what was asked.
    """

    node: Node
    terms: tuple[str, ...]

    def everywhere(self, words: frozenset[str] = frozenset()) -> str:
        """The FTS5 expression of all hits; with `words` it answers faster, but gives bm25 nothing to weigh."""
        return self.node.match(Way(words=words))

    def in_titles(self) -> str | None:
        """That of the hits whose title holds every term; None when no term could stand in a title."""
        titled = self.node.match(Way(titles=True))
        return titled if titled != self.everywhere() else None


def parse(text: str) -> Query:
    """The query a person typed; raises QueryError, and nothing else, whatever the text is.

    >>> parse("法治 year:2021").everywhere()
    '("法治" AND "ｆyear=2021")'
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"a query holds at most {MAX_LENGTH:,} characters, this one has {len(text):,}: shorten it")
    reader = _Reader("".join(" " if character.isspace() or character < " " else character for character in text))
    node = reader.any(0)
    terms = sorted({term for term in node.shown() if phrase(term)}, key=lambda term: (-len(term), term))
    return Query(node, tuple(terms))


_FIELDS = {*FIELD_MARKS, *DATES, *EXACT, "text"}
_ALIASES = {"number": "document_number"}
_FIELD = re.compile(r"([A-Za-z_]+)[:：]")
_OPEN, _CLOSE = "(（", ")）"
_QUOTES = {'"': '"', "＂": "＂", "“": "”"}
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(slots=True)
class _Reader:
    """Recursive descent over the characters; `closes` are the places of parentheses that end a group."""

    text: str
    place: int = 0
    terms: int = 0
    closes: set[int] = field(default_factory=set)

    def any(self, depth: int, scope: str | None = None) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(f"parentheses are nested more than {MAX_DEPTH} deep: simplify the query")
        parts = [self.all(depth, scope)]
        while self._operator("OR"):
            parts.append(self.all(depth, scope))
        return parts[0] if len(parts) == 1 else Group("OR", tuple(parts))

    def all(self, depth: int, scope: str | None) -> Node:
        parts = [self.one(depth, scope)]
        while self._operator("AND") or self._more():
            parts.append(self.one(depth, scope))
        return parts[0] if len(parts) == 1 else Group("AND", tuple(parts))

    def one(self, depth: int, scope: str | None) -> Node:
        if self._operator("NOT"):
            return Not(self.one(depth + 1, scope)) if depth < MAX_DEPTH else self.any(depth + 1)
        self._skip()
        if self._end():
            raise QueryError(self._missing())
        for operator in _OPERATORS:
            if self._operator(operator):
                raise QueryError(f"{operator} needs a term on both sides, or write it in quotes to find the word")
        if (match := _FIELD.match(self.text, self.place)) and (name := self._known(match[1])):
            self.place = match.end()
            self._skip()
            if self._end():
                raise QueryError(f"{name}: needs a value, like {name}:{_example(name)}")
            return self._value(depth, name)
        return self._value(depth, scope)

    def _value(self, depth: int, scope: str | None) -> Node:
        if (close := self._group()) is not None:
            self.closes.add(close)
            self.place += 1
            node = self.any(depth + 1, scope)
            self.place = close + 1
            return node
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(f"a query holds at most {MAX_TERMS} terms: shorten it")
        term = Term(self._quoted() or self._word(), scope)
        if not phrase(term.text):
            raise QueryError("the query is empty: write what to find, like 法治政府")
        term.match(Way())  # a wrong date or year is told now
        return term

    def _known(self, name: str) -> str | None:
        field_name = _ALIASES.get(name.lower(), name.lower())
        return field_name if field_name in _FIELDS else None

    def _word(self) -> str:
        start = self.place
        while self.place < len(self.text) and self.text[self.place] != " " and self.place not in self.closes:
            self.place += 1
        return self.text[start : self.place]

    def _quoted(self) -> str | None:
        """The inside of quotes that open here and close at the end of a word; anything else is ordinary text."""
        closing = _QUOTES.get(self.text[self.place])
        if closing is None:
            return None
        end = self.text.find(closing, self.place + 1)
        while end > 0 and not self._boundary(end + 1):
            end = self.text.find(closing, end + 1)
        inside = self.text[self.place + 1 : end] if end > 0 else ""
        if not inside.strip():
            return None
        self.place = end + 1
        return inside

    def _group(self) -> int | None:
        """Where the group that opens here closes; None when the parenthesis is part of the text."""
        if self.text[self.place] not in _OPEN:
            return None
        depth = 0
        for place in range(self.place, len(self.text)):
            depth += (self.text[place] in _OPEN) - (self.text[place] in _CLOSE)
            if depth == 0:
                inside = self.text[self.place + 1 : place].strip()
                return place if " " in inside and self._boundary(place + 1) else None
        return None

    def _operator(self, name: str) -> bool:
        self._skip()
        end = self.place + len(name)
        if self.text[self.place : end] != name or not self._boundary(end) or self.text.strip() == name:
            return False
        self.place = end
        return True

    def _more(self) -> bool:
        self._skip()
        upcoming = self.text[self.place : self.place + 3]
        return not self._end() and not (upcoming.startswith("OR") and self._boundary(self.place + 2))

    def _boundary(self, place: int) -> bool:
        return place >= len(self.text) or self.text[place] == " " or self.text[place] in _CLOSE

    def _skip(self) -> None:
        while self.place < len(self.text) and self.text[self.place] == " ":
            self.place += 1

    def _end(self) -> bool:
        return self.place >= len(self.text) or self.place in self.closes

    def _missing(self) -> str:
        if self.text.strip():
            return "a term is missing at the end or before a parenthesis: finish the query"
        return "the query is empty: write what to find, like 法治政府"


def _example(name: str) -> str:
    return {"year": "2021", "published": "2021-01..2022-04", "written": "2021", "integrity": "clean"}.get(name, "法治")
