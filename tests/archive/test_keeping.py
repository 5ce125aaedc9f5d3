"""Backups, restore drills and takedown: what is kept, and what must not be seen any more."""

from __future__ import annotations

import gzip
import json
import sqlite3 as plain_sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, takedown
from archive.backup import backup, restore
from archive.cli import run as run_command
from archive.connection import sqlite3 as chosen_sqlite3
from archive.doctor import INDEX_CHECKED, examine, library_is_sound
from archive.records import document_key
from archive.upkeep import rebuild_index, vacuum
from tests.archive.made import RECORD, SOURCE, URL, another_text, read

SECRET = "身份证号码为 330102199001011234 的当事人王某某"
PRIVATE = replace(
    RECORD, url="http://www.qingshi.example/private.html", title="王某某处罚决定", text=SECRET + another_text("处罚")
)
PRIVATE_ID = document_key(PRIVATE.url)


@pytest.fixture
def held(path: Path) -> Path:
    with Archive(path, write=True) as archive:
        run = archive.start_run(SOURCE)
        read(archive, run, RECORD, n=0)
        read(archive, run, PRIVATE, n=1, body=SECRET.encode())
        read(archive, archive.start_run(SOURCE), PRIVATE, n=2, body=SECRET.encode())
    return path


def bytes_of(path: Path) -> bytes:
    """Everything on disk that belongs to an archive, segments unzipped."""
    plain = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*") if file.is_file())
    return plain + b"".join(
        gzip.decompress(file.read_bytes()) for file in path.with_name(path.name + ".warc").iterdir()
    )


def test_a_backup_holds_everything_and_verifies(held: Path, tmp_path: Path) -> None:
    copy = tmp_path / "safe" / "copy.db"
    assert backup(held, copy).ok
    with Archive(held) as one, Archive(copy) as two:
        assert list(one.documents()) == list(two.documents())
        assert one.runs() == two.runs()
        assert two.search("330102199001011234").total == 1


