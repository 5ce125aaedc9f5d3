"""The document on a page: which node holds it, freed of the site's furniture, with its attachments and what is odd about it."""

from __future__ import annotations

from crawler.body.find import Body, find

__all__ = ["Body", "find"]
