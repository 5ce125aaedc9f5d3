"""One document on several pages: its parts gathered in order and joined to one record, or told as missing. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.dedup import canonical_url, normalize
from archive.model import Link, Record, Stored, Visit
from crawler.landing import Landing
from crawler.outline import outline
from crawler.registry import Source

MOST = 100  # parts: yearbooks have dozens; a pager that never ends is no article


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the document: its URL, capture, and what was read on it."""

    url: str
    stored: Stored
    record: Record


@dataclass(frozen=True, slots=True)
class Gathering:
    """The parts of one document met so far; `link` is the first page, under which the document is kept."""

    link: Link
    first: Landing
    parts: tuple[Part, ...]

    @property
    def number(self) -> int:
        """The number of the part that comes next, the first page being 1."""
        return len(self.parts) + 1

    def refuses(self, url: str, source: Source) -> str | None:
        """Why the pager's next part is not to be asked for, or None."""
        known = {canonical_url(part.url) for part in self.parts}
        if canonical_url(url) in known:
            return "leads back to an earlier part"
        return source.refuses(url) or (f"is one more than {MOST}" if self.number > MOST else None)

    def belongs(self, record: Record) -> bool:
        """Whether a page is of this document: a pager that leads on to another title was no pager of an article."""
        own = self.parts[0].record.title
        return own is None or record.title is None or normalize(own) == normalize(record.title)

    def joined(self) -> tuple[Landing, ...]:
        """The parts as ends of their own, then the document: one record under the URL of its first page."""
        records = [part.record for part in self.parts]
        text = "\n".join(record.text for record in records if record.text) or None
        worst = max(records, key=lambda record: ("clean", "suspect", "cloned").index(record.integrity))
        record = replace(
            records[0],
            text=text,
            attachments=tuple({one.url: one for record in records for one in record.attachments}.values()),
            integrity=worst.integrity,
            integrity_reasons=tuple(dict.fromkeys(why for record in records for why in record.integrity_reasons)),
            outline=outline(text or ""),
            flags=tuple(dict.fromkeys(flag for record in records for flag in record.flags)),
            evidence={
                **records[0].evidence,
                "parts": [{"url": part.url, "sha256": part.stored.sha256} for part in self.parts],
            },
        )
        whole = replace(self.first, visit=replace(self.first.visit, record=record), part=None)
        return (*self._ends(), whole)

    def broken(self, reason: str) -> tuple[Landing, ...]:
        """What there is of a document that misses a part: kept, and quarantined with the reason."""
        told = f"part {self.number} of the document {reason}"
        visit = Visit(self.link.url, "notice", "quarantined", self.first.visit.stored, reason=told)
        return (*self._ends(), Landing(visit, foreign=self.first.foreign))

    def _ends(self) -> tuple[Landing, ...]:
        return tuple(
            Landing(Visit(part.url, "notice", "redirected", part.stored, reason=f"part {number} of {self.link.url}"))
            for number, part in enumerate(self.parts[1:], 2)
        )


def begin(link: Link, landing: Landing) -> Gathering | None:
    """A gathering, when the page that was read says there is a further part of it."""
    visit = landing.visit
    if landing.part is None or visit.record is None or visit.stored is None:
        return None
    return Gathering(link, landing, (Part(link.url, visit.stored, visit.record),))


def after(gathering: Gathering, url: str, landing: Landing) -> Gathering | tuple[Landing, ...]:
    """The gathering with one more part, or how it ends, with what the page at `url` turned out to be."""
    visit = landing.visit
    if visit.record is None or visit.stored is None:
        return (landing, *gathering.broken(f"at {url} ended {visit.state}: {visit.reason}"))
    if not gathering.belongs(visit.record):
        return (*gathering.joined(), replace(landing, part=None))
    more = (*gathering.parts, Part(url, visit.stored, visit.record))
    return replace(gathering, parts=more)
