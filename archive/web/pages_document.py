"""One document: its text set for reading, where each value was read, copies, versions, neighbours, proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive import attachments
from archive.answers import CaptureRow, Document, Version
from archive.citing import cite
from archive.display import bytes_text
from archive.errors import ArchiveError, NotHeldError
from archive.model import Record
from archive.provinces import province
from archive.query import QueryError, parse
from archive.showing import LABELS, extraction, version_of
from archive.store import Archive
from archive.web import changes, typesetting
from archive.web.asking import Asked, Bytes, Page, Routes
from archive.web.pages_search import bundle

NEIGHBOURS = 20
_RIVALS = 6  # other readings of a value that are told


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the record, and how it was read: where it stood, how it stood there, and what it was chosen over."""

    name: str
    label: str
    value: str
    where: str | None
    raw: str | None
    rivals: tuple[tuple[str, str], ...]


def show(archive: Archive, asked: Asked) -> Page:
    """The document; with `@` and a time, what it said then; with ?q= the words of the search are marked."""
    id = asked.parts["id"]
    document = _held(archive, id)
    version = version_of(document, id) or _shown(document)
    record = version.record if version is not None else document.record
    place = None if version is None or version.capture is None else archive.original(version.capture)
    return Page(
        "document.html",
        {
            "asked": asked,
            "document": document,
            "record": record,
            "version": version,
            "earlier": version is not None and version.record != document.record,
            "versions": _told(document),
            "blocks": typesetting.blocks(record, _terms(asked.one("q"))),
            "outline": typesetting.outline(record),
            "facts": facts(record),
            "files": {one.url: one for one in document.files},
            "sizes": {one.url: bytes_text(one.size) for one in document.files if one.size is not None},
            "place": place,
            "extraction": None if place is None else extraction(archive, place),
            "citation": None if version is None else cite(document, version, place),
            "neighbours": _neighbours(archive, document),
        },
    )


def facts(record: Record) -> list[Fact]:
    """What the record says of the document, in the order of the pages themselves, without what is not there."""
    told = []
    for name, label in LABELS:
        value = getattr(record, name)
        if not value or name == "integrity_reasons":
            continue
        said = record.evidence.get(name)
        read: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
        raw = read.get("raw")
        rivals = tuple(
            (str(one.get("value")), str(one.get("where")))
            for one in (read.get("rivals") or ())[:_RIVALS]
            if isinstance(one, Mapping)
        )
        if name == "division" and (where := province(value)):
            value = f"{value} {where}"
        shown = " › ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        told.append(Fact(name, label, shown, read.get("where"), None if raw in (None, value) else str(raw), rivals))
    return told


def difference(archive: Archive, asked: Asked) -> Page:
    """Two versions of a document side by side."""
    document = _held(archive, asked.parts["id"])
    told = _told(document)
    if len(told) < 2:
        raise NotHeldError(f"{document.id}: has one version only, there is nothing to compare")
    old, new = (_version(told, asked.one(name), default) for name, default in (("a", told[-2]), ("b", told[-1])))
    context = {"asked": asked, "document": document, "versions": told, "old": old, "new": new}
    return Page("diff.html", {**context, "difference": changes.side_by_side(old.record, new.record)})


def neighbour(archive: Archive, asked: Asked) -> Page:
    """A document beside one that says almost the same."""
    one, other = _held(archive, asked.parts["id"]), _held(archive, asked.parts["other"])
    similarity = dict(archive.near(one.id)).get(other.id)
    if similarity is None:
        raise NotHeldError(f"{one.id} and {other.id}: not linked as near-duplicates")
    context = {"asked": asked, "document": one, "other": other, "similarity": similarity}
    return Page("near.html", {**context, "difference": changes.side_by_side(one.record, other.record)})


def proof(archive: Archive, asked: Asked) -> Page:
    """The chain from text to bytes, checked now."""
    document = _held(archive, asked.parts["id"])
    return Page("verify.html", {"asked": asked, "document": document, "result": archive.verify(document.id)})


def evidence(archive: Archive, asked: Asked) -> Bytes:
    """The document with the very bytes it was read from, as a bundle that other tools replay."""
    document = _held(archive, asked.parts["id"])
    return bundle(archive, [document], document.record.title or document.id, f"announcement-{document.id}")


def _held(archive: Archive, id: str) -> Document:
    document = archive.document(id)
    if document is None:
        raise NotHeldError(f"no announcement {id} in this archive")
    return document


def _shown(document: Document) -> Version | None:
    return next((one for one in reversed(document.versions) if one.record == document.record), None)


def _told(document: Document) -> list[Version]:
    """The versions of the main copy."""
    return [one for one in document.versions if one.url == document.url]


def _version(told: list[Version], id: str | None, default: Version) -> Version:
    if id is None:
        return default
    found = next((one for one in told if one.id == id), None)
    if found is None:
        raise NotHeldError(f"no version {id}; it has {', '.join(one.id for one in told)}")
    return found


def _terms(query: str | None) -> tuple[str, ...]:
    try:
        return parse(query).terms if query else ()
    except QueryError:  # the search page tells it; here the text is shown unmarked
        return ()


def _neighbours(archive: Archive, document: Document) -> list[tuple[Document, float]]:
    found = []
    for id, similarity in archive.near(document.id)[:NEIGHBOURS]:
        if (one := archive.document(id)) is not None:
            found.append((one, similarity))
    return found


def original_of(archive: Archive, capture: int) -> CaptureRow:
    """The capture that holds the payload; NotHeldError when there is none, or a document it belongs to is hidden."""
    row = archive.original(capture)
    if row is None or _belongs_to_hidden(archive, {capture, row.id}) or _lent_to_none(archive, {capture, row.id}):
        raise NotHeldError(f"no capture {capture} in this archive")
    if row.withdrawn is not None:
        raise ArchiveError(f"withdrawn on {row.withdrawn}; only its digest is kept")
    return row


def _lent_to_none(archive: Archive, captures: set[int]) -> bool:
    """Whether these are the bytes of a file to which only hidden documents link."""
    lent = [attachments.lent(archive.db.conn, id) for id in captures]
    return False in lent and True not in lent


def _belongs_to_hidden(archive: Archive, captures: set[int]) -> bool:
    sql = (
        "SELECT 1 FROM capture c JOIN page p ON p.id = c.page WHERE c.id = :id AND (EXISTS (SELECT 1 FROM version v "
        "JOIN document d ON d.id = v.document WHERE (v.capture = c.id OR v.page = c.page) AND d.hidden IS NOT NULL) "
        "OR EXISTS (SELECT 1 FROM document d WHERE d.id = p.document AND d.hidden IS NOT NULL))"
    )
    return any(archive.db.conn.execute(sql, {"id": id}).fetchone() for id in captures)


_ID = r"(?P<id>[0-9a-fA-F]{4,64}(?:@[0-9A-Za-z]{1,20})?)"
ROUTES: Routes = (
    (rf"^/document/{_ID}$", show),
    (rf"^/document/{_ID}/diff$", difference),
    (rf"^/document/{_ID}/near/(?P<other>[0-9a-fA-F]{{4,64}})$", neighbour),
    (rf"^/document/{_ID}/verify$", proof),
    (rf"^/document/{_ID}/evidence\.wacz$", evidence),
)
