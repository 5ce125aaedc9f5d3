"""`scrapy add URL`: a site in one command, from a list or an article of it to a source that can be crawled."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    from crawler.discover.facts import Draft
    from crawler.discover.sampling import Survey

COLUMNS = 60


class Command(ScrapyCommand):
    """Looks at the site, shows what it found and what it is unsure of, asks, and writes the source."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] URL"

    def short_desc(self) -> str:
        return "Add a site from the URL of one of its lists or articles"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}: looks at it and at the columns it links to, reads three sample notices, shows what "
            "will come of it, and writes SOURCES/ID.toml and the first pairs of FIXTURES/ID. It overwrites nothing. "
            "scrapy add --yes http://www.mouxian.example/zwgk/fzzfjsbg/ Exit codes: 0 written, 1 nothing was "
            "written (no list found, not reached, or you said no), 2 the call was wrong or the source exists, 3 the "
            "folders cannot be written."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--id", dest="source", metavar="ID", help="name of the source (default: from the host)")
        parser.add_argument("--yes", action="store_true", help="write without asking")
        parser.add_argument(
            "--columns",
            metavar="N",
            type=int,
            default=COLUMNS,
            help=f"columns of the site to look at for further lists, 0 for none (default {COLUMNS})",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler.crawling import CrawlError
        from crawler.discover.scout import ScoutError, UnseenError
        from crawler.discover.writing import TakenError
        from crawler.registry import RegistryError

        if len(args) != 1 or opts.columns < 0:
            raise UsageError("expected one URL, and --columns of 0 or more", print_help=False)
        try:
            self.exitcode = self._add(args[0], opts)
        except (CrawlError, TakenError, RegistryError) as error:
            self._end(str(error), 2)
        except (UnseenError, ScoutError) as error:
            self._end(str(error), 1)
        except OSError as error:
            self._end(f"{error.filename}: cannot be written: {error.strerror}", 3)

    def _end(self, line: str, code: int) -> None:
        print(f"scrapy add: {line}", file=sys.stderr)
        self.exitcode = code

    def _add(self, url: str, opts: argparse.Namespace) -> int:
        from crawler.crawling import check
        from crawler.discover.showing import shown
        from crawler.discover.writing import write

        assert self.settings is not None
        assert self.crawler_process is not None
        check(self.crawler_process.settings)
        sources, folder = Path(str(self.settings["SOURCES"])), Path(str(self.settings["FIXTURES"]))
        source = chosen_id(url, opts.source, sources, folder)
        out, found = self._look(url, source, opts.columns)
        print("\n".join(shown(out, found)), flush=True)
        if not opts.yes and not agreed(f"Write {sources / source}.toml?"):
            print("scrapy add: nothing was written", file=sys.stderr)
            return 1
        for path in write(sources, folder, out, found):
            print(f"wrote {path}", file=sys.stderr)
        print(f"next: scrapy crawl {source}", file=sys.stderr)
        return 0

    def _look(self, url: str, source: str, columns: int) -> tuple[Draft, Survey]:
        from crawler.discover import facts, scout, survey

        assert self.crawler_process is not None
        if "PROGRESS" not in self.crawler_process.settings:
            self.crawler_process.settings.set("PROGRESS", sys.stderr.isatty())
        answer: list[tuple[Draft, Survey]] = []

        async def task(looking: scout.Scout) -> None:
            found = await survey.survey(looking, url, columns)
            answer.append((facts.draft(looking, found, source, datetime.now(UTC).date()), found))

        scout.scout(self.crawler_process, task)
        if not answer:
            raise scout.ScoutError("stopped before all was looked at; nothing was written")
        return answer[0]


def chosen_id(url: str, wanted: str | None, sources: Path, folder: Path) -> str:
    """The id to write under; raises TakenError or RegistryError before the site is asked anything."""
    from archive.dedup import canonical_url
    from crawler import registry
    from crawler.discover.naming import new_id
    from crawler.discover.writing import TakenError, free

    if registry.host_of(url) is None:
        raise registry.RegistryError(f"{url}: expected an http or https address")
    known = registry.ids(sources) if sources.is_dir() else []
    if wanted is None:
        for source in known:
            if canonical_url(url) in {canonical_url(one) for one in registry.load(sources, source).lists}:
                raise TakenError(f"{url} is a list of source {source} already; it is not overwritten: give --id")
        wanted = new_id(url, {*known, *(path.name for path in folder.glob("*"))})
    if not registry.ID.fullmatch(wanted):
        raise registry.RegistryError(f"--id: expected a-z, 0-9, - and _, found {wanted}")
    free(sources, folder, wanted)
    return wanted


def agreed(question: str) -> bool:
    """Ask on the terminal; nobody there to answer means no."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes", "是", "好"}
