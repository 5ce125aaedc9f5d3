"""`scrapy demo`: the whole way in one command, from fixture pages through the real engine to a search in Chinese."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand

from archive import Archive, ArchiveError
from archive.answers import Document, RunSummary
from archive.display import COLUMNS, cut, table, wrap
from archive.snippet import PLAIN, Marks

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

PLACE = "demo/archive.db"
QUERY = "行政复议"
# Private-use characters of no width on a terminal stand for the colours while lines are measured and broken.
COLOURED = Marks("\ue000", "\ue001")
ESCAPES = str.maketrans({"\ue000": "\x1b[1;31m", "\ue001": "\x1b[0m"})


class Command(ScrapyCommand):
    """Crawls the sample sources by replay into an archive of its own, then shows what a person gets from it."""

    requires_project = True
    default_settings: ClassVar[dict[str, Any]] = {"REPLAY": True, "PROGRESS": True}

    def short_desc(self) -> str:
        return f"Crawl the sample sources from fixtures into {PLACE} and look at the result"

    def long_desc(self) -> str:
        return f"{self.short_desc()}. Needs no network. Exit codes: as of scrapy crawl."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler.crawling import CrawlError, crawl, exit_code

        assert self.settings is not None
        assert self.crawler_process is not None
        # Never the person's own archive, unless -s ARCHIVE says so.
        if (self.settings.getpriority("ARCHIVE") or 0) < 40:
            self.settings.set("ARCHIVE", PLACE, priority="cmdline")
            self.crawler_process.settings.set("ARCHIVE", PLACE, priority="cmdline")
        place = Path(str(self.settings["ARCHIVE"]))
        before = held(place)
        try:
            samples = sample_sources(self.settings)
            print(f"Crawling {len(samples)} sample sources from their fixtures into {place}\n", file=sys.stderr)
            runs = crawl(self.crawler_process, samples)
        except CrawlError as error:
            print(f"scrapy demo: {error}", file=sys.stderr)
            self.exitcode = error.code
            return
        with Archive(place) as archive:
            print("\n".join(shown(archive, runs, before, place)))
        self.exitcode = exit_code(runs)


def sample_sources(settings: BaseSettings) -> list[str]:
    """Ids of the sources that live from fixtures."""
    from crawler import registry
    from crawler.crawling import USAGE, CrawlError

    folder = str(settings["SOURCES"])
    try:
        found = [source for source in registry.ids(folder) if registry.load(folder, source).sample]
    except registry.RegistryError as error:
        raise CrawlError(str(error), USAGE) from error
    if not found:
        raise CrawlError(f"{folder}: expected sources with sample = true, found none", USAGE)
    return found


def held(place: Path) -> int:
    """Documents the archive holds before the crawl; 0 while there is none."""
    if not place.exists():
        return 0
    try:
        with Archive(place) as archive:
            return sum(1 for _ in archive.documents())
    except ArchiveError:  # told by the crawl, which cannot go on without it
        return 0


def shown(archive: Archive, runs: Sequence[RunSummary], before: int, place: Path) -> Iterator[str]:
    """The closing page of the demo, line by line, at 80 columns."""
    documents = list(archive.documents())
    yield from ("", "Runs", *ledger(runs))
    new = len(documents) - before
    changed = sum(run.counts.get("changed", 0) for run in runs)
    if new or changed:
        yield f"{new} new documents; the archive holds {len(documents)}."
    else:
        yield f"Nothing was added: the archive held all {len(documents)} documents already."
    yield from ("", "Reports on 法治政府建设", *reports(documents))
    yield from ("", f"Search: {QUERY}", *hits(archive))
    yield from ("", "Try next", *(f"  {line}" for line in suggestions(documents, place)))


def ledger(runs: Sequence[RunSummary]) -> list[str]:
    """One line a run: every URL it met, by how it ended."""
    states = list(dict.fromkeys(state for run in runs for state, n in run.counts.items() if n))
    head = ["source", "verdict", "URLs", *states, "requests"]
    rows = [
        [run.source, run.verdict, sum(run.counts.values()), *(run.counts.get(s, 0) for s in states), run.requests]
        for run in runs
    ]
    return table(head, rows)


def reports(documents: Sequence[Document]) -> Iterator[str]:
    found = [one for one in documents if one.record.report_year and "法治政府" in (one.record.title or "")]
    for one in sorted(found, key=lambda one: (one.record.report_year or 0, one.source)):
        record = one.record
        yield cut(record.title or "-", COLUMNS)
        year, day = record.report_year, (record.published or "not stated")[:10]
        yield f"  {one.id}  {one.source}  report year {year}  published {day}  {record.integrity}"
        yield f"  issuer {record.issuer or 'not stated'}"
        if record.integrity != "clean":
            yield from wrap(f"{record.integrity} because: {'; '.join(record.integrity_reasons)}", indent="  ")


def hits(archive: Archive) -> Iterator[str]:
    terminal = sys.stdout.isatty()
    answer = archive.search(QUERY, limit=3, marks=COLOURED if terminal else PLAIN)
    for hit in answer.hits:
        yield cut(hit.title or "-", COLUMNS)
        yield from (line.translate(ESCAPES) for line in wrap(hit.snippet, indent="  "))
    yield f"{answer.total} documents mention it; {len(answer.hits)} shown."


def suggestions(documents: Sequence[Document], place: Path) -> Iterator[str]:
    gongbao = f"{_command('gongbao')} --archive {shlex.quote(str(place))}"
    yield f"{gongbao} search '执法 AND 培训'"
    if documents:  # whichever site was faster
        yield f"{gongbao} show {min(document.id for document in documents)}"
    yield f"{gongbao} runs"
    yield f"{gongbao} health"
    yield f"{gongbao} verify"
    yield f"{_command('scrapy')} list"


def _command(name: str) -> str:
    """How to call a command of this installation from here: by name where the shell finds it."""
    if shutil.which(name):
        return name
    beside = Path(sys.executable).parent / name
    return str(beside.relative_to(Path.cwd()) if beside.is_relative_to(Path.cwd()) else beside)
