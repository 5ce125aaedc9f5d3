"""Reading as a pure function: (bytes, headers, URL) -> Reading; live crawl, replay, re-read and tests are this path.

The page is opened once; what it is (notice, list, blocked, empty) is decided on the page's own evidence, then the rooms
are asked in turn: body and text, metadata, integrity, outline; or the list reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from archive.model import Extract, Link, Record
from crawler import attachments, blocking, body, cms, integrity, lists, metadata, outline
from crawler.fields import index_number
from crawler.identity import Signature, sign
from crawler.lists import Entry, NextPage
from crawler.metadata import Found, Metadata
from crawler.page import Page, open_page
from crawler.text import Written, write

Kind = Literal["notice", "list", "blocked", "empty", "file"]
# The fields of a record that metadata reading gives, by the same names.
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
)
# lists.looks_like_list weighs signs: above 0 a list, below 0 a notice; a page that says neither is read as a notice.
LIST_SCORE = 0.5
# Facts of the page that are evidence rather than fields of the record.
ASIDES = ("icp", "police")
# The reason of a page that no sign calls blocked or gone, and that holds no document all the same.
NO_DOCUMENT = "no document text, image or attachment on the page"

__all__ = ["NO_DOCUMENT", "Entry", "Kind", "Reading", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page turned out to be, and what was read in it."""

    kind: Kind
    url: str
    record: Record | None = None  # of a notice
    entries: tuple[Entry, ...] = ()  # of a list, in page order
    next: str | None = None
    request: NextPage | None = None  # of a list whose next page takes more than a GET of a URL
    page_count: int | None = None
    record_count: int | None = None
    part: str | None = None  # of a notice: where the next part of the same document is
    extract: Extract | None = None  # of a file
    reason: str | None = None  # of blocked and empty; of a list without a next page: why it stops there
    target: str | None = None  # where a shell page (meta refresh, script) sends its visitors
    explain: tuple[str, ...] = ()  # how the kind was decided, for people who check
    signature: Signature | None = None  # of anything but a notice: who the page says it is


def read(
    body_bytes: bytes,
    url: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    family: str | None = None,
    as_kind: Literal["notice", "list", "file"] | None = None,
    hint: Link | None = None,
    hosts: Sequence[str] = (),
) -> Reading:
    """Read one page. `family` names a module of crawler.cms; None lets the page's own evidence decide.

    `as_kind` overrides the guess of what the page is; `hint` is what a list said of it (used as a rival, never alone);
    `hosts` are those of the page's source, which is known to be no stranger there.
    Raises nothing of its own; a page no reader can make sense of comes back `empty` with a reason.
    """
    if as_kind == "file" or (as_kind is None and attachments.is_file(body_bytes)):
        extract = attachments.extract(body_bytes)
        if extract is not None:  # else a page came instead: what it says is the answer
            why = f"no page, but a file of kind {extract.kind}"
            return Reading("file", url, extract=extract, reason=why, explain=("the bytes are those of a file",))
    page = open_page(body_bytes, url, status=status, headers=headers)
    of = cms.family_named(family) if family else cms.recognise(page)
    if as_kind == "list":
        found = _list(page, of, ("read as a list because it was asked for",))
    elif as_kind == "notice":
        found = _notice(page, of, hint, hosts, ("read as a notice because it was asked for",))
    else:
        found = _as_it_looks(page, of, hint, hosts)
    return found if found.kind == "notice" else replace(found, signature=sign(page, hosts))


def _as_it_looks(page: Page, of: cms.Family, hint: Link | None, hosts: Sequence[str]) -> Reading:
    """Decide on evidence: a list only when the page says so louder than its own text does."""
    score, why = lists.looks_like_list(page)
    listing = _list(page, of, (why,)) if score >= LIST_SCORE else None
    if listing is not None and listing.entries:
        return listing
    notice = _notice(page, of, hint, hosts, (why,))
    record = notice.record
    chars = len(record.text or "") if record else 0
    block = blocking.check(page, entries=len(listing.entries) if listing else 0, body_chars=chars)
    if block is not None:
        return Reading(block.reading, page.url, reason=block.reason, target=block.target, explain=(why, block.evidence))
    if record is None or not (record.text or record.attachments or "image_only" in record.flags):
        return Reading("empty", page.url, reason=NO_DOCUMENT, explain=(why,))
    return notice


def _list(page: Page, of: cms.Family, why: tuple[str, ...]) -> Reading:
    found = lists.read_list(page, of)
    return Reading(
        "list",
        page.url,
        entries=found.entries,
        next=found.next,
        request=found.request,
        page_count=found.page_count,
        record_count=found.record_count,
        reason=found.stop_reason,
        explain=(*why, *found.evidence),
    )


def _notice(page: Page, of: cms.Family, hint: Link | None, hosts: Sequence[str], why: tuple[str, ...]) -> Reading:
    found = body.find(page, of.containers)
    written = write(found.node) if found.node is not None else Written("", "no document node")
    text = written.text
    facts = metadata.read(page, body_text=text, body_node=found.node, list_hint=hint)
    values: dict[str, Any] = {name: _value(getattr(facts, name)) for name in FIELDS}
    values["breadcrumb"] = values["breadcrumb"] or ()
    verdict = integrity.judge(
        page,
        title=values["title"],
        breadcrumb=values["breadcrumb"],
        site_name=values["site_name"],
        body_text=text,
        hidden_chars=found.hidden_chars,
        source_hosts=hosts,
    )
    record = Record(
        url=page.url,
        text=text or None,
        attachments=found.attachments,
        integrity=verdict.level,
        integrity_reasons=verdict.reasons,
        outline=outline.outline(text),
        flags=found.flags,
        encoding=page.encoding,
        evidence=_evidence(page, of, found, written, facts),
        **values,
    )
    return Reading("notice", page.url, record=record, part=lists.next_part(page), explain=why)


def _value(found: Found[Any] | None) -> Any:
    return None if found is None else found.value


def _evidence(page: Page, of: cms.Family, found: body.Body, written: Written, facts: Metadata) -> dict[str, object]:
    """How each value was read, as JSON can hold it: who checks a citation needs no debugger."""
    out: dict[str, object] = {
        "encoding": f"{page.encoding}: {page.encoding_reason}",
        "family": of.name,
        "body": found.how,
        "text": written.how,
        "hidden_chars": found.hidden_chars,
        "removed": [f"{reason}: {text[:60]}" for reason, text in found.removed],
    }
    for name in (*FIELDS, *ASIDES):
        field: Found[Any] | None = getattr(facts, name)
        if field is not None:
            rivals = [{"value": value, "raw": raw, "where": where} for value, raw, where in field.rivals]
            out[name] = {"value": field.value, "raw": field.raw, "where": field.where, "rivals": rivals}
    if facts.index_number is not None:
        out["index_org_code"] = _organisation(facts.index_number.value)
    out["site_ids"] = list(facts.site_ids)
    out["disagreements"] = list(facts.disagreements)
    return out


def _organisation(index: str) -> str | None:
    """Whose 索引号 it is, where its prefix is an organisation code that can be checked (DOMAIN.md section 2.3)."""
    found = index_number(index)
    if found is None or found.org_code is None:
        return None
    return f"{found.org_code}: check character {'right' if found.check_ok else 'wrong'}"
