"""Every fixture pair, field by field. Adding a pair needs no test; a source that is crawled but has no pairs fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import fixtures, reading, registry

ROOT = Path(__file__).resolve().parent.parent
FIXTURES, SOURCES = ROOT / "fixtures", ROOT / "crawler" / "sources"
PAIRS = sorted(FIXTURES.glob("*/*.md"))
REGISTRY = [registry.load(SOURCES, source) for source in registry.ids(SOURCES)]
SAMPLES = [source.id for source in REGISTRY if source.sample]
# Of a site nobody has looked at there can be no page yet; the day it is checked, it needs one.
CRAWLED = [source.id for source in REGISTRY if source.sample or source.checked != "never"]


def read(fixture: fixtures.Fixture) -> reading.Reading:
    """As the crawl reads it: with the source's family, and nothing else told."""
    family = registry.load(SOURCES, fixture.source).family
    return reading.read(fixture.body, fixture.url, status=fixture.status, headers=fixture.headers, family=family)


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_reads_as_its_pair_says(path: Path) -> None:
    fixture = fixtures.parse(path)
    found = read(fixture)
    expect, text = fixtures.expectation(found)
    assert found.kind == fixture.kind, found.reason
    assert text.splitlines() == fixture.text.splitlines()
    assert expect == dict(fixture.expect)


def test_every_source_that_is_crawled_has_pairs_and_every_pair_a_source() -> None:
    assert SAMPLES
    for source in CRAWLED:
        assert fixtures.load(FIXTURES, source)
    assert {path.parent.name for path in PAIRS} <= set(registry.ids(SOURCES))


@pytest.mark.parametrize("source", SAMPLES)
def test_a_sample_source_has_its_lists_and_every_page_they_lead_to(source: str) -> None:
    pairs = {fixture.url: fixture for fixture in fixtures.load(FIXTURES, source)}
    lists = registry.load(SOURCES, source).lists
    assert set(lists) <= set(pairs)
    assert any(fixture.kind == "notice" for fixture in pairs.values())
    led_to = set(lists)
    for fixture in pairs.values():
        if fixture.kind == "list":
            led_to |= {line.split("\t")[2] for line in fixture.text.splitlines()}
            led_to |= {fixture.expect["next"]} if "next" in fixture.expect else set()
    assert led_to == set(pairs), "each entry of a list is a page here, and each page is led to"


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_pair_is_whole_and_states_fields_that_exist(path: Path) -> None:
    fixture = fixtures.parse(path)
    assert fixture.body
    known = fixtures.FIELDS if fixture.kind == "notice" else ("next", "page_count", "record_count", "reason")
    assert set(fixture.expect) <= set(known)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("url = 1", "expected front matter"),
        ("+++\nurl = \n+++\n", "not valid TOML"),
        ('+++\nkind = "notice"\n+++\n', "expected url and kind"),
        ('+++\nurl = "http://a.example/"\nkind = "page"\n+++\n', "expected url and kind"),
    ],
)
def test_a_broken_pair_is_told_in_one_line_with_its_file(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "notice.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(fixtures.FixtureError, match=says) as error:
        fixtures.parse(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_a_pair_without_its_page_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notice.md"
    path.write_text('+++\nurl = "http://a.example/"\nkind = "notice"\n+++\n正文\n', encoding="utf-8")
    with pytest.raises(fixtures.FixtureError, match=r"notice\.html"):
        _ = fixtures.parse(path).body
