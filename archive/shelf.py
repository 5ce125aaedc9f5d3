"""The read side of an archive: what `Archive` answers, whoever is writing it meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from archive import ledger, lookup, sweeps
from archive.answers import CaptureRow, Document, RunSummary, VisitRow
from archive.departures import Departures, departures
from archive.errors import ArchiveError, NotHeldError
from archive.finding import Answer, answer
from archive.history import Past, past
from archive.model import Capture, Role, Stored
from archive.segments import Segments
from archive.snippet import PLAIN, Marks
from archive.sources import LastRun, last_runs
from archive.sweeps import Naming
from archive.verify import Verification, verify_all, verify_document
from archive.warc import decode


class Shelf:
    """Documents, captures and runs of an open archive; needs only its connection and its segments."""

    path: Path
    db: Database
    segments: Segments
    _revisits: dict[tuple[str, int], int]

    def search(self, query: str, *, limit: int | None = 20, offset: int = 0, marks: Marks = PLAIN) -> Answer:
        """The documents that match a query, best first; `limit` None gives all of them."""
        return answer(self.db.conn, query, limit=limit, offset=offset, marks=marks)

    def run(self, id: int) -> RunSummary:
        """One run with its counts."""
        found = ledger.summaries(self.db.conn, run=id)
        if not found:
            raise NotHeldError(f"{self.path}: no run {id}; see: gongbao runs")
        return found[0]

    def runs(self, source: str | None = None) -> list[RunSummary]:
        """Runs, newest first."""
        return ledger.summaries(self.db.conn, source)

    def past(self, run: int) -> Past:
        """What the source of an open run was before it, and how what the run has read compares with that."""
        return past(self.db.conn, run)

    def departures(self, run: int) -> Departures:
        """How many held notices answered in this run that they are gone."""
        return departures(self.db.conn, run)

    def last_runs(self) -> dict[str, LastRun]:
        """The newest run of every source, by its name."""
        return last_runs(self.db.conn)

    def documents(self, source: str | None = None) -> Iterator[Document]:
        """Every document, in the order they were first seen."""
        return lookup.documents(self.db.conn, source)

    def document(self, id: str) -> Document | None:
        """The document of an id, or None; the id of a document that became part of another leads to that one."""
        row = lookup.find(self.db.conn, id)
        return None if row is None else lookup.document(self.db.conn, row)

    def near(self, id: str) -> list[tuple[str, float]]:
        """Ids of the documents that say almost the same, most similar first, with the share of common wording."""
        row = lookup.find(self.db.conn, id)
        return [] if row is None else lookup.near(self.db.conn, row)

    def history(self, url: str) -> list[CaptureRow]:
        """Every stored response of a URL, oldest first."""
        return lookup.captures(self.db.conn, url)

    def lists_naming(self, url: str) -> list[Naming]:
        """The lists that name a URL, since when, until when, and whether it left them."""
        return sweeps.naming(self.db.conn, url)

    def visits(self, url: str) -> list[VisitRow]:
        """How each run that met a URL ended it, oldest first."""
        return lookup.visits(self.db.conn, url)

    def validators(self, url: str, since: str) -> dict[str, str]:
        """Request headers that ask for a page only if it changed; none when it is to be asked for whole.

        It is when the answer we hold has no validators, is older than `since` (ISO 8601), or does not tell all.
        """
        row = lookup.standing(self.db.conn, url, since) or lookup.standing_file(self.db.conn, url, since)
        if row is None:
            return {}
        # A revisit record has the headers of its own answer, and those are the newer ones.
        headers = decode(self.segments.read(row.segment, row.offset, row.length)).headers
        known = {name.lower(): value for name, value in headers}
        asks = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last-modified")}
        return {name: value for name, value in asks.items() if value}

    def captures_of(self, id: str) -> list[CaptureRow]:
        """The stored responses a document was read from."""
        row = lookup.find(self.db.conn, id)
        return [] if row is None else lookup.captures_of(self.db.conn, row)

    def original(self, capture: int) -> CaptureRow | None:
        """The capture that holds the payload: itself, or the one it revisits."""
        row = lookup.capture(self.db.conn, capture)
        while row is not None and row.revisit_of is not None:
            row = lookup.capture(self.db.conn, row.revisit_of)
        return row

    def body(self, capture: int | Stored) -> bytes:
        """The payload of a capture exactly as the server sent it, read from its WARC record."""
        if isinstance(capture, Stored):
            record = decode(self.segments.read(capture.segment, capture.offset, capture.length))
            if record.type != "revisit":
                return record.payload
            row = self._row_at(capture)
        else:
            row = self.original(capture)
        if row is None:
            raise NotHeldError(f"{self.path}: no capture {capture}; see: gongbao history URL")
        record = decode(self.segments.read(row.segment, row.offset, row.length))
        if row.withdrawn is not None:
            raise ArchiveError(f"{row.url}: withdrawn on {row.withdrawn}; only its digest is kept")
        wrong = record.problems[0] if record.problems else None
        if wrong is None and hashlib.sha256(record.payload).hexdigest() != row.sha256:
            wrong = "its payload is not the one the database knows"
        if wrong is not None:
            raise ArchiveError(f"{self.segments.folder / row.segment} at {row.offset}: {wrong}; run: gongbao verify")
        return record.payload

    def captures(
        self, source: str | None = None, since: str | None = None, *, role: Role | None = None, latest: bool = False
    ) -> Iterator[Stored]:
        """Stored responses with their bytes, in the order they were fetched, so that newer code can read them again.

        `since` is a day or time (ISO 8601, UTC), `latest` leaves only the newest of each page. Hand what is read in one
        of those to `save` with this very `Stored`: nothing is stored twice, and a better reading counts as such, not as
        an edit. Withdrawn ones are passed over. Raises ArchiveError at bytes that are not those the database knows.
        """
        for row in lookup.captures_since(self.db.conn, source, since or "", role, latest):
            yield self.stored(row)

    def stored(self, row: CaptureRow) -> Stored:
        """A stored response with its bytes, as `save` takes it; raises ArchiveError where they are not to be had."""
        headers = decode(self.segments.read(row.segment, row.offset, row.length)).headers
        capture = Capture(row.url, row.fetched, row.status, headers, self.body(row.id))
        return Stored(capture, row.segment, row.offset, row.length, row.sha256)

    def verify(self, id: str | None = None) -> Verification:
        """Read every WARC record again and compare digests; with an id, prove that document's texts instead."""
        if id is None:
            return verify_all(self.db.conn, self.segments)
        row = lookup.find(self.db.conn, id)
        if row is None:
            raise NotHeldError(f"{self.path}: no document {id}; see: gongbao search")
        return verify_document(self.db.conn, self.segments, row)

    def _row_at(self, stored: Stored) -> CaptureRow | None:
        row = self.db.conn.execute(
            "SELECT c.id FROM capture c JOIN segment s ON s.id = c.segment WHERE s.name = ? AND c.offset = ?",
            [stored.segment, stored.offset],
        ).fetchone()
        original = self._revisits.get((stored.segment, stored.offset)) if row is None else row[0]
        return None if original is None else self.original(original)
