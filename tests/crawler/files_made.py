"""Made-up files for the tests of attachments: small, valid, of our own words; written by hand, so nothing is needed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile

# A piece of text on a page: left, baseline from the bottom, size, text.
Piece = tuple[float, float, float, str]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(pages: Sequence[Sequence[Piece]], *, encrypt: bool = False) -> bytes:
    """A PDF in a font every reader knows by name (STSong-Light, UCS-2), each piece of text at its place."""
    objects = [
        "",
        "",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    ]
    objects.append(
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 5 0 R>>"
    )
    objects.append(
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
    )
    kids = []
    for pieces in pages:
        shown = "".join(
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for x, y, size, text in pieces
        )
        packed = zlib.compress(shown.encode())
        objects.append(f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n{packed.decode('latin-1')}\nendstream")
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {len(objects)} 0 R>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    return _pdf_file(objects, encrypt)


def _pdf_file(objects: Sequence[str], encrypt: bool) -> bytes:
    out = BytesIO(b"%PDF-1.5\n")
    out.seek(0, 2)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    locked = (
        "/Encrypt<</Filter/Standard/V 1/R 2/O<" + "1f" * 32 + ">/U<" + "2e" * 32 + ">/P -4>>/ID[<00><00>]"
        if encrypt
        else ""
    )
    out.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R{locked}>>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def column(*texts: str, left: float = 90, top: float = 760, size: float = 16, indent: bool = True) -> list[Piece]:
    """Paragraphs as an office program sets them: two characters of indent, full lines, each line a piece."""
    pieces: list[Piece] = []
    wide = 26
    y = top
    for text in texts:
        rest, first = text, indent
        while rest:
            room = wide - 2 if first else wide
            pieces.append((left + (2 * size if first else 0), y, size, rest[:room]))
            rest, first, y = rest[room:], False, y - 1.75 * size
    return pieces


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(*blocks: str | Sequence[Sequence[str]], more: str = "") -> bytes:
    """A Word document: a string is a paragraph, a list of rows a table; `more` is XML of the body as it stands."""
    body = "".join(_paragraph(one) if isinstance(one, str) else _table(one) for one in blocks) + more
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        }
    )


def _paragraph(text: str) -> str:
    half = len(text) // 2
    return f"<w:p><w:r><w:t>{text[:half]}</w:t></w:r><w:r><w:t>{text[half:]}</w:t></w:r></w:p>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    told = ("<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{''.join(told)}</w:tbl>"


def xlsx(sheets: Mapping[str, Sequence[Sequence[str | float]]]) -> bytes:
    main, rel = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    members: dict[str, bytes | str] = {"[Content_Types].xml": f'<Types xmlns="{types}"/>'}
    start = f'<Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/>'
    members["_rels/.rels"] = f'<Relationships xmlns="{package}">{start}</Relationships>'
    names, links = "", ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        names += f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        links += f'<Relationship Id="rId{number}" Type="{rel}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        told = "".join(
            f'<row r="{y}">' + "".join(_cell(x, y, value) for x, value in enumerate(row)) + "</row>"
            for y, row in enumerate(rows, 1)
        )
        members[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{told}</sheetData></worksheet>'
        )
    members["xl/workbook.xml"] = f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>{names}</sheets></workbook>'
    members["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{package}">{links}</Relationships>'
    return zipped(members)


def _cell(x: int, y: int, value: str | float) -> str:
    place = f"{chr(65 + x)}{y}"
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def ofd(pages: Sequence[Sequence[Piece]]) -> bytes:
    """An OFD; its places are millimetres from the top."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    members: dict[str, bytes | str] = {"OFD.xml": f"<ofd:OFD {space}/>"}
    for number, pieces in enumerate(pages):
        told = "".join(
            f'<ofd:TextObject Boundary="{x} {y} {size * len(text)} {size}" Size="{size}">'
            f'<ofd:TextCode X="0" Y="{size * 0.88}" DeltaX="g {len(text) - 1} {size}">{text}</ofd:TextCode>'
            "</ofd:TextObject>"
            for x, y, size, text in pieces
        )
        page = f"<ofd:Page {space}><ofd:Content><ofd:Layer>{told}</ofd:Layer></ofd:Content></ofd:Page>"
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = page
    return zipped(members)


def doc(text: str, *, encrypted: bool = False, pieces: int = 2) -> bytes:
    """A Word 97 file of one table of pieces; the first is spelled in one byte a character where it can be."""
    cut = [len(text) * number // pieces for number in range(pieces + 1)]
    stream, bounds, places = bytearray(1536), [0], []
    for start, end in pairwise(cut):
        part = text[start:end]
        if part.isascii():
            places.append(0x40000000 | 2 * len(stream))
            stream += part.encode()
        else:
            stream += b"\0" * (len(stream) % 2)
            places.append(len(stream))
            stream += part.encode("utf-16-le")
        bounds.append(end)
    plc = struct.pack(f"<{len(bounds)}I", *bounds) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = b"\x01\x03\x00abc" + b"\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<HH", stream, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", stream, 0x0A, 0x0200 | (0x0100 if encrypted else 0))
    struct.pack_into("<i", stream, 0x4C, len(text))
    struct.pack_into("<II", stream, 0x01A2, 16, len(clx))
    return ole({"WordDocument": bytes(stream), "1Table": bytes(16) + clx})


def xls(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook of Excel 97 with one sheet."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    bof = [record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6)) for kind in (0x0005, 0x0010)]
    cells = b""
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                spelled = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += record(0x0204, struct.pack("<HHH", y, x, 0) + spelled)
            else:
                cells += record(0x0203, struct.pack("<HHHd", y, x, 0, value))
    sheet = bof[1] + cells + record(0x0A, b"")
    name = "表1".encode("utf-16-le")
    head = len(bof[0]) + 4 + 8 + len(name) + 4
    bound = record(0x0085, struct.pack("<IBBBB", head, 0, 0, 2, 1) + name)
    return ole({"Workbook": bof[0] + bound + record(0x0A, b"") + sheet})


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3) with these streams, each long enough to lie in whole sectors."""
    size, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    padded = {
        name: content.ljust(max(4096, -(-len(content) // size) * size), b"\0") for name, content in streams.items()
    }
    chain: list[int] = [0xFFFFFFFD, end]  # the allocation table itself, then the directory
    starts, blocks = {}, b""
    for name, content in padded.items():
        starts[name], count = len(chain), len(content) // size
        chain += [len(chain) + number + 1 for number in range(count - 1)] + [end]
        blocks += content
    assert len(chain) <= size // 4, "more than one sector of allocation table is not needed here"
    table = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))
    entries = [_entry("Root Entry", 5, 1 if padded else free, end, 0)]
    for number, (name, content) in enumerate(padded.items(), 1):
        sibling = number + 1 if number < len(padded) else free
        entries.append(_entry(name, 2, free, starts[name], len(content), sibling))
    directory = b"".join(entries).ljust(size, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return head + table + directory + blocks


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    spelled = (name + "\0").encode("utf-16-le")
    fields = struct.pack("<HBBIII", len(spelled), kind, 1, 0xFFFFFFFF, right, child)
    return spelled.ljust(64, b"\0") + fields + bytes(16 + 4 + 16) + struct.pack("<III", start, size, 0)
