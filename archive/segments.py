"""The folder of WARC segments beside the database: append, read back by offset, cut back what was never committed."""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from archive.errors import ArchiveError
from archive.warc import warcinfo

SEGMENT_BYTES = 1 << 30  # a new segment starts beyond this: 1 GB is what archives exchange
SET_ASIDE_BYTES = 1 << 20  # a longer uncommitted tail is kept beside the segment, it may be more than pages in flight
PREFIX = "gongbao-"  # files of other names in the folder are not ours to touch
SOFTWARE = "gongbao/0.1.0"


def folder_of(archive: Path) -> Path:
    """Where the segments of an archive lie: `archive.db.warc/` beside `archive.db`."""
    return archive.with_name(archive.name + ".warc")


class Segments:
    """The segments of one archive; only its writer appends, and only at the end of one open segment."""

    def __init__(self, archive: Path) -> None:
        self.folder = folder_of(archive)
        self._file: FileIO | None = None
        self._name = ""
        self._end = 0
        self.deferred = False  # leave forcing to disk to `sync`

    def sync(self) -> None:
        """Force to disk what was appended while `deferred`."""
        if self._file is not None:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                raise self._unwritable(error) from error

    def append(self, before: bytes, blob: bytes) -> tuple[str, int, int]:
        """Write both and force them to disk; give the segment's name, and offset and length of `blob` in it."""
        file = self._open()
        try:
            _write(file, before + blob)
            if not self.deferred:
                os.fsync(file.fileno())
        except OSError as error:
            self._forget_tail()
            raise self._unwritable(error) from error
        offset = self._end + len(before)
        self._end = offset + len(blob)
        return self._name, offset, len(blob)

    def read(self, name: str, offset: int, length: int) -> bytes:
        """The bytes of one record as they lie in the segment; fewer than `length` when the file is too short."""
        try:
            with (self.folder / name).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except OSError as error:
            raise ArchiveError(
                f"{self.folder / name}: cannot be read ({error.strerror}); restore the segment from a backup"
            ) from error

    def cut_back(self, committed: dict[str, int]) -> None:
        """Make every segment end where its last committed record ends: what follows belongs to no page.

        `committed` gives that end for each segment the database knows; other segments of ours hold nothing committed. A
        segment shorter than it should be is damage, which `verify` reports: it is left alone and never appended to.
        """
        for path in sorted(self.folder.glob(f"{PREFIX}*.warc.gz")):
            end = committed.get(path.name, 0)
            size = path.stat().st_size
            if size > end:
                self._cut(path, end, size)
            elif size == end < SEGMENT_BYTES:
                self._name, self._end = path.name, end

    def close(self) -> None:
        """Close the open segment."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _cut(self, path: Path, end: int, size: int) -> None:
        if size - end > SET_ASIDE_BYTES:
            aside = path.with_name(f"{path.name}.{end}.uncommitted")
            with path.open("rb") as source, aside.open("wb") as target:
                source.seek(end)
                while chunk := source.read(1 << 20):
                    target.write(chunk)
                os.fsync(target.fileno())
        if end == 0:
            path.unlink()
            return
        with path.open("r+b") as file:
            file.truncate(end)
            os.fsync(file.fileno())
        if end < SEGMENT_BYTES:
            self._name, self._end = path.name, end

    def _open(self) -> FileIO:
        if self._file is not None and self._end < SEGMENT_BYTES:
            return self._file
        try:
            if self._file is None and self._name and self._end:
                self._file = (self.folder / self._name).open("ab", buffering=0)
            else:
                self.sync()
                self.close()
                self._file = self._start()
        except OSError as error:
            raise ArchiveError(
                f"{self.folder}: cannot be written ({error.strerror}); choose a folder you may write to"
            ) from error
        return self._file

    def _start(self) -> FileIO:
        """Open a new segment; the random part keeps segments of merged archives apart."""
        now = datetime.now(UTC)
        self._name = f"{PREFIX}{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.warc.gz"
        file = (self.folder / self._name).open("xb", buffering=0)
        opening = warcinfo(self._name, SOFTWARE)
        _write(file, opening)
        self._end = len(opening)
        fsync_folder(self.folder)
        return file

    def _unwritable(self, error: OSError) -> ArchiveError:
        where = self.folder / self._name
        return ArchiveError(f"{where}: cannot be written ({error.strerror}); free some space and run again")

    def _forget_tail(self) -> None:
        """After a failed write: drop the half record, so that the next one does not stand behind rubbish."""
        if self._file is not None:
            os.ftruncate(self._file.fileno(), self._end)
        self.close()


def _write(file: FileIO, blob: bytes) -> None:
    """Write all of it: an unbuffered file may take less at a time."""
    view = memoryview(blob)
    while view:
        view = view[file.write(view) :]


def members(path: Path, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give offset and length of each gzip member between two offsets of a segment; raises zlib.error on damage."""
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        rest = b""
        while offset < end:
            inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
            length = 0
            while not inflate.eof:
                chunk = rest or file.read(1 << 16)
                if not chunk:
                    raise zlib.error(f"ends inside a record that starts at {offset}")
                inflate.decompress(chunk)
                rest = inflate.unused_data
                length += len(chunk) - len(rest)
            yield offset, length
            offset += length


def fsync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, so that a new file survives a power cut."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
