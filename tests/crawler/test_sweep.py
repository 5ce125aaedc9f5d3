"""How a list is read: to its end, or as far as needed; what moves while it is read is met; why it stopped is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from archive.model import Link
from archive.revisits import Acquaintance
from archive.sweeps import ListSweep
from crawler.sweep import Sweep
from crawler.terms import Shown, Terms

LIST = "http://sfj.qingling.example/tzgg/"
NOW = "2026-03-01T06:00:00Z"
ROWS = 4


class Column:
    """A column of numbered entries, `ROWS` a page; what was `known` before the run is a set of numbers."""

    def __init__(self, numbers: Sequence[int], *, known: Sequence[int] = (), total: bool = False) -> None:
        self.numbers, self.known, self.total = list(numbers), set(known), total
        self.seen: set[int] = set()

    def page(self, url: str) -> Shown:
        number = int(url.removeprefix(LIST).removeprefix("index_").removesuffix(".html") or 0)
        rows = self.numbers[number * ROWS : (number + 1) * ROWS]
        links = tuple(Link(f"http://sfj.qingling.example/art/{n}.html", "notice") for n in rows)
        more = f"{LIST}index_{number + 1}.html" if (number + 1) * ROWS < len(self.numbers) else None
        unnamed = [n for n in rows if n not in self.known | self.seen]
        unknown = [n for n in rows if n not in self.known]
        self.seen.update(rows)
        knows = Acquaintance(len(unnamed), len(unnamed), len(unknown))
        return Shown(url, links, more, len(self.numbers) if self.total else None, knows=knows)


def read(sweep: Sweep, column: Column, *, then: dict[int, object] | None = None) -> list[str]:
    """Read a list as the crawl does; `then` changes the column after so many pages. Gives the pages asked for."""
    asked = []
    following: str | None = LIST
    while following:
        asked.append(following.removeprefix(LIST))
        following = sweep.listed(column.page(following))
        change = (then or {}).get(len(asked))
        if callable(change):
            change()
        assert len(asked) < 50
    sweep.close()
    return asked


def whole(**more: object) -> Sweep:
    return Sweep(LIST, replace(Terms(now=NOW), **more))  # type: ignore[arg-type]  # test shorthand


def part(**more: object) -> Sweep:
    return whole(whole=False, **more)


def test_a_small_list_is_read_to_its_end_and_its_first_page_once_more() -> None:
    sweep = whole()
    assert read(sweep, Column(range(10))) == ["", "index_1.html", "index_2.html", ""]
    assert sweep.told() == ListSweep(
        LIST, pages=3, rows=10, stop_reason="end", fresh=10, first_rows=4, round="complete", began=NOW
    )


def test_a_list_of_one_page_costs_one_request() -> None:
    assert read(whole(), Column(range(3))) == [""]
    assert read(part(entries=3), Column(range(3), known=range(3))) == [""]


def test_what_comes_while_a_list_is_read_is_met_at_the_end() -> None:
    column = Column(range(10))
    sweep = whole()
    read(sweep, column, then={2: lambda: column.numbers.insert(0, 77)})
    assert column.seen == {*range(10), 77}
    assert sweep.remarks == []


@pytest.mark.parametrize("total", [True, False])
def test_a_list_that_shifts_up_while_it_is_read_is_read_again(total: bool) -> None:
    column = Column(range(12), total=total)
    sweep = whole()
    # Entry 8 moves up, from the third page onto the second, which was read already.
    asked = read(sweep, column, then={2: lambda: column.numbers.remove(1)})
    assert column.seen >= {0, *range(2, 12)}
    assert asked == ["", "index_1.html", "index_2.html", "", "index_1.html", "index_2.html", ""]
    assert sweep.remarks == []
    assert "read again" in (sweep.told().note or "")


def test_a_list_that_never_stands_still_is_told_as_incomplete() -> None:
    column = Column(range(40))

    def shift() -> None:
        del column.numbers[1]

    sweep = whole()
    read(sweep, column, then=dict.fromkeys(range(1, 50), shift))
    assert "twice" in sweep.remarks[0]


def test_a_big_source_s_list_is_read_until_it_shows_only_what_we_know() -> None:
    column = Column([90, 91, *range(20)], known=range(20))
    assert read(part(entries=20), column) == ["", "index_1.html", ""]
    sweep = part(entries=20)
    assert read(sweep, Column(range(20), known=range(20))) == [""]
    assert sweep.told().stop_reason == "known"


def test_a_total_that_states_one_more_than_we_know_is_followed_until_it_is_found() -> None:
    numbers = [*range(13), 99, *range(13, 30)]
    column = Column(numbers, known=range(30), total=True)
    sweep = part(entries=30)
    assert read(sweep, column) == ["", "index_1.html", "index_2.html", "index_3.html", "index_4.html", ""]
    assert 99 in column.seen
    assert sweep.held == 31
    # A list that always states more than it shows is not read whole for that in every run.
    assert read(part(entries=30, gap=1), Column(range(30), known=range(30), total=False)) == [""]


def test_what_a_run_that_broke_off_had_met_is_not_known_to_the_next() -> None:
    """Juriscraper #2152: stopping at the first known entry lost what lay behind a run that had died."""
    column = Column(range(12), known=range(4, 12))
    column.seen = set(range(4))  # met by the run that died on page 1
    assert read(part(entries=12), column) == ["", "index_1.html"]


