"""The main list of a page, found by what rows have in common: place in the tree, dates, article URLs, length of titles.

Longer than most modules: finding, judging and joining groups of links share one small vocabulary.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial

from lxml import html

from crawler.cms import addresses
from crawler.cms.base import Entry
from crawler.cms.dates import full_date, row_date
from crawler.cms.titles import choose, is_cut, is_navigation, link_text, squeeze, tidy, visible_texts
from crawler.page import Page

_DEPTH = 40  # ancestors looked at; deeper nesting is damage, and this keeps a hostile page linear
_INLINE = {"font", "b", "strong", "em", "i", "u", "span", "nobr", "center", "big", "small", "p", "label", "a"}
_PLAIN = {"li", "tr", "td", "dd", "dt", "tbody", "h1", "h2", "h3", "h4", "h5", "h6"}
_STATE = re.compile(
    r"^(?:odd|even|first|last|cur|current|on|active|hover|selected|clearfix|fl|fr|line|bg|top|new|\d*)$", re.I
)
_NEVER = {"nav", "footer", "select", "option", "head", "button"}
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|menu|submenu|header|head|foot|footer|bottom|crumbs?|breadcrumbs?|position|location|path|dqwz|wz|"
    r"pager?|pages|pagination|paging|fenye|share|friend\w*|links?|yqlj|copyright|banner|logo|search|side|sidebar|aside|"
    r"leftnav|subnav|topnav|footnav|hot\w*|rank\w*|related|xgxx|xgwz|xgyd|tuijian|recommend\w*|weixin|ewm|login|toolbar|popbox|"
    r"dropdown|map|sitemap|tab-?head|tags?)(?:$|[\s_\d-])|nav(?:bar|list|box)?$|menu$|footer|header|sidebar|breadcrumb|youlian|friendlink",
    re.I,
)
_ASIDE = re.compile(
    r"^\W*(?:相关(?:链接|文章|信息|文档|阅读|推荐|新闻|解读|文件)|热点|热门|推荐|排行|点击排行|阅读排行|友情链接|延伸阅读|猜你喜欢|最新(?:推荐|更新|文章)|"
    r"网站导航|快速(?:通道|导航|入口)|专题专栏|热搜|图片新闻|图说)"
)


@dataclass(slots=True)
class Link:
    """A link of the page that could be an entry."""

    node: html.HtmlElement
    url: str
    key: str
    text: str
    order: int


@dataclass(slots=True)
class Row:
    """One line of a list: its element, its link(s), and what was read from them."""

    node: html.HtmlElement
    link: Link
    title: str | None = None
    date: str | None = None


@dataclass(slots=True)
class Group:
    """Links that stand at the same kind of place, as rows; and how much they look like a list of announcements."""

    signature: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    dates: float = 0.0  # share of rows with a date
    articles: float = 0.0  # share of URLs shaped like articles
    columns: float = 0.0  # share of URLs shaped like columns
    inside: float = 0.0  # share of URLs under the folder of the page
    length: float = 0.0  # mean length of titles, characters
    chrome: bool = False

    @property
    def score(self) -> float:
        value = 0.1 + self.dates + 0.7 * self.articles + 0.4 * self.inside + 0.6 * min(self.length, 30.0) / 30
        value *= math.sqrt(len(self.rows))
        return value * (0.2 if self.chrome else 1.0)

    @property
    def plausible(self) -> bool:
        """Whether these rows are announcements at all, not a menu."""
        if self.dates >= 0.5:
            return self.length >= 3
        if self.columns >= 0.5:
            return False
        if self.articles >= 0.9 and not self.chrome and len(self.rows) > 1:
            return self.length >= 4
        return self.length >= 8 and (
            self.articles >= 0.6 or (self.inside >= 0.6 and not self.chrome and self.length >= 12)
        )


def _ancestors(node: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for depth, ancestor in enumerate(node.iterancestors()):
        if depth >= _DEPTH or ancestor.tag in {"body", "html"}:
            return
        yield ancestor


def _signature(node: html.HtmlElement) -> tuple[str, ...]:
    """The kinds of elements a link stands in, outermost last; inline marks and row states left out."""
    steps: list[str] = []
    for ancestor in _ancestors(node):
        tag = ancestor.tag
        if tag in _INLINE or not isinstance(tag, str):
            continue
        if tag in _PLAIN:
            steps.append(tag)
            continue
        names = [re.sub(r"\d+$", "", name) for name in (ancestor.get("class") or "").split()]
        steps.append(".".join([tag, *(name for name in names if name and not _STATE.match(name))]))
    return tuple(steps)


def links(page: Page) -> list[Link]:
    """The links that could be entries, in page order: they lead to a page, say something, and are no menu element."""
    base = addresses.base_of(page)
    own = addresses.key(page.url)
    found: list[Link] = []
    for order, node in enumerate(page.root.iter("a")):
        url = addresses.join(base, node.get("href") or "")
        if url is None or addresses.key(url) == own:
            continue
        text = choose(link_text(node), node.get("title"))
        if is_navigation(text):
            text = squeeze(" ".join(node.xpath(".//img/@alt")[:1])) if not text else ""
        if not text and not (node.get("title") or "").strip():
            continue
        if not text or is_navigation(text) or full_date(text) or any(a.tag in _NEVER for a in _ancestors(node)):
            continue
        found.append(Link(node, url, addresses.key(url), text, order))
    return found


def _row_node(link: Link, owners: dict[html.HtmlElement, str | None]) -> html.HtmlElement:
    """The largest element that holds this entry and no other of its group."""
    node = link.node
    for ancestor in _ancestors(link.node):
        if owners.get(ancestor) != link.key or ancestor.tag in {"ul", "ol", "table", "tbody"}:
            break
        node = ancestor
        if node.tag in {"li", "tr"}:
            break
    return node


def _owners(group: list[Link]) -> dict[html.HtmlElement, str | None]:
    """For every ancestor the one entry it holds, None when it holds several."""
    owners: dict[html.HtmlElement, str | None] = {}
    for link in group:
        for ancestor in _ancestors(link.node):
            owners[ancestor] = link.key if owners.get(ancestor, link.key) == link.key else None
    return owners


def _beside(node: html.HtmlElement, stop: set[html.HtmlElement], *, before: bool) -> list[str]:
    """Texts between a row and the next (or the one before): where rows are no element of their own."""
    texts: list[str] = []
    if not before and node.tail:
        texts.append(squeeze(node.tail))
    for count, sibling in enumerate(node.itersiblings(preceding=before)):
        if sibling in stop or count > 6:
            break
        if before and sibling.tail:
            texts.append(squeeze(sibling.tail))
        if isinstance(sibling.tag, str) and sibling.tag not in {"script", "style", "ul", "ol"}:
            texts.extend(text for _, text in visible_texts(sibling)[:12])
            if not before and sibling.tail:
                texts.append(squeeze(sibling.tail))
        elif sibling.tag == html.etree.Comment and not before and sibling.tail:
            texts.append(squeeze(sibling.tail))
    if before and node.getprevious() is None and node.getparent() is not None and node.getparent().text:
        texts.append(squeeze(node.getparent().text))
    return [text for text in texts if text]


def _own_texts(row: Row, base: str) -> list[str]:
    """The row's texts except its title and what other links in it say."""
    texts: list[str] = []
    for parent, text in visible_texts(row.node):
        anchor = parent if parent.tag == "a" else next(parent.iterancestors("a"), None)
        if anchor is not None and anchor is not row.link.node:
            other = addresses.join(base, anchor.get("href") or "")
            if other is not None and addresses.key(other) != row.link.key:
                continue
        if anchor is not None and squeeze(text) == row.link.text:
            continue
        texts.append(text)
    return texts


