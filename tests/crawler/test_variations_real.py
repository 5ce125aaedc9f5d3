"""Habits of real pages: documents held in scripts, titles above the text in the editor's box, interviews, summaries."""

from __future__ import annotations

import json

import pytest

from crawler.reading import read
from tests.crawler.test_variations_body import INFO, TITLE, paragraphs, text_of
from tests.crawler.test_variations_titles import URL

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
