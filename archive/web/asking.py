"""What a page function gets and gives: every page is a plain function from (archive, what was asked) to an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from archive.errors import QuestionError
from archive.store import Archive


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of the path, the parameters behind the question mark, and the visitor's language."""

    path: str
    parts: Mapping[str, str]
    parameters: Mapping[str, Sequence[str]]
    language: str

    def one(self, name: str) -> str | None:
        """A parameter that is there and not blank."""
        value = next(iter(self.parameters.get(name, ())), "").strip()
        return value or None

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number; QuestionError for what is none."""
        value = self.one(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and least <= int(value[:12]) <= most):
            raise QuestionError(f"{name}: expected a whole number from {least} to {most}, found {value[:40]!r}")
        return int(value)

    def link(self, path: str | None = None, **changes: object) -> str:
        """The address of this page, or of `path`, with some parameters changed; None takes one out."""
        kept: dict[str, object] = {name: values[0] for name, values in self.parameters.items() if values and values[0]}
        kept.update(changes)
        query = urlencode({name: value for name, value in kept.items() if value is not None})
        return (path or self.path) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Page:
    """A template and what it shows."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Bytes:
    """An answer that is no page of ours: a file to save, or a page of the archive in its sandbox."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def file(cls, body: bytes, content_type: str, name: str) -> Bytes:
        """A download under an ASCII file name."""
        return cls(body, content_type, {"Content-Disposition": f'attachment; filename="{name}"'})


PageFunction = Callable[[Archive, Asked], Page | Bytes]
Routes = tuple[tuple[str, PageFunction], ...]
