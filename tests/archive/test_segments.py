"""What is kept is exactly what was sent, standard tools can open it, and damage is found."""

from __future__ import annotations

import gzip
import hashlib
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, ArchiveError, segments
from archive.model import Capture, Visit
from archive.warc import Original, decode, encode
from tests.archive.made import RECORD, SOURCE, URL, capture, day, read, zipped

HEADER = st.text(st.characters(min_codepoint=1, max_codepoint=0x2FF), max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    body=st.binary(max_size=3000), headers=st.lists(st.tuples(HEADER, HEADER), max_size=5), status=st.integers(100, 999)
)
def test_any_payload_comes_back_byte_for_byte(body: bytes, headers: list[tuple[str, str]], status: int) -> None:
    sent = Capture(URL, "2026-01-01T00:00:00Z", status, tuple(headers), body, request_headers=tuple(headers))
    _, blob = encode(sent)
    record = decode(blob)
    assert (record.type, record.payload, record.status, record.problems) == ("response", body, status, ())


def test_a_compressed_body_is_kept_compressed(archive: Archive) -> None:
    sent = zipped(body="公报".encode() * 100)
    stored = archive.keep(sent)
    assert archive.body(stored) == sent.body != sent.content()


def test_the_same_payload_again_is_a_revisit_record_and_reads_the_same(archive: Archive) -> None:
    body = random.Random(4).randbytes(5000)
    first = archive.keep(capture(body=body, at=day(0)))
    run = archive.start_run(SOURCE)
    archive.save(run, Visit(URL, "notice", "quarantined", first, reason="test"))
    again = archive.keep(capture(body=body, at=day(1)))
    assert archive.body(again) == body, "also before it is saved"
    archive.save(run, Visit(URL, "notice", "quarantined", again, reason="test"))
    row = archive.history(URL)[1]
    assert row.revisit_of == archive.history(URL)[0].id
    assert archive.body(row.id) == body
    assert again.length < 1000 < first.length


