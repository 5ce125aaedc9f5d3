"""Text of a Word 97 to 2003 file (.doc, and WPS's .wps), by its piece table: [MS-DOC] sections 2.4.1 and 2.8.35.

A program that does this (antiword, catdoc) is no Python package; the text alone takes little: where each piece of it
lies in the stream, and in which of two spellings.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO

import olefile

from crawler.attachments.text import UnreadableError

READER = "gongbao doc 1"
_WORD_97 = 0x00C1  # nFib of the first version that is built like this
_FLAGS, _TEXT_LENGTH, _CLX = 0x0A, 0x4C, 0x01A2
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
# A field is instruction and result, {HYPERLINK "..." | shown}: only what is shown is text.
_INSTRUCTION = re.compile("\x13[^\x13\x14\x15]*\x14?")


def read(body: bytes) -> tuple[list[str], str | None]:
    """The main text of the document; tables a row a line."""
    try:
        with olefile.OleFileIO(BytesIO(body)) as file:
            stream = file.openstream("WordDocument").read()
            flags = struct.unpack_from("<H", stream, _FLAGS)[0]
            name = "1Table" if flags & _TABLE_1 else "0Table"
            table = file.openstream(name).read() if file.exists(name) else b""
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise UnreadableError(f"doc: broken: {' '.join(str(error).split())[:120]}") from error
    if struct.unpack_from("<H", stream, 2)[0] < _WORD_97:
        raise UnreadableError("doc: of Word 95 or older, no reader for it")
    if flags & _ENCRYPTED:
        raise UnreadableError("doc: locked with a password")
    try:
        length = struct.unpack_from("<i", stream, _TEXT_LENGTH)[0]
        text = "".join(_pieces(stream, table))[: max(0, length)]
    except (struct.error, IndexError, ValueError) as error:
        raise UnreadableError(f"doc: broken: {error}") from error
    return _lines(text), None


def _pieces(stream: bytes, table: bytes) -> list[str]:
    """The pieces of text in order."""
    start, size = struct.unpack_from("<II", stream, _CLX)
    clx = table[start : start + size]
    at = 0
    while at < len(clx) and clx[at] == 1:  # Prc: formatting, passed over
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise ValueError("its table of pieces is missing")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", plc)
    pieces = []
    for number in range(count):
        chars = bounds[number + 1] - bounds[number]
        where = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        if chars < 0 or chars > len(stream):
            raise ValueError("a piece is longer than the file")
        if where & 0x40000000:  # one byte a character
            begin = (where & 0x3FFFFFFF) // 2
            pieces.append(stream[begin : begin + chars].decode("cp1252", "replace"))
        else:
            pieces.append(stream[where : where + 2 * chars].decode("utf-16-le", "replace"))
    return pieces


def _lines(text: str) -> list[str]:
    while (plain := _INSTRUCTION.sub("", text)) != text:
        text = plain
    # A cell ends with one mark, a row with one more.
    text = text.replace("\x15", "").replace("\x07\x07", "\r").replace("\x07", "\t")
    text = text.replace("\x1e", "-").replace("\x0b", "\r").replace("\x0c", "\r")
    return text.split("\r")
