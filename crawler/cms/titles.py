"""The title of a list row: the whole of it where the shown text is cut off, without date, bullet and category."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from lxml import etree, html

from crawler.cms.dates import full_date, without_date
from crawler.page import Page

# Link texts that name an action, an address or a place on the site, never an announcement.
_NAVIGATION = re.compile(
    r"^(?:\W*(?:网站|返回|本站|回到|门户)?(?:首页|主页|顶部|列表|目录|上级|栏目)|更多.{0,4}|more.{0,3}|查看(?:更多|全部|详情|原文|全文)?|详情|详细(?:内容|信息)?|"
    r"阅读(?:全文|原文|更多)|继续(?:阅读|浏览).*|全文|点击.{0,6}|下载.{0,4}|附件(?:下载)?\d*|预览|打印|关闭|收藏|分享.{0,3}|登录|注册|退出|搜索|检索|高级搜索|"
    r"上一?[页頁篇条]|下一?[页頁篇条]|[前后]一?页|尾页|末页|最后一?页|第一页|首頁|跳转|go|确定|next|prev(?:ious)?|first|last|end|"
    r"网站地图|联系我们|关于我们|网站声明|版权声明|隐私声明|无障碍.{0,6}|长者.{0,4}|适老.{0,4}|繁[體体].{0,2}|简体.{0,2}|english|移动版|手机版|"
    r"(?:图解|文字|政策|视频|专家|媒体|部门|文件|音频|动漫|图文)?解读|解读材料|政策原文|原文链接|相关解读|pdf|word|docx?|xlsx?|"
    r"(?:https?://|www\.)\S+|[\d\s.…<>«»‹›→←/|\-–—]+)\W*$",
    re.I,
)
_MARKER = re.compile(r"^\W*(?:new|hot|置顶|热|新|荐|最新|顶|图|视频|推荐|转载|原创|头条)\W*$", re.I)
_BULLET = re.compile(r"^[\s·•∙‧▪◆◇■□●○▶►▸»›>★☆✦※\u3000\xa0\u200b\ufeff-]+")
_CUT = re.compile(r"(?:\.{2,}|…+|⋯+|。{3,}|·{3,})\s*$")
_CATEGORY = re.compile(r"^\s*(?:\[[^\[\]]{1,14}\]|【[^【】]{1,14}】|「[^」]{1,14}」|〖[^〗]{1,14}〗)\s*$")
_ZERO_WIDTH = re.compile("[\u200b-\u200f\ufeff]")
_SILENT = {"script", "style", "noscript", "template"}
_BLOCKS = {"div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "li", "section", "article", "td"}
_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:title|tit|bt|biaoti|headline|name|subject)(?:$|[\s_\d-])", re.I)


def squeeze(text: str) -> str:
    """The text on one line; spaces of any kind between words become one, zero-width ones go."""
    if not text.isascii() and _ZERO_WIDTH.search(text):
        text = _ZERO_WIDTH.sub("", text)
    return " ".join(text.split())


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def is_navigation(text: str) -> bool:
    """Whether a link's text names an action (更多, 下一页, 下载, 3) and not something to read."""
    return not text or bool(_NAVIGATION.match(text))


def visible_texts(node: html.HtmlElement) -> list[tuple[html.HtmlElement, str]]:
    """The text nodes under `node` in order, with the element each stands in; no scripts, styles, comments."""
    found: list[tuple[html.HtmlElement, str]] = []
    walk = etree.iterwalk(node, events=("start", "end", "comment"))
    for event, element in walk:
        if event == "start":
            if element.tag in _SILENT:
                walk.skip_subtree()
            elif element.text and (text := squeeze(element.text)):
                found.append((element, text))
        elif element is not node and element.tail and (text := squeeze(element.tail)):
            found.append((element.getparent(), text))
    return found


def _block_title(anchor: html.HtmlElement) -> str | None:
    """The heading inside a link that wraps a whole row (picture, heading, summary, date)."""
    blocks = [node for node in anchor.iterdescendants() if isinstance(node.tag, str)]
    for node in blocks:
        if node.tag in {"h1", "h2", "h3", "h4", "h5", "h6"} or _TITLE_CLASS.search(node.get("class") or ""):
            text = squeeze(node.text_content())
            if len(text) >= 4 and not full_date(text):
                return text
    if not any(node.tag in _BLOCKS for node in blocks):
        return None
    for node in blocks:
        if node.tag in _BLOCKS and not any(child.tag in _BLOCKS for child in node.iterdescendants()):
            text = squeeze(node.text_content())
            if len(text) >= 6 and not full_date(text) and not re.match(r"^[\d\s/.年月日-]+$", text):
                return text
    return None


def link_text(anchor: html.HtmlElement) -> str:
    """What a link says, without what stands in elements of its own inside it: date, category, 置顶 or NEW marks."""
    heading = _block_title(anchor)
    if heading is not None:
        return heading
    kept: list[str] = []
    texts = visible_texts(anchor)
    for parent, text in texts:
        own = parent is not anchor and squeeze(parent.text_content()) == text
        numbered = own and not kept and re.fullmatch(r"\d{1,3}[.、．]?", text)
        dropped = full_date(text) is not None or _MARKER.match(text) or (own and _CATEGORY.match(text)) or numbered
        if dropped and len(texts) > 1:
            continue
        kept.append(text)
    return squeeze(" ".join(kept))


def _line_with(text: str, stem: str) -> str:
    """The line of a tooltip that holds the title, without a label before it (标题：…)."""
    lines = [line for line in re.split(r"[\r\n]+|<br\s*/?>|&#13;", text) if stem in _bare(line)]
    line = lines[0] if lines else text
    return re.sub(r"^\s*(?:标\s*题|文章标题|信息名称|名\s*称|题名)\s*[:：]\s*", "", line)


def choose(text: str, attribute: str | None) -> str:
    """Link text or `title=`: the attribute where it completes or cleans the text, the text where they disagree."""
    whole = re.sub(r"<(?!br)[^>]{1,200}>", "", attribute or "")
    if not _bare(whole) or is_navigation(squeeze(whole)):
        return text
    if not text:
        return squeeze(_line_with(whole, ""))
    stem = _bare(_CUT.sub("", text))
    bare = _bare(whole)
    if stem and stem in bare:
        return squeeze(_line_with(whole, stem))
    if bare in stem:
        return squeeze(whole) if len(bare) >= 6 or len(bare) * 2 >= len(stem) else text
    if _CUT.search(whole) and _bare(_CUT.sub("", whole)) in stem:
        return text
    alike = SequenceMatcher(None, stem[:200], bare[:200], autojunk=False).ratio()
    return squeeze(_line_with(whole, "")) if alike > 0.75 else text


def tidy(title: str) -> tuple[str | None, str | None]:
    """The title without bullet and glued date; and that date."""
    text = _BULLET.sub("", squeeze(title)).strip()
    text, day = without_date(text)
    return (text or None), day


def is_cut(text: str) -> bool:
    """Whether the shown text ends in an ellipsis."""
    return bool(_CUT.search(text))


def meta(page: Page, name: str) -> str | None:
    """The content of a meta tag, name in any case; None when absent or empty."""
    for node in page.root.iter("meta"):
        if (node.get("name") or "").strip().lower() == name.lower():
            text = squeeze(re.sub(r"<[^>]*>", " ", node.get("content") or ""))
            if text:
                return text
    return None
