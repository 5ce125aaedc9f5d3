"""Putting a source down: its TOML with the evidence as comments, and the first fixture pairs. Overwrites nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from archive.display import cut
from crawler import fixtures
from crawler.discover.facts import Draft, Fact
from crawler.discover.sampling import Survey
from crawler.discover.scout import Seen
from crawler.loader import load_sound

_COMMENT = 110


class TakenError(Exception):
    """Something stands where this would be written: one line."""


def free(sources: Path, folder: Path, source: str) -> None:
    """Raise TakenError when the source or its fixtures exist already."""
    if (sources / f"{source}.toml").exists():
        raise TakenError(f"source {source} exists already in {sources / source}.toml; it is not overwritten: give --id")
    if (folder / source).exists():
        raise TakenError(
            f"fixtures of {source} exist already in {folder / source}; they are not overwritten: give --id"
        )


def write(sources: Path, folder: Path, out: Draft, found: Survey) -> list[Path]:
    """Write everything, the TOML last: while it is not there, the source is not. Returns the paths; raises OSError."""
    free(sources, folder, out.id)
    text = as_toml(out, found)
    _check(text, out.id)
    place = folder / out.id
    place.mkdir(parents=True)
    pages = [("list-1", found.lists[0].seen)]
    pages += [(f"notice-{n}", one.seen) for n, one in enumerate(found.samples[:3], 1)]
    paths = [path for name, seen in pages for path in _pair(place, name, seen)]
    sources.mkdir(parents=True, exist_ok=True)
    with (sources / f"{out.id}.toml").open("x", encoding="utf-8") as file:
        file.write(text)
    return [sources / f"{out.id}.toml", *paths]


def _check(text: str, source: str) -> None:
    """What is about to be written has to be a source that loads."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / f"{source}.toml").write_text(text, encoding="utf-8")
        load_sound(place, source)


def as_toml(out: Draft, found: Survey) -> str:
    """The source as TOML, each fact with its evidence behind it."""
    lines = [_remark(f"Written by `scrapy add` from {found.url}; behind each fact stands how it is known.")]
    lines += [_remark(f"Unsure: {line}") for line in out.unsure]
    lines.append(_line("name", out.name))
    for key, fact in (("division", out.division), ("site_id", out.site_id), ("family", out.family)):
        lines += [_line(key, fact)] if fact else []
    lines += [_remark(f"Left out: {line}") for line in out.absent]
    lines += [_line("every", out.every), _line("checked", out.checked), "lists = ["]
    lines += [f"    {fixtures.value(fact.value)},{_remark('  ' + fact.why, lead='  # ')}" for fact in out.lists]
    lines += ["]"]
    if out.extra:
        told = [f"    {fixtures.value(fact.value)},{_remark('  ' + fact.why, lead='  # ')}" for fact in out.extra]
        lines += ["extra = [", *told, "]"]
    lines += [_remark(f"Looked at and not taken: {url}: {why}") for url, why in found.passed[:40]]
    lines += ["", "[identity]"]
    lines += [_line("site_name", out.site_name)] if out.site_name else []
    lines += [_remark(f"{fact.value}: {fact.why}") for fact in out.hosts]
    lines.append(f"hosts = [{', '.join(fixtures.value(fact.value) for fact in out.hosts)}]")
    lines += ["", "[politeness]", _line("delay", out.delay), ""]
    if out.legacy_tls:
        lines += ["[transport]", *(_remark(f"{fact.value}: {fact.why}") for fact in out.legacy_tls)]
        lines += [f"legacy_tls = [{', '.join(fixtures.value(fact.value) for fact in out.legacy_tls)}]", ""]
    return "\n".join(lines)


def _line(key: str, fact: Fact) -> str:
    return f"{key} = {fixtures.value(fact.value)}{_remark(fact.why, lead='  # ')}"


def _remark(text: str, lead: str = "# ") -> str:
    """A comment in one line without control characters: some of its words come from the page."""
    return lead + cut(text.strip(), _COMMENT)


def _pair(place: Path, name: str, seen: Seen) -> Iterable[Path]:
    """NAME.html with the bytes of the page and NAME.md with what is read in them."""
    path, sample = place / f"{name}.md", seen.reading.kind == "list"
    return fixtures.write(path, seen.url, seen.capture.status, seen.headers, seen.body, seen.reading, sample=sample)
