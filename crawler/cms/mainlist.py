"""The main list of a page: the group of like links that looks most like announcements, and what belongs to it."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from lxml import html

from crawler.cms import addresses, rows
from crawler.cms.base import Entry
from crawler.cms.links import Link, ancestors, chrome_around, heading_above, is_aside, kind_of_place, links, pager_below
from crawler.cms.rows import Row
from crawler.cms.titles import meta, squeeze
from crawler.page import Page

_MOST = 150  # kinds of places looked at, largest first: a page where every link stands differently has no list


@dataclass(slots=True)
class Group:
    """Links that stand at the same kind of place, as rows; and how much they look like a list of announcements."""

    place: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    dates: float = 0.0  # share of rows with a date
    articles: float = 0.0  # share of URLs shaped like articles
    columns: float = 0.0  # share of URLs shaped like columns
    inside: float = 0.0  # share of URLs under the folder of the page
    length: float = 0.0  # mean length of titles, characters
    chrome: bool = False  # stands in a menu, footer or side box, or under a heading such as 相关链接
    heading: str | None = None
    named: bool = False  # its heading is the name of the column
    paged: bool = False  # a pager follows it
    second: bool = False  # every row stands inside a row of another list, behind its link

    @property
    def score(self) -> float:
        value = 0.1 + self.dates + 0.7 * self.articles + 0.4 * self.inside + 0.6 * min(self.length, 30.0) / 30
        value *= math.sqrt(min(len(self.rows), 60))
        value *= (0.2 if self.chrome else 1.0) * (1.5 if self.named else 1.0) * (2.5 if self.paged else 1.0)
        value *= 0.4 if self.second else 1.0
        return value

    @property
    def plausible(self) -> bool:
        """Whether these rows are announcements at all, not a menu."""
        if self.dates >= 0.5:
            return self.length >= 3
        if self.columns >= 0.5 or (self.chrome and self.inside < 0.5):
            return False
        if self.articles >= 0.9 and not self.chrome and len(self.rows) > 1:
            return self.length >= 4
        if self.length < 8:
            return False
        return self.articles >= 0.6 or (self.inside >= 0.6 and not self.chrome and self.length >= 12)


def groups(page: Page) -> list[Group]:
    """Every group of like links on the page, best first."""
    base = addresses.base_of(page)
    candidates = links(page)
    held: Counter[html.HtmlElement] = Counter()
    leads: dict[html.HtmlElement, str] = {}  # the first link of each list item
    buckets: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in candidates:
        buckets[kind_of_place(link.node)].append(link)
        for ancestor in ancestors(link.node):
            held[ancestor] += 1
            if ancestor.tag == "li":
                leads.setdefault(ancestor, link.key)
    names = _column_names(page)
    found: list[Group] = []
    for place, bucket in sorted(buckets.items(), key=lambda kind: -len(kind[1]))[:_MOST]:
        read = rows.read(_without_side_links(bucket), base)
        by_parent: dict[html.HtmlElement | None, list[Row]] = defaultdict(list)
        for row in read:
            by_parent[row.node.getparent()].append(row)
        # Rows of many small parents (cells of table rows) are one list; a few large parents may be several.
        parts = [read] if len(read) < 2 * len(by_parent) else list(by_parent.values())
        for part in parts:
            group = Group(place, part)
            _count(group, page)
            _look_around(group, names, held, len(candidates))
            group.second = len(part) > 1 and all(_behind_another(row.link, leads) for row in part)
            found.append(group)
    return sorted(found, key=lambda group: -group.score)


def _column_names(page: Page) -> set[str]:
    """What the page calls its column: the tag, and the first part of its title."""
    title = squeeze(page.root.xpath("string(//title)"))
    names = {meta(page, "ColumnName") or "", re.split(r"[-_—–|－\s]", title)[0]}
    return {name for name in names if 2 <= len(name) <= 20}


def _without_side_links(bucket: list[Link]) -> list[Link]:
    """The links without the short category or attachment ones that share a row with an article's link."""
    by_row: dict[html.HtmlElement, list[Link]] = defaultdict(list)
    for link in bucket:
        block = next((a for a in ancestors(link.node) if a.tag in {"li", "tr", "dd", "dt", "p"}), None)
        if block is not None:
            by_row[block].append(link)
    said = Counter((link.key, link.text) for link in bucket)
    # An announcement is linked twice at most (picture and text); what many rows link to is their office or category.
    dropped = {link.order for link in bucket if said[link.key, link.text] > 2 and len(link.text) <= 20}
    for together in by_row.values():
        if not 2 <= len({link.key for link in together}) <= 4:
            continue
        longest = max(together, key=lambda link: len(link.text))
        for link in together:
            short = len(link.text) <= 8 and len(link.text) * 2 <= len(longest.text)
            bracketed = re.match(r"^[\[【(（].{1,12}[\]】)）]$", link.text)
            side = bracketed or (short and (addresses.is_column(link.url) or addresses.is_file(link.url)))
            if link.key != longest.key and side:
                dropped.add(link.order)
    return [link for link in bucket if link.order not in dropped]