def test_a_round_goes_through_all_pages_in_several_runs_overlapping_by_one() -> None:
    column = Column(range(22), known=range(22))
    began, resume, asked = None, None, []
    for _ in range(3):
        sweep = part(entries=22, deep=2, resume=resume, began=began)
        asked.append(read(sweep, column))
        told = sweep.told()
        began, resume = told.began, told.upto
    assert asked == [
        ["", "index_1.html", "index_2.html"],
        ["", "index_2.html", "index_3.html", "index_4.html"],
        ["", "index_4.html", "index_5.html"],
    ]
    assert (told.round, told.began, told.upto) == ("complete", NOW, None)


def test_a_round_that_meets_no_answer_waits_once_then_begins_anew() -> None:
    resume = f"{LIST}index_2.html"
    for waited, then in ((False, "open"), (True, "cut")):
        sweep = part(entries=22, deep=2, resume=resume, began=NOW, waited=waited)
        assert sweep.listed(Column(range(22), known=range(22)).page(LIST)) == resume
        sweep.broke(resume, "failed", "TimeoutError")
        assert sweep.told().round == then


def test_a_pager_that_leads_back_ends_the_list_and_a_page_shown_twice_is_told() -> None:
    first, second = Column(range(8)).page(LIST), Column(range(8)).page(f"{LIST}index_1.html")
    sweep = whole()
    sweep.listed(first)
    sweep.listed(replace(second, following=LIST))
    assert (sweep.reason, sweep.remarks, sweep.round) == ("repeated", [], "complete")
    sweep = whole()
    sweep.listed(first)
    sweep.listed(replace(second, rows=first.rows, following=f"{LIST}index_2.html"))
    assert (sweep.reason, sweep.round) == ("repeated", "cut")
    assert "repeats an earlier page" in sweep.remarks[0]


def test_a_next_page_of_another_column_is_not_taken_for_this_one() -> None:
    sweep = whole()
    sweep.listed(Column(range(8)).page(LIST))
    stranger = Shown(
        "http://sfj.qingling.example/ldzc/", (Link("http://sfj.qingling.example/ldzc/1.html", "notice"),), None
    )
    why = sweep.strays(stranger)
    assert why is not None
    sweep.stray(why)
    assert sweep.told().stop_reason == "off-column"
    # Rows that stand where the others do, or a pager that is asked with a query, are evidence of the same list.
    for sound in (
        replace(stranger, url=f"{LIST}list.do?page=2"),
        replace(stranger, rows=(*stranger.rows, Link("http://sfj.qingling.example/art/1.html", "notice"))),
    ):
        assert sweep.strays(sound) is None


@pytest.mark.parametrize(
    ("state", "why", "reason"),
    [
        ("gone", "HTTP 404", "404"),
        ("failed", "TimeoutError", "failed"),
        ("blocked", "HTTP 412", "blocked"),
        ("skipped", "robots.txt disallows it", "skipped"),
        ("quarantined", "a list without entries: no pager on the page", "empty"),
        ("quarantined", "reader raised RecursionError", "unreadable"),
    ],
)
def test_a_list_that_breaks_off_says_why(state: str, why: str, reason: str) -> None:
    sweep = whole()
    following = sweep.listed(Column(range(8)).page(LIST))
    assert following is not None
    sweep.broke(following, state, why)  # type: ignore[arg-type]  # a State
    assert sweep.told().stop_reason == reason
    assert "breaks off" in sweep.remarks[0]


def test_lookback_reads_on_while_entries_may_still_be_coming() -> None:
    def dated(url: str, day: str, more: str | None) -> Shown:
        return Shown(url, (Link(f"{url}1.html", "notice", "公告", day),), more)

    sweep = part(since="2026-02-20", extra=2)
    assert sweep.listed(dated(LIST, "2026-02-27", f"{LIST}2")) == f"{LIST}2"
    assert sweep.listed(dated(f"{LIST}2", "2026-02-10", f"{LIST}3")) is None
    assert sweep.reason == "known"
