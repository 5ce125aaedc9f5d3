"""Tables of xls, xlsx, xlsb and ods files, by python-calamine: a row a line, cells by tabs."""

from __future__ import annotations

import datetime
from importlib.metadata import version
from io import BytesIO

import python_calamine

from crawler.attachments.text import MAX_CHARS, UnreadableError

READER = f"python-calamine {version('python-calamine')}"


def read(body: bytes) -> tuple[list[str], str | None]:
    """Rows of all sheets, each sheet under its name when there are several."""
    try:
        return _read(body)
    except BaseException as error:
        # Broken files make its Rust side panic, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise UnreadableError("sheet: broken: its reader gave up") from error
        raise


def _read(body: bytes) -> tuple[list[str], str | None]:
    try:
        book = python_calamine.load_workbook(BytesIO(body))
        names = book.sheet_names
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        said = " ".join(str(error).split())[:120]
        locked = "password" in said.lower() or "encrypt" in said.lower()
        raise UnreadableError("sheet: locked with a password" if locked else f"sheet: broken: {said}") from error
    lines: list[str] = []
    size, broken = 0, None
    for name in names:
        try:
            sheet = book.get_sheet_by_name(name)
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            broken = f"sheet {name}: cannot be read: {' '.join(str(error).split())[:80]}"
            continue
        rows = ["\t".join(_cell(value) for value in row).rstrip("\t") for row in sheet.iter_rows()]
        rows = [row for row in rows if row.strip()]
        lines += [name, *rows] if rows and len(names) > 1 else rows
        size += sum(map(len, rows))
        if size > MAX_CHARS:
            break
    return lines, broken


def _cell(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return " ".join(str(value).split())
