"""Plain values: what means nothing, organisation names, the year a report is about (DOMAIN.md sections 2.1, 3)."""

from __future__ import annotations

import re

from crawler.fields.numerals import NUMERAL, from_numeral

_WORDS = r"无 暂无 没有 空 / \ - -- --- — —— _ * . null none undefined nan n/a 未知 不详"
_NOTHING = frozenset(_WORDS.split())
_EDGES = " \t\r\n\xa0\u3000\x1f\u200b\ufeff\u2003\u2002|｜：:；;，,"
_RUN = re.compile(r"[\s\xa0\u3000\u200b\ufeff\x1f]+")
_CJK_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def clean(text: str | None) -> str | None:
    """The value with its edges trimmed and spaces folded; None where it says nothing (无, dashes, null).

    >>> clean("  某某\u3000市  "), clean("——"), clean("无"), clean("")
    ('某某 市', None, None, None)
    """
    if text is None:
        return None
    value = _RUN.sub(" ", text).strip(_EDGES)
    return None if not value or value.lower() in _NOTHING else value


def organisation(text: str | None) -> str | None:
    """The name of an issuing body without the spaces that only justify it.

    >>> organisation("省 教 育 厅"), organisation("国务院办公厅 财政部"), organisation("/")
    ('省教育厅', '国务院办公厅 财政部', None)
    """
    value = clean(text)
    if value is None or not re.search(r"[\u4e00-\u9fffA-Za-z]", value):
        return None
    pieces = value.split(" ")
    return "".join(pieces) if all(len(piece) == 1 for piece in pieces) else value


_REPORT = re.compile(r"报告|年报|报表|总结|(?:工作|建设|推进|履职|开展)情况")
_YEAR = re.compile(rf"((?:19|20)\d{{2}}|[一二]{NUMERAL}{{3}})\s*(?:年|\s(?=法治|依法))")


def report_year(title: str | None, text: str | None = None) -> int | None:
    """The year a report is about: of its title, else of its first sentence, never of publication; None for no report.

    >>> report_year("某区2021年度法治政府建设情况的报告"), report_year("关于印发2024年工作要点的通知")
    (2021, None)
    >>> report_year("某市法治政府建设年度报告", "二〇一九年，全市认真贯彻……"), report_year("二〇一八年度依法行政报告")
    (2019, 2018)
    """
    if not title or not _REPORT.search(title) or re.search(r"通知$|办法$|解读|公告$", title):
        return None
    match = _YEAR.search(title)
    if match is None and re.search(r"法治政府|依法行政|年度|年报", title):
        match = _YEAR.search(re.split(r"[。！\n]", (text or "").strip(), maxsplit=1)[0][:300])
    return from_numeral(match[1]) if match else None
