"""Every URL a run met ends in exactly one state, whatever happens to it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, ArchiveError
from archive.model import Link, Role, State, Visit
from tests.archive.made import RECORD, SOURCE, URL, capture, day, read

LIST = "http://www.qingshi.example/zwgk/"
OTHER = "http://www.qingshi.example/zwgk/2.html"


def test_meeting_gives_each_page_once_whatever_its_spelling(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    links = [Link(LIST + "index.html", "listing"), Link(LIST, "listing"), Link(OTHER, "notice", "通知", "2022-01-01")]
    assert archive.meet(run, links) == [links[0], links[2]]
    assert archive.meet(run, links) == []


def test_outlinks_are_pending_from_the_moment_their_list_is_saved(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.meet(run, [Link(LIST, "listing")])
    links = (Link(URL, "notice"), Link(OTHER, "notice"), Link(URL, "notice"))
    outcome = archive.save(run, Visit(LIST, "listing", "listed", archive.keep(capture(LIST)), links=links))
    assert outcome.links == links[:2]
    assert archive.run(run).counts == {"listed": 1, "pending": 2}


def test_a_finished_run_leaves_nothing_pending_and_is_then_not_healthy(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.meet(run, [Link(URL, "notice"), Link(OTHER, "notice")])
    read(archive, run, RECORD)
    summary = archive.finish_run(run, requests=1, verdict="healthy", evidence=["1 new"])
    assert summary.counts == {"interrupted": 1, "new": 1}
    assert (summary.verdict, summary.requests) == ("incomplete", 1)
    assert summary.evidence[0] == "1 new"
    assert "1 URLs" in summary.evidence[1]


@pytest.mark.parametrize("verdict", ["blocked", "down", "layout_changed", "identity_mismatch"])
def test_a_worse_verdict_than_incomplete_is_not_softened(archive: Archive, verdict: str) -> None:
    run = archive.start_run(SOURCE)
    archive.meet(run, [Link(URL, "notice")])
    assert archive.finish_run(run, verdict=verdict).verdict == verdict


def test_a_run_that_died_is_closed_by_the_next_which_takes_over_its_urls(path: Path) -> None:
    with Archive(path, write=True) as archive:
        dead = archive.start_run(SOURCE)
        archive.meet(dead, [Link(URL, "notice", "报告", "2022-01-18"), Link(OTHER, "notice")])
        archive.save(dead, Visit(OTHER, "notice", "failed", reason="timeout"))
    with Archive(path, write=True) as archive:
        run = archive.start_run(SOURCE)
        left = archive.unfinished(run)
        assert left == [Link(URL, "notice", "报告", "2022-01-18")]
        assert archive.run(dead).verdict == "interrupted"
        assert archive.run(dead).counts == {"failed": 1, "interrupted": 1}
        assert archive.meet(run, left) == left
        read(archive, run, RECORD)
        archive.finish_run(run, verdict="healthy")
        assert archive.unfinished(archive.start_run(SOURCE)) == []


def test_what_two_interrupted_runs_left_is_taken_over_once(archive: Archive) -> None:
    for url in (URL, OTHER):
        archive.meet(archive.start_run(SOURCE), [Link(url, "notice")])
    assert [link.url for link in archive.unfinished(archive.start_run(SOURCE))] == [URL, OTHER]


def test_another_sources_leftovers_are_not_ours(archive: Archive) -> None:
    archive.meet(archive.start_run("other"), [Link(URL, "notice")])
    archive.start_run("other")
    assert archive.unfinished(archive.start_run(SOURCE)) == []


def test_a_url_that_ended_is_not_ended_twice_but_its_evidence_is_kept(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    assert read(archive, run, RECORD, n=0).state == "new"
    again = read(archive, run, RECORD, n=0, text=str(RECORD.text).replace("52", "53"))
    assert again.state == "new"
    assert archive.run(run).counts == {"new": 1}
    assert len(archive.history(URL)) == 2
    (document,) = archive.documents()
    assert len(document.versions) == 2


def test_a_page_read_after_a_redirect_to_itself_counts_as_read(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.save(run, Visit(URL, "notice", "redirected", archive.keep(capture(status=302)), reason=URL))
    assert read(archive, run, RECORD).state == "new"
    assert archive.save(run, Visit(URL, "notice", "failed", reason="late")).state == "new"
    assert archive.run(run).counts == {"new": 1}


def test_a_redirect_to_a_url_already_seen_ends_only_itself(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    read(archive, run, RECORD)
    archive.meet(run, [Link(OTHER, "notice")])
    archive.save(run, Visit(OTHER, "notice", "redirected", archive.keep(capture(OTHER, status=302)), reason=URL))
    assert archive.run(run).counts == {"new": 1, "redirected": 1}


def test_gone_is_dated_with_its_evidence_and_lifted_when_the_page_is_back(archive: Archive) -> None:
    read(archive, archive.start_run(SOURCE), RECORD, n=0)
    for n in (4, 5):
        run = archive.start_run(SOURCE)
        archive.save(
            run, Visit(URL, "notice", "gone", archive.keep(capture(at=day(n), status=404)), reason=f"404 on day {n}")
        )
    (document,) = archive.documents()
    assert (document.state, document.appearances[0].gone, document.appearances[0].gone_reason) == (
        "gone",
        day(4),
        "404 on day 4",
    )
    assert document.record == RECORD, "the last version stays readable"
    read(archive, archive.start_run(SOURCE), RECORD, n=8)
    (document,) = archive.documents()
    assert (document.state, document.appearances[0].gone) == ("present", None)


def test_a_site_that_is_down_does_not_make_its_pages_gone(archive: Archive) -> None:
    read(archive, archive.start_run(SOURCE), RECORD)
    archive.save(archive.start_run(SOURCE), Visit(URL, "notice", "failed", reason="connection refused"))
    (document,) = archive.documents()
    assert document.state == "present"


def test_an_unchanged_answer_without_a_body_keeps_the_version_alive(archive: Archive) -> None:
    read(archive, archive.start_run(SOURCE), RECORD, n=0)
    stored = archive.keep(capture(body=b"", at=day(3), status=304))
    outcome = archive.save(archive.start_run(SOURCE), Visit(URL, "notice", "unchanged", stored, reason="304"))
    (document,) = archive.documents()
    assert (outcome.state, outcome.document_id, document.last_seen) == ("unchanged", document.id, day(3))


def test_requests_counted_one_by_one_are_in_the_summary(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.count_request(run)
    archive.count_request(run, 2)
    read(archive, run, RECORD)
    archive.count_request(run)
    assert archive.finish_run(run, verdict="healthy").requests == 4


def test_a_run_is_finished_once(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.finish_run(run, verdict="quiet")
    with pytest.raises(ArchiveError, match="finished already"):
        archive.finish_run(run, verdict="quiet")
    with pytest.raises(ArchiveError, match="not open"):
        archive.meet(run, [Link(URL, "notice")])


def test_a_visit_without_record_or_end_is_refused_and_changes_nothing(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    with pytest.raises(ValueError, match="found neither"):
        archive.save(run, Visit(URL, "notice"))
    assert archive.run(run).counts == {}


ENDS = ("listed", "quarantined", "skipped", "redirected", "blocked", "gone", "failed")
STEP = st.tuples(
    st.sampled_from(["meet", "save", "read"]),
    st.integers(0, 6),
    st.sampled_from(ENDS),
    st.sampled_from(["listing", "notice"]),
)


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEP, max_size=25))
def test_sums_add_up_to_the_urls_met_after_any_sequence(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str, str]]
) -> None:
    met: set[str] = set()
    with Archive(tmp_path_factory.mktemp("sums") / "a.db", write=True) as archive:
        run = archive.start_run(SOURCE)
        for what, n, end, role in steps:
            url = f"http://www.qingshi.example/{n}.html"
            met.add(url)
            if what == "meet":
                archive.meet(run, [Link(url, cast(Role, role))])
            elif what == "save":
                links = (Link(f"http://www.qingshi.example/{n + 1}.html", "notice"),)
                met.add(links[0].url)
                archive.save(run, Visit(url, cast(Role, role), cast(State, end), reason=end, links=links))
            else:
                read(archive, run, RECORD, n=n, url=url)
        counts = archive.finish_run(run, verdict="healthy").counts
        assert sum(counts.values()) == len(met)
        assert "pending" not in counts
        visits = Counter(archive.visits(url)[0].state for url in met)
        assert dict(visits) == counts
