"""Merging archives of several machines: idempotent, and the same result in any order."""

from __future__ import annotations

import itertools
import json
import subprocess
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from archive import Archive, ArchiveError, takedown
from archive.cli import run as run_command
from archive.merge import merge
from archive.model import Link, Visit
from archive.records import document_key
from tests.archive.made import RECORD, SOURCE, TEXT, URL, another_text, capture, day, read

TEXTS = [TEXT, TEXT.replace("4120", "4210"), another_text("车库")]
MIRROR = "http://mirror.qingshi.example/news/88.html"


def told(archive: Archive) -> dict[str, Any]:
    """Everything an archive says, without the ids and places that differ from file to file."""
    documents = []
    for document in archive.documents():
        row = asdict(document)
        for version in row["versions"]:
            version["capture"] = archive.original(version["capture"]).sha256 if version["capture"] else None
        documents.append(row)
    urls = [row[0] for row in archive.db.conn.execute("SELECT url FROM page ORDER BY url")]
    keys = dict(archive.db.conn.execute("SELECT id, key FROM run").fetchall())
    captures = {
        url: sorted((one.fetched, one.status, one.sha256, archive.body(one.id)) for one in archive.history(url))
        for url in urls
    }
    visits = {
        url: sorted((keys[one.run], one.at, one.state, one.reason) for one in archive.visits(url)) for url in urls
    }
    pages = archive.db.conn.execute(
        "SELECT url, source, state, reason, first_seen, last_seen, gone, gone_reason FROM page ORDER BY url"
    ).fetchall()
    runs = sorted(
        (keys[one.id], one.source, one.verdict, one.requests, sorted(one.counts.items()), [*map(astuple, one.lists)])
        for one in archive.runs()
    )
    entries = archive.db.conn.execute(
        "SELECT l.url, p.url, e.first_seen, e.last_seen, e.left FROM entry e JOIN page l ON l.id = e.list "
        "JOIN page p ON p.id = e.page ORDER BY 1, 2"
    ).fetchall()
    found = sorted(hit.id for hit in archive.search("主管部门 OR 行政", limit=None).hits)
    return {
        "documents": documents,
        "captures": captures,
        "visits": visits,
        "pages": pages,
        "runs": runs,
        "entries": entries,
        "found": found,
    }


def crawl(path: Path, steps: list[tuple[int, int, int, bool]]) -> Path:
    """A history: (day, page, text, clean); each day is a run of its own."""
    with Archive(path, write=True) as archive:
        for on, group in itertools.groupby(sorted(steps), key=lambda step: step[0]):
            run = archive.start_run(f"source{on % 2}")
            for _, page, text, clean in group:
                url = f"http://p{page}.example/1.html"
                if text == len(TEXTS):
                    archive.save(
                        run,
                        Visit(
                            url, "notice", "gone", archive.keep(capture(url, b"404", day(on), status=404)), reason="404"
                        ),
                    )
                else:
                    integrity = "clean" if clean else "cloned"
                    read(
                        archive,
                        run,
                        RECORD,
                        n=on,
                        url=url,
                        text=TEXTS[text],
                        integrity=integrity,
                        body=f"{text}{on}".encode(),
                    )
            archive.finish_run(run, verdict="healthy", requests=1)
    return path


STEP = st.tuples(st.integers(0, 12), st.integers(0, 3), st.integers(0, len(TEXTS)), st.booleans())
HISTORY = st.lists(STEP, min_size=1, max_size=8, unique_by=lambda step: step[:2])


# Here a visit that confirmed a version became a version of its own, and its capture was another's.
FOUND_ONCE = (
    [(3, 1, 2, False), (5, 0, 1, True), (2, 3, 1, False), (11, 1, 1, True), (7, 1, 3, True)],
    [(10, 1, 1, False), (6, 3, 3, True), (3, 2, 2, False), (12, 1, 0, False)],
    [(1, 0, 2, True), (7, 3, 2, False), (5, 1, 3, False), (12, 1, 1, False), (6, 3, 3, True)],
)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(histories=st.tuples(HISTORY, HISTORY, HISTORY))
@example(histories=FOUND_ONCE)
def test_merging_gives_the_same_in_any_order_and_again_nothing(
    tmp_path_factory: pytest.TempPathFactory, histories: tuple[list[tuple[int, int, int, bool]], ...]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    parts = [crawl(folder / f"part{n}.db", history) for n, history in enumerate(histories)]
    results = []
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)):
        with Archive(folder / f"all{''.join(map(str, order))}.db", write=True) as archive:
            for n in order:
                merge(archive, parts[n])
            results.append(told(archive))
            assert archive.verify().problems == []
            again = merge(archive, parts[order[0]])
            assert (again.pages, again.runs, again.captures, again.documents) == (0, 0, 0, 0)
            assert told(archive) == results[-1], "merging again changes nothing"
    assert results[0] == results[1] == results[2]
    with Archive(folder / "left.db", write=True) as left, Archive(folder / "right.db", write=True) as right:
        for n in (0, 1):
            merge(left, parts[n])
        for n in (2, 1):
            merge(right, parts[n])
        right.close()
        merge(left, folder / "right.db")
        assert told(left) == results[0], "however they are grouped"


