"""The one error a user of the archive can meet: a line that says where, what was found and what to do."""

from __future__ import annotations


class ArchiveError(Exception):
    """One line for a person; the command line prints it as `gongbao: ...` and exits with 3."""
