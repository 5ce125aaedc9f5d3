"""Habits of real pages: documents held in scripts, titles above the text in the editor's box, interviews, summaries."""

from __future__ import annotations

import json

import pytest

from crawler.reading import read
from tests.crawler.test_variations_body import INFO, TITLE, paragraphs, text_of
from tests.crawler.test_variations_titles import MENU, URL

LEAD = "为推动群众体育蓬勃开展，定于5月举办临河市第三届全民健身运动会，现将有关事项通知如下："
CLOSE = "请各单位高度重视，认真组织报名参赛，确保活动安全有序。"


def test_a_short_document_in_a_script_is_no_empty_page() -> None:
    content = "<p>市政府决定：</p><p>任命张建国为市水利局局长，免去李文斌的市水利局局长职务，自2021年9月7日起生效。</p>"
    state = json.dumps({"DETAIL": {"title": TITLE, "content": content}}, ensure_ascii=False)
    page = (
        f"<html><meta charset=utf-8><title>{TITLE}</title><div id=app></div><script>window._CONFIG = {state}</script>"
    )
    reading = read(page.encode(), URL)
    assert reading.kind == "notice"
    assert reading.record is not None
    assert (reading.record.text or "").splitlines()[0] == "市政府决定："


def test_title_and_info_line_inside_the_named_box_are_not_the_text() -> None:
    sizes = "<p>字体大小：<a>大</a> <a>中</a> <a>小</a></p>"
    info = f"<h6><p>信息来源：临河市体育局 发布日期：2021-04-29 18:26:35</p>{sizes}</h6>"
    title = "临河市体育局关于公开征求《临河市公共体育设施管理办法（征求意见稿）》意见的公告"
    box = f"<div class=news_cont_d_wrap><div><h1>{title}</h1></div>{info}<div>{paragraphs([LEAD, CLOSE])}</div></div>"
    assert text_of(box, title=title) == f"{LEAD}\n{CLOSE}"


@pytest.mark.parametrize("heading", ["往期回顾", "往期视频", "近期文章", "历史访谈"])
def test_what_was_shown_before_is_not_the_document(heading: str) -> None:
    past = (
        f"<div><div>{heading}</div><ul><li><a href=1.html>市住建局谈物业管理</a><span>2023-09-15</span></li></ul></div>"
    )
    page = f"<div class=q1><h3>{TITLE}</h3>{INFO}<div>{paragraphs([LEAD, CLOSE])}</div>{past}</div>"
    assert text_of(page) == f"{LEAD}\n{CLOSE}"


@pytest.mark.parametrize("end", ["…", "...", "……"])
def test_the_summary_a_template_repeats_above_the_text_goes(end: str) -> None:
    text = f"<div class=intro>{LEAD[:25]}{end}</div><div>{paragraphs([LEAD, CLOSE])}</div>"
    assert text_of(f"<div class=q1><h2>{TITLE}</h2>{INFO}{text}</div>") == f"{LEAD}\n{CLOSE}"


def test_a_first_line_that_breaks_off_and_is_no_summary_stays() -> None:
    lines = ["“这趟没白跑……”", LEAD, CLOSE]
    assert text_of(f"<div class=q1><h2>{TITLE}</h2>{INFO}<div>{paragraphs(lines)}</div></div>") == "\n".join(lines)


@pytest.mark.parametrize("signature", ["市自来水公司", "临河市水务局办公室"])
def test_the_signature_above_a_closing_info_line_is_no_title(signature: str) -> None:
    info = "<p><span>信息来源：市住建局</span> <span>发布日期：2018年9月12日</span> <span>点击数：1029</span></p>"
    box = f"<div><h4>停水通知</h4><hr><div>{paragraphs([LEAD, CLOSE, signature])}</div>{info}</div>"
    page = f"<html><meta charset=utf-8><title>停水通知</title><body>{MENU}{box}</body></html>"
    record = read(page.encode(), URL).record
    assert record is not None
    assert record.title == "停水通知"
    assert record.published == "2018-09-12"


def test_a_link_named_as_a_file_is_an_attachment_whatever_program_gives_it() -> None:
    given = "<a href='/web/give.jspx?guid=a1b2'>中标通知书.pdf</a>"
    named = "<a href='/xxgk/a1.html'>关于公布目录的通知.html</a>"
    box = f"<div><h2>{TITLE}</h2>{INFO}<div>{paragraphs([LEAD, CLOSE])}</div><p>{given}</p><p>{named}</p></div>"
    page = f"<html><meta charset=utf-8><title>{TITLE}</title><body>{MENU}{box}</body></html>"
    record = read(page.encode(), URL).record
    assert record is not None
    assert [file.text for file in record.attachments] == ["中标通知书.pdf"]


def _rows(count: int, cell: str) -> str:
    row = "<a href=/html/2023/zwdt_11{n:02d}/40{n:02d}.html>临河市第{n}批改造项目公示</a> [2023-11-{n:02d}]"
    return "".join(cell.format(row.format(n=n)) for n in range(10, 10 + count))


def _urls(inner: str) -> list[str]:
    page = f"<html><meta charset=utf-8><title>政务动态</title><body>{MENU}{inner}</body></html>"
    return [entry.title or "" for entry in read(page.encode(), "http://www.example.gov.cn/zwdt/").entries]


def test_a_menu_in_cells_like_those_of_the_list_is_not_of_the_list() -> None:
    menu = "<table><tr><td>栏目</td></tr><tr><td><a href=/bmdt/>部门动态</a></td></tr></table>"
    titles = _urls(f"<table><tr><td>{menu}</td><td><table>{_rows(8, '<tr><td>{}</td></tr>')}</table></td></tr></table>")
    assert titles == [f"临河市第{n}批改造项目公示" for n in range(10, 18)]


def test_the_address_shown_below_a_search_result_is_not_its_title() -> None:
    hit = (
        "<div><p><a href=/html/2023/{n}/a{n}.html>临河市第{n}批改造项目公示</a></p><p><a href=/html/2023/{n}/a{n}.html>"
    )
    hit += "http://www.example.gov.cn/html/2023/{n}/a{n}.html</a> 2023-11-{n}</p></div>"
    titles = _urls("<div class=hits>" + "".join(hit.format(n=n) for n in range(10, 18)) + "</div>")
    assert titles == [f"临河市第{n}批改造项目公示" for n in range(10, 18)]


@pytest.mark.parametrize(
    "info",
    [
        "[ 作者：佚名&nbsp; 转贴自：本站原创&nbsp; 点击数：562&nbsp; 更新时间：2019-5-29&nbsp; 文章录入：admin ]",
        "<span>2019-05-29 08:30</span><span>临河市人民政府办公室</span><span>阅读：23次</span>",
    ],
)
def test_an_info_line_of_a_portal_without_boxes_is_not_the_text(info: str) -> None:
    box = f"<div><p align=center><b>{TITLE}</b></p><p align=center>{info}</p>{paragraphs([LEAD, CLOSE])}</div>"
    assert text_of(box) == f"{LEAD}\n{CLOSE}"


def test_a_dated_line_with_a_count_in_the_text_stays() -> None:
    lines = [LEAD, "2019年5月29日图书馆阅读：23次", CLOSE]
    assert text_of(f"<div class=q1><h2>{TITLE}</h2>{INFO}<div>{paragraphs(lines)}</div></div>") == "\n".join(lines)
