"""Why a URL has no answer that could be used: its end for the ledger, and one line a person understands. Pure."""

from __future__ import annotations

from scrapy.exceptions import DownloadCancelledError

from archive.model import State
from crawler.dialling import in_words
from crawler.guard import InternalAddressError
from crawler.middlewares import RobotsDisallowedError, RobotsUnreachableError
from crawler.pace import HostAwayError, HostRefusesError
from crawler.replay import MISSING, NO_FIXTURE


def why_lost(error: BaseException | None) -> tuple[State, str]:
    """State and reason of a URL that gave no answer, from what Scrapy raised."""
    if isinstance(error, RobotsDisallowedError):
        return "skipped", str(error)
    if isinstance(error, RobotsUnreachableError | InternalAddressError | HostAwayError):
        return "failed", " ".join(str(error).split())[:300]
    if isinstance(error, HostRefusesError):
        return "blocked", str(error)
    if str(error).startswith(MISSING):
        return "failed", NO_FIXTURE
    if isinstance(error, DownloadCancelledError):
        return "failed", "larger than DOWNLOAD_MAXSIZE allows"
    return "failed", in_words(error)
