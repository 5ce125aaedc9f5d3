"""Bad input to the commands: one clear line on stderr, nothing on stdout, a documented exit code, never a traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import Archive
from tests.serving import BRISK, ROOT, Answer, clean_env, listing, notice, scrapy, serving, start, write_source


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The promise itself."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("scrapy ")
    assert all(word in lines[0] for word in words), lines[0]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    write_source(folder, "qingling", ["http://sfj.qingling.example/tzgg/"])
    return folder


def crawl(sources: Path, archive: Path, *ids: str) -> subprocess.CompletedProcess[str]:
    return scrapy("crawl", *(ids or ("qingling",)), settings=(f"SOURCES={sources}", f"ARCHIVE={archive}"))


def test_an_unknown_source_is_answered_with_the_nearest_one(sources: Path, tmp_path: Path) -> None:
    refused(crawl(sources, tmp_path / "a.db", "qinling"), 2, "unknown source qinling", "did you mean qingling")
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize("setting", ["DOWNLOAD_DELAY=soon", "LIST_PAGES=-1", "REPLAY=maybe", "ARCHIVE="])
def test_a_setting_that_makes_no_sense_is_told_by_name(sources: Path, tmp_path: Path, setting: str) -> None:
    done = scrapy("crawl", "qingling", settings=(f"SOURCES={sources}", f"ARCHIVE={tmp_path / 'a.db'}", setting))
    refused(done, 2, f"setting {setting.split('=')[0]}: expected")


def test_broken_toml_is_told_with_file_and_line(sources: Path, tmp_path: Path) -> None:
    (sources / "qingling.toml").write_text('name = "青岭"\nlists = [\n', encoding="utf-8")
    refused(crawl(sources, tmp_path / "a.db"), 2, "qingling.toml:", "not valid TOML")


def test_an_unknown_family_is_told_with_the_nearest_one(sources: Path, tmp_path: Path) -> None:
    write_source(sources, "qingling", ["http://sfj.qingling.example/tzgg/"], 'family = "hanwebb"')
    refused(crawl(sources, tmp_path / "a.db"), 2, "qingling.toml", "hanwebb", "did you mean hanweb?")


def test_list_names_the_good_sources_and_tells_the_broken_one(sources: Path) -> None:
    (sources / "broken.toml").write_text("name = ", encoding="utf-8")
    done = scrapy("list", settings=(f"SOURCES={sources}",))
    refused(done, 2, "broken.toml")
    assert done.stdout.split() == ["broken", "qingling"]


def test_a_file_that_is_no_archive_is_left_as_it_is(sources: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("这是一封信，不是数据库。" * 50, encoding="utf-8")
    before = path.read_bytes()
    refused(crawl(sources, path), 3, "a.db", "not a SQLite database")
    assert path.read_bytes() == before


def test_an_archive_of_a_newer_version_is_not_written(sources: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Archive(path, write=True).close()
    with sqlite3.connect(path) as db:
        (table,) = db.execute("SELECT name FROM sqlite_master WHERE name LIKE '%migrations%'").fetchone()
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        row = {"migration_set": "archive", "name": "m9999_from_the_future", "applied_at": "2036-01-01"}
        known = db.execute(f"SELECT migration_set FROM {table}").fetchone()[0]
        row["migration_set"] = known
        names = [name for name in columns if name in row]
        db.execute(
            f"INSERT INTO {table} ({','.join(names)}) VALUES ({','.join('?' * len(names))})", [row[n] for n in names]
        )
    refused(crawl(sources, path), 3, "a.db", "newer")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    refused(crawl(sources, folder / "a.db"), 3, "cannot be written")


def test_a_folder_that_cannot_hold_files_is_told(sources: Path) -> None:
    refused(crawl(sources, Path("/proc/a.db")), 3, "/proc/a.db")


def test_a_second_crawl_at_once_is_told_who_holds_the_archive(tmp_path: Path) -> None:
    with serving({"/tzgg/": Answer(listing([("/art/1.html", "公示")]), wait=1.5)}) as site:
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        settings = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}", "DOWNLOAD_TIMEOUT=30")
        first = start("crawl", "qingling", settings=settings)
        try:
            site.answers["/tzgg/"] = Answer(listing([("/art/1.html", "公示")]), wait=20)
            while not site.asked:
                assert first.running()
                time.sleep(0.01)
            refused(crawl(tmp_path / "sources", tmp_path / "a.db"), 3, str(first.pid))
        finally:
            first.process.kill()
            first.end()


def test_an_archive_that_fails_in_the_middle_ends_the_crawl_with_a_line(tmp_path: Path) -> None:
    breaks = """
import archive.store
sound, saved = archive.store.Archive.save, []
def save(self, run, visit, *more):
    saved.append(visit)
    if len(saved) > 2:
        raise archive.ArchiveError("a.db: the disk is full; free some space and crawl again")
    return sound(self, run, visit, *more)
archive.store.Archive.save = save
"""
    rows = [(f"/art/{n}.html", f"第{n}号公示") for n in range(12)]
    pages = {href: Answer(notice(title, n=n)) for n, (href, title) in enumerate(rows)}
    with serving(pages | {"/tzgg/": Answer(listing(rows))}) as site:
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"])
        settings = (*BRISK, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        refused(scrapy("crawl", "qingling", settings=settings, code=breaks), 3, "the disk is full")
        assert len(site.asked) < 8, "no page is fetched for nothing"
        again = scrapy("crawl", "qingling", settings=settings)
    assert again.returncode == 0, again.stderr
    with Archive(tmp_path / "a.db") as archive:
        assert len(list(archive.documents())) == 12
        assert [run.verdict for run in sorted(archive.runs(), key=lambda run: run.id)] == ["interrupted", "healthy"]


def test_the_commands_are_there_as_a_person_calls_them() -> None:
    for words in (["-m", "scrapy", "list"], ["-m", "scrapy", "crawl", "--help"]):
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=clean_env(), capture_output=True, text=True, timeout=60, check=True
        )
        assert not done.stderr
        assert done.stdout


def test_help_documents_the_exit_codes() -> None:
    for name in ("crawl", "demo", "regold"):
        assert "Exit codes:" in scrapy(name, "--help").stdout
