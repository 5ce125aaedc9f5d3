"""A breadcrumb that ends in the title of a notice does not make it the name of a column."""

from __future__ import annotations

import pytest

from crawler.reading import read

URL = "http://www.qinghe.gov.cn/tzgg/2024/58766.html"
PROSE = "<p>　　各乡镇要认真落实防火责任，加强巡护检查，及时消除火灾隐患，确保人民群众生命财产安全。</p>" * 3


def title(crumbs: str, tag: str, heading: str) -> str | None:
    menu = f'<div class="weizhi">您当前的位置：<a href="/">首页</a>&nbsp;>&nbsp;<a href="/tzgg/">{crumbs}</div>'
    info = '<div class="info">时间：2024-03-15 10:20　来源：青河县林业局</div>'
    hot = '<div class="side"><h3>推荐资讯</h3><ul><li><a href="/tzgg/2024/1.html">另一件事的公告</a></li></ul></div>'
    main = f'<div class="show"><h1>{heading}</h1>{info}<div id="text">{PROSE}</div></div>'
    page = f'<html><head><meta charset="utf-8"><title>{tag}</title></head><body>{menu}{main}{hot}</body></html>'
    record = read(page.encode(), URL, status=200, headers={}).record
    return record.title if record else None


@pytest.mark.parametrize("suffix", ["", "-青河县林业局", "_通知公告_青河县林业局"])
def test_a_short_title_at_the_end_of_the_breadcrumb_is_the_title(suffix: str) -> None:
    name = "关于加强森林防火工作的通告"
    assert title(f"通知公告</a>&nbsp;>&nbsp;{name}", name + suffix, name) == name


def test_a_column_at_the_end_of_the_breadcrumb_is_not() -> None:
    name = "关于加强森林防火工作的通告"
    assert title("通知公告</a>&nbsp;>&nbsp;正文", f"{name}-青河县林业局", name) == name
    assert title("通知公告</a>", "通知公告", name) == name
