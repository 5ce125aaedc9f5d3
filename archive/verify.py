"""Proof that the archive says what the servers sent: every WARC record read again, every digest compared."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from archive import attachments
from archive.answers import CaptureRow
from archive.errors import ArchiveError
from archive.lookup import captures_of, every_capture
from archive.model import Capture, CorruptError
from archive.segments import Segments, members
from archive.warc import WarcRecord, decode


@dataclass
class Verification:
    """What was read again. `problems` are contradictions; `notes` are bytes that no page claims, which is no damage."""

    captures: int = 0
    segments: int = 0
    bytes: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)  # of one document: the chain from text to bytes, link by link

    @property
    def ok(self) -> bool:
        return not self.problems


def verify_all(db: sqlite3.Connection, segments: Segments) -> Verification:
    """Read every record again and account for every committed byte of every segment."""
    result = Verification()
    claimed: dict[str, list[tuple[int, int]]] = {}
    for row in every_capture(db):
        check_capture(db, segments, row, result)
        claimed.setdefault(row.segment, []).append((row.offset, row.length))
    for name, committed in db.execute("SELECT name, committed FROM segment ORDER BY name").fetchall():
        result.segments += 1
        _check_segment(segments.folder / name, int(committed), sorted(claimed.get(name, [])), result)
    result.problems += attachments.problems(db)
    for path in sorted(segments.folder.glob("*.uncommitted")):
        result.notes.append(f"{path}: a tail set aside when an interrupted run was cut back; delete it when not needed")
    return result


def verify_document(db: sqlite3.Connection, segments: Segments, document: int) -> Verification:
    """Prove one document: its texts <- the records they were read from <- payload bytes <- WARC records."""
    result = Verification()
    for version in _versions(db, document):
        _check_reading(version, result)
    attachments.prove(db, document, result.steps, result.problems)
    for row in captures_of(db, document):
        before = len(result.problems)
        record = check_capture(db, segments, row, result)
        if len(result.problems) == before:
            result.steps.append(
                f"capture {row.id}: {row.segment} at {row.offset}, {row.length} bytes, is a sound WARC {record.type} "
                f"record of {row.url} fetched {row.fetched}; payload sha256 {row.sha256}"
            )
    return result


def _versions(db: sqlite3.Connection, document: int) -> list[tuple[int, str, str | None, str | None]]:
    """(version, capture's URL, sha256 of the text, text) of everything a document's pages said."""
    return db.execute(
        "SELECT v.id, p.url, t.sha256, t.body FROM version v JOIN page p ON p.id = v.page "
        "LEFT JOIN text t ON t.id = v.text WHERE v.document = ? ORDER BY v.id",
        [document],
    ).fetchall()


def _check_reading(row: tuple[int, str, str | None, str | None], result: Verification) -> None:
    version, url, digest, body = row
    if body is None:
        return
    found = hashlib.sha256(body.encode()).hexdigest()
    if found != digest:
        result.problems.append(f"version {version} of {url}: text has sha256 {found}, was stored with {digest}")
    else:
        result.steps.append(f"version {version} of {url}: text of {len(body)} characters, sha256 {digest}")


def check_capture(db: sqlite3.Connection, segments: Segments, row: CaptureRow, result: Verification) -> WarcRecord:
    """Compare one WARC record with its row; say where and what differs."""
    where = f"{segments.folder / row.segment} at {row.offset} (capture {row.id}, {row.url})"
    result.captures += 1
    try:
        blob = segments.read(row.segment, row.offset, row.length)
    except ArchiveError as error:
        blob = b""
        result.problems.append(str(error))
    record = decode(blob)
    result.bytes += len(blob)
    found = list(record.problems)
    if record.type != "broken":
        found += _differences(db, row, record)
    if blob and len(blob) < row.length:
        found.append(f"the segment ends after {len(blob)} of {row.length} bytes")
    result.problems += [f"{where}: {text}; restore the segment from a backup" for text in found]
    return record


def _differences(db: sqlite3.Connection, row: CaptureRow, record: WarcRecord) -> list[str]:
    if row.withdrawn is not None:
        return [] if record.type == "metadata" else [f"was withdrawn on {row.withdrawn}, but is a {record.type} record"]
    expected = "revisit" if row.revisit_of is not None else "response"
    found = []
    if record.type != expected:
        found.append(f"is a {record.type} record, expected {expected}")
    if record.payload_digest != f"sha256:{row.sha256}":
        found.append(f"WARC-Payload-Digest is {record.payload_digest}, the database says sha256:{row.sha256}")
    if record.status != row.status or record.fetched != row.fetched:
        found.append(
            f"is of status {record.status} at {record.fetched}, the database says {row.status} at {row.fetched}"
        )
    if row.revisit_of is not None:
        original = db.execute("SELECT sha256 FROM capture WHERE id = ?", [row.revisit_of]).fetchone()
        if original is None or original[0] != row.sha256:
            found.append(f"revisits capture {row.revisit_of}, which has another payload")
        return found
    payload = hashlib.sha256(record.payload).hexdigest()
    if payload != row.sha256:
        found.append(f"payload has sha256 {payload}, the database says {row.sha256}")
    if row.content_sha256 is not None:
        content = _content_sha256(row, record)
        if content != row.content_sha256:
            found.append(f"decoded content has sha256 {content}, the database says {row.content_sha256}")
    return found


def _content_sha256(row: CaptureRow, record: WarcRecord) -> str | None:
    capture = Capture(row.url, row.fetched, row.status, record.headers, record.payload)
    try:
        return hashlib.sha256(capture.content()).hexdigest()
    except CorruptError:
        return None


def _check_segment(path: Path, committed: int, claimed: list[tuple[int, int]], result: Verification) -> None:
    """Every byte up to the committed end is a claimed record, or a whole record that accompanies one."""
    if not path.exists():
        result.problems.append(f"{path}: missing; restore the segment from a backup")
        return
    if path.stat().st_size < committed:
        size = path.stat().st_size
        result.problems.append(f"{path}: {size} bytes, {committed} were committed; restore the segment from a backup")
        return
    at, orphans = 0, 0
    for offset, length in [*claimed, (committed, 0)]:
        if offset < at:
            result.problems.append(
                f"{path}: two captures claim the byte at {offset}; restore the database from a backup"
            )
        elif offset > at:
            orphans += _check_gap(path, at, offset, result)
        at = max(at, offset + length)
    if orphans:
        result.notes.append(f"{path.name}: {orphans} captures no page claims (fetched when a run was killed)")


def _check_gap(path: Path, start: int, end: int, result: Verification) -> int:
    """Bytes between two claimed records: warcinfo, requests, or responses that were kept and never saved."""
    orphans = 0
    try:
        for offset, length in members(path, start, end):
            with path.open("rb") as file:
                file.seek(offset)
                record = decode(file.read(length))
            result.problems += [f"{path} at {offset}: {problem}" for problem in record.problems]
            orphans += record.type in {"response", "revisit"}
            if offset + length > end:
                result.problems.append(f"{path} at {offset}: a record runs over into the one at {end}")
    except zlib.error as error:
        result.problems.append(f"{path} between {start} and {end}: not whole WARC records ({error})")
    return orphans
