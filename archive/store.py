"""The archive file: open it, write to it, read from it. The only module that writes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from archive.answers import CaptureRow, Document, Outcome, RunSummary
from archive.model import Capture, Link, Stored, Visit


class Archive:
    """One archive: a SQLite file with its WARC segments beside it. `write=True` makes this process its only writer."""

    def __init__(self, path: str | Path, write: bool = False) -> None:
        raise NotImplementedError

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        raise NotImplementedError

    def keep(self, capture: Capture) -> Stored:
        raise NotImplementedError

    def start_run(self, source: str) -> int:
        raise NotImplementedError

    def unfinished(self, run: int) -> list[Link]:
        raise NotImplementedError

    def meet(self, run: int, links: Iterable[Link]) -> list[Link]:
        raise NotImplementedError

    def save(self, run: int, visit: Visit) -> Outcome:
        raise NotImplementedError

    def count_request(self, run: int, n: int = 1) -> None:
        raise NotImplementedError

    def finish_run(
        self, run: int, *, requests: int | None = None, verdict: str, evidence: Sequence[str] = ()
    ) -> RunSummary:
        raise NotImplementedError

    def run(self, id: int) -> RunSummary:
        raise NotImplementedError

    def runs(self, source: str | None = None) -> list[RunSummary]:
        raise NotImplementedError

    def documents(self) -> list[Document]:
        raise NotImplementedError

    def document(self, id: str) -> Document | None:
        raise NotImplementedError

    def history(self, url: str) -> list[CaptureRow]:
        raise NotImplementedError

    def body(self, capture: int) -> bytes:
        raise NotImplementedError


def shared(path: str | Path) -> Archive:
    """The one open writer of this process for `path`: counted, so that each user closes it once."""
    raise NotImplementedError
