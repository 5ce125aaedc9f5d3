"""Lines of a document that read like a site's furniture stay in it, whatever template surrounds them."""

from __future__ import annotations

import pytest

from tests.crawler.test_variations_body import INFO, TITLE, paragraphs, text_of

LEAD = "为推动群众体育蓬勃开展，定于5月举办临河市第三届全民健身运动会，现将有关事项通知如下："
CLOSE = "请各单位高度重视，认真组织报名参赛，确保活动安全有序。"
FOOT = "<div class=footer><p>主办单位：临河市人民政府</p><p>地址：新华街2号</p><p>网站标识码：1508020001</p></div>"
LAYOUTS = {
    "an editor's box": f"<div><h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{{}}</div></div>{FOOT}",
    "a common name": f"<div><h1>{TITLE}</h1>{INFO}<div class=content>{{}}</div><p>【打印】【关闭】</p></div>{FOOT}",
    "no name": f"<div class=q7><div class=q8>{TITLE}</div>{INFO}<div class=q1>{{}}</div></div>{FOOT}",
    "one box for all": f"<div class=q7><h2>{TITLE}</h2>{INFO}{{}}<p><a href=javascript:>打印</a></p></div>{FOOT}",
    "rows of a table": f"<table><tr><td>{TITLE}</td></tr><tr><td>{INFO}</td></tr><tr><td>{{}}</td></tr></table>{FOOT}",
    "no box at all": f"<h3>{TITLE}</h3>{INFO}{{}}{FOOT}",
}
DOCUMENTS = {
    "an event": [LEAD, "主办单位：市政府", "时间：2023年5月20日", "地点：体育中心", CLOSE, "电话：0999-8123456"],
    "a meeting": ["时间：2023年5月8日", "地点：市政府三楼会议室", "主持：周文清", LEAD, CLOSE],
    "a form": [LEAD, "填报单位： 填报日期： 年 月 日", "审核人： 填表人：", CLOSE],
    "sources": [LEAD, "资料来源：国家统计局", "数据来源：临河市统计局", CLOSE],
    "headings": [LEAD, "相关政策", "（一）《全民健身条例》", "相关链接", CLOSE],
    "two lines": ["市政府决定：", "任命张建国为市水利局局长。"],
    "its reporters": [LEAD, CLOSE, "（记者 王小丽 通讯员 赵强）"],
    "a note": [LEAD, CLOSE, "（此件公开发布）", "微信公众号：临河体育", "网址：http://tyj.linhe.example/"],
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_lines_of_the_document_are_kept(document: str, layout: str) -> None:
    lines = DOCUMENTS[document]
    assert text_of(LAYOUTS[layout].format(paragraphs(lines))) == "\n".join(lines)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "tail", ["责任编辑：王磊", "编辑：王磊　审核：李明　签发：周平", "扫一扫在手机打开当前页", "分享到：微信 微博"]
)
def test_furniture_typed_below_the_document_goes(tail: str, layout: str) -> None:
    assert text_of(LAYOUTS[layout].format(paragraphs([LEAD, CLOSE, tail]))) == f"{LEAD}\n{CLOSE}"
