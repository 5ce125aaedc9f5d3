"""Counts over the whole archive, kept for a while: they cost seconds at 200,000 documents and change slowly.

What is kept is thrown away at once when a document was taken down or put back, so that nothing hidden is shown. When
something was added it is counted again in the background, every HOLD seconds at most, and the visitor does not wait.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from archive.connection import sqlite3
from archive.errors import ArchiveError
from archive.store import Archive

HOLD = 20.0

Answer = TypeVar("Answer")
_State = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    takedown: int
    state: _State
    at: float
    answer: Any


@dataclass
class Overview:
    """Remembers the answers of expensive questions, each under its name."""

    _kept: dict[str, _Kept] = field(default_factory=dict)
    _turns: dict[str, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, name: str, archive: Archive, question: Callable[[Archive], Answer]) -> Answer:
        """The answer, fresh enough; worked out by one thread at a time."""
        takedown, state = _state(archive)
        kept = self._kept.get(name)
        if kept is None or kept.takedown != takedown:
            with self._turn(name):
                kept = self._kept.get(name)
                if kept is None or kept.takedown != takedown:
                    kept = self._keep(name, archive, question)
        elif kept.state != state and time.monotonic() - kept.at > HOLD:
            self._refresh(name, archive.path, question)
        answer: Answer = kept.answer
        return answer

    def prepare(self, path: Path, questions: Mapping[str, Callable[[Archive], Any]]) -> None:
        """Work out answers in the background, before anybody asks."""

        def work() -> None:
            for name, question in questions.items():
                self._work(name, path, question)

        threading.Thread(target=work, name="overview", daemon=True).start()

    def _refresh(self, name: str, path: Path, question: Callable[[Archive], Any]) -> None:
        if not self._turn(name).locked():
            threading.Thread(target=self._work, args=(name, path, question), name="overview", daemon=True).start()

    def _work(self, name: str, path: Path, question: Callable[[Archive], Any]) -> None:
        try:
            with self._turn(name), Archive(path) as archive:
                self._keep(name, archive, question)
        except (ArchiveError, sqlite3.Error, MemoryError) as error:
            # The next visitor asks again and is told; a thread has nobody to tell but the log.
            print(f"counting {name}: {error or type(error).__name__}", file=sys.stderr)

    def _keep(self, name: str, archive: Archive, question: Callable[[Archive], Any]) -> _Kept:
        takedown, state = _state(archive)
        kept = self._kept[name] = _Kept(takedown, state, time.monotonic(), question(archive))
        return kept

    def _turn(self, name: str) -> threading.Lock:
        with self._lock:
            return self._turns.setdefault(name, threading.Lock())


def _state(archive: Archive) -> tuple[int, _State]:
    """The last takedown, and what changes whenever something is added."""
    takedown, *state = archive.db.conn.execute(
        "SELECT (SELECT max(id) FROM takedown), (SELECT max(id) FROM version), (SELECT max(id) FROM run), "
        "(SELECT max(finished) FROM run), (SELECT max(id) FROM capture)"
    ).fetchone()
    return int(takedown or 0), tuple(state)


OVERVIEW = Overview()  # of this process, which serves one archive
