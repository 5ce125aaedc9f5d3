"""Text for a terminal of 80 columns, where a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import combining, east_asian_width

COLUMNS = 80
# Control characters of a page must not reach a terminal: an escape sequence could rewrite what the reader sees.
_FORBIDDEN = {*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {9, 10}
_CONTROLS = dict.fromkeys(_FORBIDDEN, "\N{REPLACEMENT CHARACTER}")


def width(text: str) -> int:
    """Columns that `text` takes: two for wide and full-width characters, none for combining marks."""
    return sum(2 if east_asian_width(char) in "WF" else 0 if combining(char) else 1 for char in text)


def safe(text: str) -> str:
    """`text` without control characters, tabs as four spaces."""
    return text.translate(_CONTROLS).replace("\t", "    ")


def cut(text: str, columns: int) -> str:
    """`text` in one line of at most `columns`, with … where something is left out."""
    text = " ".join(safe(text).split())
    if width(text) <= columns:
        return text
    kept, used = [], 1
    for char in text:
        used += width(char)
        if used > columns:
            break
        kept.append(char)
    return "".join(kept) + "…"


def pad(text: str, columns: int) -> str:
    """`text` cut or filled with spaces to exactly `columns`."""
    text = cut(text, columns)
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int = COLUMNS, indent: str = "") -> list[str]:
    """Lines of at most `columns`: Chinese breaks anywhere, a Latin word or a URL only when it is longer than a line."""
    lines = []
    for paragraph in safe(text).split("\n"):
        line, used = indent, len(indent)
        for piece in _pieces(paragraph):
            wide = width(piece)
            if used + wide > columns and used > len(indent):
                lines.append(line.rstrip())
                line, used, piece = indent, len(indent), piece.lstrip()
                wide = width(piece)
            line, used = line + piece, used + wide
        lines.append(line.rstrip())
    return lines


def _pieces(paragraph: str) -> Iterable[str]:
    """Units that stay on one line: a wide character alone, a run of narrow ones, a run of spaces."""
    run = ""
    for char in paragraph:
        if east_asian_width(char) in "WF" or (char == " ") != run.isspace() or len(run) >= COLUMNS:
            if run:
                yield run
            run = ""
        if east_asian_width(char) in "WF":
            yield char
        else:
            run += char
    if run:
        yield run


def table(
    head: Sequence[str], rows: Sequence[Sequence[object]], columns: int = COLUMNS, flexible: int = -1
) -> list[str]:
    """Aligned lines under a head; numbers stand right. The `flexible` column gives way when the line is too long."""
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [all(isinstance(row[i], int) for row in rows) and bool(rows) for i in range(len(head))]
    widths = [max(width(line[i]) for line in [list(head), *cells]) for i in range(len(head))]
    over = sum(widths) + 2 * (len(widths) - 1) - columns
    if over > 0:
        widths[flexible] = max(8, widths[flexible] - over)
    lines = []
    for line in [list(head), *cells]:
        parts = [
            " " * (widths[i] - width(text)) + text if numeric[i] else pad(text, widths[i])
            for i, text in enumerate(line)
        ]
        lines.append("  ".join(parts).rstrip())
    return lines


def _cell(value: object) -> str:
    return "-" if value is None else safe(str(value))


def bytes_text(count: int) -> str:
    """A size for people: 512 B, 1.5 KB, 20.3 MB (powers of 1024)."""
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    raise AssertionError("unreachable")
