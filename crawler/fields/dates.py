"""Dates as government pages write them, to ISO 8601 with the precision the page shows (DOMAIN.md section 2.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from crawler.fields.numerals import NUMERAL, from_numeral

Precision = Literal["year", "month", "day", "time"]

# No page gives a time zone; all of China keeps one.
SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Moment:
    """A date read: `iso` (2026, 2026-05, 2026-05-01 or 2026-05-01T09:30:00+08:00), the `raw` string and its place."""

    iso: str
    raw: str
    precision: Precision
    start: int
    end: int

    @property
    def day(self) -> str:
        """The first ten characters: the day, or less where the page shows less."""
        return self.iso[:10]


# One character for one, so offsets into the original hold.
_NARROW = {ord("０") + n: ord("0") + n for n in range(10)}
_NARROW |= {ord(a): ord(b) for a, b in zip("：－—–―／．〇○Ｔ\u3000\xa0\x1f", ":----/.〇〇T   ", strict=True)}

_YEAR = r"(?P<y>(?:19|20)\d{2})"
_TIME = (
    r"(?:\s*(?:星期.|周.|\(?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*\)?))?[\sT,-]*(?P<half>上午|下午|AM|PM)?\s*"
    r"(?<!\d)(?P<h>\d{1,2})\s*[:时点]\s*(?P<mi>\d{1,2})(?:\s*[:分]\s*(?P<s>\d{1,2})(?:\.\d+)?)?\s*[秒分]?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_NUM = NUMERAL
_FORMS = tuple(
    re.compile(form)
    for form in (
        # 2026-05-01, 2026/5/1, 2026.05.01, 2026年5月1日, spaces between allowed, with or without a time
        rf"(?<!\d){_YEAR}\s*(?:年|-{{1,2}}|/|\.)\s*(?P<m>\d{{1,2}})\s*(?:月|-{{1,2}}|/|\.)\s*(?P<d>\d{{1,2}})(?!\d)"
        rf"\s*[日号]?(?:{_TIME})?",
        # 20260501, 20260501093000
        r"(?<!\d)(?<!\d-)(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)(?:(?P<h>[0-2]\d)(?P<mi>[0-5]\d)(?P<s>[0-5]\d)?)?(?!\d)",
        # Mon Oct 21 12:51:44 CST 2024: java.util.Date printed into a template
        r"(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* (?P<d>\d{1,2}) "
        r"(?P<h>\d\d):(?P<mi>\d\d):(?P<s>\d\d) CST (?P<y>\d{4})",
        # 二〇〇八年五月二十三日
        rf"(?P<y>[一二]\s*{_NUM}\s*{_NUM}\s*{_NUM})\s*年\s*(?P<m>{_NUM}{{1,2}})\s*月\s*(?P<d>{_NUM}{{1,3}})\s*日",
        rf"(?<!\d){_YEAR}\s*(?:年|-|/|\.)\s*(?P<m>\d{{1,2}})(?!\d)\s*(?:月|(?![-/\d.年]))",
        rf"(?P<y>[一二]\s*{_NUM}\s*{_NUM}\s*{_NUM})\s*年\s*(?P<m>{_NUM}{{1,2}})\s*月",
        rf"(?<!\d){_YEAR}\s*年",
        rf"(?P<y>[一二]{_NUM}{{3}})年(?!{_NUM}+月)",
    )
)
_ANY_YEAR = re.compile(r"(?:19|20)\d\d|年")
_MONTHS = {
    name: n
    for n, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}


def parse_date(text: str) -> Moment | None:
    """The first and most precise date in `text`, or None; impossible dates are passed over.

    >>> parse_date("2017年12月20日 10:01").iso, parse_date("二OO八年五月二十三日").iso, parse_date("2026.05").iso
    ('2017-12-20T10:01:00+08:00', '2008-05-23', '2026-05')
    >>> parse_date("发布日期：２０２６/０９/１１").iso, parse_date("2024-02-30"), parse_date("电话 0455-2024188")
    ('2026-09-11', None, None)
    """
    return next(find_dates(text), None)


def find_dates(text: str) -> Iterator[Moment]:
    """Every date in `text`, of the most precise form that occurs, in order."""
    narrow = text.translate(_NARROW)
    if not _ANY_YEAR.search(narrow):
        return
    for form in _FORMS:
        found = [m for m in (_moment(match, text) for match in form.finditer(narrow)) if m]
        if found:
            yield from found
            return


def _moment(match: re.Match[str], text: str) -> Moment | None:
    parts = match.groupdict()
    year = from_numeral(re.sub(r"\s", "", parts["y"]))
    if year is None or not 1900 <= year < 2100:
        return None
    month = _MONTHS.get(parts.get("mon") or "") or _number(parts.get("m"))
    day = _number(parts.get("d"))
    start, end = match.span()
    raw = text[start:end].strip()
    if month is None:
        return None if parts.get("m") else Moment(f"{year:04d}", raw, "year", start, end)
    try:
        stamp = datetime(year, month, day or 1, tzinfo=SHANGHAI)
    except ValueError:
        return None
    if day is None:
        return None if parts.get("d") else Moment(f"{stamp:%Y-%m}", raw, "month", start, end)
    timed = _with_time(stamp, parts)
    if timed is None:
        return Moment(f"{stamp:%Y-%m-%d}", raw, "day", start, end)
    return Moment(timed.isoformat(), raw, "time", start, end)


def _number(text: str | None) -> int | None:
    return from_numeral(text) if text else None


def _with_time(stamp: datetime, parts: dict[str, str | None]) -> datetime | None:
    hour, minute = parts.get("h"), parts.get("mi")
    if hour is None or minute is None:
        return None
    hours = int(hour) + (12 if parts.get("half") in {"下午", "PM"} and int(hour) < 12 else 0)
    try:
        timed = stamp.replace(hour=hours, minute=int(minute), second=int(parts.get("s") or 0))
        zone = parts.get("zone")
        # Machines that write a zone mean it; people never do.
        return timed if zone is None else datetime.fromisoformat(_zoned(timed, zone)).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None


def _zoned(stamp: datetime, zone: str) -> str:
    offset = "+00:00" if zone == "Z" else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return stamp.replace(tzinfo=None).isoformat() + offset


def from_epoch(value: float) -> Moment | None:
    """A Unix time in seconds or milliseconds, as CMS interfaces give it; None when it is no time since 1990.

    >>> from_epoch(1513735275).iso, from_epoch(1513735275000).iso, from_epoch(7) is None
    ('2017-12-20T10:01:15+08:00', '2017-12-20T10:01:15+08:00', True)
    """
    seconds = value / 1000 if value > 10**11 else value
    if not 631_152_000 <= seconds < 4_102_444_800:
        return None
    raw = str(value)
    return Moment(datetime.fromtimestamp(int(seconds), SHANGHAI).isoformat(), raw, "time", 0, len(raw))


_URL_FORMS = tuple(
    re.compile(form)
    for form in (
        r"/t(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})_\d+",  # TRS
        r"/art/(?P<y>20\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})/",  # 大汉
        r"/(?P<y>20\d{2})[-/]?(?P<m>[01]\d)[-/](?P<d>[0-3]\d)/",
        r"/(?P<y>20\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})/",
        r"/(?P<y>20\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)\d*[/_.]",
    )
)


def date_in_url(url: str) -> Moment | None:
    """The day a URL names (DOMAIN.md section 6.5): a hint, it may differ from the page's by a day or more.

    >>> date_in_url("http://www.x.gov.cn/zwgk/202201/t20220115_123456.html").iso
    '2022-01-15'
    >>> date_in_url("http://www.x.gov.cn/art/2024/6/19/art_1861_4982441.html").iso, date_in_url("http://x.gov.cn/a/1.html")
    ('2024-06-19', None)
    """
    for form in _URL_FORMS:
        for match in form.finditer(url):
            moment = _moment(match, url)
            if moment:
                return moment
    return None
