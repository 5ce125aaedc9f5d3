"""What `gongbao serve` refuses: wide addresses without a password, foreign names, queries that hurt, tables."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from archive import Archive, takedown
from archive.web.guard import poses_as_view
from tests.web.conftest import ROOT, Room, close_room, open_room
from tests.web.made import Filling, fill, reports


def serve(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`gongbao serve` that is expected to refuse."""
    inherited = {name: value for name, value in os.environ.items() if name != "GONGBAO_PASSWORD"}
    command = [sys.executable, "-m", "archive", "serve", *options]
    return subprocess.run(
        command, cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("gongbao: ")
    assert len(done.stderr.splitlines()) == 1
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_a_wider_address_without_a_password_is_refused(room: Room, host: str) -> None:
    refused(serve("--archive", str(room.path), "--host", host), 2, host, "password")


def test_a_short_or_empty_password_is_refused(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("abc\n")
    refused(serve("--archive", str(room.path), "--host", "0.0.0.0", "--password-file", str(file)), 2, "3 characters")
    file.write_text("\n")
    refused(serve("--archive", str(room.path), "--password-file", str(file)), 2, "first line is empty")


def test_an_archive_that_is_not_there_or_not_one_is_told_in_one_line(tmp_path: Path) -> None:
    refused(serve("--archive", str(tmp_path / "none.db")), 3, "no archive there")
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at" * 40)
    refused(serve("--archive", str(tmp_path / "text.db")), 3, "not a SQLite database")


def test_a_port_in_use_is_told_in_one_line(room: Room) -> None:
    port = room.base.rpartition(":")[2]
    refused(serve("--archive", str(room.path), "--port", port), 2, port, "choose another")


def test_ctrl_c_closes_the_room_in_one_line(room: Room) -> None:
    server, _ = open_room(room.path)
    server.send_signal(signal.SIGINT)
    assert server.wait(20) == 130
    assert server.stderr is not None
    assert server.stderr.read() == "gongbao: interrupted\n"
    server.stderr.close()


def test_with_a_password_nobody_reads_without_it(room: Room) -> None:
    server, base = open_room(room.path, GONGBAO_PASSWORD="公报-阅览室-2026")
    try:
        closed = Room(base, room.path, room.ids)
        for path in ("/", "/search?q=a", "/room/room.css", "/sql", "/original/1/bytes"):
            answer = closed.get(path)
            assert answer.status == 401
            assert answer.headers["www-authenticate"].startswith("Basic")
        for given, status in (("公报-阅览室-2026", 200), ("公报-阅览室-2025", 401), ("", 401)):
            credentials = base64.b64encode(f"reader:{given}".encode()).decode()
            assert closed.get("/", Authorization=f"Basic {credentials}").status == status
        assert closed.get("/", Authorization="Basic %%%").status == 401
    finally:
        close_room(server)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_a_foreign_name_that_leads_to_us_is_not_answered(room: Room, host: str) -> None:
    assert room.get("/", Host=host).status == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1", "LOCALHOST:1", "[::1]:8001"])
def test_our_own_names_are_answered(room: Room, host: str) -> None:
    assert room.get("/", Host=host).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/sql.db",
        "/archive.db",
        "/-/plugins.json",
        "/-/settings",
        "/-/threads",
        "/-/permissions",
        "/_memory",
        "/_internal",
    ],
)
def test_neither_the_file_nor_the_machinery_can_be_had(room: Room, path: str) -> None:
    answer = room.get(path)
    assert answer.status in {403, 404}
    assert str(room.path) not in answer.text


HURTING = (
    "select randomblob(900000000)",
    "select zeroblob(900000000)",
    "select printf('%.*c', 900000000, 'x')",
    "select replace(printf('%.*c', 10000000, 'x'), 'x', 'xxxxxxxxxx')",
    "with recursive t(x) as (select 'aaaaaaaaaa' union all select x || x from t) select max(length(x)) from t",
    "with recursive t(n) as (select 1 union all select n + 1 from t) select max(n) from t",
    "with recursive t(n) as (select 1 union all select n + 1 from t limit 900) select printf('%.*c',900000,n) from t",
    "select group_concat(printf('%.*c', 5000000, a.id)) from announcements a, announcements b",
    "select hex(hex(hex(hex(printf('%.*c', 9000000, 'x')))))",
    "select count(*) from announcements a, announcements b, announcements c, announcements d, announcements e",
)


@pytest.mark.parametrize("sql", HURTING)
def test_a_query_that_builds_too_much_or_takes_too_long_is_refused_soon(room: Room, sql: str) -> None:
    began = time.monotonic()
    answer = room.get("/sql?sql=" + quote(sql), Accept_Language="en")
    assert answer.status == 400
    assert time.monotonic() - began < 8
    assert len(answer.body) < 20_000
    assert room.get("/").status == 200