def test_merging_into_an_archive_is_the_same_as_into_an_empty_one(tmp_path: Path) -> None:
    one = crawl(tmp_path / "one.db", [(0, 0, 0, True), (4, 0, 1, True)])
    two = crawl(tmp_path / "two.db", [(2, 1, 0, True), (3, 0, 0, True)])
    with Archive(tmp_path / "all.db", write=True) as everything:
        merge(everything, one)
        merge(everything, two)
        expected = told(everything)
    with Archive(one, write=True) as archive:
        merge(archive, two)
        assert told(archive) == expected
        (document,) = archive.documents()
        assert len(document.appearances) == 2


def test_copies_of_one_archive_that_went_on_apart_come_together(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    with Archive(path, write=True) as archive:
        run = archive.start_run(SOURCE)
        archive.meet(run, [Link(URL, "notice"), Link(MIRROR, "notice")])
        read(archive, run, RECORD)
    for suffix in ("", ".warc"):
        subprocess.run(["cp", "-r", f"{path}{suffix}", f"{tmp_path / 'two.db'}{suffix}"], check=True)
    with Archive(tmp_path / "two.db", write=True) as archive:
        read(archive, 1, RECORD, n=2, url=MIRROR)
        archive.finish_run(1, verdict="healthy")
    with Archive(path, write=True) as archive:
        read(archive, archive.start_run(SOURCE), RECORD, n=5, text=TEXTS[1])
        merge(archive, tmp_path / "two.db")
        assert archive.run(1).counts == {"duplicate": 1, "new": 1}
        (document,) = archive.documents()
        assert [version.url for version in document.versions] == [URL, MIRROR, URL]
        assert archive.verify().ok


def test_a_run_read_twice_keeps_both_readings_through_merges(tmp_path: Path) -> None:
    with Archive(tmp_path / "one.db", write=True) as archive:
        run = archive.start_run(SOURCE)
        for n, text in enumerate(TEXTS):
            read(archive, run, RECORD, n=n, text=text)
        expected = told(archive)["documents"]
    with Archive(tmp_path / "two.db", write=True) as archive:
        merge(archive, tmp_path / "one.db")
        merge(archive, tmp_path / "one.db")
        assert told(archive)["documents"] == expected


def test_a_better_reading_stays_one(tmp_path: Path) -> None:
    with Archive(tmp_path / "one.db", write=True) as archive:
        read(archive, archive.start_run(SOURCE), RECORD, n=0, body=b"page")
        read(archive, archive.start_run(SOURCE), RECORD, n=1, body=b"page", issuer="青石区人民政府")
    with Archive(tmp_path / "two.db", write=True) as archive:
        merge(archive, tmp_path / "one.db")
        (document,) = archive.documents()
        assert [version.cause for version in document.versions] == ["publisher", "reader"]


@pytest.mark.parametrize("into", ["withdrawn", "whole"])
def test_what_is_withdrawn_in_one_archive_does_not_come_back_from_another(tmp_path: Path, into: str) -> None:
    secret = "当事人王某某的身份证号码" + another_text("处罚")
    for name in ("withdrawn", "whole"):
        with Archive(tmp_path / f"{name}.db", write=True) as archive:
            read(archive, archive.start_run(SOURCE), RECORD, text=secret, body=secret.encode())
            if name == "withdrawn":
                takedown.withdraw(archive, document_key(URL), "order of the court")
    other = "whole" if into == "withdrawn" else "withdrawn"
    with Archive(tmp_path / f"{into}.db", write=True) as archive:
        merge(archive, tmp_path / f"{other}.db")
        assert archive.search("王某某").total == 0
        assert archive.document(document_key(URL)) is None
        assert archive.db.conn.execute("SELECT count(*) FROM text").fetchone() == (0,)
        with pytest.raises(ArchiveError, match="withdrawn"):
            archive.body(archive.history(URL)[0].id)
        assert archive.verify().ok


def test_a_damaged_archive_is_not_merged(tmp_path: Path) -> None:
    other = crawl(tmp_path / "other.db", [(0, 0, 0, True)])
    (segment,) = (tmp_path / "other.db.warc").iterdir()
    segment.write_bytes(segment.read_bytes()[:-20])
    with Archive(tmp_path / "one.db", write=True) as archive:
        with pytest.raises(ArchiveError, match="damaged, nothing was merged"):
            merge(archive, other)
        assert list(archive.documents()) == []


def test_the_command_says_what_came_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = crawl(tmp_path / "other.db", [(0, 0, 0, True), (1, 1, 2, True)])
    here = ["--archive", str(tmp_path / "one.db")]
    assert run_command(["merge", str(other), "--json", *here]) == 0
    assert json.loads(capsys.readouterr().out) == {"pages": 2, "runs": 2, "captures": 2, "documents": 2}
    assert run_command(["merge", str(other), *here]) == 0
    assert capsys.readouterr().err == "0 pages, 0 runs, 0 captures, 0 documents came in\n"
    assert run_command(["merge", str(tmp_path / "one.db"), *here]) == 3
    assert run_command(["merge", str(tmp_path / "none.db"), *here]) == 3
