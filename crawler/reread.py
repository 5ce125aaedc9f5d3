"""Rereading: every notice page of an archive read again from its stored bytes, and what differs told field by field.

Nothing is asked of any site. What is found is a stream; who accepts it hands it to archive.rereads. Longer than usual:
pages and files are told in one way.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from archive import Archive, ArchiveError, rereads
from archive.answers import CaptureRow
from archive.holdings import JUDGED
from archive.model import CONTENT_FIELDS, Extract, Link, Record, Stored
from archive.readable import Standing, part, standing
from archive.records import sound
from archive.refiles import Filed, filed
from archive.rereads import Better, Reread
from crawler.landing import Landing, Reader
from crawler.loader import load_sound
from crawler.registry import RegistryError, Source
from crawler.stored import Answers, all_landed, whole

BATCH, PAGES = 200, 2000  # readings, and pages, of one commit
# What of a record is compared: all but how a value was found, which says nothing of the announcement.
FIELDS = (*CONTENT_FIELDS, *JUDGED, "breadcrumb", "integrity_reasons", "outline", "flags", "encoding")
ASIDES = frozenset(FIELDS) - {*CONTENT_FIELDS, *JUDGED}  # of which a difference alone is none to a page read anew
NO_READERS = frozenset({"commands", "discover", "sources", "__pycache__"})  # what of the crawler reads nothing


@dataclass(frozen=True, slots=True)
class Change:
    """What came of one page: `fields` holds what differs, as (then, now); `reading` is what there is to accept.

    `kind`, with `file_` before it where it is about a file: same; better; found (a record where there was none); lost
    (none where there was one, which stays); unread (none before, none now); damaged (the bytes cannot be had);
    unregistered (no such source any more).
    """

    page: int
    url: str
    source: str
    document: str | None
    kind: str
    title: str | None = None
    reason: str | None = None
    fields: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    reading: Better | None = None
    file: tuple[Filed, Extract] | None = None


def code() -> str:
    """The code that reads: the release, and a digest of its files, for a release has many commits."""
    top, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(top.rglob("*.py")):
        if NO_READERS.isdisjoint(path.relative_to(top).parts):
            digest.update(path.relative_to(top).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('gongbao')} {digest.hexdigest()[:12]}"


class Registry:
    """The sources by id, each read once; one that cannot be used is told as a sentence."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._known: dict[str, Source | str] = {}

    def source(self, id: str) -> Source | str:
        if id not in self._known:
            try:
                self._known[id] = load_sound(self.folder, id)
            except RegistryError as error:
                self._known[id] = str(error)
        return self._known[id]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Answers of one page to be read: those its record rests on (`known`), or those nothing was read in."""

    page: Standing
    source: Source | str
    rows: tuple[CaptureRow, ...]
    known: bool


def changes(
    archive: Archive, registry: Registry, read: Reader, *, source: str | None, since: str | None, after: int = 0
) -> Iterator[Change]:
    """Every page that can be read again, in the order of its row; the caller may write to the archive between them.

    A page has one change, or two: what it was read as, and what was found in answers after that.
    """

    def asked() -> Iterator[tuple[_Asked, Answers | str]]:
        for page in standing(archive.db.conn, source, since, after=after):
            found = registry.source(page.source)
            for rows in ((page.read,) if page.read else (), page.unread):
                if rows:
                    one = _Asked(page, found, rows, known=rows[0] is page.read)
                    yield one, _answers(archive, one)

    for one, landings in all_landed(asked(), read):
        yield _change(archive, one, landings, read)


def file_changes(
    archive: Archive, registry: Registry, read: Reader, *, source: str | None, since: str | None
) -> Iterator[Change]:
    """Every file read again from its bytes."""

    def asked() -> Iterator[tuple[Filed, Answers | str]]:
        for file in filed(archive.db.conn, source, since):
            yield file, _bytes(archive, registry.source(file.source), file.link, (file.answer,))

    for file, landings in all_landed(asked(), read):
        told = Change(0, file.link.url, file.source, None, "file_same", title=file.link.title)
        if isinstance(landings, str):
            known = isinstance(registry.source(file.source), Source)
            yield replace(told, kind="damaged" if known else "unregistered", reason=landings)
            continue
        visit = landings[0].visit
        if visit.extract is None:
            yield replace(told, kind="file_lost", reason=f"{visit.state}: {visit.reason}")
        elif fields := between_files(file.extract, visit.extract):
            yield replace(told, kind="file_better", fields=fields, file=(file, visit.extract))
        else:
            yield told


def between_files(old: Extract, new: Extract) -> dict[str, tuple[str | None, str | None]]:
    """What two readings of a file's bytes differ in."""
    told = {name: (getattr(old, name), getattr(new, name)) for name in ("kind", "text", "reason")}
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


