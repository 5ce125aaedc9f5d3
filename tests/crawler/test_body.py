"""What is the document, what is not, and what a page is when it holds none: one promise a test, on made-up pages."""

# ruff: noqa: E501 -- markup reads better unbroken
from __future__ import annotations

import pytest
from lxml import html

from archive.model import Attachment
from crawler.body import Body, find
from crawler.page import open_page
from crawler.walk import to_text

URL = "http://www.liuxi.example/gk/202104/t20210408_11.html"
FIRST = "区政府决定自2021年5月1日起启用新的行政审批专用章，原印章同时停止使用。"
SECOND = "各单位在办理审批事项时，应当核对印章式样；发现可疑情况的，及时报告。"
SIGNED = "<p>柳溪区行政审批服务局</p><p>2021年4月8日</p>"
WHOLE = f"{FIRST}\n{SECOND}\n柳溪区行政审批服务局\n2021年4月8日"
TYPED = f"<p>{FIRST}</p><p>{SECOND}</p>{SIGNED}"
TITLE = "关于启用行政审批专用章的公告"
MENU = "".join(f"<a href='/{number}/'>栏目{number}</a> " for number in range(12))
FOOT = (
    "<div><p>主办：柳溪区人民政府</p><p>地址：柳溪区人民路1号</p><p>东ICP备00000000号 网站标识码：0000000000</p></div>"
)


def page(inner: str, *, head: str = "") -> str:
    return f"<html><head><title>{TITLE}-柳溪区</title>{head}</head><body><div>{MENU}</div>{inner}{FOOT}</body></html>"


def read(source: str, url: str = URL) -> tuple[Body, str]:
    body = find(open_page(source.encode(), url))
    return body, to_text(body.node) if body.node is not None else ""


def text_of(inner: str) -> str:
    return read(page(inner))[1]


INFO = "<div>发布时间：2021-04-08　来源：区审批局　浏览次数：</div>"


# --- nothing of the document is lost -----------------------------------------------------------------------------------


def test_a_title_typed_again_below_the_info_line_belongs_to_the_document() -> None:
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor><p>{TITLE}</p>{TYPED}</div>") == f"{TITLE}\n{WHOLE}"


def test_meeting_particulars_that_look_like_an_info_line_stay() -> None:
    inner = f"<p>{FIRST}</p><p>时间：2021年4月20日</p><p>地点：区会议中心</p><p>来源：自愿报名</p><p>联系人：孙工</p>"
    got = text_of(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{inner}</div>")
    assert got.split("\n")[:3] == [FIRST, "时间：2021年4月20日", "地点：区会议中心"]
    assert got.endswith("联系人：孙工")


def test_a_signature_date_in_figures_stays() -> None:
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div id=zoom><p>{FIRST}</p><p>区审批局</p><p>2021-04-08</p></div>").endswith(
        "区审批局\n2021-04-08"
    )


