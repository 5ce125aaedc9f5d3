"""The durable side: captures, records, versions, runs. Opens without Scrapy, lxml or trafilatura installed."""

from archive.errors import ArchiveError
from archive.store import Archive

__all__ = ["Archive", "ArchiveError"]
