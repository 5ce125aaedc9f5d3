"""Labels of info lines and 政府信息公开 tables, and the pairs they cut a line into (DOMAIN.md sections 2.1, 8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.metadata.blocks import EDGE, Block
from crawler.metadata.label_table import FIELD_OF

_GAP = frozenset(" \t\r\n\xa0\u3000\u2002\u2003\u200b\ufeff" + EDGE)
# Traditional forms of label characters, for /gate/big5/ copies and mirrors.
_SIMPLE = str.maketrans(
    "來發佈時間號機關構單題類瀏覽點擊閱讀體責編輯標稱開內錄轉數訪問處佔審圖採門構產聯絡導過長級",
    "来发布时间号机关构单题类浏览点击阅读体责编辑标称开内录转数访问处占审图采门构产联络导过长级",
)
_LONGEST_LABEL = max(map(len, FIELD_OF))
# A label ends in a colon, or fills a pair of brackets.
_DATED = re.compile(rf"[\s\xa0{EDGE}]*(?:19|20)\d\d")
_END = re.compile(r"[:：】\]〗]")
_OPENING = {"】": "【", "]": "[", "〗": "〖"}
_BARE = re.compile(rf"[\s{EDGE}]*([\u4e00-\u9fff][\u4e00-\u9fff\s\xa0]*?)[\s\xa0]*{EDGE}[\s{EDGE}]*(?=[^\s{EDGE}])")
_SQUEEZE = re.compile(r"[\s\xa0\x1f\u200b\ufeff:：\[\]【】〖〗]+")
_BLANK = " \t\r\n\xa0\u3000" + EDGE
# No info line is longer; longer text is the document.
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and what stands after it: record `field`, `label` without spaces, `raw` value with EDGE marks.

    `whole`: the label opens its block and the value ends it. `block` is where the label stands.
    """

    field: str
    label: str
    raw: str
    block: int
    whole: bool
    before_place: bool = False  # a 地点 stands on this line or the next: the pair is about a meeting


def squeeze(text: str) -> str:
    """A label as it is looked up: no spaces, colons or brackets.

    >>> squeeze("【索 引 号】："), squeeze("文\u3000\u3000号 :")
    ('索引号', '文号')
    """
    return _SQUEEZE.sub("", text)


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    start: int
    end: int  # behind the colon or bracket


def _labels(text: str) -> list[_Label]:
    """Every label of a line, found from its colon backwards: trying 300 labels forwards at every character is slow."""
    out: list[_Label] = []
    for match in _END.finditer(text):
        if out and match.start() < out[-1].end:
            continue
        label = _before_colon(text, match.start()) if match[0] in ":：" else _in_brackets(text, match)
        if label and not (out and label.start < out[-1].end):
            out.append(label)
    return out


def _before_colon(text: str, colon: int) -> _Label | None:
    spots: list[int] = []
    n = colon - 1
    while n >= 0 and len(spots) < _LONGEST_LABEL:
        if text[n] not in _GAP:
            if not ("\u4e00" <= text[n] <= "\u9fff" or text[n].isalpha()):
                break
            spots.append(n)
        n -= 1
    name = "".join(text[spot] for spot in reversed(spots)).translate(_SIMPLE)
    for size in range(len(spots), 1, -1):
        if name[-size:] in FIELD_OF:
            start = spots[size - 1]
            # A short word such as 来源 also ends longer ones (资料来源); a longer label is itself wherever it stands.
            # 来源：某局日期：2024-01-02 without any space is an info line all the same.
            glued = (
                name[-size:] in {"日期", "时间"} and _DATED.match(text, colon + 1) is not None and "：" in text[:start]
            )
            if size > 3 or glued or start == 0 or not (text[start - 1].isalpha() or text[start - 1] in "【[〖"):
                return _Label(name[-size:], start, colon + 1)
            # 【字体：大 中 小】: the bracket opens a control, yet ends the value before it. 【来源：某局】 is a pair.
            if text[start - 1] in "【[〖" and FIELD_OF[name[-size:]] != "other":
                return _Label(name[-size:], start - 1, colon + 1)
            if text[start - 1] in "【[〖":
                return _Label("字体", start - 1, colon + 1)
    return None


