"""The main list of a page is found whatever it is built of, and nothing else on the page is taken for it."""

# ruff: noqa: E501  -- a row of markup is easier to check on one line, as in a page

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.cms.dates import full_date, row_date
from crawler.cms.titles import choose, tidy
from crawler.lists import Entry, read_list
from crawler.page import Page

URL = "http://sfj.qinghe.gov.cn/zwgk/fzjs/index.html"
SUBJECTS = (
    "青河市司法局2025年度法治政府建设情况报告",
    "关于印发《青河市行政执法监督办法》的通知（青司发〔2025〕17号）",
    "青河市司法局关于开展证明事项清理工作的公告",
    "2024年青河市普法依法治理工作要点",
    "关于公布第三批法律援助机构名单的通知",
    "青河市行政复议咨询委员会组成人员名单公示",
    "关于做好2025年度律师事务所年度检查考核工作的通知",
    "青河市人民政府关于废止部分规范性文件的决定",
)
DAYS = tuple((date(2025, 11, 28) - timedelta(days=9 * n)).isoformat() for n in range(len(SUBJECTS)))


def addresses(pattern: str = "202511/t20251128_{n}.html") -> list[str]:
    return [
        pattern.format(n=48201 + n, day=DAYS[n].replace("-", ""), ymd=DAYS[n].replace("-", "/"))
        for n in range(len(SUBJECTS))
    ]


def around(content: str, *, sidebar: bool = True, title: str = "法治建设") -> str:
    """A whole page of a made-up bureau: menu, crumbs, hot list, friend links and footer around `content`."""
    hot = "".join(
        f'<li><a href="/xwzx/202510/t20251009_9{n}.html">热点：青河市第{n}次法治宣传活动走进社区现场</a></li>'
        for n in range(6)
    )
    aside = f'<div class="right_hot"><h3>热点推荐</h3><ul>{hot}</ul></div>' if sidebar else ""
    links = "".join(
        f'<a href="http://www.dept{n}.gov.cn/" target="_blank">青河市第{n}个兄弟部门网站</a>' for n in range(9)
    )
    menu = "".join(
        f'<li><a href="/lm{n}/">{word}</a></li>'
        for n, word in enumerate(("首页", "政务公开", "新闻中心", "办事服务", "互动交流"))
    )
    return f"""<html><head><meta name="ColumnName" content="{title}"><meta name="SiteName" content="青河市司法局"><title>{title}</title></head>
<body><div class="header"><div class="nav"><ul>{menu}</ul></div></div>
<div class="crumbs">您的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="./">{title}</a></div>
<div class="leftmenu"><ul><li><a href="/zwgk/zcwj/">政策文件</a></li><li><a href="/zwgk/fzjs/">法治建设</a></li><li><a href="/zwgk/rsxx/">人事信息</a></li></ul></div>
<div class="main">{content}</div>{aside}
<div class="yqlj">友情链接：{links}</div>
<div class="footer"><p>主办：青河市司法局 网站标识码：3399000015 <a href="https://beian.miit.gov.cn/">青ICP备05000001号</a></p></div></body></html>"""


def entries_of(content: str, *, url: str = URL, sidebar: bool = True) -> tuple[Entry, ...]:
    return read_list(Page(url, around(content, sidebar=sidebar), "utf-8", "made up")).entries


def rows(template: str, pattern: str = "202511/t20251128_{n}.html") -> str:
    """`template` once per announcement, with its url, title, day and parts of the day."""
    return "\n".join(
        template.format(
            u=url,
            t=subject,
            d=day,
            y=day[:4],
            m=day[5:7],
            dd=day[8:],
            md=day[5:],
            n=number + 1,
            dots=f"{subject[:14]}...",
            zh=f"{day[:4]}年{int(day[5:7])}月{int(day[8:])}日",
            slash=day.replace("-", "/"),
            ym=day[:7],
            sym=day[:7].replace("-", "/"),
        )
        for number, (url, subject, day) in enumerate(zip(addresses(pattern), SUBJECTS, DAYS, strict=True))
    )


