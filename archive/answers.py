"""What the archive answers: small typed results of its read and write side, ready to be printed or turned into JSON."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import Link, Record, State
from archive.sweeps import ListSweep


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a saved visit came to: its state in the ledger, its document, and the links that are new to this run."""

    state: State
    document_id: str | None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One crawl of one source. `finished` and `verdict` are None while it runs; `counts` add up to the URLs it met."""

    id: int
    source: str
    started: str
    finished: str | None
    verdict: str | None
    requests: int
    counts: dict[str, int]
    evidence: tuple[str, ...]
    lists: tuple[ListSweep, ...] = ()


@dataclass(frozen=True, slots=True)
class Appearance:
    """A URL at which a document was seen; `gone` is the day and time it was found gone, with the evidence."""

    url: str
    source: str
    first_seen: str
    last_seen: str
    integrity: str
    main: bool
    gone: str | None
    gone_reason: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """What a page said from `first_seen` to `last_seen`; `cause` tells a publisher's edit from a better reading."""

    id: str
    url: str
    first_seen: str
    last_seen: str
    cause: str
    capture: int
    record: Record


@dataclass(frozen=True, slots=True)
class Document:
    """A work: the text as its main copy shows it, where it appeared, and what it said before."""

    id: str
    url: str
    source: str
    state: str
    first_seen: str
    last_seen: str
    record: Record
    appearances: tuple[Appearance, ...]
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """Where one stored response lies: segment file, byte offset and length of its WARC record, and its digests."""

    id: int
    url: str
    run: int | None
    fetched: str
    status: int
    segment: str
    offset: int
    length: int
    sha256: str
    content_sha256: str | None
    size: int
    revisit_of: int | None
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """How one run ended a URL."""

    run: int
    at: str
    state: State
    reason: str | None
    capture: int | None
    version: int | None
