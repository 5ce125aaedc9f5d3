"""The crawl's rules for files: whose they are to fetch, how an answer to one is judged, and what a run says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from tldextract import TLDExtract

from archive.model import Attachment, Capture, Extract, Link, Record, State
from crawler.attachments.plain import decoded
from crawler.blocking_marks import MISSING
from crawler.fields import report_year
from crawler.registry import Source, host_of

AGAIN_DAYS = 30  # a file is asked for again after that many; at once when its notice changed
TRUSTED = 6  # times as long as of a page the server's word is taken that a file is as it was: it knows its files
# Sound and moving pictures are no documents, and large; pictures that a list leads to are news in pictures.
NEVER = frozenset({"mp3", "mp4", "avi", "wmv", "mov", "flv", "wav", "rmvb", "mpg", "mpeg"})
PICTURES = frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FILE_ONLY = "file_only"  # flag of a record whose notice is a file: title and date are the list's
_NOTE = 200  # characters of what may be a message that there is no such file
_PAGE = 8192  # bytes of a page that may be one
_NO_FILE = re.compile(
    r"(?:文件|附件|文档)(?:已经?|可能)?(?:不存在|被删除|已?删除|丢失|未找到|找不到|已?过期|已?失效|已?下线)"
    r"|(?:没有|未)找到.{0,6}(?:文件|附件)|file (?:not found|does not exist|has been removed)",
    re.IGNORECASE,
)
_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_DOMAINS = TLDExtract(suffix_list_urls=())


def refuses(source: Source, link: Link) -> str | None:
    """Why a link is not this source's to fetch, or None.

    Files of a notice often lie on a sibling host: the same registrable domain is in scope for them.
    """
    kind = _extension(link.url)
    if link.role != "attachment":
        named = f"attachment: {kind} files are not fetched" if kind in NEVER | PICTURES else None
        return source.refuses(link.url) or (named if link.role == "notice" else None)
    host = host_of(link.url)
    if host is None:
        return "out of scope: not an http or https address"
    if host not in source.hosts and _domain(host) not in {_domain(one) for one in source.hosts} - {""}:
        return f"out of scope: host {host} is of another domain than {', '.join(sorted(source.hosts))}"
    return f"{kind} files are not fetched" if kind in NEVER else None


def _domain(host: str) -> str:
    """The registrable domain: jl.gov.cn of www.jl.gov.cn; nothing for an address of numbers."""
    return _DOMAINS(host).top_domain_under_public_suffix


def _extension(url: str) -> str:
    try:
        name = urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""
    return name.rpartition(".")[2].lower() if "." in name else ""


def hop(capture: Capture, link: Link, source: Source) -> str | None:
    """Where a file's URL sends us for the same file, when we may go there: then it is fetched as this URL's answer."""
    location = capture.header("Location")
    if link.role != "attachment" or capture.status not in REDIRECTS or not location:
        return None
    try:
        target = urljoin(capture.url, location.strip())
        path = urlsplit(target).path
    except ValueError:
        return None
    if path in ("", "/") or refuses(source, Link(target, "attachment")) is not None:
        return None
    return target


def due_before(now: str) -> str:
    """Files last asked for before this time are due again."""
    then = datetime.strptime(now, "%Y-%m-%dT%H:%M:%SZ") - timedelta(days=AGAIN_DAYS)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def message(extract: Extract) -> str | None:
    """The words of a text file that only says that there is no such file, else None."""
    return _missing(extract.text or "") if extract.kind == "txt" else None


def missing(page: bytes) -> str | None:
    """The words of a short page that only says that there is no such file, else None."""
    written = _TAGS.sub(" ", decoded(page[:_PAGE])) if len(page) <= _PAGE else ""
    return _missing(written)


def _missing(text: str) -> str | None:
    words = " ".join(text.split())
    return words[:80] if len(words) <= _NOTE and (MISSING.search(words) or _NO_FILE.search(words)) else None


def as_record(url: str, link: Link, extract: Extract) -> Record | None:
    """The notice that is a file: title and date from its list, text from the file; None when there is neither."""
    if link.title is None and extract.text is None:
        return None
    name = link.title or urlsplit(url).path.rpartition("/")[2]
    read = {"value": name, "raw": name, "where": f"the file itself, by {extract.reader}", "rivals": []}
    listed = {"where": "the list that leads to the file", "rivals": []}
    return Record(
        url=url,
        title=link.title,
        text=extract.text,
        published=link.date,
        report_year=report_year(link.title, extract.text),
        attachments=(Attachment(url, name),),
        flags=(FILE_ONLY,),
        evidence={
            "text": read,
            "title": {"value": link.title, "raw": link.title, **listed},
            "published": {"value": link.date, "raw": link.date, **listed},
        },
    )


def lost(link: Link, state: State, reason: str) -> tuple[State, str]:
    """How a URL without an answer ends: a file beyond the cap is left out on purpose."""
    if link.role == "attachment" and "DOWNLOAD_MAXSIZE" in reason:
        return "skipped", "larger than ATTACHMENT_MAXSIZE allows"
    return state, reason


def told(counts: Mapping[str, int], here: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """What a run says of its files: (what was missed, what is only to be known).

    `here` counts those of the source's own hosts: a sibling host that is dead for good makes no run incomplete.
    """
    missed = [f"{n} attachments {state}" for state in ("failed", "blocked") if (n := here.get(state))]
    elsewhere = {state: counts.get(state, 0) - here.get(state, 0) for state in ("failed", "blocked")}
    noted = [f"{n} attachments on other hosts {state}" for state, n in elsewhere.items() if n]
    noted += [f"{n} attachments ended {state}" for state in ("gone", "quarantined") if (n := counts.get(state))]
    return missed, noted
