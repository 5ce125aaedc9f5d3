"""The survey of a site: which pages are lists, whether what they lead to reads as announcements, what stays unsure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import tldextract

from archive.dedup import canonical_url
from crawler.cms import addresses, recognise
from crawler.discover.columns import Column, below, columns, is_home, is_portal, nearest_first, of_article, shape
from crawler.discover.scout import Scout, Seen, UnseenError
from crawler.lists import Entry
from crawler.reading import Reading
from crawler.registry import host_of
from crawler.run import attachment

SAMPLES = 3  # notices of the first list that are read; of any further list one
TRIES = 3  # entries tried beyond those, where some lead to nothing
PARENTS = 6  # columns looked at for the list an article stands in
HOME = "a home of several columns: their own lists are taken"
SLOW = 5.0  # seconds of Crawl-delay from which only the list that was asked for is looked at
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
    passed: list[tuple[str, str]] = field(default_factory=list)  # columns looked at and not taken, and why
    unsure: list[str] = field(default_factory=list)
    family: str | None = None
    crawl_delay: float | None = None
    latencies: list[float] = field(default_factory=list)
    homes: list[Listing] = field(default_factory=list)  # pages of several columns, judged when their lists are known
    shapes: set[str] = field(default_factory=set)  # of URLs that read as notices


async def survey(scout: Scout, url: str, most: int) -> Survey:
    """Look at `url` and, from there, at up to `most` further columns. Raises UnseenError when no list comes of it."""
    found = Survey(url, crawl_delay=await scout.crawl_delay(url))
    first = await scout.see(url)
    if host_of(first.url) != host_of(url):
        found.unsure.append(f"{url} sends its visitors to another host: {first.url}")
    start = await _start(scout, first, found)
    if start is not None and not await _take_first(scout, start, found):
        start = None
    if found.crawl_delay is not None and found.crawl_delay > SLOW and most:
        found.unsure.append(f"Crawl-delay {found.crawl_delay:g} s: other columns of the site were not looked for")
        most = 0
    await _further(scout, first if start is None else start.seen, found, most if start is not None else max(most, 10))
    await _homes(scout, found)
    if not found.lists:
        raise UnseenError(f"{url}: expected a list of announcements or an article of one, found {_what(first, found)}")
    if len(found.samples) < SAMPLES:
        await _sample(scout, found.lists[0], found, SAMPLES)
    found.family = _family(scout, found)
    found.latencies = scout.latencies
    return found


def _what(first: Seen, found: Survey) -> str:
    what = f"a page that reads as {first.reading.kind}"
    return f"{what}; none of {len(found.passed)} columns it leads to is one" if found.passed else what


async def _start(scout: Scout, first: Seen, found: Survey) -> Listing | None:
    """The list that `first` is or stands in; None for a home of several columns, whose lists are to be found."""
    reading = first.reading
    given = Column(first.url, None, "given")
    if is_home(first.url):
        found.passed.append((first.url, HOME))
        return None
    if reading.kind != "notice" and _several(first):
        found.homes.append(Listing(given, first, reading))
        return None
    if reading.kind == "list":
        return Listing(given, first, reading)
    forced = scout.again(first, as_kind="list")
    rows = usable(forced.entries, first.url)
    if len(rows) > 2 and (reading.kind == "empty" or addresses.is_column(first.url)):
        found.unsure.append(f"{first.url} does not look like a list by itself; it is read as one because it was given")
        return Listing(given, first, forced)
    why = no_notice(reading)
    if why is not None and len(below(first.page)) > 1:
        found.passed.append((first.url, HOME))
        return None
    if why is not None:
        raise UnseenError(f"{first.url}: expected a list of announcements or an article, found neither: {why}")
    found.samples.append(Sample(first, None))
    found.shapes.add(shape(first.url))
    return await _around(scout, first, found)


async def _around(scout: Scout, article: Seen, found: Survey) -> Listing:
    """The list an article stands in: the first that leads to it; else one that leads to pages of the same shape."""
    record = article.reading.record
    tried, fallback = [], None
    for column in of_article(article.page, record.breadcrumb if record else ())[:PARENTS]:
        tried.append(column.url)
        try:
            seen = await scout.see(column.url)
        except UnseenError as error:
            found.passed.append((column.url, str(error)))
            continue
        if seen.reading.kind != "list":
            found.passed.append((column.url, f"reads as {seen.reading.kind}"))
            continue
        listing = Listing(column, seen, seen.reading)
        if any(canonical_url(entry.url) == canonical_url(article.url) for entry in seen.reading.entries):
            return listing
        alike = any(shape(entry.url) == shape(article.url) for entry in seen.reading.entries)
        fallback = fallback or (listing if alike and not is_home(seen.url) else None)
    if fallback is None:
        looked = f"looked at {', '.join(tried)}" if tried else "nothing on it names its column"
        raise UnseenError(
            f"{article.url}: reads as an article, but no list of it was found ({looked}); give the list's URL"
        )
    found.unsure.append(f"{fallback.seen.url} ({fallback.column.why}) does not show the article on its first page")
    return fallback


def _several(seen: Seen) -> bool:
    """Whether a page shows blocks of several columns and says nothing of pages or a total of its own."""
    own = (seen.reading.next, seen.reading.page_count, seen.reading.record_count)
    return own == (None, None, None) and is_portal(seen.page)


async def _take_first(scout: Scout, start: Listing, found: Survey) -> bool:
    """Samples and pager of the list that was asked for. False when its rows are lists themselves: a column home."""
    wanted = SAMPLES - len(found.samples)
    troubles = await _sample(scout, start, found, wanted)
    if not found.samples:
        if any("reads as list" in line for line in troubles):
            found.passed.append((start.seen.url, "its rows lead to lists: those are taken"))
            return False
        why = troubles[0] if troubles else "none of its entries is on this site"
        raise UnseenError(
            f"{start.seen.url}: expected a list of announcements, found no entry that reads as one: {why}"
        )
    found.unsure += troubles
    found.lists.append(start)
    found.unsure += await pager(scout, start.reading)
    return True


async def _homes(scout: Scout, found: Survey) -> None:
    """Take a home of several columns as a list too where it shows what none of their lists does."""
    covered = {canonical_url(entry.url) for listing in found.lists for entry in listing.reading.entries}
    for home in found.homes:
        rows = usable(home.reading.entries, home.seen.url)
        own = [entry for entry in rows if canonical_url(entry.url) not in covered]
        if not own or (home.column.why != "given" and len(own) * 2 < len(rows)):
            found.passed.append((home.seen.url, HOME))
            continue
        samples = len(found.samples)
        await _sample(scout, Listing(home.column, home.seen, replace(home.reading, entries=tuple(own))), found, 1)
        if len(found.samples) == samples:
            found.passed.append((home.seen.url, HOME))
            continue
        found.unsure.append(
            f"{home.seen.url} shows blocks of several columns; {len(own)} entries stand in no other list"
        )
        found.lists.append(home)
        covered |= {canonical_url(entry.url) for entry in own}


async def pager(scout: Scout, reading: Reading) -> list[str]:
    """What is wrong with the way to the second page, as sentences; nothing where it works or there is none."""
    if reading.next is None:
        stated = reading.page_count or 1
        return [f"the list states {stated} pages, the way to the next was not found"] if stated > 1 else []
    try:
        second = await scout.see(reading.next)
    except UnseenError as error:
        return [f"page 2 could not be looked at: {error}"]
    rows = second.reading.entries or scout.again(second, as_kind="list").entries
    shown = {canonical_url(entry.url) for entry in reading.entries}
    new = [entry for entry in rows if canonical_url(entry.url) not in shown]
    return [] if new else [f"{reading.next}: expected further entries on page 2, found none"]


def usable(entries: Sequence[Entry], url: str) -> list[Entry]:
    """The entries that may be read as notices: pages, not files, on hosts of the same owner as `url`."""
    return [entry for entry in entries if attachment(entry.url) is None and same_owner(entry.url, url)]


def same_owner(url: str, other: str) -> bool:
    host, wanted = host_of(url), host_of(other)
    if host is None or wanted is None:
        return False
    domains = [_DOMAINS(one).top_domain_under_public_suffix for one in (host, wanted)]
    return host == wanted or (domains[0] != "" and domains[0] == domains[1])


def spread(entries: list[Entry], wanted: int) -> list[Entry]:
    """`wanted` entries from first to last, then the others: an old notice may have another layout than a new one."""
    if not entries or wanted < 1:
        return []
    steps = max(wanted - 1, 1)
    chosen = dict.fromkeys(round(n * (len(entries) - 1) / steps) for n in range(min(wanted, len(entries))))
    return [entries[n] for n in [*chosen, *(n for n in range(len(entries)) if n not in chosen)]]


async def _sample(scout: Scout, listing: Listing, found: Survey, wanted: int) -> list[str]:
    """Read up to `wanted` notices of a list into the survey; returns what was in the way, as sentences."""
    troubles: list[str] = []
    read = 0
    for entry in spread(usable(listing.reading.entries, listing.seen.url), wanted)[: wanted + TRIES]:
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


async def _further(scout: Scout, seed: Seen, found: Survey, most: int) -> None:
    """Look for the site's other lists: the columns `seed` links to, its home page, and what those link to in turn.

    A column that gives no answer does not count among `most`, but no more than thrice as many are asked for.
    """
    rows = [entry.url for entry in seed.reading.entries] if found.lists else []
    ways = nearest_first(columns(seed.page, rows), seed.url)
    ways.append(Column(f"{seed.url.split('://')[0]}://{host_of(seed.url)}/", None, "the site's home page"))
    met = {canonical_url(one.seen.url) for one in (*found.lists, *found.homes)}
    covered = {canonical_url(entry.url) for listing in found.lists for entry in listing.reading.entries}
    looked = asked = 0
    while ways and looked < most and asked < most * 3:
        column = ways.pop(0)
        if canonical_url(column.url) in met or _page_of(column.url, found):
            continue
        met.add(canonical_url(column.url))
        asked += 1
        try:
            seen = await scout.see(column.url)
            looked += 1
            await _judge(scout, Listing(column, seen, seen.reading), found, covered)
        except UnseenError as error:
            found.passed.append((column.url, str(error)))
            continue
        if host_of(seen.url) == host_of(seed.url):
            ways += columns(seen.page, [entry.url for entry in seen.reading.entries])
    left = {key for column in ways if (key := canonical_url(column.url)) not in met}
    if left and most:
        found.unsure.append(f"{len(left)} further columns of the site were not looked at; --columns looks at more")


async def _judge(scout: Scout, listing: Listing, found: Survey, covered: set[str]) -> None:
    """Take a column as a list, keep it for later as a home of several, or pass it with the reason."""
    if listing.reading.kind == "list" and not is_home(listing.seen.url) and _several(listing.seen):
        found.homes.append(listing)
        return
    why = await _refuse(scout, listing, found, covered)
    if why is not None:
        found.passed.append((listing.seen.url, why))
        return
    found.lists.append(listing)
    covered |= {canonical_url(entry.url) for entry in listing.reading.entries}


def _page_of(url: str, found: Survey) -> bool:
    """Whether the URL is a later page of a list that is taken already."""
    return any(
        listing.reading.next and canonical_url(listing.reading.next) == canonical_url(url) for listing in found.lists
    )


async def _refuse(scout: Scout, listing: Listing, found: Survey, covered: set[str]) -> str | None:
    """Why a column is not taken as a list of the source, or None when it is."""
    seen, reading = listing.seen, listing.reading
    if host_of(seen.url) != host_of(listing.column.url):
        return f"leads to another host: {seen.url}"
    if reading.kind != "list":
        return f"reads as {reading.kind}"
    if is_home(seen.url):
        return HOME
    rows = usable(reading.entries, seen.url)
    if not rows or len(rows) * 2 < len(reading.entries):
        return f"{len(reading.entries) - len(rows)} of {len(reading.entries)} entries are files or of other sites"
    if reading.next is None and {canonical_url(entry.url) for entry in reading.entries} <= covered:
        return "shows nothing that the lists taken do not"
    known = sum(shape(entry.url) in found.shapes for entry in rows)
    if known * 2 >= len(rows):
        return None
    before = set(found.shapes)
    samples = len(found.samples)
    troubles = await _sample(scout, listing, found, 2)
    strangers = [sample for sample in found.samples[samples:] if addresses.is_column(sample.seen.url)]
    if strangers or found.shapes == before:
        del found.samples[samples:]
        found.shapes = before
        return troubles[0] if troubles else "its entries lead to columns rather than to notices"
    return None


def _family(scout: Scout, found: Survey) -> str | None:
    """The family all lists bear the marks of, when naming it changes nothing in what is read; else None."""
    names = {recognise(listing.seen.page).name for listing in found.lists}
    if len(names) != 1 or names == {"generic"}:
        if len(names) > 1:
            found.unsure.append(f"the lists bear marks of several families: {', '.join(sorted(names))}")
        return None
    name = names.pop()
    pages = [found.lists[0].seen, *(sample.seen for sample in found.samples[:SAMPLES])]
    for seen in pages:
        plain, named = seen.reading, scout.again(seen, family=name)
        if (plain.kind, plain.entries, plain.next) != (named.kind, named.entries, named.next) or (
            plain.record is not None and named.record is not None and plain.record.text != named.record.text
        ):
            found.unsure.append(f"{seen.url} reads otherwise when taken for family {name}: left to its own evidence")
            return None
    return name
