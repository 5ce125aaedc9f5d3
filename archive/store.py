"""The archive file: open it, write to it, read from it. The only module that writes captures, pages and runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from archive import attachments, frontier, ledger, saving, schema, sweeps, takedown, twins
from archive.answers import Outcome, RunSummary
from archive.clock import now
from archive.connection import open_reader, open_writer, savepoint, transaction
from archive.dedup import Twin
from archive.errors import ArchiveError
from archive.following import Follower
from archive.lock import WriterLock
from archive.model import Capture, Link, Stored, Visit
from archive.segments import Segments
from archive.shelf import Shelf
from archive.sweeps import ListSweep
from archive.twins import page_url
from archive.warc import Original, encode

_SHARED: dict[Path, Archive] = {}


class Archive(Shelf):
    """One archive: a SQLite file with its WARC segments beside it. `write=True` makes this process its only writer.

    A capture is kept (on disk) before anything reads it; a visit is saved in one transaction. Whatever kills the
    process, what was saved stays, and what was only kept is cut off when the next writer opens the archive.
    """

    def __init__(self, path: str | Path, write: bool = False) -> None:
        self.path = Path(path)
        self.write = write
        self._users = 1
        self._batching = False
        self._requests: dict[int, int] = {}
        self._revisits: dict[tuple[str, int], int] = {}
        self._lock: WriterLock | None = None
        self.segments = Segments(self.path)
        if write:
            self._open_for_writing()
        else:
            self.db = open_reader(self.path)
            self._guard(lambda: schema.check(self.db, self.path))

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let the next writer in; a shared archive closes with its last user."""
        self._users -= 1
        if self._users != 0:  # others use it still, or it is closed already
            return
        _SHARED.pop(self.path.resolve(), None)
        try:
            if self.write:
                self._follower.close()
        finally:
            self.segments.close()
            self.db.close()
            if self._lock is not None:
                self._lock.release()

    # Writing: capture, run, visit.

    def keep(self, capture: Capture) -> Stored:
        """Append a response to the current segment and force it to disk. Nothing is committed yet: `save` does that."""
        self._may_write()
        original = self._original(capture)
        before, blob = encode(capture, None if original is None else Original(original[1], original[2]))
        segment, offset, length = self.segments.append(before, blob)
        if original is not None:
            self._revisits[segment, offset] = original[0]
        return Stored(capture, segment, offset, length, hashlib.sha256(capture.body).hexdigest())

    def start_run(self, source: str) -> int:
        """Open a run of a source; one that died earlier is closed as interrupted, its URLs left to `unfinished`."""
        self._may_write()
        with self.transaction():
            return ledger.start(self.db.conn, source, now())

    def unfinished(self, run: int) -> list[Link]:
        """What earlier runs of this source met and never ended: resuming is running again and meeting these too."""
        return frontier.unfinished(self.db.conn, run)

    def meet(self, run: int, links: Iterable[Link]) -> list[Link]:
        """Register URLs as pending in this run; give those it had not met, each once, in order."""
        self._may_write()
        with self.transaction():
            return frontier.meet(self.db.conn, run, ledger.source_of(self.db.conn, run), links, now())

    def files_due(self, run: int, before: str) -> list[Link]:
        """The files this run should ask for, given what its pages link to and what it found; not met yet."""
        return attachments.due(self.db.conn, run, before)

    def know_twins(self, hosts: Iterable[str], rules: Collection[Twin]) -> None:
        """Say that these hosts answer the same on http and https ("scheme"), or with and without www. ("www")."""
        self._may_write()
        with self.transaction():
            twins.add(self.db.conn, hosts, rules)

    def save(self, run: int, visit: Visit, sweep: ListSweep | None = None) -> Outcome:
        """Commit what became of one URL: page, outlinks, capture, version, ledger; all of it or nothing.

        `sweep` says how far its list was read with it.
        """
        self._may_write()
        with self.transaction():
            outcome = saving.save(self.db.conn, run, visit, self._revisits, now())
            if sweep is not None:
                sweeps.put(self.db.conn, run, sweep)
                entries = [link for link in visit.links if link.role == "notice"]
                sweeps.name(self.db.conn, sweep.url, entries, visit.stored.capture.fetched if visit.stored else now())
            self._flush_requests()
        if visit.stored is not None:
            self._revisits.pop((visit.stored.segment, visit.stored.offset), None)
        if not self._batching:
            self._settle()
        return outcome

    def pass_over(self, run: int, links: Iterable[Link]) -> None:
        """End URLs that are on a list, held, and not due in this run: `known`."""
        self._may_write()
        with self.transaction():
            frontier.pass_over(self.db.conn, run, links, now())

    def swept(self, run: int, sweep: ListSweep) -> list[Link]:
        """Set down how far a list was read; when that made its round complete, give the entries that left the list."""
        self._may_write()
        with self.transaction():
            sweeps.put(self.db.conn, run, sweep)
            if sweep.round != "complete" or sweep.began is None:
                return []
            return sweeps.depart(self.db.conn, sweep.url, sweep.began, now())

    def count_request(self, run: int, n: int = 1) -> None:
        """Count requests sent; written with the next commit."""
        self._requests[run] = self._requests.get(run, 0) + n

    def finish_run(
        self, run: int, *, requests: int | None = None, verdict: str, evidence: Sequence[str] = ()
    ) -> RunSummary:
        """Close a run. URLs still pending become interrupted, and the verdict is then `incomplete` at least."""
        self._may_write()
        with self.transaction():
            self._flush_requests()
            ledger.finish(self.db.conn, run, requests, verdict, evidence, now())
        if not self._batching:
            self._follower.catch_up()
        return self.run(run)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Commit everything inside at once, with one fsync of the segment before it: for filling an archive quickly.

        Until it ends nothing of it is promised; when it raises, or the process dies, none of it happened.
        """
        self._may_write()
        with self.transaction():
            self._batching = self.segments.deferred = True
            try:
                yield
                self.segments.sync()
            finally:
                self._batching = self.segments.deferred = False
        self._settle()

    def catch_up(self) -> None:
        """Bring the search index up to the last commit now, not half a second later."""
        self._may_write()
        self._follower.catch_up()

    # Inside.

    def _open_for_writing(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.is_dir():
                raise ArchiveError(
                    f"{self.path}: is a folder; name the archive's file, such as {self.path / 'archive.db'}"
                )
        except OSError as error:
            raise ArchiveError(
                f"{self.path.parent}: cannot be made ({error.strerror}); choose a folder you may write to"
            ) from error
        self._lock = WriterLock(self.path)
        try:
            self.db = open_writer(self.path)
        except BaseException:
            self._lock.release()
            raise
        self._guard(self._recover)

    def _recover(self) -> None:
        schema.migrate(self.db, self.path)
        try:
            self.segments.folder.mkdir(exist_ok=True)
            self.segments.cut_back(dict(self.db.conn.execute("SELECT name, committed FROM segment").fetchall()))
        except OSError as error:
            raise ArchiveError(
                f"{self.segments.folder}: cannot be written ({error.strerror}); allow writing to it"
            ) from error
        self._follower = Follower(self.db, self.path)
        self._follower.catch_up()
        takedown.scrub_withdrawn(self)

    def _guard(self, step: Callable[[], None]) -> None:
        """Do one step of opening; when it fails nothing stays open or locked."""
        try:
            step()
        except BaseException:
            self.db.close()
            if self._lock is not None:
                self._lock.release()
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write transaction of this archive, for those who add to what it can do."""
        if self._batching:
            with savepoint(self.db):
                yield
            return
        with self._follower.turn, transaction(self.db, self.path):
            yield

    def _settle(self) -> None:
        """What follows a commit: the index, and bytes of withdrawn documents that were fetched once more."""
        takedown.scrub_withdrawn(self)
        self._follower.nudge()

    def _may_write(self) -> None:
        if not self.write:
            raise ArchiveError(f"{self.path}: opened for reading; open it with Archive(path, write=True)")

    def _original(self, capture: Capture) -> tuple[int, str, str] | None:
        """The committed response of the same page with the same payload, whose bytes need no second copy."""
        if not capture.body:
            return None
        row = self.db.conn.execute(
            "SELECT c.id, c.url, c.fetched FROM capture c JOIN page p ON p.id = c.page "
            "WHERE p.url = ? AND c.sha256 = ? AND c.revisit_of IS NULL AND c.withdrawn IS NULL "
            "ORDER BY c.id DESC LIMIT 1",
            [page_url(self.db.conn, capture.url), hashlib.sha256(capture.body).hexdigest()],
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]), str(row[2]))

    def _flush_requests(self) -> None:
        for run, n in self._requests.items():
            self.db.conn.execute("UPDATE run SET requests = requests + ? WHERE id = ?", [n, run])
        self._requests.clear()


def shared(path: str | Path) -> Archive:
    """The one open writer of this process for `path`; each user closes it once, the last one really does."""
    key = Path(path).resolve()
    if key in _SHARED:
        _SHARED[key]._users += 1
        return _SHARED[key]
    _SHARED[key] = archive = Archive(path, write=True)
    return archive
