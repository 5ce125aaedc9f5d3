"""Files that are written text: plain, XML and the HTML that office programs save as .xls or .doc, and RTF."""

from __future__ import annotations

import re

from lxml import etree, html

from crawler.attachments.text import UnreadableError

READER = "gongbao text 1"
_BLOCKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "title", "tr", "table"})


def text(body: bytes) -> tuple[list[str], str | None]:
    """Lines of a text file."""
    return decoded(body).splitlines(), None


def decoded(body: bytes) -> str:
    """By its byte order mark, else UTF-8 where it is that, else GB 18030."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def markup(body: bytes) -> tuple[list[str], str | None]:
    """The text between the tags, a row of a table a line."""
    written = decoded(body)
    written = re.sub(r"^\s*<\?xml[^>]*\?>", "", written)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = html.fromstring(written, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"markup: broken: {' '.join(str(error).split())[:120]}") from error
    for unseen in list(root.iter("script", "style", "xml")):
        unseen.text = None
        for inner in list(unseen):
            unseen.remove(inner)
    out = [""]
    _walk(root, out)
    return "".join(out).split("\n"), None


def _walk(root: etree._Element, out: list[str]) -> None:
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            out.append(" ".join((node.text or "").split()))
            continue
        if node.tag in ("td", "th"):
            out.append("\t")
        elif node.tag in _BLOCKS:
            out.append(" " if _in_cell(node) else "\n")
        out.append(" ".join((node.tail or "").split()))


def _in_cell(node: etree._Element) -> bool:
    return any(above.tag in ("td", "th") for above in node.iterancestors()) and node.tag not in ("tr", "table")


# Groups that hold no text of the document, and the control words of the others.
_UNSEEN = ("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "generator", "listtable")
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-z]{1,32})(-?\d{1,10})? ?|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I
)
_DEEPEST = 500


def rtf(body: bytes) -> tuple[list[str], str | None]:
    r"""Text of an RTF: \'xx in the code page it names (936 where it names none), \uN as Unicode."""
    page = re.search(rb"\\ansicpg(\d+)", body[:500])
    encoding = {b"65001": "utf-8", b"1252": "cp1252", b"950": "big5"}.get(page[1] if page else b"", "gb18030")
    out: list[bytes | str] = []
    hidden = [False]
    skip = 0  # characters for programs without Unicode that follow a \u
    for match in _TOKEN.finditer(body):
        code, word, number, sign, brace, written = match.groups()
        if brace == b"{":
            hidden.append(hidden[-1])
            if len(hidden) > _DEEPEST:
                raise UnreadableError("rtf: broken: groups in groups without end")
        elif brace == b"}":
            hidden = hidden[:-1] or [False]
        elif sign == b"*" or (word or b"").decode().lower() in _UNSEEN:
            hidden[-1] = True
        elif hidden[-1]:
            continue
        elif word in (b"par", b"line", b"row", b"sect", b"page"):
            out.append("\n")
        elif word in (b"cell", b"tab"):
            out.append("\t")
        elif word == b"u" and number:
            out.append(chr(int(number) % 0x10000))
            skip = 1
        elif code or written:
            piece = bytes.fromhex(code.decode()) if code else written
            piece, skip = piece[skip:], max(0, skip - len(piece))
            out.append(piece)
    return _joined(out, encoding).split("\n"), None


def _joined(pieces: list[bytes | str], encoding: str) -> str:
    """Neighbouring bytes decoded together: a character is two of them."""
    text, run = [], b""
    for piece in [*pieces, ""]:
        if isinstance(piece, bytes):
            run += piece
            continue
        text += [run.decode(encoding, "replace"), piece]
        run = b""
    return "".join(text)
