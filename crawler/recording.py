"""Recording a source's fixtures: its lists, a further page, and a few notices as unlike each other as can be had.

The pages are judged by the crawl's own `land`, and every answer on the way to them (a redirect, a shell page, the parts
of a document) is kept, so that a replay of the source finds what a crawl would ask for. Politely, like every crawl.
Longer than usual: looking, choosing and doubting are short steps of one errand.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from archive.dedup import canonical_url
from archive.display import safe
from archive.model import Capture, Link, Stored
from crawler import files, fixtures
from crawler.cms.asking import asked
from crawler.discover.scout import Scout, ScoutError
from crawler.landing import Landing, land, turns
from crawler.lost import why_lost
from crawler.reading import Reading
from crawler.registry import Source

HOPS = 5  # redirects followed for one page, as many as the crawl takes
SHELLS = 2  # column pages without rows on the way to a list
PARTS = 20  # of one document
MORE = 5  # notices looked at beyond those wanted, to find unlike ones


@dataclass(frozen=True, slots=True)
class Answer:
    """One stored answer and the URL it answers, as a crawl writes it (a request by POST included)."""

    url: str
    capture: Capture


@dataclass(frozen=True, slots=True)
class Recorded:
    """A page with the answers that lead to it, last its own, and what the crawl would make of it."""

    answers: tuple[Answer, ...]
    landing: Landing


@dataclass(slots=True)
class Recording:
    """What was found, by the name of the pair it becomes, and what is to be known of it, as sentences."""

    pages: dict[str, Recorded] = field(default_factory=dict)
    pairs: dict[str, tuple[Answer, Reading]] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)


async def record(scout: Scout, source: Source, notices: int) -> Recording:
    """Look at a source and choose what to keep; a list that cannot be read is told, without any it is an error."""
    found = Recording()
    links: dict[str, Link] = {}
    for number, url in enumerate(source.lists, 1):
        rows = await _list(scout, source, url, f"list-{number}", found, deeper=not any("-2" in n for n in found.pages))
        links |= {canonical_url(link.url): link for link in rows}
    if not links:
        raise ScoutError(f"no list of {source.id} leads to a notice: {'; '.join(found.unsure) or 'all are empty'}")
    usable = [one for one in links.values() if files.refuses(source, one) is None]
    looked = await _notices(scout, source, across(usable, notices + MORE), found)
    for number, one in enumerate(unlike(looked, notices), 1):
        found.pages[f"notice-{number}"] = one
    found.unsure += _doubts(found, notices)
    await _pairs(scout, source, found)
    return found


def across(links: list[Link], wanted: int) -> list[Link]:
    """`wanted` links from first to last: an old notice may have another layout than a new one."""
    steps = max(wanted - 1, 1)
    places = dict.fromkeys(round(n * (len(links) - 1) / steps) for n in range(min(wanted, len(links))))
    return [links[n] for n in places]


def unlike(looked: list[Recorded], wanted: int) -> list[Recorded]:
    """The first and last (newest and oldest), one with attachments, one in parts, the longest, then any."""

    def record(one: Recorded) -> tuple[bool, int]:
        read = one.landing.visit.record
        return bool(read and read.attachments), len((read and read.text) or "")

    chosen = [*looked[:1], *looked[-1:]]
    chosen += [one for one in looked if record(one)[0]][:1]
    chosen += [one for one in looked if one.landing.part is not None][:1]
    chosen += sorted(looked, key=lambda one: -record(one)[1])[:1]
    distinct = {id(one): one for one in [*chosen, *looked]}
    return list(distinct.values())[:wanted]


def write(folder: Path, source: Source, found: Recording, *, force: bool) -> list[Path]:
    """Put the pairs down, with what is read in them today; raises FixtureError where there are some, and OSError."""
    free(folder, source, force=force)
    place = folder / source.id
    place.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, (answer, reading) in found.pairs.items():
        capture = answer.capture
        sample = name.startswith("list-") and 200 <= capture.status < 300
        told = (capture.status, dict(reversed(capture.headers)), capture.content(), reading)
        written += fixtures.write(place / f"{name}.md", answer.url, *told, sample=sample)
    return written


def free(folder: Path, source: Source, *, force: bool) -> None:
    """Raise FixtureError where a source has fixtures already."""
    place = folder / source.id
    if not force and next(place.glob("*.md"), None) is not None:
        raise fixtures.FixtureError(
            f"{place}: expected no fixtures yet, found some; --force writes over those it names"
        )


async def _pairs(scout: Scout, source: Source, found: Recording) -> None:
    """Read every answer as a fixture is read; of two answers of one URL (a cookie was set) the last is kept."""
    answers: dict[str, tuple[str, Answer]] = {}
    for name, page in found.pages.items():
        for number, answer in enumerate(page.answers):
            own = number == len(page.answers) - 1
            answers[answer.url] = (name if own else f"{name}-way-{number + 1}", answer)
    for url, (name, answer) in answers.items():
        capture, reading = answer.capture, Reading("empty", url)
        if 200 <= capture.status < 300:
            more = {"status": capture.status, "headers": dict(reversed(capture.headers)), "family": source.family}
            reading = await asyncio.to_thread(scout.read, capture.content(), url, **more)
        found.pairs[name] = (answer, reading)


async def _list(
    scout: Scout, source: Source, url: str, name: str, found: Recording, *, deeper: bool
) -> tuple[Link, ...]:
    """The rows of a list, its shell pages and, if `deeper`, its second page with it."""
    rows: list[Link] = []
    pages = 0
    link: Link | None = Link(url, "listing")
    for step in range(1 + SHELLS + deeper):
        if link is None or pages == 1 + deeper:
            break
        page = await _look(scout, source, link)
        if isinstance(page, str) or page.landing.visit.state != "listed":
            why = page if isinstance(page, str) else f"{page.landing.visit.state}: {page.landing.visit.reason}"
            found.unsure.append(f"{link.url}: {why}")
            break
        found.pages[name if step == 0 else f"{name}-{step + 1}"] = page
        rows += page.landing.visit.links
        pages += bool(page.landing.visit.links)
        link = None if page.landing.next is None else Link(page.landing.next, "listing")
    return tuple(rows)


async def _notices(scout: Scout, source: Source, links: list[Link], found: Recording) -> list[Recorded]:
    looked = []
    for link in links:
        page = await _look(scout, source, link)
        if isinstance(page, str):
            found.unsure.append(f"{link.url}: {page}")
        elif page.landing.visit.extract is not None:
            found.unsure.append(f"{link.url} is a file; fixtures are of pages")
        elif page.landing.visit.record is None:
            found.unsure.append(f"{link.url} would end {page.landing.visit.state}: {page.landing.visit.reason}")
        else:
            looked.append(await _parts(scout, source, page, found))
    return looked


async def _parts(scout: Scout, source: Source, page: Recorded, found: Recording) -> Recorded:
    """A document with the answers of its further parts; the answer of its first page stays the last."""
    parts: list[Answer] = []
    following = page.landing.part
    while following is not None and source.refuses(following) is None and len(parts) < PARTS:
        if following in {one.url for one in (*page.answers, *parts)}:
            break
        part = await _look(scout, source, Link(following, "notice"))
        if isinstance(part, str):
            found.unsure.append(f"{following}, a part of {page.answers[-1].url}: {part}")
            break
        parts += part.answers
        following = part.landing.part
    return Recorded((*parts, *page.answers), page.landing)


async def _look(scout: Scout, source: Source, link: Link) -> Recorded | str:
    """A page as the crawl would meet it, through redirects and meta refreshes; or why it cannot be looked at."""
    answers: list[Answer] = []
    at = link
    for _ in range(HOPS):
        try:
            capture = await _ask(scout, at)
        except Exception as error:  # noqa: BLE001  # whatever kept the answer away is told in words
            return why_lost(error)[1]
        answers.append(Answer(at.url, capture))
        target = turns(capture, at, source)
        if target is None:
            landing = await asyncio.to_thread(land, Stored(capture, "", 0, 0, ""), at, source, scout.read)
            if landing.visit.state != "redirected" or not landing.visit.links:
                return Recorded(tuple(answers), landing)
            target = landing.visit.links[0].url
        if (refused := source.refuses(target)) is not None:
            return f"leads to {target}: {refused}"
        at = Link(target, link.role, link.title, link.date)
    return f"redirected more than {HOPS} times, last to {at.url}"


async def _ask(scout: Scout, link: Link) -> Capture:
    how = asked(link.url)
    request = Request(link.url, method=how.method, body=how.body, headers=dict(how.headers), callback=NO_CALLBACK)
    engine: Any = scout.crawler.engine
    response = await engine.download_async(request)
    if scout.settings.getbool("PROGRESS"):
        print(safe(f"looking  {response.status} {link.url}"), file=sys.stderr, flush=True)
    capture: Capture = request.meta.get("capture") or response.meta["capture"]
    return capture


def _doubts(found: Recording, notices: int) -> Iterator[str]:
    """What a person should look at before the pairs are called right."""
    read = {name: page.landing.visit.record for name, page in found.pages.items() if name.startswith("notice-")}
    if len(read) < notices:
        yield f"{len(read)} notices instead of {notices}: the lists lead to no more that can be read"
    if not any("-2" in name for name in found.pages if name.startswith("list-")):
        yield "no list led to a second page: the pager is not covered"
    if not any(record and record.attachments for record in read.values()):
        yield "no notice with attachments among those looked at"
    for name, record in read.items():
        missing = [what for what in ("title", "published", "text") if record and getattr(record, what) is None]
        if missing:
            yield f"{name} was read without {', '.join(missing)}"
        if record and record.integrity != "clean":
            yield f"{name} is {record.integrity}: {'; '.join(record.integrity_reasons[:2])}"