def _in_brackets(text: str, close: re.Match[str]) -> _Label | None:
    start = text.rfind(_OPENING[close[0]], max(0, close.start() - 24), close.start())
    name = squeeze(text[start + 1 : close.start()]) if start >= 0 else ""
    if name not in FIELD_OF:
        return None
    after = re.compile(rf"[\s\xa0{EDGE}]*[:：]").match(text, close.end())
    return _Label(name, start, after.end() if after else close.end())


def has_label(text: str) -> bool:
    """Whether a label with its colon stands in the text."""
    return bool(_labels(text))


def before_label(text: str) -> str:
    """What stands in front of the first label."""
    found = _labels(text)
    return text[: found[0].start] if found else text


def pairs(blocks: list[Block]) -> Iterator[Pair]:
    """Every labelled pair of the page, in page order."""
    beside = neighbourhood(n for n, b in enumerate(blocks) if len(b.text) < 200 and "索" in b.text and _is_index(b))
    for n, block in enumerate(blocks):
        text = block.text
        if len(text) > LONGEST:
            continue
        found = list(_in_line(blocks, n))
        if found:
            yield from found
            continue
        # Without a colon only a disclosure table vouches for a label: a data table has columns of the same names.
        if n in beside:
            yield from _bare(blocks, n)


def neighbourhood(blocks: Iterable[int]) -> set[int]:
    """The blocks a disclosure table with its 索引号 at one of `blocks` may reach."""
    return {n + k for n in blocks for k in range(-40, 41)}


def _is_index(block: Block) -> bool:
    return re.match(r"(?:信息|公开)?索[引取]", squeeze(block.text)) is not None


def _in_line(blocks: list[Block], n: int) -> Iterator[Pair]:
    text = blocks[n].text
    labels = _labels(text)
    for k, label in enumerate(labels):
        last = k + 1 == len(labels)
        raw = text[label.end :] if last else text[label.end : labels[k + 1].start]
        if last and not raw.strip(_BLANK):
            raw = _neighbour(blocks, n) or ""
        whole = k == 0 and last and not text[: label.start].strip(_BLANK + "（(【[")
        meeting = label.name == "时间" and any("地点" in other.text for other in blocks[n : n + 2])
        yield Pair(FIELD_OF[label.name], label.name, raw, n, whole, meeting)


def _bare(blocks: list[Block], n: int) -> Iterator[Pair]:
    text = blocks[n].text
    label = squeeze(text)
    if label in FIELD_OF:
        raw = _neighbour(blocks, n)
        if raw is not None:
            yield Pair(FIELD_OF[label], label, raw, n, True)
        return
    match = _BARE.match(text)
    if match and squeeze(match[1]) in FIELD_OF:
        yield Pair(FIELD_OF[squeeze(match[1])], squeeze(match[1]), text[match.end() :], n, True)


def _neighbour(blocks: list[Block], n: int) -> str | None:
    """The text of the next block when it is the label's value: the next cell, or box of the same small parent."""
    if n + 1 >= len(blocks):
        return None
    element, other = blocks[n].element, blocks[n + 1].element
    text = blocks[n + 1].text
    if len(text) > LONGEST or _starts_with_label(text) or squeeze(text) in FIELD_OF:
        return None
    if element is other:
        return None  # a line break ends the value
    tag, parent = element.tag, element.getparent()
    if tag in {"td", "th", "dt"} or (parent is not None and parent.tag in {"td", "th", "dt"}):
        cell = element if tag in {"td", "th", "dt"} else parent
        return text if _next_cell(cell) is _cell(other) else None
    if _inside(other, element):
        return text
    if tag == "li":
        return None
    if parent is not None and (other.getparent() is parent or _inside(other, parent)) and len(parent) <= 4:
        return text
    return None


def _starts_with_label(text: str) -> bool:
    found = _labels(text)
    return bool(found) and not text[: found[0].start].strip(_BLANK)


def _cell(element: object) -> object:
    while element is not None and getattr(element, "tag", None) not in {"td", "th", "dd"}:
        element = element.getparent()  # type: ignore[attr-defined]  # an lxml element, typed loosely by its stubs
    return element


def _next_cell(cell: object) -> object:
    following = cell.getnext()  # type: ignore[attr-defined]  # as above
    while following is not None and not isinstance(following.tag, str):
        following = following.getnext()
    return following


def _inside(element: object, ancestor: object) -> bool:
    for _ in range(3):
        element = element.getparent()  # type: ignore[attr-defined]  # as above
        if element is None:
            return False
        if element is ancestor:
            return True
    return False
