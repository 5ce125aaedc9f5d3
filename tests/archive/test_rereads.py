"""An accepted reread is a change by name: kept apart from edits, safe against a kill, rolled back without a trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from archive import Archive, rereads, takedown
from archive.cli import run as run_command
from archive.doctor import examine
from archive.errors import NotHeldError
from archive.export import row
from archive.merge import merge
from archive.model import Attachment, Extract, Link, Record, Visit
from archive.readable import Standing, count, standing
from archive.records import document_key
from archive.refiles import filed
from archive.rereads import Better
from archive.views import VIEWS
from tests.archive.made import RECORD, SOURCE, TEXT, URL, another_text, capture, day, read

TEXTS = [TEXT, TEXT.replace("4120", "4210"), another_text("车库"), another_text("渡口")]
MIRROR = "http://mirror.qingshi.example/news/88.html"


def everything(archive: Archive) -> dict[str, Any]:
    """What an archive answers to anybody: exports, views, history, search, near-duplicates, runs."""
    archive.catch_up()
    documents = list(archive.documents())
    db = archive.db.conn
    urls = [url for (url,) in db.execute("SELECT url FROM page ORDER BY id")]
    queries = ("主管部门", "行政", "法治政府", "issuer:青石", "year:2021", "title:年度报告")
    return {
        "export": [json.dumps(row(one), ensure_ascii=False) for one in documents],
        "documents": [asdict(one) for one in documents],
        "views": {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in VIEWS},
        "visits": [archive.visits(url) for url in urls],
        "pages": db.execute("SELECT * FROM page ORDER BY id").fetchall(),
        "search": [
            sorted((hit.id, hit.title, hit.snippet) for hit in archive.search(q, limit=None).hits) for q in queries
        ],
        "near": {one.id: archive.near(one.id) for one in documents},
        "runs": archive.runs(),
        "texts": sorted(db.execute("SELECT sha256 FROM text").fetchall()),
    }


def crawl(archive: Archive, steps: list[tuple[int, int, int]]) -> None:
    """A history of (day, page, what): a text, quarantined, or gone; the bytes are the same as long as `what` is."""
    for on, page, what in sorted(steps):
        run = archive.start_run(SOURCE)
        url = f"http://p{page}.example/1.html"
        if what < len(TEXTS):
            read(archive, run, RECORD, n=on, url=url, text=TEXTS[what], body=f"{page} {what}".encode())
        else:
            state, status = ("quarantined", 200) if what == len(TEXTS) else ("gone", 404)
            stored = archive.keep(capture(url, f"{page} {what}".encode(), day(on), status=status))
            archive.save(run, Visit(url, "notice", state, stored, reason="no reader for it"))
        archive.finish_run(run, verdict="healthy", requests=1)


def reread(archive: Archive, reader: Callable[[Standing], Record | None], code: str = "2", batch: int = 2) -> int:
    """Accept what `reader` makes of every page, a few pages a commit."""
    begun = rereads.begin(archive, code, None, None)
    found: list[Better] = []
    for one in standing(archive.db.conn, after=begun.reached):
        record = reader(one)
        answers = [answer for answer in (one.read, *one.unread[:1]) if answer is not None and record is not None]
        for answer in answers:
            found += [Better(one.page, answer.id, answer.fetched, record, known=answer is one.read)]
        if len(found) >= batch:
            rereads.accept(archive, begun.id, found, reached=one.page)
            found = []
    rereads.accept(archive, begun.id, found, reached=2**60)
    return rereads.finish(archive, begun.id).id


def better(one: Standing) -> Record:
    return replace(one.record or RECORD, url=one.link.url, issuer="青石区人民政府")


STEP = st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, len(TEXTS) + 1))
HISTORY = st.lists(STEP, min_size=1, max_size=9, unique_by=lambda step: step[:2])
MADE = st.lists(
    st.none()
    | st.builds(
        lambda text, issuer, crumbs, integrity: {
            "text": text,
            "issuer": issuer,
            "breadcrumb": crumbs,
            "integrity": integrity,
        },
        st.sampled_from([*TEXTS, None]),
        st.sampled_from([None, "青石区人民政府"]),
        st.sampled_from([(), ("首页", "公告")]),
        st.sampled_from(["clean", "clean", "suspect"]),
    ),
    min_size=4,
    max_size=4,
)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(history=HISTORY, made=MADE, again=MADE)
def test_rolling_back_leaves_the_archive_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[tuple[int, int, int]],
    made: list[dict[str, Any] | None],
    again: list[dict[str, Any] | None],
) -> None:
    with Archive(tmp_path_factory.mktemp("reread") / "a.db", write=True) as archive:
        crawl(archive, history)
        before = everything(archive)

        def reader(rules: list[dict[str, Any] | None]) -> Callable[[Standing], Record | None]:
            def read_again(one: Standing) -> Record | None:
                rule = rules[one.page % len(rules)]
                return None if rule is None else replace(one.record or RECORD, url=one.link.url, **rule)

            return read_again

        first = reread(archive, reader(made), "2")
        between = everything(archive)
        second = reread(archive, reader(again), "3")
        assert archive.verify().ok
        rereads.roll_back(archive, second)
        assert everything(archive) == between
        rereads.roll_back(archive, first)
        assert everything(archive) == before
        assert archive.db.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_better_reading_is_shown_but_never_counted_as_an_edit(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0), (3, 0, 0)])
    reread(archive, better)
    [document] = archive.documents()
    assert document.record.issuer == "青石区人民政府"
    assert [(one.cause, one.first_seen) for one in document.versions] == [("publisher", day(0)), ("reader", day(3))]
    assert archive.db.conn.execute("SELECT versions FROM announcements").fetchone() == (1,)
    assert archive.search("issuer:青石区").total == 1


def test_a_page_nothing_was_read_in_becomes_a_document_of_the_day_it_was_fetched(archive: Archive) -> None:
    crawl(archive, [(0, 0, 4)])
    [run] = archive.runs()
    id = reread(archive, better)
    [document] = archive.documents()
    assert (document.first_seen, document.last_seen, document.state) == (day(0), day(0), "present")
    assert document.versions[0].cause == "publisher"
    assert archive.runs() == [run], "what a run said of itself stays"
    assert archive.db.conn.execute("SELECT state, reason FROM page").fetchall() == [("new", None)]
    rereads.roll_back(archive, id)
    assert list(archive.documents()) == []
    assert archive.db.conn.execute("SELECT state, reason FROM page").fetchall() == [("quarantined", "no reader for it")]


def test_a_page_that_is_gone_stays_gone_with_its_last_text_read_better(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0), (3, 0, 5)])
    reread(archive, better)
    [document] = archive.documents()
    assert (document.state, document.record.issuer) == ("gone", "青石区人民政府")


def test_later_edits_stay_when_a_reread_is_rolled_back(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0)])
    id = reread(archive, better)
    read(
        archive, archive.start_run(SOURCE), RECORD, n=400, url="http://p0.example/1.html", text=TEXTS[1], body=b"edited"
    )
    assert rereads.roll_back(archive, id) == {"taken_out": 1}
    [document] = archive.documents()
    assert [(one.cause, one.record.text) for one in document.versions] == [
        ("publisher", TEXTS[0]),
        ("publisher", TEXTS[1]),
    ]


def test_what_a_later_crawl_read_too_is_kept_as_of_that_crawl(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0)])
    id = reread(archive, better)
    url = "http://p0.example/1.html"
    read(archive, archive.start_run(SOURCE), RECORD, n=400, url=url, body=b"0 0", issuer="青石区人民政府")
    assert rereads.roll_back(archive, id) == {"kept": 1}
    [document] = archive.documents()
    assert [(one.cause, one.first_seen) for one in document.versions] == [("publisher", day(0)), ("reader", day(400))]


def test_pages_told_to_be_unmodified_show_what_they_showed_before(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0)])
    before = everything(archive)
    id = reread(archive, better)
    run = archive.start_run(SOURCE)
    url = "http://p0.example/1.html"
    archive.save(
        run, Visit(url, "notice", "unchanged", archive.keep(capture(url, b"", day(400), status=304)), reason="304")
    )
    archive.finish_run(run, verdict="quiet")
    rereads.roll_back(archive, id)
    [document] = archive.documents()
    assert document.record.issuer is None
    assert (len(document.versions), document.last_seen) == (1, day(400))
    assert json.loads(everything(archive)["export"][0])["text"] == json.loads(before["export"][0])["text"]


def test_the_later_of_two_rereads_is_rolled_back_first(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0)])
    first = reread(archive, better, "2")
    second = reread(archive, lambda one: replace(better(one), topic="法治"), "3")
    with pytest.raises(NotHeldError, match=f"roll back {second} first"):
        rereads.roll_back(archive, first)
    rereads.roll_back(archive, second)
    rereads.roll_back(archive, first)
    with pytest.raises(NotHeldError, match="rolled back already"):
        rereads.roll_back(archive, first)


def test_history_and_diff_say_whose_doing_a_version_is(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "http://p0.example/1.html"
    with Archive(path, write=True) as archive:
        crawl(archive, [(0, 0, 0), (1, 0, 1)])
        id = reread(archive, better)
    assert run_command(["history", url, "--archive", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["versions"]
    assert [(one["cause"], one["reread"]) for one in told] == [("publisher", None), ("publisher", None), ("reader", id)]
    assert run_command(["history", url, "--archive", str(path)]) == 0
    assert f"reader (reread {id})" in capsys.readouterr().out
    assert run_command(["diff", document_key(url), "--archive", str(path)]) == 0
    assert ", as newer code reads it" in capsys.readouterr().out


def test_doctor_names_a_reread_that_stopped_half_way(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0)])
    begun = rereads.begin(archive, "2", None, None)
    [note] = [one for one in examine(archive) if one.what == "rereads"]
    assert (note.grade, f"--rollback {begun.id}" in note.told) == ("note", True)
    rereads.finish(archive, begun.id)
    assert all(one.what != "rereads" for one in examine(archive))


def test_an_interrupted_reread_goes_on_where_it_committed_last(path: Path) -> None:
    with Archive(path, write=True) as archive:
        crawl(archive, [(n, n, 0) for n in range(3)])
        begun = rereads.begin(archive, "2", None, None)
        one = next(standing(archive.db.conn))
        assert one.read is not None
        rereads.accept(
            archive, begun.id, [Better(one.page, one.read.id, one.read.fetched, better(one), True)], reached=1
        )
    with Archive(path, write=True) as archive:
        again = rereads.begin(archive, "2", None, None)
        assert (again.id, again.reached, again.counts) == (begun.id, 1, {"better": 1})
        assert [one.page for one in standing(archive.db.conn, after=again.reached)] == [2, 3]
        assert rereads.begin(archive, "3", None, None).id != begun.id, "other code starts anew"


def test_what_must_not_be_seen_is_not_read_again(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0), (0, 1, 2), (0, 2, 4)])
    takedown.withdraw(archive, document_key("http://p0.example/1.html"), "order of the court")
    takedown.hide(archive, document_key("http://p1.example/1.html"), "asked for")
    [left] = standing(archive.db.conn)
    assert left.link == Link("http://p2.example/1.html", "notice")
    # The very text that was withdrawn turns up in a page nothing was read in: it does not come back.
    reread(archive, lambda one: replace(RECORD, url=one.link.url, text=TEXTS[0]))
    assert list(archive.documents()) == []
    assert archive.search("行政许可").total == 0
    assert archive.db.conn.execute("SELECT state FROM page WHERE id = 3").fetchone() == ("skipped",)
    assert archive.verify().ok


FILE = "http://www.qingshi.example/files/1.pdf"


def with_file(archive: Archive) -> int:
    """A notice with a file, which newer code read with another text; gives the reread."""
    run = archive.start_run(SOURCE)
    read(archive, run, RECORD, attachments=(Attachment(FILE, "附件：清单.pdf"),))
    old = Extract("pdf", "旧读法只读出这一行渡口清单", None, "old 1")
    archive.save(run, Visit(FILE, "attachment", stored=archive.keep(capture(FILE, b"%PDF-1", day(0))), extract=old))
    archive.finish_run(run, verdict="healthy", requests=2)
    return rereads.begin(archive, "2", None, None).id


def test_a_file_read_better_is_found_by_its_new_words_and_by_its_old_ones_after_a_rollback(archive: Archive) -> None:
    id = with_file(archive)
    before = everything(archive)
    [held] = filed(archive.db.conn)
    assert [one.sha256 for one in filed(archive.db.conn, SOURCE, day(0))] == [held.sha256]
    assert list(filed(archive.db.conn, SOURCE, day(1))) == list(filed(archive.db.conn, "somebody")) == []
    new = Extract("pdf", "新读法读出车库清单的全部三页", None, "new 2")
    assert rereads.accept(archive, id, [], reached=1, files=[(held, new)]) == {"file_better": 1}
    rereads.finish(archive, id)
    assert (archive.search("车库清单").total, archive.search("渡口清单").total) == (1, 0)
    later = rereads.begin(archive, "3", None, None).id
    rereads.accept(archive, later, [], reached=1, files=[(next(filed(archive.db.conn)), replace(new, text="第三种"))])
    with pytest.raises(NotHeldError, match=f"roll back {later} first"):
        rereads.roll_back(archive, id)
    rereads.roll_back(archive, later)
    assert rereads.roll_back(archive, id) == {"taken_out": 1}
    assert everything(archive) == before


def test_what_a_withdrawn_file_said_before_a_reread_is_withdrawn_too(archive: Archive) -> None:
    id = with_file(archive)
    [held] = filed(archive.db.conn)
    rereads.accept(archive, id, [], reached=1, files=[(held, Extract("pdf", "新读法", None, "new 2"))])
    takedown.withdraw(archive, document_key(URL), "order of the court")
    db = archive.db.conn
    assert db.execute("SELECT count(*) FROM reread_file").fetchone() == (0,)
    assert list(filed(db)) == []
    rereads.roll_back(archive, id)
    assert archive.search("渡口清单").total == 0
    assert db.execute("SELECT count(*) FROM text").fetchone() == (0,)
    assert archive.verify().ok


def test_only_what_was_asked_for_is_read_again(archive: Archive) -> None:
    crawl(archive, [(0, 0, 0), (5, 1, 2), (6, 2, 4), (7, 2, 4)])
    assert [one.page for one in standing(archive.db.conn, since=day(5))] == [2, 3]
    assert list(standing(archive.db.conn, "somebody")) == []
    assert (count(archive.db.conn, SOURCE, 0), count(archive.db.conn, None, 2)) == (3, 1)
    [unread] = [one for one in standing(archive.db.conn) if one.read is None]
    assert [answer.fetched for answer in unread.unread] == [day(7)], "no bytes twice, the newest first"


def test_a_reread_travels_with_a_merge_and_can_be_rolled_back_there(tmp_path: Path) -> None:
    with Archive(tmp_path / "one.db", write=True) as archive:
        crawl(archive, [(0, 0, 0), (0, 1, 2), (2, 2, 4)])
        before = everything(archive)["export"]
        id = reread(archive, better)
        after = everything(archive)
    with Archive(tmp_path / "two.db", write=True) as other:
        for _ in range(2):
            merge(other, tmp_path / "one.db")
        told = everything(other)
        assert (told["export"], told["search"]) == (after["export"], after["search"])
        [taken] = rereads.rereads(other)
        rereads.roll_back(other, taken.id)
        assert everything(other)["export"] == before
        merge(other, tmp_path / "one.db")
        assert everything(other)["export"] == before, "rolled back in one is rolled back in both"
        other.close()
        with Archive(tmp_path / "one.db", write=True) as archive:
            merge(archive, tmp_path / "two.db")
            assert everything(archive)["export"] == before
            assert rereads.reread(archive, id).rolled_back is not None
