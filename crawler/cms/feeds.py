"""XML sitemaps and RSS or Atom feeds: extra discovery where a site offers them."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lxml import etree

from crawler.cms import addresses
from crawler.cms.base import Entry, Family, Turn
from crawler.cms.dates import FULL, iso
from crawler.cms.titles import squeeze
from crawler.page import Page

_ROOTS = {"urlset", "sitemapindex", "rss", "RDF", "feed"}


def _parse(page: Page) -> etree._Element | None:
    """The XML root of a feed, without entities or network; None when the page is none."""
    head = page.text.lstrip("\ufeff \r\n\t")[:600]
    if not head.startswith("<") or not re.search(r"<(?:\w+:)?(?:urlset|sitemapindex|rss|RDF|feed)\b", head):
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(page.text.lstrip("\ufeff \r\n\t").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and _local(root) in _ROOTS else None


def _local(node: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _child(node: etree._Element, *names: str) -> str | None:
    """The text (or href) of the first child of one of these names, namespaces ignored."""
    for name in names:
        for found in node:
            text = squeeze("".join(map(str, found.itertext()))) if _local(found) == name else ""
            if _local(found) == name and (text or found.get("href")):
                return text or found.get("href")
    return None


def _may_be_article(url: str) -> bool:
    """A sitemap names every page of a site: about.html and the columns are no announcements."""
    if addresses.article_pattern(url) is not None:
        return True
    return not addresses.is_column(url) and bool(re.search(r"\d[^/]*$", urlsplit(url).path))


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    found = FULL.search(text)
    if found:
        return iso(*found.groups()[:3])
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except ValueError:
        return None


class Feed(Family):
    name = "feed"

    def fingerprint(self, page: Page) -> str | None:
        root = _parse(page)
        return None if root is None else f"XML <{_local(root)}>"

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        """Articles of a sitemap (no titles; its columns are none), items of a feed. An index has no entries."""
        root = _parse(page)
        if root is None:
            return None
        found: dict[str, Entry] = {}
        for node in root.iter():
            if _local(node) not in {"url", "item", "entry"}:
                continue
            url = addresses.join(page.url, _child(node, "loc", "link", "id") or "")
            if url is not None and (_local(node) != "url" or _may_be_article(url)):
                day = _day(_child(node, "pubDate", "date", "published", "updated", "lastmod"))
                found.setdefault(url, Entry(url, _child(node, "title"), day))
        return tuple(found.values())

    def next_page(self, page: Page) -> Turn | None:
        root = _parse(page)
        return None if root is None else Turn("XML feed", stop_reason="a feed has one page")


def sitemaps(page: Page) -> tuple[str, ...]:
    """The sitemaps that a sitemap index names."""
    root = _parse(page)
    nodes = [node for node in root.iter() if _local(node) == "sitemap"] if root is not None else []
    urls = (addresses.join(page.url, _child(node, "loc") or "") for node in nodes)
    return tuple(url for url in urls if url is not None)
