"""Opening an archive: who may write, what a reader sees meanwhile, and one clear line for whatever is wrong."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archive import Archive, ArchiveError
from archive.connection import sqlite3 as chosen_sqlite3
from archive.model import Link
from archive.store import shared
from tests.archive.made import RECORD, SOURCE, read

ROOT = Path(__file__).parents[2]


def test_a_second_writer_is_told_who_holds_the_archive(path: Path) -> None:
    with (
        Archive(path, write=True),
        pytest.raises(ArchiveError, match=rf"process {os.getpid()} on .* since 20.*is writing it"),
    ):
        Archive(path, write=True)
    Archive(path, write=True).close()


def test_another_process_is_told_too_and_a_dead_holders_lock_is_free(path: Path) -> None:
    code = (
        f"import time; from archive import Archive; opened = Archive({str(path)!r}, write=True); "
        "print('open', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    with pytest.raises(ArchiveError, match=f"process {child.pid} "):
        Archive(path, write=True)
    child.kill()
    child.wait()
    child.stdout.close()
    Archive(path, write=True).close()


def test_two_users_of_one_process_share_one_writer(path: Path) -> None:
    first, second = shared(path), shared(path.parent / "." / path.name)
    assert first is second
    first.close()
    run = second.start_run(SOURCE)
    assert second.meet(run, [Link("http://a.example/", "listing")])
    second.close()
    Archive(path, write=True).close()


def test_readers_are_never_locked_out_by_a_writer(archive: Archive, path: Path) -> None:
    run = archive.start_run(SOURCE)
    failures: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                with Archive(path) as reader:
                    reader.runs()
                    list(reader.documents())
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(60):
        read(archive, run, RECORD, url=f"http://www.qingshi.example/{n}.html")
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_reader_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive there; name another with --archive"):
        Archive(tmp_path / "nowhere" / "archive.db")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_may_not_write(path: Path) -> None:
    Archive(path, write=True).close()
    with Archive(path) as reader, pytest.raises(ArchiveError, match="opened for reading"):
        reader.start_run(SOURCE)


@pytest.mark.parametrize("write", [False, True])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path: Path, write: bool) -> None:
    path.write_bytes(b"<html>not a database</html>" * 50)
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="not a SQLite database"):
        Archive(path, write=write)
    assert path.read_bytes() == before


@pytest.mark.parametrize("write", [False, True])
def test_another_programs_database_is_refused_and_left_as_it_is(path: Path, write: bool) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(ArchiveError, match="not an archive of announcements"):
        Archive(path, write=write)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


@pytest.mark.parametrize("write", [False, True])
def test_a_newer_schema_is_refused(path: Path, write: bool) -> None:
    Archive(path, write=True).close()
    with sqlite3.connect(path) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('archive', 'm9999_later', '')"
        )
    with pytest.raises(ArchiveError, match=r"written by newer code \(schema has m9999_later\); update gongbao"):
        Archive(path, write=write)


def test_a_reader_of_an_older_schema_is_told_to_migrate(path: Path) -> None:
    Archive(path, write=True).close()
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0003_search'")
    with pytest.raises(ArchiveError, match=r"written by older code .* run: gongbao .* migrate"):
        Archive(path)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is a folder"):
        Archive(tmp_path, write=True)
    with pytest.raises(ArchiveError, match="no archive there"):
        Archive(tmp_path)


def test_a_folder_that_cannot_be_written_is_told() -> None:
    with pytest.raises(ArchiveError, match=r"/proc.*choose a folder you may write to"):
        Archive("/proc/gongbao/archive.db", write=True)


def test_a_failed_opening_leaves_the_archive_free(path: Path) -> None:
    path.write_bytes(b"rubbish" * 500)
    with pytest.raises(ArchiveError):
        Archive(path, write=True)
    path.unlink()
    Archive(path, write=True).close()


def test_what_the_disk_refuses_is_an_archive_error_and_changes_nothing(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    pages = archive.db.conn.execute("PRAGMA page_count").fetchone()[0]
    archive.db.conn.execute(f"PRAGMA max_page_count={pages}")

    def fill() -> None:
        for n in range(50):
            read(archive, run, RECORD, url=f"http://www.qingshi.example/{n}.html", text=str(RECORD.text) * 30 + str(n))

    with pytest.raises(ArchiveError, match="disk is full"):
        fill()
    archive.db.conn.execute("PRAGMA max_page_count=1073741823")
    assert archive.verify().ok
    assert sum(archive.run(run).counts.values()) == len(list(archive.documents()))


def test_text_that_is_no_unicode_is_kept_readable(archive: Archive) -> None:
    outcome = read(archive, archive.start_run(SOURCE), RECORD, title="坏\ud800字", body=b"x", evidence={"a": "\udfff"})
    archive.meet(archive.start_run("other"), [Link("http://a.example/\udc80", "notice", "\udc80")])
    document = archive.document(str(outcome.document_id))
    assert document is not None
    assert document.record.title == "坏\N{REPLACEMENT CHARACTER}字"


def test_every_commit_is_forced_to_disk(archive: Archive) -> None:
    assert archive.db.conn.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert archive.db.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert archive.db.conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_plain_sqlite_library_opens_the_views(archive: Archive, path: Path) -> None:
    run = archive.start_run(SOURCE)
    read(archive, run, RECORD)
    read(archive, run, RECORD, url="http://mirror.example/1.html")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        assert chosen_sqlite3 is not None
        (row,) = db.execute("SELECT title, report_year, appearances, versions, state FROM announcements").fetchall()
        assert row == (RECORD.title, 2021, 2, 1, "present")
        assert db.execute("SELECT count(*), sum(main) FROM appearances").fetchone() == (2, 1)
        assert db.execute("SELECT count(*) FROM versions WHERE text IS NOT NULL").fetchone() == (2,)
        assert db.execute("SELECT state, urls FROM runs ORDER BY state").fetchall() == [("duplicate", 1), ("new", 1)]


@pytest.mark.parametrize(
    ("year", "published", "lag", "status"),
    [
        (2017, "2017-12-20", -101, "found_on_time"),
        (2017, "2018-03-31", 0, "found_on_time"),
        (2017, "2020-09-03", 887, "found_late"),
        (2021, "2022-01-15T09:00:00+08:00", -76, "found_on_time"),
        (2021, "2022-04-01", 0, "found_late"),
        (2021, None, None, "found_no_date"),
    ],
)
def test_coverage_tells_days_late_by_the_rule_of_the_year(
    archive: Archive, year: int, published: str | None, lag: int | None, status: str
) -> None:
    read(archive, archive.start_run(SOURCE), RECORD, report_year=year, published=published)
    assert archive.db.conn.execute("SELECT lag_days, status FROM coverage").fetchall() == [(lag, status)]


BLOCKED = ("scrapy", "parsel", "lxml", "trafilatura", "twisted", "crawler")


def test_the_archive_opens_without_the_crawlers_libraries(path: Path) -> None:
    Archive(path, write=True).close()
    code = (
        "import sys\n"
        f"for name in {BLOCKED!r}: sys.modules[name] = None\n"
        "import archive.cli\n"
        f"from archive import Archive\n"
        f"print(len(Archive({str(path)!r}).runs()))\n"
        f"sys.exit(archive.cli.run(['stats', '--archive', {str(path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM coverage",
        "SELECT v.report_year, count(*) FROM document d JOIN version v ON v.id = d.version "
        "WHERE v.report_year IS NOT NULL AND d.hidden IS NULL GROUP BY 1",
    ],
)
def test_coverage_is_counted_without_opening_the_wide_rows(tmp_path: Path, sql: str) -> None:
    with Archive(tmp_path / "a.db", write=True) as archive:
        plan = " ".join(row[3] for row in archive.db.conn.execute("EXPLAIN QUERY PLAN " + sql))
    assert "COVERING INDEX version_report" in plan
