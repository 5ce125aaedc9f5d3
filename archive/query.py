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
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.bigrams import phrase, quoted
from archive.facts import ALL, DATES, EXACT, FIELD_MARKS, between, fact, number_key

MAX_LENGTH = 1000  # characters of a query
MAX_TERMS = 50
MAX_DEPTH = 20

TITLE_MARK = FIELD_MARKS["title"]


class QueryError(ValueError):
    """A query that cannot be answered; the message is one line that says what to change."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something to find; `field` is None for title and text alike."""

    text: str
    field: str | None = None

    def match(self, *, titles: bool) -> str:
        if self.field in DATES or self.field in EXACT:
            return _facts(self.field, self.text)
        if self.field in FIELD_MARKS:
            text = number_key(self.text) or self.text if self.field == "document_number" else self.text
            return phrase(text, FIELD_MARKS[self.field]) or quoted(ALL)
        if self.field == "text":
            return f"text : {phrase(self.text)}"
        found = phrase(self.text, TITLE_MARK if titles else "") or quoted(ALL)
        number = number_key(self.text)
        return found if number is None else f"({found} OR {phrase(number, FIELD_MARKS['document_number'])})"

    def shown(self) -> Iterator[str]:
        if self.field not in DATES and self.field not in EXACT:
            yield self.text


@dataclass(frozen=True, slots=True)
class Group:
    """Parts joined by AND or OR."""

    joint: str
    parts: tuple[Node, ...]

    def match(self, *, titles: bool) -> str:
        if self.joint == "OR":
            return "(" + " OR ".join(part.match(titles=titles) for part in self.parts) + ")"
        wanted = [part.match(titles=titles) for part in self.parts if not isinstance(part, Not)]
        banned = [part.part.match(titles=False) for part in self.parts if isinstance(part, Not)]
        found = "(" + " AND ".join(wanted or [quoted(ALL)]) + ")"
        return f"({found} NOT ({' OR '.join(banned)}))" if banned else found

    def shown(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.shown()


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the part."""

    part: Node

    def match(self, *, titles: bool) -> str:
        return f"({quoted(ALL)} NOT {self.part.match(titles=False)})"

    def shown(self) -> Iterator[str]:
        return iter(())


Node = Term | Group | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    `everywhere` is the FTS5 expression of all hits, `in_titles` that of the hits whose title holds every term (None
    when no term could stand in a title); `terms` are the texts to highlight, longest first.
    """

    everywhere: str
    in_titles: str | None
    terms: tuple[str, ...]


def parse(text: str) -> Query:
    """The query a person typed; raises QueryError, and nothing else, whatever the text is.

    >>> parse("法治 year:2021").everywhere
    '("法治" AND "ｆyear=2021")'
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"a query holds at most {MAX_LENGTH:,} characters, this one has {len(text):,}: shorten it")
    reader = _Reader("".join(" " if character.isspace() or character < " " else character for character in text))
    node = reader.any(0)
    terms = sorted({term for term in node.shown() if phrase(term)}, key=lambda term: (-len(term), term))
    everywhere, in_titles = node.match(titles=False), node.match(titles=True)
    return Query(everywhere, in_titles if in_titles != everywhere else None, tuple(terms))


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
        term.match(titles=False)  # a wrong date or year is told now
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


def _facts(name: str, value: str) -> str:
    try:
        tokens = between(name, value) if name in DATES else (fact(name, value),)
    except ValueError as error:
        raise QueryError(str(error)) from error
    return quoted(tokens[0]) if len(tokens) == 1 else "(" + " OR ".join(quoted(token) for token in tokens) + ")"
