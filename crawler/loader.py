"""Makes every source of the registry a spider, so `scrapy list` and `scrapy crawl ID` need no class per source."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.cms import FAMILIES, GENERIC
from crawler.registry import RegistryError, Source, host_of, ids, load
from crawler.spider import SourceSpider


def load_sound(folder: str, source: str) -> Source:
    """A source whose family exists too, which the registry alone cannot know."""
    found = load(folder, source)
    known = [GENERIC.name, *(family.name for family in FAMILIES)]
    if found.family is not None and found.family not in known:
        near = difflib.get_close_matches(found.family, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the families are {', '.join(sorted(known))}"
        raise RegistryError(f"{Path(folder) / source}.toml: key family: unknown CMS family {found.family}; {hint}")
    return found


class SourceLoader:
    """Scrapy's SpiderLoader over the folder of setting SOURCES; a source is read when it is asked for."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(str(settings["SOURCES"]))

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of one source; KeyError is what Scrapy's own commands expect of an unknown one."""
        try:
            source = load_sound(self.folder, spider_name)
        except RegistryError as error:
            raise KeyError(str(error)) from error
        return type("SourceSpider", (SourceSpider,), {"name": source.id, "source": source})

    def list(self) -> list[str]:
        return ids(self.folder)

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]  # `list` is the method here
        host = host_of(request.url)
        return [source for source in self.list() if host in load(self.folder, source).hosts]
