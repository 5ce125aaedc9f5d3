"""Where the document is on layouts nobody wrote a rule for: beside columns, doubled for phones, under a heading."""

from __future__ import annotations

import pytest

from crawler.reading import read
from tests.crawler.test_variations_titles import MENU, URL

TITLE = "关于5月10日部分路段临时停水的公告"
INFO = "<p><span>发布时间：2023-05-06</span> <span>来源：市水务局</span></p>"
NOTICE = "因供水管网改造，定于5月10日22时至次日6时对滨河路沿线停水，请居民提前储水。"
POSTS = ["经研究决定：", "任命张建国为市水利局局长；", "免去李志刚的市水利局局长职务。"]
ABOUT = "".join(
    f"<p>临河市位于平原腹地，第{n}轮土地延包、节水改造、乡村振兴等工作有序推进，全市常住人口54.6万人，是重要的商品粮基地。</p>"
    for n in range(3)
)


def text_of(inner: str, *, title: str = TITLE) -> str | None:
    page = f"<html><head><meta charset=utf-8><title>{title}_临河市</title></head><body>{MENU}{inner}</body></html>"
    record = read(page.encode(), URL, as_kind="notice").record
    return record.text if record else None


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>　　{line}</p>" for line in lines)


@pytest.mark.parametrize("side", ["<div class=k9>{}</div>{}", "{1}<div class=k9>{0}</div>"])
@pytest.mark.parametrize("lines", [[NOTICE], POSTS])
def test_a_short_notice_in_its_named_box_outweighs_prose_about_the_place(lines: list[str], side: str) -> None:
    document = f"<div class=r><h1>{TITLE}</h1>{INFO}<div class=article-content>{paragraphs(lines)}</div></div>"
    assert text_of(side.format(ABOUT, document)) == "\n".join(lines)


def test_short_lines_with_the_heading_outweigh_previews_of_the_news() -> None:
    cards = "".join(f"<div><h4><a href=/x/{n}.html>要闻</a></h4><p>{NOTICE[:36]}…</p></div>" for n in range(2))
    document = (
        f"<div id=p1><span class=t>{TITLE}</span><br>发布时间：2023-05-06 来源：办公室<hr>{paragraphs(POSTS)}</div>"
    )
    assert text_of(f"{document}<div class=k7>{cards}</div>") == "\n".join(POSTS)


def test_a_summary_in_the_box_of_the_heading_is_not_the_document() -> None:
    head = f"<div class=h><h1>{TITLE}</h1>{INFO}<p>摘要：5月10日停水。</p></div>"
    body = paragraphs([NOTICE, NOTICE.replace("5月10日", "5月20日"), NOTICE.replace("5月10日", "5月30日")])
    text = text_of(f"{head}<div class=b>{body}</div>") or ""
    assert "5月30日" in text


def test_a_copy_for_phones_that_a_stylesheet_hides_is_not_read_twice() -> None:
    lines = [NOTICE, NOTICE.replace("滨河路", "解放路"), "特此公告。", "临河市水务局", "2023年5月5日"]
    wide = f"<div class=pc><div class=t>{TITLE}</div>{INFO}<div class=c1>{paragraphs(lines)}</div></div>"
    narrow = (
        f"<div class=wap><div class=t2>{TITLE}</div><div>2023-05-06</div><div class=c2>{paragraphs(lines)}</div></div>"
    )
    assert text_of(wide + narrow) == "\n".join(lines)


def test_rulers_and_votes_below_the_text_are_no_text() -> None:
    tail = "<div>顶一下</div><div>------分隔线----------------------------</div><p>[双击自动滚屏]</p>"
    assert text_of(f"<div class=v><h2>{TITLE}</h2>{INFO}<div>{paragraphs([NOTICE])}</div>{tail}</div>") == NOTICE


def test_a_sponsor_without_colon_above_the_footer_is_no_text() -> None:
    foot = "<div>长河县人民政府主办　电话：0999-8123000<br>Copyright © 2023 蒙ICP备05001234号</div>"
    assert text_of(f"<div id=w><div>{TITLE}</div>{INFO}{paragraphs([NOTICE])}{foot}</div>") == NOTICE
