"""The document on a page: which node holds it, freed of furniture, with its attachments."""

from __future__ import annotations

from crawler.body.find import Body, find

__all__ = ["Body", "find"]