def test_words_of_the_furniture_in_a_table_of_data_stay() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{name}</td><td>{state}</td></tr>" for n, name, state in (
        (1, "清河煤矿", "关闭"), (2, "云岭石场", "打印"), (3, "南塘砖厂", "评论")))  # fmt: skip
    got = text_of(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor><p>{FIRST}</p><table>{rows}</table></div>")
    assert got == f"{FIRST}\n1\t清河煤矿\t关闭\n2\t云岭石场\t打印\n3\t南塘砖厂\t评论"


def test_a_form_that_begins_with_a_name_and_a_subject_is_no_catalogue_table() -> None:
    rows = "<tr><td>名称：</td><td>应急预案</td></tr><tr><td>主题：</td><td>防汛</td></tr>"
    assert "名称：\t应急预案" in text_of(
        f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor><table>{rows}</table><p>{FIRST}</p></div>"
    )


def test_a_paragraph_that_is_only_a_file_link_stays_and_is_an_attachment() -> None:
    link = "<p><a href='./P020210408.docx'>附件1：印章式样.docx</a></p>"
    body, text = read(page(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}{link}</div>"))
    assert text == f"{WHOLE}\n附件1：印章式样.docx"
    assert body.attachments == (
        Attachment("http://www.liuxi.example/gk/202104/P020210408.docx", "附件1：印章式样.docx"),
    )


def test_two_editors_of_one_notice_are_read_together() -> None:
    parts = f"<div class=part><div class=TRS_Editor><p>{FIRST}</p></div></div><div class=part><div class=TRS_Editor><p>{SECOND}</p></div></div>"
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div class=wrap>{parts}</div>") == f"{FIRST}\n{SECOND}"


def test_text_typed_beside_an_inner_editor_is_not_lost() -> None:
    assert (
        text_of(
            f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor><div class=TRS_PreAppend><p>{FIRST}</p><p>{SECOND}</p></div>{SIGNED}</div>"
        )
        == WHOLE
    )


def test_a_hanging_indent_is_not_hidden_text() -> None:
    inner = f"<p style='text-indent:-198.75pt;margin-left:198.75pt'>{FIRST}</p><p>{SECOND}</p>"
    assert read(page(f"{INFO}<div id=zoom>{inner}</div>"))[0].hidden_chars == 0


def test_a_heading_about_technical_support_is_no_footer() -> None:
    inner = f"<p>{FIRST}</p><p>（三）加强技术支持</p><p>{SECOND}</p><p>四、项目位置：柳溪区北部</p>"
    assert (
        text_of(f"<h1>{TITLE}</h1>{INFO}<div>{inner}</div>")
        == f"{FIRST}\n（三）加强技术支持\n{SECOND}\n四、项目位置：柳溪区北部"
    )


def test_event_organisers_are_no_footer_inside_an_editor() -> None:
    inner = f"<p>{FIRST}</p><p>主办单位：区文化馆</p><p>承办单位：区图书馆</p>"
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div class=v_news_content>{inner}</div>").endswith(
        "主办单位：区文化馆\n承办单位：区图书馆"
    )


# --- nothing else is taken for it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "after",
    [
        "<p>责任编辑：秦岚</p>",
        "<p style='text-align:right'>（责任编辑：秦岚）</p>",
        "<p>编辑：秦岚　审核：周宁</p>",
        "<p>扫一扫在手机打开当前页</p>",
        "<div class=share>分享到： <span>微信</span> <span>微博</span></div>",
        "<p>【打印本页】　【关闭窗口】</p>",
        "<p>上一篇：<a href=1.html>关于停水的通知</a></p><p>下一篇：没有了</p>",
        "<div>相关阅读：</div><ul><li><a href=1.html>图解：新印章怎么看</a></li></ul>",
        "<p>浏览次数：123 次</p>",
        "<ul><li><a href=1.html>关于停水的通知</a></li><li><a href=2.html>关于停电的通知</a></li><li><a href=3.html>关于停气的通知</a></li></ul>",
        "<p>您是第 8 位访客</p><p>版权所有：柳溪区人民政府</p>",
    ],
)
@pytest.mark.parametrize("box", ["div class=article-content", "div", "td", "section"])
def test_furniture_below_the_text_goes(box: str, after: str) -> None:
    inner = f"<{box}>{TYPED}{after}</{box.split()[0]}>"
    inner = f"<table><tr>{inner}</tr></table>" if box == "td" else inner
    got = text_of(f"<h1>{TITLE}</h1>{INFO}{inner}")
    assert got.startswith(WHOLE)
    assert got in (WHOLE, f"{WHOLE}\n您是第 8 位访客")


@pytest.mark.parametrize(
    "info",
    [
        "<p>来源：区审批局　时间：2021-04-08 10:11:12</p>",
        "<div><span>2021-04-08</span><span>来源：区审批局</span><span>字号：<a>大</a><a>中</a><a>小</a></span></div>",
        "<table><tr><td>发布日期：2021年04月08日</td><td>信息来源：区审批局</td><td>点击数：<script></script></td><td>字体：[<a>大</a> <a>中</a> <a>小</a>]</td></tr></table>",
        "<ul><li>发布时间：2021-04-08</li><li>作者：</li><li>来源：区审批局</li><li>阅读：12</li></ul>",
        "<h6>柳溪区门户网站 www.liuxi.example　时间：2021-04-08　来源：区审批局</h6>",
        "<div>【字号：大 中 小】【打印】【关闭】　发布机构：区审批局　日期：2021-04-08</div>",
    ],
)
@pytest.mark.parametrize("box", ["detail", "x1", "article-content"])
def test_title_and_info_line_above_the_text_go_in_every_markup(box: str, info: str) -> None:
    assert text_of(f"<div class={box}><div class=t>{TITLE}</div>{info}<div>{TYPED}</div></div>") == WHOLE


