"""The search index follows the commits: at once when they are rare, in batches of half a second when they are many."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from sqlite_utils import Database

from archive import indexing
from archive.connection import open_writer, transaction
from archive.errors import ArchiveError

DELAY = 0.5  # seconds the index may be behind


class Follower:
    """Indexes what a writer saves. `turn` is held by whoever writes, so that writer and timer never wait on SQLite."""

    def __init__(self, db: Database, path: Path) -> None:
        self.turn = threading.RLock()
        self._db = db
        self._path = path
        self._last = 0.0
        self._closed = False
        self._timer: threading.Timer | None = None

    def nudge(self) -> None:
        """Something was committed: index it now, or leave it to the timer when that was done just before."""
        if time.monotonic() - self._last >= DELAY:
            self._batch(self._db)
        elif self._timer is None:
            self._timer = threading.Timer(DELAY, self._on_timer)
            self._timer.daemon = True
            self._timer.start()

    def catch_up(self) -> None:
        """Index everything that is behind, in batches."""
        while self._batch(self._db):
            pass

    def close(self) -> None:
        """Index what is left and stop the timer."""
        with self.turn:
            if self._timer is not None:
                self._timer.cancel()
            self.catch_up()
            self._closed = True

    def _batch(self, db: Database) -> int:
        with self.turn, transaction(db, self._path):
            done = indexing.catch_up(db.conn)
        self._last = time.monotonic()
        return done

    def _on_timer(self) -> None:
        """In the timer's own thread, with a connection of its own; a failure is met again by the next batch."""
        with self.turn:
            self._timer = None
            if self._closed:
                return
            try:
                db = open_writer(self._path)
            except ArchiveError:  # the marks stay, and the foreground will meet the same failure and tell it
                return
            try:
                self._batch(db)
            except ArchiveError:  # as above
                return
            finally:
                db.close()
