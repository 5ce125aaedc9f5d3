"""List pages: their entries, where the next page is or why there is none, and what they say of their own length."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.cms import FAMILIES, Entry, Family, NextPage, Turn, addresses, mainlist, pager, recognise, scripted, signs
from crawler.cms.base import LAST_PAGE
from crawler.page import Page

__all__ = ["Entry", "Listing", "NextPage", "looks_like_list", "next_part", "read_list"]

# No rows or pager outweigh an article URL together with an ArticleTitle: the page need not be read for them.
_SURELY_A_NOTICE = -5.0
_PART = re.compile(r"(?P<folder>.*/)(?P<name>[^/]*\d[^/]*)\.\w+$")
_NOT_HTML = re.compile(r"\s*(?:[\[{]|[\w$.]+\(\s*[\[{]|<\?xml|<(?:rss|urlset|sitemapindex|feed|datastore)\b)")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page says. Entries are in page order, one per URL.

    `next` is the URL whose GET gives the next page; `request` is set when a GET of a bare URL is not enough. When both
    are None, `stop_reason` says why. `evidence` tells in words what decided.
    """

    entries: tuple[Entry, ...]
    next: str | None
    page_count: int | None
    record_count: int | None
    stop_reason: str | None
    evidence: tuple[str, ...]
    request: NextPage | None = None


def read_list(page: Page, family: Family | None = None) -> Listing:
    """Read a list page; `family` is the one its source names, None lets the page's own marks decide."""
    chosen = family or recognise(page)
    found = chosen.entries(page)
    if found is None:
        found = next((own for other in FAMILIES if (own := other.entries(page)) is not None), None)
    entries = mainlist.entries(page) if found is None else found
    turn = _turn(page, chosen, bool(entries))
    pages, records = pager.counts(page)
    return Listing(
        entries=entries,
        next=turn.url,
        page_count=turn.page_count if turn.page_count is not None else pages,
        record_count=turn.record_count if turn.record_count is not None else records,
        stop_reason=None if turn.url or turn.request else turn.stop_reason,
        evidence=(f"family {chosen.name}: {chosen.fingerprint(page) or 'no mark of any family'}", turn.evidence),
        request=turn.request,
    )


def next_part(page: Page) -> str | None:
    """The next page of an article in parts: what its pager leads to under its own name (48201.html -> 48201_2.html)."""
    own = _PART.match(urlsplit(page.url).path)
    # Reading the pager takes a fifth of reading a page: first see whether the page names its own name with a number.
    bases = set() if own is None else {own["name"], re.sub(r"[_-]\d{1,2}$", "", own["name"])}
    named = "|".join(re.escape(base) for base in bases)
    if own is None or re.search(rf"(?:{named})(?:[_-]\d{{1,2}})?(?:\.\w|[\"'])", page.text) is None:
        return None
    turn = _turn(page, recognise(page), has_entries=True)
    if turn.url is None:
        return None
    following = _PART.match(urlsplit(turn.url).path)
    if following is None or following["folder"] != own["folder"] or re.match(r"(?:index|list|default)\b", own["name"]):
        return None
    return turn.url if re.sub(r"[_-]\d{1,2}$", "", following["name"]) in bases else None


def _turn(page: Page, chosen: Family, has_entries: bool) -> Turn:
    """Evidence in the order of its weight: a plain 下一页 link, the family's own pager, then any other family's."""
    plain = pager.plain(page)
    if plain is not None and plain.url is not None:
        return plain
    stopped = plain
    for family in (chosen, *FAMILIES):
        turn = family.next_page(page)
        if turn is None:
            continue
        if turn.url is not None and addresses.key(turn.url) == addresses.key(page.url):
            turn = replace(turn, url=None, request=None, stop_reason="the pager leads back to this page")
        if turn.url is not None or turn.request is not None:
            return turn
        # A list that is known to end here is not contradicted by a family that merely cannot turn the page.
        if stopped is None or not (stopped.stop_reason or "").startswith(LAST_PAGE):
            stopped = turn
    if not has_entries:
        elsewhere = pager.frame(page) or scripted.first_request(page)
        if elsewhere is not None:
            return elsewhere
    return stopped or Turn("no pager on the page", stop_reason="no pager on the page")


def looks_like_list(page: Page) -> tuple[float, str]:
    """How much the page looks like a list: above 0 a list, below 0 a notice; and the signs that decided, in words."""
    if _NOT_HTML.match(page.text):
        family = recognise(page)
        if family.entries(page):
            return 5.0, f"{family.name}: {family.fingerprint(page)}"
    found = signs.at_a_glance(page)
    if _weight(found) > _SURELY_A_NOTICE:
        texts = signs.of_text(page)
        if _weight([*found, *texts]) > _SURELY_A_NOTICE - 1:
            family = recognise(page)
            if family.entries(page):
                return 5.0, f"{family.name}: {family.fingerprint(page)}"
            texts = signs.of_rows_and_text(page, _turn(page, family, has_entries=True))
        found += texts
    strongest = sorted(found, key=lambda sign: -abs(sign.weight))
    return _weight(found), "; ".join(f"{sign.weight:+.1f} {sign.what}" for sign in strongest)


def _weight(found: list[signs.Sign]) -> float:
    return sum(sign.weight for sign in found)