def _count(group: Group, page: Page) -> None:
    """Fill in the shares that the rows themselves show."""
    count = len(group.rows)
    folder = addresses.folder(page.url)
    group.dates = sum(row.date is not None for row in group.rows) / count
    group.articles = sum(addresses.article_pattern(row.link.url) is not None for row in group.rows) / count
    group.columns = sum(addresses.is_column(row.link.url) for row in group.rows) / count
    group.inside = sum(addresses.key(row.link.url).startswith(folder) for row in group.rows) / count
    group.length = sum(len(row.title or "") for row in group.rows) / count


def _look_around(group: Group, names: set[str], held: Counter[html.HtmlElement], total: int) -> None:
    """Fill in what stands around the rows. A wrapper of nearly all links is no side box, whatever its name."""
    first, last = group.rows[0].node, group.rows[-1].node
    group.heading = heading_above(first)
    box = chrome_around(group.rows[0].link.node)
    group.chrome = (box is not None and held[box] < 0.85 * total) or is_aside(group.heading)
    group.named = group.heading is not None and any(group.heading.startswith(name) for name in names)
    group.paged = pager_below(last)


def _behind_another(link: Link, leads: dict[html.HtmlElement, str]) -> bool:
    """Whether the link stands in a nested list item, and the outer item begins with another link."""
    items = [ancestor for ancestor in ancestors(link.node) if ancestor.tag == "li"]
    return len(items) > 1 and leads.get(items[1]) != link.key


def _alike(group: Group, best: Group) -> bool:
    """Whether another group belongs to the same list: same kind of place or as good, and the same habits."""
    if not group.plausible or group.chrome != best.chrome or (group.dates >= 0.5) != (best.dates >= 0.5):
        return False
    if group.second != best.second or (_titled_apart(group) and (best.paged or best.named)):
        return False
    if group.place == best.place:
        return group.inside >= 0.5 * best.inside and group.articles >= 0.5 * best.articles
    if best.inside < 0.7 or group.inside < 0.8:
        return False
    return group.dates >= 0.8 * best.dates and group.articles >= 0.8 * best.articles


def _titled_apart(group: Group) -> bool:
    """Whether a group has a heading of its own that names neither the column nor a year, month or issue."""
    if group.heading is None or group.named:
        return False
    return len(group.heading) > 12 or not re.search(r"\d", group.heading)


def main_groups(page: Page) -> list[Group]:
    """The groups that make up the page's own list, best first; empty when it has no list of announcements."""
    found = groups(page)
    best = next((group for group in found if group.plausible), None)
    return [] if best is None else [group for group in found if group is best or _alike(group, best)]


def main_rows(page: Page) -> list[Row]:
    """The rows of the page's own list, in page order, one per URL."""
    chosen: dict[str, Row] = {}
    for group in main_groups(page):
        for row in group.rows:
            if group.dates >= 0.8 and row.date is None and addresses.is_column(row.link.url):
                continue  # a menu of the site stands in cells or items like those of the list
            held = chosen.get(row.link.key)
            if held is None or (held.date is None and row.date is not None):
                chosen[row.link.key] = row
    return sorted(chosen.values(), key=lambda row: row.link.order)


def entries(page: Page) -> tuple[Entry, ...]:
    """The main list as entries."""
    return tuple(Entry(row.link.url, row.title, row.date) for row in main_rows(page))
