"""One run of one source: what goes to the archive, how far each list was read, and the verdict at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from archive import Archive
from archive.answers import Outcome, RunSummary
from archive.dedup import canonical_url
from archive.history import Who
from archive.model import Link, State, Visit
from archive.sweeps import ListSweep, StopReason
from crawler.cms.asking import asked
from crawler.landing import Landing
from crawler.registry import Source
from crawler.verdict import Facts, verdict


@dataclass(slots=True)
class Sweep:
    """How far one list of the source was read: pages and rows seen, what it states of itself, why it stopped."""

    url: str
    pages: int = 0
    rows: int = 0
    record_count: int | None = None
    page_count: int | None = None
    stop: str | None = None
    ended: str | None = None  # state of the first page, where that was not read
    reason: StopReason | None = None
    first_rows: int = 0
    fresh: int = 0
    seen: set[frozenset[str]] = field(default_factory=set)
    repeats: int = 0

    def progress(self) -> str:
        """How far it was read, in words: `1 of 15 pages`."""
        return f"{self.pages} of {self.page_count} pages" if self.page_count else f"{self.pages} pages"

    def told(self) -> ListSweep:
        """What the archive keeps of it."""
        return ListSweep(
            self.url,
            pages=self.pages,
            rows=self.rows,
            record_count=self.record_count,
            page_count=self.page_count,
            stop_reason=self.reason,
            fresh=self.fresh,
            first_rows=self.first_rows,
            note=self.stop or self.ended,
        )

    def shortfall(self) -> str | None:
        """What the list promised and did not show, as a sentence, or None."""
        if self.stop is not None:
            return None  # told already, with the place
        if self.record_count is not None and self.rows < self.record_count:
            return f"list {self.url} states 共{self.record_count}条, {self.rows} seen on {self.pages} pages"
        if self.page_count is not None and self.pages < self.page_count:
            return f"list {self.url} states 共{self.page_count}页, {self.pages} seen"
        return None


class Run:
    """The only place of the crawl that talks to the archive. `tell` is called with every URL that ended."""

    def __init__(
        self, archive: Archive, source: Source, *, list_pages: int, tell: Callable[[Visit, Outcome], None] | None = None
    ) -> None:
        self.archive, self.source, self.list_pages, self.tell = archive, source, list_pages, tell
        self.id = archive.start_run(source.id)
        self.sweeps = {canonical_url(url): Sweep(url) for url in source.lists}
        self.remarks: list[str] = []
        self.strangers: Counter[str] = Counter()
        self.signed: dict[str, tuple[Who, str | None]] = {}  # lists by who their page says it is, and what is odd
        self.read = 0
        self.unclean = 0
        self._left: list[Link] = []
        self.summary: RunSummary | None = None

    def begin(self) -> list[Link]:
        """The lists, and the notices an interrupted run left; its list pages wait: the lists lead to most of them."""
        left = self.archive.unfinished(self.id)
        self._left = [link for link in left if link.role == "listing"]
        lists = [Link(sweep.url, "listing") for sweep in self.sweeps.values()]
        return self.admit(self.archive.meet(self.id, [*lists, *(link for link in left if link.role == "notice")]))

    def sweep_of(self, link: Link) -> Sweep | None:
        """The sweep a list of the registry starts; None for anything else."""
        return self.sweeps.get(canonical_url(link.url)) if link.role == "listing" else None

    def leftovers(self) -> list[Link]:
        """List pages an interrupted run had met and this one has not come by."""
        left, self._left = self._left, []
        return self.admit(self.archive.meet(self.id, left)) if left else []

    def save(self, landing: Landing, sweep: Sweep | None) -> list[Link]:
        """Save what became of a URL; returns the links to fetch, those out of scope being ended here."""
        visit = self._sweep(landing, sweep) if landing.visit.role == "listing" else landing.visit
        outcome = self.archive.save(self.id, visit, sweep.told() if sweep else None)
        self._count(landing, outcome)
        if self.tell:
            self.tell(visit, outcome)
        return self.admit(outcome.links)

    def admit(self, links: Iterable[Link]) -> list[Link]:
        """Those of `links` that are the source's to fetch; the others end as skipped, with the reason."""
        admitted = []
        for link in links:
            reason = self.source.refuses(link.url) or attachment(link.url)
            if reason is None:
                admitted.append(link)
            else:
                self.save(Landing(Visit(link.url, link.role, "skipped", reason=reason)), None)
        return admitted

    def finish(self, *, requests: int, stopped: str | None = None) -> RunSummary:
        """Close the run with its verdict. `stopped` says why it ended before all was read, if it did."""
        counts = self.archive.run(self.id).counts
        facts = Facts(
            counts=counts,
            unread=[(sweep.url, sweep.ended) for sweep in self.sweeps.values() if not sweep.pages],
            lists=len(self.sweeps),
            shortfalls=[short for sweep in self.sweeps.values() if sweep.pages and (short := sweep.shortfall())],
            read=self.read,
            unclean=self.unclean,
            strangers=self.strangers,
            remarks=self.remarks,
            stopped=stopped,
            past=self.archive.past(self.id),
            departures=self.archive.departures(self.id),
            sweeps=[sweep.told() for sweep in self.sweeps.values()],
            signed=self.signed,
            expect=self.source.expect,
        )
        name, evidence = verdict(facts)
        self.summary = self.archive.finish_run(self.id, requests=requests, verdict=name, evidence=evidence)
        return self.summary

    def _sweep(self, landing: Landing, sweep: Sweep | None) -> Visit:
        """Book a list page under its list, and add its next page to the links unless the list goes in circles."""
        visit = landing.visit
        if landing.unusable:
            self.remarks.append(
                f"{visit.url}: {len(landing.unusable)} addresses on it are none: {landing.unusable[0]!r}"
            )
        if sweep is None:
            return _with_next(visit, landing.next)
        if visit.state == "listed":
            stop = self._turn(sweep, visit, landing.next)
            return visit if stop else _with_next(visit, landing.next)
        if visit.state != "redirected":
            self._break(sweep, visit)
        return visit

    def _turn(self, sweep: Sweep, visit: Visit, following: str | None) -> bool:
        """Book a page that was read; True when the list is not to be followed further."""
        rows = frozenset(canonical_url(link.url) for link in visit.links)
        repeated = rows in sweep.seen
        sweep.seen.add(rows)
        sweep.repeats += repeated
        # A column page without rows only leads to the list; when nothing comes of it, the list was not read.
        sweep.pages += bool(rows)
        sweep.ended = None if sweep.pages or following else f"listed, but without a row: {visit.reason}"
        sweep.rows += 0 if repeated else len(visit.links)
        sweep.record_count = visit.record_count if sweep.record_count is None else sweep.record_count
        sweep.page_count = visit.page_count if sweep.page_count is None else sweep.page_count
        if sweep.pages == 1:
            sweep.first_rows = len(visit.links)
        # What a pager by POST answers first may be what its column page shows already.
        circling = sweep.repeats > (asked(visit.url).method == "POST")
        if following and (circling or sweep.pages >= self.list_pages):
            sweep.reason = "repeated" if circling else "cap"
            sweep.stop = "it repeats an earlier page" if circling else f"LIST_PAGES={self.list_pages} reached"
            self.remarks.append(f"list {sweep.url} stops after {sweep.progress()}: {sweep.stop}")
        elif not following:
            sweep.reason = "end" if rows else "empty"
        return sweep.stop is not None

    def _break(self, sweep: Sweep, visit: Visit) -> None:
        """Book a page that could not be read: the end of its list, and a miss unless all it promised was seen."""
        sweep.reason = _BREAKS.get(visit.state, "failed") if visit.state else "failed"
        if not sweep.pages:
            sweep.ended = f"{visit.state}: {visit.reason}"
            return
        sweep.stop = f"at {visit.url}, which ended {visit.state}: {visit.reason}"
        if sweep.record_count is None or sweep.rows < sweep.record_count:
            self.remarks.append(f"list {sweep.url} breaks off after {sweep.progress()} {sweep.stop}")

    def _count(self, landing: Landing, outcome: Outcome) -> None:
        record = landing.visit.record
        if record is not None:
            self.read += 1
            self.unclean += record.integrity != "clean"
        if landing.foreign:
            self.strangers[landing.foreign] += 1
        sweep = self.sweeps.get(canonical_url(landing.visit.url)) if landing.signature else None
        if sweep is not None and landing.signature is not None:
            self.signed[sweep.url] = (landing.signature.who, landing.signature.doubt)


_BREAKS: dict[State, StopReason] = {
    "gone": "404",
    "quarantined": "unreadable",
    "blocked": "blocked",
    "skipped": "skipped",
}


def attachment(url: str) -> str | None:
    """Why a list entry is not fetched when it is a file rather than a page, else None."""
    path = url.partition("?")[0].partition("#")[0].lower()
    kind = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    return f"attachment: {kind} files are not fetched" if kind in FILES else None


DOCUMENTS = {"pdf", "doc", "docx", "wps", "et", "xls", "xlsx", "csv", "ofd", "ppt", "pptx", "dps", "ceb"}
FILES = DOCUMENTS | {"zip", "rar", "7z", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "avi", "wmv"}


def _with_next(visit: Visit, next_page: str | None) -> Visit:
    return replace(visit, links=(*visit.links, Link(next_page, "listing"))) if next_page else visit
