"""What all readers of files share: the text's form and length, and how a file that gives none is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_CHARS = 1_000_000  # of one file: about a thousand pages; what lies beyond is neither kept nor found

# Programs that make PDF write 一 as the radical ⼀ or as a compatibility ideograph: another code, the same letter.
_LOOKALIKE = {
    code: folded
    for first, last in ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0xFB00, 0xFB07))
    for code in range(first, last)
    if len(folded := unicodedata.normalize("NFKC", chr(code))) <= 3 and folded != chr(code)
}
# Radicals to which Unicode gives no equivalent, although fonts draw the letter itself.
_LOOKALIKE |= dict(
    zip(
        map(ord, "⺟⺠⺩⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳"),
        "母民王西见角贝车长门青页风飞食马鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
# Controls and private letters (symbol fonts), half characters and non-characters: SQLite and XML hold none of them.
_NOTHING = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff\ud800-\udfff\ufeff\ufffe\uffff\xad\u200b-\u200f]")
_BLANKS = re.compile(r"[ \xa0\u2000-\u200a\u3000]{2,}")


class UnreadableError(ValueError):
    """A file that gives no text; the message is the reason, for people."""


def tidy(lines: Iterable[str]) -> tuple[str | None, bool]:
    """Lines as a record has them: no empty ones, cells by tabs; and whether the text had to be cut. None: no text."""
    kept: list[str] = []
    size = 0
    for line in lines:
        clean = _NOTHING.sub("", line.replace("\r", "").translate(_LOOKALIKE))
        clean = "\t".join(_BLANKS.sub(" ", cell).strip() for cell in clean.split("\t")).rstrip("\t")
        if not clean.strip():
            continue
        if size + len(clean) > MAX_CHARS:
            kept.append(clean[: MAX_CHARS - size])
            return "\n".join(kept) or None, True
        kept.append(clean)
        size += len(clean) + 1
    return "\n".join(kept) or None, False
