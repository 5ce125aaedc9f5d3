"""What became of one answer: from the stored capture to the Visit the archive saves. Pure: no network, no archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from archive.model import Capture, CorruptError, Extract, Link, State, Stored, Visit
from crawler import blocking, files, reading
from crawler.capped import ReadingFailedError, fault
from crawler.cms.asking import address, asked, same_request
from crawler.cms.base import LAST_PAGE
from crawler.identity import Signature
from crawler.reading import Reading
from crawler.registry import Source, host_of

Reader = Callable[..., Reading]
_URL_SIGNS = "%/:?#[]@!$&'()*+,;=~"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
NOT_MODIFIED = 304  # an answer to a condition only; a server that says so unasked has failed
CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
# Refusals rather than failures (DOMAIN.md section 7): 412, 521 and 512 are what challenge pages come with.
REFUSALS = frozenset({401, 403, 405, 412, 418, 429, 451, 512, 521})
# A list entry may lead to a file under an address that does not say so (DOMAIN.md section 7: decide by content).
FILE_MARKS = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a zip, docx, xlsx or ofd file",
    b"\xd0\xcf\x11\xe0": "a doc, xls or wps file",
    b"Rar!": "a rar file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
NOT_OURS = "not this source's page"  # what the reason of a stranger's page begins with
FILE_KINDS = {  # what such a file is called where nothing could look into it
    "a PDF file": "pdf",
    "a zip, docx, xlsx or ofd file": "zip",
    "a doc, xls or wps file": "ole",
    "a rar file": "rar",
    "a picture": "picture",
}
HOMES = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php"})


@dataclass(frozen=True, slots=True)
class Landing:
    """A visit, and what the run wants to know of a list page: its next page, and addresses on it that are none."""

    visit: Visit
    next: str | None = None
    unusable: tuple[str, ...] = ()
    part: str | None = None  # the next part of a notice in parts
    foreign: str | None = None  # who the page says it is, where that is not its source
    signature: Signature | None = None  # of a list page: who it says it is


def land(stored: Stored, link: Link, source: Source, read: Reader | None = None) -> Landing:
    """Judge one captured answer to `link`. A reader that raises costs the record, never the page.

    `read` is crawler.reading.read, or the same in a process of its own (crawler.capped).
    """
    capture = stored.capture
    if capture.status in REDIRECTS:
        return Landing(_moved(stored, link, source))
    if capture.status in GONE:
        return Landing(_end(stored, link, "gone", f"HTTP {capture.status}"))
    if capture.status == NOT_MODIFIED and any(name.lower() in CONDITIONS for name, _ in capture.request_headers):
        return Landing(_end(stored, link, "unchanged", "HTTP 304: the server says it is as it was"))
    try:
        kind = binary(capture.content())
        if kind is not None and link.role == "listing" and 200 <= capture.status < 300:
            return Landing(_end(stored, link, "quarantined", f"not a page: {kind}"))
        found = _read(capture, link, source, read or reading.read)
    except ReadingFailedError as error:
        return Landing(_unread(stored, link, str(error)))
    except CorruptError as error:
        return Landing(_end(stored, link, "quarantined", str(error)))
    except Exception as error:  # noqa: BLE001  # any fault of a reader ends here: the page is kept, the reason told
        return Landing(_end(stored, link, "quarantined", f"reader raised {fault(error)}"))
    landing = _judged(found, stored, link, source)
    return replace(landing, signature=found.signature) if link.role == "listing" else landing


def _judged(found: Reading, stored: Stored, link: Link, source: Source) -> Landing:
    """What became of a page that could be read, from what it turned out to be."""
    capture = stored.capture
    if found.kind == "blocked":
        return Landing(_end(stored, link, "blocked", found.reason or "blocked"))
    if capture.status in REFUSALS:
        return Landing(_end(stored, link, "blocked", f"HTTP {capture.status}"))
    if not 200 <= capture.status < 300:
        return Landing(_end(stored, link, "failed", f"HTTP {capture.status}"))
    if found.kind == "file" and found.extract is not None:
        return _file(stored, link, found.extract)
    if link.role == "attachment":
        return Landing(_no_file(stored, link, found))
    if found.kind == "empty" and found.target and not same_page(source, found.target, link.url):
        return Landing(_sent(stored, link, found.target))
    if link.role == "listing":
        return _listing(stored, link, found, source)
    return _notice(stored, link, found, source)


def binary(body: bytes) -> str | None:
    """What kind of file these bytes are when they are no page at all, whatever the server calls them; else None."""
    return next((kind for mark, kind in FILE_MARKS.items() if body.startswith(mark)), None)


def is_answer(body: bytes) -> bool:
    """Whether these bytes are what a script asked for (JSON, XML) rather than a page."""
    return body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[") or body.lstrip()[:10].lower() == b"<datastore"


def same_page(source: Source, one: str, two: str) -> bool:
    """Whether two URLs are one page of the source."""
    return source.spelled(one) == source.spelled(two)


def turns(capture: Capture, link: Link, source: Source) -> str | None:
    """The address to ask next when a redirect leads to the same page: a cookie to be set, or `/col` for `/col/`.

    Such a target is no URL of its own for the ledger, so it has to be followed as the same visit. None otherwise.
    """
    target = _target(capture)
    if capture.status not in REDIRECTS or target is None or not same_page(source, target, link.url):
        return None
    return target if target != capture.url or capture.header("Set-Cookie") else None


def _target(capture: Capture) -> str | None:
    location = capture.header("Location")
    if location and not location.isascii() and max(location) <= "\xff":
        # Bytes that were no UTF-8 (GBK as a rule) and stand as latin-1: the address is those bytes.
        location = quote(location.encode("latin-1"), safe=_URL_SIGNS)
    try:
        target = urljoin(capture.url, (location or "").strip())
    except ValueError:
        return None
    return target if location and host_of(target) else None


def _moved(stored: Stored, link: Link, source: Source) -> Visit:
    capture, target = stored.capture, _target(stored.capture)
    if target is None:
        found = capture.header("Location")
        return _end(stored, link, "failed", f"HTTP {capture.status} with unusable Location {found!r}")
    if same_page(source, target, link.url):
        return _end(stored, link, "failed", f"HTTP {capture.status} to itself, again and again")
    same_site = host_of(target) == host_of(capture.url)
    if link.role != "listing" and same_site and urlsplit(target).path in HOMES and not urlsplit(target).query:
        return _end(stored, link, "gone", f"HTTP {capture.status} to the home page {target}")
    return _sent(stored, link, target)


def _sent(stored: Stored, link: Link, target: str) -> Visit:
    """Sent elsewhere, by the server or by a page that is nothing but a meta refresh: the target is met on its own."""
    moved = _end(stored, link, "redirected", target)
    return replace(moved, links=(Link(target, link.role, link.title, link.date),)) if host_of(target) else moved


def _read(capture: Capture, link: Link, source: Source, read: Reader) -> Reading:
    """The page's own evidence decides what it is; only a list of the registry is asked a second time, as a list."""
    body, headers = capture.content(), dict(reversed(capture.headers))
    hint = link if link.role == "notice" else None
    # A pager answered by POST is read as what was asked: its answer does not say which page it is.
    url = same_request(capture.url, link.url) if link.role == "listing" else capture.url
    hosts = sorted({host.partition(":")[0] for host in source.hosts})
    more: dict[str, Any] = {"status": capture.status, "headers": headers, "family": source.family, "hosts": hosts}
    if link.role == "attachment":
        return read(body, url, as_kind="file", **more)
    found = read(body, url, hint=hint, **more)
    if link.role == "listing" and (found.kind == "notice" or (found.kind == "empty" and found.target is None)):
        again = read(body, url, as_kind="list", **more)
        # A page that is empty to the eye may still say where its list comes from, or be the empty end of one.
        leads = again.entries or again.next or again.request or is_answer(body)
        if leads or found.kind == "notice" or found.reason == reading.NO_DOCUMENT:
            return again
    return found


