"""Text of a PDF, by pypdfium2: characters with their places, because they are not written in the order of reading."""

from __future__ import annotations

import ctypes
import time
from importlib.metadata import version

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from crawler.attachments.layout import Line, Part, lines, paragraphs
from crawler.attachments.text import MAX_CHARS, UnreadableError

READER = f"pypdfium2 {version('pypdfium2')}"
PAGES = 2000  # of one file that are read
SECONDS = 6.0  # within what a page of the crawl may take; a file that takes longer is read so far


def read(body: bytes) -> tuple[list[str], str | None]:
    """Paragraphs of a PDF; UnreadableError for one that is locked, broken, or pictures of pages."""
    try:
        file = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        said = str(error)
        locked = "password" in said.lower()
        raise UnreadableError("pdf: locked with a password" if locked else f"pdf: broken: {said[:120]}") from error
    try:
        return _read(file)
    finally:
        file.close()


def _read(file: pdfium.PdfDocument) -> tuple[list[str], str | None]:
    count, ends = len(file), time.monotonic() + SECONDS
    pages: list[list[Line]] = []
    size = 0
    for number in range(min(count, PAGES)):
        if size > MAX_CHARS or time.monotonic() > ends:
            break
        try:
            page = file[number]
        except pdfium.PdfiumError:
            pages.append([])
            continue
        found = _page(page)
        page.close()
        size += sum(len(line.parts) for line in found)
        pages.append(found)
    if not size:
        raise UnreadableError(
            f"pdf: {count} pages without text, pictures of pages most likely" if count else "pdf: empty"
        )
    remark = f"the first {len(pages)} of {count} pages only" if len(pages) < count else None
    return list(paragraphs(pages)), remark


def _page(page: pdfium.PdfPage) -> list[Line]:
    text = page.get_textpage()
    try:
        return lines(_parts(text.raw, page.get_height()))
    finally:
        text.close()


def _parts(text: object, height: float) -> list[Part]:
    """The characters of a page in the order of writing, with loose boxes (as high as the line, not as the letter)."""
    box = raw.FS_RECTF()
    place = ctypes.byref(box)
    out: list[Part] = []
    half = 0
    for index in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, half = (0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0xFFFD), 0
        # Spaces and line ends are pdfium's own; where there is one follows from the places.
        if code <= 0x20 or code in (0xA0, 0x3000, 0xFFFE) or not raw.FPDFText_GetLooseCharBox(text, index, place):
            continue
        out.append(Part(chr(code), box.left, box.right, height - box.top, height - box.bottom))
    return out
