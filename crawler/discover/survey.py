"""The survey of a site: which pages are lists, whether what they lead to reads as announcements, what stays unsure."""

from __future__ import annotations

from collections import Counter

from archive.dedup import canonical_url
from crawler.cms import GENERIC, addresses, recognise
from crawler.discover.columns import Column, below, is_home, of_article, shape
from crawler.discover.extra import extra
from crawler.discover.further import further, homes
from crawler.discover.sampling import (
    HOME,
    SAMPLES,
    Listing,
    Sample,
    Survey,
    no_notice,
    opened,
    pager,
    sample,
    several,
    usable,
)
from crawler.discover.scout import Scout, Seen, UnseenError
from crawler.registry import host_of

PARENTS = 6  # columns looked at for the list an article stands in
NEIGHBOURS = 4  # further hosts of the same owner that are looked at
REREAD = 12  # pages read again by the family that is to be named
SLOW = 5.0  # seconds of Crawl-delay from which only the list that was asked for is looked at


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
    await further(scout, first if start is None else start.seen, found, most if start is not None else max(most, 10))
    await homes(scout, found)
    await extra(scout, first, found)
    if not found.lists:
        what = _what(first, found)
        if first.reading.kind == "notice":
            raise UnseenError(f"{url}: reads as an article, but no list of it was found; give the list's URL")
        raise UnseenError(f"{url}: expected a list of announcements or an article of one, found {what}")
    if len(found.samples) < SAMPLES:
        await sample(scout, found.lists[0], found, SAMPLES)
    await _neighbours(scout, found)
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
    if is_home(first.url) or (reading.kind != "notice" and several(first)):
        found.homes.append(Listing(given, first, reading))
        return None
    listing = await opened(scout, given, first)
    if listing is not None:
        return listing
    forced = scout.again(first, as_kind="list")
    rows = usable(forced.entries, first.url)
    if len(rows) > 2 and (reading.kind == "empty" or addresses.is_column(first.url)):
        found.unsure.append(f"{first.url} does not look like a list by itself; it is read as one because it was given")
        return Listing(given, first, forced)
    why = no_notice(reading)
    if reading.kind == "empty" and first.reading.target is None:
        found.passed.append((first.url, "shows no list itself: a script draws it"))
        return None
    if why is not None and len(below(first.page)) > 1:
        found.passed.append((first.url, HOME))
        return None
    if why is not None:
        raise UnseenError(f"{first.url}: expected a list of announcements or an article, found neither: {why}")
    found.samples.append(Sample(first, None))
    found.shapes.add(shape(first.url))
    start = await _around(scout, first, found)
    if start is None:  # it may be an announcement or a page about the office: the lists will tell what theirs are
        found.samples.clear()
        found.shapes.clear()
    return start


async def _around(scout: Scout, article: Seen, found: Survey) -> Listing | None:
    """The list an article stands in: the first that leads to it; else one that leads to pages of the same shape."""
    record = article.reading.record
    tried, fallback = [], None
    for column in of_article(article.page, record.breadcrumb if record else ())[:PARENTS]:
        tried.append(column.url)
        try:
            seen = await scout.see(column.url)
            listing = await opened(scout, column, seen)
        except UnseenError as error:
            found.passed.append((column.url, str(error)))
            continue
        if listing is None:
            found.passed.append((column.url, f"reads as {seen.reading.kind}"))
            continue
        if any(canonical_url(entry.url) == canonical_url(article.url) for entry in listing.reading.entries):
            return listing
        alike = any(shape(entry.url) == shape(article.url) for entry in listing.reading.entries)
        fallback = fallback or (listing if alike and not is_home(seen.url) else None)
    if fallback is None:
        looked = f"looked at {', '.join(tried)}" if tried else "nothing on it names its column"
        found.unsure.append(f"the column of {article.url} was not found ({looked}); the site's lists are taken")
        return None
    found.unsure.append(f"{fallback.seen.url} ({fallback.column.why}) does not show the article on its first page")
    return fallback


async def _take_first(scout: Scout, start: Listing, found: Survey) -> bool:
    """Samples and pager of the list that was asked for. False when its rows are lists themselves: a column home."""
    wanted = SAMPLES - len(found.samples)
    troubles = await sample(scout, start, found, wanted)
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


async def _neighbours(scout: Scout, found: Survey) -> None:
    """Look at one entry of each further host the lists lead to: is it the same site, or one of its own?"""
    known = {host_of(seen.url) for seen in [*(one.seen for one in found.lists), *(one.seen for one in found.samples)]}
    rows = [entry for one in found.lists for entry in usable(one.reading.entries, one.seen.url)]
    counts = Counter(host for entry in rows if (host := host_of(entry.url)) not in known)
    ids = {record.site_id for one in found.samples if (record := one.seen.reading.record) and record.site_id}
    for host, n in counts.most_common(NEIGHBOURS):
        if n < 2:
            continue
        entry = next(entry for entry in rows if host_of(entry.url) == host)
        try:
            seen = await scout.see(entry.url)
        except UnseenError as error:
            found.unsure.append(f"{n} entries lead to {host}, which could not be looked at: {error}")
            continue
        record = seen.reading.record
        if no_notice(seen.reading) is not None or record is None:
            continue
        if ids and record.site_id and record.site_id not in ids:
            found.unsure.append(
                f"{n} entries lead to {host}, a site of its own (网站标识码 {record.site_id}): add it too"
            )
            continue
        found.samples.append(Sample(seen, entry))


def _family(scout: Scout, found: Survey) -> str | None:
    """The family whose marks the lists bear, when naming it changes nothing in what is read; else None."""
    names = {recognise(listing.seen.page).name for listing in found.lists} - {GENERIC.name}
    if len(names) > 1:
        found.unsure.append(f"the lists bear marks of several families: {', '.join(sorted(names))}")
    if len(names) != 1:
        return None
    name = names.pop()
    pages = [*(one.seen for one in found.lists[:REREAD]), *(one.seen for one in found.samples[:REREAD])]
    for seen in pages:
        plain, named = seen.reading, scout.again(seen, family=name)
        if (plain.kind, plain.entries, plain.next) != (named.kind, named.entries, named.next) or (
            plain.record is not None and named.record is not None and plain.record.text != named.record.text
        ):
            found.unsure.append(f"{seen.url} reads otherwise when taken for family {name}: left to its own evidence")
            return None
    return name
