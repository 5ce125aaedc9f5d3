"""The search index follows the commits: at once when they are rare, in batches of half a second when they are many."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from sqlite_utils import Database

from archive import indexing
from archive.connection import open_writer, transaction
from archive.errors import ArchiveError
from archive.preparing import Beside

DELAY = 0.5  # seconds the index may be behind
BATCH = 200  # documents in one transaction, not so many that a commit has to wait long
MANY, AHEAD = 40, 400  # documents from which on a second process helps, and how many it is given in advance


class Follower:
    """Indexes what a writer saves. `turn` is held by whoever writes, so that writer and timer never wait on SQLite."""

    def __init__(self, db: Database, path: Path) -> None:
        self.turn = threading.RLock()
        self._db = db
        self._path = path
        self._last = 0.0
        self._closed = False
        self._timer: threading.Timer | None = None
        self._beside = Beside()
        self._sent = 0  # the last document row it was sent

    def nudge(self) -> None:
        """Something was committed: index it now, or leave it to the timer when that was done just before.

        Many documents at once are prepared by a second process; what it was given before is written meanwhile.
        """
        with self.turn:
            before = self._beside.ahead
            if self._look_ahead(self._db):
                self._batch(self._db, before)
                self._arm()
            elif time.monotonic() - self._last >= DELAY:
                self._batch(self._db)
            elif self._timer is None:
                self._arm()

    def catch_up(self) -> None:
        """Index everything that is behind, in batches."""
        with self.turn:
            self._catch_up(self._db)

    def close(self) -> None:
        """Index what is left and stop the timer."""
        with self.turn:
            try:
                self._disarm()
                self.catch_up()
            finally:
                self._closed = True
                self._beside.close()

    def _catch_up(self, db: Database) -> None:
        while self._look_ahead(db) or indexing.waiting(db.conn):
            self._batch(db)
        self._beside.forget()
        self._sent = 0

    def _look_ahead(self, db: Database) -> bool:
        """Whether documents are prepared beside us; sends what is worth it."""
        room = AHEAD - self._beside.ahead
        if self._beside.usable and room > 0 and indexing.waiting(db.conn) - self._beside.ahead >= MANY:
            self._sent = indexing.look_ahead(db.conn, self._beside, self._sent, room)
        return self._beside.ahead > 0

    def _batch(self, db: Database, limit: int = BATCH) -> None:
        if limit:
            with transaction(db, self._path):
                indexing.catch_up(db.conn, limit, self._beside)
        self._last = time.monotonic()

    def _arm(self) -> None:
        self._disarm()
        self._timer = threading.Timer(DELAY, self._on_timer)
        self._timer.daemon = True
        self._timer.start()

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

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
                self._catch_up(db)
            except ArchiveError:  # as above
                return
            finally:
                db.close()
