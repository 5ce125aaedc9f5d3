"""`scrapy due`: who has a turn and why, several sites at once, and nothing broken keeps the others from theirs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.answers import RunSummary
from archive.sources import LastRun
from crawler.crew import Ended
from crawler.due import NEVER, SAMPLE, Turn, deadline, iso, turns
from crawler.due_telling import exit_code
from crawler.progress import Board
from crawler.registry import Source
from tests.child import Child
from tests.serving import BRISK, ROOT, Answer, Site, listing, notice, scrapy, serving, start, write_source

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ROWS = [(f"/art/{n}.html", f"关于公布第{n}批行政规范性文件清理结果的通知") for n in range(1, 6)]


def site_answers(wait: float = 0.0) -> dict[str, Answer]:
    pages = {path: Answer(notice(title, n=n), wait=wait) for n, (path, title) in enumerate(ROWS)}
    return {"/tzgg/": Answer(listing(ROWS, total=len(ROWS))), **pages}


class Place:
    """A registry and an archive of a test, and the command on them."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.archive = folder / "sources", folder / "a.db"
        self.settings = (*BRISK, f"SOURCES={self.sources}", f"ARCHIVE={self.archive}", "DOWNLOAD_TIMEOUT=30")

    def add(self, source: str, site: Site, extra: str = "") -> None:
        write_source(self.sources, source, [f"{site.url}/tzgg/"], extra)

    def due(self, *words: str, code: str | None = None) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
        done = scrapy("due", "--json", *words, settings=self.settings, code=code)
        assert "Traceback" not in done.stderr or code, done.stderr
        answer = json.loads(done.stdout)
        assert answer["exit_code"] == done.returncode, done.stderr
        return done, {one["source"]: one for one in answer["sources"]} | {"": answer}

    def start(self, command: str, *words: str) -> Child:
        return start(command, *words, settings=self.settings)

    def runs(self, source: str | None = None) -> list[RunSummary]:
        with Archive(self.archive) as archive:
            return sorted(archive.runs(source), key=lambda run: run.id)

    def documents(self) -> set[str]:
        with Archive(self.archive) as archive:
            return {document.id for document in archive.documents()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def asked(site: Site, n: int, child: Child) -> None:
    """Wait until the site was asked `n` times."""
    end = time.monotonic() + 60
    while len(site.asked) < n:
        assert child.running(), child.end().stderr
        assert time.monotonic() < end
        time.sleep(0.005)


# Whose turn it is.


def last(ago: timedelta, verdict: str | None = "healthy", evidence: Sequence[str] = ()) -> LastRun:
    return LastRun(iso(NOON - ago), None if verdict is None else iso(NOON), verdict, 12, tuple(evidence))


def judged(every: str, run: LastRun | None) -> Turn:
    source = Source("a", "甲", ("http://a.example/",), frozenset({"a.example"}), every=every)
    return turns([Turn("a", source)], {} if run is None else {"a": run}, NOON)[0]


@pytest.mark.parametrize(
    ("run", "due"),
    [
        (None, True),
        (last(timedelta(days=8)), True),
        (last(timedelta(days=7) - timedelta(seconds=20)), True),  # a timer comes a little early now and then
        (last(timedelta(days=6)), False),
        (last(timedelta(days=6), "down"), False),
        (last(timedelta(hours=1), "interrupted"), True),
        (last(timedelta(hours=1), None), True),
        (last(timedelta(hours=1), "incomplete", ["stopped early: by a signal; 8 URLs wait for the next run"]), True),
        (last(timedelta(hours=1), "incomplete", ["2 URLs ended failed"]), False),
    ],
)
def test_a_source_is_due_when_its_time_has_come_or_its_last_run_was_cut_off(run: LastRun | None, due: bool) -> None:
    assert judged("7d", run).due == due


@given(st.integers(1, 200), st.sampled_from("hd"), st.floats(0, 300))
def test_nothing_is_crawled_much_more_often_than_its_file_says(number: int, unit: str, ago: float) -> None:
    turn = judged(f"{number}{unit}", last(timedelta(days=ago)))
    every = timedelta(**{{"h": "hours", "d": "days"}[unit]: number})
    if turn.due:
        assert timedelta(days=ago) >= max(every * 0.9, every - timedelta(hours=1)) - timedelta(seconds=1)
    else:
        assert turn.next is not None
        assert datetime.fromisoformat(turn.next) > NOON


def test_who_waited_longest_comes_first_so_that_nobody_starves() -> None:
    sources = {id: Source(id, id, ("http://a.example/",), frozenset()) for id in "abcd"}
    runs = {"a": last(timedelta(hours=2), "interrupted"), "b": last(timedelta(days=30)), "c": last(timedelta(days=9))}
    found = turns([Turn(id, source) for id, source in sources.items()], runs, NOON)
    assert [turn.id for turn in found] == ["d", "b", "c", "a"]


@pytest.mark.parametrize(
    ("until", "lasting", "seconds"),
    [
        ("13:30", None, 5400),
        ("6:30", None, 18.5 * 3600),
        ("2026-03-04T12:10:00+00:00", None, 600),
        ("2026-03-04T12:10:00", None, 600),
        (None, "2h", 7200),
        (None, "1h30m", 5400),
        (None, "90s", 90),
        ("13:30", "20min", 1200),
        (None, None, None),
    ],
)
def test_the_end_of_a_crawl_is_the_earlier_of_both_limits(
    until: str | None, lasting: str | None, seconds: float | None
) -> None:
    end = deadline(until, lasting, NOON)
    assert (None if end is None else (end - NOON).total_seconds()) == seconds


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--until", "25:00"], "--until: expected"),
        (["--until", "2020-01-01"], "a time to come"),
        (["--max-time", "soon"], "--max-time: expected"),
        (["--max-time", "0h"], "--max-time: expected"),
        (["--sites", "0"], "--sites: expected"),
        (["xianning"], "scrapy crawl ID"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(place: Place, words: list[str], says: str) -> None:
    place.sources.mkdir()
    done, answer = place.due(*words)
    assert done.returncode == 2
    assert says in answer[""]["error"]
    assert len(done.stderr.splitlines()) == 1
    assert not place.archive.exists()


def ended(verdict: str | None, stopped: str | None = None, *, fatal: bool = False) -> Ended:
    run = None if verdict is None else RunSummary(1, "a", "", "", verdict, 1, {}, ())
    return Ended("a", run, None if run else "fell", stopped, fatal=fatal)


@pytest.mark.parametrize(
    ("ends", "broken", "code"),
    [
        ([], False, 0),
        ([ended("healthy"), ended("quiet")], False, 0),
        ([ended("healthy"), ended("blocked")], False, 1),
        ([ended("healthy"), ended(None)], False, 1),
        ([ended("healthy")], True, 2),
        ([ended("down")], True, 2),
        ([ended(None, fatal=True), ended("blocked")], True, 3),
        ([ended("healthy"), ended("incomplete", "by a signal")], False, 5),
        ([ended(None, "its time was up")], False, 5),
        ([ended("blocked", "by a signal"), ended(None, "by a signal")], False, 1),
        ([ended("healthy", "by a signal")], False, 0),
    ],
)
def test_the_exit_code_says_what_matters_most(ends: list[Ended], broken: bool, code: int) -> None:
    assert exit_code([Turn("b", broken="b.toml: not valid TOML")] if broken else [], ends) == code


def test_the_time_to_go_comes_from_what_each_source_had_last_time() -> None:
    board = Board(3, {"a": 10, "b": 30}, live=False)
    assert board.left(5) is None
    board.met.update({"a": 10})
    # b's 30, and as many as usual (20) of the one that is new, at one a second.
    assert board.left(10) == 50
    board.begin("b")
    assert board.status(10) == "0/3 sites, 1 at work, 10 pages, 0 new, 0 changed, ETA 50 s"


def test_of_sites_never_crawled_before_the_time_to_go_is_known_once_one_has_ended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    board = Board(4, {}, live=False)
    for source, pages in (("a", 12), ("b", 3)):
        board.begin(source)
        board.met.update({source: pages})
    assert board.left(15) is None
    board.done(Ended("a", trouble="the crawl fell"))
    assert board.left(15) == 9 + 12 + 12
    board.done(Ended("b", trouble="the crawl fell"))
    assert capsys.readouterr().err.splitlines() == ["[1/4] a: the crawl fell", "[2/4] b: the crawl fell"]


# The command, on real sites.


def test_due_crawls_what_is_due_and_says_of_the_others_why_not(place: Place) -> None:
    with serving(site_answers()) as fresh, serving(site_answers()) as held:
        place.add("fresh", fresh)
        place.add("held", held)
        place.add("unchecked", fresh, 'checked = "never"')
        place.add("sample", fresh, "sample = true")
        assert scrapy("crawl", "held", settings=place.settings).returncode == 0
        (place.sources / "broken.toml").write_text("name = ", encoding="utf-8")
        before = len(held.asked)
        _, listed = place.due("--list")
        assert len(held.asked) == before
        assert not fresh.asked
        done, found = place.due()
        assert len(held.asked) == before
        (place.sources / "broken.toml").unlink()
        again, nothing = place.due()
    assert [id for id, one in listed.items() if id and one["due"]] == ["fresh"]
    assert done.returncode == 2
    assert "broken.toml: not valid TOML" in done.stderr
    assert "broken.toml: not valid TOML" in found["broken"]["error"]
    assert found["fresh"]["verdict"] == "healthy"
    assert found["fresh"]["run"] == place.runs("fresh")[0].id
    assert found["fresh"]["counts"]["listed"] == 1
    assert (found["held"]["due"], found["held"]["run"]) == (False, None)
    assert found["held"]["next"] > found["held"]["last_run"]
    assert (found["unchecked"]["skipped"], found["sample"]["skipped"]) == (NEVER, SAMPLE)
    assert all(reason in done.stderr for reason in (NEVER, SAMPLE))
    assert (again.returncode, place.runs("fresh")[1:]) == (0, [])
    assert "nothing is due" in again.stderr
    assert not any(one["due"] for id, one in nothing.items() if id)


def test_a_registry_of_unchecked_sources_only_makes_no_archive(place: Place) -> None:
    write_source(place.sources, "a", ["http://a.example/tzgg/"], 'checked = "never"')
    done, found = place.due()
    assert (done.returncode, found["a"]["skipped"]) == (0, NEVER)
    assert not place.archive.exists()


def test_the_starter_registry_says_where_each_address_is_known_from_and_waits_for_its_check(tmp_path: Path) -> None:
    done = scrapy("due", "--list", "--json", settings=(f"ARCHIVE={tmp_path / 'a.db'}",))
    found = json.loads(done.stdout)["sources"]
    assert (done.returncode, [one["source"] for one in found if one["due"]]) == (0, [])
    starters = [one["source"] for one in found if one["skipped"] == NEVER]
    assert len(starters) > 9
    for source in starters:
        lines = (ROOT / "crawler" / "sources" / f"{source}.toml").read_text(encoding="utf-8").splitlines()
        first = next(n for n, line in enumerate(lines) if '"http' in line)
        assert any("#" in line for line in lines[first - 1 : first + 1]), f"{source}: {lines[first]}"


def test_sites_are_crawled_side_by_side_but_never_two_sources_of_one_host(place: Place) -> None:
    with serving(site_answers(0.1)) as shared, serving(site_answers(0.1)) as other:
        other.answers["/robots.txt"] = shared.answers["/robots.txt"] = Answer("", 404, wait=0.1)
        for source, site in (("a", shared), ("b", shared), ("c", other)):
            place.add(source, site)
        done, found = place.due("--sites", "2")
    assert done.returncode == 0, done.stderr
    assert all(found[source]["verdict"] in {"healthy", "quiet"} for source in "abc")
    gaps = [after[0] - before[1] for before, after in pairwise(sorted(shared.times))]
    assert min(gaps) >= 0, "two requests at once to one host"
    assert any(a < d and c < b for a, b in shared.times for c, d in other.times), "never at the same time"
    one, two = (next(run for run in place.runs(source)) for source in "ab")
    assert one.finished is not None
    assert one.finished <= two.started


def test_a_source_that_falls_takes_no_other_with_it(place: Place) -> None:
    falls = """
import crawler.spider
sound = crawler.spider.SourceSpider.from_crawler.__func__
def from_crawler(cls, crawler, *args, **kwargs):
    if cls.name == "falls":
        raise RuntimeError("no such attribute")
    return sound(cls, crawler, *args, **kwargs)
crawler.spider.SourceSpider.from_crawler = classmethod(from_crawler)
start = crawler.spider.SourceSpider.start
async def broken(self):
    if self.name == "stumbles":
        raise ZeroDivisionError("in the middle of it")
    async for request in start(self):
        yield request
crawler.spider.SourceSpider.start = broken
"""
    with serving(site_answers()) as site, serving(site_answers()) as other:
        place.add("falls", site)
        place.add("stumbles", site)
        place.add("stands", other)
        done, found = place.due(code=falls)
    assert done.returncode == 1
    assert found["stands"]["verdict"] == "healthy"
    assert "RuntimeError: no such attribute" in found["falls"]["error"]
    assert found["stumbles"]["verdict"] not in {"healthy", "quiet"}
    assert "falls: the crawl fell" in done.stderr


def test_a_second_due_is_told_who_holds_the_archive_and_a_dead_holder_is_taken_over(place: Place) -> None:
    with serving(site_answers()) as site:
        place.add("qingling", site)
        site.answers["/art/3.html"] = Answer("", wait=30)
        first = place.start("due")
        try:
            asked(site, 5, first)
            began = time.monotonic()
            second, answer = place.due()
            assert time.monotonic() - began < 20
        finally:
            os.kill(first.pid, signal.SIGKILL)
            first.end()
        assert second.returncode == 4
        assert f"process {first.pid} " in answer[""]["error"]
        assert " since 20" in answer[""]["error"]
        assert len(place.runs()) == 1
        site.answers["/art/3.html"] = site_answers()["/art/3.html"]
        third, found = place.due()
    assert third.returncode == 0, third.stderr
    assert (found["qingling"]["why"], found["qingling"]["verdict"]) == ("its last run died", "healthy")
    assert [run.verdict for run in place.runs()] == ["interrupted", "healthy"]
    assert len(place.documents()) == len(ROWS)


def test_when_its_time_is_up_no_source_is_begun_and_the_next_call_goes_on(place: Place) -> None:
    with serving(site_answers(0.45)) as one, serving(site_answers()) as two:
        place.add("one", one)
        place.add("two", two)
        done, found = place.due("--sites", "1", "--max-time", "1s")
        assert done.returncode == 5, done.stderr
        assert found[""]["stopped"] == "its time was up"
        assert found["one"]["verdict"] == "incomplete"
        assert any("stopped early: its time was up" in said for said in found["one"]["evidence"])
        assert (found["two"]["run"], found["two"]["skipped"]) == (None, "not begun: its time was up")
        assert not two.asked
        had, asked_for = place.documents(), Counter(one.asked)
        one.answers = site_answers()
        again, after = place.due()
    assert again.returncode == 0, again.stderr
    assert after["one"]["why"] == "its last run was stopped early"
    assert had <= place.documents()
    assert len(place.documents()) == len(ROWS)
    # Nothing was on the wire at the end that was not kept.
    assert len(had) == sum(path.startswith("/art/") for path in asked_for)


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.2])
def test_a_crawl_whose_time_is_up_while_it_starts_ends_too(place: Place, seconds: float) -> None:
    # It waited for ever: Scrapy 2.19 forgets a stop that comes before its engine runs.
    early = f"""
import crawler.crew
run = crawler.crew.Crew.run
def soon(self, sources):
    self.seconds = {seconds}
    return run(self, sources)
crawler.crew.Crew.run = soon
"""
    with serving(site_answers(0.3)) as site:
        place.add("qingling", site)
        done, found = place.due(code=early)
    assert done.returncode == 5, done.stderr
    assert found[""]["stopped"] == "its time was up"


