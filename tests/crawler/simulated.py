"""A site that lives for a year in seconds: notices come, late ones too, are edited and removed, and its lists shift.

It stands in for the network and the reader only: what is asked for, when, and what becomes of it is decided by the
real run, its plan and the archive.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from archive import Archive, clock
from archive.model import Capture, Link, Record, Visit
from crawler.landing import Landing
from crawler.registry import Source
from crawler.run import Run

HOST = "http://sfj.qingling.example"
START = datetime(2026, 1, 1, 6, tzinfo=UTC)
ROWS = 20  # of a list page


@dataclass
class Notice:
    """One notice of the site; `text` counts its edits, `came` and `gone` are the days it came and was removed."""

    number: int
    day: str
    came: int = 0
    text: int = 0
    gone: int | None = None

    @property
    def url(self) -> str:
        return f"{HOST}/art/{self.number}.html"


@dataclass
class Event:
    """Something that happened on the site, the day it did, and the day an archive found it."""

    what: str  # "new", "late", "edit", "removal"
    day: int
    notice: Notice
    text: int = 0
    found: int | None = None


@dataclass
class World:
    """The site: two columns, of which only the first states its total."""

    size: int
    dice: random.Random
    day: int = 0
    down: bool = False
    columns: list[list[Notice]] = field(default_factory=lambda: [[], []])
    events: list[Event] = field(default_factory=list)
    notices: dict[str, Notice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in range(self.size):
            # Newest first; the site is ten years old.
            day = START - timedelta(days=10 + number * 3650 / self.size)
            self.columns[number % 2].append(self._made(day))

    def live(self) -> None:
        """One day goes by."""
        self.day += 1
        self.down = self.dice.random() < 0.03
        for column in self.columns:
            if self.dice.random() < 0.4:
                column.insert(0, self._made(self.now, "new"))
            if self.dice.random() < 0.05:
                place = self.dice.randrange(len(column))
                column.insert(place, self._made(self.now - timedelta(days=self.dice.randrange(5, 900)), "late"))
            if self.dice.random() < 0.15:
                notice = self.dice.choice(column)
                notice.text += 1
                self.events.append(Event("edit", self.day, notice, notice.text))
            if self.dice.random() < 0.06:
                notice = column.pop(self.dice.randrange(len(column)))
                notice.gone = self.day
                self.events.append(Event("removal", self.day, notice))

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    def answer(self, link: Link, archive: Archive) -> Landing:
        """What comes of asking for a URL; a notice we hold is answered by 304 where it is as it was."""
        if self.down:
            return Landing(Visit(link.url, link.role, "failed", reason="ConnectionRefusedError"))
        return self._list(link, archive) if link.role == "listing" else self._notice(link, archive)

    def lists(self) -> tuple[str, ...]:
        return tuple(f"{HOST}/{name}/" for name in ("tzgg", "gsgg"))

    def _list(self, link: Link, archive: Archive) -> Landing:
        name, _, rest = link.url.removeprefix(f"{HOST}/").partition("/")
        column = self.columns[("tzgg", "gsgg").index(name)]
        page = int(rest.removeprefix("index_").removesuffix(".html") or 0)
        rows = column[page * ROWS : (page + 1) * ROWS]
        stored = archive.keep(self._capture(link.url, f"{link.url} {self.day}"))
        if not rows:
            return Landing(Visit(link.url, "listing", "gone", stored, reason="HTTP 404"))
        links = tuple(Link(one.url, "notice", f"第{one.number}号公告", one.day) for one in rows)
        more = f"{HOST}/{name}/index_{page + 1}.html" if (page + 1) * ROWS < len(column) else None
        total = len(column) if name == "tzgg" else None
        return Landing(Visit(link.url, "listing", "listed", stored, links=links, record_count=total), more)

    def _notice(self, link: Link, archive: Archive) -> Landing:
        notice = self.notices[link.url]
        if notice.gone is not None:
            stored = archive.keep(self._capture(link.url, "", 404))
            return Landing(Visit(link.url, "notice", "gone", stored, reason="HTTP 404"))
        text = f"关于第{notice.number}号事项的公告，第{notice.text}稿，办理{notice.number * 7}件。"
        held = archive.history(link.url)
        stored = archive.keep(self._capture(link.url, text))
        if any(one.sha256 == stored.sha256 for one in held[-1:]):
            return Landing(Visit(link.url, "notice", "unchanged", stored, reason="HTTP 304"))
        record = Record(link.url, title=f"第{notice.number}号公告", text=text, published=notice.day)
        return Landing(Visit(link.url, "notice", stored=stored, record=record))

    def _capture(self, url: str, body: str, status: int = 200) -> Capture:
        return Capture(url, clock.now(), status, (), body.encode())

    def _made(self, day: datetime, what: str | None = None) -> Notice:
        notice = Notice(len(self.notices), day.strftime("%Y-%m-%d"), self.day)
        self.notices[notice.url] = notice
        if what:
            self.events.append(Event(what, self.day, notice))
        return notice


@dataclass
class Day:
    """What one run cost and found."""

    requests: int
    counts: Counter[str]
    verdict: str | None
    evidence: tuple[str, ...]
    held: int


def crawl(archive: Archive, source: Source, world: World) -> Day:
    """One scheduled run: the engine's part, one request after the other."""
    found: dict[str, str] = {}
    run = Run(archive, source, list_pages=2000, tell=lambda visit, outcome: found.update({visit.url: outcome.state}))
    held = archive.db.conn.execute("SELECT count(*) FROM page WHERE document IS NOT NULL").fetchone()[0]
    waiting = deque((link, run.sweep_of(link)) for link in run.begin())
    requests = 0
    while waiting:
        link, sweep = waiting.popleft()
        requests += 1
        more = run.save(world.answer(link, archive), sweep)
        # Lists first, as the spider asks.
        for one in more:
            (waiting.appendleft if one.role == "listing" else waiting.append)(
                (one, sweep if one.role == "listing" else None)
            )
        if not waiting:
            waiting.extend((one, None) for one in run.leftovers())
    told = run.finish(requests=requests)
    _note(world, found)
    return Day(requests, Counter(told.counts), told.verdict, told.evidence, held)


def _note(world: World, found: dict[str, str]) -> None:
    """Mark the events a run found; who finds a later edit of a page has found the earlier ones too, or missed them."""
    wanted = {"new": {"new"}, "late": {"new"}, "edit": {"changed", "new", "gone"}, "removal": {"gone"}}
    for event in world.events:
        if event.found is None and found.get(event.notice.url) in wanted[event.what]:
            event.found = world.day


@contextmanager
def calendar(world: World) -> Iterator[None]:
    """The archive's clock shows the world's day."""
    before = clock.present
    clock.present = lambda: world.now
    try:
        yield
    finally:
        clock.present = before
