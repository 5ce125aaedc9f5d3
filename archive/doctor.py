"""`gongbao doctor`: look at every part of an archive that can go wrong, and say what to do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from archive import indexing
from archive.connection import sqlite3
from archive.lookup import every_capture
from archive.rereads import rereads
from archive.segments import PREFIX
from archive.store import Archive
from archive.verify import Verification, check_capture, verify_all

SAMPLE = 200  # captures read again unless all are asked for
INDEX_CHECKED = (3, 44, 0)  # the first SQLite whose integrity_check asks virtual tables too


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `ok`, `note` (nothing is lost) or `problem`, and what to do about it."""

    what: str
    grade: str
    told: str


def examine(archive: Archive, *, everything: bool = False) -> Iterator[Finding]:
    """Look at library, database, index, segments and bytes; each finding as soon as it is known."""
    yield _library()
    yield from _integrity(archive)
    yield _references(archive)
    yield _index(archive)
    yield _segments(archive)
    yield _ledger(archive)
    yield from _rereads(archive)
    yield _digests(archive, everything)


def library_is_sound(version: tuple[int, ...]) -> bool:
    """Whether a SQLite of this version is free of the WAL-reset bug (3.7.0 to 3.51.2 can corrupt a WAL database)."""
    return version < (3, 7, 0) or version > (3, 51, 2)


def _library() -> Finding:
    version = sqlite3.sqlite_version
    if library_is_sound(tuple(int(part) for part in version.split("."))):
        return Finding("SQLite library", "ok", version)
    told = f"{version} carries the WAL-reset bug of 3.7.0 to 3.51.2; on Linux: pip install 'pysqlite3>=0.6.1', "
    told += "elsewhere a Python with a newer SQLite"
    return Finding("SQLite library", "note", told)


def _integrity(archive: Archive) -> Iterator[Finding]:
    """The file's own check. From SQLite 3.44 on it looks into the full-text index too, without writing to it."""
    said = [str(row[0]) for row in archive.db.conn.execute("PRAGMA integrity_check(5)").fetchall()]
    of_index = [one for one in said if "fts5" in one.lower()]
    of_file = [one for one in said if one != "ok" and one not in of_index]
    if of_file:
        told = f"{'; '.join(of_file)}; restore it from a backup: gongbao restore BACKUP"
        yield Finding("database file", "problem", told)
    else:
        yield Finding("database file", "ok", "integrity_check passes")
    if of_index:
        yield Finding("words of the index", "problem", f"{'; '.join(of_index)}; run: gongbao reindex")
    elif sqlite3.sqlite_version_info < INDEX_CHECKED:
        told = f"not looked into: SQLite {sqlite3.sqlite_version} is older than 3.44; gongbao reindex builds them again"
        yield Finding("words of the index", "note", told)
    else:
        yield Finding("words of the index", "ok", "integrity_check passes")


def _references(archive: Archive) -> Finding:
    broken = archive.db.conn.execute("PRAGMA foreign_key_check").fetchall()
    if not broken:
        return Finding("references", "ok", "every row refers to one that is there")
    tables = ", ".join(sorted({row[0] for row in broken}))
    return Finding(
        "references", "problem", f"{len(broken)} rows of {tables} refer to nothing; restore it from a backup"
    )


def _index(archive: Archive) -> Finding:
    db = archive.db.conn
    behind = indexing.waiting(db)
    wanted = db.execute("SELECT count(*) FROM document WHERE hidden IS NULL").fetchone()[0]
    held = db.execute("SELECT count(*) FROM search_document").fetchone()[0]
    if behind:
        return Finding(
            "search index", "note", f"{behind} documents behind; the next writer catches up, or: gongbao reindex"
        )
    if held != wanted:
        return Finding("search index", "problem", f"holds {held} of {wanted} documents; run: gongbao reindex")
    return Finding("search index", "ok", f"holds all {held} documents")


def _segments(archive: Archive) -> Finding:
    committed = dict(archive.db.conn.execute("SELECT name, committed FROM segment").fetchall())
    folder = archive.segments.folder
    present = {path.name: path.stat().st_size for path in folder.glob(f"{PREFIX}*.warc.gz")}
    missing = [name for name, end in committed.items() if present.get(name, -1) < end]
    if missing:
        told = f"{', '.join(missing)} missing or too short; restore from a backup: gongbao restore BACKUP"
        return Finding("segments", "problem", told)
    tail = sum(max(0, size - committed.get(name, 0)) for name, size in present.items())
    aside = sum(path.stat().st_size for path in folder.glob("*.uncommitted"))
    if tail or aside:
        told = f"{tail} bytes not committed (a crawl is running, or was killed: the next one cuts them off)"
        told += f"; {aside} bytes set aside as *.uncommitted, delete them when not needed" if aside else ""
        return Finding("segments", "note", told)
    return Finding("segments", "ok", f"{len(committed)} present, nothing uncommitted")


def _ledger(archive: Archive) -> Finding:
    sql = (
        "SELECT count(DISTINCT run) FROM visit v JOIN run r ON r.id = v.run "
        "WHERE v.state = 'pending' AND r.finished IS NOT NULL"
    )
    unbalanced = archive.db.conn.execute(sql).fetchone()[0]
    if unbalanced:
        return Finding(
            "ledger", "problem", f"{unbalanced} finished runs have URLs without an end; restore from a backup"
        )
    return Finding("ledger", "ok", "every URL of every finished run has ended")


def _rereads(archive: Archive) -> Iterator[Finding]:
    """Rereads that were interrupted: some pages are read by newer code, some are not."""
    for one in rereads(archive):
        if one.finished is None and one.rolled_back is None:
            told = f"reread {one.id} of {one.at} stopped half-way; scrapy reread --accept goes on with it, "
            yield Finding("rereads", "note", f"{told}scrapy reread --rollback {one.id} takes it back")


def _digests(archive: Archive, everything: bool) -> Finding:
    if everything:
        result = verify_all(archive.db.conn, archive.segments)
    else:
        result = Verification()
        rows = list(every_capture(archive.db.conn))
        for row in random.sample(rows, min(SAMPLE, len(rows))):
            check_capture(archive.db.conn, archive.segments, row, result)
    if result.problems:
        return Finding("stored bytes", "problem", f"{len(result.problems)} problems, first: {result.problems[0]}")
    told = f"{result.captures} captures read again" + ("" if everything else " (a sample; all with --all)")
    return Finding("stored bytes", "ok", told)
