"""A past run again, from its own stored answers under today's code: what would end otherwise, field by field.

Nothing is asked of any site and nothing is written. What a list leads to is held against what the run met; whether a
next page was followed, against why the run stopped there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive import Archive, ArchiveError, sweeps
from archive.endings import Ending, endings, held, met, sampled
from archive.model import Stored
from archive.records import sound
from archive.twins import page_url
from crawler.landing import NOT_MODIFIED, Landing, Reader
from crawler.registry import Source
from crawler.reread import between_files, differing
from crawler.stored import Answers, all_landed, whole

OUT_OF_SCOPE = "out of scope"  # how the reason of what is not the source's begins
PART = "part "  # how the reason of a further part of a document begins


@dataclass(frozen=True, slots=True)
class Replayed:
    """One URL of the run. `kind`: same, differs, or why it was not read again (see KINDS of the command).

    `then` and `now` are its ends in words; `fields` what its record says otherwise; `added` the addresses a list leads
    to today that the run never met, its next page among them as `following`.
    """

    url: str
    role: str
    kind: str
    document: str | None = None
    then: str | None = None
    now: str | None = None
    fields: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    following: str | None = None


class Replay:
    """One pass over a run. `all` gives every URL once, and those that no list leads to today once more at the end."""

    def __init__(self, archive: Archive, run: int, source: Source, read: Reader) -> None:
        self.archive, self.db, self.source, self.read = archive, archive.db.conn, source, read
        self.run = archive.run(run)
        self._led = {self._key(url) for url in source.lists}
        self._next: dict[str, str] = {}
        self._fresh: list[Ending] = []
        self._parts_then: dict[str, Ending] = {}
        self._parts_now: set[str] = set()
        self._lists_read = False

    def _key(self, url: str) -> str:
        return page_url(self.db, url)

    def all(self) -> Iterator[Replayed]:
        for ending, landings in all_landed(self._asked(), self.read):
            if ending.link.role != "listing" and not self._lists_read:
                yield from self._followed()
            yield self._one(ending, landings)
        if not self._lists_read:
            yield from self._followed()
        for url, part in self._parts_then.items():
            if url not in self._parts_now:
                yield Replayed(url, part.link.role, "differs", None, _said(part), "no part of a document")
        for lost in self._fresh:
            if lost.url not in self._led and lost.url not in self._parts_now:
                yield Replayed(lost.url, lost.link.role, "differs", lost.document, "on a list", "no list leads to it")

    def _asked(self) -> Iterator[tuple[Ending, Answers | str]]:
        for ending in endings(self.db, self.run.id):
            # Told by a list of this run, or by nothing else that could be replayed.
            if ending.fresh and not (ending.reason or "").startswith(PART) and ending.link.role != "attachment":
                self._fresh.append(ending)
            yield ending, self._answers(ending)

    def _answers(self, ending: Ending) -> Answers | str:
        """The stored answer to read, or the kind that says why there is none."""
        row = ending.answer
        if ending.hidden:
            return "hidden"
        if (ending.reason or "").startswith(PART) and ending.state == "redirected":
            return "part"
        if row is None:
            return "unanswered"
        if row.withdrawn is not None:
            return "withdrawn"
        if row.status == NOT_MODIFIED:
            return "not_modified"
        try:
            return Answers(ending.link, self.source, (self.archive.stored(row),))
        except ArchiveError as error:
            return str(error)

    def _one(self, ending: Ending, landings: list[Landing] | str) -> Replayed:
        told = Replayed(ending.url, ending.link.role, "same", ending.document, _said(ending))
        if isinstance(landings, str):
            return self._unread(ending, landings)
        ends = whole(landings[0], ending.link, self.source, self.read, self._part)
        main = next(one for one in ends if one.visit.url == ending.link.url)
        self._parts_now |= {self._key(one.visit.url) for one in ends if one is not main}
        self._led |= {self._key(link.url) for link in main.visit.links}
        visit = main.visit
        now = f"{visit.state or ('a record' if visit.record else 'a file')}{_because(visit.reason)}"
        if ending.link.role == "listing":
            return self._list(ending, main, now)
        if ending.link.role == "attachment" and visit.extract is not None and ending.file is not None:
            fields = between_files(ending.file, visit.extract)
            return _differs(told, now, fields) if fields else told
        if visit.record is None:
            same = ending.record is None and visit.state == ending.state and not _elsewhere(main, ending)
            return told if same else _differs(told, now)
        if ending.record is None:
            return _differs(told, now)
        fields = differing(ending.record, sound(visit.record))
        return _differs(told, now, fields) if fields else told

    def _list(self, ending: Ending, landing: Landing, now: str) -> Replayed:
        visit = landing.visit
        target = visit.links[0].url if visit.state == "redirected" and visit.links else landing.next
        if target is not None:
            self._next[ending.url] = target
        added = tuple(dict.fromkeys(link.url for link in visit.links if not met(self.db, self.run.id, link.url)))
        told = Replayed(ending.url, "listing", "same", None, _said(ending), now, added=added)
        if added or visit.state != ending.state:
            return Replayed(told.url, "listing", "differs", None, told.then, now, added=added)
        return told

    def _followed(self) -> Iterator[Replayed]:
        """Walk each list as its pages lead on today: where the run had come to its end, none should lead further."""
        self._lists_read = True
        stops = {self._key(one.url): one.stop_reason for one in sweeps.of_run(self.db, self.run.id)}
        for url in self.source.lists:
            place, seen = self._key(url), set()
            while place not in seen and (target := self._next.get(place)) is not None:
                seen.add(place)
                self._led.add(self._key(target))
                if not met(self.db, self.run.id, target):
                    broke = any(url in sentence for sentence in self.run.evidence)
                    stop = stops.get(self._key(url), "cut" if broke else "end")
                    if stop == "end" and not sampled(self.db, self.run.id):
                        yield Replayed(
                            place, "listing", "differs", None, "the end of its list", "leads on", following=target
                        )
                    break
                place = self._key(target)

    def _part(self, url: str) -> Stored | None:
        row = held(self.db, self.run.id, url)
        try:
            return None if row is None else self.archive.stored(row)
        except ArchiveError:  # the document misses a part then, which is told
            return None

    def _unread(self, ending: Ending, kind: str) -> Replayed:
        told = Replayed(ending.url, ending.link.role, kind, None if ending.hidden else ending.document, _said(ending))
        if kind == "part":
            self._parts_then[ending.url] = ending
        if kind == "unanswered" and ending.state != "known":
            refused, was = self.source.refuses(ending.link.url), (ending.reason or "").startswith(OUT_OF_SCOPE)
            if was != (refused is not None) and ending.link.role != "attachment":
                return _differs(told, f"skipped: {refused}" if refused else "would be fetched")
        if kind not in KINDS:
            return Replayed(told.url, told.role, "damaged", told.document, told.then, kind)
        return told


# Why a URL was not read again.
KINDS = {
    "same": "as then",
    "differs": "otherwise",
    "not_modified": "not sent again by the server (304)",
    "unanswered": "without an answer",
    "part": "parts of a document",
    "hidden": "hidden by a takedown",
    "withdrawn": "withdrawn by a takedown",
    "damaged": "with bytes that cannot be had; run: gongbao verify",
}


def _differs(told: Replayed, now: str, fields: dict[str, tuple[str | None, str | None]] | None = None) -> Replayed:
    return Replayed(told.url, told.role, "differs", told.document, told.then, now, fields or {})


def _said(ending: Ending) -> str:
    return f"{ending.state}{_because(ending.reason)}" if not ending.hidden else ending.state


def _because(reason: str | None) -> str:
    return "" if reason is None else f": {reason}"


def _elsewhere(landing: Landing, ending: Ending) -> bool:
    """Whether a redirect leads to another place today than it did."""
    return landing.visit.state == "redirected" and landing.visit.reason != ending.reason