def _listing(stored: Stored, link: Link, found: Reading, source: Source) -> Landing:
    foreign = stranger(source, found.signature.who.site_id, None) if found.signature else None
    if foreign:
        return Landing(_end(stored, link, "quarantined", f"{NOT_OURS}: {foreign}"), foreign=foreign)
    if found.kind == "empty":
        return Landing(_end(stored, link, "quarantined", found.reason or "nothing on the page"))
    usable = tuple(Link(entry.url, "notice", entry.title, entry.date) for entry in found.entries if host_of(entry.url))
    unusable = tuple(entry.url for entry in found.entries if not host_of(entry.url))
    following = found.next if found.request is None else address(found.request)
    # A column page without rows of its own (gkmlpt, jpaas, Epoint) leads to them; a pager by POST ends with no row.
    ended = asked(link.url).method == "POST" or is_answer(stored.capture.content())
    if not usable and following is None and not (ended and (found.reason or "").startswith(LAST_PAGE)):
        why = found.reason or "nothing on the page reads as an entry"
        return Landing(_end(stored, link, "quarantined", f"a list without entries: {why}"), unusable=unusable)
    visit = replace(
        _end(stored, link, "listed", found.reason),
        links=usable,
        record_count=found.record_count,
        page_count=found.page_count,
    )
    return Landing(visit, following, unusable)


