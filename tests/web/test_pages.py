"""The pages as a program sees them: what they answer, what they refuse, what they never show."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote
from zipfile import ZipFile

import pytest

from tests.web.conftest import Room
from tests.web.made import HIDDEN_WORD, OUTLINED

EVERY_PAGE = (
    "/",
    "/search",
    "/search?q=" + quote("行政复议"),
    "/coverage",
    "/health",
    "/runs",
    "/run/1",
    "/series",
    "/document/{edited}",
    "/document/{edited}/diff",
    "/document/{edited}/verify",
    "/document/{edited}/near/{near}",
    "/document/{table}",
    "/document/{image}",
    "/original/1",
    "/original/1/page",
    "/sql",
    "/sql?sql=" + quote("select id, title from announcements"),
    "/sql/announcements",
    "/sql/coverage",
)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_answers_with_a_policy_that_allows_no_foreign_and_no_inline_script(room: Room, path: str) -> None:
    answer = room.get(path.format(**room.ids))
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy or ("script-src 'self';" in policy and "default-src 'self'" in policy)
    assert "unsafe-inline" not in policy.replace("style-src 'unsafe-inline'", "") or path.endswith("/page")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    if not path.endswith("/page"):
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert "https://" not in answer.text.replace("https://www.w3.org", "")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_weighs_little(room: Room, path: str) -> None:
    assert len(room.get(path.format(**room.ids)).body) < 100_000


def test_the_first_page_with_all_it_loads_is_under_200_kilobytes(room: Room) -> None:
    parts = ("/", "/room/room.css", "/room/room.js", "/room/mark.svg")
    assert sum(len(room.get(part).body) for part in parts) < 200_000


@pytest.mark.parametrize(
    ("accepted", "word"), [("zh-CN,zh;q=0.9,en;q=0.8", "检索"), ("en-GB,en;q=0.9", "Search"), ("fr-FR", "Search")]
)
def test_the_interface_speaks_the_language_the_browser_asks_for(room: Room, accepted: str, word: str) -> None:
    assert f'<button type="submit">{word}</button>' in room.get("/", Accept_Language=accepted).text


def test_the_switch_is_remembered(room: Room) -> None:
    cookie = room.get("/?lang=en", Accept_Language="zh").headers["set-cookie"].split(";")[0]
    assert "Search the announcements" in room.get("/", Accept_Language="zh", Cookie=cookie).text


def test_a_result_is_narrowed_sorted_and_paged_by_shareable_addresses(room: Room) -> None:
    everything = room.get("/search?q=" + quote("行政复议"), Accept_Language="en").text
    narrowed = room.get("/search?q=" + quote("行政复议") + "&year=2021&source=beihe", Accept_Language="en").text
    assert "<strong>1</strong> result<" in narrowed
    assert OUTLINED in narrowed
    assert everything.count("<li><h2>") == 20
    second = room.get("/search?q=" + quote("行政复议") + "&start=20", Accept_Language="en").text
    assert 'start="21"' in second
    newest = room.get("/search?q=" + quote("法治政府") + "&sort=date", Accept_Language="en").text
    dates = [part.split("<")[0][:10] for part in newest.split('<p class="meta">')[1:]]
    dated = [date for date in dates if date[:2] == "20"]
    assert dated == sorted(dated, reverse=True)


def test_a_result_can_be_taken_away_as_a_spreadsheet_or_lines(room: Room) -> None:
    table = room.get("/search/announcements.csv?q=year:2021")
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    lines = room.get("/search/announcements.jsonl?q=year:2021").text.splitlines()
    assert table.headers["content-disposition"] == 'attachment; filename="announcements.csv"'
    assert {row["id"] for row in rows} == {json.loads(line)["id"] for line in lines}
    assert len(rows) == 8


@pytest.mark.parametrize("path", ["/search/announcements.wacz?q=year:2021", "/document/{edited}/evidence.wacz"])
def test_the_evidence_can_be_taken_away_with_its_bytes(room: Room, path: str) -> None:
    answer = room.get(path.format(**room.ids))
    with ZipFile(io.BytesIO(answer.body)) as bundle:
        assert {"datapackage.json", "archive/data.warc.gz"} <= set(bundle.namelist())
        assert OUTLINED in bundle.read("records/announcements.jsonl").decode()


def test_the_evidence_of_what_was_taken_down_cannot_be_taken_away(room: Room) -> None:
    assert room.get(f"/document/{room.ids['hidden']}/evidence.wacz").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=" + quote('"'),
        "/search?q=" + quote("NEAR("),
        "/search?q=a:b",
        "/search?q=" + quote("^*"),
        "/search?q=%00%01",
        "/search?q=" + quote("🀄"),
        "/search?q=" + quote("法" * 3000),
        "/search?q=" + quote("法治") + "&start=x",
        "/search?q=" + quote("法治") + "&start=-1",
        "/search?q=year:20x",
        "/search?q=x&integrity=nonsense",
        "/search?" + "&".join(f"a{n}=1" for n in range(200)),
        "/search?q=%ff%fe",
        "/coverage?province=%ff&start=99999",
        "/runs?start=99999&source=nobody",
        "/sql?sql=" + quote("select 'unfinished"),
        "/sql?sql=%00",
    ],
)
def test_no_odd_question_breaks_a_page(room: Room, path: str) -> None:
    answer = room.get(path)
    assert answer.status in {200, 400}
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path", ["/document/ffffffffffff", "/run/999", "/original/999999", "/nothing", "/document/{table}/diff"]
)
def test_what_is_not_held_is_said_to_be_not_here(room: Room, path: str) -> None:
    answer = room.get(path.format(**room.ids))
    assert answer.status == 404
    assert 'role="alert"' in answer.text


def test_what_was_taken_down_is_nowhere(room: Room) -> None:
    id = room.ids["hidden"]
    number = "select max(c.id) as id from announcements a, (select 1 as id) c"
    for path in (*EVERY_PAGE, "/search?q=" + quote(HIDDEN_WORD), "/search?source=nanping", f"/sql?sql={quote(number)}"):
        answer = room.get(path.format(**room.ids))
        shown = answer.text.replace(quote(HIDDEN_WORD), "").replace(f'value="{HIDDEN_WORD}"', "")
        assert id not in shown, path
        assert HIDDEN_WORD not in shown.replace(f"<title>{HIDDEN_WORD}", ""), path
    for path in (f"/document/{id}", f"/document/{id}/verify", f"/document/{id}/diff"):
        assert room.get(path).status == 404
    assert all(HIDDEN_WORD not in room.get(f"/original/{n}/page").text for n in range(1, 70))
    assert all(
        room.get(f"/sql.json?sql={quote(sql)}").status in {400, 403}
        for sql in ("select body from text", "select title from main.version", "select title from page")
    )


def test_the_archived_page_lies_in_two_sandboxes(room: Room) -> None:
    frame = room.get("/original/1").text
    assert '<iframe sandbox="" src="/original/1/page"' in frame
    policy = room.get("/original/1/page").headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")


def test_the_bytes_are_the_bytes_and_no_browser_opens_them(room: Room) -> None:
    answer = room.get("/original/1/bytes")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.body.startswith(b"<html><head><meta charset='utf-8'>")


def test_the_ledger_of_a_run_adds_up_on_its_page(room: Room) -> None:
    text = room.get("/run/1", Accept_Language="en").text
    body, foot = text.split("<tbody>")[1].split("</tbody>")[0], text.split("<tfoot>")[1]
    counts = [int(part.split("<")[0]) for part in body.split('<td class="n">')[1:]]
    assert sum(counts) == int(foot.split('<td class="n">')[1].split("<")[0]) == 8


def test_coverage_tells_on_time_late_undated_missing_and_blocked_apart(room: Room) -> None:
    text = room.get("/coverage", Accept_Language="en").text
    assert "2017: late 887 days" in text
    assert "2021: found, without a date" in text
    assert "2021: on time" in text
    assert 'class="hidden">blocked<' in text
    assert 'class="hidden">not found<' in text
    only = room.get("/coverage?province=22", Accept_Language="en").text
    assert "临溪县" in only
    assert "北河区" not in only


def test_a_report_is_due_before_1_april_since_2019_and_by_31_march_until_2018(room: Room) -> None:
    text = room.get("/coverage", Accept_Language="en").text
    # 2018's report on 31 March would be on time; 长桥区 published 2019's on 30 March, 青石区 2022's on 12 April.
    assert "青石区门户网站 2022: late 11 days" in text
    assert "青石区门户网站 2017: late 5 days" in text


def test_series_shows_the_numbers_that_are_missing(room: Room) -> None:
    text = room.get("/series", Accept_Language="en").text
    for missing in ("临政发〔2022〕4号", "临政发〔2022〕5号", "临政发〔2022〕8号", "临政发〔2022〕9号"):
        assert f'<span lang="zh">{missing}</span> gap' in text


def test_a_link_of_an_archived_page_never_becomes_a_script(room: Room) -> None:
    text = room.get(f"/document/{room.ids['table']}").text
    assert 'href="javascript:' not in text
    assert "javascript:alert(document.domain)" in text
