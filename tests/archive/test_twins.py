"""http and https, www. or not: under a source's rule they are one page, also for who opens the archive later."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.dedup import Twin, canonical_url
from archive.merge import merge
from archive.model import Link, Visit
from archive.twins import page_url

from .made import RECORD, SOURCE, another_text, capture, read

PLAIN = "http://www.qingshi.example/zwgk/1.html"
TWINS = [PLAIN, "https://www.qingshi.example/zwgk/1.html", "http://qingshi.example/zwgk/1.html?utm_source=wx"]
TWINS.append("https://qingshi.example/zwgk/1.html")
RULES: tuple[Twin, ...] = ("scheme", "www")
HOSTS = ["WWW.qingshi.example"]


def pages(archive: Archive) -> list[str]:
    return [row[0] for row in archive.db.conn.execute("SELECT url FROM page ORDER BY id")]


def test_under_the_rule_four_spellings_are_one_page(archive: Archive) -> None:
    archive.know_twins(HOSTS, RULES)
    run = archive.start_run(SOURCE)
    assert len(archive.meet(run, [Link(url, "notice") for url in TWINS])) == 1
    outcome = read(archive, run, RECORD, url=TWINS[2])
    assert read(archive, run, RECORD, n=1, url=TWINS[1]).document_id == outcome.document_id
    document = archive.document(str(outcome.document_id))
    assert document is not None
    assert len(document.appearances) == 1
    assert {len(archive.history(url)) for url in TWINS} == {2}
    assert {len(archive.visits(url)) for url in TWINS} == {1}


def test_without_the_rule_they_are_pages_of_their_own(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    archive.know_twins(["www.other.example"], RULES)
    assert len(archive.meet(run, [Link(url, "notice") for url in TWINS])) == 4


def test_the_rule_is_in_the_file_and_not_in_the_registry(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.db", write=True) as archive:
        archive.know_twins(HOSTS, RULES)
        read(archive, archive.start_run(SOURCE), RECORD, url=TWINS[3])
    with Archive(tmp_path / "a.db") as archive:
        assert {len(archive.history(url)) for url in TWINS} == {1}


def test_what_was_held_as_two_stays_two_and_new_meets_go_to_the_first(archive: Archive) -> None:
    run = archive.start_run(SOURCE)
    for n, url in enumerate(TWINS[:2]):
        read(archive, run, RECORD, n=n, url=url)
    archive.know_twins(HOSTS, RULES)
    later = archive.start_run(SOURCE)
    for n, url in enumerate(TWINS[1:]):
        assert read(archive, later, RECORD, n=3 + n, url=url).state == "unchanged"
    assert pages(archive) == TWINS[:2]
    assert [len(archive.history(url)) for url in TWINS] == [4] * 4
    [document] = archive.documents()
    assert len(document.appearances) == 2


def test_the_bytes_of_a_twin_are_not_stored_twice(archive: Archive) -> None:
    archive.know_twins(HOSTS, RULES)
    run = archive.start_run(SOURCE)
    for url in TWINS[:2]:
        archive.save(run, Visit(url, "listing", "listed", archive.keep(capture(url))))
    assert [row.revisit_of is not None for row in archive.history(PLAIN)] == [False, True]


def test_merging_brings_the_rules_and_keeps_pages_that_were_two(tmp_path: Path) -> None:
    held = []
    nothing: tuple[Twin, ...] = ()
    for name, url, rules in (("one", PLAIN, nothing), ("two", TWINS[3], RULES)):
        path = tmp_path / f"{name}.db"
        with Archive(path, write=True) as archive:
            archive.know_twins(HOSTS, rules)
            read(archive, archive.start_run(SOURCE), RECORD, url=url)
            read(archive, archive.start_run(SOURCE), RECORD, url=url[:-6] + name + ".html", text=another_text(name) * 2)
        held.append(path)
    for path in held:
        with Archive(tmp_path / f"into-{path.name}", write=True) as archive:
            for other in sorted(held, reverse=path is held[0]):
                merge(archive, other)
            assert sorted(pages(archive)) == sorted(
                [PLAIN, TWINS[3], PLAIN[:-6] + "one.html", TWINS[3][:-6] + "two.html"]
            )
            assert len(list(archive.documents())) == 3
            assert page_url(archive.db.conn, TWINS[1]) in {PLAIN, TWINS[3]}


URLS = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["www.qingshi.example", "qingshi.example", "www.cn", "big5.qingshi.example:80", "1.2.3.4:8080"]),
    st.sampled_from(
        ["", "/", "/gate/big5/www.qingshi.example/a/", "/a/../b;jsessionid=1", "/%e6%b3%95.html", "/index.html"]
    ),
    st.sampled_from(["", "?b=2&a=1", "?t=1650000000000", "#top", "#/a", "?u=http://www.qingshi.example"]),
)


@given(URLS, st.sets(st.sampled_from(RULES)))
def test_the_canonical_url_under_any_rules_is_its_own(url: str, rules: set[Twin]) -> None:
    once = canonical_url(url, twins=sorted(rules))
    assert canonical_url(once, twins=sorted(rules)) == once


@pytest.mark.parametrize("url", ["not a url", "mailto:a@b", "http://", "http://[broken", "https://\ud800/"])
def test_what_is_no_url_of_a_host_is_left_alone(archive: Archive, url: str) -> None:
    archive.know_twins(HOSTS, RULES)
    assert page_url(archive.db.conn, url) == page_url(archive.db.conn, page_url(archive.db.conn, url))
