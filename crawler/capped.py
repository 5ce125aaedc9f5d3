"""Reading in a process of its own, with a cap on time and memory: one page can spoil its own reading, never the crawl.

The process is forked before the archive is opened and before a reactor runs, so it starts at once and holds neither
the archive's lock nor a socket; when a page has to be cut short, the next one gets a freshly started process. It ends
by itself when the crawl does, however that ends. A crawl has several, so that a slow page holds up no other site's.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from crawler import reading
from crawler.reading import Reading

MEGABYTE = 1024 * 1024
START_SECONDS = 120
ORPHAN_SECONDS = 10  # beyond its longest, a reading whose crawl was killed ends itself
LEAST, MOST = 2, 4  # processes of a pool: with one, a slow page would hold up every site; more do not pay
PATIENCE = 3  # a crawl on a busy machine: two sound pages were given up at load 13 when 9 s by the clock were all
CPU_IS_UP = getattr(signal, "SIGPROF", 0)  # not on Windows
READY = "ready"


class ReadingFailedError(Exception):
    """A page whose reading raised, took too long or killed its process; one line says which."""


class CappedReader:
    """`read` like crawler.reading.read, within `seconds` a page and `megabytes` of memory where the system caps it.

    The seconds are the processor's; by the clock a page may take `patience` times as long.
    """

    def __init__(self, seconds: float, megabytes: int, patience: float = 1) -> None:
        self.seconds, self.megabytes, self.longest = seconds, megabytes, seconds * patience
        self._closed, self._reading = False, threading.Lock()
        self._start("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")

    def read(self, body: bytes, url: str, **more: Any) -> Reading:
        with self._reading:
            return self._read(body, url, more)

    def close(self) -> None:
        """End the process, also from another thread than the one that reads: its page has failed then."""
        self._closed = True
        self._process.kill()
        with self._reading:
            self._kill()

    def _read(self, body: bytes, url: str, more: dict[str, Any]) -> Reading:
        self._ensure()
        if self._closed:
            raise ReadingFailedError("the crawl ended before this page was read")
        try:
            self._pipe.send((self.seconds, body, url, more))
            if not self._pipe.poll(self.longest):
                self._kill()
                raise ReadingFailedError(f"reading took longer than {self.longest:g} s")
            answer = self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            self._process.join(5)
            code = self._process.exitcode
            self._kill()
            if code is not None and code == -CPU_IS_UP:
                raise ReadingFailedError(f"reading took longer than {self.seconds:g} s of processor") from error
            raise ReadingFailedError(f"the reading process died (exit code {code})") from error
        if isinstance(answer, Reading):
            return answer
        raise ReadingFailedError(str(answer))

    @property
    def alive(self) -> bool:
        return bool(self._process.is_alive())

    def revive(self) -> None:
        """Start a new process where the last page killed its own, so that the next page need not wait for that."""
        with self._reading:
            self._ensure()

    def _ensure(self) -> None:
        if not self._closed and not self.alive:
            # A reactor with its threads runs by now, and nobody should fork that.
            self._start("spawn")

    def _kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _start(self, method: str) -> None:
        context: Any = multiprocessing.get_context(method)
        self._pipe, theirs = context.Pipe()
        # A forked child has our end of the pipe open too, and would never see us gone unless it closed it.
        ours = self._pipe if method == "fork" else None
        process = context.Process(target=_serve, args=(theirs, ours, self.megabytes), daemon=True)
        process.start()
        self._process = process  # only now: close() may come at any moment, and kills what it finds
        theirs.close()
        # Loading the readers in a new process is no time of the page that waits for it.
        try:
            ready = self._pipe.poll(START_SECONDS) and self._pipe.recv() == READY
        except (EOFError, ConnectionError):
            ready = False
        if not ready:
            self._kill()
            raise ReadingFailedError(f"a reading process did not start within {START_SECONDS} s")


class ReaderPool:
    """Capped readers for several threads, as many as cores but two at least: a page waits for the next free one."""

    def __init__(self, seconds: float, megabytes: int, size: int | None = None) -> None:
        self._readers: list[CappedReader] = []
        self._free: queue.SimpleQueue[CappedReader] = queue.SimpleQueue()
        try:
            for _ in range(size or min(max(os.cpu_count() or 1, LEAST), MOST)):
                self._readers.append(CappedReader(seconds, megabytes, PATIENCE))
                self._free.put(self._readers[-1])
        except ReadingFailedError:
            self.close()
            raise

    def read(self, body: bytes, url: str, **more: Any) -> Reading:
        reader = self._free.get()
        try:
            return reader.read(body, url, **more)
        finally:
            if reader.alive:
                self._free.put(reader)
            else:
                # Until it is back the others do its work: starting takes seconds on a busy machine.
                threading.Thread(target=self._bring_back, args=(reader,), daemon=True).start()

    def _bring_back(self, reader: CappedReader) -> None:
        try:
            reader.revive()
        except (ReadingFailedError, OSError):
            pass  # the page that gets this reader tries once more, and tells
        finally:
            self._free.put(reader)

    def close(self) -> None:
        # The last first: each has the pipes of those before it open, since it was forked after them.
        for reader in reversed(self._readers):
            reader.close()


def _serve(pipe: Connection, parents: Connection | None, megabytes: int) -> None:
    if parents is not None:
        parents.close()
    # Ctrl-C goes to the whole group: the crawl drains, and still needs its reader for that.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _cap_memory(megabytes)
    pipe.send(READY)
    while True:
        try:
            seconds, body, url, more = pipe.recv()
        except (EOFError, ConnectionError):  # the crawl ended, or was killed
            return
        answer: Reading | str
        _cap_time(seconds)
        try:
            answer = reading.read(body, url, **more)
        except Exception as error:  # noqa: BLE001  # any fault of a reader is an answer: it goes into the ledger
            answer = f"reader raised {fault(error)}"
        _cap_time(0)
        try:
            pipe.send(answer)
        except ConnectionError:  # the crawl was killed meanwhile
            return


def _cap_time(seconds: float) -> None:
    """Let the system end this process after so much of the processor's time; 0 takes that back."""
    if CPU_IS_UP:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.alarm(int(seconds * PATIENCE) + ORPHAN_SECONDS if seconds else 0)


def _cap_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the cap on time holds everywhere
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = megabytes * MEGABYTE
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and refuses it; the cap on time holds
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def fault(error: BaseException) -> str:
    """Type, message and place of an error, in one line of bounded length."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    message = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {message}{place}"
