"""Visible headings: runs of blocks that may be the document's title, by tag, class and the info line under them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from crawler.fields import clean, parse_date
from crawler.metadata.blocks import EDGE, Block, names
from crawler.metadata.labels import Pair, before_label, has_label

_TAG_WEIGHT = {"h1": 4.0, "h2": 3.5, "h3": 3.0, "h4": 2.0, "h5": 1.5, "ucaptitle": 5.0, "founder-title": 5.0}
_TITLE_NAME = re.compile(r"title|(?:^|[\s_-])(?:tit|bt|wzbt|headline|subject|biaoti)\d*(?:$|[\s_-])|biaoti|headline")
_NOT_TITLE_NAME = re.compile(
    r"sub-?title|fu-?title|ftitle|title-?(?:noline|list|more)|menu|nav|foot|logo|side|list|tab"
)
_SECTION = re.compile(
    r"^(?:最新|热点|相关|推荐|图片|专题|友情|站内|今日)|"
    r"(?:公告|通知|新闻|动态|要闻|公开|公示|导航|专栏|链接|信息|文件|服务|推荐|排行|导读|回顾|专题|热点)$"
)
# 题注: adopted by whom and when stands under a law's title, in the same box on many pages.
_ADOPTED = re.compile(r"\s*[（(](?:19|20)\d\d年[^（）()]*(?:通过|修订|修正|公布|批准|发布)[^（）()]*[）)]$")
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节])"
)
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}")
_LEADING = " \t\r\n\xa0\u3000\u200b\ufeff\"'“”‘’" + EDGE
# How many blocks after a heading its info line may begin.
_NEAR = 6
_NEAR_WEIGHT = (4.0, 4.0, 3.0, 2.0, 1.5, 1.0, 0.5)
_COLUMNS = (
    "首页 正文 详情 内容 文章 信息公开 政务公开 政府信息公开 通知公告 公告公示 公示公告 工作动态 新闻 详细页 内容页 "
    "文章页 信息详情 新闻详情 当前位置 无标题文档 untitled document 新建网页 法定主动公开内容 相关链接 相关文章 附件 "
    "政府信息公开目录 信息公开目录 扫一扫在手机打开当前页 分享到 相关阅读 相关信息 热点新闻 最新文章"
)
GENERIC = frozenset(_COLUMNS.split())
ORGAN = re.compile(r"[\u4e00-\u9fff]{2,20}(?:政府|委员会|办公室|局|厅|部|院|网|网站|管委会|中心)")
_IGNORED = re.compile(r"[\s\u200b\ufeff\x1f\"'“”‘’]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A visible run that may be the title: its text, the blocks [first, last] it spans, and how good it looks."""

    text: str
    first: int
    last: int
    where: str
    weight: float


