"""What a CMS family is: how to recognise it on a page, where its article stands, how its lists page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from crawler.page import Page

# How every family begins to say that a list ends here and all of it was shown.
LAST_PAGE = "last page"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list page: absolute URL, title as the list shows it, ISO day or None."""

    url: str
    title: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class NextPage:
    """A request for the page after this one, where a plain GET of a URL is not enough.

    `headers` are the ones the server is known to insist on, beyond what every request carries.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What the page's own pager says: where the next page is, or why there is none.

    `url` is set when a GET of it gives the next page; `request` when more than that is needed; `stop_reason` when
    there is neither. `evidence` quotes what was read on the page. Counts are those the pager states, not counted rows.
    """

    evidence: str
    url: str | None = None
    request: NextPage | None = None
    stop_reason: str | None = None
    page_count: int | None = None
    record_count: int | None = None


class Family:
    """One CMS family. The base class is the generic family: everything is read from plain markup.

    A family is code because its lists page by rules; it never knows which site it is on. Every method answers None
    when the page holds no evidence for it, so asking the wrong family does no harm.
    """

    name: str = "generic"
    # XPaths of the element that holds the article body, best first.
    containers: tuple[str, ...] = ()
    # Patterns of article URLs of this family (DOMAIN.md section 6.5).
    article_url: tuple[re.Pattern[str], ...] = ()

    def fingerprint(self, page: Page) -> str | None:
        """What on the page shows that it is of this family, as words for people; None when nothing does."""
        return None

    def entries(self, page: Page) -> tuple[Entry, ...] | None:
        """The entries of a list this family writes in its own way; None: read the rows generically."""
        return None

    def next_page(self, page: Page) -> Turn | None:
        """What this family's pager on the page says; None when the page holds no such pager."""
        return None

    def columns(self, page: Page) -> tuple[tuple[str, str], ...]:
        """(URL, name) of the site's lists where the page names them in another way than by links."""
        return ()


def quote(text: str, limit: int = 80) -> str:
    """Evidence cut to one short line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
