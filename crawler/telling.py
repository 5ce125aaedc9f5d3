"""Differences between two readings, for people (the marks of wdiff) and for programs (JSON written as it comes)."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

from archive.diff import characters, paragraphs, written
from archive.display import cut, safe

# Field -> what it said then, and now; None where it was absent.
Fields = Mapping[str, tuple[str | None, str | None]]

LINES = 12  # of one field that are printed; --json has all of it
PACE = 0.2  # seconds between two looks at how far it is


def lines(fields: Fields) -> Iterator[str]:
    """Each difference in the marks of wdiff, of a long field one line for each paragraph that differs."""
    for name, (then, now) in fields.items():
        before, after = safe(then or ""), safe(now or "")
        if "\n" not in before + after:
            yield f"{name}: {written(characters(before, after))}"
            continue
        told = [f"{name}, line {place}: {written(stretch)}" for place, stretch in paragraphs(before, after)]
        yield from told[:LINES]
        if len(told) > LINES:
            yield f"{name}: {len(told) - LINES} more lines differ"


def as_json(fields: Fields) -> dict[str, dict[str, str | None]]:
    return {name: {"then": then, "now": now} for name, (then, now) in fields.items()}


class Stream:
    """One JSON object on standard output whose array `name` is written while it grows, so that any number fits."""

    def __init__(self, head: Mapping[str, Any], name: str) -> None:
        opened = json.dumps(dict(head), ensure_ascii=False)[:-1]
        sys.stdout.write(f"{opened}, {json.dumps(name)}: [")
        self._first = True

    def add(self, row: Mapping[str, Any]) -> None:
        sys.stdout.write(("\n  " if self._first else ",\n  ") + json.dumps(dict(row), ensure_ascii=False))
        self._first = False

    def end(self, tail: Mapping[str, Any]) -> None:
        sys.stdout.write(("]" if self._first else "\n]") + ", " + json.dumps(dict(tail), ensure_ascii=False)[1:] + "\n")


class Progress:
    """How far it is, on one line of a terminal; nothing anywhere else."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self._shown = sys.stderr.isatty()
        self._began = self._last = time.monotonic()

    def step(self, what: str) -> None:
        self.done += 1
        now = time.monotonic()
        if self._shown and now - self._last >= PACE:
            self._last = now
            left = (now - self._began) / self.done * max(self.total - self.done, 0)
            line = f"{self.done:,} of {self.total:,}, {left / 60:.0f} min left  {what}"
            print(f"\r\x1b[K{cut(line, shutil.get_terminal_size().columns - 1)}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