def test_crawl_too_ends_when_its_time_is_up_and_refuses_a_time_that_is_none(place: Place) -> None:
    with serving(site_answers(0.4)) as site:
        place.add("qingling", site)
        done = scrapy("crawl", "qingling", "--max-time", "1s", settings=place.settings)
        wrong = scrapy("crawl", "qingling", "--until", "noon", settings=place.settings)
    assert done.returncode == 1
    assert "stopped early: its time was up" in done.stderr
    assert len(site.asked) < len(ROWS) + 2  # none, where its time was up before it had begun
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)
    assert wrong.stderr.startswith("scrapy crawl: --until: expected")


# Signals.


@pytest.mark.parametrize(("command", "code"), [(["due"], 5), (["crawl", "qingling"], 1)])
def test_sigterm_lets_what_is_on_the_wire_come_home_and_a_second_one_ends_at_once(
    place: Place, command: list[str], code: int
) -> None:
    with serving(site_answers()) as site:
        place.add("qingling", site)
        site.answers["/art/2.html"] = Answer(site.answers["/art/2.html"].body, wait=1.5)
        polite = place.start(*command)
        asked(site, 4, polite)  # robots.txt, the list, the first notice, and the slow one on the wire
        os.kill(polite.pid, signal.SIGTERM)
        drained = polite.end()
        assert drained.returncode == code, drained.stderr
        assert "Traceback" not in drained.stderr
        assert "stopped early: by a signal" in drained.stderr
        assert site.asked[-1] == "/art/2.html"
        assert len(place.documents()) == 2, "the page on the wire was lost"

        site.answers["/art/3.html"] = Answer("", wait=20)
        hasty = place.start(*command)
        while "/art/3.html" not in site.asked:
            assert hasty.running()
            time.sleep(0.005)
        os.kill(hasty.pid, signal.SIGTERM)
        time.sleep(0.4)
        assert hasty.running(), "the first signal waits"
        os.kill(hasty.pid, signal.SIGTERM)
        began = time.monotonic()
        dropped = hasty.end()
        assert time.monotonic() - began < 5
        assert dropped.returncode == code, dropped.stderr
        assert "Traceback" not in dropped.stderr
        assert "Task was destroyed" not in dropped.stderr
        assert "at once, by a second signal" in dropped.stderr
        assert len(place.documents()) >= 2
        site.answers = site_answers()
        final = scrapy(*command, settings=place.settings)
    assert final.returncode == 0, final.stderr
    assert len(place.documents()) == len(ROWS)
    assert [run.verdict for run in place.runs()] == ["incomplete", "interrupted", "healthy"]


def test_a_crawl_that_waits_for_its_pause_ends_without_asking_and_without_a_failure(place: Place) -> None:
    with serving(site_answers()) as site:
        place.add("qingling", site)
        site.answers["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 50\n", headers={"Content-Type": "text/plain"})
        child = place.start("due")
        asked(site, 1, child)
        time.sleep(0.3)
        began = time.monotonic()
        os.kill(child.pid, signal.SIGTERM)
        done = child.end()
    assert time.monotonic() - began < 5
    assert done.returncode == 5, done.stderr
    assert site.asked == ["/robots.txt"]
    assert "failed" not in place.runs()[0].counts
