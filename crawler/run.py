"""One run of one source: what goes to the archive, how far each list was read, and the verdict at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from archive import Archive, clock, revisits
from archive.answers import Outcome, RunSummary
from archive.history import Who
from archive.model import Link, Visit
from crawler import files
from crawler.landing import Landing
from crawler.planning import plan
from crawler.registry import Source, host_of
from crawler.sweep import Sweep
from crawler.terms import Shown
from crawler.verdict import Facts, verdict

_SILENT = ("failed", "blocked")  # ends of a list page that say nothing of the site's pages


class Run:
    """The only place of the crawl that talks to the archive. `tell` is called with every URL that ended."""

    def __init__(
        self,
        archive: Archive,
        source: Source,
        *,
        list_pages: int,
        whole: bool = False,
        with_files: bool = True,
        tell: Callable[[Visit, Outcome], None] | None = None,
    ) -> None:
        self.archive, self.source, self.tell, self.with_files = archive, source, tell, with_files
        archive.know_twins(source.hosts, source.twins)
        self.id = archive.start_run(source.id)
        self.plan = plan(archive, source, self.id, clock.now(), most=list_pages, whole=whole)
        self.sweeps = {source.spelled(url): Sweep(url, terms) for url, terms in self.plan.terms.items()}
        self._due = list(self.plan.due)
        self._wanted = frozenset(link.url for link in self._due)
        self._departures = self.plan.departures
        self.remarks: list[str] = []
        self.strangers: Counter[str] = Counter()
        self.signed: dict[str, tuple[Who, str | None]] = {}  # lists by who their page says it is, and what is odd
        self.read = 0
        self.unclean = 0
        self._left: list[Link] = []
        self._looked_at_files = False
        self._files_here: Counter[str] = Counter()  # files of the source's own hosts by how they ended
        self._told: set[str] = set()
        self.news: list[str] = []  # told with the verdict, whatever that is
        self.summary: RunSummary | None = None

    def begin(self) -> list[Link]:
        """The lists, and the notices an interrupted run left; its list pages wait: the lists lead to most of them."""
        left = self.archive.unfinished(self.id)
        self._left = [link for link in left if link.role == "listing"]
        lists = [Link(sweep.url, "listing") for sweep in self.sweeps.values()]
        return self.admit(self.archive.meet(self.id, [*lists, *(link for link in left if link.role != "listing")]))

    def sweep_of(self, link: Link) -> Sweep | None:
        """The sweep a list of the registry starts; None for anything else."""
        return self.sweeps.get(self.source.spelled(link.url)) if link.role == "listing" else None

    def leftovers(self) -> list[Link]:
        """What is asked for last: entries that left their list, and list pages only an interrupted run came by."""
        gone = [link for sweep in self.sweeps.values() for link in self._departed(sweep)]
        # A site that does not answer is not asked for what we hold.
        due = [] if all((sweep.ended or "").startswith(_SILENT) for sweep in self.sweeps.values()) else self._due
        last, self._left, self._due = [*self._left, *due], [], []
        links = self.admit(self.archive.meet(self.id, [*gone, *last])) if gone or last else []
        return links or self._files()

    def _files(self) -> list[Link]:
        """The files to ask for, when all pages are done: so that none keeps a page waiting."""
        if not self.with_files:
            return []
        # Once in a run those of long ago: each time the crawl is idle it would be the next few.
        before, self._looked_at_files = "" if self._looked_at_files else files.due_before(clock.now()), True
        return self.admit(self.archive.meet(self.id, self.archive.files_due(self.id, before)))

    def save(self, landing: Landing, sweep: Sweep | None) -> list[Link]:
        """Save what became of a URL; returns the links to fetch, those out of scope being ended here."""
        visit, following = landing.visit, None
        if visit.role == "listing":
            visit, following = self._follow(landing, sweep)
        outcome = self.archive.save(self.id, visit, sweep.told() if sweep else None)
        self._count(landing, outcome)
        if self.tell and not (visit.role == "listing" and visit.url in self._told):  # a list page may come twice
            self.tell(visit, outcome)
        self._told |= {visit.url} if visit.role == "listing" else set()
        links = self._unknown(outcome.links) if visit.role == "listing" else outcome.links
        if sweep is not None and visit.state == "listed" and self._due:
            links = [*links, *self.archive.meet(self.id, self._due)]
            self._due = []
        # A list page that was met before in this run is asked for again where its sweep says so.
        if following is not None and all(link.url != following for link in links):
            links = [*links, Link(following, "listing")]
        return self.admit(links)

    def admit(self, links: Iterable[Link]) -> list[Link]:
        """Those of `links` that are the source's to fetch; the others end as skipped, with the reason."""
        admitted = []
        for link in links:
            reason = files.refuses(self.source, link)
            if reason is None:
                admitted.append(link)
            else:
                self.save(Landing(Visit(link.url, link.role, "skipped", reason=reason)), None)
        return admitted

    def finish(self, *, requests: int, stopped: str | None = None) -> RunSummary:
        """Close the run with its verdict. `stopped` says why it ended before all was read, if it did."""
        for sweep in self.sweeps.values():
            self._departed(sweep)
            self.archive.swept(self.id, sweep.told(stopped=True))
        summary = self.archive.run(self.id)
        counts, (missed, noted) = summary.counts, files.told(summary.attachments, self._files_here)
        facts = Facts(
            counts=counts,
            unread=[(sweep.url, sweep.ended) for sweep in self.sweeps.values() if not sweep.pages],
            lists=len(self.sweeps),
            shortfalls=[short for sweep in self.sweeps.values() if sweep.pages and (short := sweep.shortfall())],
            read=self.read,
            unclean=self.unclean,
            strangers=self.strangers,
            remarks=[*(one for sweep in self.sweeps.values() for one in sweep.remarks), *self.remarks, *missed],
            stopped=stopped,
            past=self.archive.past(self.id),
            departures=self.archive.departures(self.id),
            sweeps=[sweep.told() for sweep in self.sweeps.values()],
            signed=self.signed,
            expect=self.source.expect,
        )
        name, evidence = verdict(facts)
        evidence += [*self.news, *noted]
        self.summary = self.archive.finish_run(self.id, requests=requests, verdict=name, evidence=evidence)
        return self.summary

    def _follow(self, landing: Landing, sweep: Sweep | None) -> tuple[Visit, str | None]:
        """What a list page comes to: the visit to save, and the next page of its list to ask for."""
        visit = landing.visit
        if landing.unusable:
            self.remarks.append(
                f"{visit.url}: {len(landing.unusable)} addresses on it are none: {landing.unusable[0]!r}"
            )
        if sweep is None:  # met by an interrupted run only; big lists go on by their own rounds
            return (_with_next(visit, landing.next) if self.plan.whole else visit), None
        if visit.state == "listed":
            shown = self._shown(visit, landing.next, sweep)
            if stray := sweep.strays(shown):
                sweep.stray(stray)
                return replace(visit, links=(), reason=stray), None
            following = sweep.listed(shown)
            if following and (refused := self.source.refuses(following)):
                sweep.broke(following, "skipped", refused)
            return _with_next(visit, following), following
        if visit.state == "redirected":
            target = next((link.url for link in visit.links), None)
            if target and not sweep.pages and (refused := self.source.refuses(target)):
                sweep.ended = f"redirected: {target} {refused}"  # the visit there ends as skipped
            return visit, sweep.redirected(target) if target else None
        sweep.broke(visit.url, visit.state or "failed", visit.reason)
        return visit, None

    def _shown(self, visit: Visit, following: str | None, sweep: Sweep) -> Shown:
        """A list page, with what the archive knows of its rows."""
        db, rows = self.archive.db.conn, visit.links
        knows = revisits.acquaintance(db, sweep.url, rows, sweep.terms.until)
        return Shown(visit.url, rows, following, visit.record_count, visit.page_count, knows, visit.reason)

    def _unknown(self, links: Sequence[Link]) -> Sequence[Link]:
        """The entries of a list page to ask for; of a big source those we hold end as known, unless they are due."""
        if self.plan.whole and self.plan.since is None:
            return links
        asked = (link for link in links if link.role == "notice" and link.url not in self._wanted)
        settled = revisits.settled(self.archive.db.conn, asked, self.plan.since or "")
        known = [link for link in links if link.url in settled]
        if known:
            self.archive.pass_over(self.id, known)
        return [link for link in links if link.url not in settled]

    def _departed(self, sweep: Sweep) -> list[Link]:
        """Close a list: what a complete round did not come by has left it, and what became of that is asked for."""
        if sweep.closed:
            return []
        sweep.close()
        gone = self.archive.swept(self.id, sweep.told())
        if gone:
            sweep.lost(len(gone))
            self.archive.swept(self.id, sweep.told())
            self.news.append(
                f"{len(gone)} entries left the list {sweep.url}, the first: {gone[0].title or gone[0].url}"
            )
        if self.plan.whole:
            return gone
        asked, self._departures = gone[: self._departures], max(0, self._departures - len(gone))
        return asked

    def _count(self, landing: Landing, outcome: Outcome) -> None:
        if landing.visit.role == "attachment" and host_of(landing.visit.url) in self.source.hosts:
            self._files_here[outcome.state] += 1
        record = landing.visit.record
        if record is not None:
            self.read += 1
            self.unclean += record.integrity != "clean"
        if landing.foreign:
            self.strangers[landing.foreign] += 1
        sweep = self.sweeps.get(self.source.spelled(landing.visit.url)) if landing.signature else None
        if sweep is not None and landing.signature is not None:
            self.signed[sweep.url] = (landing.signature.who, landing.signature.doubt)


def attachment(url: str) -> str | None:
    """Why a list entry is not fetched when it is a file rather than a page, else None."""
    path = url.partition("?")[0].partition("#")[0].lower()
    kind = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    return f"attachment: {kind} files are not fetched" if kind in FILES else None


DOCUMENTS = {"pdf", "doc", "docx", "wps", "et", "xls", "xlsx", "csv", "ofd", "ppt", "pptx", "dps", "ceb"}
FILES = DOCUMENTS | {"zip", "rar", "7z", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "avi", "wmv"}


def _with_next(visit: Visit, next_page: str | None) -> Visit:
    return replace(visit, links=(*visit.links, Link(next_page, "listing"))) if next_page else visit
