"""The reading room in a real browser: what a researcher does, what a reader with a keyboard or a phone does.

A screenshot of each page is kept in build/screenshots.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.conftest import ROOT, SCREENSHOTS, Room, visitor
from tests.web.made import OUTLINED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = ROOT / "tests" / "vendor" / "axe" / "axe.min.js"
SCENES = {
    "home": "/",
    "search": "/search?q=行政复议",
    "nothing": "/search?q=外星来客",
    "document": "/document/{edited}?q=行政复议",
    "earlier": "/document/{edited}@20260105T020000Z",
    "table": "/document/{table}",
    "clone": "/document/{near}",
    "diff": "/document/{edited}/diff",
    "near": "/document/{edited}/near/{near}",
    "verify": "/document/{edited}/verify",
    "original": "/original/1",
    "coverage": "/coverage",
    "health": "/health",
    "runs": "/runs",
    "run": "/run/5?state=blocked",
    "series": "/series",
    "sql": "/sql?sql=select+id,title,published+from+announcements+limit+12",
    "trouble": "/document/ffffffff",
}


def keep(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_searching_opening_comparing_narrowing_as_a_researcher_does(room: Room, page: Page) -> None:
    page.goto(room.base)
    page.get_by_label("检索公告全文").fill("行政复议")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator(".hitlist li").count() == 20
    assert page.locator(".snippet mark").first.inner_text() == "行政复议"
    page.get_by_role("link", name=re.compile("^2021")).click()
    assert "year=2021" in page.url
    page.get_by_role("link", name=OUTLINED).first.click()
    assert page.locator("article h1").inner_text() == OUTLINED
    assert page.locator(".text mark").count() >= 2
    page.get_by_role("link", name="看改了什么").click()
    page.locator(".diffrow ins").first.wait_for()  # all_inner_texts waits for nothing
    assert {"限"} <= set("".join(page.locator(".diffrow ins").all_inner_texts()))
    assert "稳步提高" in "".join(page.locator(".diffrow del").all_inner_texts())


def test_a_cell_of_the_heat_map_leads_to_its_report(room: Room, page: Page) -> None:
    page.goto(room.base + "/coverage")
    page.get_by_label("省份").select_option(label="江苏")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**/coverage?*")
    assert page.locator(".heat tbody tr").count() == 1
    page.get_by_role("link", name=re.compile("2017: 逾期 887")).click()
    assert page.locator("article h1").inner_text() == "南屏市司法局2017年法治政府建设年度报告"


def test_a_heading_in_the_margin_leads_to_its_place(room: Room, page: Page) -> None:
    page.goto(f"{room.base}/document/{room.ids['edited']}")
    page.locator(".outline a", has_text="存在的不足和原因").click()
    target = page.locator(page.evaluate("location.hash"))
    assert target.inner_text() == "二、存在的不足和原因"


def test_a_table_is_a_table_and_the_attachments_are_links(room: Room, page: Page) -> None:
    page.goto(f"{room.base}/document/{room.ids['table']}")
    assert page.locator(".text table tr").count() == 9
    assert page.locator(".text table tr").first.locator("td").count() == 5
    assert page.locator(".attachments a").count() == 1


def test_the_citation_can_be_copied(room: Room, browser: Browser) -> None:
    for page in visitor(browser, locale="zh-CN", permissions=["clipboard-read", "clipboard-write"]):
        page.goto(f"{room.base}/document/{room.ids['edited']}")
        page.locator("button.copy").first.click()
        assert page.locator("button.copy").first.inner_text() == "已复制"
        assert OUTLINED in page.evaluate("navigator.clipboard.readText()")


def test_the_archived_page_is_seen_in_its_frame(room: Room, page: Page) -> None:
    page.goto(room.base + "/original/1")
    assert "法治政府建设" in page.frame_locator("iframe").locator("h1").inner_text()


def test_everything_works_without_scripts(room: Room, browser: Browser) -> None:
    for page in visitor(browser, locale="en-GB", java_script_enabled=False):
        page.goto(room.base + "/search?q=行政复议&year=2021")
        page.locator(".hitlist a").first.click()
        assert page.locator(".outline a").count() > 3
        page.goto(room.base + "/coverage")
        assert page.locator(".heat td.ontime").count() > 10


def test_the_keyboard_alone_reaches_content_and_search(room: Room, page: Page) -> None:
    page.goto(f"{room.base}/document/{room.ids['edited']}")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.goto(room.base + "/search?q=法治")
    page.keyboard.press("/")
    page.keyboard.type("复议")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.get_by_label("检索公告全文").input_value() == "复议"


@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_wider_than_a_phone(room: Room, phone: Page, name: str) -> None:
    with_trouble(phone, room, name)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    keep(phone, f"phone-{name}")


DARK = ("home", "document", "clone", "diff", "coverage", "health")  # between them they show every colour


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "light") for name in SCENES), *((name, "dark") for name in DARK)]
)
def test_axe_finds_no_serious_barrier(room: Room, browser: Browser, name: str, scheme: str) -> None:
    for page in visitor(browser, locale="zh-CN" if scheme == "light" else "en-GB", color_scheme=scheme):
        with_trouble(page, room, name)
        keep(page, name if scheme == "light" else f"{name}-dark")
        # By the debugger, which our own policy does not bind.
        page.evaluate(AXE.read_text(encoding="utf-8") + ";undefined")
        found: list[dict[str, Any]] = page.evaluate("axe.run({resultTypes: ['violations']}).then((r) => r.violations)")
        bad = [one for one in found if one["impact"] in {"serious", "critical"}]
        told = [f"{one['id']}: {one['help']}: {[node['html'][:150] for node in one['nodes'][:4]]}" for one in bad]
        assert told == []


def with_trouble(page: Page, room: Room, name: str) -> None:
    """Open a scene; the one that answers 404 makes the browser complain, which is not the page's fault."""
    if name == "trouble":
        page.context.route("**/document/ffffffff", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto(room.base + SCENES[name].format(**room.ids))


def test_a_page_prints_as_text_alone(room: Room, page: Page) -> None:
    page.emulate_media(media="print")
    page.goto(f"{room.base}/document/{room.ids['edited']}")
    assert not page.locator(".top").is_visible()
    assert not page.locator(".outline").is_visible()
    assert page.locator(".text").is_visible()
