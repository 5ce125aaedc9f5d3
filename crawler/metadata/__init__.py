"""Metadata of a page with evidence: each field's value, raw string, where it stood, and the rivals it beat."""

from crawler.metadata.assemble import read
from crawler.metadata.found import Found, Metadata

__all__ = ["Found", "Metadata", "read"]
