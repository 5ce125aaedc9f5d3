"""A consistent copy of an archive while a crawl writes it, and the way back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from archive.connection import open_reader, sqlite3
from archive.errors import ArchiveError
from archive.segments import folder_of, fsync_folder
from archive.store import Archive
from archive.takedown import withdraw_hidden
from archive.verify import Verification

CHUNK = 1 << 20


def backup(source: Path, target: Path) -> Verification:
    """Copy the archive at `source` to the new file `target`, and read the copy again; hidden documents are not in it.

    The database is copied as of one moment; each segment up to the end that the copied database knows, which no
    writer touches any more. Segments that are there already (an earlier backup) are not copied again.
    """
    if target.exists():
        raise ArchiveError(f"{target}: exists; name a new file, a backup never overwrites one")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        _copy_database(source, partial)
        _copy_segments(source, partial, target)
        partial.rename(target)
        fsync_folder(target.parent)
    except OSError as error:
        raise ArchiveError(f"{target}: cannot be written ({error.strerror}); choose a folder with space") from error
    with Archive(target, write=True) as copy:
        withdraw_hidden(copy)
        return copy.verify()


def restore(backup_file: Path, target: Path) -> Verification:
    """Put a backup in the place of an archive that is lost; the same copy the other way round."""
    if target.exists() or folder_of(target).exists():
        raise ArchiveError(
            f"{target}: an archive or its segments are there; move them away first, nothing is overwritten"
        )
    Archive(backup_file).close()
    return backup(backup_file, target)


def _copy_database(source: Path, target: Path) -> None:
    reader = open_reader(source)
    copy = sqlite3.connect(target)
    try:
        reader.conn.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise ArchiveError(f"{target}: cannot be written ({error}); choose a folder with space") from error
    finally:
        copy.close()
        reader.close()
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _copy_segments(source: Path, database: Path, target: Path) -> None:
    folder = folder_of(target)
    folder.mkdir(exist_ok=True)
    copy = sqlite3.connect(database)
    wanted = copy.execute("SELECT name, committed FROM segment").fetchall()
    copy.close()
    for name, committed in wanted:
        _copy_bytes(folder_of(source) / name, folder / name, int(committed))
    fsync_folder(folder)


def _copy_bytes(source: Path, target: Path, length: int) -> None:
    """The first `length` bytes; what the source lacks, verify will tell."""
    if not source.exists():
        return
    with source.open("rb") as old, target.open("wb") as new:
        left = length
        while left and (chunk := old.read(min(CHUNK, left))):
            new.write(chunk)
            left -= len(chunk)
        new.flush()
        os.fsync(new.fileno())
    shutil.copystat(source, target)
