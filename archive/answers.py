"""What the archive answers: small typed results of its read and write side, ready to be printed or turned into JSON."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """One crawl of one source. `finished` and `verdict` are None while it runs; `counts` add up to the pages it met.

    `attachments` counts the files of notices by how they ended; they are in none of the `counts`.
    """

    id: int
    source: str
    started: str
    finished: str | None
    verdict: str | None
    requests: int
    counts: dict[str, int]
    evidence: tuple[str, ...]
    lists: tuple[ListSweep, ...] = ()
    attachments: dict[str, int] = field(default_factory=dict)


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
class File:
    """A file a document links to, as it is now: `kind` by content, `text` where it could be read.

    `state` is how its URL ended last (`not asked for` before that); what is not held has neither kind nor bytes, and
    `reason` says why there is no file, or no text. `capture` holds the bytes, `versions` counts different ones.
    """

    url: str
    name: str
    state: str
    kind: str | None
    size: int | None
    sha256: str | None
    fetched: str | None
    capture: int | None
    text: str | None
    reason: str | None
    versions: int


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
    files: tuple[File, ...] = ()


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
