"""`scrapy list`: the sources, one id a line; a source that cannot be used is told on stderr."""

from __future__ import annotations

import argparse
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from crawler import registry


class Command(ScrapyCommand):
    """List the sources of the registry."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        return "List the sources (exit code 2 when one of them cannot be used)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler.loader import load_sound

        assert self.settings is not None
        folder = self.settings["SOURCES"]
        try:
            known = registry.ids(folder)
        except registry.RegistryError as error:
            print(f"scrapy list: {error}", file=sys.stderr)
            self.exitcode = 2
            return
        for source in known:
            print(source)
            try:
                load_sound(folder, source)
            except registry.RegistryError as error:
                print(f"scrapy list: {error}", file=sys.stderr)
                self.exitcode = 2