def test_a_title_and_info_line_set_as_one_paragraph_go() -> None:
    assert (
        text_of(f"<div><p>{TITLE}<span>来源：区审批局</span> <span>发布时间：2021-04-08</span></p>{TYPED}</div>")
        == WHOLE
    )


def test_a_column_of_prose_beside_the_document_stays_out() -> None:
    side = (
        "<div class=r2><p>柳溪区位于东川省北部，辖8镇3街道，面积1200平方公里，人口56万人，素有茶乡之称。</p>"
        + MENU
        + "</div>"
    )
    long = "".join(f"<p>{FIRST}{SECOND}</p>" for _ in range(4))
    assert text_of(f"<div class=l1><div>{TITLE}</div>{INFO}<div class=l2>{long}</div></div>{side}") == "\n".join(
        [FIRST + SECOND] * 4
    )


def test_hidden_text_is_counted_and_not_read() -> None:
    hidden = "<div style='position:absolute; left:-9999px'>某某娱乐注册送好礼，欢迎光临。</div><p style='display: none'>暗中的话</p>"
    body, text = read(page(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}{hidden}</div>"))
    assert text == WHOLE
    assert body.hidden_chars == 19
    assert "hidden_text" in body.flags
    assert ("hidden", "暗中的话") in body.removed


def test_what_is_removed_is_said_with_its_reason() -> None:
    body, _ = read(page(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}<p>责任编辑：秦岚</p></div>"))
    assert ("editor", "责任编辑：秦岚") in body.removed
    assert "TRS_Editor" in body.how


def test_the_page_itself_is_left_as_it_was() -> None:
    opened = open_page(page(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}</div>").encode(), URL)
    before = html.tostring(opened.root)
    find(opened)
    assert html.tostring(opened.root) == before


def test_a_container_of_the_family_is_used_when_it_is_filled() -> None:
    inner = f"<h1>{TITLE}</h1>{INFO}<div class=q1>{TYPED}</div><div class=q2></div>"
    for containers in (["//div[@class='q2']", "//div[@class='q1']"], ["div.q2", "div.q1"]):
        body = find(open_page(page(inner).encode(), URL), containers)
        assert body.node is not None
        assert to_text(body.node) == WHOLE
        assert "q1" in body.how


def test_a_container_of_the_family_that_holds_only_the_info_line_is_overruled() -> None:
    inner = (
        f"<h1>{TITLE}</h1><div class=article-info>来源：区审批局　发布时间：2021-04-08</div><div class=q1>{TYPED}</div>"
    )
    body = find(open_page(page(inner).encode(), URL), ["//*[contains(@class, 'article-info')]"])
    assert body.node is not None
    assert to_text(body.node) == WHOLE


# --- pages without a document ------------------------------------------------------------------------------------------


def test_a_page_of_pictures_is_image_only() -> None:
    body, text = read(
        page(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor><p><img src=W020.jpg></p><p><img src=W021.jpg></p></div>")
    )
    assert (text, body.flags) == ("", ("image_only",))


def test_a_page_of_pictures_without_names_is_image_only() -> None:
    body, text = read(page(f"<div><div>{TITLE}</div>{INFO}<div><img src=W020.jpg></div></div>"))
    assert (text, body.flags) == ("", ("image_only",))


@pytest.mark.parametrize("box", ["<div class=TRS_Editor>", "<div class=q1>"])
def test_a_pointer_to_files_is_attachment_only(box: str) -> None:
    files = "<div class=fj>附件下载：<a href='/download.jsp?DownloadAttachUrl=1&id=7'>预算表</a> <a href=b.pdf>说明.pdf</a></div>"
    body, text = read(page(f"<div><h1>{TITLE}</h1>{INFO}{box}详见附件</div>{files}</div>"))
    assert text == "详见附件"
    assert body.flags == ("attachment_only",)
    assert [file.text for file in body.attachments] == ["预算表", "说明.pdf"]


def test_a_page_that_only_jumps_is_a_redirect() -> None:
    body, text = read("<html><head><meta http-equiv=refresh content='0;url=/a/b.html'></head><body></body></html>")
    assert (text, body.flags) == ("", ("redirect",))


def test_a_page_filled_by_scripts_is_a_script_shell() -> None:
    body, text = read("<html><body><div id=app></div><script src=/app.js></script></body></html>")
    assert (text, body.flags) == ("", ("script_shell",))


def test_a_frameset_is_frames() -> None:
    assert read("<html><frameset cols=20%,*><frame src=a.html><frame src=b.html></frameset></html>")[0].flags == (
        "frames",
    )


def test_a_page_without_anything_is_empty() -> None:
    assert read("")[0].flags == ("empty",)


def test_a_document_in_a_script_is_read() -> None:
    detail = '{"DETAIL":{"id":1,"content":"' + TYPED.replace("<", "\\u003C").replace('"', '\\"') + '"}}'
    body, text = read(f"<html><body><div id=app></div><script>window._CONFIG = {detail};</script></body></html>")
    assert text == WHOLE
    assert body.how == "HTML in a script or textarea"


def test_a_document_in_a_hidden_textarea_is_read() -> None:
    typed = TYPED.replace("<", "&lt;")
    _, text = read(
        f"<html><body><div id=show></div><textarea id=c style='display:none'>{typed}</textarea></body></html>"
    )
    assert text == WHOLE


def test_menus_alone_are_no_document() -> None:
    body, text = read(page(""))
    assert text == ""
    assert body.node is None


# --- attachments -------------------------------------------------------------------------------------------------------


def test_files_written_by_an_inline_script_are_attachments() -> None:
    script = "<script>if('x'!=''){document.write('<p>可下载附件：<a href=\"./P02.pdf\">预算.pdf<br><a href=\"./P03.xlsx\">表.xlsx</a></p>');}</script>"
    body, _ = read(page(f"<div><h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}</div>{script}</div>"))
    assert [(file.url[-7:], file.text) for file in body.attachments] == [
        ("P02.pdf", "预算.pdf"),
        ("03.xlsx", "表.xlsx"),
    ]


def test_files_of_the_site_are_no_attachments() -> None:
    side = (
        "<div class=side>"
        + "".join(f"<p><a href=/g/{n}.html>指南{n}</a></p>" for n in range(20))
        + "<a href=/app.zip>客户端下载</a></div>"
    )
    body, _ = read(page(f"<div><div><h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}</div></div>{side}</div>"))
    assert body.attachments == ()


def test_a_file_linked_by_icon_and_by_name_is_one_attachment() -> None:
    links = "<p><a href=a.pdf><img src=icon_pdf.gif></a> <a href=a.pdf>名单.pdf</a> <a href='javascript:down(1)'>下载</a></p>"
    body, _ = read(page(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}{links}</div>"))
    assert body.attachments == (Attachment("http://www.liuxi.example/gk/202104/a.pdf", "名单.pdf"),)


def test_a_page_cut_into_several_is_flagged() -> None:
    pager = "<div class=pages><a href=t20210408_11.html>1</a> <a href=t20210408_11_1.html>2</a> <a href=t20210408_11_1.html>下一页</a></div>"
    body, text = read(page(f"<h1>{TITLE}</h1>{INFO}<div class=TRS_Editor>{TYPED}</div>{pager}"))
    assert text == WHOLE
    assert "multi_page" in body.flags


# --- two columns of prose ----------------------------------------------------------------------------------------------

NOTICE_COLUMN = "".join(f"<p>{FIRST}第{number}号。</p>" for number in range(4))
PLACE_COLUMN = "".join(
    f"<p>柳溪区位于东川省北部，辖{number}镇，素有茶乡之称，是远近闻名的园林城区和丝绸之府。</p>" for number in range(5)
)
LIST = "<ul>" + "".join(f"<li><a href=/{n}.html>关于某某事项的通知第{n}号</a></li>" for n in range(9)) + "</ul>"


@pytest.mark.parametrize(("here", "there"), [(NOTICE_COLUMN, PLACE_COLUMN), (PLACE_COLUMN, NOTICE_COLUMN)])
def test_of_two_columns_the_one_under_the_title_is_the_document(here: str, there: str) -> None:
    left = f"<div><h1>{TITLE}</h1>{INFO}<div>{here}</div></div>{LIST}{LIST}"
    text = text_of(f"<div>{left}</div><div>{LIST}<div><h3>区情</h3>{there}</div></div>")
    assert text == here.replace("<p>", "").replace("</p>", "\n").strip()


def test_of_two_columns_without_a_title_one_is_chosen_whole() -> None:
    text = text_of(f"<div>{LIST}<div>{NOTICE_COLUMN}</div>{LIST}</div><div>{LIST}<div>{PLACE_COLUMN}</div>{LIST}</div>")
    assert text in {column.replace("<p>", "").replace("</p>", "\n").strip() for column in (NOTICE_COLUMN, PLACE_COLUMN)}
