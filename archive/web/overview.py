"""Counts over the whole archive, kept for a moment: they cost a second at 200,000 documents and change slowly.

What is kept is thrown away at once when a document was taken down or put back, and otherwise when something was added,
at most every HOLD seconds. So a page is quick while a crawl writes, and never shows what is hidden.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from archive.store import Archive

HOLD = 20.0

Answer = TypeVar("Answer")


@dataclass
class _Kept:
    takedown: int
    state: tuple[Any, ...]
    at: float
    answer: Any


@dataclass
class Overview:
    """Remembers the answers of expensive questions, each under its name."""

    _kept: dict[str, _Kept] = field(default_factory=dict)
    _turns: dict[str, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, name: str, archive: Archive, question: Callable[[Archive], Answer]) -> Answer:
        """The answer, fresh enough; asked by one thread at a time."""
        with self._lock:
            turn = self._turns.setdefault(name, threading.Lock())
        with turn:
            db = archive.db.conn
            takedown = int(db.execute("SELECT coalesce(max(id), 0) FROM takedown").fetchone()[0])
            state = tuple(
                db.execute(
                    "SELECT (SELECT max(id) FROM version), (SELECT max(id) FROM run), "
                    "(SELECT max(finished) FROM run), (SELECT max(id) FROM capture)"
                ).fetchone()
            )
            kept = self._kept.get(name)
            fresh = kept is not None and kept.takedown == takedown
            if kept is not None and fresh and (kept.state == state or time.monotonic() - kept.at < HOLD):
                answer: Answer = kept.answer
                return answer
            answer = question(archive)
            self._kept[name] = _Kept(takedown, state, time.monotonic(), answer)
            return answer


OVERVIEW = Overview()  # of this process, which serves one archive
