"""The links of a page that could be entries, and where they stand: menus and side boxes, headings, pagers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

from crawler.cms import addresses
from crawler.cms.dates import full_date
from crawler.cms.titles import choose, is_navigation, link_text, squeeze
from crawler.page import Page

_DEPTH = 40  # ancestors looked at; deeper nesting is damage, and this keeps a hostile page linear
_INLINE = {"font", "b", "strong", "em", "i", "u", "span", "nobr", "center", "big", "small", "p", "label", "a"}
_PLAIN = {"li", "tr", "td", "dd", "dt", "tbody", "h1", "h2", "h3", "h4", "h5", "h6"}
_STATE = re.compile(
    r"^(?:odd|even|first|last|cur|current|on|active|hover|selected|clearfix|fl|fr|line|bg|top|new|\d*)$", re.I
)
_NEVER = {"nav", "footer", "select", "option", "head", "button"}
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|menu|submenu|header|head|foot|footer|bottom|crumbs?|breadcrumbs?|position|location|"
    r"path|dqwz|wz|pager?|pages|pagination|paging|fenye|share|friend\w*|links?|yqlj|copyright|banner|logo|search|"
    r"side|sidebar|aside|leftnav|subnav|topnav|footnav|hot\w*|rank\w*|related|xgxx|xgwz|xgyd|tuijian|recommend\w*|"
    r"weixin|ewm|login|toolbar|popbox|dropdown|map|sitemap|tab-?head|tags?)(?:$|[\s_\d-])"
    r"|nav(?:bar|list|box)?$|menu$|footer|header|sidebar|breadcrumb|youlian|friendlink",
    re.I,
)
_ASIDE = re.compile(
    r"^\W*(?:相关(?:链接|文章|信息|文档|阅读|推荐|新闻|解读|文件)|热点|热门|推荐|排行|点击排行|阅读排行|友情链接|延伸阅读|"
    r"猜你喜欢|最新(?:推荐|更新|文章)|网站导航|快速(?:通道|导航|入口)|专题专栏|热搜|图片新闻|图说)"
)
# A link that a row gives beside its own: 相关解读：…, 附件：…
_LABELLED = re.compile(r"(?:解读|图解|原文|附件|相关(?:链接|文件|文档|政策|新闻|报道))\s*[:：]\s*$")
_PAGER_TEXT = re.compile(r"下一?页|末页|尾页|共\s*\d+\s*[页条]|\d+\s*/\s*\d+\s*页")
_PAGER_CODE = re.compile(r"pag(?:e|er|ination)\w*\s*\(|jpage|maxPageNum", re.I)
_PAGER_NAME = re.compile(r"pag(?:e|es|er|ing|ination)|fenye|fanye", re.I)


@dataclass(slots=True)
class Link:
    """A link of the page that could be an entry; `order` is its place among all links of the page."""

    node: html.HtmlElement
    url: str
    key: str
    text: str
    order: int


def ancestors(node: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The elements around `node` below body, innermost first."""
    for depth, ancestor in enumerate(node.iterancestors()):
        if depth >= _DEPTH or ancestor.tag in {"body", "html"}:
            return
        yield ancestor


def _target(node: html.HtmlElement, base: str) -> str | None:
    """Where a link leads: its href, or the page its script names in quotes."""
    url = addresses.join(base, node.get("href") or "")
    if url is not None:
        return url
    code = f"{node.get('onclick') or ''} {node.get('href') or ''}"
    quoted = re.search(r"""['"]([^'"\s]+\.(?:s?html?|jspx?|aspx?|php|pdf)(?:\?[^'"\s]*)?)['"]""", code, re.I)
    return addresses.join(base, quoted[1]) if quoted else None


def _before(node: html.HtmlElement) -> str:
    """The text right before a link in its own element."""
    previous, parent = node.getprevious(), node.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return squeeze((text or "")[-40:])


def links(page: Page) -> list[Link]:
    """The links that could be entries, in page order: they lead to another page and say something."""
    base = addresses.base_of(page)
    own = addresses.key(page.url)
    found: list[Link] = []
    for order, node in enumerate(page.root.iter("a")):
        url = _target(node, base)
        if url is None or addresses.key(url) == own:
            continue
        text = choose(link_text(node), node.get("title"))
        if not text:
            text = squeeze(" ".join(node.xpath(".//img/@alt")[:1]))
        if (
            is_navigation(text)
            or full_date(text)
            or _LABELLED.search(_before(node))
            or any(ancestor.tag in _NEVER for ancestor in ancestors(node))
        ):
            continue
        found.append(Link(node, url, addresses.key(url), text, order))
    return found


def kind_of_place(node: html.HtmlElement) -> tuple[str, ...]:
    """The kinds of elements a link stands in, innermost first; inline marks and states of rows (odd, on) left out."""
    steps: list[str] = []
    for ancestor in ancestors(node):
        tag = ancestor.tag
        if tag in _INLINE:
            continue
        if tag in _PLAIN:
            steps.append(tag)
            continue
        names = [re.sub(r"\d+$", "", name) for name in (ancestor.get("class") or "").split()]
        steps.append(".".join([tag, *(name for name in names if name and not _STATE.match(name))]))
    return tuple(steps)


@lru_cache(maxsize=4096)
def _named_chrome(classes: str, name: str) -> bool:
    return bool(_CHROME.search(f"{classes} {name}"))


def chrome_around(node: html.HtmlElement) -> html.HtmlElement | None:
    """The innermost element around `node` that is named as menu, footer or side box."""
    for ancestor in ancestors(node):
        if ancestor.tag in {"header", "aside"} or _named_chrome(ancestor.get("class") or "", ancestor.get("id") or ""):
            return ancestor
    return None


def heading_above(node: html.HtmlElement) -> str | None:
    """The short text right above a list: its heading. None when there is none within reach."""
    for ancestor in [node, *ancestors(node)][:5]:
        for count, sibling in enumerate(ancestor.itersiblings(preceding=True)):
            if count > 2:
                break
            if not isinstance(sibling.tag, str) or sibling.tag in {"script", "style", "link", "br"}:
                continue
            text = squeeze(sibling.text_content()[:300])
            if text:
                rowlike = sibling.tag in {"li", "tr", "ul", "ol"} and next(sibling.iter("a"), None) is not None
                return None if rowlike or len(text) > 30 else text
    return None


def is_aside(heading: str | None) -> bool:
    """Whether a heading announces something beside the page's own list: 相关, 热点, 友情链接."""
    return heading is not None and bool(_ASIDE.match(heading))


def pager_below(node: html.HtmlElement) -> bool:
    """Whether a pager follows within reach below the last row."""
    for ancestor in [node, *ancestors(node)][:5]:
        for count, sibling in enumerate(ancestor.itersiblings()):
            if count > 4:
                break
            if isinstance(sibling.tag, str) and sibling.tag not in {"li", "tr"} and _is_pager(sibling):
                return True
    return False


def _is_pager(node: html.HtmlElement) -> bool:
    text = squeeze(node.text_content()[:3000])
    if node.tag == "script":
        return bool(_PAGER_CODE.search(text))
    if any(len(squeeze(anchor.text_content())) >= 10 for anchor in node.iter("a")):
        return False
    named = _PAGER_NAME.search(f"{node.get('class') or ''} {node.get('id') or ''}")
    coded = named and any(_PAGER_CODE.search(script.text or "") for script in node.iter("script"))
    return bool(coded or (len(text) < 200 and (named or _PAGER_TEXT.search(text))))
