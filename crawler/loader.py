"""Makes every source of the registry a spider, so `scrapy list` and `scrapy crawl ID` need no class per source."""

from __future__ import annotations

from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.registry import RegistryError, host_of, ids, load
from crawler.spider import SourceSpider


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
            source = load(self.folder, spider_name)
        except RegistryError as error:
            raise KeyError(str(error)) from error
        return type("SourceSpider", (SourceSpider,), {"name": source.id, "source": source})

    def list(self) -> list[str]:
        return ids(self.folder)

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]  # `list` is the method here
        host = host_of(request.url)
        return [source for source in self.list() if host in load(self.folder, source).hosts]
