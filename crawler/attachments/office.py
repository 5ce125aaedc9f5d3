"""Text of zipped XML files: docx, pptx, odt, and OFD (GB/T 33190); of any other zip the names of its members.

Small enough to be our own: python-docx takes 16 times as long for the same words, and the readers of OFD drag 300 MB.
XML is read without entities, and no member beyond MEMBER_BYTES (a bomb).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from crawler.attachments.layout import Line, Part, lines, paragraphs
from crawler.attachments.text import UnreadableError

READER = "gongbao office 1"
MEMBER_BYTES = 64 * 1024 * 1024
MEMBERS = 5000  # names of a zip that are told, pages of an OFD that are read
_BROKEN = (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error, KeyError)
_NUMBER = re.compile(r"\d+")


def docx(body: bytes) -> tuple[list[str], str | None]:
    """Paragraphs of a Word document; tables a row a line, cells by tabs. Deleted text of changes is left out."""
    root = _xml(body, "word/document.xml")
    return list(_blocks(root)), None


def pptx(body: bytes) -> tuple[list[str], str | None]:
    """Paragraphs of all slides, in their order."""
    slides = _members(body, r"ppt/slides/slide\d+\.xml")
    out: list[str] = []
    for name in slides:
        out += ["".join(_run(paragraph)) for paragraph in _xml(body, name).iter("{*}p")]
    return out, None


def odt(body: bytes) -> tuple[list[str], str | None]:
    """Paragraphs and headings of an OpenDocument text."""
    root = _xml(body, "content.xml")
    return ["".join(map(str, node.itertext())) for node in root.iter("{*}p", "{*}h")], None


def ofd(body: bytes) -> tuple[list[str], str | None]:
    """Text of an OFD: its text codes with their places, page by page."""
    members = _members(body, r"(?:.*/)?Pages?/[^/]+/Content\.xml")[:MEMBERS]
    pages: list[list[Line]] = [lines(_codes(_xml(body, name))) for name in members]
    if not any(pages):
        raise UnreadableError(f"ofd: {len(pages)} pages without text, pictures of pages most likely")
    return list(paragraphs(pages)), None


def names(body: bytes) -> tuple[list[str], str | None]:
    """The names of a zip's members: what is inside is not unpacked."""
    try:
        with ZipFile(BytesIO(body)) as file:
            members = [one for one in file.infolist() if not one.is_dir()]
    except _BROKEN as error:
        raise UnreadableError(f"zip: broken: {' '.join(str(error).split())[:120]}") from error
    told = [_member_name(one.filename, bool(one.flag_bits & 0x800)) for one in members[:MEMBERS]]
    return told, "the names of its files only"


def _member_name(name: str, utf8: bool) -> str:
    """Windows in China writes names in GBK and says nothing of it."""
    if utf8:
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _members(body: bytes, pattern: str) -> list[str]:
    """Members whose name matches, ordered by the numbers in their names."""
    try:
        with ZipFile(BytesIO(body)) as file:
            found = [name for name in file.namelist() if re.fullmatch(pattern, name)]
    except _BROKEN as error:
        raise UnreadableError(f"broken: {' '.join(str(error).split())[:120]}") from error
    return sorted(found, key=lambda name: ([int(number) for number in _NUMBER.findall(name)], name))


def _xml(body: bytes, name: str) -> etree._Element:
    try:
        with ZipFile(BytesIO(body)) as file, file.open(name) as member:
            content = member.read(MEMBER_BYTES + 1)
    except _BROKEN as error:
        locked = "password" in str(error) or "encrypted" in str(error)
        why = "locked with a password" if locked else f"broken: {' '.join(str(error).split())[:120]}"
        raise UnreadableError(why) from error
    if len(content) > MEMBER_BYTES:
        raise UnreadableError(f"{name} unpacks to more than {MEMBER_BYTES >> 20} MB: a bomb, not a document")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"{name} is not XML: {' '.join(str(error).split())[:80]}") from error
    if root is None:
        raise UnreadableError(f"{name} is not XML")
    return root


def _blocks(root: etree._Element) -> Iterator[str]:
    """Paragraphs and rows in the order of the document; what stands in a table is told by its rows alone."""
    walker = etree.iterwalk(root, events=("start",), tag=("{*}p", "{*}tr", "{*}Fallback", "{*}txbxContent"))
    for _, node in walker:
        name = etree.QName(node).localname
        if name == "Fallback":  # the same content once more, for older programs
            walker.skip_subtree()
        elif name == "tr":
            cells = [" ".join("".join(_run(p)) for p in cell.iter("{*}p")) for cell in node.iterchildren("{*}tc")]
            yield "\t".join(cells)
            walker.skip_subtree()
        elif name == "p":
            yield from "".join(_run(node)).split("\n")


_SKIPPED = frozenset({"del", "moveFrom", "Fallback", "txbxContent", "instrText", "delText"})


def _run(paragraph: etree._Element) -> Iterator[str]:
    """The text of one paragraph, without what other elements of the walk tell."""
    walker = etree.iterwalk(paragraph, events=("start",))
    for _, node in walker:
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node).localname
        if name in _SKIPPED:
            walker.skip_subtree()
        elif name == "t":
            yield node.text or ""
        elif name in ("tab", "ptab"):
            # Tab stops of a paragraph's style bear the same name, and stand in its properties.
            if (above := node.getparent()) is None or etree.QName(above).localname != "tabs":
                yield " "
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"


def _codes(root: etree._Element) -> Iterator[Part]:
    for thing in root.iter("{*}TextObject"):
        left, top, width, _ = _numbers(thing.get("Boundary"), 4)
        (size,) = _numbers(thing.get("Size"), 1)
        for code in thing.iter("{*}TextCode"):
            text = (code.text or "").strip("\r\n")
            x, y = _numbers(f"{code.get('X') or 0} {code.get('Y') or 0}", 2)
            steps = [float(step) for step in re.findall(r"-?\d+(?:\.\d+)?", code.get("DeltaX") or "")]
            wide = min(sum(steps) + size, width) if len(steps) == len(text) - 1 else min(size * len(text), width)
            yield Part(text, left + x, left + x + max(wide, 0.1), top + y - size, top + y)


def _numbers(text: str | None, count: int) -> list[float]:
    found = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", text or "")][:count]
    return found + [0.0] * (count - len(found))
