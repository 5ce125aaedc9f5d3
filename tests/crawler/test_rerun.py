"""Replay of a run and rereading: stored bytes under today's code, told field by field; nobody is asked for anything."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, rereads, takedown
from archive.connection import sqlite3
from archive.model import Record
from archive.records import document_key
from crawler import reading
from crawler.loader import load_sound
from crawler.reading import Reading
from crawler.reread import Book, Registry, changes, code
from crawler.rerun import Replay, Replayed
from tests.crawler.test_asking import PATHS, TITLES, jpage
from tests.crawler.test_replay import SEALED
from tests.serving import BRISK, Answer, notice, scrapy, serving, start, write_source

BLANK, LEFT, LONG, FILED = PATHS[1], PATHS[2], PATHS[0], PATHS[3]
# In the child: newer code, which finds an issuer, and text in a page that had none.
NEWER = (
    SEALED
    + """
from dataclasses import replace
from archive.model import Record
from crawler import reading
old = reading.read
def newer(body, url, **more):
    found = old(body, url, **more)
    if found.record is not None:
        return replace(found, record=replace(found.record, issuer="青岭区司法局"))
    if found.extract is not None:
        return replace(found, extract=replace(found.extract, text="附件的新读法：台账明细。"))
    if found.kind == "empty":
        return replace(found, kind="notice", record=Record(url, title="补正后的标题", text="先前读不出的正文。" * 9))
    return found
reading.read = newer
"""
)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folder of sources, and archive: a list by POST, a document in two parts, a blank page, one that is not there."""
    folder = tmp_path_factory.mktemp("rerun")
    with serving() as site:
        site.answers |= {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(TITLES.items(), 1)}
        further = LONG.replace(".html", "_2.html")
        pager = f'<div class="page"><a href="{further}">下一页</a></div><div class="footer">'
        first = notice(TITLES[LONG], n=1).replace('<div class="footer">', pager)
        site.answers |= {LONG: Answer(first), further: Answer(notice(TITLES[LONG], n=21))}
        site.answers |= {BLANK: Answer("<html><body><p></p></body></html>"), LEFT: Answer("gone", 404)}
        attached = '<p><a href="/files/a.txt">附件：台账.txt</a></p><p style="text-align:right">青'
        filed = notice(TITLES[FILED], n=4).replace('<p style="text-align:right">青', attached, 1)
        site.answers |= {FILED: Answer(filed), "/files/a.txt": Answer("青岭区执法台账明细表。" * 20)}
        write_source(folder / "sources", "qingling", [site.url + jpage(site)])
        done = scrapy("crawl", "qingling", settings=(*BRISK, *places(folder)))
        assert "quarantined" in done.stderr, done.stderr
    return folder, folder / "a.db"


def places(folder: Path) -> tuple[str, str]:
    return f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}"


@pytest.fixture
def copied(crawled: tuple[Path, Path], tmp_path: Path) -> Path:
    """A folder with a copy of the archive that a test may write to."""
    with Archive(crawled[1]) as archive, closing(sqlite3.connect(tmp_path / "a.db")) as copy:
        archive.db.conn.backup(copy)
    (tmp_path / "a.db.warc").symlink_to(f"{crawled[1]}.warc")
    (tmp_path / "sources").symlink_to(crawled[0] / "sources")
    return tmp_path


Change = Callable[[Reading], Reading]


def replayed(place: tuple[Path, Path], change: Change = lambda found: found) -> list[Replayed]:
    """What replaying the run tells when the reader reads as `change` says."""

    def read(body: bytes, url: str, **more: Any) -> Reading:
        return change(reading.read(body, url, **more))

    with Archive(place[1]) as archive:
        return list(Replay(archive, 1, load_sound(str(place[0] / "sources"), "qingling"), read).all())


def test_the_same_code_makes_the_same_of_a_run(crawled: tuple[Path, Path]) -> None:
    told = replayed(crawled)
    assert [one for one in told if one.kind == "differs"] == []
    with Archive(crawled[1]) as archive:
        [run] = archive.runs()
    assert Counter(one.kind for one in told) == {"same": sum(run.counts.values()), "part": 1}, (
        "a file is none of the counts"
    )
    assert run.counts == {"listed": 2, "new": 10, "gone": 1, "quarantined": 1, "redirected": 1}


def test_a_field_read_otherwise_is_told_with_both_values(crawled: tuple[Path, Path]) -> None:
    def change(found: Reading) -> Reading:
        return found if found.record is None else replace(found, record=replace(found.record, issuer="青岭区司法局"))

    different = [one for one in replayed(crawled, change) if one.kind == "differs"]
    assert len(different) == 10
    assert {tuple(one.fields.items()) for one in different} == {(("issuer", (None, "青岭区司法局")),)}


