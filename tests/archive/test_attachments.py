"""Files that documents link to, in the archive: versions by bytes, and everywhere a document goes its files go too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive import Archive, takedown
from archive.backup import backup
from archive.bundle import write_bundle
from archive.errors import ArchiveError
from archive.merge import merge
from archive.model import Attachment, Capture, Extract, Link, Record, Visit
from tests.archive.made import SOURCE, another_text, day
from tests.serving import gongbao

HOST = "http://www.qingshi.example"
PDF = f"{HOST}/files/mingdan.pdf"
NAME = "附件：行政执法人员名单.pdf"
LIST = Extract("pdf", "持证执法人员共二百零七名，其中女性六十一名。", None, "reader 1")
SCAN = Extract("pdf", None, "pdf: 3 pages without text", "reader 1")


@pytest.fixture
def run(archive: Archive) -> int:
    return archive.start_run(SOURCE)


def notice(n: int, *links: str) -> Record:
    return Record(
        f"{HOST}/a/{n}.html",
        title=f"关于公布执法人员名单的通知（第{n}批）",
        text=another_text(f"执法人员名单第{n}批"),
        attachments=tuple(Attachment(url, NAME) for url in links or (PDF,)),
    )


def keep(archive: Archive, run: int, record: Record, n: int = 0) -> str:
    stored = archive.keep(Capture(record.url, day(n), 200, (), repr(record).encode()))
    id = archive.save(run, Visit(record.url, "notice", stored=stored, record=record)).document_id
    assert id is not None
    return id


def fetch(archive: Archive, run: int, extract: Extract, n: int = 1, url: str = PDF, body: bytes = b"%PDF-1 one") -> str:
    stored = archive.keep(Capture(url, day(n), 200, (("Content-Type", "application/pdf"),), body))
    return archive.save(run, Visit(url, "attachment", stored=stored, extract=extract)).state


def test_bytes_decide_what_is_new_changed_unchanged_or_held_already(archive: Archive, run: int) -> None:
    keep(archive, run, notice(1))
    runs = [run, *(archive.start_run(f"{SOURCE}{n}") for n in range(4))]
    states = [
        fetch(archive, runs[0], LIST, 1, body=b"%PDF-1 one"),
        fetch(archive, runs[1], LIST, 2, body=b"%PDF-1 one"),
        fetch(archive, runs[2], SCAN, 3, body=b"%PDF-1 two"),
        fetch(archive, runs[3], LIST, 4, body=b"%PDF-1 one"),
        fetch(archive, runs[4], LIST, 5, url=f"{HOST}/copy.pdf", body=b"%PDF-1 one"),
    ]
    assert states == ["new", "unchanged", "changed", "changed", "duplicate"]
    document = next(iter(archive.documents()))
    (file,) = document.files
    assert (file.kind, file.text, file.versions, file.state) == ("pdf", LIST.text, 2, "changed")
    assert [row.sha256 for row in archive.history(PDF)].count(file.sha256) == 3


def test_what_a_run_should_ask_for(archive: Archive, run: int) -> None:
    keep(archive, run, notice(1, PDF, f"{HOST}/b.pdf"))
    wanted = [link.url for link in archive.files_due(run, "2020-01-01T00:00:00Z")]
    assert wanted == [PDF, f"{HOST}/b.pdf"], "never had"
    archive.meet(run, [Link(PDF, "attachment", NAME)])
    assert [link.url for link in archive.files_due(run, "2020-01-01T00:00:00Z")] == [f"{HOST}/b.pdf"], "met in this run"
    fetch(archive, run, LIST)
    archive.save(run, Visit(f"{HOST}/b.pdf", "attachment", "failed", reason="HTTP 503"))
    for tries, left in ((2, 1), (3, 1), (4, 0)):
        archive.finish_run(run, verdict="healthy")
        run = archive.start_run(SOURCE)
        due = archive.files_due(run, "2020-01-01T00:00:00Z")
        assert len(due) == left, f"before run {tries}: what failed is tried again, and then left in peace"
        for link in due:
            archive.save(run, Visit(link.url, "attachment", "failed", reason="HTTP 503"))
    assert {link.url for link in archive.files_due(run, "2999-01-01T00:00:00Z")} == {PDF, f"{HOST}/b.pdf"}, "long ago"


def test_a_file_is_asked_for_conditionally(archive: Archive, run: int) -> None:
    keep(archive, run, notice(1))
    stored = archive.keep(Capture(PDF, day(1), 200, (("ETag", '"7"'),), b"%PDF-1 one"))
    archive.save(run, Visit(PDF, "attachment", stored=stored, extract=LIST))
    assert archive.validators(PDF, day(0)) == {"If-None-Match": '"7"'}
    assert archive.validators(PDF, day(2)) == {}, "too long ago"
    again = archive.start_run("again")
    same = archive.keep(Capture(PDF, day(3), 304, (), b""))
    archive.save(again, Visit(PDF, "attachment", "unchanged", same, reason="HTTP 304"))
    (file,) = next(iter(archive.documents())).files
    assert (file.state, file.kind, file.versions) == ("unchanged", "pdf", 1)


def test_files_of_a_hidden_document_are_not_asked_for(archive: Archive, run: int) -> None:
    id = keep(archive, run, notice(1))
    takedown.hide(archive, id, "个人信息")
    assert archive.files_due(run, "2999-01-01T00:00:00Z") == []


def test_search_follows_the_file_and_finds_a_document_once(archive: Archive, run: int) -> None:
    id = keep(archive, run, notice(1, PDF, f"{HOST}/same.pdf"))
    fetch(archive, run, LIST)
    fetch(archive, run, LIST, url=f"{HOST}/same.pdf")
    archive.catch_up()
    answer = archive.search("二百零七名")
    assert (answer.total, [hit.id for hit in answer.hits]) == (1, [id])
    assert archive.search("执法人员名单 二百零七名").total == 1, "one word in the notice, one in its file"
    again = archive.start_run("other")
    fetch(archive, again, Extract("pdf", "名单已更正，共二百零八名。", None, "reader 1"), 5, body=b"%PDF-1 two")
    archive.catch_up()
    assert archive.search("二百零八名").total == 1
    assert archive.search("二百零七名").total == 1, "its other file still says so"


def test_a_reread_that_changes_nothing_of_the_notice_keeps_its_files(archive: Archive, run: int) -> None:
    id = keep(archive, run, notice(1))
    fetch(archive, run, LIST)
    stored = next(one for one in archive.captures(role="notice"))
    better = Record(**{name: getattr(notice(1), name) for name in ("url", "text", "attachments")}, title="更好的题名")
    archive.save(archive.start_run("again"), Visit(better.url, "notice", stored=stored, record=better))
    archive.catch_up()
    assert [hit.id for hit in archive.search("二百零七名").hits] == [id]


def test_verify_proves_the_text_of_a_file_and_notices_when_it_was_altered(archive: Archive, run: int) -> None:
    id = keep(archive, run, notice(1))
    fetch(archive, run, LIST)
    result = archive.verify(id)
    assert result.ok
    assert any("(pdf): text of" in step for step in result.steps)
    assert any(PDF in step for step in result.steps)
    with archive.transaction():
        archive.db.conn.execute("UPDATE text SET body = '改过的' WHERE body = ?", [LIST.text])
    assert not archive.verify(id).ok
    assert not archive.verify().ok


def test_a_bundle_carries_the_bytes_of_the_files_and_rows_that_name_them(
    archive: Archive, run: int, tmp_path: Path
) -> None:
    id = keep(archive, run, notice(1))
    fetch(archive, run, LIST)
    document = archive.document(id)
    assert document is not None
    assert write_bundle(archive, [document], tmp_path / "b.wacz", "名单").captures == 2
    with ZipFile(tmp_path / "b.wacz") as bundle:
        (row,) = [json.loads(line) for line in bundle.read("records/announcements.jsonl").splitlines()]
    assert row["attachments"] == [{"url": PDF, "text": NAME}]
    (file,) = row["files"]
    assert (file["kind"], file["text"]) == ("pdf", LIST.text)


def test_withdrawing_a_document_withdraws_its_files_unless_another_links_to_them(
    archive: Archive, run: int, tmp_path: Path
) -> None:
    one, two = keep(archive, run, notice(1)), keep(archive, run, notice(2))
    fetch(archive, run, LIST)
    (file,) = archive.document(two).files  # type: ignore[union-attr]
    assert file.capture is not None
    takedown.withdraw(archive, one, "个人信息")
    assert archive.body(file.capture) == b"%PDF-1 one"
    assert archive.search("二百零七名").total == 1
    takedown.withdraw(archive, two, "个人信息")
    with pytest.raises(ArchiveError, match="withdrawn"):
        archive.body(file.capture)
    assert archive.search("二百零七名").total == 0
    assert archive.verify().ok
    archive.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert LIST.text is not None
            assert LIST.text.encode() not in path.read_bytes(), path


def test_a_withdrawn_file_does_not_come_back_by_a_merge(tmp_path: Path) -> None:
    made: Callable[[str], Archive] = lambda name: Archive(tmp_path / name, write=True)  # noqa: E731  # two of a kind
    with made("a.db") as ours, made("b.db") as theirs:
        for archive in (ours, theirs):
            run = archive.start_run(SOURCE)
            id = keep(archive, run, notice(1))
            fetch(archive, run, LIST, n=1 if archive is ours else 2)
        takedown.withdraw(ours, id, "个人信息")
        theirs.close()
        merge(ours, tmp_path / "b.db")
        assert all(row.withdrawn for row in ours.history(PDF))
        assert ours.verify().ok
        texts = [row[0] for row in ours.db.conn.execute("SELECT body FROM text")]
        assert LIST.text not in texts


def test_a_backup_leaves_out_what_is_hidden_with_its_files(archive: Archive, run: int, tmp_path: Path) -> None:
    id = keep(archive, run, notice(1))
    fetch(archive, run, LIST)
    takedown.hide(archive, id, "个人信息")
    backup(archive.path, tmp_path / "copy" / "archive.db")
    for path in (tmp_path / "copy").rglob("*"):
        if path.is_file():
            assert LIST.text is not None
            assert LIST.text.encode() not in path.read_bytes(), path
    with Archive(tmp_path / "copy" / "archive.db") as copy:
        assert all(row.withdrawn for row in copy.history(PDF))


def test_merging_in_any_order_gives_the_same_files(tmp_path: Path) -> None:
    def one(name: str, n: int, body: bytes, extract: Extract) -> Path:
        with Archive(tmp_path / name, write=True) as archive:
            run = archive.start_run(SOURCE)
            keep(archive, run, notice(n))
            fetch(archive, run, extract, n, body=body)
        return tmp_path / name

    parts = [
        one("a.db", 1, b"%PDF-1 one", LIST),
        one("b.db", 2, b"%PDF-1 two", SCAN),
        one("c.db", 3, b"%PDF-1 one", SCAN),
    ]
    told = []
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2, 1)):
        with Archive(tmp_path / f"m{order}.db", write=True) as merged:
            for part in order:
                merge(merged, parts[part])
            assert merged.verify().ok
            told.append(
                [(one.id, [(f.kind, f.sha256, f.text, f.versions) for f in one.files]) for one in merged.documents()]
            )
            assert merged.search("二百零七名").total == 3
    assert told[0] == told[1] == told[2]


def test_show_runs_and_sql_tell_of_files(archive: Archive, run: int) -> None:
    id = keep(archive, run, notice(1))
    fetch(archive, run, LIST)
    archive.finish_run(run, verdict="healthy")
    archive.close()
    at = ["--archive", str(archive.path)]
    shown = gongbao("show", id, *at).stdout
    assert NAME in shown
    assert "pdf  10 B  text of" in shown
    (file,) = json.loads(gongbao("show", id, "--json", *at).stdout)["files"]
    assert (file["url"], file["name"], file["kind"]) == (PDF, NAME, "pdf")
    (ran,) = json.loads(gongbao("runs", "--json", *at).stdout)
    assert (ran["counts"], ran["attachments"]) == ({"new": 1}, {"new": 1})
    with Archive(archive.path) as opened:
        assert opened.db.conn.execute("SELECT id, kind, text FROM files").fetchall() == [(id, "pdf", LIST.text)]
        assert opened.db.conn.execute("SELECT state, urls, files FROM runs").fetchall() == [("new", 1, 1)]


def test_a_session_id_in_a_link_is_no_other_file(archive: Archive, run: int) -> None:
    keep(archive, run, notice(1, PDF, f"{PDF};jsessionid=1"))
    assert [link.url for link in archive.files_due(run, day(0))] == [PDF]
