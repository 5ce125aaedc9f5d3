"""What two near-duplicates have in common and two reports of one template do not: wording, numbers, names and year.

Resemblance alone cannot tell them apart: the same template filled in by another agency is more alike than a copy with
site chrome left in. So the wording makes candidates, and the particulars decide. Everything is compared after folding
what mirrors change: traditional characters, case, "+" and spaces, punctuation, pinyin in brackets (DOMAIN.md 7.1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive.folding import fold
from archive.model import Record

EDGE_LINES = 3  # at either end of a text, where a repost adds its line and its date

_PINYIN = re.compile(r"\((?<=[\u3400-\u9fff]\()[a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]{1,6}\)")
_NOT_WORDING = re.compile(r"[\W_]+")
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*(?:[-/.月]\s*\d{1,2}\s*日?|月)(?:\s*\d{1,2}:\d\d(?::\d\d)?)?")
# Four characters in a row, of those that begin with an odd code point: half of them tell as much as all, and both
# copies keep the same half. A regular expression cuts them faster than a loop.
_SHINGLE = re.compile(f"(?=([13579{''.join(map(chr, range(0x61, 0xA000, 2)))}]...))")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"[一二][〇○零o0一二三四五六七八九]{3}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零o一二三四五六七八九", "0000123456789")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3})")
# A name is two characters before what makes them one: 安平 of 安平县, 扬州 of 扬州经济开发区. It is found from its end,
# because few characters of a text can end a name.
_NAME_END = re.compile(r"[省市区县旗州盟镇乡村府局厅委办室处院署部会司所站队]")
_BETWEEN = (
    *("经济", "技术", "高新", "高技术", "高", "产业", "工业", "开发", "示范", "试验"),
    *("旅游", "度假", "保税", "自治", "人民", "新"),
)
_BETWEEN_ENDS = frozenset(word[-1] for word in _BETWEEN)
_MOST_BETWEEN = 6
# What stands before the subject of a title: 安平县司法局 of 安平县司法局关于…, 安平县司法局2021年….
_AGENCY = re.compile(
    r"(?:(?:转发|转载)\W*)?([\u4e00-\u9fff]{3,30}?)(?=关于|(?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{3}年|法治|依法)"
)
# Lines around the document that a copy may have kept (DOMAIN.md section 8); only short lines are looked at.
_CHROME = re.compile(
    r"(?:\W*(?:当前|您(?:现在)?的?)位置|首页\s*[>»-]|(?:文章|信息|稿件)?来源\s*:|发布(?:日期|时间)\s*:|(?:字体|字号|文字大小)"
    r"|(?:浏览|阅读|访问|点击)(?:次数|量|数)?\s*:|分享|[\[【]?\s*(?:打印|关闭|返回(?:顶部|列表))|扫一扫|微信扫"
    r"|(?:责任编辑|责编|编辑|审核|校对)\s*:|(?:上|下)一?[篇条]\s*:|相关(?:链接|文档|文章|阅读)|热搜|网站(?:地图|声明|标识码)"
    r"|(?:主办|承办|协办|主办单位|承办单位|技术支持|版权所有|联系我们|联系电话|地址|邮编)\s*:|.*(?:icp备|公网安备))"
)


@dataclass(frozen=True, slots=True)
class Particulars:
    """A document as near.py compares it; `year` and `agency` are those of the title."""

    shingles: frozenset[str]
    numbers: Counter[str]
    names: Counter[str]
    year: int | None
    agency: str | None


def particulars(record: Record) -> Particulars:
    """Take a record apart for comparison; a record without text has no shingles."""
    title = fold(record.title or "")
    lines = list(_lines(record.text or ""))
    whole = "\n".join(lines)
    wording = _NOT_WORDING.sub("", whole)
    undated = _without_edge_dates(lines)
    numbers = Counter(_NUMBER.findall(_THOUSANDS.sub("", undated)))
    names = Counter(_names(_NOT_WORDING.sub("", title) + wording))
    shingles = frozenset(_SHINGLE.findall(wording))
    return Particulars(shingles, numbers, names, record.report_year or _year(title), _agency(title))


def _lines(text: str) -> Iterator[str]:
    folded, place = fold(text), 0
    for kept in text.splitlines(keepends=True):  # in the folded text a line break is a space like any other
        line = _PINYIN.sub("", folded[place : place + len(kept)].replace("\u200b", "")).strip()
        place += len(kept)
        if line and not (len(line) <= 40 and _CHROME.match(line)):
            yield line


def _names(wording: str) -> Iterator[str]:
    for match in _NAME_END.finditer(wording):
        end = match.start()
        starts = [end - 2] if wording[end - 1 : end] not in _BETWEEN_ENDS else [at - 2 for at in _reach(wording, end)]
        for start in starts:
            if start >= 0 and "\u4e00" <= wording[start] <= "\u9fff" and "\u4e00" <= wording[start + 1] <= "\u9fff":
                yield wording[start : start + 2]


def _reach(wording: str, end: int) -> set[int]:
    """The places from which words of _BETWEEN, _MOST_BETWEEN at most, lead to `end`; it is one of them itself."""
    reached, edge = {end}, {end}
    for _ in range(_MOST_BETWEEN):
        edge = {at - len(word) for at in edge for word in _BETWEEN if wording.endswith(word, 0, at)} - reached
        reached |= edge
    return reached


def _without_edge_dates(lines: list[str]) -> str:
    """The text without full dates at its ends: the day of a repost is no fact of the document."""
    last = len(lines) - EDGE_LINES
    return "\n".join(
        _DATE.sub("", line) if index < EDGE_LINES or index >= last else line for index, line in enumerate(lines)
    )


def _year(folded: str) -> int | None:
    """The one year a title names; None when it names none, or several."""
    plain = _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), folded)
    years = set(_YEAR.findall(plain))
    return int(years.pop()) if len(years) == 1 else None


def _agency(title: str) -> str | None:
    match = _AGENCY.match(title.strip())
    return match[1] if match else None
