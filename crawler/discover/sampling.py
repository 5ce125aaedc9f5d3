"""What a survey gathers, and how it samples a list: its notices, and the way to its second page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import tldextract

from archive.dedup import canonical_url
from crawler.cms import addresses
from crawler.cms.asking import address, plain
from crawler.discover.columns import Column, is_portal, shape
from crawler.discover.scout import Scout, Seen, UnseenError
from crawler.lists import Entry
from crawler.reading import Reading
from crawler.registry import host_of
from crawler.run import attachment

SAMPLES = 3  # notices of the first list that are read; of any further list one
TRIES = 3  # entries tried beyond those, where some lead to nothing
HOME = "a home of several columns: their own lists are taken"
# Two hosts of one owner share this: gov.cn is a public suffix, x.gov.cn somebody's. No list is downloaded for it.
_DOMAINS = tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is taken: how we came to it, its first page, and how that reads."""

    column: Column
    seen: Seen
    reading: Reading


@dataclass(frozen=True, slots=True)
class Sample:
    """A notice that was read, and the row that led to it (None for the article that was given)."""

    seen: Seen
    entry: Entry | None


@dataclass(slots=True)
class Survey:
    """What was found. The first list is the one that was asked for, or the nearest to it."""

    url: str
    lists: list[Listing] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    extra: list[Listing] = field(default_factory=list)  # sitemaps and feeds
    passed: list[tuple[str, str]] = field(default_factory=list)  # columns looked at and not taken, and why
    unsure: list[str] = field(default_factory=list)
    family: str | None = None
    crawl_delay: float | None = None
    latencies: list[float] = field(default_factory=list)
    homes: list[Listing] = field(default_factory=list)  # pages of several columns, judged when their lists are known
    shapes: set[str] = field(default_factory=set)  # of URLs that read as notices


def following(reading: Reading) -> str | None:
    """The next page of a list as one URL, whatever it takes to ask for it."""
    return reading.next if reading.request is None else address(reading.request)


async def opened(scout: Scout, column: Column, seen: Seen) -> Listing | None:
    """The list a page shows, or the one its script asks for at first where the page is only the shell of it; or None.

    gkmlpt, jpaas, Epoint and xxgk column pages hold no row themselves, like pages whose list stands in a frame.
    """
    if seen.reading.kind == "list":
        return Listing(column, seen, seen.reading)
    if seen.reading.kind != "empty" and not addresses.is_column(seen.url):
        return None
    shell = scout.again(seen, as_kind="list")
    if shell.entries:
        return None  # rows that did not make a list of the page by themselves
    reading = await through(scout, seen, shell)
    return Listing(column, seen, reading) if reading.entries else None


async def through(scout: Scout, seen: Seen, shell: Reading) -> Reading:
    """What a page shows as a list once the request of its script is answered; `shell` itself where it has rows."""
    first = following(shell)
    if shell.entries or first is None:
        return shell
    answer = await scout.see(first)
    reading = answer.reading if answer.reading.kind == "list" else scout.again(answer, as_kind="list")
    return replace(reading, url=seen.url, kind="list", reason=reading.reason or shell.reason)


async def sample(scout: Scout, listing: Listing, found: Survey, wanted: int) -> list[str]:
    """Read up to `wanted` notices of a list into the survey; returns what was in the way, as sentences."""
    troubles: list[str] = []
    read = 0
    rows = usable(listing.reading.entries, listing.seen.url)
    own = [entry for entry in rows if host_of(entry.url) == host_of(listing.seen.url)]
    for entry in spread(own or rows, wanted)[: wanted + TRIES]:
        if read == wanted:
            break
        try:
            seen = await scout.see(entry.url)
        except UnseenError as error:
            troubles.append(f"an entry of the list could not be looked at: {error}")
            continue
        why = no_notice(seen.reading)
        if why is not None:
            troubles.append(f"{seen.url}: {why}")
            continue
        read += 1
        found.shapes.add(shape(entry.url))
        if all(canonical_url(one.seen.url) != canonical_url(seen.url) for one in found.samples):
            found.samples.append(Sample(seen, entry))
    return troubles


def spread(entries: list[Entry], wanted: int) -> list[Entry]:
    """`wanted` entries from first to last, then the others: an old notice may have another layout than a new one."""
    if not entries or wanted < 1:
        return []
    steps = max(wanted - 1, 1)
    chosen = dict.fromkeys(round(n * (len(entries) - 1) / steps) for n in range(min(wanted, len(entries))))
    return [entries[n] for n in [*chosen, *(n for n in range(len(entries)) if n not in chosen)]]


def usable(entries: Sequence[Entry], url: str) -> list[Entry]:
    """The entries that may be read as notices: pages, not files, on hosts of the same owner as `url`."""
    return [entry for entry in entries if attachment(entry.url) is None and same_owner(entry.url, url)]


def same_owner(url: str, other: str) -> bool:
    host, wanted = host_of(url), host_of(other)
    if host is None or wanted is None:
        return False
    domains = [_DOMAINS(one).top_domain_under_public_suffix for one in (host, wanted)]
    return host == wanted or (domains[0] != "" and domains[0] == domains[1])


def no_notice(reading: Reading) -> str | None:
    """Why a page is no announcement that can be kept, or None."""
    record = reading.record
    if reading.kind != "notice" or record is None:
        return f"reads as {reading.kind}, not as a notice"
    if record.title is None:
        return "reads as a notice without a title"
    if not (record.text or record.attachments or "image_only" in record.flags):
        return "reads as a notice with neither text nor attachment"
    return None


async def pager(scout: Scout, reading: Reading) -> list[str]:
    """What is wrong with the way to the second page, as sentences; nothing where it works or there is none."""
    further = following(reading)
    if further is None:
        stated = reading.page_count or 1
        return [f"the list states {stated} pages, the way to the next was not found"] if stated > 1 else []
    try:
        second = await scout.see(further)
    except UnseenError as error:
        return [f"page 2 could not be looked at: {error}"]
    rows = second.reading.entries or scout.again(second, as_kind="list").entries
    shown = {canonical_url(entry.url) for entry in reading.entries}
    new = [entry for entry in rows if canonical_url(entry.url) not in shown]
    return [] if new else [f"{plain(further)}: expected further entries on page 2, found none"]


def several(seen: Seen) -> bool:
    """Whether a page shows blocks of several columns and says nothing of pages or a total of its own."""
    own = (seen.reading.next, seen.reading.page_count, seen.reading.record_count)
    return own == (None, None, None) and is_portal(seen.page)
