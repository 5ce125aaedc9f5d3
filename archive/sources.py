"""What is held of each source, and how its last run went."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source; `last_new` is when a document of it was first seen last."""

    source: str
    documents: int
    gone: int
    pages: int
    runs: int
    last_run: str | None
    verdict: str | None
    last_new: str | None


def sources(db: sqlite3.Connection) -> list[SourceRow]:
    """Every source the archive knows, by name."""
    rows = db.execute(
        "WITH held AS (SELECT p.source, count(*) AS documents, max(d.first_seen) AS last_new, sum(NOT EXISTS ("
        "SELECT 1 FROM page q WHERE q.document = d.id AND q.gone IS NULL)) AS gone "
        "FROM document d JOIN page p ON p.id = d.owner WHERE d.hidden IS NULL GROUP BY p.source), "
        "met AS (SELECT source, count(*) AS pages FROM page GROUP BY source), "
        "crawled AS (SELECT source, count(*) AS runs, max(id) AS last FROM run GROUP BY source), "
        "named AS (SELECT source FROM met UNION SELECT source FROM crawled) "
        "SELECT n.source, coalesce(h.documents, 0), coalesce(h.gone, 0), coalesce(m.pages, 0), coalesce(c.runs, 0), "
        "r.started, r.verdict, h.last_new FROM named n LEFT JOIN held h USING (source) LEFT JOIN met m USING (source) "
        "LEFT JOIN crawled c USING (source) LEFT JOIN run r ON r.id = c.last ORDER BY n.source"
    ).fetchall()
    return [SourceRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a source; `finished` and `verdict` are None where it died, `urls` counts the pages it met."""

    started: str
    finished: str | None
    verdict: str | None
    urls: int
    evidence: tuple[str, ...]


def last_runs(db: sqlite3.Connection) -> dict[str, LastRun]:
    """The newest run of every source, by the source's name; ids of merged archives are not in order of time."""
    rows = db.execute(
        "SELECT r.source, r.started, r.finished, r.verdict, (SELECT count(*) FROM visit v JOIN page p ON p.id = v.page "
        "WHERE v.run = r.id AND p.role != 'attachment'), r.evidence FROM run r WHERE r.id = "
        "(SELECT l.id FROM run l WHERE l.source = r.source ORDER BY l.started DESC, l.id DESC LIMIT 1)"
    ).fetchall()
    return {row[0]: LastRun(row[1], row[2], row[3], row[4], tuple(json.loads(row[5]))) for row in rows}
