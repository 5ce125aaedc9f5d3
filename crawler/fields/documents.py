"""文号: canonical form, and where a line or title states its own (GB/T 9704-2012 7.2.5; DOMAIN.md section 2.4)."""

from __future__ import annotations

import re

from crawler.fields.numerals import NUMERAL

_OPEN, _CLOSE = "〔﹝［\\[（(【〈「{〖", "〕﹞］\\]）)】〉」}〗"
_WIDE = {ord("０") + n: ord("0") + n for n in range(10)} | {ord("號"): ord("号"), ord("發"): ord("发")}
_SPACE = re.compile(r"[\s\x1f\u200b\ufeff\u2060]+")
_ORG = r"[\u4e00-\u9fffA-Za-z0-9、·]"
_NUMBER = rf"字?[{_OPEN}](?P<y>(?:19|20)\d{{2}})年?[{_CLOSE}](?P<n>第?[0-9]{{1,5}}(?:[-—、,，][0-9]{{1,5}})*)号?"
_DOCNO = re.compile(rf"(?P<org>{_ORG}{{1,30}}?){_NUMBER}")
_LAST_DOCNO = re.compile(rf"(?P<org>{_ORG}{{1,60}}){_NUMBER}$")
# A title ends in the kind of document; what follows it up to the bracket is the organ's abbreviation.
_KIND = re.compile(r".*(?:通知|公告|通告|意见|办法|规定|决定|方案|批复|函|报告|细则|规划|公示)(?=..)")
_COUNT = rf"(?:\d{{1,5}}|{NUMERAL}{{1,6}})"
# 令第711号, 商务部令2026年第2号, 商务部公告2026年第25号, 2026年第41号令, 第40号令
_ORDER = re.compile(
    rf"(?:[\u4e00-\u9fff、，·（）()]{{0,80}}?(?:令|公告|通告))[（(]?(?:(?:19|20)\d{{2}}年?)?第?{_COUNT}号[）)]?"
)
_ORDER_LAST = re.compile(rf"(?:(?:19|20)\d{{2}}年)?第{_COUNT}号(?:令|公告|通告)?")
_BARE = re.compile(rf"(?:(?:19|20)\d{{2}}年)第?{_COUNT}号")
# Words after which a number quoted in a line belongs to another document.
_QUOTING = re.compile(r"(?:根据|按照|依据|依照|关于|贯彻|落实|转发|印发|废止|修改|执行|附件|参照|《)")
_NONE = frozenset(("无", "无文号", "暂无", "没有", "不编号", "空", "无编号", "/", "-", "--", "——", "—"))
_NONE_LATIN = frozenset(("null", "none", "undefined"))


def tidy(text: str) -> str:
    """Without any space and with ASCII digits, as numbers are compared."""
    return _SPACE.sub("", text).translate(_WIDE)


def document_number(text: str | None) -> str | None:
    """Canonical 文号 of a value that is labelled as one, or None for 无, a dash, and text without a number.

    >>> document_number("国办发[2017] 47 号"), document_number("鲁政字【2020】第012号"), document_number("无")
    ('国办发〔2017〕47号', '鲁政字〔2020〕第012号', None)
    >>> document_number("商务部公告 2026年第25号"), document_number("令第711号")
    ('商务部公告2026年第25号', '令第711号')
    """
    if not text:
        return None
    value = tidy(text).strip("：:；;，,。.")
    if not value or value in _NONE or value.lower() in _NONE_LATIN or len(value) > 120:
        return None
    bracketed = _DOCNO.search(value)
    if bracketed:
        return _canonical(bracketed, value)
    if _ORDER.fullmatch(value) or _ORDER_LAST.fullmatch(value) or _BARE.fullmatch(value):
        return value
    # A label vouches for forms nobody wrote down, such as 财税2016-36号.
    return value if re.search(r"\d", value) and len(value) <= 40 and not _is_date(value) else None


