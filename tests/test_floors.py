"""The reader does not get worse: floors on the fixture pages, and no floor lowered without a word in the changelog."""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from crawler import fixtures, reading

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "fixtures" / "floors.toml"
FIELDS = ("title", "published", "origin", "issuer", "index_number", "document_number", "attachments")


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    """Shares of right readings by column; `made_up` is the share of absent fields that got a value."""
    right: dict[str, list[bool]] = defaultdict(list)
    for path in sorted(ROOT.glob("fixtures/*/*.md")):
        fixture = fixtures.parse(path)
        found = reading.read(fixture.body, fixture.url, status=fixture.status, headers=fixture.headers)
        got, text = fixtures.expectation(found)
        right["kind"].append(found.kind == fixture.kind)
        same = text.splitlines() == fixture.text.splitlines()
        if fixture.kind == "list":
            right["entries"].append(same)
            right["next"].append(got.get("next") == fixture.expect.get("next"))
            continue
        right["text"].append(same)
        right["integrity"].append(got.get("integrity") == fixture.expect.get("integrity"))
        for field in FIELDS:
            if field in fixture.expect:
                right[field].append(got.get(field) == fixture.expect[field])
            else:
                right["made_up"].append(field in got)
    return {column: sum(marks) / len(marks) for column, marks in right.items()}


@pytest.mark.parametrize("column", [name for name in tomllib.loads(FLOORS.read_text("utf-8")) if name != "made_up"])
def test_a_column_reaches_its_floor(measured: dict[str, float], column: str) -> None:
    assert measured[column] >= tomllib.loads(FLOORS.read_text("utf-8"))[column]


def test_no_more_is_made_up_than_allowed(measured: dict[str, float]) -> None:
    assert measured["made_up"] <= tomllib.loads(FLOORS.read_text("utf-8"))["made_up"]


def test_every_column_measured_has_a_floor(measured: dict[str, float]) -> None:
    assert set(measured) == set(tomllib.loads(FLOORS.read_text("utf-8")))


def test_the_changelog_names_the_floors_as_they_are() -> None:
    digest = hashlib.sha256(FLOORS.read_bytes()).hexdigest()[:12]
    assert f"floors {digest}" in (ROOT / "CHANGELOG.md").read_text("utf-8"), "say in CHANGELOG.md why the floors moved"
