"""The archived original: the page as it was sent, in a sandbox, and its bytes as a file."""

from __future__ import annotations

from archive import attachments
from archive.answers import CaptureRow
from archive.errors import ArchiveError, NotHeldError
from archive.model import Capture, CorruptError
from archive.store import Archive
from archive.warc import decode
from archive.web.asking import Asked, Bytes, Page, Routes
from archive.web.cleaning import LARGEST, POLICY, clean, is_markup
from archive.web.pages_document import original_of


def frame(archive: Archive, asked: Asked) -> Page:
    """Our page around the archived one."""
    row = original_of(archive, int(asked.parts["capture"]))
    capture = _capture(archive, row)
    shown = is_markup(capture) and row.size <= LARGEST
    return Page("original.html", {"asked": asked, "place": row, "shown": shown, "headers": capture.headers})


def page(archive: Archive, asked: Asked) -> Bytes:
    """The archived page itself, cleaned, under a policy that lets nothing run or load."""
    row = original_of(archive, int(asked.parts["capture"]))
    capture = _capture(archive, row)
    if not is_markup(capture) or row.size > LARGEST:
        raise ArchiveError("this capture is no page that can be shown; save its bytes instead")
    try:
        body = clean(capture, _encoding(archive, row.id))
    except CorruptError as error:
        raise ArchiveError(str(error)) from error
    return Bytes(body, "text/html; charset=utf-8", {"Content-Security-Policy": POLICY})


def payload(archive: Archive, asked: Asked) -> Bytes:
    """The payload as the server sent it, never as something a browser would open."""
    row = original_of(archive, int(asked.parts["capture"]))
    return Bytes.file(archive.body(row.id), "application/octet-stream", f"capture-{row.id}.bin")


def file(archive: Archive, asked: Asked) -> Bytes:
    """A stored file, its transfer coding undone, to be saved and never opened here."""
    row = original_of(archive, int(asked.parts["capture"]))
    held = attachments.kind(archive.db.conn, row.id)
    if held is None:
        raise NotHeldError(f"capture {row.id} is no file of an announcement")
    try:
        body = _capture(archive, row).content()
    except CorruptError as error:
        raise ArchiveError(str(error)) from error
    name = held if held.isalnum() and held.isascii() else "bin"
    return Bytes.file(body, "application/octet-stream", f"file-{row.id}.{name}")


def _capture(archive: Archive, row: CaptureRow) -> Capture:
    record = decode(archive.segments.read(row.segment, row.offset, row.length))
    if record.problems:
        raise ArchiveError(f"{row.segment} at {row.offset}: {record.problems[0]}; run: gongbao verify")
    return Capture(row.url, row.fetched, row.status, record.headers, record.payload)


def _encoding(archive: Archive, capture: int) -> str | None:
    """What the reader found the page to be written in."""
    sql = "SELECT json_extract(rest, '$.encoding') FROM version WHERE capture = ? ORDER BY id DESC LIMIT 1"
    row = archive.db.conn.execute(sql, [capture]).fetchone()
    return None if row is None else row[0]


_CAPTURE = r"(?P<capture>[0-9]{1,18})"
ROUTES: Routes = (
    (rf"^/original/{_CAPTURE}$", frame),
    (rf"^/original/{_CAPTURE}/page$", page),
    (rf"^/original/{_CAPTURE}/bytes$", payload),
    (rf"^/file/{_CAPTURE}$", file),
)