def test_another_page_with_the_same_payload_keeps_its_own_copy(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    for url in (URL, "http://mirror.example/1"):
        archive.save(run, Visit(url, "notice", "quarantined", archive.keep(capture(url)), reason="test"))
    assert [archive.history(url)[0].revisit_of for url in (URL, "http://mirror.example/1")] == [None, None]


def test_standard_tools_open_the_segments(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    read(archive, run, RECORD, n=0)
    read(archive, run, RECORD, n=1)
    archive.save(run, Visit(URL, "notice", "quarantined", archive.keep(zipped()), reason="test"))
    (path,) = archive.segments.folder.glob("*.warc.gz")
    subprocess.run(["gunzip", "-t", str(path)], check=True)
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("warcio")), "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert checked.stdout.count("digest pass") >= 4
    assert "fail" not in checked.stdout


def test_a_record_can_be_cut_out_by_offset_and_unzipped(archive: Archive) -> None:
    stored = archive.keep(capture(body="<p>公报</p>".encode()))
    with (archive.segments.folder / stored.segment).open("rb") as file:
        file.seek(stored.offset)
        text = gzip.decompress(file.read(stored.length)).decode()
    assert text.startswith("WARC/1.1\r\n")
    assert "<p>公报</p>" in text
    assert f"sha256:{stored.sha256}" in text


def test_a_revisit_names_the_record_it_refers_to() -> None:
    _, blob = encode(capture(at=day(9)), Original(URL, day(0)))
    text = gzip.decompress(blob).decode()
    assert "identical-payload-digest" in text
    assert f"WARC-Refers-To-Target-URI: {URL}" in text
    assert f"WARC-Refers-To-Date: {day(0)}" in text


def test_an_uncommitted_tail_is_cut_and_the_rest_verifies(path: Path) -> None:
    with Archive(path, write=True) as archive:
        read(archive, archive.start_run(SOURCE), RECORD)
        committed = archive.db.conn.execute("SELECT committed FROM segment").fetchone()[0]
        archive.keep(capture("http://lost.example/"))
    (segment,) = path.with_name("archive.db.warc").glob("*.warc.gz")
    with segment.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    with Archive(path, write=True) as archive:
        assert segment.stat().st_size == committed
        assert archive.verify().ok
        read(archive, archive.start_run(SOURCE), RECORD, n=3, text="改了")
        assert archive.verify().ok
        assert len(list(segment.parent.iterdir())) == 1, "the cut segment is appended to again"


def test_a_long_uncommitted_tail_is_set_aside_not_thrown_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SET_ASIDE_BYTES", 100)
    with Archive(path, write=True) as archive:
        read(archive, archive.start_run(SOURCE), RECORD)
        stored = archive.keep(capture("http://lost.example/", body=bytes(5000)))
    with Archive(path, write=True) as archive:
        (aside,) = archive.segments.folder.glob("*.uncommitted")
        assert aside.stat().st_size >= stored.length
        result = archive.verify()
        assert result.ok
        assert "set aside" in result.notes[0]


def test_files_of_others_in_the_folder_are_left_alone(path: Path) -> None:
    with Archive(path, write=True) as archive:
        foreign = archive.segments.folder / "mine.warc.gz"
        foreign.write_bytes(b"something of the user's")
    Archive(path, write=True).close()
    assert foreign.read_bytes() == b"something of the user's"


def test_a_segment_is_closed_at_its_size_and_all_are_verified(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 3000)
    for start in (0, 10):
        with Archive(path, write=True) as archive:
            run = archive.start_run(SOURCE)
            for n in range(start, start + 10):
                read(archive, run, RECORD, n=n, url=f"http://www.qingshi.example/{n}.html")
    with Archive(path) as archive:
        result = archive.verify()
        assert result.ok
        assert result.segments > 3
        assert result.captures == 20


def test_a_capture_kept_but_never_saved_is_noted_not_a_problem(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.keep(capture("http://lost.example/"))
    read(archive, run, RECORD)
    result = archive.verify()
    assert result.ok
    assert "1 captures no page claims" in result.notes[0]


@pytest.mark.parametrize("damage", ["flip", "truncate", "delete", "other payload"])
def test_damage_is_found_and_located(path: Path, damage: str) -> None:
    with Archive(path, write=True) as archive:
        run = archive.start_run(SOURCE)
        for n in range(4):
            read(archive, run, RECORD, n=n, url=f"http://www.qingshi.example/{n}.html")
        row = archive.history("http://www.qingshi.example/3.html")[0]
    segment = path.with_name("archive.db.warc") / row.segment
    blob = bytearray(segment.read_bytes())
    if damage == "flip":
        blob[row.offset + row.length // 2] ^= 0x10
    elif damage == "truncate":
        del blob[row.offset + 10 :]
    elif damage == "other payload":
        _, forged = encode(capture(row.url, b"forged", row.fetched))
        blob[row.offset : row.offset + row.length] = forged
    segment.write_bytes(blob) if damage != "delete" else segment.unlink()
    with Archive(path) as archive:
        result = archive.verify()
        assert not result.ok
        assert row.segment in result.problems[-1]
        assert "restore" in result.problems[-1]
        with suppress(ArchiveError):
            # A flipped bit may have hit a header only; what is handed out is always what was sent.
            assert hashlib.sha256(archive.body(row.id)).hexdigest() == row.sha256
            assert damage == "flip"


def test_a_text_changed_behind_our_back_is_found(archive: Archive) -> None:
    outcome = read(archive, archive.start_run(SOURCE), RECORD)
    assert archive.verify(str(outcome.document_id)).ok
    archive.db.conn.execute("UPDATE text SET body = replace(body, '4120', '9999')")
    archive.db.conn.commit()
    result = archive.verify(str(outcome.document_id))
    assert "text has sha256" in result.problems[0]


def test_a_full_disk_leaves_no_half_record(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    run = archive.start_run(SOURCE)
    read(archive, run, RECORD)

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(ArchiveError, match=r"No space left.*free some space"):
            archive.keep(capture("http://www.qingshi.example/2.html"))
    read(archive, run, RECORD, url="http://www.qingshi.example/3.html")
    assert archive.verify().notes == []
    assert archive.verify().ok


def test_a_batch_is_one_commit_and_reads_like_single_saves(archive: Archive, path: Path) -> None:
    run = archive.start_run(SOURCE)
    with archive.batch():
        for n in range(20):
            read(archive, run, RECORD, n=n, url=f"http://www.qingshi.example/{n}.html")
        with Archive(path) as reader:
            assert list(reader.documents()) == [], "nothing is promised before the batch ends"
    (document,) = archive.documents()
    assert len(document.appearances) == 20
    assert archive.verify().ok


def test_a_visit_refused_inside_a_batch_costs_only_itself(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    with archive.batch():
        read(archive, run, RECORD)
        with pytest.raises(ValueError, match="found neither"):
            archive.save(run, Visit("http://www.qingshi.example/2.html", "notice"))
    assert archive.run(run).counts == {"new": 1}


def test_a_batch_that_fails_did_not_happen(archive: Archive) -> None:
    run = archive.start_run(SOURCE)

    def fail() -> None:
        with archive.batch():
            read(archive, run, RECORD)
            raise KeyError("the caller's own trouble")

    with pytest.raises(KeyError):
        fail()
    assert list(archive.documents()) == []
    read(archive, run, RECORD)
    assert archive.verify().ok
