"""Reading stored answers again, as the crawl would today: its own `land`, parts of a document included, no network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from archive.model import Link, Stored
from crawler import parts
from crawler.capped import MOST
from crawler.landing import Landing, Reader, land
from crawler.registry import Source

# The stored answer of a further part of a document, by its address; None where there is none.
Parts = Callable[[str], Stored | None]
Asked = TypeVar("Asked")

NOT_STORED = "is not among the stored answers"


@dataclass(frozen=True, slots=True)
class Answers:
    """Stored answers to one link, to be read in turn until one of them has a record in it."""

    link: Link
    source: Source
    stored: tuple[Stored, ...]


def landed(answers: Answers, read: Reader) -> list[Landing]:
    """What became of each answer that was read, the last of them first with a record."""
    found: list[Landing] = []
    for stored in answers.stored:
        found.append(land(stored, answers.link, answers.source, read))
        if found[-1].visit.record is not None:
            break
    return found


def whole(landing: Landing, link: Link, source: Source, read: Reader, held: Parts) -> tuple[Landing, ...]:
    """The document of which `landing` is the first page, and the ends of its parts; itself when it has none."""
    gathering, url = parts.begin(link, landing), landing.part
    if gathering is None or url is None:
        return (landing,)
    while url is not None:
        refused = gathering.refuses(url, source)
        stored = None if refused else held(url)
        if stored is None:
            return gathering.broken(f"at {url} {refused or NOT_STORED}")
        following = land(stored, Link(url, "notice"), source, read)
        then = parts.after(gathering, url, following)
        if not isinstance(then, parts.Gathering):
            return then
        gathering, url = then, following.part
    return gathering.joined()


def all_landed(
    asked: Iterable[tuple[Asked, Answers | str]], read: Reader
) -> Iterator[tuple[Asked, list[Landing] | str]]:
    """Read many, several at once, in order; what cannot be read is a sentence, and comes back as that.

    No more of them are held in memory than there are readers, twice.
    """
    with ThreadPoolExecutor(MOST) as threads:
        under_way: deque[tuple[Asked, Future[list[Landing]] | str]] = deque()
        for what, answers in asked:
            under_way.append((what, answers if isinstance(answers, str) else threads.submit(landed, answers, read)))
            if len(under_way) > 2 * MOST:
                yield _ended(*under_way.popleft())
        for one in under_way:
            yield _ended(*one)


def _ended(what: Asked, future: Future[list[Landing]] | str) -> tuple[Asked, list[Landing] | str]:
    return what, future if isinstance(future, str) else future.result()