def _notice(stored: Stored, link: Link, found: Reading, source: Source) -> Landing:
    record = found.record
    if found.kind == "empty":
        state: State = "gone" if (found.reason or "").startswith(blocking.GONE) else "quarantined"
        return Landing(_end(stored, link, state, found.reason or "nothing on the page"))
    if found.kind == "list":
        return Landing(_end(stored, link, "quarantined", f"reads as a list of {len(found.entries)} entries"))
    if record is None or (record.title is None and record.text is None):
        return Landing(_end(stored, link, "quarantined", "neither title nor text was found"))
    foreign = stranger(source, record.site_id, record.site_name)
    if foreign and record.site_id and source.site_id:
        return Landing(_end(stored, link, "quarantined", f"{NOT_OURS}: {foreign}"), foreign=foreign)
    return Landing(Visit(link.url, "notice", stored=stored, record=record), part=found.part, foreign=foreign)


def _file(stored: Stored, link: Link, extract: Extract) -> Landing:
    """A file: of a notice, or the notice itself."""
    if link.role == "listing":
        return Landing(_end(stored, link, "quarantined", f"not a page: {extract.kind}"))
    if said := files.message(extract):
        return Landing(_end(stored, link, "gone", f"no file, but the words: {said}"))
    visit = Visit(link.url, link.role, stored=stored, extract=extract)
    if link.role == "attachment":
        return Landing(visit)
    record = files.as_record(stored.capture.url, link, extract)
    if record is None:
        return Landing(_end(stored, link, "quarantined", f"a file without a title in a list: {extract.reason}"))
    return Landing(replace(visit, record=record))


def _unread(stored: Stored, link: Link, reason: str) -> Visit:
    """A reading that was cut short: a page is quarantined, a file is kept without its text."""
    kind = binary(stored.capture.content())
    if link.role != "attachment" or kind is None or not 200 <= stored.capture.status < 300:
        return _end(stored, link, "quarantined", reason)
    return Visit(link.url, link.role, stored=stored, extract=Extract(FILE_KINDS[kind], None, reason))


def _no_file(stored: Stored, link: Link, found: Reading) -> Visit:
    """A page in the place of a file is never the file's new version."""
    if (found.reason or "").startswith(blocking.GONE):
        return _end(stored, link, "gone", f"a page instead of the file: {found.reason}")
    if said := files.missing(stored.capture.content()):
        return _end(stored, link, "gone", f"a page instead of the file: {said}")
    title = found.record.title if found.record else None
    return _end(stored, link, "quarantined", f"a page instead of the file: {title or found.reason or found.kind}")


def stranger(source: Source, site_id: str | None, site_name: str | None) -> str | None:
    """How a page names itself when that is not its source, else None. Says nothing where either side is silent."""
    if source.site_id and site_id and site_id.lower() != source.site_id.lower():
        return f"网站标识码 {site_id}, expected {source.site_id}"
    wanted = source.site_name
    if wanted and site_name and wanted not in site_name and site_name not in wanted:
        return f"site name {site_name}, expected {wanted}"
    return None


def _end(stored: Stored, link: Link, state: State, reason: str | None) -> Visit:
    return Visit(link.url, link.role, state, stored, reason=reason)
