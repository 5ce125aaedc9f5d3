"""Many documents at once: a second process prepares them, and what is found is what one process alone would index."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Hashable, Iterator
from pathlib import Path

import pytest

from archive import Archive, following
from archive.index import Entry
from archive.model import Record, Visit
from archive.preparing import Beside, Prepared, prepare

from .made import SOURCE, another_text, capture

COMMON = frozenset({"法治政府", "办公室"})


def entry(number: int) -> Entry:
    record = Record(f"http://www.a.example/{number}.html", f"第{number}号公告", another_text(f"事项{number}"))
    return Entry(number, record, "a", ("www.a.example",))


@pytest.fixture(scope="module")
def beside() -> Iterator[Beside]:
    made = Beside()
    if not made.usable:
        pytest.skip("one core has nothing to share")
    yield made
    made.close()


def test_what_is_prepared_beside_is_what_the_writer_would_have_made(beside: Beside) -> None:
    entries = [entry(number) for number in range(50)]
    beside.send([(one.document, one) for one in entries], COMMON)
    assert [beside.take(one.document, COMMON) for one in entries] == [prepare(one, COMMON) for one in entries]
    assert beside.ahead == 0


def test_what_was_prepared_with_other_words_is_not_taken(beside: Beside) -> None:
    beside.send([(1, entry(1))], COMMON)
    assert beside.take(1, frozenset({"别的词"})) is None


def test_what_was_never_sent_is_nothing_to_wait_for(beside: Beside) -> None:
    assert beside.take(1, COMMON) is None
    beside.send([(2, entry(2))], COMMON)
    beside.forget()
    assert beside.take(2, COMMON) is None


def test_a_process_that_dies_leaves_the_work_to_the_writer(beside: Beside) -> None:
    beside.send([(1, entry(1))], COMMON)
    assert beside.take(1, COMMON) is not None
    assert beside._process is not None
    os.kill(beside._process.pid, signal.SIGKILL)
    beside._process.wait()
    beside.send([(number, entry(number)) for number in range(2, 60)], COMMON)
    assert beside.take(2, COMMON) is None
    assert not beside.usable


def fill(archive: Archive, count: int) -> None:
    run = archive.start_run(SOURCE)
    for first in range(0, count, 30):
        with archive.batch():
            for number in range(first, min(count, first + 30)):
                record = entry(number).record
                stored = archive.keep(capture(record.url, repr(record).encode()))
                archive.save(run, Visit(record.url, "notice", stored=stored, record=record))
    archive.finish_run(run, verdict="healthy")


def answers(archive: Archive) -> list[object]:
    found = [archive.search(query).total for query in ("公告", "事项7", "title:第11号", "source:" + SOURCE, "条")]
    return [
        *found,
        archive.db.conn.execute("SELECT document, other, similarity FROM near_link ORDER BY 1, 2").fetchall(),
    ]


def test_an_archive_filled_with_help_answers_as_one_filled_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(tmp_path / "alone.db", write=True) as archive:
        monkeypatch.setattr(following, "MANY", 1 << 30)
        fill(archive, 100)
        alone = answers(archive)
    monkeypatch.setattr(following, "MANY", 20)
    used = []
    plain = Beside.take

    def noted(beside: Beside, key: Hashable, common: frozenset[str]) -> Prepared | None:
        used.append(plain(beside, key, common))
        return used[-1]

    monkeypatch.setattr(Beside, "take", noted)
    with Archive(tmp_path / "helped.db", write=True) as archive:
        fill(archive, 100)
        assert answers(archive) == alone
        archive.db.conn.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        if archive._follower._beside.usable:
            assert len([one for one in used if one is not None]) >= 40
        process = archive._follower._beside._process
    assert process is None or process.poll() == 0, "a process was left behind"


def test_many_documents_are_found_within_a_second_of_their_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MANY", 20)
    with Archive(tmp_path / "archive.db", write=True) as archive:
        run = archive.start_run(SOURCE)
        with archive.batch():
            for number in range(50):
                record = entry(number).record
                stored = archive.keep(capture(record.url, repr(record).encode()))
                archive.save(run, Visit(record.url, "notice", stored=stored, record=record))
        deadline = time.monotonic() + 30  # a second on a quiet machine; here it only must happen by itself
        while archive.search("公告").total < 50 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert archive.search("公告").total == 50
