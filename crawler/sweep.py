"""How one list is read in one run: told of every page that came, it says which to ask for next. Pure.

Three passes, one page after the other. The head: from the first page on, to the end where the list is read whole, else
until a page names only entries we know and the list's own totals agree. The round: further pages of a rolling sweep,
which goes on where the run before stopped and overlaps by one page, so that neither additions nor removals hide an
entry. Last the first page again, where several were read and something was new: what came meanwhile is met, and a list
that lost entries meanwhile (what follows moved up, onto pages already read) is read a second time.

Longer than most modules: the passes are one machine, and what breaks one of them off touches the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from archive.model import State
from archive.sweeps import ListSweep, Round, StopReason, stored
from crawler.cms.asking import asked
from crawler.terms import ALIKE, BREAKS, CONCLUSIVE, WAITS, Shown, Terms, homes


@dataclass(slots=True)
class Sweep:
    """One list in one run. `listed`, `redirected` and `broke` tell what came and give the URL to ask for next."""

    url: str
    terms: Terms = field(default_factory=Terms)
    phase: Literal["head", "deep", "again", "done"] = "head"
    pages: int = 0
    rows: int = 0
    first_rows: int = 0
    fresh: int = 0
    record_count: int | None = None
    page_count: int | None = None
    reason: StopReason | None = None  # of the head
    ended: str | None = None  # what became of the first page, where that was not read
    remarks: list[str] = field(default_factory=list)  # what was missed
    notes: list[str] = field(default_factory=list)  # what is worth knowing
    round: Round | None = None
    began: str | None = None
    upto: str | None = None
    held: int | None = None
    closed: bool = False
    quiet: bool = False  # the break was no miss: all the list states was seen
    _heads: int = 0  # pages of the head
    _deep: int = 0
    _extra: int = 0
    _named: int = 0
    _again: bool = False  # this is the second reading
    _repeats: int = 0
    _asked: set[str] = field(default_factory=set)
    _seen: set[frozenset[str]] = field(default_factory=set)
    _all: set[str] = field(default_factory=set)
    _top: tuple[str, ...] = ()
    _top_count: int | None = None
    _column: str | None = None  # the folder of its first page
    _homes: set[str] = field(default_factory=set)  # the folders of its rows
    _last: frozenset[str] = frozenset()

    def listed(self, page: Shown) -> str | None:
        """A page that was read as a list."""
        self._asked.add(stored(page.url))
        if self._column is None and page.rows:
            self._column = urlsplit(page.url).path.rpartition("/")[0] + "/"
        self._homes |= homes(page.rows)
        self._named += page.knows.unnamed
        self.fresh += page.knows.fresh
        following = {"head": self._head, "deep": self._round, "again": self._first}[self.phase](page)
        self._all.update(stored(link.url) for link in page.rows)
        return self._ask(following)

    def redirected(self, target: str) -> str | None:
        """The page is elsewhere; a target that was read already ends the pass."""
        if stored(target) not in self._asked:
            return self._ask(target)
        if self.phase == "head":
            self._conclude("redirected", f"{target} was read before")
        elif self.phase == "deep":
            self._cut(f"sent back to {target}")
        return None

    def broke(self, url: str, state: State, why: str | None) -> None:
        """A page that could not be read: the end of the pass, and a miss unless all the list promised was seen."""
        reason = BREAKS.get(state, "failed")
        if reason == "unreadable" and (why or "").startswith("a list without entries"):
            reason = "empty"
        told = f"at {url}, which ended {state}: {why}"
        if self.phase == "head":
            self._break_head(reason, told, f"{state}: {why}")
        elif self.phase == "deep":
            self._break_round(url, reason, told)
        self.phase = "done"

    def strays(self, page: Shown) -> str | None:
        """Why a page is none of this list's, else None: it and its rows stand elsewhere, and it states other totals."""
        parts = urlsplit(page.url)
        if self._column is None or parts.path.startswith(self._column):
            return None
        if self.phase == "again" or not page.rows or parts.query or asked(page.url).method == "POST":
            return None
        same = {page.record_count, page.page_count} & {self.record_count, self.page_count} - {None}
        if same or homes(page.rows) & self._homes:
            return None
        return f"{page.url} is another column: it stands outside {self._column}, and so do its rows"

    def stray(self, why: str) -> None:
        """The next page led out of the column."""
        self.notes.append(why)
        if self.phase == "head":
            self._conclude("off-column")
        else:
            self._cut(why)
        self.phase = "done"

    def told(self, *, stopped: bool = False) -> ListSweep:
        """What the archive keeps of it; `stopped`: the run is over."""
        reason = self.reason or ("interrupted" if stopped else None)
        keeps = self.round is None and self.terms.resume is not None  # an open round that was not gone on with
        return ListSweep(
            self.url,
            pages=self.pages,
            rows=self.rows,
            record_count=self.record_count,
            page_count=self.page_count,
            stop_reason=reason,
            fresh=self.fresh,
            first_rows=self.first_rows,
            note="; ".join(note for note in (self.ended, *self.notes) if note) or None,
            held=self.held,
            round="open" if keeps else self.round,
            began=self.terms.began if keeps else self.began,
            upto=self.terms.resume if keeps else self.upto,
        )

    def progress(self) -> str:
        """How far it was read, in words: `1 of 15 pages`."""
        return f"{self.pages} of {self.page_count} pages" if self.page_count else f"{self.pages} pages"

    def shortfall(self) -> str | None:
        """What the list promised and did not show, as a sentence, or None."""
        if self.remarks or self.quiet:
            return None
        if self.reason == "known":  # all of it was read where an interrupted run was continued to the end
            continued = self.round == "complete" and self.terms.deep == self.terms.most
            if not continued or self._gap() <= 0:
                return None
            return f"list {self.url} states 共{self.record_count}条, {self.terms.entries + self._named} seen"
        if self.record_count is not None and self.rows < self.record_count:
            return f"list {self.url} states 共{self.record_count}条, {self.rows} seen on {self.pages} pages"
        if self.page_count is not None and self.pages < self.page_count:
            return f"list {self.url} states 共{self.page_count}页, {self.pages} seen"
        return None

    # The head.

    def _head(self, page: Shown) -> str | None:
        rows = frozenset(stored(link.url) for link in page.rows)
        # Not always to the letter: a server that gives the first page for any number may have a new entry meanwhile.
        alike = any(len(rows & one) > ALIKE * len(rows) for one in (frozenset(self._top), self._last))
        repeated = rows in self._seen or alike
        self._seen.add(rows)
        self._last = rows
        self._repeats += repeated
        # A column page without rows only leads to the list; when nothing comes of it, the list was not read.
        self.pages += bool(rows)
        following = page.following
        if self.terms.whole:  # should the run die, the next one goes on here
            self.round, self.began, self.upto = "open", self.terms.now, page.url
        self.ended = None if self.pages or following else f"listed, but without a row: {page.note}"
        self.rows += 0 if repeated else len(page.rows)
        self.record_count = page.record_count if self.record_count is None else self.record_count
        self.page_count = page.page_count if self.page_count is None else self.page_count
        if self.pages == 1 and rows and not self._top:
            self.first_rows = len(page.rows)
            self._top, self._top_count = tuple(stored(link.url) for link in page.rows), page.record_count
        # What a pager by POST answers first may be what its column page shows already.
        circling = self._repeats > (asked(page.url).method == "POST")
        if following and (circling or self.pages >= self.terms.most):
            why = "it repeats an earlier page" if circling else f"LIST_PAGES={self.terms.most} reached"
            self.remarks.append(f"list {self.url} stops after {self.progress()}: {why}")
            return self._conclude("repeated" if circling else "cap", why)
        if following is None:
            return self._conclude("end")
        if stored(following) in self._asked:
            return self._conclude("repeated", f"the next page would be {following} again")
        if not self.terms.whole and self._may_stop(page):
            return self._conclude("known", following=following)
        return following

    def _may_stop(self, page: Shown) -> bool:
        """Whether a big source's list need not be read further: all known, totals agree, lookback covered."""
        if page.knows.unknown or not page.rows:
            return False
        if self._gap() > self.terms.gap:
            more = f"it states 共{self.record_count}条, {self._gap() - self.terms.gap} more than we know of: read on"
            self.notes += [more] if more not in self.notes else []
            return False
        days = [link.date for link in page.rows if link.date]
        if self.terms.since and days and min(days) >= self.terms.since and self._extra < self.terms.extra:
            self._extra += 1
            return False
        return True

    def _gap(self) -> int:
        return 0 if self.record_count is None else self.record_count - self.terms.entries - self._named

    def _conclude(self, reason: StopReason, note: str | None = None, *, following: str | None = None) -> str | None:
        """The head is over; give the page the run goes on with."""
        self.reason, self._heads = reason, self.pages
        self.notes += [note] if note else []
        if reason != "known":
            # Led back to its beginning is at its end too, if that is all it promised.
            whole = reason in {"end", "repeated"} and self.shortfall() is None and not self.remarks
            self.round, self.began, self.upto = ("complete" if whole else "cut"), self.terms.now, None
            return self._look_again()
        self.phase = "deep"
        resume = self.terms.resume
        if self.terms.deep and resume is not None:
            self.round, self.began, self.upto = "open", self.terms.began, resume
            if stored(resume) in self._asked:  # the head came by it already
                return following
            self._deep = -1  # read a second time: the overlap
            return resume
        if self.terms.deep:
            self.round, self.began, self.upto = "open", self.terms.now, following
            return following
        return self._look_again()

    def _break_head(self, reason: StopReason, told: str, ended: str) -> None:
        self.reason = reason
        if not self.pages:
            self.ended = ended
            return
        self.notes.append(told)
        self.quiet = self.record_count is not None and self.rows >= self.record_count
        if not self.quiet:
            self.remarks.append(f"list {self.url} breaks off after {self.progress()} {told}")
        if self.quiet or reason in CONCLUSIVE:
            self.round, self.began, self.upto = ("complete" if self.quiet else "cut"), self.terms.now, None
        elif self.terms.whole:  # no answer: the next run reads it from the first page
            self.round = self.began = self.upto = None

    # The round.

    def _round(self, page: Shown) -> str | None:
        self.pages += 1
        self.rows += len(page.rows)
        self._deep += 1
        following = page.following
        if following is None:
            self.round, self.upto = "complete", None
        elif stored(following) in self._asked:
            self._cut(f"the next page after {page.url} would be {following} again")
        else:
            self.upto = page.url
            if self._deep < self.terms.deep:
                return following
        return self._look_again()

    def _cut(self, why: str) -> None:
        self.round, self.upto = "cut", None
        self.notes.append(f"the round stops: {why}")

    def _break_round(self, url: str, reason: StopReason, told: str) -> None:
        """A page without an answer is asked for once more in the next run; one that is not there ends the round."""
        if reason in {"failed", "blocked"} and not (url == self.terms.resume and self.terms.waited):
            self.notes.append(f"{WAITS} {told}")
            return
        self.remarks.append(f"list {self.url} breaks off {told}")
        self._cut(told)

    # The first page again.

    def _look_again(self) -> str | None:
        """Ask for the first page once more, where something can have moved while others were read."""
        worth = self._heads > 1 and (self.terms.whole or self.fresh > 0) and self.phase != "again"
        self.phase = "again" if worth else "done"
        if worth:
            self._asked = set()
        return self.url if worth else None

    def _first(self, page: Shown) -> str | None:
        rows = tuple(stored(link.url) for link in page.rows)
        self.phase = "done"
        if not rows or not self._top:  # a column page that only leads to the list
            return None
        moved = sum(row in self._all and row not in self._top for row in rows)
        fewer = 0 if page.record_count is None else (self._top_count or 0) - page.record_count
        if moved or fewer > 0:
            return self._moved(page, max(moved, fewer))
        if page.following and not self._all.intersection(rows):  # a whole page of new entries
            self.phase = "again"
            return page.following
        return None

    def _moved(self, page: Shown, lost: int) -> str | None:
        """The list lost entries while it was read: read it again, once."""
        if self._again:
            self.remarks.append(f"list {self.url} lost {lost} entries while it was read, twice: some may be missed")
            return None
        self._again, self.phase = True, "head"
        self.notes.append(f"{lost} entries vanished while it was read: read again")
        self.pages = self.rows = self._repeats = 0
        self._top, self._last, self._seen, self._asked = (), frozenset(), set(), {stored(page.url)}
        self.record_count, self.page_count, self.reason = None, None, None
        return self._head(page)

    def _ask(self, url: str | None) -> str | None:
        if url is not None:
            self._asked.add(stored(url))
        return url

    def close(self) -> None:
        """No page of it comes any more: where it was read to a conclusion, what it states can be compared next time."""
        self.closed = True
        if self.reason in CONCLUSIVE and self.record_count is not None:
            self.held = self.terms.entries + self._named

    def lost(self, entries: int) -> None:
        """So many entries have left the list since the archive saw them last."""
        self.notes.append(f"{entries} entries left the list")
        if self.held is not None:
            self.held -= entries
