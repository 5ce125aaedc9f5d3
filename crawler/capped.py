"""Reading in a process of its own, with a cap on time and memory: one page can spoil its own reading, never the crawl.

The process is forked before the archive is opened and before a reactor runs, so it starts at once and holds neither
the archive's lock nor a socket; when a page has to be cut short, the next one gets a freshly started process. It ends
by itself when the crawl does, however that ends.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from crawler import reading
from crawler.reading import Reading

MEGABYTE = 1024 * 1024
START_SECONDS = 120
READY = "ready"


class ReadingFailedError(Exception):
    """A page whose reading raised, took too long or killed its process; one line says which."""


class CappedReader:
    """`read` like crawler.reading.read, within `seconds` a page and `megabytes` of memory where the system caps it."""

    def __init__(self, seconds: float, megabytes: int) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self._start("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")

    def read(self, body: bytes, url: str, **more: Any) -> Reading:
        if not self._process.is_alive():
            # A reactor with its threads runs by now, and nobody should fork that.
            self._start("spawn")
        try:
            self._pipe.send((body, url, more))
            if not self._pipe.poll(self.seconds):
                self.close()
                raise ReadingFailedError(f"reading took longer than {self.seconds:g} s")
            answer = self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            self._process.join(5)
            code = self._process.exitcode
            self.close()
            raise ReadingFailedError(f"the reading process died (exit code {code})") from error
        if isinstance(answer, Reading):
            return answer
        raise ReadingFailedError(str(answer))

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _start(self, method: str) -> None:
        context: Any = multiprocessing.get_context(method)
        self._pipe, theirs = context.Pipe()
        # A forked child has our end of the pipe open too, and would never see us gone unless it closed it.
        ours = self._pipe if method == "fork" else None
        self._process = context.Process(target=_serve, args=(theirs, ours, self.megabytes), daemon=True)
        self._process.start()
        theirs.close()
        # Loading the readers in a new process is no time of the page that waits for it.
        try:
            ready = self._pipe.poll(START_SECONDS) and self._pipe.recv() == READY
        except (EOFError, ConnectionError):
            ready = False
        if not ready:
            self.close()
            raise ReadingFailedError(f"a reading process did not start within {START_SECONDS} s")


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
            body, url, more = pipe.recv()
        except (EOFError, ConnectionError):  # the crawl ended, or was killed
            return
        answer: Reading | str
        try:
            answer = reading.read(body, url, **more)
        except Exception as error:  # noqa: BLE001  # any fault of a reader is an answer: it goes into the ledger
            answer = f"reader raised {fault(error)}"
        try:
            pipe.send(answer)
        except ConnectionError:  # the crawl was killed meanwhile
            return


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
