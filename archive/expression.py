"""A query as a tree, and each node as the FTS5 expression that finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.bigrams import SPACE, phrase, quoted
from archive.facts import ALL, DATES, EXACT, FIELD_MARKS, WORD_MARK, between, fact, number_key
from archive.folding import sequence

TITLE_MARK = FIELD_MARKS["title"]


class QueryError(ValueError):
    """A query that cannot be answered; the message is one line that says what to change."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to write an expression: plain terms in titles only, or anywhere, `words` by their own token."""

    titles: bool = False
    words: frozenset[str] = frozenset()

    def inside_not(self) -> Way:
        """What is excluded is excluded wherever it stands."""
        return replace(self, titles=False)


@dataclass(frozen=True, slots=True)
class Term:
    """Something to find; `field` is None for title and text alike."""

    text: str
    field: str | None = None

    def match(self, way: Way) -> str:
        if self.field in DATES or self.field in EXACT:
            return _facts(self.field, self.text)
        if self.field in FIELD_MARKS:
            text = number_key(self.text) or self.text if self.field == "document_number" else self.text
            return phrase(text, FIELD_MARKS[self.field]) or quoted(ALL)
        if self.field == "text":
            return f"text : {phrase(self.text)}"
        if (folded := sequence(self.text)) in way.words:
            return quoted(WORD_MARK + folded.replace(" ", SPACE))
        found = phrase(self.text, TITLE_MARK if way.titles else "") or quoted(ALL)
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

    def match(self, way: Way) -> str:
        if self.joint == "OR":
            return "(" + " OR ".join(part.match(way) for part in self.parts) + ")"
        wanted = [part.match(way) for part in self.parts if not isinstance(part, Not)]
        banned = [part.part.match(way.inside_not()) for part in self.parts if isinstance(part, Not)]
        found = "(" + " AND ".join(wanted or [quoted(ALL)]) + ")"
        return f"({found} NOT ({' OR '.join(banned)}))" if banned else found

    def shown(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.shown()


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the part."""

    part: Node

    def match(self, way: Way) -> str:
        return f"({quoted(ALL)} NOT {self.part.match(way.inside_not())})"

    def shown(self) -> Iterator[str]:
        return iter(())


Node = Term | Group | Not


def _facts(name: str, value: str) -> str:
    try:
        tokens = between(name, value) if name in DATES else (fact(name, value),)
    except ValueError as error:
        raise QueryError(str(error)) from error
    return quoted(tokens[0]) if len(tokens) == 1 else "(" + " OR ".join(quoted(token) for token in tokens) + ")"
