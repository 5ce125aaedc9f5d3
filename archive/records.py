"""Records as rows: fields people filter by are columns, the rest is JSON, a text is stored once however often seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from archive.dedup import canonical_url, fingerprint, normalize
from archive.model import CONTENT_FIELDS, Attachment, Record

# Each is a column of the table `version`, so that SQL can filter by it without opening JSON.
COLUMNS = (
    "title",
    "published",
    "written",
    "origin",
    "issuer",
    "index_number",
    "document_number",
    "topic",
    "validity",
    "report_year",
    "site_name",
    "site_id",
    "division",
    "integrity",
)
# The others travel as JSON in the column `rest`.
REST = ("breadcrumb", "attachments", "integrity_reasons", "outline", "flags", "encoding", "evidence")

SHORT_TEXT = 100  # normalized characters; two notices that only say 详见附件 are not the same work


def to_row(record: Record) -> dict[str, Any]:
    """The columns of a record without its URL and text, which the page and the text table hold."""
    row: dict[str, Any] = {name: getattr(record, name) for name in COLUMNS}
    rest = {name: value for name in REST if (value := getattr(record, name))}
    if record.attachments:
        rest["attachments"] = [asdict(one) for one in record.attachments]
    row["rest"] = unicode_only(json.dumps(rest, ensure_ascii=False, sort_keys=True, default=str))
    return row


def unicode_only(text: str) -> str:
    """`text` with lone surrogates replaced: they are no characters, and SQLite cannot hold them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def sound(record: Record) -> Record:
    """The record as the archive can hold it: every text in it is Unicode."""
    changed: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, str) and unicode_only(value) is not value:
            changed[field.name] = unicode_only(value)
    links = tuple(Attachment(unicode_only(one.url), unicode_only(one.text)) for one in record.attachments)
    if links != record.attachments:
        changed["attachments"] = links
    return replace(record, **changed) if changed else record


def from_row(row: Mapping[str, Any], url: str, text: str | None) -> Record:
    """The record that `to_row` took apart."""
    rest = json.loads(row["rest"])
    return Record(
        url=url,
        text=text,
        **{name: row[name] for name in COLUMNS},
        breadcrumb=tuple(rest.get("breadcrumb", ())),
        attachments=tuple(Attachment(**one) for one in rest.get("attachments", ())),
        integrity_reasons=tuple(rest.get("integrity_reasons", ())),
        outline=tuple(rest.get("outline", ())),
        flags=tuple(rest.get("flags", ())),
        encoding=rest.get("encoding"),
        evidence=rest.get("evidence", {}),
    )


def as_json(record: Record) -> dict[str, Any]:
    """The record as JSON values, every field present, in the order of the model."""
    return asdict(record)


def content_key(record: Record) -> str:
    """SHA-256 over what the publisher published: two readings with the same key differ in nothing a reader cares for.

    Attachments count by canonical URL, so that a session id in a link is no edit.
    """
    content: dict[str, object] = {name: getattr(record, name) for name in CONTENT_FIELDS if name != "attachments"}
    content["attachments"] = [[canonical_url(one.url), one.text] for one in record.attachments]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def match_key(record: Record) -> str | None:
    """What makes the same work at two URLs: the fingerprint of the text; None when there is none to compare.

    A text under SHORT_TEXT characters says too little by itself (详见附件): title and attachment names count with it.
    """
    if record.text is None:
        return None
    normal = normalize(record.text)
    if not normal:
        return None
    if len(normal) < SHORT_TEXT:
        return fingerprint("\n".join([record.text, record.title or "", *(one.text for one in record.attachments)]))
    return hashlib.sha256(normal.encode()).hexdigest()  # dedup.fingerprint, without normalizing twice


def document_key(canonical: str) -> str:
    """The id of a document founded at this canonical URL: the same on every machine, whatever the page says later."""
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
