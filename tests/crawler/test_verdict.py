"""The verdict of a run: the worst thing found names it, and no quiet run raises an alarm."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.departures import Departures
from crawler.verdict import WELL, Facts, verdict

URL = "http://sfj.qingling.example/tzgg/"


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (Facts({"listed": 1, "unchanged": 9}, 1, read=9), "quiet"),
        (Facts({"listed": 1, "unchanged": 8, "new": 1}, 1, read=9), "healthy"),
        (Facts({"listed": 1, "unchanged": 8, "skipped": 3, "redirected": 1}, 1, read=8), "quiet"),
        (Facts({"listed": 1, "unchanged": 8, "quarantined": 2}, 1, read=8), "quiet"),
        (Facts({"listed": 1, "new": 8}, 1, read=8, shortfalls=["共9条"]), "incomplete"),
        (Facts({"listed": 1, "new": 8, "failed": 1}, 1, read=8), "incomplete"),
        (Facts({"listed": 1, "new": 8, "pending": 1}, 1, read=8), "incomplete"),
        (Facts({"listed": 1, "new": 8}, 1, read=8, stopped="by a signal"), "incomplete"),
        (Facts({"failed": 1}, 1, unread=[(URL, "failed: HTTP 503")]), "down"),
        (Facts({}, 1, unread=[(URL, None)]), "down"),
        (Facts({}, 1, unread=[(URL, None)], stopped="by a signal"), "incomplete"),
        (Facts({"failed": 1, "listed": 1}, 2, unread=[(URL, "failed: time-out")], read=0), "incomplete"),
        (Facts({"blocked": 1}, 1, unread=[(URL, "blocked: blocked:ruishu")]), "blocked"),
        (Facts({"listed": 1, "blocked": 5, "new": 2}, 1, read=2), "blocked"),
        (Facts({"listed": 1, "blocked": 1, "new": 5}, 1, read=5), "incomplete"),
        (Facts({"quarantined": 1}, 1, unread=[(URL, "quarantined: a list without entries")]), "layout_changed"),
        (Facts({"gone": 1}, 1, unread=[(URL, "gone: HTTP 404")]), "layout_changed"),
        (Facts({"listed": 1, "quarantined": 5, "new": 2}, 1, read=2), "layout_changed"),
        (Facts({"listed": 1, "quarantined": 5}, 1, strangers=Counter({"别处": 5})), "identity_mismatch"),
        (Facts({"listed": 1, "new": 9, "quarantined": 1}, 1, read=9, strangers=Counter({"别处": 1})), "healthy"),
        (Facts({"quarantined": 1}, 1, unread=[(URL, "quarantined: maintenance")]), "down"),
        (Facts({"skipped": 1}, 1, unread=[(URL, "skipped: robots.txt disallows it")]), "blocked"),
        (Facts({"blocked": 1}, 1, unread=[(URL, "blocked: blocked:parked")]), "identity_mismatch"),
        (
            Facts({"redirected": 1}, 1, unread=[(URL, "redirected: http://kaixin.example/ refused")]),
            "identity_mismatch",
        ),
        (Facts({"redirected": 1}, 1, unread=[(URL, "redirected: http://qingling.example/ refused")]), "layout_changed"),
        (Facts({"listed": 1, "unchanged": 99, "quarantined": 1}, 1), "quiet"),
        (Facts({"listed": 1, "unchanged": 1, "blocked": 3, "known": 900}, 1, read=1), "blocked"),
        (Facts({"listed": 1, "unchanged": 99, "gone": 1}, 1, departures=Departures(100, 1)), "healthy"),
        (Facts({"listed": 1, "unchanged": 50, "gone": 50}, 1, departures=Departures(100, 50)), "layout_changed"),
    ],
)
def test_what_happened_names_the_verdict(facts: Facts, name: str) -> None:
    found, evidence = verdict(facts)
    assert found == name
    assert evidence or name in WELL


@settings(deadline=None)  # a busy machine is no fault of the code
@given(
    st.dictionaries(
        st.sampled_from(["listed", "new", "failed", "blocked", "pending", "quarantined"]), st.integers(0, 9)
    )
)
def test_a_run_that_missed_a_url_is_never_well(counts: dict[str, int]) -> None:
    found, _ = verdict(Facts(counts, 1, read=counts.get("new", 0)))
    assert found not in WELL or not any(counts.get(state) for state in ("failed", "blocked", "pending"))


def test_the_worst_that_was_found_names_the_verdict_and_all_of_it_is_told() -> None:
    lists = [
        (URL, "failed: HTTP 503"),
        (f"{URL}2/", "blocked: blocked:captcha"),
        (f"{URL}3/", "quarantined: no entries"),
    ]
    name, evidence = verdict(Facts({"listed": 1, "failed": 1, "blocked": 1}, 4, unread=lists, shortfalls=["共9条"]))
    assert name == "blocked"
    assert "blocked:captcha" in evidence[0]
    assert all(any(word in one for one in evidence) for word in ("HTTP 503", "no entries", "共9条"))
