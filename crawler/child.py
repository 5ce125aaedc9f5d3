"""Read pages in a child process with a time and a memory cap: a page made to hurt costs its record, not the crawl.

trafilatura and lxml run C code that cannot be interrupted from Python, and threads do not help (GIL), so the reader
lives in a process of its own. The child starts with the first page and is started again after it had to be stopped.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from crawler.reading import Reading, read

SECONDS = 9.0  # a page takes a twentieth of one; what takes this long was not written by a person
MEGABYTES = 3072  # a 12 MB text node needs about a tenth of it


class ReaderError(Exception):
    """The reader gave no reading: one line that says why."""


class ChildReader:
    """`read(...)` of crawler.reading in a child process. Safe to call from several threads: one page at a time."""

    def __init__(self, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self._lock = threading.Lock()
        self._child: Any = None  # multiprocessing's process classes have no common public type
        self._pipe: Connection | None = None

    def read(self, body: bytes, url: str, **options: Any) -> Reading:
        """As crawler.reading.read; raises ReaderError when it raised, took too long, or took too much memory."""
        with self._lock:
            if self._child is None or not self._child.is_alive():
                self._start()
            assert self._pipe is not None
            started = time.monotonic()
            try:
                self._pipe.send((body, url, options))
                if not self._pipe.poll(self.seconds):
                    self._stop()
                    raise ReaderError(f"reader took longer than {self.seconds:g} s on {len(body)} bytes")
                outcome = self._pipe.recv()
            except (EOFError, OSError) as error:
                took = time.monotonic() - started
                self._stop()
                why = f"reader died after {took:.1f} s on {len(body)} bytes; memory cap {self.megabytes} MB"
                raise ReaderError(why) from error
        if isinstance(outcome, Reading):
            return outcome
        raise ReaderError(f"reader raised {outcome}")

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _start(self) -> None:
        # spawn: a fork would inherit the reactor, the archive and its lock.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._child = context.Process(target=_serve, args=(theirs, self.megabytes), daemon=True)
        self._child.start()
        theirs.close()

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.join()
        if self._pipe is not None:
            self._pipe.close()
        self._child = self._pipe = None


def _serve(pipe: Connection, megabytes: int) -> None:
    """The child: read what comes until the parent is gone. Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _cap(megabytes)
    while True:
        try:
            body, url, options = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(read(body, url, **options))
        except MemoryError:
            pipe.send(f"MemoryError: more than {megabytes} MB")
        except Exception as error:  # noqa: BLE001 - whatever the reader raises is told to the parent in one line
            pipe.send(describe(error))


def describe(error: BaseException) -> str:
    """Type, message and place of an error in one line of bounded length."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f" at {trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}{place}"


def _cap(megabytes: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ImportError, ValueError, OSError):
        return  # macOS refuses the limit, Windows has none: the time cap stays
