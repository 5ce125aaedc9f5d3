"""List page or notice? The signs of each on a page, weighed.

A notice has ArticleTitle, an article URL, an info line or prose of its own; a list has rows of links with dates, a
pager, column tags and a column URL (DOMAIN.md sections 1 and 6.5). A related-links box makes no list, a column home no
notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

from crawler.cms import addresses
from crawler.cms.base import Turn
from crawler.cms.links import ancestors
from crawler.cms.mainlist import Group, main_groups
from crawler.cms.titles import meta, squeeze, visible_texts
from crawler.page import Page

_INFO_LINE = re.compile(
    r"(?:发布(?:日期|时间|于)|发文(?:日期|时间)|(?:文章|信息|稿件|文件|内容|新闻)?来源|(?:^|\s)(?:时间|日期))\s*[:：].{0,120}"
    r"(?:来源|作者|编辑|浏览|阅读|点击|访问|字体|字号|打印|发布机构)|索\s*引\s*号.{0,300}(?:发文|发布|主题|文\s*号)",
    re.S,
)
_READING_TOOLS = re.compile(
    r"字\s*[体号]\s*[:：]|打印(?:本页)?|关闭(?:本页|窗口)|责任编辑|扫一扫在手机|上一[篇条]|下一[篇条]|分享到|保护视力色"
)
_SILENT = {"a", "script", "style", "footer", "nav", "noscript", "select", "option"}
_CONTAINER = re.compile(
    r"^(?:TRS_(?:Editor|UEDITOR)|trs_editor_view|v_news_content|vsb_content\w*|j-fontContent|zoom|UCAP-CONTENT|article-content|"
    r"pages_content)$",
    re.I,
)
_LONG_TITLE = 14  # characters
# Patterns that columns never follow; the remaining ones are weaker hints.
_SURE = {
    *("t-date", "art", "art-hex", "content-date", "content", "post", "info"),
    *("hexday", "hexmonth", "uuid", "hex-ymd", "date-path"),
}
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|bottom|copyright|header|nav|menu|banner|search|links?)(?:$|[\s_\d-])", re.I
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One observation: positive weight speaks for a list, negative for a notice."""

    weight: float
    what: str


@lru_cache(maxsize=4096)
def _is_furniture(classes: str, name: str) -> bool:
    return bool(_FURNITURE.search(f"{classes} {name}"))


def _own_texts(page: Page, skip: set[html.HtmlElement]) -> list[str]:
    """The texts of the page outside links, list rows and furniture."""
    body = page.root.find("body")
    found: list[str] = []
    judged: dict[html.HtmlElement, bool] = {}
    for node, text in visible_texts(body) if body is not None else []:
        if node not in judged:
            judged[node] = any(
                one in skip
                or one.tag in _SILENT
                or (one.tag == "div" and _is_furniture(one.get("class") or "", one.get("id") or ""))
                for one in [node, *ancestors(node)]
            )
        if not judged[node]:
            found.append(text)
    return found


def _body_text(page: Page) -> int:
    """Characters in the longest element that is named as an article body."""
    best = 0
    for node in page.root.iter("div", "td", "article", "section", "span"):
        names = [*(node.get("class") or "").split(), node.get("id") or ""]
        if any(_CONTAINER.match(name) for name in names) and not any(
            _is_furniture(one.get("class") or "", "") for one in node.iterancestors("div")
        ):
            linked = sum(len(squeeze(a.text_content())) for a in node.iter("a"))
            best = max(best, len(squeeze(node.text_content())) - linked)
    return best


def _of_address(page: Page) -> list[Sign]:
    pattern = addresses.article_pattern(page.url)
    if pattern is not None:
        return [Sign(-3.0 if pattern in _SURE else -1.0, f"URL shaped like an article ({pattern})")]
    return [Sign(2.0, "URL shaped like a column")] if addresses.is_column(page.url) else []


def _of_tags(page: Page) -> list[Sign]:
    title, column = meta(page, "ArticleTitle"), meta(page, "ColumnName")
    # A template's ArticleTitle repeats the column; a name this long is no column's.
    own = title is not None and (title != column or len(title) >= _LONG_TITLE)
    found: list[Sign] = []
    if own:
        found.append(Sign(-2.5, "ArticleTitle tag"))
    elif column is not None or meta(page, "ColumnType") is not None:
        found.append(Sign(1.5, "column tags without ArticleTitle"))
    if own and meta(page, "PubDate") is not None:
        found.append(Sign(-0.5, "PubDate tag"))
    return found


def _of_text(page: Page, skip: set[html.HtmlElement]) -> list[Sign]:
    signs: list[Sign] = []
    texts = _own_texts(page, skip)
    prose = sum(len(text) for text in texts if len(text) >= 15 and re.search(r"[，。；：]", text))
    if prose >= 150:
        signs.append(Sign(-min(prose / 200, 4.0), f"{prose} characters of prose outside links"))
    if _body_text(page) >= 60:
        signs.append(Sign(-1.5, "text in an element named as an article body"))
    whole = " ".join(texts)
    if _INFO_LINE.search(whole):
        signs.append(Sign(-1.5, "info line or 索引号 table"))
    title = re.split(r"\s*[-_|–—]\s*", squeeze(page.root.xpath("string(//title)")))[0]
    if len(title) >= _LONG_TITLE and any(title in text for text in texts):
        signs.append(Sign(-2.5, "the page's title is a heading on it, too long for a column name"))
    tools = {squeeze(found) for found in _READING_TOOLS.findall(whole)}
    if len(tools) >= 2:
        signs.append(Sign(-1.5, f"tools of an article: {', '.join(sorted(tools)[:3])}"))
    return signs


def _of_rows(groups: list[Group]) -> list[Sign]:
    if groups and groups[0].chrome:
        return [Sign(0.0, "rows of links in a side box only")]
    rows = [row for group in groups for row in group.rows]
    count, dated = len(rows), sum(row.date is not None for row in rows)
    if count < 2:
        return [Sign(0.5, "one row that could be an entry")] if count and dated else [Sign(-1.0, "no rows of links")]
    weight = (1.0 if count < 5 else 2.0 if count < 10 else 3.0) * (1.0 if dated * 2 >= count else 0.5)
    return [Sign(weight, f"{count} rows of links, {dated} with dates")]


def at_a_glance(page: Page) -> list[Sign]:
    """The signs that cost nothing: the URL and the tags."""
    return [*_of_address(page), *_of_tags(page)]


def of_text(page: Page) -> list[Sign]:
    """The signs in the texts, rows of a list not yet set apart: enough where they all speak for a notice."""
    return _of_text(page, set())


def of_rows_and_text(page: Page, turn: Turn | None) -> list[Sign]:
    """The signs that need the rows read. `turn` is what a pager on the page says, None without one."""
    groups = main_groups(page)
    rows = {row.node for group in groups for row in group.rows if not group.chrome}
    # A lone row may be the notice itself, its 来源 a link beside the date: its text counts.
    rows = rows if len(rows) > 1 else set()
    signs = [*_of_rows(groups), *_of_text(page, rows)]
    # Articles of several pages have a pager too: 48201.html leads to 48201_2.html.
    if turn is not None and (turn.url or turn.page_count) and addresses.article_pattern(page.url) is None:
        signs.append(Sign(1.5, f"pager: {turn.evidence}"))
    return signs
