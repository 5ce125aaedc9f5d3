"""Opening the SQLite file: for the one writer, or for any number of readers who never wait for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

# pysqlite3 where installed: the standard library's SQLite may carry the WAL-reset bug. It is not formally exported.
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from archive.errors import ArchiveError

__all__ = ["open_reader", "open_writer", "savepoint", "sqlite3", "transaction"]

APPLICATION_ID = (
    0x476F6E67  # "Gong" in the file header, so that `file` and we can tell an archive from another database
)
BUSY_MS = 60_000
CACHE_KIB = 64_000


def open_writer(path: Path) -> Database:
    """Open or create the file for writing: WAL, every commit on disk before it returns, foreign keys held."""
    with _explained(path):
        conn = sqlite3.connect(path, timeout=BUSY_MS / 1000)
    with _explained(path, close=conn):
        mode = conn.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode != "wal":
            raise ArchiveError(
                f"{path}: SQLite keeps it in {mode} mode, WAL is needed; use a local disk, not a network share"
            )
        conn.execute("PRAGMA synchronous=FULL")
        conn.execute("PRAGMA foreign_keys=ON")
        _tune(conn)
    return Database(conn)


def open_reader(path: Path) -> Database:
    """Open an existing file read-only; nothing is created and nothing locked, also while a crawl is writing.

    In a folder that cannot be written a WAL database opens only as immutable; right, as no writer can be there.
    """
    if not path.is_file():
        raise ArchiveError(
            f"{path}: no archive there; name another with --archive PATH, or crawl first (scrapy crawl ID)"
        )
    if not os.access(path, os.R_OK):
        raise ArchiveError(f"{path}: you may not read it; ask its owner for read permission")
    wal = path.with_name(path.name + "-wal")
    still = not os.access(path.parent, os.W_OK) and not wal.exists()
    uri = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if still else ''}"
    with _explained(path):
        conn = sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000, check_same_thread=False)
    with _explained(path, close=conn):
        _tune(conn)
        conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return Database(conn)


@contextmanager
def transaction(db: Database, path: Path) -> Iterator[None]:
    """One write transaction, taken at once so that it never has to be upgraded half-way; all of it or nothing."""
    with _explained(path):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise


@contextmanager
def savepoint(db: Database) -> Iterator[None]:
    """A part of a transaction that can fail by itself."""
    db.conn.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK TO part")
            db.conn.execute("RELEASE part")
        raise
    db.conn.execute("RELEASE part")


def _tune(conn: sqlite3.Connection) -> None:
    conn.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    conn.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    conn.execute("PRAGMA temp_store=MEMORY")


@contextmanager
def _explained(path: Path, close: sqlite3.Connection | None = None) -> Iterator[None]:
    """Turn what SQLite says about a file into one line for a person, closing the half-opened connection."""
    try:
        yield
    except (sqlite3.Error, ArchiveError) as error:
        if close is not None:
            close.close()
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"{path}: {_reason(str(error))}") from error


def _reason(message: str) -> str:
    if "not a database" in message:
        return "not a SQLite database; name the archive's own file, or restore it from a backup"
    if "unable to open" in message:
        return "SQLite cannot open it; check that the folder exists and may be written"
    if "is full" in message:
        return "the disk is full; free some space and run again"
    if "readonly" in message:
        return "it is read-only; allow writing to the file and its folder"
    return f"SQLite says: {message}; run: gongbao doctor"
