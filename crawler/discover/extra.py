"""Sitemaps and feeds of a site: its lists where it has no other, something extra where they show more than those."""

from __future__ import annotations

from dataclasses import replace

from archive.dedup import canonical_url
from crawler.cms import addresses
from crawler.cms.feeds import sitemaps
from crawler.discover.columns import Column, shape
from crawler.discover.sampling import SAMPLES, Listing, Survey, sample, usable
from crawler.discover.scout import Scout, Seen, UnseenError
from crawler.registry import host_of

CHILDREN = 10  # sitemaps of one index that are looked at
FEED_LINKS = "//link[@rel='alternate' and (@type='application/rss+xml' or @type='application/atom+xml')]/@href"


async def extra(scout: Scout, first: Seen, found: Survey) -> None:
    """Look at the feeds the pages name and the sitemaps robots.txt names; without any list, at /sitemap.xml too."""
    pages = [first, *(one.seen for one in (*found.homes, *found.lists))]
    ways = [Column(url, None, f"feed named on {seen.url}") for seen in pages for url in _feeds(seen)]
    ways += [Column(url, None, "sitemap named in robots.txt") for url in scout.sitemaps]
    if not found.lists:
        ways.append(
            Column(f"{first.url.split('://')[0]}://{host_of(first.url)}/sitemap.xml", None, "the site's sitemap")
        )
    listed = bool(found.lists)
    met: set[str] = set()
    while ways and len(met) < CHILDREN * 2:
        column = ways.pop(0)
        if host_of(column.url) != host_of(first.url) or canonical_url(column.url) in met:
            continue
        met.add(canonical_url(column.url))
        try:
            seen = await scout.see(column.url)
            ways += [Column(url, None, f"named in {column.url}") for url in sitemaps(seen.page)[:CHILDREN]]
            await _judge(scout, Listing(column, seen, seen.reading), found, beside=listed)
        except UnseenError as error:
            found.passed.append((column.url, str(error)))


def _feeds(seen: Seen) -> list[str]:
    named = (addresses.join(addresses.base_of(seen.page), str(href)) for href in seen.page.root.xpath(FEED_LINKS))
    return [url for url in named if url is not None]


async def _judge(scout: Scout, listing: Listing, found: Survey, *, beside: bool) -> None:
    """Take a feed of announcements: as a list where there is no other, else for what the lists do not show."""
    rows = usable(listing.reading.entries, listing.seen.url)
    if listing.reading.kind != "list" or not rows:
        return
    if beside:
        known = [entry for entry in rows if shape(entry.url) in found.shapes]
        shown = {canonical_url(entry.url) for one in found.lists for entry in one.reading.entries}
        if len(known) * 2 >= len(rows) and any(canonical_url(entry.url) not in shown for entry in rows):
            found.extra.append(listing)
        return
    before = len(found.samples)
    troubles = await sample(
        scout, replace(listing, reading=replace(listing.reading, entries=tuple(rows))), found, SAMPLES
    )
    if len(found.samples) > before:
        found.lists.append(listing)
    else:
        found.passed.append((listing.seen.url, troubles[0] if troubles else "none of its entries is on this site"))
