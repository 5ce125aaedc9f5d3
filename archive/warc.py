"""WARC records as bytes: write a capture as one, read it back and check it. ISO 28500:2017 (WARC/1.1) by warcio."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.model import Capture

_VERSION = "WARC/1.1"
_TOKEN = "!#$%&'*+-.^_`|~"  # what RFC 9110 allows in a header's name beside letters and digits


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier response that a revisit record refers to: same URL, same payload."""

    url: str
    fetched: str


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record read back: its type, target, payload as sent, and what does not agree in it (empty when sound)."""

    type: str
    url: str | None
    fetched: str | None
    status: int | None
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    payload_digest: str | None
    problems: tuple[str, ...]


def encode(capture: Capture, original: Original | None = None) -> tuple[bytes, bytes]:
    """Give the request and response records of a capture, each a gzip member; the request is empty when not known.

    With `original` the response is a `revisit` record: headers only, its payload is that of the earlier record.
    """
    digest = "sha256:" + hashlib.sha256(capture.body).hexdigest()
    dated = {"WARC-Date": capture.fetched}
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version=_VERSION)
    http = StatusAndHeaders(_status_line(capture.status), _headers(capture.headers), protocol="HTTP/1.1")
    if original is None:
        response = writer.create_warc_record(
            capture.url,
            "response",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            http_headers=http,
            warc_headers_dict={**dated, "WARC-Payload-Digest": digest},
        )
    else:
        response = writer.create_revisit_record(
            capture.url, digest, original.url, original.fetched, http_headers=http, warc_headers_dict=dated
        )
    writer.write_record(response)
    return _request(capture, response.rec_headers.get_header("WARC-Record-ID")), _member(out.getvalue())


def warcinfo(name: str, software: str) -> bytes:
    """The record that opens a segment and says what wrote it."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version=_VERSION)
    facts = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    writer.write_record(writer.create_warcinfo_record(name, facts))
    return _member(out.getvalue())


def decode(blob: bytes) -> WarcRecord:
    """Read the single record in `blob`; what is wrong with it is told in `problems`, never raised."""
    try:
        for record in ArchiveIterator(BytesIO(blob), check_digests=True):
            payload = record.raw_stream.read()
            http = record.http_headers
            heads = record.rec_headers
            status = http.get_statuscode() if http is not None and record.rec_type != "request" else ""
            return WarcRecord(
                record.rec_type,
                heads.get_header("WARC-Target-URI"),
                heads.get_header("WARC-Date"),
                int(status) if status and status.isdigit() else None,
                tuple(http.headers) if http is not None else (),
                payload,
                heads.get_header("WARC-Payload-Digest"),
                tuple(record.digest_checker.problems),
            )
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        return WarcRecord("broken", None, None, None, (), b"", None, (f"not readable as WARC: {str(error).strip()}",))
    return WarcRecord("broken", None, None, None, (), b"", None, ("no WARC record there",))


def _request(capture: Capture, answered_by: str) -> bytes:
    if not capture.request_headers:
        return b""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version=_VERSION)
    target = urlsplit(capture.url)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    line = StatusAndHeaders(
        f"{_line(path)} HTTP/1.1",
        _headers(capture.request_headers),
        protocol=_line(capture.method),
        is_http_request=True,
    )
    record = writer.create_warc_record(
        capture.url,
        "request",
        payload=BytesIO(capture.request_body),
        length=len(capture.request_body),
        http_headers=line,
        warc_headers_dict={"WARC-Date": capture.fetched, "WARC-Concurrent-To": answered_by},
    )
    writer.write_record(record)
    return _member(out.getvalue())


def _member(record: bytes) -> bytes:
    """One gzip member; warcio's own level 9 costs a third more time for a thousandth of the size."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return deflate.compress(record) + deflate.flush()


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # servers invent codes; the number is the evidence
        return f"{status} "


def _headers(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Header lines that cannot break the record; chunking is undone by whoever fetched, so its header is set aside."""
    clean = [(quote(_line(name), safe=_TOKEN), _line(value)) for name, value in pairs]
    return [
        ("X-Orig-Transfer-Encoding" if name.lower() == "transfer-encoding" else name, value) for name, value in clean
    ]


def _line(text: str) -> str:
    return re.sub(r"[\r\n\0]+", " ", text).strip()
