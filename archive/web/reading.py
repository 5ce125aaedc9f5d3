"""Asking the archive from pages: a few threads, each with a read-only archive of its own, and a time limit."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from archive.connection import sqlite3
from archive.store import Archive

READERS = 4
LIMIT = 10.0  # seconds for one page
CACHE_KIB = 24_000  # of each reader
_STEPS = 20_000  # of SQLite's machine between two looks at the clock: under a millisecond

Answer = TypeVar("Answer")


class TooLongError(Exception):
    """A page took longer than LIMIT."""


class Readers:
    """Opens archives for reading, one a thread, and answers questions with them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = threading.local()
        self._threads = ThreadPoolExecutor(READERS, "reader")

    async def ask(self, question: Callable[[Archive], Answer]) -> Answer:
        """The answer to a question, from one state of the archive however much is written meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, question)

    def _answer(self, question: Callable[[Archive], Answer]) -> Answer:
        archive = self._archive()
        conn = archive.db.conn
        end = time.monotonic() + LIMIT
        conn.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        conn.execute("BEGIN")
        try:
            return question(archive)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise TooLongError from error
            raise
        finally:
            conn.rollback()
            conn.set_progress_handler(None, 0)

    def _archive(self) -> Archive:
        opened: Archive | None = getattr(self._mine, "archive", None)
        if opened is None:
            opened = self._mine.archive = Archive(self._path)
            opened.db.conn.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        return opened
