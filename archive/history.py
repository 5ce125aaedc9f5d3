"""What a source was like before a run: the past its verdict compares with, read from the ledger and kept nowhere else.

The line between past and present is the last run that was trusted (healthy, quiet or incomplete). What came in since
then is in question, so a trouble that nobody mended is told again by the next run and not taken for the new usual.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.rhythm import Rhythm, rhythm

TRUSTED = ("healthy", "quiet", "incomplete")
# Fields whose loss tells that a page is laid out otherwise than it was; `text` counts as lost when it has shrunk.
FIELDS = ("title", "published", "written", "origin", "issuer", "index_number", "document_number", "topic")
SAMPLE = 400  # notices last published: enough to know what is usual, and old layouts do not count for ever
RUNS = 10  # trusted runs whose lists are compared with
SHRUNK = 0.5  # of its former length: no edit halves most texts of a site at once


@dataclass(frozen=True, slots=True)
class Sample:
    """Some notices: how many there are, how many say each field, and the lengths of their texts, shortest first."""

    notices: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """Who a page says it is, and whether it looks like a copy."""

    site_id: str | None = None
    site_name: str | None = None
    integrity: str = "clean"


@dataclass(frozen=True, slots=True)
class Past:
    """A source before a run, and how the run's pages compare with it. `runs` counts the trusted runs before.

    `lost` has for each field (and `text`) how many pages said it at the last trusted run, and how many of them no
    longer do; `fresh` samples the notices first read since. `rows` are, for each list, the first pages' rows in
    trusted runs, newest first, and `stated` the 共N条 of the newest that had one; `lasting` are the lists of which a
    trusted run came by entries met before. `same` is the most notices of this run that share one text, of `read`.
    `unreadable` counts this run's notices that cannot be read and could, or were not met, before; those of them that
    are held; and the held ones looked at.
    """

    runs: int = 0
    held: Sample = Sample()
    fresh: Sample = Sample()
    lost: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    were: Counter[Who] = field(default_factory=Counter)
    are: Counter[Who] = field(default_factory=Counter)
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    stated: Mapping[str, int] = field(default_factory=dict)
    lasting: frozenset[str] = frozenset()
    unreadable: tuple[int, int, int] = (0, 0, 0)
    read: int = 0
    same: int = 0
    latest: Sample = Sample()
    documents: int = 0
    rhythm: Rhythm | None = None


def past(db: sqlite3.Connection, run: int) -> Past:
    """The past of a run's source, and how what the run read compares with it. Asked at the end of the run."""
    source, started = db.execute("SELECT source, started FROM run WHERE id = ?", [run]).fetchone()
    marks = ", ".join("?" * len(TRUSTED))
    runs, trusted = db.execute(
        f"SELECT count(*), coalesce(max(id), 0) FROM run WHERE source = ? AND id < ? AND verdict IN ({marks})",
        [source, run, *TRUSTED],
    ).fetchone()
    asked = {"run": run, "source": source, "trusted": trusted, "sample": SAMPLE}
    db.execute("SAVEPOINT past")  # around a table of our own, which is gone with it
    try:
        db.execute("CREATE TEMP TABLE compared (page INTEGER PRIMARY KEY, now INTEGER, before INTEGER)")
        db.execute(_COMPARED, asked)
        return _past(db, asked, int(runs), rhythm(db, source, started))
    finally:
        db.execute("ROLLBACK TO past")
        db.execute("RELEASE past")


def _past(db: sqlite3.Connection, asked: dict[str, Any], runs: int, pace: Rhythm | None) -> Past:
    before = db.execute(_BEFORE, asked).fetchall()
    told = _lists(db, asked["source"], asked["trusted"])
    return Past(
        runs=runs,
        held=_sample(before),
        fresh=_sample(db.execute(_FRESH, asked).fetchall()),
        lost=_lost(db),
        were=_who(before),
        are=_who(db.execute(_READ, asked).fetchall()),
        rows={url: tuple(rows for at, rows, _, _, _ in told if at == url) for url, *_ in told},
        stated={url: count for url, _, _, _, count in reversed(told) if count is not None},
        lasting=frozenset(url for url, _, rows, fresh, _ in told if fresh < rows),
        unreadable=db.execute(_UNREADABLE, asked).fetchone(),
        read=_one(db, "SELECT count(*) FROM visit x JOIN compared c ON c.page = x.page WHERE x.run = :run", asked),
        same=_one(db, _SAME, asked),
        latest=_sample(db.execute(_LATEST, asked).fetchall()),
        documents=_one(db, _DOCUMENTS, asked),
        rhythm=pace,
    )


# Pages read since the last trusted run: what they say now, and what they said then. A version read by newer code from
# older bytes belongs to the older run: it is how we read that past today.
_COMPARED = """
INSERT INTO compared
SELECT page, (SELECT version FROM page WHERE id = page), (
  SELECT max(w.id) FROM version w LEFT JOIN capture c ON c.id = w.capture
  WHERE w.page = met.page AND w.integrity = 'clean' AND coalesce(c.run, 0) <= :trusted)
FROM (
  SELECT DISTINCT x.page FROM run r JOIN visit x ON x.run = r.id JOIN page p ON p.id = x.page
  WHERE r.source = :source AND r.id > :trusted AND r.id <= :run AND x.version IS NOT NULL AND p.role = 'notice') met"""