def _script_date(row: Row) -> str | None:
    """A date an inline script of the row writes."""
    for script in row.node.iter("script"):
        found = re.findall(r"['\"]\s*((?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2})", script.text or "")
        if found:
            return full_date(found[0])
    return None


def _heading_year(node: html.HtmlElement) -> int | None:
    """The year a heading above the row gives (2020年), for rows that show month and day only."""
    for ancestor in [node, *_ancestors(node)][:4]:
        for count, sibling in enumerate(ancestor.itersiblings(preceding=True)):
            if count > 30:
                break
            if isinstance(sibling.tag, str) and sibling.tag != "script":
                found = re.match(r"^\W*((?:19|20)\d{2})\s*年?(?:度)?\W*$", squeeze(sibling.text_content()[:20]))
                if found:
                    return int(found[1])
    return None


def _year(row: Row, month: int) -> int | None:
    """The year of a row that shows month and day only: a heading above it, else what its URL says."""
    return _heading_year(row.node) or addresses.year_of(row.link.url, month)


def _read(rows: list[Row], base: str) -> None:
    """Fill in titles and dates of a group's rows."""
    nodes = {row.node for row in rows}
    for row in rows:
        row.title, glued = tidy(row.link.text)
        row.date = row_date(_own_texts(row, base), partial(_year, row)) or glued or _script_date(row)
    if sum(row.date is not None for row in rows) * 2 >= len(rows):
        return
    readings = [
        [row_date(_beside(row.node, nodes, before=before), partial(_year, row)) for row in rows]
        for before in (False, True)
    ]
    best = max(readings, key=lambda days: sum(day is not None for day in days))
    for row, day in zip(rows, best, strict=True):
        row.date = row.date or day


