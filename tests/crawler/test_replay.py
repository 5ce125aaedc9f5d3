"""Whole crawls by replay: the real engine, the real reader and archive, and not one packet to the network."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from archive import Archive
from tests.serving import ROOT, gongbao, listing, notice, scrapy, write_source

# In the child: whatever would leave this machine, or ask for a name, fails the crawl loudly.
SEALED = """
import socket
def sealed(*place, **more):
    raise AssertionError(f"replay reached for the network: {place}")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = sealed
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[subprocess.CompletedProcess[str]]]:
    path = tmp_path_factory.mktemp("demo") / "archive.db"
    return path, [scrapy("demo", settings=(f"ARCHIVE={path}",), code=SEALED) for _ in range(2)]


def test_the_sample_sources_crawl_healthy_and_the_second_time_add_nothing(
    demo: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    path, (first, second) = demo
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    with Archive(path) as archive:
        runs = sorted(archive.runs(), key=lambda run: run.id)
        documents = list(archive.documents())
    half = len(runs) // 2
    assert {run.verdict for run in runs[:half]} == {"healthy"}
    assert {run.verdict for run in runs[half:]} == {"quiet"}
    assert sum(run.counts.get("new", 0) for run in runs[:half]) == len(documents) >= 5
    states = {state for run in runs[half:] for state, n in run.counts.items() if n}
    assert states == {"listed", "unchanged"}
    assert [len(document.versions) for document in documents] == [1] * len(documents)


def test_the_demo_shows_the_ledger_the_five_reports_a_search_and_what_to_try(
    demo: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    _, (first, second) = demo
    for sight in (
        "healthy",
        "威海",
        "二道江",
        "咸宁",
        "扬州",
        "湛江",
        "not stated",
        "cloned",
        "【行政复议】",
        "verify",
    ):
        assert sight in first.stdout
    assert "Nothing was added" in second.stdout
    assert "Nothing was added" not in first.stdout
    assert "\x1b" not in first.stdout, "plain when it is not a terminal"
    assert "new" in first.stderr, "progress while it works"
    assert "unchanged" in second.stderr


def test_a_record_leads_back_to_the_fixture_bytes_it_was_read_from(
    demo: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    path, _ = demo
    pages = {page.read_bytes() for page in (ROOT / "fixtures").rglob("*.html")}
    with Archive(path) as archive:
        for document in archive.documents():
            assert archive.body(document.versions[0].capture) in pages
    verify = gongbao("--archive", str(path), "verify")
    assert verify.returncode == 0, verify.stderr


def write_pair(folder: Path, name: str, url: str, kind: str, page: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html").write_text(page, encoding="utf-8")
    (folder / f"{name}.md").write_text(
        f'+++\nurl = {json.dumps(url)}\nkind = "{kind}"\n\n[headers]\nContent-Type = "text/html"\n+++\n',
        encoding="utf-8",
    )


def test_a_url_without_a_fixture_fails_by_name_and_is_never_fetched(tmp_path: Path) -> None:
    host = "http://sfj.qingling.example"
    write_source(tmp_path / "sources", "qingling", [f"{host}/tzgg/"])
    rows = [(f"/art/{n}.html", f"关于第{n}号事项办理结果的公示") for n in range(4)]
    folder = tmp_path / "fixtures" / "qingling"
    write_pair(folder, "list", f"{host}/tzgg/", "list", listing(rows))
    write_pair(folder, "notice", f"{host}/art/0.html", "notice", notice(rows[0][1], n=1))
    places = (f"SOURCES={tmp_path / 'sources'}", f"FIXTURES={tmp_path / 'fixtures'}", f"ARCHIVE={tmp_path / 'a.db'}")
    done = scrapy("crawl", "qingling", settings=(*places, "REPLAY=1", "PROGRESS=1"), code=SEALED)
    assert done.returncode == 1, done.stderr
    with Archive(tmp_path / "a.db") as archive:
        (run,) = archive.runs()
    assert {state: n for state, n in run.counts.items() if n} == {"listed": 1, "new": 1, "failed": 3}
    assert run.verdict == "incomplete"
    assert done.stderr.count("no fixture for this URL") == 3

    regold = scrapy("regold", "qingling", settings=places[:2])
    assert regold.returncode == 0, regold.stderr
    told = (folder / "notice.md").read_text(encoding="utf-8")
    assert f'title = "{rows[0][1]}"' in told
    assert "一是规范行政决策程序。" in told.split("+++")[2]
    assert (folder / "list.md").read_text(encoding="utf-8").count("\t") == 8
    again = scrapy("regold", "qingling", settings=places[:2])
    assert "0 changed" in again.stdout, "rewriting is a fixed point"
