"""`scrapy regold`: rewrites the expectations of fixtures from what the reader reads now, for review with `git diff`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand

from crawler import registry
from crawler.registry import RegistryError

if TYPE_CHECKING:
    from crawler.fixtures import Fixture


class Command(ScrapyCommand):
    """Never part of a test: a person decides whether the new reading is the right one."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] [SOURCE...]"

    def short_desc(self) -> str:
        return "Rewrite fixture expectations from what is read now (review with git diff)"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Without SOURCE: all of them. Everything above [expect] in NAME.md stays as it is. "
            "Exit codes: 0 done, 2 unknown source or broken fixture."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports every command at every call: what is heavy waits until it is needed.
        from crawler import fixtures
        from crawler.fixtures import FixtureError

        assert self.settings is not None
        folder, sources = str(self.settings["FIXTURES"]), str(self.settings["SOURCES"])
        try:
            for source in args or registry.ids(sources):
                family = registry.load(sources, source).family
                changed = [path for fixture in fixtures.load(folder, source) if (path := rewrite(fixture, family))]
                print(f"{source}: {len(changed)} changed", *(f"  {path}" for path in changed), sep="\n")
        except (RegistryError, FixtureError) as error:
            print(f"scrapy regold: {error}", file=sys.stderr)
            self.exitcode = 2


def rewrite(fixture: Fixture, family: str | None) -> Path | None:
    """Write what is read now into NAME.md; returns its path when that changed the file."""
    from crawler import fixtures, reading

    if not 200 <= fixture.status < 300:
        return None
    found = reading.read(
        fixture.body, fixture.url, status=fixture.status, headers=fixture.headers, family=family, as_kind=None
    )
    expect, text = fixtures.expectation(found)
    head, _ = fixtures.split(fixture.path)
    kept = head.split("[expect]")[0].split("[[expect.")[0].rstrip("\n")
    kept = kept.replace(f'kind = "{fixture.kind}"', f'kind = "{found.kind}"')
    new = "\n".join([fixtures.FENCE, kept, *fixtures.table(expect), fixtures.FENCE, text, ""])
    if new == fixture.path.read_text(encoding="utf-8"):
        return None
    fixture.path.write_text(new, encoding="utf-8")
    return fixture.path
