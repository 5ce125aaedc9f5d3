"""What the index and the near-duplicates need of a document, worked out before anything is written.

Most of the work of indexing is pure. Where many documents wait, a second process does it (`Beside`) while the writer
writes; where it cannot be had, or dies, the writer does it itself: that changes how fast documents go in, never what.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from archive import index, near
from archive.index import Entry

CHUNK = 20  # documents in one message
PATIENCE = 5.0  # seconds for the process to end once it is told to


@dataclass(frozen=True, slots=True)
class Prepared:
    """The tokens of a document and its signature, None for a text too short to be a copy."""

    tokens: index.Tokens
    signed: near.Signed | None


def prepare(entry: Entry, common: frozenset[str]) -> Prepared:
    """Work out what will be written of a document; `common` is what `index.words` says."""
    return Prepared(index.tokens(entry, common), near.sign(entry.record))


class Beside:
    """A second process that prepares documents in the order they are sent; started when first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        # One core has nothing to share.
        self._usable = len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else True
        self._asked: deque[tuple[list[Hashable], frozenset[str]]] = deque()
        self._keys: set[Hashable] = set()
        self._ready: dict[Hashable, tuple[Prepared, frozenset[str]]] = {}

    @property
    def usable(self) -> bool:
        """Whether there is such a process, or may be one."""
        return self._usable

    @property
    def ahead(self) -> int:
        """How many documents were sent and not taken."""
        return len(self._keys) + len(self._ready)

    def send(self, entries: list[tuple[Hashable, Entry]], common: frozenset[str]) -> None:
        """Have these prepared; each is taken by its key."""
        try:
            pipe = self._start()
            for first in range(0, len(entries), CHUNK):
                chunk = entries[first : first + CHUNK]
                pickle.dump(([entry for _, entry in chunk], common), pipe)
                pipe.flush()
                keys = [key for key, _ in chunk]
                self._asked.append((keys, common))
                self._keys.update(keys)
        except OSError:  # no more processes, or this one died: the writer prepares what is missing
            self._give_up()

    def take(self, key: Hashable, common: frozenset[str]) -> Prepared | None:
        """What was prepared under this key, waiting for it; None when it was never sent, or with other words."""
        while key in self._keys:
            self._receive()
        made, known = self._ready.pop(key, (None, common))
        return made if known == common else None

    def forget(self) -> None:
        """Drop what nobody will take: documents that changed since they were sent."""
        while self._keys:
            self._receive()
        self._ready.clear()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except BrokenPipeError:  # it died before it was told to
                continue
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> Any:  # IO[bytes], which pickle's stubs do not take for a writer
        if self._process is None:
            # A program of its own, not a fork: the caller may have threads, and its own main module is none of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from archive.preparing import main; main()"],
                cwd=Path(__file__).resolve().parent.parent,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # whatever breaks there breaks here again, and is told
            )
        return self._process.stdin

    def _receive(self) -> None:
        try:
            assert self._process is not None  # keys are only there when it was sent something
            assert self._process.stdout is not None
            made = pickle.load(self._process.stdout)  # from our own process
        except (OSError, EOFError, pickle.UnpicklingError):
            self._give_up()
            return
        keys, common = self._asked.popleft()
        self._keys.difference_update(keys)
        self._ready.update(zip(keys, ((one, common) for one in made), strict=True))

    def _give_up(self) -> None:
        self._usable = False
        self._asked.clear()
        self._keys.clear()
        self.close()


def main() -> None:
    """Prepare what comes in at standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the writer, who ends us when it is done
    messages: SimpleQueue[Any] = SimpleQueue()
    # Read at once whatever comes, so that the writer never waits to send while we wait to answer.
    threading.Thread(target=_read, args=(sys.stdin.buffer, messages), daemon=True).start()
    while (message := messages.get()) is not None:
        entries, common = message
        pickle.dump([prepare(entry, common) for entry in entries], sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()


def _read(pipe: BinaryIO, messages: SimpleQueue[Any]) -> None:
    try:
        while True:
            messages.put(pickle.load(pipe))  # from the process that started us
    except (EOFError, pickle.UnpicklingError):
        messages.put(None)