def test_a_backup_taken_while_a_crawl_writes_is_consistent(path: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    with Archive(path, write=True) as archive:
        run = archive.start_run(SOURCE)
        read(archive, run, RECORD)
        results = []

        def copy_often() -> None:
            n = 0
            while not stop.is_set():
                n += 1
                results.append(backup(path, tmp_path / f"copy{n}.db"))

        thread = threading.Thread(target=copy_often)
        thread.start()
        for n in range(80):
            read(archive, run, RECORD, n=n % 300, url=f"http://www.qingshi.example/{n}.html", text=another_text(str(n)))
        stop.set()
        thread.join()
    assert results
    assert all(result.ok for result in results)
    for copy in tmp_path.glob("copy*.db"):
        with Archive(copy) as opened:
            assert sum(opened.runs()[0].counts.values()) == len(list(opened.documents()))


def test_the_restore_drill(held: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup(held, copy)
    with Archive(held) as archive:
        before = list(archive.documents())
    with pytest.raises(ArchiveError, match="move them away first"):
        restore(copy, held)
    for file in [*held.parent.glob("archive.db*")]:
        subprocess.run(["rm", "-r", str(file)], check=True)
    assert restore(copy, held).ok
    with Archive(held, write=True) as archive:
        assert list(archive.documents()) == before
        read(archive, archive.start_run(SOURCE), RECORD, n=9, text=another_text("新事"))
        assert archive.verify().ok


def test_a_backup_overwrites_nothing_and_refuses_what_is_no_archive(held: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="exists; name a new file"):
        backup(held, held)
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_text("rubbish")
    with pytest.raises(ArchiveError, match="not a SQLite database"):
        restore(rubbish, tmp_path / "new.db")
    with pytest.raises(ArchiveError, match="no archive there"):
        backup(tmp_path / "nothing.db", tmp_path / "copy.db")


def test_a_hidden_document_is_nowhere_at_once_and_can_come_back(held: Path) -> None:
    with Archive(held, write=True) as archive:
        takedown.hide(archive, PRIVATE_ID, "request of the person, 2026-03-01")
        with Archive(held) as reader:
            assert reader.search("330102199001011234").total == 0
            assert reader.document(PRIVATE_ID) is None
            assert [document.id for document in reader.documents()] == [document_key(URL)]
            for view in ("announcements", "appearances", "versions", "coverage"):
                ids = {row[0] for row in reader.db.conn.execute(f"SELECT id FROM {view}")}
                assert PRIVATE_ID not in ids
        takedown.show_again(archive, PRIVATE_ID, "request withdrawn")
        assert archive.search("330102199001011234").total == 1
        assert [step.action for step in takedown.steps(archive.db.conn)] == ["hide", "show"]


def test_a_hidden_document_is_not_in_the_next_backup(held: Path, tmp_path: Path) -> None:
    with Archive(held, write=True) as archive:
        takedown.hide(archive, PRIVATE_ID, "request")
    copy = tmp_path / "copy.db"
    assert backup(held, copy).ok
    assert SECRET.encode() not in bytes_of(copy)
    assert SECRET.encode() in bytes_of(held)


def test_a_withdrawn_document_is_unreadable_but_its_digest_stays(held: Path) -> None:
    with Archive(held, write=True) as archive:
        before = [row.sha256 for row in archive.history(PRIVATE.url)]
        assert SECRET.encode() in bytes_of(held)
        takedown.withdraw(archive, PRIVATE_ID, "order of the court")
        assert [row.sha256 for row in archive.history(PRIVATE.url)] == before
        with pytest.raises(ArchiveError, match="withdrawn on"):
            archive.body(archive.history(PRIVATE.url)[0].id)
        result = archive.verify()
        assert result.problems == []
        (segment,) = archive.segments.folder.glob("*.warc.gz")
    everything = bytes_of(held)
    assert SECRET.encode() not in everything
    assert "王某某".encode() not in everything
    subprocess.run(["gunzip", "-t", str(segment)], check=True)
    subprocess.run([str(Path(sys.executable).with_name("warcio")), "check", str(segment)], check=True)


def test_a_later_crawl_does_not_bring_a_withdrawn_document_back(held: Path) -> None:
    with Archive(held, write=True) as archive:
        takedown.withdraw(archive, PRIVATE_ID, "order of the court")
        run = archive.start_run(SOURCE)
        outcome = read(archive, run, PRIVATE, n=5, body=SECRET.encode())
        copy = read(archive, run, PRIVATE, n=6, url="http://mirror.example/p.html", body=SECRET.encode())
        assert (outcome.state, copy.state) == ("skipped", "skipped")
        assert archive.search("330102199001011234").total == 0
        assert archive.verify().ok
    assert SECRET.encode() not in bytes_of(held)


def test_doctor_finds_nothing_wrong_with_a_sound_archive(held: Path) -> None:
    with Archive(held) as archive:
        assert {finding.grade for finding in examine(archive, everything=True) if finding.what != "SQLite library"} == {
            "ok"
        }


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE page SET version = 999", "references"),
        ("DELETE FROM search_document", "search index"),
        ("UPDATE visit SET state = 'pending'", "ledger"),
        ("UPDATE capture SET sha256 = 'x'", "stored bytes"),
        ("UPDATE segment SET committed = committed + 1", "segments"),
    ],
)
def test_doctor_names_the_damaged_part_and_what_to_do(held: Path, damage: str, what: str) -> None:
    with Archive(held, write=True) as archive:
        for summary in archive.runs():
            if summary.finished is None:
                archive.finish_run(summary.id, verdict="quiet")
    with plain_sqlite3.connect(held) as db:
        db.execute(damage)
    with Archive(held) as archive:
        problems = {finding.what: finding.told for finding in examine(archive) if finding.grade == "problem"}
    assert what in problems
    assert "restore" in problems[what] or "reindex" in problems[what]


@pytest.mark.skipif(
    chosen_sqlite3.sqlite_version_info < INDEX_CHECKED, reason="older SQLite does not look into the index"
)
def test_doctor_looks_into_the_words_of_the_index_and_reindex_mends_them(held: Path) -> None:
    with plain_sqlite3.connect(held) as db:
        db.execute("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10")
    with Archive(held) as archive:
        found = {finding.what: finding for finding in examine(archive)}
    assert found["words of the index"].grade == "problem"
    assert "run: gongbao reindex" in found["words of the index"].told
    assert found["database file"].grade == "ok"
    with Archive(held, write=True) as archive:
        rebuild_index(archive)
        assert archive.search("法治 OR 处罚").total == 2
        assert "problem" not in {finding.grade for finding in examine(archive) if finding.what != "ledger"}


