"""Where a page leads to lists: the columns of a menu, the 更多 of a block, the column an article stands in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from urllib.parse import urlsplit

from archive.dedup import canonical_url
from crawler.cms import addresses, recognise
from crawler.cms.titles import is_navigation, meta, squeeze
from crawler.landing import HOMES
from crawler.page import Page
from crawler.registry import host_of

# Columns that hold no announcements (DOMAIN.md section 1, ColumnType): letters of citizens, services, the site itself.
_NOT_ANNOUNCEMENTS = re.compile(
    r"信箱|留言|投诉|诉求|互动|咨询|调查问卷|访谈|搜索|检索|登录|注册|地图|无障碍|适老|长者|邮箱|english|^\W*(?:网站)?首页|"
    r"办事|服务|联系我们|关于我们|声明|帮助|微博|微信|客户端|RSS",
    re.IGNORECASE,
)
_MORE = re.compile(r"^\W*(?:查看)?(?:更多|more)\W*", re.IGNORECASE)
# Article patterns that columns follow too: list.asp?id=5 beside show.asp?id=812, class_10234.html.
_ANYTHING = {"query", "numbered"}
_HOME = re.compile(r"/(?:index|default|main|home)\.\w{2,5}")  # of old sites: index.asp, main.htm
_LINKS = 4000  # of one page; no real one has as many, and a hostile one shall not hold up the looking
_LONGEST = 20  # characters of a column's name
_DATED = re.compile(r"^(?:(?:19|20)\d{2}(?:[-_]?\d{1,2}){0,2}|\d{1,2}|art|info|content)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A page that may be a list: its URL, its name where a link states one, and how we came to know it."""

    url: str
    name: str | None
    why: str


def anchors(page: Page) -> Iterator[tuple[str, str]]:
    """(absolute URL, text) of the links of a page that lead somewhere; of the first some thousand."""
    base = addresses.base_of(page)
    for node in islice(page.root.iter("a"), _LINKS):
        url = addresses.join(base, node.get("href") or "")
        if url is not None:
            text = squeeze(node.text_content()[:200]) or squeeze(node.get("title") or "")
            yield url, text or squeeze(" ".join(node.xpath(".//img/@alt")[:1]))


def is_home(url: str) -> bool:
    """Whether the URL is the entrance of a site."""
    parts = urlsplit(url)
    path = parts.path.lower()
    return (path in HOMES or bool(_HOME.fullmatch(path))) and not parts.query


def is_portal(page: Page) -> bool:
    """Whether the page shows blocks of several columns: two or more 更多 that lead to different places of the site."""
    leads = {
        canonical_url(url) for url, text in anchors(page) if _MORE.match(text) and host_of(url) == host_of(page.url)
    }
    return len(leads - {canonical_url(page.url)}) >= 2


def columns(page: Page, entries: Iterable[str] = ()) -> list[Column]:
    """The columns of the same host a page links to, in page order, 更多 first; its own list entries are none."""
    own = list(entries)
    known = {canonical_url(url) for url in (page.url, *own)}
    notices = {_leaf(url) for url in own or [page.url] if addresses.article_pattern(url) is not None}
    more: list[Column] = []
    rest = [Column(url, name, f"category {name} on {page.url}") for url, name in recognise(page).columns(page)]
    rest = [column for column in rest if canonical_url(column.url) not in known]
    for url, text in anchors(page):
        key = canonical_url(url)
        if key in known or host_of(url) != host_of(page.url) or is_home(url) or not _may_be_column(url, text, notices):
            continue
        known.add(key)
        if _MORE.match(text):
            more.append(Column(url, None, f"更多 on {page.url}"))
        else:
            rest.append(Column(url, text, f"link {text} on {page.url}"))
    return more + rest


def below(page: Page) -> list[Column]:
    """The columns a page links to that lie in its own folder."""
    own = urlsplit(page.url).path.rsplit("/", 1)[0] + "/"
    return [column for column in columns(page) if urlsplit(column.url).path.startswith(own) and own != "/"]


