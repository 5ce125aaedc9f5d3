"""`scrapy crawl ID`: Scrapy's own command, with clear errors and an exit code that means health."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from crawler.commands.due import add_limits, limit


class Command(BaseRunSpiderCommand):
    """Crawl sources into the archive, side by side in one process, each as a run of its own."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] SOURCE..."

    def short_desc(self) -> str:
        return "Crawl sources into the archive (-s REPLAY=1: from their fixtures, without network)"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Exit codes: 0 every verdict healthy or quiet; 1 any other (incomplete, "
            "layout_changed, blocked, down, identity_mismatch), told with its evidence on stderr; 2 unknown source, "
            "broken TOML or fixture; 3 the archive cannot be used."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_limits(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler.crawling import CrawlError, crawl, exit_code
        from crawler.progress import summary_line

        assert self.settings is not None
        assert self.crawler_process is not None
        if not args:
            raise UsageError("name a source; `scrapy list` shows them", print_help=False)
        if "PROGRESS" not in self.settings:
            self.settings.set("PROGRESS", sys.stderr.isatty())
        try:
            runs = crawl(self.crawler_process, args, seconds=limit(opts, datetime.now().astimezone()))
        except CrawlError as error:
            print(f"scrapy crawl: {error}", file=sys.stderr)
            self.exitcode = error.code
            return
        for run in runs:
            print(summary_line(run), file=sys.stderr)
        self.exitcode = exit_code(runs)
