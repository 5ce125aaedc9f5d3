"""`scrapy read` keeps its contract: one JSON object a line, in input order, whatever the pages are."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.child import Child

FIELDS = {
    "title",
    "text",
    "published",
    "written",
    "origin",
    "issuer",
    "index_number",
    "document_number",
    "topic",
    "validity",
    "breadcrumb",
    "report_year",
    "site_name",
    "site_id",
    "attachments",
    "integrity",
    "integrity_reasons",
    "url",
}
NOTICE = """<html><head><meta charset="utf-8"><title>关于调整办公时间的通知_青禾县人民政府</title>
<meta name="SiteName" content="青禾县人民政府"></head><body>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/tz/">通知公告</a></div>
<h1>关于调整办公时间的通知</h1>
<div class="info">来源：县政府办公室　发布日期：2023-06-01　浏览次数：<span></span></div>
<div class="TRS_Editor">
<p>各乡镇人民政府，县直各部门：</p>
<p>根据季节变化和工作实际，经县政府研究，决定自2023年6月5日起调整全县机关办公时间。</p>
<p>一、上午八时三十分至十二时，下午二时三十分至六时。</p>
<p>二、窗口单位实行延时服务，确保群众办事不断档。</p>
<p>青禾县人民政府办公室</p><p>2023年5月31日</p>
<p><a href="P02023.docx">附件：作息时间表.docx</a></p>
</div><div class="footer">版权所有：青禾县人民政府 网站标识码：4199990001</div></body></html>"""
LIST = "<html><head><meta charset='utf-8'><title>通知公告</title></head><body><ul class='list'>{}</ul>{}</body></html>"
ROW = "<li><a href='./202306/t202306{day:02}_{day}.html'>关于第{day}号事项的通知</a><span>2023-06-{day:02}</span></li>"
CHALLENGE = "<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script></head><body></body></html>"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    rows = "".join(ROW.format(day=day) for day in range(1, 16))
    (tmp_path / "notice.html").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "list.html").write_text(LIST.format(rows, "<a href='index_1.html'>下一页</a>"), encoding="utf-8")
    (tmp_path / "challenge.html").write_text(CHALLENGE, encoding="utf-8")
    (tmp_path / "nothing.html").write_bytes(b"")
    return tmp_path


def scrapy_read(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return Child(["read", *map(str, args)], env=dict(os.environ)).end(60)


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_file_gives_one_object_in_input_order_with_its_kind(pages: Path) -> None:
    names = ["notice.html", "nothing.html", "list.html", "challenge.html"]
    found = objects(scrapy_read(*(pages / name for name in names)))
    assert [Path(row["file"]).name for row in found] == names
    assert [row["kind"] for row in found] == ["notice", "empty", "list", "blocked"]
    assert all(row["reason"] for row in found if row["kind"] in {"blocked", "empty"})


def test_a_notice_has_every_field_of_the_contract_and_absent_ones_are_null(pages: Path) -> None:
    url = "http://www.qinghe.example/tz/202306/t20230601_1.html"
    (row,) = objects(scrapy_read("--url", url, pages / "notice.html"))
    assert row.keys() >= FIELDS
    assert row["title"] == "关于调整办公时间的通知"
    assert (row["published"], row["origin"]) == ("2023-06-01", "县政府办公室")
    assert (row["index_number"], row["document_number"]) == (None, None)
    assert row["text"].startswith("各乡镇人民政府，县直各部门：\n根据季节变化")
    assert "浏览次数" not in row["text"]
    assert "版权所有" not in row["text"]
    assert row["attachments"] == [
        {"url": "http://www.qinghe.example/tz/202306/P02023.docx", "text": "附件：作息时间表.docx"}
    ]
    assert (row["site_id"], row["integrity"], row["url"]) == ("4199990001", "clean", url)


def test_a_list_has_entries_and_next_resolved_against_its_url(pages: Path) -> None:
    (row,) = objects(scrapy_read("--url", "http://www.qinghe.example/tz/index.html", pages / "list.html"))
    assert row["entries"][0] == {
        "url": "http://www.qinghe.example/tz/202306/t20230601_1.html",
        "title": "关于第1号事项的通知",
        "date": "2023-06-01",
    }
    assert len(row["entries"]) == 15
    assert row["next"] == "http://www.qinghe.example/tz/index_1.html"
    assert row.keys() >= {"page_count", "record_count"}


def test_a_manifest_gives_each_file_its_url(pages: Path) -> None:
    manifest = pages / "m.jsonl"
    lines = [{"file": "list.html", "url": "http://a.example/x/"}, {"file": str(pages / "notice.html"), "url": None}]
    manifest.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    found = objects(scrapy_read("--manifest", manifest))
    assert found[0]["next"] == "http://a.example/x/index_1.html"
    assert found[1]["url"] is None


def test_as_overrides_the_guess(pages: Path) -> None:
    (row,) = objects(scrapy_read("--as", "notice", pages / "list.html"))
    assert row["kind"] == "notice"


def test_explain_says_where_a_value_stood_and_what_it_beat(pages: Path) -> None:
    done = scrapy_read("--explain", pages / "notice.html")
    assert done.returncode == 0
    assert "published: 2023-06-01  <- " in done.stdout
    assert "encoding: utf-8" in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        ([], 2, "nothing to read"),
        (["no-such-file.html"], 1, "no-such-file.html: cannot be read"),
        (["--manifest", "no-such-manifest.jsonl"], 2, "no-such-manifest.jsonl"),
        (["--url", "http://a.example/", "a.html", "b.html"], 2, "--manifest"),
        (["--family", "nonesuch", __file__], 2, "nonesuch"),
    ],
)
def test_bad_input_is_one_line_and_an_exit_code(args: list[str], code: int, says: str) -> None:
    done = scrapy_read(*args)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_page_without_an_address_keeps_its_links_relative(pages: Path) -> None:
    (row,) = objects(scrapy_read(pages / "list.html"))
    assert (row["kind"], row["url"], row["next"]) == ("list", None, "index_1.html")
    assert row["entries"][0]["url"] == "202306/t20230601_1.html"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<a href='/x'>公告</a>" * 120_000, id="3 MB of links"),
        pytest.param("<table><tr><td>一</td><td>2</td></tr></table>" * 70_000, id="3 MB of tables"),
        pytest.param("<div>" * 100_000 + "<p>经研究，同意夜间施工。</p>", id="100,000 nested tags"),
        pytest.param("<p>" + "公告" * 2_000_000 + "</p>", id="a 12 MB text node"),
    ],
)
def test_a_monstrous_page_ends_soon_with_text_or_a_reason(tmp_path: Path, body: str) -> None:
    (tmp_path / "monster.html").write_text(
        f"<html><body><h1>公告</h1><div id='zoom'>{body}</div></body></html>", "utf-8"
    )
    (row,) = objects(scrapy_read(tmp_path / "monster.html"))  # within the 60 s of a child, or it raises
    assert row.get("text") or row.get("entries") or row.get("reason") or row.get("flags")


def test_explain_says_whether_the_organisation_code_of_an_index_number_checks_out(tmp_path: Path) -> None:
    for number, says in (("011336714/2020-12972", "011336714: check character right"), ("011336715/2020-1", "wrong")):
        table = f"<table><tr><td>索引号：</td><td>{number}</td><td>文号：</td><td>无</td></tr></table>"
        (tmp_path / "page.html").write_text(NOTICE.replace("<h1>", table + "<h1>"), encoding="utf-8")
        assert says in scrapy_read("--explain", tmp_path / "page.html").stdout


def test_a_file_among_the_pages_is_empty_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"%PDF-1.5 not a page")
    (row,) = objects(scrapy_read(tmp_path / "a.html"))
    assert (row["kind"], row["reason"]) == ("empty", "no page, but a file of kind pdf")
