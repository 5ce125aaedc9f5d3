"""The grammars of the field hold their promises on any input: no text raises, canonical forms stay as they are."""

from __future__ import annotations

import doctest
import importlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import fields

MODULES = ("codes", "dates", "documents", "names", "numerals")
ALPHABET = "〔〕[]（）()【】年月日号第令公告 　\xa0二〇一九八五三十百千OO零无-—/.:："
ALPHABET += "2019301xX国办发省政关于的通知网ICP备bm\n\x1f"
TEXTS = st.one_of(st.text(max_size=80), st.text(alphabet=ALPHABET, max_size=60))
DAYS = st.dates(min_value=date(1949, 10, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"crawler.fields.{name}"))
    assert results.attempted > 0
    assert results.failed == 0


@given(TEXTS)
def test_no_text_raises(text: str) -> None:
    fields.parse_date(text)
    list(fields.find_dates(text))
    fields.date_in_url(text)
    fields.document_number(text)
    fields.number_of_line(text)
    fields.number_of_title(text)
    fields.index_number(text)
    fields.site_id(text)
    fields.site_ids(text)
    fields.icp_number(text)
    fields.police_number(text)
    fields.division(text)
    fields.clean(text)
    fields.organisation(text)
    fields.report_year(text, text)
    fields.from_numeral(text)


@given(st.one_of(st.floats(), st.integers(min_value=-(10**20), max_value=10**20)))
def test_no_number_raises(value: float) -> None:
    fields.from_epoch(value)


@given(TEXTS)
def test_what_is_canonical_stays_as_it_is(text: str) -> None:
    number = fields.document_number(text)
    if number is not None:
        assert fields.document_number(number) == number
        assert fields.document_key(fields.document_key(number)) == fields.document_key(number)
    index = fields.index_number(text)
    if index is not None:
        assert fields.index_number(index.value) == index
    value = fields.clean(text)
    if value is not None:
        assert fields.clean(value) == value
    moment = fields.parse_date(text)
    if moment is not None:
        again = fields.parse_date(moment.iso)
        assert again is not None
        assert (again.iso, again.precision) == (moment.iso, moment.precision)


@given(DAYS)
def test_every_way_of_writing_a_day_is_the_same_day(day: date) -> None:
    chinese = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    wide = day.isoformat().translate({ord("0") + n: ord("０") + n for n in range(10)})
    spellings = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02d}.{day.day:02d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日",
        f"{day:%Y%m%d}",
        wide,
        f"{chinese}年{fields.to_numeral(day.month)}月{fields.to_numeral(day.day)}日",
        f"{chinese.replace('〇', 'O')}年{fields.to_numeral(day.month)}月{fields.to_numeral(day.day)}日",
        f"发布日期：[{day.isoformat()}]",
    ]
    for spelling in spellings:
        moment = fields.parse_date(spelling)
        assert moment is not None, spelling
        assert (moment.iso, moment.precision) == (day.isoformat(), "day"), spelling


@given(DAYS, st.times())
def test_a_time_is_kept_to_the_precision_that_is_shown(day: date, clock: object) -> None:
    moment = fields.parse_date(f"{day.year}年{day.month}月{day.day}日 {clock:%H:%M}")
    assert moment is not None
    assert moment.iso == f"{day.isoformat()}T{clock:%H:%M}:00+08:00"
    moment = fields.parse_date(f"{day.isoformat()} {clock:%H:%M:%S}.0")
    assert moment is not None
    assert moment.iso == f"{day.isoformat()}T{clock:%H:%M:%S}+08:00"


@given(st.integers(min_value=0, max_value=9999))
def test_numerals_round_trip(number: int) -> None:
    assert fields.from_numeral(fields.to_numeral(number)) == number


@pytest.mark.parametrize(
    "text", ["2019-13-01", "2019-02-30", "二〇一九年十三月一日", "电话：0431-20190101", "1.2.3", "3/4"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert fields.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2026年5月", "2026-05", "month"),
        ("二〇二六年五月", "2026-05", "month"),
        ("2026年度", "2026", "year"),
        ("2024-01-01T02:03:04Z", "2024-01-01T10:03:04+08:00", "time"),
        ("2007-08-20-23:59:59", "2007-08-20T23:59:59+08:00", "time"),
        ("Mon Oct 21 12:51:44 CST 2024", "2024-10-21T12:51:44+08:00", "time"),
        ("2024年1月5日 星期五 下午3:20", "2024-01-05T15:20:00+08:00", "time"),
        ("2024-10-21 25:61", "2024-10-21", "day"),
    ],
)
def test_precision_and_zone_are_what_the_page_shows(text: str, iso: str, precision: str) -> None:
    moment = fields.parse_date(text)
    assert moment is not None
    assert (moment.iso, moment.precision) == (iso, precision)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("临政办发﹝2021﹞7号", "临政办发〔2021〕7号"),
        ("临政办发（2021）7号", "临政办发〔2021〕7号"),
        ("临政办发 [ 2021 ] 7 號", "临政办发〔2021〕7号"),
        ("临政办字〔２０２１〕７号", "临政办字〔2021〕7号"),
        ("苏0104行审〔2020〕1号", "苏0104行审〔2020〕1号"),
        ("中华人民共和国国务院令 第711号", "中华人民共和国国务院令第711号"),
        ("某部公告2026年 第25号", "某部公告2026年第25号"),
        ("2020年第3号", "2020年第3号"),
        ("无", None),
        ("2020-03-10", None),
        ("——", None),
        ("主动公开", None),
    ],
)
def test_a_labelled_number_is_read_in_its_canonical_form(text: str, number: str | None) -> None:
    assert fields.document_number(text) == number


@pytest.mark.parametrize(
    "line",
    [
        "根据临政发〔2020〕5号文件要求，现将有关事项通知如下：",
        "第一号",
        "现予公布，自2020年5月1日起施行",
        "附件：临政发〔2020〕5号",
        "第七次全国人口普查公报（第二号）",
    ],
)
def test_a_line_that_only_quotes_a_number_has_none_of_its_own(line: str) -> None:
    assert fields.number_of_line(line) is None


@given(st.from_regex(r"[0-9A-Z]{8}", fullmatch=True))
def test_exactly_one_check_character_fits_an_organisation_code(stem: str) -> None:
    assert sum(fields.organisation_code_ok(stem + last) for last in "0123456789X") == 1


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_exactly_one_check_character_fits_a_credit_code(stem: str) -> None:
    assert sum(fields.credit_code_ok(stem + last) for last in "0123456789ABCDEFGHJKLMNPQRTUWXY") == 1


@pytest.mark.parametrize(
    ("title", "text", "year"),
    [
        ("临江市2019年法治政府建设工作报告", None, 2019),
        ("临江市关于二〇一九年度依法行政情况的报告", None, 2019),
        ("临江市法治政府建设年度报告", "2018年，在市委的领导下，2019年将继续推进。", 2018),
        ("临江市2020年1号文件", "2019年工作", None),
        ("关于报送2019年度法治政府建设报告的通知", None, None),
        ("工作报告", "2018年以来", None),
    ],
)
def test_the_report_year_is_the_year_the_report_is_about(title: str, text: str | None, year: int | None) -> None:
    assert fields.report_year(title, text) == year
