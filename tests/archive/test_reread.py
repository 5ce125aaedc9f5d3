"""Stored bytes come back as they were sent, for newer code to read: nothing is fetched or stored twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, ArchiveError
from archive.model import Visit
from tests.archive.made import RECORD, SOURCE, URL, capture, day, read, zipped

LIST = "http://www.qingshi.example/zwgk/"


@pytest.fixture
def held(archive: Archive) -> Archive:
    """A list page, a notice fetched three times (the second time unchanged, then edited), one of another source."""
    run = archive.start_run(SOURCE)
    archive.save(run, Visit(LIST, "listing", "listed", stored=archive.keep(capture(LIST, b"<ul></ul>", day(0)))))
    read(archive, run, RECORD, n=0, body=b"first")
    for n, body in ((1, b"first"), (2, b"edited")):
        read(archive, archive.start_run(SOURCE), RECORD, n=n, body=body, title=f"{RECORD.title}{body.decode()}")
    other = "http://www.baihe.example/1.html"
    run = archive.start_run("baihe")
    archive.save(
        run, Visit(other, "notice", "quarantined", stored=archive.keep(zipped(other, b"zip", day(3))), reason="x")
    )
    return archive


def test_every_stored_response_comes_back_byte_for_byte(held: Archive) -> None:
    found = list(held.captures())
    assert [one.capture.content() for one in found] == [b"<ul></ul>", b"first", b"first", b"edited", b"zip"]
    for one in found:
        assert one.capture.header("Content-Type") is not None
        assert held.body(one) == one.capture.body


def test_captures_are_chosen_by_source_time_role_and_the_latest_of_a_page(held: Archive) -> None:
    def bodies(*given: str | None, **named: object) -> list[bytes]:
        return [one.capture.content() for one in held.captures(*given, **named)]  # type: ignore[arg-type]

    assert bodies("baihe") == [b"zip"]
    assert bodies("nobody") == []
    assert bodies(None, day(2)) == [b"edited", b"zip"]
    assert bodies(role="listing") == [b"<ul></ul>"]
    assert bodies(SOURCE, role="notice", latest=True) == [b"edited"]


def test_reading_again_stores_nothing_twice_and_is_no_edit_of_the_publisher(held: Archive, path: Path) -> None:
    before = sum(file.stat().st_size for file in path.with_name("archive.db.warc").iterdir())
    run = held.start_run(SOURCE)
    for stored in held.captures(SOURCE, role="notice", latest=True):
        better = replace(RECORD, title=f"{RECORD.title}edited", issuer="青石区人民政府")
        outcome = held.save(run, Visit(stored.capture.url, "notice", stored=stored, record=better))
        assert outcome.state == "unchanged"
    [document] = held.documents(SOURCE)
    assert document.record.issuer == "青石区人民政府"
    assert [one.cause for one in document.versions][-1] == "reader"
    assert len(held.history(URL)) == 3
    assert held.history(URL)[-1].run != run, "a capture stays with the run that fetched it"
    assert sum(file.stat().st_size for file in path.with_name("archive.db.warc").iterdir()) == before
    assert held.verify().ok


def test_bytes_that_are_not_those_the_database_knows_are_told(held: Archive) -> None:
    with held.transaction():
        held.db.conn.execute("UPDATE capture SET sha256 = 'x' WHERE size = 9")
    with pytest.raises(ArchiveError, match="run: gongbao verify"):
        list(held.captures())