def _column_date(rows: list[Row]) -> None:
    """In a table with a header row, the column headed 发布日期 beats the one headed 成文日期."""
    for row in rows:
        cell_row = row.node if row.node.tag == "tr" else None
        table = next(cell_row.iterancestors("table"), None) if cell_row is not None else None
        if cell_row is None or table is None:
            continue
        heads = [squeeze(cell.text_content()) for cell in table.xpath("(.//tr)[1]/*[self::td or self::th]")]
        wanted = [
            i for i, head in enumerate(heads) if re.search(r"发布|公开|公布", head) and re.search("日期|时间", head)
        ]
        cells = cell_row.xpath("./td|./th")
        if wanted and len(cells) == len(heads):
            row.date = full_date(squeeze(cells[wanted[0]].text_content())) or row.date


@lru_cache(maxsize=4096)
def _named_chrome(classes: str, name: str) -> bool:
    return bool(_CHROME.search(f"{classes} {name}"))


def _in_chrome(node: html.HtmlElement, held: Counter[html.HtmlElement], total: int) -> bool:
    """Whether an element around the row is named as menu, footer or sidebar; wrappers of the whole page do not count."""
    for ancestor in _ancestors(node):
        if ancestor.tag in {"header", "aside"} or _named_chrome(ancestor.get("class") or "", ancestor.get("id") or ""):
            return held[ancestor] < 0.85 * total
    return False


def _under_aside_heading(node: html.HtmlElement) -> bool:
    """Whether the nearest heading above the list says 相关, 热点, 友情链接..."""
    for ancestor in [node, *_ancestors(node)][:4]:
        for count, sibling in enumerate(ancestor.itersiblings(preceding=True)):
            if count > 2:
                break
            if isinstance(sibling.tag, str) and sibling.tag not in {"script", "style", "li", "tr"}:
                text = squeeze(sibling.text_content()[:200])
                if text and len(text) <= 24:
                    return bool(_ASIDE.match(text))
    return False


def _judge(group: Group, page: Page, held: Counter[html.HtmlElement], total: int) -> Group:
    count = len(group.rows)
    folder = addresses.folder(page.url)
    group.dates = sum(row.date is not None for row in group.rows) / count
    group.articles = sum(addresses.article_pattern(row.link.url) is not None for row in group.rows) / count
    group.columns = sum(addresses.is_column(row.link.url) for row in group.rows) / count
    group.inside = sum(addresses.key(row.link.url).startswith(folder) for row in group.rows) / count
    group.length = sum(len(row.title or "") for row in group.rows) / count
    first = group.rows[0].node
    group.chrome = _in_chrome(first, held, total) or (
        group.rows[-1].node is not None
        and _under_aside_heading(first.getparent() if first.getparent() is not None else first)
    )
    return group


