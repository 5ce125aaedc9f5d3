"""The one error a user of the archive can meet: a line that says where, what was found and what to do."""

from __future__ import annotations


class ArchiveError(Exception):
    """One line for a person; the command line prints it as `gongbao: ...` and exits with 3."""


class HeldError(ArchiveError):
    """Another process is writing the archive: it is named in the line; later it will do."""


class NotHeldError(ArchiveError):
    """The archive is fine but does not hold what was asked for; the command line exits with 1."""


class QuestionError(Exception):
    """What was asked cannot be understood, such as an empty query; the command line exits with 2."""
