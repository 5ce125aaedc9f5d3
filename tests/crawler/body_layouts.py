"""Made-up page layouts around a document: ways in which typed text is marked up, and ways in which sites frame it."""

# ruff: noqa: E501 -- markup reads better unbroken
from __future__ import annotations

from collections.abc import Callable
from html import escape

from tests.crawler.body_documents import Block

Typed = Callable[[list[Block]], str]
Framed = Callable[[str, str], str]  # (title, typed text) -> page


def _table(rows: list[list[str]], cell: Callable[[str], str] = escape) -> str:
    return (
        "<table border=1>"
        + "".join("<tr>" + "".join(f"<td>{cell(text)}</td>" for text in row) + "</tr>" for row in rows)
        + "</table>"
    )


def paragraphs(blocks: list[Block]) -> str:
    return "\n".join(f"<p>　　{escape(block)}</p>" if isinstance(block, str) else _table(block) for block in blocks)


def divisions(blocks: list[Block]) -> str:
    return "".join(
        f"<div>&nbsp;&nbsp; {escape(block)}</div><div><br></div>" if isinstance(block, str) else _table(block)
        for block in blocks
    )


def line_breaks(blocks: list[Block]) -> str:
    out = [f"　　{escape(block)}<br>\n<br>\n" if isinstance(block, str) else _table(block) for block in blocks]
    return "<font size=3 face=宋体>" + "".join(out) + "</font>"


def word(blocks: list[Block]) -> str:
    """As pasted from Word: spans in spans, o:p, conditional comments, style islands."""

    def runs(text: str) -> str:
        half = len(text) // 2
        return (
            f"<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><span lang=EN-US style='font-size:16.0pt'>"
            f"<font face=仿宋><span>{escape(text[:half])}</span></font></span><b><span\nstyle='mso-bidi-font-size:16.0pt'>"
            f"{escape(text[half:])}</span></b><span lang=EN-US><o:p></o:p></span></p>"
        )

    head = (
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->"
        "<style>p.MsoNormal{margin:0cm;mso-pagination:none}</style><xml><o:OfficeDocumentSettings>x</o:OfficeDocumentSettings></xml>"
    )
    return head + "".join(runs(block) if isinstance(block, str) else _table(block, runs) for block in blocks)


TYPED: dict[str, Typed] = {"p": paragraphs, "div": divisions, "br": line_breaks, "word": word}

MENU = "".join(
    f"<li><a href='/{n}/index.html'>{n}</a></li>"
    for n in ("网站首页", "政务公开", "政务服务", "互动交流", "走进柳溪", "专题专栏", "数据开放", "政策解读")
)
OTHERS = "".join(
    f"<li><a href='/art/2021/3/{day}/art_7_{day}.html' title='x'>柳溪区召开第{day}次工作例会研究部署近期重点任务</a><span>2021-03-{day}</span></li>"
    for day in range(11, 19)
)
FOOT = (
    "<p>主办：柳溪区人民政府办公室　承办：柳溪区政务服务和大数据局</p><p>地址：柳溪区人民路1号　邮编：000000</p>"
    "<p><a href='https://beian.example/'>东ICP备00000000号-1</a>　网站标识码：0000000000　东公网安备 00000000000000号</p>"
    "<p>技术支持：某某科技有限公司　建议使用1024*768分辨率浏览</p>"
)
HEAD = "<html><head><meta charset=utf-8><title>{title}_柳溪区人民政府</title><script>var a='<p>脚本里的话。</p>';</script></head><body>"


def trs(title: str, typed: str) -> str:
    """An editor container inside a detail box, share bar, code to scan, and a footer that uses the editor's class too."""
    return (
        HEAD.format(title=title)
        + f"<div class=header><ul>{MENU}</ul></div><div class=bread>您现在的位置：<a href=/>首页</a> > <a href=/a/>政务公开</a> > 正文</div>"
        f"<div class=main><div class=detail><h1>{title}</h1><div class=detail-info><span>发布时间：2021-04-08 09:12</span>"
        "<span>来源：区政府办</span><span>浏览次数：<em id=hits></em></span><span>字体：【<a href='javascript:;'>大</a> <a href='javascript:;'>中</a> "
        "<a href='javascript:;'>小</a>】</span></div><div class=TRS_Editor><style>.TRS_Editor p{margin:0}</style>"
        f"{typed}</div><div class=editor>责任编辑：秦岚</div><div class=bdsharebuttonbox>分享到：<a>微信</a><a>新浪微博</a></div>"
        "<div class=code><p>扫一扫在手机打开当前页</p><img src=qr.png></div><div><a href='javascript:window.print()'>【打印本页】</a>"
        f"<a href='javascript:window.close()'>【关闭窗口】</a></div></div></div><div class=foot><div class=TRS_Editor>{FOOT}</div></div></body></html>"
    )


def nameless(title: str, typed: str) -> str:
    """No telling name anywhere; a list of other notices on the right and below."""
    return (
        HEAD.format(title=title)
        + f"<div class=a1><ul>{MENU}</ul></div><div class=b1><div class=b2><div class=b3>{title}</div><div class=b4>"
        f"2021年04月08日 09:12　来源：区政府办　点击数：<span></span></div><div class=b5>{typed}</div>"
        f"<div class=b6>上一篇：<a href=/1.html>关于开展春季植树活动的通知</a></div><div class=b6>下一篇：<a href=/2.html>关于清明假期安排的通知</a></div></div>"
        f"<div class=c1><div>最新公告</div><ul>{OTHERS}</ul></div></div><div class=d1>{FOOT}</div></body></html>"
    )


