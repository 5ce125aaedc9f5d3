"""The present, as the archive writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


def _present() -> datetime:
    return datetime.now(UTC)


present: Callable[[], datetime] = _present  # replaced where years have to pass in seconds


def now() -> str:
    """The present in UTC, ISO 8601 to the second, with `Z`."""
    return present().strftime("%Y-%m-%dT%H:%M:%SZ")
