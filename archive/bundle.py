"""An evidence bundle: rows, the very WARC records they were read from, and a manifest of digests, as one WACZ file.

WACZ 1.1.1 (specs.webrecorder.net): a zip that ReplayWeb.page and pywb replay and `wacz validate` accepts; the WARC in
it is a plain one. Records are copied byte for byte, so their digests are those the archive verifies. A bundle is put
together in memory: it is for the documents of a query, not for a copy of the archive (that is `backup`).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archive.answers import CaptureRow, Document
from archive.clock import now
from archive.errors import ArchiveError
from archive.export import row as exported
from archive.segments import SOFTWARE
from archive.store import Archive
from archive.warc import decode, warcinfo

_WARC = "archive/data.warc.gz"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What went into a bundle."""

    documents: int
    captures: int
    bytes: int


def write_bundle(archive: Archive, documents: Iterable[Document], target: Path, title: str) -> Bundle:
    """Write a WACZ of these documents; never over an existing file."""
    rows, pages, cdx, seen = [], [], [], set()
    warc = BytesIO(warcinfo("data.warc.gz", SOFTWARE))
    warc.seek(0, 2)
    for document in documents:
        rows.append(exported(document))
        for place in archive.captures_of(document.id):
            if place.id not in seen:
                seen.add(place.id)
                cdx.append(_append(archive, warc, place))
        pages.append(_page(archive, document))
    files = {
        _WARC: warc.getvalue(),
        "indexes/index.cdx.gz": gzip.compress("".join(sorted(cdx)).encode(), mtime=0),
        "pages/pages.jsonl": _lines([{"format": "json-pages-1.0", "id": "pages", "title": title}, *pages]),
        "records/announcements.jsonl": _lines(rows),
    }
    _write(target, files, title)
    return Bundle(len(rows), len(seen), target.stat().st_size)


def _append(archive: Archive, warc: BytesIO, place: CaptureRow) -> str:
    """Copy one WARC record and give its CDXJ line."""
    blob = archive.segments.read(place.segment, place.offset, place.length)
    record = decode(blob)
    offset = warc.tell()
    warc.write(blob)
    kinds = [value.split(";")[0].strip() for name, value in record.headers if name.lower() == "content-type"]
    facts = {
        "url": place.url,
        "mime": "warc/revisit" if place.revisit_of is not None else (kinds or ["unk"])[0],
        "status": str(place.status),
        "digest": f"sha256:{place.sha256}",
        "length": str(len(blob)),
        "offset": str(offset),
        "filename": "data.warc.gz",
    }
    return f"{surt(place.url)} {_digits(place.fetched)} {json.dumps(facts, ensure_ascii=False)}\n"


def surt(url: str) -> str:
    """A URL as a sort key, host reversed.

    >>> surt("http://www.JL.gov.cn/a/B.html?x=1")
    'cn,gov,jl)/a/b.html?x=1'
    """
    parts = urlsplit(url)
    labels = (parts.hostname or "").removeprefix("www.").split(".")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{','.join(reversed(labels))}{port}){parts.path or '/'}{query}".lower()


def _page(archive: Archive, document: Document) -> dict[str, Any]:
    own = [version for version in document.versions if version.url == document.url and version.capture is not None]
    place = archive.original(own[-1].capture) if own and own[-1].capture is not None else None
    fetched = document.first_seen if place is None else place.fetched
    url = document.url if place is None else place.url
    return {
        "id": document.id,
        "url": url,
        "ts": fetched,
        "title": document.record.title or url,
        "text": document.record.text or "",
    }


def _write(target: Path, files: dict[str, bytes], title: str) -> None:
    resources = [
        {"name": name.rsplit("/", 1)[-1], "path": name, "hash": _digest(blob), "bytes": len(blob)}
        for name, blob in files.items()
    ]
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "software": SOFTWARE,
        "created": now(),
        "resources": resources,
    }
    manifest = json.dumps(package, ensure_ascii=False, indent=2).encode()
    digest = json.dumps({"path": "datapackage.json", "hash": _digest(manifest)}, indent=2).encode()
    try:
        with target.open("xb") as out, ZipFile(out, "w") as zipped:
            for name, blob in {**files, "datapackage.json": manifest, "datapackage-digest.json": digest}.items():
                entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                # WARC and index are compressed already, and are read by offset.
                entry.compress_type = ZIP_STORED if name.endswith(".gz") else ZIP_DEFLATED
                zipped.writestr(entry, blob)
    except FileExistsError as error:
        raise ArchiveError(f"{target}: exists; name a new file") from error
    except OSError as error:
        raise ArchiveError(f"{target}: cannot be written ({error.strerror}); choose another folder") from error


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def _digits(at: str) -> str:
    return "".join(char for char in at if char.isdigit())[:14]
