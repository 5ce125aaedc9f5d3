"""The writer lock: one process at a time writes an archive, and the second is told who that is."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ArchiveError, HeldError


class WriterLock:
    """Holds `PATH.lock` with flock(2) until released; the kernel frees it when the process dies, however it dies.

    The file stays and names its last holder; only the lock on it counts. A child made by a bare fork() inherits the
    lock, so processes that read for a crawler are spawned, not forked.
    """

    def __init__(self, archive: Path) -> None:
        path = archive.with_name(archive.name + ".lock")
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ArchiveError(
                f"{path}: cannot be written ({error.strerror}); choose a folder you may write to"
            ) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _describe(os.pread(self._fd, 4096, 0))
            os.close(self._fd)
            raise HeldError(f"{archive}: {holder} is writing it; wait until it ends, or stop it") from error
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, json.dumps(_me(), ensure_ascii=False).encode(), 0)

    def release(self) -> None:
        """Let the next writer in; releasing twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _me() -> dict[str, object]:
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv and sys.argv[0] else "python"
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": since, "command": command[:300]}


def _describe(text: bytes) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']} on {holder['host']} since {holder['since']} ({holder['command']})"
    except (ValueError, KeyError, TypeError):
        return "another process"  # it holds the lock but has not written its name yet
