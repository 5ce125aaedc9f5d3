"""`scrapy check ID`: looks at a source's live site again and tells what is no longer as its file says."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    from crawler.discover.examine import Finding


EDGE = " " * 19  # of the columns before what a finding says


class Command(ScrapyCommand):
    """Replaces Scrapy's contract checks, which this project has none of."""

    requires_project = True
    unchecked = False  # the source was never found as its file says

    def syntax(self) -> str:
        return "[options] SOURCE"

    def short_desc(self) -> str:
        return "Look whether a source's live site still is what its file says"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}: robots.txt, each list, the pager, a notice, identity, CMS family. Writes nothing, "
            "except with --stamp. Exit codes: 0 all as stated, 1 something is not, or the site gave no answer, "
            "2 unknown source or broken TOML, 3 the file cannot be written."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--stamp", action="store_true", help="when all is as stated, record the day in the file as checked"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler.crawling import CrawlError
        from crawler.discover.examine import stamp
        from crawler.discover.scout import ScoutError
        from crawler.registry import RegistryError

        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("expected one source; `scrapy list` shows them", print_help=False)
        try:
            findings = self._examine(args[0])
            print("\n".join(shown(findings)), flush=True)
            self.exitcode = 0 if all(one.well for one in findings) else 1
            if opts.stamp and self.exitcode == 0:
                path = Path(str(self.settings["SOURCES"])) / f"{args[0]}.toml"
                stamp(path, datetime.now(UTC).date().isoformat())
                print(f"stamped {path}", file=sys.stderr)
            elif self.exitcode == 0 and self.unchecked:
                print(f"`scrapy due` passes it by until: scrapy check {args[0]} --stamp", file=sys.stderr)
        except (CrawlError, RegistryError) as error:
            self._end(str(error), 2)
        except ScoutError as error:
            self._end(str(error), 1)
        except OSError as error:
            self._end(f"{error.filename}: cannot be written: {error.strerror}", 3)

    def _end(self, line: str, code: int) -> None:
        print(f"scrapy check: {line}", file=sys.stderr)
        self.exitcode = code

    def _examine(self, name: str) -> list[Finding]:
        from crawler import fixtures
        from crawler.crawling import USAGE, CrawlError, check
        from crawler.discover import examine, scout
        from crawler.loader import load_sound

        assert self.crawler_process is not None
        settings = self.crawler_process.settings
        check(settings)
        source = load_sound(str(settings["SOURCES"]), name)
        self.unchecked = source.checked == "never"
        try:
            if settings.getbool("REPLAY"):
                fixtures.load(str(settings["FIXTURES"]), name)
        except fixtures.FixtureError as error:
            raise CrawlError(str(error), USAGE) from error
        if "PROGRESS" not in settings:
            settings.set("PROGRESS", sys.stderr.isatty())
        findings: list[Finding] = []

        async def task(looking: scout.Scout) -> None:
            findings.extend(await examine.examine(looking, source))

        scout.scout(self.crawler_process, task, name, delay=source.delay)
        if not findings:
            raise scout.ScoutError("stopped before anything was looked at")
        return findings


def shown(findings: list[Finding]) -> Iterator[str]:
    """Each finding with what was expected and what was found, and what to make of it all."""
    from archive.display import wrap

    for one in findings:
        told = [*wrap(f"expected {one.expected}", indent=EDGE), *wrap(f"found {one.found}", indent=EDGE)]
        yield f"{'ok' if one.well else 'DRIFT':<7}{one.what:<12}{told[0].lstrip()}"
        yield from told[1:]
    off = sum(not one.well for one in findings)
    yield f"{off} of {len(findings)} findings are not as stated." if off else "All is as its file states."
