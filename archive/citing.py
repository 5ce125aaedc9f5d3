"""How to cite an announcement: GB/T 7714-2015 (electronic resource, EB/OL) and BibTeX, with capture time and digest."""

from __future__ import annotations

from dataclasses import dataclass

from archive.answers import CaptureRow, Document, Version
from archive.model import Record


@dataclass(frozen=True, slots=True)
class Citation:
    """The same facts in both forms; `id` names document and capture, and always leads back to them."""

    id: str
    gbt7714: str
    bibtex: str
    fetched: str | None
    sha256: str | None


def cite(document: Document, version: Version, place: CaptureRow | None) -> Citation:
    """Cite what the archive captured: the date of access is the day the bytes were fetched."""
    fetched = place.fetched if place is not None else version.first_seen
    sha256 = place.sha256 if place is not None else None
    record = version.record
    proof = f"存档 {version.id}" + (f", SHA-256 {sha256}" if sha256 else "")
    return Citation(
        version.id,
        _gbt7714(record, version.url, fetched, proof),
        _bibtex(document, version, fetched, proof),
        fetched,
        sha256,
    )


def _author(record: Record) -> str | None:
    return record.issuer or record.site_name or record.origin


def _gbt7714(record: Record, url: str, fetched: str, proof: str) -> str:
    author = _author(record)
    number = f": {record.document_number}" if record.document_number else ""
    published = f"({record.published[:10]})" if record.published else ""
    lead = f"{author}. " if author else ""
    return f"{lead}{record.title or '[无题名]'}{number}[EB/OL]. {published}[{fetched[:10]}]. {url}. {proof}."


def _bibtex(document: Document, version: Version, fetched: str, proof: str) -> str:
    record = version.record
    fields = {
        "author": f"{{{_escaped(_author(record))}}}" if _author(record) else None,
        "title": f"{{{_escaped(record.title)}}}" if record.title else None,
        "number": _escaped(record.document_number),
        "date": record.published[:10] if record.published else None,
        "url": version.url.replace("{", "%7B").replace("}", "%7D"),
        "urldate": fetched[:10],
        "note": proof,
        "langid": "chinese",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{gongbao-{document.id},", *lines, "}"])


def _escaped(text: str | None) -> str | None:
    """Text that cannot break out of a BibTeX field."""
    if text is None:
        return None
    special = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", **{char: "\\" + char for char in "#$%&_"}}
    return "".join(special.get(char, char) for char in " ".join(text.split()))
