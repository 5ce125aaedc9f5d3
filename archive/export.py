"""Documents as JSONL or CSV, one a line, in the order they were first seen."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any, TextIO

from archive.answers import Document
from archive.model import Record

_FIELDS = tuple(field.name for field in fields(Record))
_FOR_PROGRAMS = frozenset({"outline", "evidence", "flags"})  # nested: of no use in a spreadsheet
_ADDED = ("source", "state", "first_seen", "last_seen", "appearances", "versions")
COLUMNS = ("id", *(name for name in _FIELDS if name not in _FOR_PROGRAMS), *_ADDED)

# A spreadsheet runs a cell that starts with one of these as a formula, also when it came from a web page; the
# full-width ones too, where its language is Chinese or Japanese (OWASP, CSV Injection).
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def row(document: Document) -> dict[str, Any]:
    """A document as JSON values: its record as shown, where it was seen, and how many versions its publisher made."""
    own = [one for one in document.versions if one.url == document.url and one.cause == "publisher"]
    return {
        "id": document.id,
        **asdict(document.record),
        "source": document.source,
        "state": document.state,
        "first_seen": document.first_seen,
        "last_seen": document.last_seen,
        "appearances": [one.url for one in document.appearances],
        "versions": len(own),
        "files": [asdict(one) for one in document.files],
    }


def write_jsonl(documents: Iterable[Document], out: TextIO) -> int:
    """One JSON object a line; give how many."""
    count = 0
    for document in documents:
        out.write(json.dumps(row(document), ensure_ascii=False) + "\n")
        count += 1
    return count


def write_csv(documents: Iterable[Document], out: TextIO, *, bom: bool = False) -> int:
    """RFC 4180 with a head line; lists are joined by line breaks, formulas are neutralised by a leading apostrophe.

    `bom` starts the file with U+FEFF, without which Excel reads Chinese as Latin-1.
    """
    if bom:
        out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for document in documents:
        values = row(document)
        writer.writerow([_cell(values[name]) for name in COLUMNS])
        count += 1
    return count


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = "\n".join(f"{one['text']} {one['url']}" if isinstance(one, dict) else str(one) for one in value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