@lru_cache(maxsize=2048)
def same(text: str) -> str:
    """A title as titles are compared: NFKC, no spaces, no quotes."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text))


def near_info(blocks: list[Block], labelled: list[Pair]) -> dict[int, float]:
    """What a block gains from an info line under it: most from 来源 and 发布日期, less from other pairs and dates."""
    dated = {
        n for n, block in enumerate(blocks) if len(block.text) <= 80 and block.linked <= 8 and _is_dated(block.text)
    }
    known = {pair.block for pair in labelled if pair.field != "title"}
    sure = {pair.block for pair in labelled if pair.field in {"published", "dated", "origin"}}
    near: dict[int, float] = {}
    for lines, share in ((dated, 0.6), (known, 0.6), (sure, 1.0)):
        for n in lines:
            for k in range(0 if lines is not dated else 1, _NEAR + 1):
                near[n - k] = max(near.get(n - k, 0.0), share * _NEAR_WEIGHT[k])
    # Right below a sentence stands no title but the signature, and the info line below that closes the page.
    return {n: gain for n, gain in near.items() if not any(map(_is_sentence, blocks[max(0, n - 3) : max(0, n)]))}


def _is_sentence(block: Block) -> bool:
    return len(block.text) >= 15 and block.plain.endswith("。")


def _is_dated(text: str) -> bool:
    day = _DAY.search(text)
    rest = len(text.replace(EDGE, "").strip()) - (day.end() - day.start() if day else 0)
    return day is not None and rest <= 30 and not re.search(r"[。，；：]|通过|施行|公布|印发|修[订正]", text)


def headings_of(blocks: list[Block], near: dict[int, float], columns: set[str]) -> list[Heading]:
    """Visible runs that look like a title by tag, class, or by standing on top of the info line."""
    out = []
    n = 0
    while n < len(blocks):
        last = n
        while last + 1 < len(blocks) and blocks[last + 1].element is blocks[n].element and last - n < 5:
            last += 1
        if last > n and any(has_label(b.text) for b in blocks[n : last + 1]):
            last = n  # title and info line share a box, parted by a line break
        heading = _heading(blocks, n, last, near, columns)
        if heading:
            out += [heading, *_without_date(heading, blocks)]
        n = last + 1
    return _without_subtitles(out, blocks)


def _without_subtitles(headings: list[Heading], blocks: list[Block]) -> list[Heading]:
    """The headings, one that stands right under a higher one made lighter: a subtitle is nearer to the info line."""
    over: dict[int, Heading] = {h.last + 1: h for h in headings if len(h.text) >= 8}
    out = []
    for heading in headings:
        above = over.get(heading.first)
        if above and _level(above, blocks) > _level(heading, blocks) > 0:
            heading = replace(heading, weight=heading.weight - 2.0)
        out.append(heading)
    return out


def _level(heading: Heading, blocks: list[Block]) -> float:
    return _TAG_WEIGHT.get(blocks[heading.first].element.tag, 0.0)


def _heading(blocks: list[Block], n: int, last: int, near: dict[int, float], columns: set[str]) -> Heading | None:
    element = blocks[n].element
    weight = max(_looks(blocks[n]))
    linked = sum(b.linked for b in blocks[n : last + 1])
    if linked > 4 or (linked and 2 * linked >= sum(len(b.plain) for b in blocks[n : last + 1])):
        weight -= 4.0  # a link leads away; a title is where one has arrived
    if last in near:
        weight += near[last]
    if weight <= 0:
        return None
    text = clean(" ".join(before_label(b.text).replace(EDGE, "") for b in blocks[n : last + 1]))
    if text is None or not _may_be_title(text, columns) or blocks[last].plain[-1:] in "：:。；":
        return None
    text = _ADOPTED.sub("", text)
    if (len(text) <= 7 and _SECTION.search(text)) or ORGAN.fullmatch(text) or _NUMBERED.match(text):
        weight -= 3.0  # a column's heading, a masthead, a signature or a section of the text
    where = element.tag if element.tag in _TAG_WEIGHT else "heading"
    return Heading(text, n, last, f"{where} of the page", weight)


def _without_date(heading: Heading, blocks: list[Block]) -> list[Heading]:
    """The heading without the date in its box: certain in an element of its own, else for <title> to decide."""
    moment = parse_date(heading.text) if _DAY.search(heading.text) else None
    if moment is None or len(heading.text) - moment.end > 2 or moment.precision not in {"day", "time"}:
        return []
    rest = clean(heading.text[: moment.start].rstrip("（([【 "))
    if rest is None or len(rest) < 4:
        return []
    apart = EDGE in blocks[heading.last].text.rstrip(_LEADING) and heading.text[: moment.start][-1:] in "（( 【["
    weight = heading.weight + (0.3 if apart else -0.5)
    return [Heading(rest, heading.first, heading.last, heading.where, weight)]


def _may_be_title(text: str, columns: set[str]) -> bool:
    if not 4 <= len(text) <= 200 or not re.search(r"[\u4e00-\u9fff]{2}", text):
        return False
    if re.search(r"[>＞»]", text) or same(text) in columns or same(text) in GENERIC:
        return False
    moment = parse_date(text)
    return moment is None or len(text) - (moment.end - moment.start) > 3


def _looks(block: Block) -> list[float]:
    element, weights = block.element, [0.0]
    for depth in range(3):
        if element is None:
            break
        words = names(element)
        if element.tag in _TAG_WEIGHT:
            weights.append(_TAG_WEIGHT[element.tag] - 0.5 * depth)
        if words and _TITLE_NAME.search(words) and not _NOT_TITLE_NAME.search(words):
            weights.append(3.0 - depth)
        element = element.getparent()
    if block.element.get("align") == "center" or "center" in (block.element.get("style") or ""):
        weights.append(1.0)
    for _, _, words in block.marks:
        if _TITLE_NAME.search(words) and not _NOT_TITLE_NAME.search(words):
            weights.append(3.0)
    return weights


def spelled(blocks: list[Block], want: str, near: dict[int, float]) -> list[Heading]:
    """Runs of blocks that together spell a stated title, broken over lines or boxes as the page pleases."""
    target = same(want)
    out = []
    for n, block in enumerate(blocks):
        # The first character settles nearly every block without normalising it.
        if len(block.text) > 400 or not target.startswith(same(block.text.lstrip(_LEADING)[:1])):
            continue
        text = same(before_label(block.text) if has_label(block.text) else block.text)
        if len(text) < 4 or not target.startswith(text):
            continue
        last = n
        while text != target and last + 1 < len(blocks) and last - n < 6 and len(blocks[last + 1].text) <= 400:
            more = same(blocks[last + 1].text)
            if not more or not target.startswith(text + more):
                break
            text, last = text + more, last + 1
        if text == target and block.linked <= 0.6 * len(text):
            weight = 2.0 + max(_looks(block)) + near.get(last, 0.0)
            out.append(Heading(want.strip(), n, last, f"{block.element.tag} of the page", weight))
    return out[:4]