def old_tables(title: str, typed: str) -> str:
    """A page of 2005: tables in tables, the document in a cell."""
    return (
        HEAD.format(title=title)
        + f"<table width=980><tr><td><ul>{MENU}</ul></td></tr></table><table width=980><tr><td width=200 valign=top><table><tr><td>栏目导航</td></tr>"
        f"<tr><td><ul>{MENU}</ul></td></tr></table></td><td valign=top><table width=100%><tr><td>当前位置：<a href=/>首页</a>&gt;&gt;<a href=/gg/>公告</a></td></tr>"
        f"<tr><td align=center><font size=5><b>{title}</b></font></td></tr><tr><td align=center>发布日期：2005-6-3　　访问次数：<script>hit()</script>　　"
        f"字号：[ 大 中 小 ]</td></tr><tr><td>{typed}</td></tr><tr><td align=right>[<a href='javascript:window.print()'>打印</a>] [<a href='javascript:window.close()'>关闭</a>]"
        f"</td></tr></table></td></tr></table><table width=980><tr><td align=center>{FOOT}</td></tr></table></body></html>"
    )


def disclosure(title: str, typed: str) -> str:
    """The 索引号 table over a document in #zoom, whose empty twin serves phones."""
    return (
        HEAD.format(title=title)
        + f"<div id=nav style='display:none'><ul>{MENU}</ul></div><div class=xxgk><table class=xxgk_table><tr><td><b>索 引 号：</b></td><td>000014349/2021-00021</td>"
        "<td><b>主题分类：</b></td><td>水利、水务</td></tr><tr><td><b>发文机关：</b></td><td>柳溪区人民政府办公室</td><td><b>成文日期：</b></td><td>2021年04月07日</td></tr>"
        f"<tr><td><b>标　　题：</b></td><td colspan=3>{title}</td></tr><tr><td><b>发文字号：</b></td><td>柳政办发〔2021〕9号</td><td><b>有 效 性：</b></td><td>有效</td></tr></table>"
        f"<div class=tit>{title}</div><div id=zoom class=m-only></div><div id=zoom>{typed}</div><div class=xgjd><div>相关解读</div><ul>"
        f"<li><a href=/jd/1.html>一图读懂河道采砂管理办法</a></li></ul></div></div><div class=footer>{FOOT}</div></body></html>"
    )


def early_end(title: str, typed: str) -> str:
    """The header template brings its own </body></html>."""
    return (
        HEAD.format(title=title)
        + f"<div class=header><ul>{MENU}</ul></div></body></html>\n<!--header end--><div class=content><div class=crumbs><a href=/>首页</a> &gt; <a href=/x/>公告</a></div>"
        f"<div class=article><h2>{title}</h2><p class=time>来源：区政府办　2021-04-08</p><div class=pages_content id=UCAP-CONTENT>{typed}<div style='display:none'>隐藏的话。</div></div></div>"
        f"<div class=related><h4>相关稿件</h4><ul>{OTHERS}</ul></div></div><div class=footer>{FOOT}</div></body></html>"
    )


def marked(title: str, typed: str) -> str:
    """大汉 marks around the text in a table cell, with the editor's name inside the box but outside the marks."""
    return (
        HEAD.format(title=title)
        + f"<div class=top>{MENU}</div><table id=c><tr><td class=title>{title}</td></tr><tr><td>发布日期：2021-04-08　来源：区政府办　浏览次数：<script>c()</script></td></tr>"
        f"<tr><td class=bt_content><div class=box><p>本页内容由区政府办公室提供，转载请注明出处。</p><!--<$[信息内容]>begin--><!--ZJEG_RSS.content.begin--><meta name=ContentStart>{typed}<meta name=ContentEnd>"
        f"<!--ZJEG_RSS.content.end--><!--<$[信息内容]>end--><p>编辑：秦岚</p></div></td></tr></table><div class=bottom>{FOOT}</div></body></html>"
    )


def visual_site(title: str, typed: str) -> str:
    """博达: a form around everything, editor in editor, attachments and neighbours below."""
    return (
        HEAD.format(title=title)
        + f"<ul>{MENU}</ul><form name=_newscontent_fromname><h3>{title}</h3><div>发布时间：2021年04月08日 09:12　作者：　点击：[<script>_showDynClicks('wbnews',1,2)</script>]</div>"
        f"<div id=vsb_content><div class=v_news_content>{typed}</div></div><div id=div_vote_id></div><p>上一条：<a href=1.htm>关于清明假期安排的通知</a></p>"
        f"<p>下一条：<a href=2.htm>关于开展春季植树活动的通知</a></p><p>【<a href='#' onclick='window.close()'>关闭</a>】</p></form><div>{FOOT}</div></body></html>"
    )


def modern(title: str, typed: str) -> str:
    """HTML5 elements, a hidden phone menu, and everything of the notice in one article element."""
    return (
        HEAD.format(title=title)
        + f"<header><nav><ul>{MENU}</ul></nav></header><div class='mobile-menu' style='display: none'>手机菜单，请点击右上角按钮展开。</div><main><article><h1>{title}</h1>"
        f"<div><span>2021-04-08 09:12</span> <span>来源：区政府办</span> <span>【字体：<a href=#>大</a> <a href=#>中</a> <a href=#>小</a>】</span></div><section>{typed}</section>"
        f"<div>【打印】 【关闭】</div></article><aside><h3>热门文章</h3><ul>{OTHERS}</ul></aside></main><footer>{FOOT}</footer></body></html>"
    )


FRAMED: dict[str, Framed] = {
    "trs": trs,
    "nameless": nameless,
    "old_tables": old_tables,
    "disclosure": disclosure,
    "early_end": early_end,
    "marked": marked,
    "visual_site": visual_site,
    "modern": modern,
}
