"""A node's text: one paragraph a line, a table's row a line, nothing lost, nothing added, nothing altered."""

# ruff: noqa: E501 -- markup reads better unbroken
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from crawler.text import write
from crawler.walk import clean, lines, to_text


def text(markup: str) -> str:
    return to_text(html.fragment_fromstring(markup, create_parent="div"))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>　　一、总体要求&nbsp;</p><p>\u200b（一）目标\ufeff</p>", "一、总体要求\n（一）目标"),
        ("前一段<br>后一段<br><br/>末段", "前一段\n后一段\n末段"),
        ("<div>甲<div>乙</div>丙</div>丁", "甲\n乙\n丙\n丁"),
        ("<p>第<span>一</span><b>条</b><font>　</font>为了<sup>1</sup></p>", "第一条 为了1"),
        ("<p>中华人民\n    共和国</p>", "中华人民共和国"),
        ("<p>Windows\n  10 系统</p>", "Windows 10 系统"),
        ("<p>主任：　　　周宁</p>", "主任： 周宁"),
        ("<p>①㎡…１２％Ⅳ</p>", "①㎡…１２％Ⅳ"),
        ("<p>同一句话。</p><p>同一句话。</p>", "同一句话。\n同一句话。"),
        ("<p><a href=a.doc>附件1.doc</a></p>", "附件1.doc"),
        ("<p>前<script>var a='脚本'</script>后<style>p{}</style></p>", "前后"),
        ("<p>前<!-- 注释 -->后</p>", "前后"),
        ("<p>正文<o:p>　</o:p></p><xml><w:View>Normal</w:View></xml>", "正文"),
        ("<pre>第一行\n  第二行\n\n第三行</pre>", "第一行\n第二行\n第三行"),
        ("<ul><li>甲</li><li>乙<p>丙</p></li></ul>", "甲\n乙\n丙"),
        ("<select><option>部门</option></select><input value=x><button>提交</button>正文", "正文"),
        ("", ""),
    ],
)
def test_paragraphs(markup: str, expected: str) -> None:
    assert text(markup) == expected


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def test_a_table_of_data_gives_one_line_a_row_with_tabs() -> None:
    table = f"<p>前</p><table><tbody>{row('序号', '<p>单位</p>')}{row('1', '<p>区</p><p>水务局</p>')}</tbody></table><p>后</p>"
    assert text(table) == "前\n序号\t单位\n1\t区 水务局\n后"


def test_empty_cells_keep_the_columns_apart() -> None:
    assert text(f"<table>{row('甲', '', '丙')}{row('', '乙', '')}{row('', '', '')}</table>") == "甲\t\t丙\n\t乙"


def test_a_layout_table_is_unwrapped() -> None:
    body = "".join(
        f"<p>第{n}条 本办法适用于本区行政区域内的供水和用水活动，法律、法规另有规定的从其规定。</p>" for n in range(9)
    )
    assert text(f"<table>{row(body)}</table>").count("\n") == 8
    assert text(f"<table>{row('', body)}</table>").count("\n") == 8
    assert text(f"<table>{row(f'<table>{row(body)}</table>')}{row('【打印】')}</table>").count("\n") == 9


def test_a_data_table_inside_a_layout_table_stays_a_table() -> None:
    inner = f"<table>{row('甲', '乙')}{row('1', '2')}</table>"
    assert text(f"<table>{row(f'<p>见下表。</p>{inner}<p>以上。</p>')}</table>") == "见下表。\n甲\t乙\n1\t2\n以上。"


def test_a_line_knows_where_its_words_stand_and_which_are_links() -> None:
    node = html.fragment_fromstring("<div><p>附件：<a href=a.doc>一览表</a>。</p></div>")
    (line,) = lines(node)
    assert (line.text, line.linked, [link.get("href") for link in line.links]) == ("附件：一览表。", 3, ["a.doc"])
    for element, slot in line.slots:
        setattr(element, slot, None)
    assert list(lines(node)) == []


WORDS = st.text(alphabet="第一条办法，。（二）　 \u00a0abc①\u200b", min_size=1, max_size=12)
MARKUP = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>" + "".join(parts) + f"</{tag}>",
        st.sampled_from(["p", "div", "span", "b", "font", "section", "li", "td", "a href=x", "center"]),
        st.lists(inner, max_size=4),
    ).map(lambda made: made.replace("</a href=x>", "</a>")),
    max_leaves=20,
)


@given(st.lists(MARKUP, max_size=6).map("".join))
def test_every_character_comes_out_once_and_in_order(markup: str) -> None:
    node = html.fragment_fromstring(markup, create_parent="div")
    assert "".join(to_text(node).split()) == "".join(clean(node.text_content()).split())


@given(st.lists(MARKUP, max_size=6).map("".join))
def test_no_line_is_empty_or_has_bare_ends(markup: str) -> None:
    node = html.fragment_fromstring(markup, create_parent="div")
    written = to_text(node)
    assert all(line == line.strip() and line for line in written.split("\n")) or written == ""


@given(WORDS)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


def node(markup: str) -> html.HtmlElement:
    return html.fragment_fromstring(markup, create_parent="div")


PROSE = "<p>　　各乡镇人民政府，县直各部门：</p><p>现将有关事项通知如下，请结合实际认真贯彻执行。</p><p>一、提高认识，加强领导。</p>"


def test_plain_prose_is_vouched_for_by_trafilatura_and_the_walk() -> None:
    written = write(node(PROSE))
    assert written.text == to_text(node(PROSE))
    assert "agree" in written.how


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(PROSE + "<p><a href='fj.doc'>附件：任务分工表.doc</a></p>", id="a paragraph that is only a link"),
        pytest.param(PROSE + PROSE, id="repeated paragraphs"),
        pytest.param("<table><tr><td>" + PROSE * 4 + "</td></tr></table>", id="a body in one layout cell"),
        pytest.param(
            PROSE + "<table><tr><th>单位</th><th>数量</th></tr><tr><td>城关镇</td><td>12</td></tr></table>",
            id="data table",
        ),
        pytest.param(PROSE.replace("</p><p>", "<br>"), id="line breaks"),
    ],
)
def test_whatever_trafilatura_makes_of_a_node_nothing_is_lost(markup: str) -> None:
    assert write(node(markup)).text == to_text(node(markup))


def test_where_the_two_differ_the_evidence_says_what_trafilatura_lost() -> None:
    table = "".join(f"<tr><td>{n}</td><td></td><td>第{n}号地块</td></tr>" for n in range(1, 30))
    written = write(node(PROSE + f"<table>{table}</table>" + "<p><a href='a.doc'>附件</a></p>" * 3))
    assert written.text.count("\n") == 34
    assert "the walk" in written.how


def test_a_huge_node_is_not_shown_to_trafilatura() -> None:
    written = write(node("<p>公告</p>" * 21_000))
    assert (written.text.count("公告"), written.how) == (21_000, "the walk alone: more than 20000 elements")
