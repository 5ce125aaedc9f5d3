"""gkmlpt, the disclosure platform of Guangdong: a shell page with `_CONFIG`, lists as JSON (DOMAIN.md section 6.4)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.cms import addresses
from crawler.cms.base import Entry, Family, Turn
from crawler.page import Page

_BEIJING = timezone(timedelta(hours=8))
_PER_PAGE = 100
_API = re.compile(r"/gkmlpt/api/all/(\d+)$")


def _answer(page: Page) -> dict[str, object] | None:
    if not page.text.lstrip().startswith("{") or '"articles"' not in page.text:
        return None
    try:
        found = json.loads(page.text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("articles"), list) else None


def _day(article: dict[str, object]) -> str | None:
    """The day an article went online; `date` is the day of the document and only stands in."""
    shown = article.get("display_publish_time") or article.get("created_at") or article.get("date")
    if isinstance(shown, str) and re.match(r"\d{4}-\d{2}-\d{2}", shown):
        return shown[:10]
    try:
        return datetime.fromtimestamp(int(str(shown)), _BEIJING).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


class Gkmlpt(Family):
    name = "gkmlpt"
    containers = (
        "//div[contains(@class, 'article-content')]",
        "//div[contains(@class, 'content') and contains(@class, 'article')]",
    )
    article_url = (addresses.ARTICLE_PATTERNS["post"],)

    def fingerprint(self, page: Page) -> str | None:
        if re.search(r"window\._CONFIG\s*=", page.text) and "SID" in page.text:
            return "window._CONFIG with SID"
        return "gkmlpt API answer" if _API.search(urlsplit(page.url).path) else None

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        answer = _answer(page)
        if answer is None:
            return None
        found: list[Entry] = []
        articles = answer["articles"]
        for article in articles if isinstance(articles, list) else []:
            url = (
                addresses.join(page.url, str(article.get("url") or article.get("post_url") or ""))
                if isinstance(article, dict)
                else None
            )
            if url is not None:
                found.append(Entry(url, str(article.get("title") or "").strip() or None, _day(article)))
        return tuple(found)

    def next_page(self, page: Page) -> Turn | None:
        answer = _answer(page)
        return _from_shell(page) if answer is None else _from_answer(page, answer)

    def columns(self, page: Page) -> tuple[tuple[str, str], ...]:
        """The categories of the TREE that hold anything; those without children, whose lists are theirs alone."""
        start = re.search(r"['\"]?\bTREE['\"]?\s*[:=]\s*(?=\[)", page.text)
        if start is None:
            return ()
        try:
            tree, _ = json.JSONDecoder().raw_decode(page.text, start.end())
        except (ValueError, RecursionError):
            return ()
        shell = addresses.join(page.url, "/gkmlpt/index")
        return tuple((f"{shell}#{number}", name) for number, name in _leaves(tree))


def _leaves(nodes: object, depth: int = 0) -> Iterator[tuple[int, str]]:
    for node in nodes if isinstance(nodes, list) and depth < 10 else ():
        if not isinstance(node, dict) or node.get("jump_url"):
            continue
        if node.get("children"):
            yield from _leaves(node["children"], depth + 1)
        elif isinstance(node.get("id"), int) and node.get("post_count") != 0:
            yield node["id"], str(node.get("name") or "").strip()


def _from_shell(page: Page) -> Turn | None:
    """The first API page of the category the URL's fragment or the page's script names."""
    if "_CONFIG" not in page.text:
        return None
    site = re.search(r"\bSID['\"]?\s*:\s*['\"]?(\w+)", page.text)
    category = re.search(r"#(\d+)$", page.url) or re.search(
        r"\b(?:CATEGORY_ID|cur_?classify_?id|classify_id)['\"]?\s*[:=]\s*['\"]?(\d+)", page.text, re.I
    )
    if site is None or re.search(r"/post_\d+\.html", page.url):
        return None
    if category is None:
        return Turn("window._CONFIG", stop_reason="the page names no category: add its number as #1234 to the URL")
    url = addresses.join(page.url, f"/gkmlpt/api/all/{category[1]}?{urlencode({'page': 1, 'sid': site[1]})}")
    return Turn(f"_CONFIG SID {site[1]}, category {category[1]}", url=url)


def _from_answer(page: Page, answer: dict[str, object]) -> Turn | None:
    """Pages of 100; pages 0 and 1 are the same."""
    path = _API.search(urlsplit(page.url).path)
    if path is None:
        return None
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    number = max(int(query.get("page", "1") or 1), 1) if query.get("page", "1").isdigit() else 1
    classify = answer.get("classify")
    total = classify.get("post_count") if isinstance(classify, dict) else None
    records = int(total) if isinstance(total, int) or (isinstance(total, str) and total.isdigit()) else None
    pages = -(-records // _PER_PAGE) if records is not None else None
    articles = answer["articles"]
    if not articles or (pages is not None and number >= pages):
        return Turn(
            f"page {number}", stop_reason=f"last page: {records} records", page_count=pages, record_count=records
        )
    url = addresses.join(page.url, f"{path[0]}?{urlencode({**query, 'page': number + 1})}")
    return Turn(f"post_count {records}, page {number}", url=url, page_count=pages, record_count=records)
