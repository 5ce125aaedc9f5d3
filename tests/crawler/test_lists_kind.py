"""A list page and a notice are told apart by what stands on them, at URLs that say nothing as well."""

from __future__ import annotations

# ruff: noqa: E501  -- a row of markup is easier to check on one line, as in a page
import json

import pytest

from crawler.lists import looks_like_list, read_list
from crawler.page import Page
from tests.crawler.test_lists_rows import LAYOUTS, PLAIN, SUBJECTS, around, rows

TITLE = "关于公布2025年第三批公共法律服务站名单的通知"
INFO = "<div class=info>发布时间：2025-11-28 来源：青河市司法局 浏览次数：<span id=hits></span> 字体：[大 中 小]</div>"
PROSE = "".join(
    f"<p>第{n}条　为加强公共法律服务体系建设，方便群众就近办事，经研究，现将有关名单予以公布，请各单位认真做好组织实施工作。</p>"
    for n in range(6)
)
RELATED = f"<div class=xg><h3>相关链接</h3><ul>{rows(PLAIN)}</ul></div>"
TABLE = (
    "<table>"
    + "".join(f"<tr><td>{n}</td><td>城关镇第{n}服务站</td><td>人民路{n}号</td></tr>" for n in range(12))
    + "</table>"
)

NOTICES = {
    "prose": f"<h1>{TITLE}</h1>{INFO}<div id=zoom>{PROSE}</div>",
    "prose, long related list with dates": f"<h1>{TITLE}</h1>{INFO}<div class=con>{PROSE}</div>{RELATED}",
    "three lines, related list": f"<h1>{TITLE}</h1>{INFO}<div id=zoom><p>现将名单予以公布。</p><p>附件：<a href=P020251128.xls>名单.xls</a></p></div>{RELATED}",
    "a table": f"<h2 class=tit>{TITLE}</h2>{INFO}<div class=TRS_Editor>{TABLE}</div><p>【打印】【关闭】</p>",
    "a picture": f"<div class=bt>{TITLE}</div>{INFO}<div class=con><img src=W020251128.jpg></div><div>上一篇：<a href=1.html>关于某某的公告</a></div><div>下一篇：<a href=3.html>关于某事的公示</a></div>",
    "links to attachments only": f"<h1>{TITLE}</h1>{INFO}<div class=con>"
    + "".join(f"<p><a href=f{n}.pdf>附件{n}：第{n}批公共法律服务站名单.pdf</a></p>" for n in range(5))
    + "</div>",
    "several pages": f"<h1>{TITLE}</h1>{INFO}<div class=con>{PROSE}</div><div class=page><a href=48201_2.html>下一页</a></div>{RELATED}",
}
LISTS = {
    "an intro of one sentence": f"<p>本栏目公开法治建设有关文件，欢迎监督。</p><ul>{rows(PLAIN)}</ul><div class=fy><a href=index_1.html>下一页</a></div>",
    "summaries": "<div>"
    + rows(
        "<div class=item><h3><a href={u}>{t}</a></h3><p>为深入贯彻落实有关部署，青河市司法局结合实际，扎实开展了相关工作，现将有关情况公布如下，请社会各界予以监督。</p><span>{d}</span></div>"
    )
    + "</div>",
    "no dates": f"<ul>{rows('<li><a href={u}>{t}</a></li>')}</ul>",
    "blocks of several columns": "".join(
        f"<div class=blk><h3>{name}<a href=/zwgk/{n}/>更多</a></h3><ul>{rows(PLAIN, f'/zwgk/{n}/t20251128_' + '{n}.html')}</ul></div>"
        for n, name in enumerate(("政策文件", "政策解读", "通知公告"))
    ),
    "two entries": "<ul>" + "".join(rows(PLAIN).splitlines()[:2]) + "</ul>",
}


def notice(content: str, url: str, *, tags: bool) -> Page:
    text = around(content, title=TITLE)
    if tags:
        text = text.replace(
            "<head>",
            f"<head><meta name='ArticleTitle' content='{TITLE}'><meta name='PubDate' content='2025-11-28 10:00'>",
        )
    else:
        text = text.replace(f'<meta name="ColumnName" content="{TITLE}">', "")
    return Page(url, text, "utf-8", "")


@pytest.mark.parametrize("tags", [True, False])
@pytest.mark.parametrize(
    "url", ["zwgk/fzjs/202511/t20251128_48201.html", "show.asp?id=31", "zwgk/fzjs/31.html", "x/48201.jhtml"]
)
@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_is_no_list(name: str, url: str, tags: bool) -> None:
    score, why = looks_like_list(notice(NOTICES[name], f"http://sfj.qinghe.gov.cn/{url}", tags=tags))
    assert score < 0, why


@pytest.mark.parametrize(
    "url",
    ["zwgk/fzjs/index.html", "zwgk/fzjs/", "list.asp?class=1150", "col/col3371/index.html", "fzjs.htm", "node_12.html"],
)
@pytest.mark.parametrize("name", [*LISTS, *LAYOUTS])
def test_a_list_is_no_notice(name: str, url: str) -> None:
    score, why = looks_like_list(
        Page(f"http://sfj.qinghe.gov.cn/{url}", around({**LISTS, **LAYOUTS}[name]), "utf-8", "")
    )
    assert score > 0, why


def test_the_reason_names_the_signs() -> None:
    _, why = looks_like_list(Page("http://sfj.qinghe.gov.cn/zwgk/fzjs/", around(LISTS["no dates"]), "utf-8", ""))
    assert "URL shaped like a column" in why
    assert "rows of links" in why


def test_every_block_of_a_column_home_gives_its_entries() -> None:
    found = read_list(
        Page(
            "http://sfj.qinghe.gov.cn/zwgk/", around(LISTS["blocks of several columns"], title="政务公开"), "utf-8", ""
        )
    )
    assert len(found.entries) == 3 * len(SUBJECTS)


@pytest.mark.parametrize("wrap", ["{}", "callback({});"])
def test_json_with_rows_is_a_list_however_long_its_abstracts(wrap: str) -> None:
    rows_of = [
        {
            "title": TITLE,
            "url": f"/a/{n}.html",
            "abstract": "为加强公共法律服务体系建设，方便群众办事，经研究决定，现将有关事项通知如下。" * 9,
        }
        for n in range(9)
    ]
    body = wrap.format(json.dumps({"data": {"rows": rows_of}}, ensure_ascii=False))
    assert looks_like_list(Page("http://sfj.qinghe.gov.cn/api/list?page=1", body, "utf-8", ""))[0] > 0


@pytest.mark.parametrize("name", [*LISTS, *LAYOUTS])
def test_a_list_without_any_tags_is_still_one(name: str) -> None:
    text = around({**LISTS, **LAYOUTS}[name]).replace('<meta name="ColumnName" content="法治建设">', "")
    score, why = looks_like_list(Page("http://sfj.qinghe.gov.cn/fzjs.htm", text, "utf-8", ""))
    assert score > 0, why
