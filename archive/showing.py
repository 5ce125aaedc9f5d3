"""One document for people and programs: what it says, where it was seen, what it said before, where its bytes are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from archive.answers import CaptureRow, Document, File, Version
from archive.display import COLUMNS, bytes_text, pad, safe, table, width, wrap
from archive.errors import NotHeldError
from archive.model import Record
from archive.store import Archive

# Field of the record, and how the field is called on the pages themselves.
LABELS = (
    ("issuer", "发文机关"),
    ("document_number", "文号"),
    ("index_number", "索引号"),
    ("written", "成文日期"),
    ("published", "发布日期"),
    ("origin", "来源"),
    ("topic", "主题分类"),
    ("validity", "有效性"),
    ("report_year", "报告年度"),
    ("site_name", "网站"),
    ("site_id", "网站标识码"),
    ("division", "行政区划"),
    ("breadcrumb", "栏目"),
    ("integrity", "integrity"),
    ("integrity_reasons", "why"),
)


def document_json(archive: Archive, document: Document, id: str) -> dict[str, Any]:
    """Everything `show` knows, as JSON values."""
    version = version_of(document, id)
    places = archive.captures_of(document.id)
    return {
        "id": document.id,
        **asdict(document.record if version is None else version.record),
        "source": document.source,
        "state": document.state,
        "first_seen": document.first_seen,
        "last_seen": document.last_seen,
        "appearances": [asdict(one) for one in document.appearances],
        "versions": [_version_json(one) for one in document.versions],
        "near": [{"id": other, "similarity": round(similarity, 3)} for other, similarity in archive.near(document.id)],
        "captures": [asdict(one) for one in places],
        "files": [asdict(one) for one in document.files],
    }


def document_lines(archive: Archive, document: Document, id: str) -> list[str]:
    """The same as lines of at most 80 columns."""
    version = version_of(document, id)
    record = document.record if version is None else version.record
    title = wrap(record.title or "(no title)")
    lines = [*title, "─" * max(width(line) for line in title), *_metadata(document, record)]
    lines += [
        "",
        *_appearances(document),
        *_near(archive, document),
        "",
        *_versions(document),
        "",
        *_bytes(archive, document, version),
    ]
    return [*lines, *_files(document), "", *wrap(record.text or "(no text)")]


def version_of(document: Document, id: str) -> Version | None:
    """What the main copy said at the time named behind the @ of an id; None when no time is named."""
    key, at, stamp = id.partition("@")
    if not at:
        return None
    said = [one for one in document.versions if one.url == document.url and one.id.partition("@")[2] <= stamp]
    if not said:
        raise NotHeldError(
            f"{key}: not held at {safe(stamp)}; its versions are {', '.join(v.id for v in document.versions)}"
        )
    return said[-1]


def _version_json(version: Version) -> dict[str, Any]:
    row = asdict(version)
    record = row.pop("record")
    return {**row, "title": record["title"], "text": record["text"], "integrity": record["integrity"]}


def _metadata(document: Document, record: Record) -> list[str]:
    rows = [("id", document.id), ("URL", document.url), ("source", document.source), ("state", document.state)]
    for name, label in LABELS:
        value = getattr(record, name)
        if value:
            rows.append((label, " > ".join(value) if isinstance(value, tuple) else str(value)))
    rows += [("附件", f"{one.text} {one.url}") for one in record.attachments]
    rows.append(("seen", f"{document.first_seen} to {document.last_seen}"))
    lines = []
    for label, value in rows:
        first, *others = wrap(value, COLUMNS - 14) or [""]
        lines += [pad(label, 12) + "  " + first, *(" " * 14 + other for other in others)]
    return lines


def _appearances(document: Document) -> list[str]:
    lines = [f"Seen at {len(document.appearances)} URL{'s' if len(document.appearances) > 1 else ''}"]
    for one in document.appearances:
        lines += wrap(("* " if one.main else "- ") + one.url, indent="  ")
        told = f"{one.source}  {one.first_seen} to {one.last_seen}"
        told += "" if one.integrity == "clean" else f"  {one.integrity}"
        told += "" if one.gone is None else f"  gone {one.gone}: {one.gone_reason}"
        lines += wrap(told, indent="    ")
    return lines


def _near(archive: Archive, document: Document) -> list[str]:
    found = archive.near(document.id)
    lines = [f"  - {id}  {similarity:.0%} of the wording in common" for id, similarity in found]
    return ["", "Almost the same text, another document", *lines] if lines else []


def _versions(document: Document) -> list[str]:
    own = [one for one in document.versions if one.url == document.url]
    rows = [(one.id, one.first_seen, one.last_seen, _by(n, one)) for n, one in enumerate(own)]
    return [
        f"{len(own)} version{'s' if len(own) != 1 else ''} of the main copy",
        *table(("id", "from", "to", "by"), rows),
    ]


def _files(document: Document) -> list[str]:
    """The files it links to: what each is, and whether its words are found."""
    lines = ["", "Files"] if document.files else []
    for one in document.files:
        lines += wrap(f"- {safe(one.name)}", indent="  ")
        lines += wrap(safe(file_told(one)), indent="    ")
    return lines


def file_told(file: File) -> str:
    """Kind, size and text of a file in one line, or why it is not held."""
    if file.kind is None or file.size is None:
        return f"{file.state}{f': {file.reason}' if file.reason else ''}"
    read = f"text of {len(file.text)} characters" if file.text else "no text"
    versions = f"  {file.versions} versions" if file.versions > 1 else ""
    why = f" ({file.reason})" if file.reason else ""
    place = f"  capture {file.capture}" if file.capture is not None else ""
    return f"{file.kind}  {bytes_text(file.size)}  {read}{why}{versions}{place}  sha256 {(file.sha256 or '')[:12]}"


def _by(n: int, version: Version) -> str:
    """Whose doing a version is; short, as it stands in a table."""
    return "reader" if version.cause == "reader" else "edit" if n else "first"


def _bytes(archive: Archive, document: Document, version: Version | None) -> list[str]:
    """Where the bytes of the shown version lie, and a command of standard tools that prints them."""
    wanted = version or next((one for one in reversed(document.versions) if one.record == document.record), None)
    place = None if wanted is None or wanted.capture is None else archive.original(wanted.capture)
    if place is None:
        return ["No capture is held for it"]
    lines = [f"Payload as the server sent it, fetched {place.fetched}"]
    lines += wrap(f"{place.segment}, offset {place.offset}, length {place.length}", indent="  ")
    return [*lines, f"  sha256 {place.sha256}", f"  {extraction(archive, place)}"]


def extraction(archive: Archive, place: CaptureRow) -> str:
    """A command that prints the WARC record with standard tools only; one line, to be copied whole."""
    path = archive.segments.folder / place.segment
    return f"tail -c +{place.offset + 1} '{path}' | head -c {place.length} | gunzip"
