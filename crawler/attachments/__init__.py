"""Files that notices link to: what they are, by content, and their text. A pure function of bytes, like reading a page.

kinds.py tells what bytes are; pdf.py, office.py, sheets.py, word.py, plain.py get the text of one kind each; layout.py
makes lines of characters with places. All of it runs in the capped process of crawler.capped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive.model import Extract
from crawler.attachments import office, pdf, plain, sheets, word
from crawler.attachments.kinds import kind_of
from crawler.attachments.text import MAX_CHARS, UnreadableError, tidy

__all__ = ["MAX_CHARS", "extract", "is_file", "kind_of"]

# Kind -> what reads it: bytes to (lines, remark), with the name and version of the program.
Reader = Callable[[bytes], tuple[list[str], str | None]]
READERS: Mapping[str, tuple[Reader, str]] = {
    "pdf": (pdf.read, pdf.READER),
    "docx": (office.docx, office.READER),
    "pptx": (office.pptx, office.READER),
    "ofd": (office.ofd, office.READER),
    "odt": (office.odt, office.READER),
    "zip": (office.names, office.READER),
    "doc": (word.read, word.READER),
    **dict.fromkeys(("xls", "xlsx", "xlsb", "ods"), (sheets.read, sheets.READER)),
    "txt": (plain.text, plain.READER),
    "xml": (plain.markup, plain.READER),
    "html": (plain.markup, plain.READER),
    "rtf": (plain.rtf, plain.READER),
}
# Written text may be a page; of all other kinds the bytes themselves say that they are none.
WRITTEN = frozenset({"txt", "xml", "html", "unknown"})
PICTURES = frozenset({"jpg", "png", "gif", "bmp", "tif", "webp"})


def is_file(body: bytes) -> bool:
    """Whether the bytes are a file whatever was asked for: no page begins like that."""
    return kind_of(body) not in WRITTEN | {None}


def extract(body: bytes) -> Extract | None:
    """What a file is and says; None for bytes that are a web page, or an answer to a script, and no file."""
    kind = kind_of(body)
    if kind is None:
        return None
    if kind not in READERS:
        reason = "a picture: its text would have to be recognised" if kind in PICTURES else f"{kind}: no reader for it"
        return Extract(kind, None, reason)
    read, program = READERS[kind]
    try:
        lines, remark = read(body)
    except UnreadableError as error:
        return Extract(kind, None, str(error), program)
    text, cut = tidy(lines)
    if cut:
        remark = f"the first {MAX_CHARS} characters only"
    return Extract(kind, text, remark if text else remark or f"{kind}: no text in it", program)