_SAID = f"v.site_id, v.site_name, v.integrity, coalesce(length(t.body), 0), {', '.join(f'v.{one}' for one in FIELDS)}"
_FRESH = f"""
SELECT {_SAID} FROM compared c JOIN version v ON v.id = c.now LEFT JOIN text t ON t.id = v.text
WHERE c.before IS NULL ORDER BY v.published DESC LIMIT :sample"""
_BEFORE = f"""
SELECT {_SAID} FROM (
  SELECT coalesce(c.before, p.version) AS version FROM page p LEFT JOIN compared c ON c.page = p.id
  JOIN version n ON n.id = p.version
  WHERE p.source = :source AND (c.page IS NULL OR c.before IS NOT NULL) ORDER BY n.published DESC LIMIT :sample) b
JOIN version v ON v.id = b.version LEFT JOIN text t ON t.id = v.text"""
_LATEST = f"""
SELECT {_SAID} FROM page p JOIN version v ON v.id = p.version LEFT JOIN text t ON t.id = v.text
WHERE p.source = :source ORDER BY v.published DESC LIMIT :sample"""
_READ = f"""
SELECT {_SAID} FROM visit x JOIN compared c ON c.page = x.page JOIN version v ON v.id = c.now
LEFT JOIN text t ON t.id = v.text WHERE x.run = :run ORDER BY v.id DESC LIMIT :sample"""
_SAME = """
SELECT coalesce(max(n), 0) FROM (
  SELECT count(*) AS n FROM visit x JOIN compared c ON c.page = x.page JOIN version v ON v.id = c.now
  WHERE x.run = :run AND v.text IS NOT NULL AND c.now IS NOT c.before GROUP BY v.text)"""
_UNREADABLE = """
SELECT coalesce(sum(bad), 0), coalesce(sum(bad AND held), 0), coalesce(sum(held AND state != 'new'), 0) FROM (
  SELECT x.state, p.version IS NOT NULL AS held, x.state = 'quarantined' AND NOT EXISTS (
    SELECT 1 FROM visit y WHERE y.page = x.page AND y.run <= :trusted AND y.state = 'quarantined') AS bad
  FROM visit x JOIN page p ON p.id = x.page WHERE x.run = :run AND p.role = 'notice'
  AND x.state IN ('new', 'changed', 'unchanged', 'duplicate', 'quarantined'))"""
_DOCUMENTS = """
SELECT count(*) FROM document d JOIN page p ON p.id = d.owner WHERE d.hidden IS NULL AND p.source = :source"""


def _one(db: sqlite3.Connection, sql: str, asked: Mapping[str, object]) -> int:
    return int(db.execute(sql, asked).fetchone()[0])


def _sample(rows: list[tuple[object, ...]]) -> Sample:
    filled = {name: sum(row[4 + i] is not None for row in rows) for i, name in enumerate(FIELDS)}
    lengths = sorted(int(str(row[3])) for row in rows)
    return Sample(len(rows), filled, tuple(lengths))


def _who(rows: list[tuple[object, ...]]) -> Counter[Who]:
    return Counter(Who(*row[:3]) for row in rows)  # type: ignore[arg-type]  # columns as the schema has them


def _lost(db: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """For each field (had it, lost it) among the pages that said something at the last trusted run."""
    counts = ", ".join(f"sum(b.{f} IS NOT NULL), sum(b.{f} IS NOT NULL AND n.{f} IS NULL)" for f in FIELDS)
    row = db.execute(
        f"SELECT sum(b.text IS NOT NULL), sum(CASE WHEN b.text IS NULL OR b.text IS n.text THEN 0 WHEN n.text IS NULL "
        f"THEN 1 ELSE (SELECT length(body) FROM text WHERE id = n.text) < {SHRUNK} * (SELECT length(body) FROM text "
        f"WHERE id = b.text) END), {counts} FROM compared c JOIN version b ON b.id = c.before JOIN version n "
        "ON n.id = c.now"
    ).fetchone()
    numbers = [int(value or 0) for value in row]
    return {name: (numbers[2 * i], numbers[2 * i + 1]) for i, name in enumerate(("text", *FIELDS))}


def _lists(db: sqlite3.Connection, source: str, trusted: int) -> list[tuple[str, int, int, int, int | None]]:
    """(url, rows of the first page, rows, fresh rows, 共N条) of lists as the last trusted runs read them."""
    marks = ", ".join("?" * len(TRUSTED))
    return db.execute(
        "SELECT url, first_rows, rows, fresh, record_count FROM sweep WHERE pages > 0 AND run IN ("
        f"SELECT id FROM run WHERE source = ? AND id <= ? AND verdict IN ({marks}) ORDER BY id DESC LIMIT {RUNS}) "
        "ORDER BY run DESC",
        [source, trusted, *TRUSTED],
    ).fetchall()