def _may_be_column(url: str, text: str, notices: set[str]) -> bool:
    """`notices`: the names of files the page itself lists; an old site's columns may differ from them by name only."""
    article = addresses.article_pattern(url)
    if article is not None and (article not in _ANYTHING or _leaf(url) in notices):
        return False
    if addresses.is_file(url) or _NOT_ANNOUNCEMENTS.search(text):
        return False
    if _MORE.match(text):
        return True
    # 【3】 and >> are pages of a list.
    named = re.search(r"[^\W\d_]", text) and (not is_navigation(text) or text.endswith("解读"))
    return bool(named) and 2 <= len(text) <= _LONGEST


def _leaf(url: str) -> str:
    """The file name of a URL without its numbers: show.asp, 0.html, class_0.html."""
    return re.sub(r"[0-9]+", "0", urlsplit(url).path.rpartition("/")[2]).lower()


def nearest_first(found: Iterable[Column], url: str) -> list[Column]:
    """Sorted by how much of the path they share with `url`; the order they came in decides among equals."""
    wanted = _steps(url)
    return sorted(
        found, key=lambda column: -sum(1 for _ in takewhile(_same, zip(_steps(column.url), wanted, strict=False)))
    )


def _steps(url: str) -> list[str]:
    return urlsplit(url).path.split("/")[1:-1]


def _same(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def of_article(page: Page, breadcrumb: tuple[str, ...]) -> list[Column]:
    """The columns an article may be listed in, best evidence first: breadcrumb, ColumnName, the folders of its URL."""
    named: dict[str, list[str]] = {}
    for url, text in anchors(page):
        article = addresses.article_pattern(url)
        if host_of(url) == host_of(page.url) and not is_home(url) and (article is None or article in _ANYTHING):
            named.setdefault(text.strip(" >》»·"), []).append(url)
    found = [
        Column(url, crumb, f"breadcrumb {crumb}") for crumb in reversed(breadcrumb) for url in named.get(crumb, ())
    ]
    column = meta(page, "ColumnName")
    found += [Column(url, column, f"ColumnName {column}") for url in named.get(column or "", ())]
    found += [Column(url, None, "the column that the article's URL names") for url in _named_by(page.url)]
    found += [Column(url, None, "the folder of the article's URL") for url in folders(page.url)]
    first = {canonical_url(one.url): one for one in reversed(found)}
    return [one for one in found if first[canonical_url(one.url)] is one]


def _named_by(url: str) -> list[str]:
    """大汉 JCMS writes the column into the article: art_1861_42.html is of col1861 (DOMAIN.md section 6.2)."""
    found = re.search(r"^(?P<site>.*)/art/\d{4}/.*/art_(?P<column>\d+)_\d+\.html?$", url)
    return [f"{found['site']}/col/col{found['column']}/index.html"] if found else []


def folders(url: str) -> list[str]:
    """The folders above an article, without those that are only a date; at most three.

    >>> folders("http://a.example/xxgk/tzgg/202101/t20210105_12.html")
    ['http://a.example/xxgk/tzgg/', 'http://a.example/xxgk/']
    """
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/")[:-1] if step]
    while steps and _DATED.match(steps[-1]):
        steps.pop()
    ways = ["/".join(["", *steps[:n], ""]) for n in range(len(steps), 0, -1)]
    return [f"{parts.scheme}://{parts.netloc}{way}" for way in ways[:3]]


def shape(url: str) -> str:
    """URLs of one template have one shape: host and the article pattern, or the path with its numbers left out.

    >>> shape("http://a.example/x/202101/t20210105_12.html") == shape("http://a.example/y/202202/t20220203_9.html")
    True
    """
    pattern = addresses.article_pattern(url)
    told = None if pattern in _ANYTHING else pattern
    return f"{host_of(url)} {told or re.sub(r'[0-9]+', '0', urlsplit(url).path)}"
