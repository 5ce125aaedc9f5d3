"""Who a page that is no notice says it is: lists, empty pages and refusals carry a site's name and number too.

A domain that was sold shows it on its lists first, before any notice is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.history import Who
from crawler.blocking_sight import look
from crawler.fields import clean
from crawler.integrity import judge
from crawler.integrity_marks import BRAND, GAMES, SUPERVISION
from crawler.metadata.blocks import collect
from crawler.metadata.metatags import read_metas
from crawler.metadata.site import read_site
from crawler.page import Page

OFFERS = 3  # links or lines that name a game of chance: news of one may stand on any list
LINE = 60  # characters: an offer is short


@dataclass(frozen=True, slots=True)
class Signature:
    """Who a page says it is, and what speaks against it, in words, where something does."""

    who: Who
    doubt: str | None = None


def sign(page: Page, source_hosts: Sequence[str] = ()) -> Signature:
    """Read the page's own word on its site, and judge it as a notice is judged; offers of games count as well."""
    tag = clean(page.root.findtext(".//title"))
    site = read_site(collect(page.root), read_metas(page.root), tag, None, page.text)
    name = site.name.value if site.name else None
    sight = look(page)
    found = judge(
        page,
        title=tag,
        breadcrumb=(),
        site_name=name,
        body_text="\n".join(sight.lines),
        source_hosts=source_hosts,
    )
    level, reasons = found.level, found.reasons
    if level == "clean" and len(offers := _offers(page)) >= OFFERS:
        level, reasons = "suspect", (f"{len(offers)} offers of games of chance: {offers[0]}",)
    who = Who(site.id.value if site.id else None, name, level)
    return Signature(who, None if level == "clean" else "; ".join(reasons))


def _offers(page: Page) -> list[str]:
    """Lines of links and headings that name a game or a betting brand, and are not about supervision."""
    found = []
    for node in page.root.iter("a", "h1", "h2", "h3", "h4", "p", "li"):
        line = " ".join("".join(node.itertext()).split())
        if 0 < len(line) <= LINE and not SUPERVISION.search(line):
            lowered = line.lower()
            if BRAND.search(lowered) or GAMES.search(lowered):
                found.append(line)
    return list(dict.fromkeys(found))