LAYOUTS = {
    "list, date after": f"<ul class='list'>{rows('<li><a href={u}>{t}</a><span>{d}</span></li>')}</ul>",
    "list, date before": f"<ul>{rows('<li><span>[{d}]</span><a href={u} target=_blank>{t}</a></li>')}</ul>",
    "list, slashes": f"<ul>{rows('<li><a href={u}>{t}</a><em>{slash}</em></li>')}</ul>",
    "list, Chinese date": f"<ul>{rows('<li><a href={u}>{t}</a><i>{zh}</i></li>')}</ul>",
    "list, date with time": f"<ul>{rows('<li><a href={u}>{t}</a><i>{d} 09:30:15</i></li>')}</ul>",
    "list, label before the date": f"<ul>{rows('<li><a href={u}>{t}</a><i>发布时间：{d}</i></li>')}</ul>",
    "list, month and day, year in the URL": f"<ul>{rows('<li><a href={u}>{t}</a><span>[{md}]</span></li>', '{ymd}/art_31_{n}.html')}</ul>",
    "cut text, whole title in the attribute": f"<ul>{rows('<li><a href={u} title={chr(34)}{{t}}{chr(34)}>{dots}</a><span>{d}</span></li>'.replace('{chr(34)}', chr(34)).replace('{{t}}', '{t}'))}</ul>",
    "date inside the link": f"<ul>{rows('<li><a href={u}><span class=tt>{t}</span><span class=rq>{d}</span></a></li>')}</ul>",
    "date glued to the title": f"<ul>{rows('<li><a href={u}>{t} [{d}]</a></li>')}</ul>",
    "link inside a heading with a summary": f"<div>{rows('<div class=txt><h4><a href={u}>{t}</a></h4><p>为贯彻落实有关部署，青河市司法局结合实际开展工作，现将情况公布如下。<a href={u}>[详细]</a></p><span class=date>{d}</span></div>')}</div>",
    "picture and text to one URL": f"<ul>{rows('<li><div class=pic><a href={u}><img src=1.jpg></a></div><div class=w><a href={u}>{t}</a><span>{d}</span></div></li>')}</ul>",
    "day box": f"<ul>{rows('<li><div class=rq><b>{dd}</b><span>{ym}</span></div><a href={u}>{t}</a></li>')}</ul>",
    "day box with slash and units": f"<ul>{rows('<li><p class=rq><strong>{dd}日</strong><em>{y}年{m}月</em></p><p><a href={u}>{t}</a></p></li>')}</ul>",
    "year box over month and day": f"<ul>{rows('<li><div><span>{md}</span><span>{y}</span></div><h3><a href={u}>{t}</a></h3></li>')}</ul>",
    "table": f"<table><tr><th>序号</th><th>名称</th><th>发布日期</th></tr>{rows('<tr><td>{n}</td><td><a href={u}>{t}</a></td><td>{d}</td></tr>')}</table>",
    "table with 成文日期 first": f"<table><tr><th>标题</th><th>文号</th><th>成文日期</th><th>发布日期</th></tr>{rows('<tr><td><a href={u}>{t}</a></td><td>青司发〔2025〕{n}号</td><td>2019-01-01</td><td>{d}</td></tr>')}</table>",
    "one table per row": rows(
        "<table width=100%><tr><td width=20><img src=dot.gif></td><td><a href={u} class=h12>{t}</a></td><td>({d})</td></tr></table>"
    ),
    "definition list": f"<dl>{rows('<dt><a href={u}>{t}</a></dt><dd>{d}</dd>')}</dl>",
    "div rows": rows("<div class='row odd'><div class=c1><a href={u}>{t}</a></div><div class=c2>{d}</div></div>"),
    "rows of no element": f"<div class=con>{rows('· <a href={u}>{t}</a> {d}<br>')}</div>",
    "rows of no element, date first": f"<div class=con>{rows('[{d}] <a href={u}>{t}</a><br>')}</div>",
    "paragraphs": rows("<p><a href={u}>{t}</a>&nbsp;&nbsp;({d})</p>"),
    "link doubled by mistake": f"<ul>{rows('<li><span> {d} </span><a href={u}><a href={u}>{t}</a></li>')}</ul>",
    "category link before the title": f"<ul>{rows('<li><a href=/zwgk/tz/>[通知]</a><a href={u}>{t}</a><span>{d}</span></li>')}</ul>",
    "category in the link": f"<ul>{rows('<li><a href={u}><em>[公告]</em>{t}</a><span>{d}</span></li>')}</ul>",
    "interpretation links in a box of the row": f"<ul>{rows('<li><a href={u}>{t}</a><div class=popbox><ul><li><a href=../jd/202512/t20251202_7{n}.html>关于《第{n}号文件》的解读说明与问答</a></li></ul></div><span>{d}</span></li>')}</ul>",
    "metadata block in the row": f"<ul>{rows('<li><a href={u}>{t}</a><div class=xx><ul><li>索引号：QH/2025-{n}</li><li>成文日期：2018-03-04</li><li>发布日期：{d}</li><li>发文机关：青河市司法局</li></ul></div></li>')}</ul>",
    "date by script": f"<ul>{rows('<li><a href={u}>{t}</a><span><script>document.write({q}{d}{q}.substr(0,10))</script></span></li>'.replace('{q}', chr(39)))}</ul>",
    "link wrapping picture, heading, summary, date": rows(
        "<a class=card href={u}><img src=2.png><div><h3>{t}</h3><p>青河市司法局近日发布相关情况，欢迎监督。</p><time>{d}</time></div></a>"
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_rows_are_read_whatever_they_are_built_of(name: str) -> None:
    found = entries_of(LAYOUTS[name])
    assert [entry.title for entry in found] == list(SUBJECTS)
    assert [entry.date for entry in found] == list(DAYS)


@pytest.mark.parametrize(
    "pattern",
    [
        "202511/t20251128_{n}.html",
        "/art/2025/11/28/art_377_{n}.html",
        "/art/2025/art_{n}abcdef0123456789abcdef01234.html",
        "content/post_{n}.html",
        "../../info/1072/{n}.htm",
        "c{n}/content.html",
        "/public/6601121/{n}.html",
        "/zwgk/2025-11/28/content_{n}.htm",
        "show.asp?id={n}",
        "{n}.jhtml",
        "/zwgk/fzjs/20251128{n}/index.html",
        "https://mp.weixin.qq.com/s/AbC{n}",
    ],
)
def test_the_shape_of_article_urls_does_not_matter(pattern: str) -> None:
    found = entries_of(f"<ul class='list'>{rows('<li><a href={u}>{t}</a><span>{d}</span></li>', pattern)}</ul>")
    assert [entry.title for entry in found] == list(SUBJECTS)
    assert [entry.date for entry in found] == list(DAYS)


def ul(
    template: str = "<li><a href={u}>{t}</a><span>{d}</span></li>", pattern: str = "202511/t20251128_{n}.html"
) -> str:
    return f"<ul class='newslist'>{rows(template, pattern)}</ul>"


def test_blocks_of_five_are_one_list() -> None:
    lines = rows("<li><a href={u}>{t}</a><span>{d}</span></li>").split("\n")
    found = entries_of(f"<div class=list><ul>{''.join(lines[:5])}</ul><ul>{''.join(lines[5:])}</ul></div>")
    assert [entry.title for entry in found] == list(SUBJECTS)


def test_year_groups_are_one_list_and_give_the_year() -> None:
    lines = rows("<li><a href={u}>{t}</a><span>{md}</span></li>", "c{n}/content.html").split("\n")
    found = entries_of(
        f"<div><h3>2025年</h3><ul>{''.join(lines[:6])}</ul><h3>2024年</h3><ul>{''.join(lines[6:])}</ul></div>"
    )
    assert [entry.title for entry in found] == list(SUBJECTS)
    assert [entry.date for entry in found] == [*DAYS[:6], *(day.replace("2025", "2024") for day in DAYS[6:])]


def test_two_columns_of_table_cells_are_one_list() -> None:
    cells = rows("<td><a href={u}>{t}</a></td><td>{d}</td>").split("\n")
    pairs = [f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True)]
    found = entries_of(f"<table>{''.join(pairs)}</table>")
    assert [(entry.title, entry.date) for entry in found] == list(zip(SUBJECTS, DAYS, strict=True))


def test_two_lists_of_the_column_side_by_side_are_both_read() -> None:
    lines = rows("<li><a href={u}>{t}</a><span>{d}</span></li>").split("\n")
    found = entries_of(
        f"<div class=zuo><ul class=a>{''.join(lines[:4])}</ul></div><div class=you><ul class=b>{''.join(lines[4:])}</ul></div>"
    )
    assert {entry.title for entry in found} == set(SUBJECTS)


def test_a_first_row_set_apart_belongs_to_the_list() -> None:
    lines = rows("<li><a href={u}>{t}</a><span>{d}</span></li>").split("\n")
    top = f"<li class=top><h2><a href=202511/t20251128_48201.html>{SUBJECTS[0]}</a></h2><p>导语若干。</p><span>{DAYS[0]}</span></li>"
    found = entries_of(f"<ul>{top}{''.join(lines[1:])}</ul>")
    assert [entry.title for entry in found] == list(SUBJECTS)


def test_a_row_that_wraps_its_link_otherwise_belongs_to_the_list() -> None:
    lines = rows("<li><a href={u}>{t}</a><span>{d}</span></li>").split("\n")
    odd = f"<li><div class=x><a href=202511/t20251128_48203.html>{SUBJECTS[2]}</a></div><span>{DAYS[2]}</span></li>"
    found = entries_of(f"<ul>{''.join([*lines[:2], odd, *lines[3:]])}</ul>")
    assert [entry.title for entry in found] == list(SUBJECTS)


def test_a_short_list_beats_a_long_hot_list_with_dates() -> None:
    hot = "".join(
        f"<li><a href=/xwzx/202509/t20250909_6{n}.html>全市第{n}次宣传活动走进社区</a><span>2025-09-0{n + 1}</span></li>"
        for n in range(9)
    )
    content = f"<ul>{rows('<li><a href={u}>{t}</a><span>{d}</span></li>').splitlines()[0]}{rows('<li><a href={u}>{t}</a><span>{d}</span></li>').splitlines()[1]}</ul>"
    found = entries_of(f"{content}<div class=side><h3>相关新闻</h3><ul>{hot}</ul></div>")
    assert [entry.title for entry in found] == list(SUBJECTS[:2])


def test_one_entry_is_a_list_too() -> None:
    found = entries_of(
        f"<div class=list><ul><li><a href=202511/t20251128_1.html>{SUBJECTS[0]}</a><span>{DAYS[0]}</span></li></ul></div>"
    )
    assert [(entry.title, entry.date) for entry in found] == [(SUBJECTS[0], DAYS[0])]


def test_rows_without_dates_are_found_by_their_urls_and_titles() -> None:
    found = entries_of(ul("<li><a href={u}>{t}</a></li>"), sidebar=False)
    assert [entry.title for entry in found] == list(SUBJECTS)
    assert {entry.date for entry in found} == {None}


def test_a_page_without_a_list_gives_no_entries() -> None:
    assert entries_of("<p>本栏目暂无内容。</p>", sidebar=False) == ()
    assert entries_of("", sidebar=False) == ()


def test_rows_that_lead_nowhere_are_skipped() -> None:
    dead = "<li><a href='javascript:;'>蛟龙街道开展普法活动</a><span>2025-10-01</span></li><li><a href='mailto:a@b.cn'>意见征集邮箱在此</a><span>2025-10-02</span></li>"
    found = entries_of(ul().replace("</ul>", dead + "</ul>"))
    assert len(found) == len(SUBJECTS)


def test_entries_off_the_site_are_kept() -> None:
    away = "<li><a href='https://www.gov.cn/zhengce/content/202405/content_6954055.htm'>国有企业管理人员处分条例全文公布</a><span>2024-05-29</span></li>"
    found = entries_of(ul().replace("</ul>", away + "</ul>"))
    assert found[-1] == Entry(
        "https://www.gov.cn/zhengce/content/202405/content_6954055.htm",
        "国有企业管理人员处分条例全文公布",
        "2024-05-29",
    )


def test_the_base_href_is_honoured() -> None:
    page = Page(URL, around(ul()).replace("<head>", "<head><base href='http://sfj.qinghe.gov.cn/other/'>"), "utf-8", "")
    assert read_list(page).entries[0].url == "http://sfj.qinghe.gov.cn/other/202511/t20251128_48201.html"


HOSTILE: dict[str, Callable[[int], str]] = {
    "rows": lambda count: (
        "<ul>" + "".join(f"<li><a href='/a/{n}.html'>第{n}号公告及其附件说明</a></li>" for n in range(count)) + "</ul>"
    ),
    "page numbers": lambda count: (
        "<div class=page>" + "".join(f"<a href='/a/{n}.html'>{n}</a>" for n in range(count)) + "</div>"
    ),
    "every link in a place of its own": lambda count: "".join(
        f"<div class=c{n}x><a href='/a/{n}.html'>第{n}号公告及其附件</a></div>" for n in range(count)
    ),
    "one URL": lambda count: "".join(
        f"<p><a href='/a/1.html'>第{n}号公告及其附件说明</a>共{n}页</p>" for n in range(count)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_of_links_costs_no_more_than_its_length(name: str) -> None:
    def cost(count: int) -> float:
        page = Page(URL, around(HOSTILE[name](count)), "utf-8", "")
        started = time.process_time()
        read_list(page)
        return time.process_time() - started

    few, many = 200, 2_000
    # Ten times the links: work that grows with their square costs a hundred times as much, on any machine.
    assert min(cost(many) for _ in range(2)) < 40 * min(cost(few) for _ in range(3))


def test_nested_damage_ends_in_time() -> None:
    assert entries_of("<div>" * 20_000 + "<a href=/x/1.html>深处的一条公告标题</a>", sidebar=False) is not None


@pytest.mark.parametrize(
    ("text", "attribute", "wanted"),
    [
        ("关于印发工作方案的...", "关于印发工作方案的通知", "关于印发工作方案的通知"),
        ("关于印发工作方案的…", "标题：关于印发工作方案的通知\n发布时间：2025-01-02", "关于印发工作方案的通知"),
        ("关于印发工作方案的通知", "点击查看", "关于印发工作方案的通知"),
        ("关于印发工作方案的通知", "查看详情", "关于印发工作方案的通知"),
        ("关于印发工作方案的通知", None, "关于印发工作方案的通知"),
        ("[通知] 关于印发工作方案的通知", "关于印发工作方案的通知", "关于印发工作方案的通知"),
        ("", "关于印发工作方案的通知", "关于印发工作方案的通知"),
    ],
)
def test_the_title_attribute_completes_but_never_replaces(text: str, attribute: str | None, wanted: str) -> None:
    assert choose(text, attribute) == wanted


@pytest.mark.parametrize(
    ("raw", "title", "day"),
    [
        ("·关于召开听证会的公告", "关于召开听证会的公告", None),
        ("关于召开听证会的公告（2025年3月1日）", "关于召开听证会的公告（2025年3月1日）", None),
        ("关于召开听证会的公告 2025-03-01", "关于召开听证会的公告", "2025-03-01"),
        ("[2025/03/01] 关于召开听证会的公告", "关于召开听证会的公告", "2025-03-01"),
        ("2025年第3号公告", "2025年第3号公告", None),
        ("关于2024-2025年度计划的批复", "关于2024-2025年度计划的批复", None),
    ],
)
def test_bullets_and_numeric_dates_are_no_part_of_a_title(raw: str, title: str, day: str | None) -> None:
    assert tidy(raw) == (title, day)


PLAIN = "<li><a href={u}>{t}</a><span>{d}</span></li>"
TWICE = "<li><a class='fl pc' href={u} title='{t}'>{t}</a><a class=mob href={u}>{dots}</a><span>{d}</span></li>"
BY_SCRIPT = "<li><a href='javascript:void(0)' onclick=\"openInfo('{u}')\">{t}</a><span>{d}</span></li>"
SIDE_TABLE = "".join(
    f"<tr><td>·</td><td><a href='/xw/2025-10/1{n}/content_{n}.htm'>第{n}次宣传活动走进社区</a></td></tr>"
    for n in range(8)
)


MORE_LAYOUTS = {
    "link around the row": f"<ul>{rows('<a href={u}><li>{t}<span>{d}</span></li></a>')}</ul>",
    "link around blocks, Chinese date": rows("<a href={u}><div class=l>{t}</div><div class=r>{zh}</div></a>"),
    "one link for desks, one for phones": f"<ul>{rows(TWICE)}</ul>",
    "link that opens by script": f"<ul>{rows(BY_SCRIPT)}</ul>",
    "索引号 and title lead to one page": f"<table><tr><td>索引号</td><td>标题</td><td>生成日期</td></tr>{rows('<tr><td><a href={u}>QH{n}-2025</a></td><td><a href={u}>{t}</a></td><td>{d}</td></tr>')}</table>",
    "date, 来源 and visits in one line": f"<ul>{rows('<li><h3><a href={u}>{t}</a></h3><p class=info>{d} 来源：青河市司法局 浏览：123次</p></li>')}</ul>",
    "attachments beside the title": f"<ul>{rows('<li><a href={u}>{t}</a><a href=f{n}.pdf>下载</a><a href=f{n}.doc>Word版</a><span>{d}</span></li>')}</ul>",
    "interpretation named in the row": f"<ul>{rows('<li><a href={u}>{t}</a><span>{d}</span><p>相关解读：<a href=/jd/202511/t20251130_{n}.html>《第{n}号文件》政策解读</a></p></li>')}</ul>",
    "number inside the link": f"<ul>{rows('<li><a href={u}><em>{n}</em>{t}</a><span>{d}</span></li>')}</ul>",
    "leader dots": f"<ul>{rows('<li><a href={u}>{t}</a>...............................<span>{d}</span></li>')}</ul>",
    "link to the office in every row": f"<table>{rows('<tr><td><a href={u}>{t}</a></td><td><a href=/bm/sfj/>青河市司法局</a></td><td>{d}</td></tr>')}</table>",
    "summary that names other days": rows(
        "<div class=item><h3><a href={u}>{t}</a></h3><p>自2024年1月1日起施行。经研究，现将有关事项通知如下。</p><span>{d}</span></div>"
    ),
    "definition list per row": rows("<dl><dt>{d}</dt><dd><a href={u}>{t}</a></dd></dl>"),
    "day over year and month": f"<ul>{rows('<li><div class=time><span>{dd}</span>{sym}</div><div class=t><a href={u}>{t}</a><p>摘要：为深入贯彻有关精神，开展了系列工作。</p></div></li>')}</ul>",
    "day beside month and year": f"<ul>{rows('<li><b>{dd}</b>{m}月 / {y}<a href={u}>{t}</a></li>')}</ul>",
    "hidden copy of the list": f"<ul>{rows(PLAIN)}</ul><ul style='display:none'>{rows(PLAIN)}</ul>",
    "category before the link": f"<ul>{rows('<li><span class=lm>【<a href=/gg/>公告</a>】</span><a href={u}>{t}</a><span>{d}</span></li>')}</ul>",
    "table of tables": f"<table class=x>{rows('<tr><td>■</td><td><table><tr><td><a href={u}>{t}</a></td></tr></table></td><td nowrap>{d}</td></tr>')}</table>",
    "layout table with a side list of the same shape": f"<table><tr><td><table>{SIDE_TABLE}</table></td><td>{rows('<table><tr><td>·</td><td><a href={u}>{t}</a></td><td>{d}</td></tr></table>')}</td></tr></table>",
}


@pytest.mark.parametrize("name", MORE_LAYOUTS)
def test_rows_with_more_in_them_are_read_as_announcements_only(name: str) -> None:
    found = entries_of(MORE_LAYOUTS[name])
    assert [(entry.title, entry.date) for entry in found] == list(zip(SUBJECTS, DAYS, strict=True))


SIDE_LISTS = {
    "hot, no dates": "<div class=hot><h3>热点推荐</h3><ul>{rows}</ul></div>",
    "newest, dated": "<div class=box><div class=tit>最新信息</div><ul>{rows}</ul></div>",
    "built like the main list": "<div class=main><h3>通知公告</h3><ul class=list>{rows}</ul></div>",
    "table with a heading row": "<table width=200><tr><td>点击排行</td></tr><tr><td><ul>{rows}</ul></td></tr></table>",
}


@pytest.mark.parametrize("side", SIDE_LISTS)
@pytest.mark.parametrize("pattern", ["202511/t20251128_{n}.html", "/info/1072/{n}.htm", "{n}.jhtml"])
@pytest.mark.parametrize("count", [8, 3])
def test_a_longer_side_list_never_joins_or_beats_the_list_with_the_pager(side: str, pattern: str, count: int) -> None:
    lines = rows(PLAIN, pattern).split("\n")[:count]
    other = "".join(
        f"<li><a href='{pattern.format(n=90000 + n)}'>全市第{n}次宣传活动走进社区侧记</a><span>2025-10-{n + 10}</span></li>"
        for n in range(12)
    )
    content = f"<ul class=list>{''.join(lines)}</ul><div class=fy><a href=index_1.html>下一页</a></div></div>{SIDE_LISTS[side].format(rows=other)}<div>"
    found = entries_of(content, sidebar=False)
    assert [entry.title for entry in found] == list(SUBJECTS[:count])


def test_a_column_filled_by_script_does_not_pass_its_hot_list_off_as_entries() -> None:
    assert entries_of("<ul id=list></ul><script>load()</script>") == ()


def test_month_and_day_without_a_year_anywhere_is_no_date() -> None:
    found = entries_of(ul("<li><a href={u}>{t}</a><span>[{md}]</span></li>", "c{n}/content.html"))
    assert {entry.date for entry in found} == {None}


def test_a_december_url_beside_a_january_row_is_of_the_next_year() -> None:
    line = "<li><a href='202412/t20241231_4{n}.html'>关于第{n}批名单的公示</a><span>01-0{n}</span></li>"
    found = entries_of(f"<ul>{''.join(line.format(n=n) for n in range(1, 5))}</ul>")
    assert [entry.date for entry in found] == ["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04"]


@given(
    st.dates(date(1990, 1, 1), date(2026, 1, 1)),
    st.sampled_from(
        [
            "{}-{:02}-{:02}",
            "{}/{}/{}",
            "{}.{:02}.{:02}",
            "[{}-{}-{}]",
            "{}年{}月{}日",
            "（{}年{:02}月{:02}日）",
            "发布日期：{}-{:02}-{:02} 08:30",
            "{}{:02}{:02}",
        ]
    ),
)
def test_every_way_of_writing_a_day_gives_the_day(day: date, style: str) -> None:
    assert full_date(style.format(day.year, day.month, day.day)) == day.isoformat()


@given(st.lists(st.text(max_size=30), max_size=8))
@settings(max_examples=200)
def test_no_text_makes_dates_fail(texts: list[str]) -> None:
    row_date(texts)
    for text in texts:
        tidy(text)
        choose(text, text)


@given(st.text(alphabet="<>/abdhilpstu =\"'关于0123-.", max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_markup_makes_reading_fail(markup: str) -> None:
    read_list(Page(URL, markup, "utf-8", ""))