def test_a_page_that_ends_otherwise_is_told_with_both_ends(crawled: tuple[Path, Path]) -> None:
    def change(found: Reading) -> Reading:
        if found.kind == "empty":
            return replace(found, kind="notice", record=Record(found.url, title="标题", text="正文"))
        if found.record is not None and found.record.title == TITLES[PATHS[5]]:
            return Reading("empty", found.url, reason="nothing")
        return found

    different = {one.url: one for one in replayed(crawled, change) if one.kind == "differs"}
    ends = {url.partition("/art/")[2]: (one.then or "", one.now or "") for url, one in different.items()}
    assert ends.keys() == {BLANK[5:], PATHS[5][5:]}
    assert ends[BLANK[5:]][0].startswith("quarantined: ")
    assert ends[BLANK[5:]][1] == "a record"
    assert ends[PATHS[5][5:]] == ("new", "quarantined: nothing")


def test_lists_that_lead_elsewhere_are_told(crawled: tuple[Path, Path]) -> None:
    def change(found: Reading) -> Reading:
        if found.kind != "list":
            return found
        if found.request is None:  # the last page
            return replace(found, entries=found.entries[:-1], next=found.url + "?more")
        return replace(found, entries=(*found.entries, replace(found.entries[0], url=found.url + "new.html")))

    different = [one for one in replayed(crawled, change) if one.kind == "differs"]
    added = [one.added for one in different if one.added]
    assert [url.rpartition("/")[2] for (url,) in added] == ["index.htmlnew.html"]
    [further] = [one for one in different if one.following]
    assert (further.then, further.now) == ("the end of its list", "leads on")
    assert [one.url[-len(PATHS[11]) :] for one in different if one.now == "no list leads to it"] == [PATHS[11]]


def test_a_document_whose_parts_are_not_joined_any_more_is_told(crawled: tuple[Path, Path]) -> None:
    different = [one for one in replayed(crawled, lambda found: replace(found, part=None)) if one.kind == "differs"]
    assert {(one.now, tuple(one.fields)) for one in different} == {
        ("a record", ("text", "outline")),
        ("no part of a document", ()),
    }


def test_what_a_takedown_hides_is_counted_and_not_shown(copied: Path) -> None:
    with Archive(copied / "a.db", write=True) as archive:
        key = next(one.id for one in archive.documents() if one.record.title == TITLES[PATHS[4]])
        takedown.hide(archive, key, "asked for")
    done = scrapy("replay", "1", "--json", settings=places(copied), code=NEWER)
    assert json.loads(done.stdout)["summary"]["kinds"]["hidden"] == 1
    assert TITLES[PATHS[4]] not in done.stdout
    again = scrapy("reread", "--json", settings=places(copied), code=NEWER)
    assert (again.returncode, key in again.stdout) == (1, False)


def test_the_command_shows_a_replay_and_writes_nothing(crawled: tuple[Path, Path]) -> None:
    before = [path.read_bytes() for path in sorted(crawled[0].rglob("*")) if path.suffix in {".db", ".gz"}]
    same = scrapy("replay", "1", settings=places(crawled[0]), code=SEALED)
    assert (same.returncode, same.stderr) == (0, "")
    assert "15 as then, 1 parts of a document" in same.stdout
    other = scrapy("replay", "1", settings=places(crawled[0]), code=NEWER)
    assert other.returncode == 1
    assert "issuer: {+青岭区司法局+}" in other.stdout
    assert "Fields: issuer 10" in other.stdout
    told = json.loads(scrapy("replay", "1", "--json", settings=places(crawled[0]), code=NEWER).stdout)
    assert (told["run"], told["source"], len(told["differences"])) == (1, "qingling", 12)
    assert {"then": None, "now": "青岭区司法局"} in [one["fields"].get("issuer") for one in told["differences"]]
    [file] = [one for one in told["differences"] if one["role"] == "attachment"]
    assert file["fields"]["text"]["now"] == "附件的新读法：台账明细。"
    assert [path.read_bytes() for path in sorted(crawled[0].rglob("*")) if path.suffix in {".db", ".gz"}] == before


