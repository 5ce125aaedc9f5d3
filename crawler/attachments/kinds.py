"""What bytes are, by content: names lie (a .doc is often a docx, an .xls an HTML table, a .pdf an error page)."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

import olefile

_MARKS: Final = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"{\\rtf", "rtf"),
    (b"FounderCEB", "ceb"),
    (b"Founder CEB", "ceb"),
    (b"CAJ", "caj"),
    (b"ID3", "mp3"),
    (b"\x1f\x8b\x08", "gz"),
)
_IN_ZIP: Final = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
)
_OPEN_DOCUMENT: Final = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_STREAMS: Final = (
    ("EncryptedPackage", "office file, encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_PAGE: Final = re.compile(rb"<!doctype\s+html|<html\b|<head\b|<body\b|<script\b|<meta\b|<title\b|<div\b|<p\b", re.I)
_OFFICE_PAGE: Final = b"urn:schemas-microsoft-com:office:"
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD = 4096


def kind_of(body: bytes) -> str | None:
    """`pdf`, `docx`, `doc`, `zip`, ...; None for a web page, an answer in JSON, or nothing at all.

    WPS's own wps, et and dps are Word, Excel and PowerPoint files under another name, and are called what they are.
    """
    head = body[:_HEAD]
    if not body.strip():
        return None
    if b"%PDF-" in head[:1024] and not head.lstrip().startswith(b"<"):
        return "pdf"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip(body)
    if head[:8] == olefile.MAGIC:
        return _ole(body)
    if (kind := next((kind for mark, kind in _MARKS if head.startswith(mark)), None)) is not None:
        return kind
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and _CONTROL.search(head):
        return "bmp"
    return _written(head)


def _zip(body: bytes) -> str:
    try:
        with ZipFile(BytesIO(body)) as file:
            names = set(file.namelist())
            if "mimetype" in names and file.getinfo("mimetype").file_size < 200:
                named = file.read("mimetype").rpartition(b".")[2].strip()
                if named in _OPEN_DOCUMENT:
                    return _OPEN_DOCUMENT[named]
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return "zip"
    return next((kind for name, kind in _IN_ZIP if name in names), "zip")


def _ole(body: bytes) -> str:
    try:
        with olefile.OleFileIO(BytesIO(body)) as file:
            return next((kind for stream, kind in _STREAMS if file.exists(stream)), "ole")
    except (OSError, ValueError, IndexError, TypeError, AttributeError):  # what olefile raises at broken files
        return "ole"


def _written(head: bytes) -> str | None:
    """Text of some kind, or bytes of none that is known."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if start[:1] == b"<" and _PAGE.search(head) and _OFFICE_PAGE not in head:
        return None
    if _CONTROL.search(head) and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return "unknown"
    if start[:1] in (b"{", b"["):
        return None
    if _OFFICE_PAGE in head:
        return "html"
    if _PAGE.search(head):
        return None
    return "xml" if start.startswith(b"<?xml") else "txt"
