"""The site's other lists: the columns a page links to, its home page, and what those link to in turn."""

from __future__ import annotations

from dataclasses import replace

from archive.dedup import canonical_url
from crawler.cms import addresses
from crawler.discover.columns import Column, columns, is_home, nearest_first, shape
from crawler.discover.sampling import HOME, Listing, Survey, following, opened, sample, several, usable
from crawler.discover.scout import Scout, Seen, UnseenError
from crawler.registry import host_of


async def further(scout: Scout, seed: Seen, found: Survey, most: int) -> None:
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
            listing = await opened(scout, column, seen) or Listing(column, seen, seen.reading)
            await _judge(scout, listing, found, covered)
        except UnseenError as error:
            found.passed.append((column.url, str(error)))
            continue
        if host_of(seen.url) == host_of(seed.url):
            ways += columns(seen.page, [entry.url for entry in listing.reading.entries])
    left = {key for column in ways if (key := canonical_url(column.url)) not in met}
    if left and most:
        found.unsure.append(f"{len(left)} further columns of the site were not looked at; --columns looks at more")


async def _judge(scout: Scout, listing: Listing, found: Survey, covered: set[str]) -> None:
    """Take a column as a list, keep it for later as a home of several, or pass it with the reason."""
    if listing.reading.kind == "list" and not is_home(listing.seen.url) and several(listing.seen):
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
        (later := following(listing.reading)) and canonical_url(later) == canonical_url(url) for listing in found.lists
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
    if following(reading) is None and {canonical_url(entry.url) for entry in reading.entries} <= covered:
        return "shows nothing that the lists taken do not"
    known = sum(shape(entry.url) in found.shapes for entry in rows)
    if known * 2 >= len(rows):
        return None
    before = set(found.shapes)
    samples = len(found.samples)
    troubles = await sample(scout, listing, found, 2)
    strangers = [one for one in found.samples[samples:] if addresses.is_column(one.seen.url)]
    if strangers or found.shapes == before:
        del found.samples[samples:]
        found.shapes = before
        return troubles[0] if troubles else "its entries lead to columns rather than to notices"
    return None


async def homes(scout: Scout, found: Survey) -> None:
    """Take a home of several columns as a list too where it shows what none of their lists does."""
    covered = {canonical_url(entry.url) for listing in found.lists for entry in listing.reading.entries}
    for home in found.homes:
        rows = usable(home.reading.entries, home.seen.url)
        own = [entry for entry in rows if canonical_url(entry.url) not in covered]
        enough = not (found.lists and is_home(home.seen.url))  # a site's home repeats, and leads to anything
        if not enough or not own or (home.column.why != "given" and len(own) * 2 < len(rows)):
            found.passed.append((home.seen.url, HOME))
            continue
        samples = len(found.samples)
        await sample(scout, Listing(home.column, home.seen, replace(home.reading, entries=tuple(own))), found, 1)
        if len(found.samples) == samples:
            found.passed.append((home.seen.url, HOME))
            continue
        found.unsure.append(
            f"{home.seen.url} shows blocks of several columns; {len(own)} entries stand in no other list"
        )
        found.lists.append(home)
        covered |= {canonical_url(entry.url) for entry in own}
