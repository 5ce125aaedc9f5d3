"""The words every layer speaks: what was fetched (Capture), what was read (Record), what became of a URL (Visit)."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal

Integrity = Literal["clean", "suspect", "cloned"]
Role = Literal["listing", "notice", "attachment"]

# How a URL that a run met ended; one each, so the ledger adds up. `pending` is the only state that is not an end.
State = Literal[
    "pending",  # met, not ended yet
    "listed",  # a list page that was read
    "new",  # a notice not held before
    "changed",  # a notice whose publisher edited it: a new version
    "unchanged",  # the page says what it said before
    "duplicate",  # the same text already held from another URL: an appearance
    "quarantined",  # captured, but not readable as what it should be; the reason says why
    "known",  # on a list, held, and not due to be looked at in this run
    "skipped",  # not fetched: robots.txt, or out of the source's scope
    "redirected",  # the server sent us elsewhere, a URL of its own; or a part of a document kept under its first page
    "blocked",  # a challenge or refusal instead of the page
    "gone",  # 404 or 410, or a page that says it was removed
    "failed",  # no usable answer: time-out, DNS, 5xx after retries
    "interrupted",  # the run died before this URL ended; the next run takes it over
]


# A compressed body may become this long and no longer; the same as the crawl accepts of an uncompressed one.
CONTENT_BYTES = 64 * 1024 * 1024


class CorruptError(ValueError):
    """Bytes that are not what they say they are."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What a server sent for one request, and when: the evidence every record leads back to.

    `body` holds the payload exactly as sent (still compressed where `Content-Encoding` says so); `headers` keep their
    order and repeats. `fetched` is UTC, ISO 8601 to the second with `Z`.
    """

    url: str
    fetched: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: bytes = b""  # of a list page asked for by POST

    def header(self, name: str) -> str | None:
        """The first header of that name, case-insensitive, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def content(self) -> bytes:
        """The body with its Content-Encoding undone: the bytes a reader reads.

        gzip and deflate only, which is all we ask servers for; gzip is also recognised by its magic bytes
        (DOMAIN.md section 7: gzip sent unasked). Raises CorruptError when the bytes do not decompress, or would to more
        than 64 MB.
        """
        coding = (self.header("Content-Encoding") or "").strip().lower()
        try:
            if coding in {"gzip", "x-gzip"} or self.body[:3] == b"\x1f\x8b\x08":
                with gzip.GzipFile(fileobj=BytesIO(self.body)) as file:
                    return self._bounded(file.read(CONTENT_BYTES + 1))
            if coding == "deflate":
                # RFC 9110 says zlib, some servers send a raw stream.
                stream = zlib.decompressobj(zlib.MAX_WBITS if self.body[:1] == b"\x78" else -zlib.MAX_WBITS)
                content = self._bounded(stream.decompress(self.body, CONTENT_BYTES + 1))
                if not stream.eof:
                    raise EOFError("the compressed stream ends early")
                return content
        except (OSError, EOFError, zlib.error) as error:
            raise CorruptError(f"{self.url}: body does not decompress as {coding or 'gzip'}: {error}") from error
        return self.body

    def _bounded(self, content: bytes) -> bytes:
        if len(content) > CONTENT_BYTES:
            held = f"{len(self.body)} bytes decompress to more than {CONTENT_BYTES >> 20} MB"
            raise CorruptError(f"{self.url}: {held}: a bomb, not a page")
        return content


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a notice links to: absolute URL and the link's text."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One announcement as read from one page. `None` means the page does not say; nothing is guessed.

    Dates are ISO 8601: `2020-09-03` where the page shows a day, `2017-12-20T10:01:15+08:00` where it shows a time.
    `text` is the document itself, one paragraph a line, table cells separated by a tab.
    """

    url: str
    title: str | None = None
    text: str | None = None
    published: str | None = None  # 发布日期: when the page says it went online
    written: str | None = None  # 成文日期/发文日期: the date of the document
    origin: str | None = None  # 来源
    issuer: str | None = None  # 发文机关
    index_number: str | None = None  # 索引号
    document_number: str | None = None  # 文号
    topic: str | None = None  # 主题分类
    validity: str | None = None  # 有效性
    breadcrumb: tuple[str, ...] = ()
    report_year: int | None = None
    site_name: str | None = None
    site_id: str | None = None  # 网站标识码
    division: str | None = None  # 行政区划代码 (GB/T 2260)
    attachments: tuple[Attachment, ...] = ()
    integrity: Integrity = "clean"
    integrity_reasons: tuple[str, ...] = ()
    # How the page was read, for people who check: encoding and why, flags such as image_only, and per field where the
    # value stood and which rivals it beat. Not part of the document: a change here is never an edit.
    outline: tuple[dict[str, object], ...] = ()
    flags: tuple[str, ...] = ()
    encoding: str | None = None
    evidence: dict[str, object] = field(default_factory=dict)


# The fields that make up what a publisher published: a difference in one of them is an edit, elsewhere it is not.
CONTENT_FIELDS = (
    "title",
    "text",
    "published",
    "written",
    "origin",
    "issuer",
    "index_number",
    "document_number",
    "topic",
    "validity",
    "attachments",
)


@dataclass(frozen=True, slots=True)
class Link:
    """A URL found on a list page, with what the list says of it."""

    url: str
    role: Role
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """What reading a file's bytes gave: its kind by content (`pdf`, `docx`, ...) and its text, lines like a record's.

    `reason` says why there is no text, or not all of it; `reader` which program of which version read it.
    """

    kind: str
    text: str | None = None
    reason: str | None = None
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a capture lies: segment file name, byte offset and length of its WARC record, SHA-256 of its payload."""

    capture: Capture
    segment: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of one URL in one run; saved in one transaction, or not at all.

    A notice that was read carries its `record`, a file its `extract` (a notice that is a file has both), and leaves
    `state` None: the archive decides between new, changed, unchanged and duplicate. Everything else states its end
    and, unless it is `listed`, the reason.
    """

    url: str
    role: Role
    state: State | None = None
    stored: Stored | None = None
    record: Record | None = None
    reason: str | None = None
    links: tuple[Link, ...] = ()
    # What a list page says of itself, for the shortfall check: 共N条 and 共N页, where it says so.
    record_count: int | None = None
    page_count: int | None = None
    extract: Extract | None = None