@pytest.mark.parametrize(
    ("args", "setting", "code", "says"),
    [
        (("replay", "7"), None, 2, "no run 7"),
        (("replay",), None, 2, "the number of a run"),
        (("replay", "1"), "SOURCES=/nowhere", 2, "/nowhere"),
        (("replay", "1"), "ARCHIVE=/nowhere/a.db", 3, "no archive there"),
        (("reread", "--source", "quingling"), None, 2, "did you mean qingling?"),
        (("reread", "--since", "yesterday"), None, 2, "a day such as 2026-01-31"),
        (("reread", "--rollback", "3"), None, 2, "no reread 3"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_a_code(
    crawled: tuple[Path, Path], args: tuple[str, ...], setting: str | None, code: int, says: str
) -> None:
    done = scrapy(*args, settings=(*places(crawled[0]), *([setting] if setting else [])))
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr.splitlines()[-1], done.stderr


def test_a_reread_is_shown_accepted_listed_and_rolled_back(copied: Path) -> None:
    def shelf() -> list[tuple[Any, ...]]:
        with Archive(copied / "a.db") as archive:
            found = sorted(hit.id for hit in archive.search("台账明细", limit=None).hits)
            return [(one.id, one.record, one.versions, one.state, one.files, found) for one in archive.documents()]

    before = shelf()
    dry = scrapy("reread", settings=places(copied), code=NEWER)
    assert (dry.returncode, shelf()) == (1, before)
    assert "10 read better" in dry.stdout
    assert "1 found: a record where there was none" in dry.stdout
    assert "Nothing was written" in dry.stdout
    done = scrapy("reread", "--accept", "--json", settings=places(copied), code=NEWER)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["reread"] == 1
    with Archive(copied / "a.db") as archive:
        documents = list(archive.documents())
        assert {one.record.issuer for one in documents} == {"青岭区司法局", None}
        assert Counter(one.versions[-1].cause for one in documents) == {"reader": 10, "publisher": 1}
        assert archive.search("先前读不出的正文").total == 1
        assert archive.search("附件的新读法").total == 1
        long = archive.document(document_key(next(one.url for one in documents if one.url.endswith(LONG))))
        assert long is not None
        assert len((long.record.text or "").splitlines()) == 12, "both parts are read again"
    assert scrapy("reread", settings=places(copied), code=NEWER).returncode == 0, "what is accepted differs no more"
    assert "accepted" in scrapy("reread", "--list", settings=places(copied)).stdout
    back = scrapy("reread", "--rollback", "1", settings=places(copied))
    assert (back.returncode, shelf()) == (0, before)
    assert "12 taken out" in back.stderr
    assert "rolled back" in scrapy("reread", "--list", settings=places(copied)).stdout


SLOW = (
    NEWER
    + """
import time
from crawler import reread
reread.BATCH, reread.code = 1, lambda: "newer"
def slow(body, url, **more):
    time.sleep(0.1)
    return newer(body, url, **more)
reading.read = slow
"""
)


def test_a_killed_reread_goes_on_where_it_was(copied: Path) -> None:
    child = start("reread", "--accept", settings=places(copied), code=SLOW)
    end, counts = time.monotonic() + 60, {}
    while not counts and time.monotonic() < end:
        time.sleep(0.02)
        with Archive(copied / "a.db") as archive:
            counts = next((one.counts for one in rereads.rereads(archive)), {})
    os.kill(child.pid, signal.SIGKILL)
    assert child.end().returncode == -signal.SIGKILL
    done = scrapy("reread", "--accept", settings=places(copied), code=SLOW)
    assert "goes on with reread 1" in done.stderr
    with Archive(copied / "a.db") as archive:
        [one] = rereads.rereads(archive)
        assert (one.counts["better"], one.counts["found"]) == (10, 1), one.counts
        assert one.finished is not None
        assert archive.verify().ok


def test_what_cannot_be_read_any_more_stays_as_it_is(copied: Path) -> None:
    def read(body: bytes, url: str, **more: Any) -> Reading:
        return Reading("empty", url, reason="broken today")

    with Archive(copied / "a.db", write=True) as archive:
        before = list(archive.documents())
        book = Book(archive, rereads.begin(archive, code(), None, None))
        for one in changes(archive, Registry(str(copied / "sources")), read, source=None, since=None):
            book.add(one)
        assert book.close().counts == {"lost": 10, "unread": 1}, "files apart"
        assert list(archive.documents()) == before


def test_a_source_that_left_the_registry_is_told_and_left_alone(copied: Path) -> None:
    (copied / "sources").unlink()
    write_source(copied / "sources", "somebody", ["http://sfj.qingling.example/"])
    done = scrapy("reread", settings=places(copied), code=SEALED)
    assert done.returncode == 1
    assert "12 of sources that cannot be used" in done.stdout
