"""Fixtures: NAME.html holds what a server sent, NAME.md what we should read in it, as a pair a person can read.

NAME.md is TOML front matter between two lines `+++` (url, kind, status, [headers], [expect]) and then, for a notice,
its text, one paragraph a line; for a list one `DATE<TAB>TITLE<TAB>URL` a line, `-` where the list shows no date.
`sample = true` in a list says that not all it leads to is here: a replay passes over the rest instead of failing.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.reading import Reading

# Record fields a fixture states; one it does not list must be read as absent. `text` stands below the front matter.
FIELDS = (
    "title",
    "published",
    "written",
    "origin",
    "issuer",
    "index_number",
    "document_number",
    "topic",
    "validity",
    "breadcrumb",
    "report_year",
    "site_name",
    "site_id",
    "division",
    "integrity",
    "encoding",
    "attachments",
)
FENCE = "+++"


class FixtureError(ValueError):
    """A fixture that cannot be used: one line with file, what was expected, what was found."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """One pair. `expect` and `text` are as the file has them."""

    path: Path
    url: str
    kind: str
    status: int
    headers: Mapping[str, str]
    expect: Mapping[str, Any]
    text: str
    sample: bool = False

    @property
    def body(self) -> bytes:
        """The bytes of the page; none for an answer that is all header, such as a redirect."""
        page = self.path.with_suffix(".html")
        if not page.is_file():
            if self.status >= 300:
                return b""
            raise FixtureError(f"{self.path}: expected the page beside it in {page.name}, found no such file")
        return page.read_bytes()

    @property
    def source(self) -> str:
        return self.path.parent.name


def parse(path: Path) -> Fixture:
    """Read one NAME.md."""
    head, text = split(path)
    try:
        front = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise FixtureError(f"{path}: not valid TOML between the {FENCE} lines: {error}") from error
    url, kind = front.get("url"), front.get("kind")
    if not isinstance(url, str) or kind not in {"notice", "list", "blocked", "empty"}:
        raise FixtureError(f"{path}: expected url and kind (notice, list, blocked, empty), found {url!r} and {kind!r}")
    headers = {name: str(value) for name, value in front.get("headers", {}).items()}
    status, sample = front.get("status", 200), front.get("sample") is True
    return Fixture(path, url, kind, status, headers, front.get("expect", {}), text, sample)


def split(path: Path) -> tuple[str, str]:
    """(front matter, text) of a NAME.md."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FixtureError(f"{path}: cannot be read: {error}") from error
    if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
        raise FixtureError(f"{path}: expected front matter between two lines {FENCE}, found {lines[:1]}")
    end = lines.index(FENCE, 1)
    return "\n".join(lines[1:end]) + "\n", "\n".join(lines[end + 1 :]).strip("\n")


def load(folder: str | Path, source: str) -> list[Fixture]:
    """All pairs of one source, by name; none is an error, for replaying nothing proves nothing."""
    place = Path(folder) / source
    found = [parse(path) for path in sorted(place.glob("*.md"))]
    if not found:
        raise FixtureError(f"{place}: expected fixture pairs NAME.html + NAME.md, found none; see -s FIXTURES=DIR")
    return found


def expectation(reading: Reading) -> tuple[dict[str, Any], str]:
    """What a NAME.md says of this reading: the [expect] table and the text below it; absent fields are left out."""
    if reading.record is not None:
        table = {name: getattr(reading.record, name) for name in FIELDS}
        table["breadcrumb"] = list(reading.record.breadcrumb)
        table["attachments"] = [{"url": one.url, "text": one.text} for one in reading.record.attachments]
        return {name: value for name, value in table.items() if value not in (None, [])}, reading.record.text or ""
    if reading.kind == "list":
        lines = [f"{entry.date or '-'}\t{entry.title or '-'}\t{entry.url}" for entry in reading.entries]
        counts = {"next": reading.next, "page_count": reading.page_count, "record_count": reading.record_count}
        return {name: value for name, value in counts.items() if value is not None}, "\n".join(lines)
    return ({"reason": reading.reason} if reading.reason else {}), ""


# Headers a fixture keeps: what a reader or a later request looks at. The content is kept decompressed.
KEPT = ("content-type", "last-modified", "etag", "location")


def write(
    path: Path, url: str, status: int, headers: Mapping[str, str], body: bytes, found: Reading, *, sample: bool = False
) -> list[Path]:
    """Put down a pair, NAME.html and the `path` NAME.md, with what is read today; an answer without a body is no page.

    Returns the files; raises OSError.
    """
    expect, text = expectation(found) if 200 <= status < 300 else ({}, "")
    kept = {name: value for name, value in headers.items() if name.lower() in KEPT}
    head = [
        f"url = {value(url)}",
        f'kind = "{found.kind}"',
        f"status = {status}",
        *(["sample = true"] if sample else []),
    ]
    head += ["", "[headers]", *(f"{name} = {value(said)}" for name, said in kept.items())] if kept else []
    path.write_text("\n".join([FENCE, *head, *table(expect), FENCE, text, ""]), encoding="utf-8")
    if not body and status >= 300:
        return [path]
    path.with_suffix(".html").write_bytes(body)
    return [path.with_suffix(".html"), path]


def table(expect: Mapping[str, Any]) -> list[str]:
    """The [expect] table as TOML lines; none when nothing is expected."""
    return ["", "[expect]", *(f"{name} = {value(found)}" for name, found in expect.items())] if expect else []


def value(found: Any) -> str:
    """A TOML value: a JSON string is a TOML string, but for one character."""
    if isinstance(found, Mapping):
        return "{ " + ", ".join(f"{name} = {value(inner)}" for name, inner in found.items()) + " }"
    if isinstance(found, list | tuple):
        return "[" + ", ".join(value(inner) for inner in found) + "]"
    return json.dumps(found, ensure_ascii=False).replace("\x7f", "\\u007f")