def differing(old: Record, new: Record) -> dict[str, tuple[str | None, str | None]]:
    """The fields two readings differ in, each as a person would write it down."""
    told = {name: (shown(old, name), shown(new, name)) for name in FIELDS}
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


def shown(record: Record, name: str) -> str | None:
    """A field as text; None where it is absent."""
    value: Any = getattr(record, name)
    if value is None or value == ():
        return None
    if name == "attachments":
        return "\n".join(f"{one.text} {one.url}" for one in value)
    if name == "outline":
        return "\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in value)
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _answers(archive: Archive, one: _Asked) -> Answers | str:
    return _bytes(archive, one.source, one.page.link, one.rows)


def _bytes(archive: Archive, source: Source | str, link: Link, rows: tuple[CaptureRow, ...]) -> Answers | str:
    """Stored answers to be read, or the sentence that says why they are not."""
    if isinstance(source, str):
        return source
    try:
        return Answers(link, source, tuple(archive.stored(row) for row in rows))
    except ArchiveError as error:
        return str(error)


def _change(archive: Archive, one: _Asked, landings: list[Landing] | str, read: Reader) -> Change:
    page = one.page
    told = Change(page.page, page.link.url, page.source, page.document, "same")
    if isinstance(landings, str) or isinstance(one.source, str):
        kind = "unregistered" if isinstance(one.source, str) else "damaged"
        return replace(told, kind=kind, reason=str(landings))
    row = one.rows[len(landings) - 1]
    ends = whole(landings[-1], page.link, one.source, read, lambda url: stored_part(archive, url, row))
    visit = next(landing.visit for landing in ends if landing.visit.url == page.link.url)
    if visit.record is None:
        why = f"{visit.state}: {visit.reason}"
        return replace(told, kind="lost", reason=why) if one.known else replace(told, kind="unread", reason=why)
    record = sound(visit.record)
    fields = {} if page.record is None else differing(page.record, record)
    if page.record is not None and fields.keys() <= (frozenset() if one.known else ASIDES):
        return replace(told, title=record.title)
    reading = Better(page.page, row.id, row.fetched, record, one.known)
    return replace(told, kind="better" if one.known else "found", title=record.title, fields=fields, reading=reading)


def stored_part(archive: Archive, url: str, first: CaptureRow) -> Stored | None:
    """The answer at `url` that belongs to a document whose first page is `first`."""
    row = part(archive.db.conn, url, first.run, first.fetched)
    try:
        return None if row is None else archive.stored(row)
    except ArchiveError:  # the document misses a part then, which is told
        return None


class Book:
    """Commits readings in batches, each at the end of a page, with the page up to which all is done."""

    def __init__(self, archive: Archive, begun: Reread) -> None:
        self.archive, self.begun = archive, begun
        self.page = begun.reached
        self.pages = 0
        self.readings: list[Better] = []
        self.files: list[tuple[Filed, Extract]] = []
        self.seen: Counter[str] = Counter()

    def add(self, change: Change) -> None:
        if change.file is not None:
            self.files.append(change.file)
        if change.kind.startswith("file_"):
            self.seen[change.kind] += change.file is None
            if len(self.files) >= BATCH:
                self._commit()
            return
        if change.page != self.page:
            if len(self.readings) >= BATCH or self.pages >= PAGES:
                self._commit()
            self.page, self.pages = change.page, self.pages + 1
        if change.reading is not None:
            self.readings.append(change.reading)
        else:
            self.seen[change.kind] += 1

    def close(self) -> Reread:
        self._commit()
        return rereads.finish(self.archive, self.begun.id)

    def _commit(self) -> None:
        rereads.accept(self.archive, self.begun.id, self.readings, reached=self.page, seen=self.seen, files=self.files)
        self.pages, self.readings, self.files, self.seen = 0, [], [], Counter()
