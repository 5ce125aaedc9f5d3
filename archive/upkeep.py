"""Building the index again, and giving space back."""

from __future__ import annotations

from archive import indexing
from archive.store import Archive


def rebuild_index(archive: Archive) -> int:
    """Empty search index and near-duplicate links and fill them from the documents; give how many they hold."""
    with archive.transaction():
        indexing.mark_all(archive.db.conn)
    archive.catch_up()
    return int(archive.db.conn.execute("SELECT count(*) FROM indexed").fetchone()[0])


def vacuum(archive: Archive) -> tuple[int, int]:
    """Merge the index and rewrite the file without its holes; give its size before and after.

    Needs free space of the file's size meanwhile.
    """
    db = archive.db.conn
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = archive.path.stat().st_size
    with archive.transaction():
        indexing.compact(db)
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before, archive.path.stat().st_size
