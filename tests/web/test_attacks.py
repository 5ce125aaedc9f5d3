"""Archived pages that attack: nothing of them ever runs, in the text, in a search result, in the archived page."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive import Archive
from archive.model import Attachment, Record
from tests.web.conftest import Room, close_room, open_room
from tests.web.made import Filling

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

CALL = "window.top.postMessage('pwned','*');new Image().src='http://127.0.0.1:9/pwned';document.title='pwned';alert(1)"
_ENTITIES = "".join(f"&#{ord(char)};" for char in "javascript:alert(1)")
WRAPPERS = (
    "{0}",
    "<div>{0}</div>",
    "</p></div></body></html>{0}",
    "<table><tr><td>{0}",
    "<svg><foreignObject>{0}</foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style>{0}",
    '<noscript><p title="</noscript>{0}">',
    "<template>{0}</template>",
    "<!--><!-->{0}-->",
    "<title></title></textarea></style>{0}",
)
CORES = (
    f"<script>{CALL}</script>",
    f"<ScRiPt >{CALL}</sCrIpT >",
    f'<img src=x onerror="{CALL}">',
    f'<svg onload="{CALL}"></svg>',
    f'<svg><animate onbegin="{CALL}" attributeName=x dur=1s>',
    f'<body onload="{CALL}">',
    f'<iframe srcdoc="<script>parent.{CALL}</script>"></iframe>',
    '<iframe src="javascript:alert(1)"></iframe>',
    f'<a href="javascript:{CALL}" autofocus onfocus="{CALL}">行政复议</a>',
    f'<a href="{_ENTITIES}">行政复议</a>',
    f'<details open ontoggle="{CALL}">行政复议</details>',
    f'<input autofocus onfocus="{CALL}">',
    f'<video><source onerror="{CALL}"></video>',
    f'<marquee onstart="{CALL}">行政复议</marquee>',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/pwned">',
    '<base href="http://127.0.0.1:9/">',
    f'<object data="data:text/html,<script>{CALL}</script>"></object>',
    f'<form action="javascript:{CALL}"><button autofocus>复议</button></form>',
    "<style>@import 'http://127.0.0.1:9/pwned';p{background:url(http://127.0.0.1:9/x)}</style><p style='x:y(0)'",
)
PAYLOADS = tuple(wrapper.format(core) for wrapper, core in itertools.product(WRAPPERS, CORES))


def test_there_are_two_hundred_attacks() -> None:
    assert len(set(PAYLOADS)) >= 200


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """An archive in which every field of every document attacks."""
    path = tmp_path_factory.mktemp("besieged") / "archive.db"
    ids = fill(path)
    server, base = open_room(path)
    yield Room(base, path, ids)
    close_room(server)


def fill(path: Path) -> dict[str, str]:
    ids = {}
    with Archive(path, write=True) as archive:
        filling = Filling(archive, "beihe")
        for number, payload in enumerate(PAYLOADS):
            record = Record(
                f'http://www.beihe.example/{number}.html?a="><script>alert(1)</script>',
                title=f"行政复议公告第{number}号{payload}",
                text=f"行政复议第{number}号\n{payload}\n一、{payload}\n甲\t{payload}\n" + f"说明第{number}条。" * 20,
                issuer=payload,
                published="2021-01-01",
                attachments=(Attachment("javascript:alert(1)", payload), Attachment("data:text/html," + payload, "乙")),
                outline=({"kind": "heading", "level": 1, "title": payload, "start": 0, "end": 4, "run_in": False},),
                evidence={
                    "issuer": {"where": payload, "raw": payload, "rivals": [{"value": payload, "where": payload}]}
                },
            )
            ids[str(number)] = filling.read(record, "2026-01-05T02:00:00Z", more=payload)
        filling.finish("healthy", (PAYLOADS[0], PAYLOADS[2]))
    return ids


def test_no_script_of_an_archived_page_ever_runs(besieged: Room, browser: Browser) -> None:
    """Every document, every archived page in its frame and alone, and the lists: 0 executions, 0 requests outward."""
    executed: list[str] = []
    context = browser.new_context(locale="zh-CN")
    context.expose_binding("tell", lambda _, what: executed.append(what))
    context.add_init_script(
        "for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => tell(name);"
        "addEventListener('message', (event) => tell('message ' + event.data));"
    )
    page = context.new_page()
    page.on("dialog", lambda dialog: (executed.append("dialog"), dialog.dismiss()))
    inside = (besieged.base, "data:", "about:")
    page.on("request", lambda asked: None if asked.url.startswith(inside) else executed.append(asked.url))
    sql = "/sql?sql=select+title,text,issuer,attachments+from+announcements+limit+200"
    for path in (
        "/",
        "/search?q=行政复议",
        "/search?q=行政复议&start=40",
        "/runs",
        "/run/1",
        "/coverage",
        "/original/1",
        sql,
    ):
        page.goto(besieged.base + path, wait_until="load")
        assert "pwned" not in page.title()
    documents = [f"/document/{besieged.ids[str(number)]}" for number in range(len(PAYLOADS))]
    originals = [f"/original/{number}/page" for number in range(1, len(PAYLOADS) + 1)]
    for paths in _batches([*documents, *originals], 20):
        _open_all(page, besieged.base, paths)
    page.wait_for_timeout(300)
    context.close()
    assert executed == []


def _batches(paths: list[str], size: int) -> Iterator[list[str]]:
    return (paths[start : start + size] for start in range(0, len(paths), size))


def _open_all(page: Page, base: str, paths: Sequence[str]) -> None:
    """Many pages at once, as frames of one that is of the same origin and does not sandbox them."""
    frames = "".join(f'<iframe src="{path}"></iframe>' for path in paths)
    page.route("**/many", _answer(f"<!doctype html><title>many</title>{frames}", "default-src 'self'"))
    page.goto(base + "/many", wait_until="load")
    seen = [frame for frame in page.frames[1:] if frame.parent_frame == page.main_frame]
    assert [frame.url for frame in seen] == [base + path for path in paths]
    assert seen[0].locator("body").inner_text()
    assert page.title() == "many"
    page.unroute("**/many")


def test_an_attack_that_would_run_in_an_open_page_is_noticed(browser: Browser) -> None:
    """The witness works: the same page without our walls is caught."""
    executed: list[str] = []
    page = browser.new_page()
    page.on("dialog", lambda dialog: (executed.append("dialog"), dialog.dismiss()))
    page.set_content(PAYLOADS[2])
    page.wait_for_timeout(200)
    page.close()
    assert executed == ["dialog"]


def test_even_uncleaned_the_sandbox_holds(besieged: Room, browser: Browser) -> None:
    """The second wall alone: the same attacks under the policy of archived pages, not cleaned at all."""
    from archive.web.cleaning import POLICY

    executed: list[str] = []
    page = browser.new_page()
    page.on("dialog", lambda dialog: (executed.append("dialog"), dialog.dismiss()))
    for payload in CORES:
        body = f"<!doctype html><title>calm</title>{payload}"
        page.route("**/uncleaned", _answer(body, POLICY))
        page.goto(besieged.base + "/uncleaned", wait_until="load")
        assert page.title() == "calm"
        page.unroute("**/uncleaned")
    page.close()
    assert executed == []


def _answer(body: str, policy: str) -> Callable[[Route], None]:
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
    return lambda route: route.fulfill(body=body, headers=headers)
