"""The day a list row shows, in any of the ways list pages write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from crawler.fields import parse_date

# One date, day precision. Not glued to other digits, so that a document number or a phone never passes for one.
FULL = re.compile(
    r"(?<![\d.-])((?:19|20)\d{2})\s*(?:[-/.．－—–]|年)\s*(\d{1,2})\s*(?:[-/.．－—–]|月)\s*(\d{1,2})(?!\d)\s*日?"
)
_TIME = r"(?:[T\s]*\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?)?"
_FRAME = r"[\s\[\]【】()（）〔〕|/:：·•\-–—]*"
_LABEL = (
    r"(?:(?:信息|文件|文章|稿件|最新)?(?:发布|发文|公布|公开|成文|生成|更新|印发|制定|生效|录入|添加|上传|创建|签发|施行)?"
    r"(?:日期|时间|日|于)?)"
)
_ALONE = re.compile(rf"^{_FRAME}{_LABEL}{_FRAME}{FULL.pattern}{_TIME}{_FRAME}$")
_COMPACT = re.compile(rf"^{_FRAME}((?:19|20)\d{{2}})(0[1-9]|1[0-2])([0-3]\d){_FRAME}$")
_MONTH_DAY = re.compile(rf"^{_FRAME}(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*日?{_TIME}{_FRAME}$")
# Day, month and year boxes: pieces joined by one space, in the orders seen on list pages.
_BOXES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(\d{1,2})日? ((?:19|20)\d{2})[-/.年] ?(\d{1,2})月?$"), "dym"),
    (re.compile(r"^((?:19|20)\d{2}) ?[-/.年] ?(\d{1,2}) ?[-/.月]? (\d{1,2})日?$"), "ymd"),
    (re.compile(r"^((?:19|20)\d{2})年? (\d{1,2}) ?[-/.月] ?(\d{1,2})日?$"), "ymd"),
    (re.compile(r"^(\d{1,2}) ?[-/.月] ?(\d{1,2})日? [-/.]? ?((?:19|20)\d{2})年?$"), "mdy"),
    (re.compile(r"^(\d{1,2})日? (\d{1,2})月 ((?:19|20)\d{2})年?$"), "dmy"),
    (re.compile(r"^(\d{1,2})日? [-/.]? ?(\d{1,2})月? ?[-/.] ?((?:19|20)\d{2})年?$"), "dmy"),
    (re.compile(r"^((?:19|20)\d{2})年? (\d{1,2})月? (\d{1,2})日?$"), "ymd"),
)
_PIECE = re.compile(r"^[\s\[\]()（）]*(\d{1,4}[\d年月日/.\-\s]*|[/.\-])[\s\[\]()（）]*$")
_PUBLISHED = re.compile(r"发布|公布|公开|上网|上传|更新|录入")
_DOCUMENT = re.compile(r"成文|生成|发文|印发|制定|签发|生效|施行|失效|截止")


def iso(year: int | str, month: int | str, day: int | str) -> str | None:
    """`2026-09-11`, or None when there is no such day or no page can be of it (before 1949, in years to come)."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if 1949 <= found.year <= date.today().year + 1 else None


def full_date(text: str) -> str | None:
    """The one whole date that `text` is, with label, brackets and time allowed around it; None for anything else."""
    found = _ALONE.match(text) or _COMPACT.match(text)
    return iso(*found.groups()[:3]) if found else None


def without_date(text: str) -> tuple[str, str | None]:
    """A title and the numeric date glued to its head or tail; a date in words (2020年3月1日) belongs to the title."""
    number = r"((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})"
    bracket_open, bracket_close = r"[\s\[【(（|·]", r"[\s\]】)）|]"
    for pattern in (
        rf"^(?P<title>.*[^\s\[【(（|·]){bracket_open}*(?<!\d){number}{_TIME}{bracket_close}*$",
        rf"^{bracket_open}*{number}{_TIME}{bracket_close}+(?P<title>.+)$",
        rf"^{bracket_open}*{number}(?P<title>[^\d\s:：.].*)$",
    ):
        found = re.match(pattern, text, re.S)
        if found:
            parts = [group for group in found.groups() if group and group != found["title"]]
            day = iso(*parts[:3])
            if day:
                return found["title"].strip(), day
    return text, None


def _boxed(pieces: Sequence[str]) -> str | None:
    """A date split over neighbouring elements: a run of two to five pieces of digits and units."""
    cleaned = [re.sub(r"[\s\[\]()（）]+", " ", piece).strip() for piece in pieces]
    for size in (2, 3, 4, 5):
        for start in range(len(cleaned) - size + 1):
            joined = re.sub(r"\s+", " ", " ".join(cleaned[start : start + size]))
            for pattern, order in _BOXES:
                found = pattern.match(joined)
                if found:
                    parts = dict(zip(order, found.groups(), strict=True))
                    day = iso(parts["y"], parts["m"], parts["d"])
                    if day:
                        return day
    return None


def _runs(texts: Iterable[str]) -> list[list[str]]:
    """Neighbouring texts that are nothing but digits, separators and units of a date."""
    runs: list[list[str]] = [[]]
    for text in texts:
        if _PIECE.match(text):
            runs[-1].append(text)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _no_year(_: int) -> int | None:
    return None


def row_date(texts: Sequence[str], year: Callable[[int], int | None] = _no_year) -> str | None:
    """The day a row shows. `texts` are the row's text nodes in order, without the title.

    `year` is asked, with the month, for the year of a row that shows `[09-11]`.

    A whole date that stands alone beats one in running text; a date labelled 发布 beats one labelled 成文; a month and
    day alone count only when the URL or a heading gives the year: nothing is guessed.
    """
    alone: list[tuple[int, int, str]] = []
    for place, text in enumerate(texts):
        if len(text) > 60:
            continue
        day = full_date(text)
        if day:
            own = re.search(r"[\u4e00-\u9fff]{2}", text)
            before = texts[place - 1] if place and len(texts[place - 1]) <= 12 else ""
            label = text if own else before
            rank = 0 if _PUBLISHED.search(label) else 2 if _DOCUMENT.search(label) else 1
            alone.append((rank, place, day))
    if alone:
        return min(alone)[2]
    for run in _runs(texts):
        day = _boxed(run)
        if day:
            return day
    for text in texts:
        labelled = re.search(rf"(?:发布|公布|公开)\w{{0,4}}[:：\s]*{FULL.pattern}", text)
        found = labelled or FULL.search(text)
        if found:
            day = iso(*found.groups()[:3])
            if day:
                return day
    return _otherwise(texts) or _month_day(texts, year)


def _otherwise(texts: Sequence[str]) -> str | None:
    """A day written in full-width digits or Chinese numerals."""
    for text in texts:
        moment = parse_date(text) if len(text) <= 40 else None
        if moment is not None and len(moment.iso) >= 10:
            return moment.iso[:10]
    return None


def _month_day(texts: Sequence[str], year: Callable[[int], int | None]) -> str | None:
    for text in texts:
        found = _MONTH_DAY.match(text) if len(text) <= 24 else None
        if found:
            known = year(int(found[1]))
            return None if known is None else iso(known, found[1], found[2])
    return None
