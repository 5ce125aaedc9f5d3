"""Reading as a pure function: (bytes, headers, URL) -> Reading. Live crawl, replay, re-read and tests are this one path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archive.model import Record

Kind = Literal["notice", "list", "blocked", "empty"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list page: absolute URL, title as the list shows it, ISO day or None."""

    url: str
    title: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page turned out to be, and what was read in it."""

    kind: Kind
    url: str
    record: Record | None = None  # of a notice
    entries: tuple[Entry, ...] = ()  # of a list, in page order
    next: str | None = None
    page_count: int | None = None
    record_count: int | None = None
    reason: str | None = None  # of blocked and empty; of a list without a next page: why it stops there


def read(
    body: bytes,
    url: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    family: str | None = None,
    as_kind: Literal["notice", "list"] | None = None,
) -> Reading:
    """Read one page. `family` names a module of crawler.cms; None lets the page's own evidence decide."""
    raise NotImplementedError
