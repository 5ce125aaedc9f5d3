"""Whether a source still is what its file says: its lists, identity, family, pager and notices, looked at live."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.cms import family_named, recognise
from crawler.cms.asking import plain
from crawler.discover.sampling import following, no_notice, pager, spread, through, usable
from crawler.discover.scout import Scout, Seen, UnseenError
from crawler.landing import stranger
from crawler.loader import load_sound
from crawler.reading import Reading
from crawler.registry import Source, host_of

TRIES = 4  # entries of a list looked at until one reads as a notice
_CHECKED = re.compile(r"^checked\s*=.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was expected, what was found, and whether that is well."""

    what: str
    expected: str
    found: str
    well: bool


async def examine(scout: Scout, source: Source) -> list[Finding]:
    """All findings on a source; a site that does not answer is a finding too."""
    findings = [_pace(source, await scout.crawl_delay(source.lists[0]))]
    lists: list[tuple[Seen, Reading]] = []
    for url in source.lists:
        finding, listing = await _list(scout, source, url)
        findings.append(finding)
        lists += [listing] if listing else []
    if not lists:
        return findings
    notice, sample = await _notice(scout, source, lists)
    pages = [seen for seen, _ in lists] + ([sample] if sample else [])
    findings += [await _pager(scout, lists), notice, *_identity(scout, source, pages)]
    if source.family is not None:
        findings.append(_family(source.family, pages))
    return findings


def _pace(source: Source, asked: float | None) -> Finding:
    own = source.delay
    found = "no Crawl-delay" if asked is None else f"Crawl-delay {asked:g}"
    return Finding(
        "robots.txt", f"delay {own:g}" if own is not None else "any", found, asked is None or (own or 2.0) >= asked
    )


async def _list(scout: Scout, source: Source, url: str) -> tuple[Finding, tuple[Seen, Reading] | None]:
    """Whether a list answers, on a host of the source, with entries that lead to it."""
    try:
        seen = await scout.see(url)
        reading = seen.reading
        # As the crawl reads it: a list of the registry is asked a second time, as a list.
        if reading.kind != "list" or source.family:
            reading = scout.again(seen, as_kind="list", family=source.family)
        reading = await through(scout, seen, reading)
    except UnseenError as error:
        return Finding("list", url, str(error).removeprefix(f"{url}: "), well=False), None
    refused = source.refuses(seen.url)
    if refused is not None:
        return Finding("list", url, f"leads to {seen.url}: {refused}", well=False), None
    own = sum(source.refuses(entry.url) is None for entry in reading.entries)
    found = f"{own} of {len(reading.entries)} entries of this source" if own else "no entry that leads to this source"
    return Finding("list", url, found, well=own > 0), ((seen, reading) if own else None)


async def _pager(scout: Scout, lists: Sequence[tuple[Seen, Reading]]) -> Finding:
    """Whether the first list that has a second page leads to it."""
    seen, reading = next((one for one in lists if following(one[1])), lists[0])
    troubles = await pager(scout, reading)
    if troubles:
        return Finding("pager", f"page 2 of {seen.url}", troubles[0], well=False)
    later = following(reading)
    found = f"{plain(later)}: further entries" if later else reading.reason or "one page"
    return Finding("pager", f"page 2 of {seen.url}" if later else "one page", found, well=True)


async def _notice(scout: Scout, source: Source, lists: Sequence[tuple[Seen, Reading]]) -> tuple[Finding, Seen | None]:
    """Whether an entry reads as a notice: the first that does, from any list; otherwise why the last did not."""
    trouble = "none of the entries is a page of this source"
    for seen, reading in lists:
        for entry in spread(usable(reading.entries, seen.url), 1)[:TRIES]:
            if source.refuses(entry.url) is not None:
                continue
            try:
                notice = await scout.see(entry.url)
                read = scout.again(notice, family=source.family)
            except UnseenError as error:
                trouble = str(error)
                continue
            why = no_notice(read)
            if why is None and read.record is not None:
                record = read.record
                told = f"{record.title}; {record.published or 'no date'}; {len(record.text or '')} characters"
                return Finding("notice", "title and text", told, well=True), notice
            trouble = f"{entry.url}: {why}"
    return Finding("notice", "title and text", trouble, well=False), None


def _identity(scout: Scout, source: Source, pages: Sequence[Seen]) -> list[Finding]:
    """Who the pages say they are, against who the source is; and whether they look like a copy."""
    expected = source.site_id or source.site_name or "nothing stated"
    findings = []
    for seen in pages:
        record = scout.again(seen, as_kind="notice").record
        if record is None:
            continue
        foreign = stranger(source, record.site_id, record.site_name)
        if foreign is not None:
            findings.append(Finding("identity", expected, f"{seen.url}: {foreign}", well=False))
        if seen.reading.kind == "notice" and record.integrity != "clean":
            reasons = "; ".join(record.integrity_reasons[:2])
            findings.append(Finding("integrity", "clean", f"{seen.url}: {record.integrity}: {reasons}", well=False))
    hosts = ", ".join(sorted({host_of(seen.url) or "" for seen in pages}))
    return findings or [Finding("identity", expected, f"nobody else on {len(pages)} pages of {hosts}", well=True)]


def _family(name: str, pages: Sequence[Seen]) -> Finding:
    marks = (family_named(name).fingerprint(seen.page) for seen in pages)
    mark = next((mark for mark in marks if mark is not None), None)
    others = sorted({recognise(seen.page).name for seen in pages})
    return Finding("family", name, mark or f"no mark of it; marks of {', '.join(others)}", well=mark is not None)


def stamp(path: Path, day: str) -> None:
    """Record in the source's file that it was found well on `day`; everything else stays as it is."""
    text = path.read_text(encoding="utf-8")
    line = f'checked = "{day}"  # scrapy check --stamp'
    if _CHECKED.search(text):
        text = _CHECKED.sub(line, text, count=1)
    else:
        lines = text.splitlines(keepends=True)
        at = next((n for n, one in enumerate(lines) if one.strip() and not one.startswith("#")), len(lines))
        text = "".join([*lines[:at], line + "\n", *lines[at:]])
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".stamp-") as place:
        new = Path(place) / path.name
        new.write_text(text, encoding="utf-8")
        load_sound(place, path.stem)
        new.replace(path)