@pytest.mark.parametrize(
    "sql",
    [
        "select * from text",
        "select title from version",
        "select * from document",
        "select * from search_document",
        "select * from takedown",
        "select t.body from announcements a join text t on t.id = a.document",
        "select (select body from text limit 1) from announcements",
        "with announcements as (select * from text) select * from announcements",
        'with "announcements"(a) as materialized (select body from text) select * from announcements',
        "with 'Announcements' as not materialized (select body from text) select * from announcements",
        "with x as (select 1), [versions] /* */ as -- \n (select body from text) select * from versions",
        "with `coverage` as (select body from main.text) select * from coverage",
        "select * from sqlite_dbpage",
        "select * from pragma_table_list",
        "select load_extension('/tmp/x')",
        "select writefile('/tmp/x', 'y')",
        "attach '/tmp/other.db' as other",
        "pragma writable_schema=1",
        "delete from text",
        "create table x (y)",
        "select 1; drop table text",
    ],
)
def test_plain_sql_reads_the_views_and_nothing_else(room: Room, sql: str) -> None:
    answer = room.get("/sql.json?sql=" + quote(sql))
    assert answer.status in {400, 403}
    assert "法治政府" not in answer.text


@pytest.mark.parametrize(
    "sql",
    [
        "select id, title from announcements where report_year = 2021",
        "with a as (select * from announcements) select count(*) from a join versions v using (id)",
        "select * from announcements as a join (select id from versions) as v on v.id = a.id limit 1",
        "select publisher, report_year, status from coverage order by 1",
        "select value from json_each('[1,2]')",
        "select instr(title, '法治'), replace(title, '法治', '法制') from announcements limit 3",
        "select count(*) from announcements -- with announcements as (select 1)",
    ],
)
def test_honest_sql_is_answered(room: Room, sql: str) -> None:
    answer = room.get("/sql.json?sql=" + quote(sql) + "&_shape=array")
    assert answer.status == 200, answer.text
    assert answer.text.startswith("[{")


def test_a_view_in_disguise_is_seen_through() -> None:
    assert poses_as_view("WITH\tRuns(a, b)AS(select 1) select 1") == "runs"
    assert poses_as_view("select 'with runs as (select 1)'") is None
    assert poses_as_view("select * from runs as (") == "runs"
    assert poses_as_view("select * from runs as r join (select 1)") is None


def test_what_is_taken_down_is_gone_from_every_open_page_at_once(tmp_path: Path) -> None:
    path = tmp_path / "taken.db"
    ids = fill(path)
    server, base = open_room(path)
    room, id = Room(base, path, ids), ids["edited"]
    capture = 6
    pages = (
        "/",
        "/coverage",
        "/search?q=" + quote("北河区2021"),
        "/sql?sql=select+id+from+announcements",
        "/runs",
        "/run/1",
    )
    try:
        before = [room.get(page).text for page in pages]
        assert sum(id in text for text in before) >= 3
        assert room.get(f"/document/{id}").status == room.get(f"/original/{capture}/bytes").status == 200
        with Archive(path, write=True) as archive:
            takedown.hide(archive, id, "asked for by the person it names")
        assert all(id not in room.get(page).text for page in pages)
        for gone in (
            f"/document/{id}",
            f"/original/{capture}",
            f"/original/{capture}/page",
            f"/original/{capture}/bytes",
        ):
            assert room.get(gone).status == 404
        with Archive(path, write=True) as archive:
            takedown.show_again(archive, id, "the request was withdrawn")
        assert sum(id in room.get(page).text for page in pages) >= 3
    finally:
        close_room(server)


def test_readers_go_on_while_a_crawl_writes(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    records = [record for found in reports().values() for record in found]
    with Archive(path, write=True) as archive:
        Filling(archive, "first").read(records[0], "2026-01-05T02:00:00Z")
    server, base = open_room(path)
    busy, answers = Room(base, path, {}), []
    try:
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                answers.extend(
                    busy.get(page).status for page in ("/", "/search?q=" + quote("法治"), "/runs", "/coverage")
                )

        asking = threading.Thread(target=ask)
        asking.start()
        with Archive(path, write=True) as archive:
            filling = Filling(archive, "second")
            for record in records[1:]:
                filling.read(record, "2026-01-06T02:00:00Z")
            filling.finish()
        done.set()
        asking.join(30)
        assert len(answers) >= 4
        assert set(answers) == {200}
        total = f"<strong>{len(records)}</strong>"
        assert total in busy.get("/search?q=" + quote("法治政府")).text
    finally:
        close_room(server)