def _is_date(value: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?.*", value))


def _canonical(match: re.Match[str], value: str, org: str | None = None) -> str:
    """`org〔year〕number号`; 第 and leading zeros stay, they are how the document is cited."""
    zi = "字" if value[match.end("org") : match.end("org") + 1] == "字" else ""
    return f"{org or match['org']}{zi}〔{match['y']}〕{match['n']}号"


def document_key(number: str) -> str:
    """What makes two spellings one number: without 第 and leading zeros (GB/T 9704-2012 7.2.5 allows neither).

    >>> document_key("鲁政字〔2020〕第012号") == document_key("鲁政字〔2020〕12号")
    True
    """
    return re.sub(r"第?0*(\d+)(?=号)", r"\1", tidy(number))


_SIGNER = re.compile(r"\s+签\s*发\s*人\s*[:：].*$")  # stands on the line of the 文号 in a report upwards


def number_of_line(line: str) -> str | None:
    """The 文号 when it is all the line says, as above or below a document's title; None for any other line.

    >>> number_of_line("国资发产权规〔2025〕17号"), number_of_line("（吉林法〔2017〕644号）")
    ('国资发产权规〔2025〕17号', '吉林法〔2017〕644号')
    >>> number_of_line("根据国办发〔2017〕47号文件要求"), number_of_line("第一号")
    (None, None)
    """
    if len(line) > 160:
        return None
    value = tidy(_SIGNER.sub("", line))
    if value[:1] in "（(【" and value[-1:] in "）)】":
        value = value[1:-1]
    if not value or value[-1] not in "号令" or _QUOTING.match(value):
        return None
    bracketed = _DOCNO.fullmatch(value)
    if bracketed:
        return _canonical(bracketed, value, _KIND.sub("", bracketed["org"]))
    order = _ORDER.fullmatch(value)
    return value if order and not value.startswith(("令", "公告", "通告")) else None


def number_of_title(title: str) -> str | None:
    """The document's own 文号 where its title states it: an order or announcement number, or 〔〕 in closing brackets.

    >>> number_of_title("《粮食执法办法》 2026年第40号令"), number_of_title("关于印发规划的通知（甲政发〔2020〕5号）")
    ('2026年第40号令', '甲政发〔2020〕5号')
    >>> number_of_title("甲部、乙部令2024年第3号 某某管理办法"), number_of_title("关于转发国办发〔2020〕1号文件的通知")
    ('甲部、乙部令2024年第3号', None)
    >>> number_of_title("某中心转让公告甲产权公发[2019]第20号"), number_of_title("转发改委发改规划〔2024〕5号")
    ('甲产权公发〔2019〕第20号', None)
    """
    for piece in (title, *re.split(r"[\s\u3000]+", title.strip())):
        number = number_of_line(piece)
        if number:
            return number
        if re.fullmatch(rf"(?:(?:19|20)\d{{2}}年)?第{_COUNT}号(?:令|公告|通告)", tidy(piece)):
            return tidy(piece)
    closing = _LAST_DOCNO.search(tidy(title).rstrip("）)】]"))
    org = _KIND.sub("", closing["org"]) if closing else ""
    if closing and org and not _QUOTING.search(org):
        return _canonical(closing, closing.string, org)
    leading = re.match(
        rf"(?P<no>[\u4e00-\u9fff、]{{2,60}}?(?:令|公告|通告)[（(]?(?:(?:19|20)\d{{2}}年)?第{_COUNT}号[）)]?)",
        tidy(title),
    )
    if leading and not _QUOTING.search(leading["no"]):
        return leading["no"]
    trailing = re.search(rf"[（(]?((?:(?:19|20)\d{{2}}年)?第{_COUNT}号令?)[）)]?$", tidy(title))
    return trailing[1] if trailing and ("令" in tidy(title) or "公告" in tidy(title)) and len(trailing[1]) > 4 else None