@pytest.mark.parametrize(
    ("version", "sound"), [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 4), True)]
)
def test_doctor_knows_the_libraries_with_the_wal_bug(version: tuple[int, ...], sound: bool) -> None:
    assert library_is_sound(version) is sound


def test_reindex_and_vacuum_leave_every_answer_the_same(held: Path) -> None:
    with Archive(held, write=True) as archive:
        before = archive.search("法治 OR 处罚")
        assert rebuild_index(archive) == 2
        vacuum(archive)
        assert archive.search("法治 OR 处罚") == before
        assert archive.verify().ok


def test_an_index_of_other_words_is_built_again_by_itself(held: Path) -> None:
    with Archive(held, write=True) as archive:
        with archive.transaction():
            archive.db.conn.execute("UPDATE search_document SET digest = x'00'")
        read(archive, archive.start_run(SOURCE), RECORD, n=9, title="改过的标题")
        archive.catch_up()
        assert archive.search("改过的标题").total == 1
        assert archive.search("330102199001011234").total == 1


def test_near_duplicates_are_linked_and_follow_edits(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    text = "".join(another_text(topic) for topic in ("车库", "档案", "绿化", "供水", "消防"))
    repost = "本文转自青石区政府网站，仅供参考。\n" + text
    one = read(archive, run, RECORD, text=text)
    two = read(archive, run, RECORD, url="http://mirror.example/1.html", text=repost)
    archive.catch_up()
    ((other, similarity),) = archive.near(str(one.document_id))
    assert other == two.document_id
    assert 0.8 < similarity < 1
    edited = another_text("养老") * 3
    read(archive, archive.start_run(SOURCE), RECORD, n=2, url="http://mirror.example/1.html", text=edited)
    archive.catch_up()
    assert archive.near(str(one.document_id)) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["doctor"], 0),
        (["doctor", "--all", "--json"], 0),
        (["reindex"], 0),
        (["vacuum"], 0),
        (["migrate"], 0),
        (["takedown", PRIVATE_ID, "--reason", "request"], 0),
        (["takedown", "--list", "--json"], 0),
        (["takedown"], 2),
        (["takedown", PRIVATE_ID], 2),
        (["takedown", PRIVATE_ID, "--reason", "x", "--for-good", "--undo"], 2),
        (["takedown", "000000000000", "--reason", "x"], 1),
        (["takedown", PRIVATE_ID, "--reason", "x", "--undo"], 3),
        (["restore", "/nowhere.db"], 3),
        (["backup"], 2),
    ],
)
def test_commands_of_care_and_their_codes(
    held: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert run_command([*arguments, "--archive", str(held)]) == code
    said = capsys.readouterr()
    if code:
        assert said.err.startswith("gongbao: ")
        assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", ["reindex", "vacuum", "migrate", "backup", "restore", "takedown"])
def test_every_command_of_care_speaks_json_too(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    copy = tmp_path / "copy.db"
    if command == "restore":
        assert run_command(["--archive", str(held), "backup", str(copy)]) == 0
        capsys.readouterr()
    more = {
        "backup": [str(copy)],
        "restore": [str(copy)],
        "takedown": [PRIVATE_ID, "--reason", "request"],
    }.get(command, [])
    where = tmp_path / "restored.db" if command == "restore" else held
    assert run_command([command, *more, "--json", "--archive", str(where)]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert said.err == ""
    told = {
        "reindex": {"documents": 2},
        "vacuum": {"bytes"},
        "migrate": {"schema"},
        "backup": {"ok": True, "problems": []},
        "restore": {"ok": True, "problems": []},
        "takedown": {"id": PRIVATE_ID, "done": "hidden"},
    }[command]
    if isinstance(told, dict):
        assert {name: found[name] for name in told} == told
    assert set(told) <= set(found)


def test_backup_command_makes_a_copy_that_opens(held: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert run_command(["--archive", str(held), "backup", str(copy)]) == 0
    assert run_command(["verify", "--archive", str(copy)]) == 0
    assert run_command(["--archive", str(held), "backup", str(copy)]) == 3
