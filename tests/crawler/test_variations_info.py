"""Info lines as they are typed: dates without labels, labels glued to values, names signed in front."""

from __future__ import annotations

import pytest

from crawler.body import chrome
from crawler.reading import read
from tests.crawler.test_variations_titles import BODY, record_of

TITLE = "关于做好2023年防汛准备工作的通知"


@pytest.mark.parametrize(
    ("line", "published", "origin"),
    [
        ("临河市政府门户网站　www.linhe.example　　2006年05月18日　　来源：临河日报", "2006-05-18", "临河日报"),
        ("信息来源：<i>水利局</i>　信息提供日期：<i>2023-05-06 15:02</i>", "2023-05-06T15:02:00+08:00", "水利局"),
        ("<i>来源：水利局网站 </i><i>发布时间：2023-05-06 07:30</i>", "2023-05-06T07:30:00+08:00", "水利局网站"),
        ("来源：市水利局网站　发布日期：2023-05-06", "2023-05-06", "市水利局网站"),
    ],
)  # fmt: skip
def test_the_info_line_is_cut_where_a_reader_would(line: str, published: str, origin: str) -> None:
    record = record_of(f"<h1>{TITLE}</h1><div>{line}</div><div class=nr>{BODY}</div>", title=TITLE)
    assert (record.published, record.origin) == (published, origin)


def test_a_sentence_with_a_date_before_a_label_is_no_publication() -> None:
    line = "会议定于 2006年05月18日，地点：市政府三楼会议室"
    assert record_of(f"<h1>{TITLE}</h1><div class=nr><p>{line}</p>{BODY}</div>", title=TITLE).published is None


@pytest.mark.parametrize("line", ["来源：长河发布作者：李雯编辑：周楠2021-09-17 15:20", "责任编辑：王爽 2021年9月17日"])
def test_a_date_may_close_a_line_of_names(line: str) -> None:
    assert chrome.kind(line) is not None


@pytest.mark.parametrize(
    ("line", "published", "origin"),
    [
        ("信息来源：综合科（2023-05-06）", "2023-05-06", "综合科"),
        ("日期：2023-05-06 ┊ 来源：市住建局 ┊ 阅读次数：33", "2023-05-06", "市住建局"),
        ("发布:2023-05-06 来源:市住建局 作者: 浏览量:", "2023-05-06", "市住建局"),
        ("撰写时间：2023-05-06　文章来源：市住建局", "2023-05-06", "市住建局"),
        ("来源： 央视网　 微博 微信　 2023-05-06 09:10", "2023-05-06T09:10:00+08:00", "央视网"),
        ("来源：“学习强国”学习平台 2023/5/6 8:05", "2023-05-06T08:05:00+08:00", "“学习强国”学习平台"),
        ("<i></i><span>来源：</span><span></span><span>发布时间：</span><span>2023-05-06</span>", "2023-05-06", None),
    ],
)
def test_what_stands_behind_an_origin_is_not_part_of_it(line: str, published: str, origin: str | None) -> None:
    record = record_of(f"<h1>{TITLE}</h1><div>{line}</div><div class=nr>{BODY}</div>", title=TITLE)
    assert (record.published, record.origin) == (published, origin)


def test_a_signer_on_the_line_of_the_number_does_not_hide_it() -> None:
    line = "<p>临政文〔2023〕19号　　　　签发人：周文清</p>"
    record = record_of(f"<h1>{TITLE}</h1><div>发布时间：2023-05-06</div><div class=nr>{line}{BODY}</div>", title=TITLE)
    assert record.document_number == "临政文〔2023〕19号"


def test_a_notice_whose_origin_is_a_link_beside_its_date_is_no_list() -> None:
    info = "<div>发布日期：2023-5-6　信息来源：<a href=http://zj.example.gov.cn>市住建局</a></div>"
    page = f"<html><meta charset=utf-8><title>{TITLE}</title><div><h2>{TITLE}</h2>{info}<div>{BODY}</div></div></html>"
    assert read(page.encode(), "http://www.example.gov.cn/zwgk/show-12.html").kind == "notice"


def test_the_only_info_line_may_stand_below_the_document() -> None:
    below = "<tr><td>来源：办公室　发布日期：2023年5月6日　访问次数：32</td></tr>"
    record = record_of(
        f"<table><tr><td align=center>{TITLE}</td></tr><tr><td>{BODY}</td></tr>{below}</table>", title="林业局"
    )
    assert (record.title, record.published, record.origin) == (TITLE, "2023-05-06", "办公室")


def test_dates_and_origins_of_other_notices_below_are_not_taken() -> None:
    other = "<li><a href=/1.html>关于表彰先进的通知</a><p>来源：人社局　发布日期：2023-0{}-01</p></li>"
    others = "".join(other.format(n) for n in range(1, 4))
    record = record_of(f"<h1>{TITLE}</h1><div>{BODY}</div><ul>{others}</ul>", title=TITLE)
    assert (record.published, record.origin) == (None, None)


@pytest.mark.parametrize(
    "written",
    ['var t="2023-05-06 12:00";document.write(t.substring(0,10))', 'document.write("2023-05-06 12:00".split(" ")[0])'],
)
def test_a_date_that_a_script_cuts_and_writes_is_read(written: str) -> None:
    info = f"发布时间：<script>{written}</script> 来源：<script>document.write('市政府办')</script>"
    record = record_of(f"<h1>{TITLE}</h1><div>{info}</div><div>{BODY}</div>", title=TITLE)
    assert (record.published, record.origin) == ("2023-05-06", "市政府办")


def test_brackets_around_each_pair_are_no_part_of_its_value() -> None:
    info = "【日期：2011-08-02】【来源：市政府办公室】【点击数：12】"
    record = record_of(f"<div class=t>{TITLE}</div><div>{info}</div><div>{BODY}</div>", title=TITLE)
    assert (record.published, record.origin) == ("2011-08-02", "市政府办公室")
