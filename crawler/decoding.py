"""Bytes to text: our own decision, because servers and pages mislabel GB18030 (DOMAIN.md section 7).

Order of evidence: byte order mark, UTF-16 by its zero bytes, strict UTF-8, then the East Asian encoding that reads most
like Chinese, with the declared one among them. A label is never believed against bytes that decode cleanly otherwise.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
# What labels mean in practice: GB18030 holds GB2312 and GBK, and pages labelled with the small sets use the large one.
_MEANT: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
}
_RIVALS: Final = ("gb18030", "big5hkscs")
_HEAD = 4096  # bytes in which a charset label is looked for; browsers look at 1024, long comment heads need more
# A page cut off in mid-character or with one damaged box is still UTF-8; mislabelled GB18030 fails every few bytes.
_TOLERATED_FAULTS = 0.002
# The most frequent characters of Chinese in both scripts; real text has 10 % or more of them, mojibake next to none.
_COMMON: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "政府工作通知公告关于实施办法管理安全市县区省局委部门信息公开国務院關於實施發布開國這個來時為會對們產種過後"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was decoded with, and the reason for choosing it."""

    text: str
    encoding: str
    reason: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Text of a page from its bytes and its Content-Type header; never raises, the reason tells what was done."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return Decoded(body[len(bom) :].decode(encoding, "replace"), encoding, "byte order mark")
    if guessed := _utf16_without_mark(body):
        return Decoded(body.decode(guessed, "replace"), guessed, "every other byte of the head is zero")
    label = declared(body, content_type)
    if body.isascii() and label not in {"hz", "iso2022_jp", "iso2022_kr", "utf-7"}:
        return Decoded(body.decode("ascii"), "utf-8", "ASCII only")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_strict_utf8(body, label)
    return _undo_double(text) or Decoded(text, "utf-8", _against(label, "utf-8", "strict UTF-8"))


def declared(body: bytes, content_type: str | None) -> str | None:
    """Python's name of the encoding the header or else the page itself claims; None where unclaimed or unknown."""
    found = _HEADER_CHARSET.search(content_type or "")
    labels = [found[1]] if found else []
    labels += [match[1].decode("ascii") for match in _META_CHARSET.finditer(body[:_HEAD])][:1]
    for label in labels:
        try:
            name = codecs.lookup(_MEANT.get(label.lower(), label)).name
        except LookupError:
            continue
        if codecs.lookup(name)._is_text_encoding:
            return name
    return None


def _utf16_without_mark(body: bytes) -> str | None:
    head = body[:400]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # Markup is ASCII: half of its UTF-16 bytes are zero; a Chinese character has a zero half only by chance.
    if max(even, odd) < len(head) * 0.05 or max(even, odd) < 4:
        return None
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def _not_strict_utf8(body: bytes, label: str | None) -> Decoded:
    """The best reading of bytes that are not clean UTF-8."""
    high = sum(len(run) for run in re.findall(rb"[\x80-\xff]+", body))
    mended = body.decode("utf-8", "replace")
    faults = mended.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if faults <= max(1, high * _TOLERATED_FAULTS):
        return Decoded(mended, "utf-8", f"UTF-8 with {faults} damaged places")
    readings = [_reading(body, encoding) for encoding in _candidates(label)]
    readings.append((_doubt(mended, faults), mended, "utf-8", faults))
    _, text, encoding, faults = min(readings, key=lambda reading: reading[0])
    how = f"strict {encoding}" if not faults else f"{encoding} with {faults} damaged places"
    return Decoded(text, encoding, _against(label, encoding, how))


def _candidates(label: str | None) -> list[str]:
    extra = [label] if label and label not in _RIVALS and label not in {"utf-8", "iso8859-1", "cp1252", "ascii"} else []
    return [*_RIVALS, *extra]


def _reading(body: bytes, encoding: str) -> tuple[float, str, str, int]:
    try:
        return _doubt(text := body.decode(encoding), 0), text, encoding, 0
    except (UnicodeDecodeError, UnicodeError):
        text = body.decode(encoding, "replace")
        faults = text.count("\ufffd")
        return _doubt(text, faults), text, encoding, faults


def _doubt(text: str, faults: int) -> float:
    """How unlike Chinese the text is, lower is better: damaged places, and letters that are no frequent character."""
    letters = [char for char in text[:200_000] if char > "\x7f" and char.isalpha()]
    common = sum(char in _COMMON for char in letters)
    return faults * 4 / max(1, len(letters)) + 1 - common / max(1, len(letters))


def _against(label: str | None, encoding: str, how: str) -> str:
    if label is None:
        return f"{how}, undeclared"
    return f"{how}, as declared" if label == encoding else f"{how}, although declared {label}"


def _undo_double(text: str) -> Decoded | None:
    """Undo UTF-8 read as Latin-1 and saved as UTF-8 again (`ï¼Œ` for a comma), where the way back is exact."""
    if not re.search("[ÃÂåäæçèé][\x80-\xbf]{1,2}", text[:20_000]) or re.search("[\u4e00-\u9fff]", text):
        return None
    for middle in ("latin-1", "cp1252"):
        try:
            return Decoded(text.encode(middle).decode("utf-8"), "utf-8", f"UTF-8 that went through {middle} once")
        except UnicodeError:
            continue
    return None