def _principal(bucket: list[Link]) -> list[Link]:
    """Drop the short category or attachment links that share a row element with an article link."""
    by_row: dict[html.HtmlElement, list[Link]] = defaultdict(list)
    for link in bucket:
        block = next((a for a in _ancestors(link.node) if a.tag in {"li", "td", "dd", "dt", "p"}), None)
        if block is not None:
            by_row[block].append(link)
    dropped: set[int] = set()
    for together in by_row.values():
        if len({link.key for link in together}) < 2 or len(together) > 4:
            continue
        longest = max(together, key=lambda link: len(link.text))
        for link in together:
            short = len(link.text) <= 8 and len(link.text) * 2 <= len(longest.text)
            bracketed = re.match(r"^[\[【(（].{1,12}[\]】)）]$", link.text)
            if (
                link.key != longest.key
                and (short or bracketed)
                and (bracketed or addresses.is_column(link.url) or addresses.is_file(link.url))
            ):
                dropped.add(link.order)
    return [link for link in bucket if link.order not in dropped]


def _rows(bucket: list[Link], base: str) -> list[Row]:
    """One row per URL; of several links to one URL the one that says most gives the title."""
    owners = _owners(bucket)
    by_key: dict[str, Row] = {}
    for link in bucket:
        held = by_key.get(link.key)
        if held is None:
            by_key[link.key] = Row(_row_node(link, owners), link)
        elif (is_cut(held.link.text), -len(held.link.text)) > (is_cut(link.text), -len(link.text)):
            held.link = link
    rows = list(by_key.values())
    _read(rows, base)
    _column_date(rows)
    return rows


def groups(page: Page) -> list[Group]:
    """Every group of like links on the page, best first."""
    base = addresses.base_of(page)
    candidates = links(page)
    held: Counter[html.HtmlElement] = Counter()
    buckets: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in candidates:
        buckets[_signature(link.node)].append(link)
        held.update(_ancestors(link.node))
    found: list[Group] = []
    for signature, bucket in buckets.items():
        rows = _rows(_principal(bucket), base)
        by_parent: dict[html.HtmlElement | None, list[Row]] = defaultdict(list)
        for row in rows:
            by_parent[row.node.getparent()].append(row)
        # Rows of many small parents (cells of table rows) are one list; a few large parents may be several.
        parts = [rows] if len(rows) < 2 * len(by_parent) else list(by_parent.values())
        found.extend(_judge(Group(signature, part), page, held, len(candidates)) for part in parts)
    return sorted(found, key=lambda group: -group.score)


def _alike(group: Group, best: Group) -> bool:
    """Whether another group belongs to the same list: same kind of place or as good, and the same habits."""
    if not group.plausible or group.chrome != best.chrome or (group.dates >= 0.5) != (best.dates >= 0.5):
        return False
    if group.signature == best.signature:
        return group.inside >= 0.5 * best.inside and group.articles >= 0.5 * best.articles
    return (
        best.inside >= 0.7
        and group.inside >= 0.8
        and group.dates >= 0.8 * best.dates
        and group.articles >= 0.8 * best.articles
    )


def text_outside_scripts(node: html.HtmlElement) -> str:
    """All visible text under `node`, one space between text nodes."""
    return " ".join(text for _, text in visible_texts(node))


def main_rows(page: Page) -> list[Row]:
    """The rows of the page's own list, in page order; empty when the page has no list of announcements."""
    found = groups(page)
    best = next((group for group in found if group.plausible), None)
    if best is None:
        return []
    chosen: dict[str, Row] = {}
    for group in found:
        if group is best or _alike(group, best):
            for row in group.rows:
                held = chosen.get(row.link.key)
                if held is None or (held.date is None and row.date is not None):
                    chosen[row.link.key] = row
    return sorted(chosen.values(), key=lambda row: row.link.order)


def entries(page: Page) -> tuple[Entry, ...]:
    """The main list as entries."""
    return tuple(Entry(row.link.url, row.title, row.date) for row in main_rows(page))
