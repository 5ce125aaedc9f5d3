"""Metadata of a page with evidence: each field's value, raw string, where it stood, and the rivals it beat."""

from crawler.metadata.found import Found, Metadata
from crawler.metadata.assemble import read

__all__ = ["Found", "Metadata", "read"]
