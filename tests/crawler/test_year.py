"""A year of scheduled runs: cheap when nothing happened, and nothing that happened is missed."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from archive import Archive
from crawler.planning import SHARE, SWEEP_RUNS
from crawler.registry import Source
from tests.crawler.simulated import Day, Event, World, calendar, crawl

# The suite has a quarter of a year of half a site; `make sim-year` a year of 1,000 notices, or as many as it is told.
SIZE = int(os.environ.get("YEAR_SIZE", "520"))
DAYS = int(os.environ.get("YEAR_DAYS", "90"))
SEED = int(os.environ.get("YEAR_SEED", "7"))
NEWS = ("new", "changed", "gone", "duplicate")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, list[Day], Path]:
    path = tmp_path_factory.mktemp("year") / "a.db"
    world = World(SIZE, random.Random(SEED))
    source = Source("qingling", "青岭区司法局", world.lists(), frozenset({"sfj.qingling.example"}), every="1d")
    days = []
    with calendar(world), Archive(path, write=True) as archive:
        archive.segments.deferred = True  # no test of the disk
        days.append(crawl(archive, source, world))
        for _ in range(DAYS):
            world.live()
            with archive.batch():
                days.append(crawl(archive, source, world))
    return world, days, path


def test_the_first_run_takes_all(year: tuple[World, list[Day], Path]) -> None:
    assert year[1][0].counts["new"] == SIZE


def test_a_run_without_news_costs_the_first_list_pages_and_two_in_a_hundred(
    year: tuple[World, list[Day], Path],
) -> None:
    quiet = [day for day in year[1][1:] if not any(day.counts[state] for state in NEWS)]
    assert len(quiet) > 3
    for day in quiet:
        assert day.requests <= 2 + SHARE * day.held, day


def test_everything_that_happened_is_found_within_the_sweep(year: tuple[World, list[Day], Path]) -> None:
    world, _, _ = year
    due = [event for event in world.events if event.day + SWEEP_RUNS <= DAYS]
    assert {"new", "edit"} <= {event.what for event in due}
    for event in due:
        found = event.found is not None and event.found - event.day <= SWEEP_RUNS
        assert found or never_to_be_seen(event), event


def never_to_be_seen(event: Event) -> bool:
    """Whether the notice was gone again before the sweep can have come by: its text, and so its removal too."""
    notice = event.notice
    begun = notice.came if event.what == "removal" else event.day
    return event.found is None and notice.gone is not None and notice.gone - begun <= SWEEP_RUNS and begun > 0


def test_what_was_once_there_is_still_in_the_archive(year: tuple[World, list[Day], Path]) -> None:
    world, days, path = year
    with Archive(path) as archive:
        held = {document.url for document in archive.documents()}
        assert len(held) == sum(day.counts["new"] for day in days)
        edits = {event.notice.url for event in world.events if event.what == "edit" and event.found is not None}
        versions = {document.url: len(document.versions) for document in archive.documents()}
    assert all(url in held for url in (event.notice.url for event in world.events if event.found is not None))
    assert sum(versions[url] > 1 for url in edits) > len(edits) / 2


def test_a_year_of_small_news_and_bad_days_raises_no_alarm(year: tuple[World, list[Day], Path]) -> None:
    for day in year[1]:
        assert day.verdict in {"healthy", "quiet", "down"}, day
        assert (day.verdict == "down") == (day.counts["failed"] > 0), day
