"""Near-duplicates: texts that are almost the same are linked with their similarity, never merged (work in progress)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.model import Record


@dataclass(frozen=True, slots=True)
class Near:
    """Another document that says almost the same; `similarity` is the share of common wording, 0 to 1."""

    document: int
    similarity: float


def schema(db: sqlite3.Connection) -> None:
    """Create the tables of signatures and links where they are missing."""
    raise NotImplementedError


def add(db: sqlite3.Connection, document: int, record: Record) -> list[Near]:
    """Sign a document and link it to those that are near, inside the caller's transaction; replaces what was there."""
    raise NotImplementedError


def remove(db: sqlite3.Connection, document: int) -> None:
    """Forget a document's signature and links."""
    raise NotImplementedError


def links(db: sqlite3.Connection, document: int) -> list[Near]:
    """The documents near this one, most similar first."""
    raise NotImplementedError
