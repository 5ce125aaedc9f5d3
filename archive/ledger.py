"""Runs and how every URL of a run ended: the counts always add up to the URLs the run met."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Sequence
from typing import Any

from archive import sweeps
from archive.answers import RunSummary
from archive.departures import departures, take_back
from archive.errors import ArchiveError
from archive.history import TRUSTED

# A run that left URLs without an end is never called one of these.
_FULL = frozenset({"healthy", "quiet"})


def start(db: sqlite3.Connection, source: str, at: str) -> int:
    """Open a run of a source; a run of it that never finished died, and is closed as interrupted."""
    for (dead,) in db.execute("SELECT id FROM run WHERE source = ? AND finished IS NULL", [source]).fetchall():
        left = interrupt(db, dead, "the run died before this URL ended")
        if departures(db, dead).mass:
            take_back(db, dead)
        said = json.dumps([f"died before it finished; {left} URLs left to the next run"], ensure_ascii=False)
        db.execute(
            "UPDATE run SET verdict = 'interrupted', evidence = ?, "
            "finished = coalesce((SELECT max(at) FROM visit WHERE run = run.id), started) WHERE id = ?",
            [said, dead],
        )
    key = f"{source} {at} {secrets.token_hex(6)}"
    row = db.execute(
        "INSERT INTO run (key, source, started) VALUES (?, ?, ?) RETURNING id", [key, source, at]
    ).fetchone()
    return int(row[0])


def interrupt(db: sqlite3.Connection, run: int, reason: str) -> int:
    """Turn what is still pending in a run into `interrupted`; give how many URLs that were."""
    sql = "UPDATE visit SET state = 'interrupted', reason = ? WHERE run = ? AND state = 'pending'"
    left = db.execute(sql, [reason, run]).rowcount
    db.execute(
        "UPDATE page SET state = 'interrupted', reason = ? WHERE state = 'pending' AND id IN "
        "(SELECT page FROM visit WHERE run = ? AND state = 'interrupted')",
        [reason, run],
    )
    return left


def finish(
    db: sqlite3.Connection, run: int, requests: int | None, verdict: str, evidence: Sequence[str], at: str
) -> None:
    """Close a run; URLs still pending become interrupted and make the verdict at least `incomplete`."""
    said = list(evidence)
    if left := interrupt(db, run, "the run ended before this URL did"):
        said.append(f"{left} URLs were met and not ended; the next run takes them over")
        verdict = "incomplete" if verdict in _FULL else verdict
    if verdict not in TRUSTED and (kept := take_back(db, run)):
        said.append(f"{kept} pages that answered gone are not marked so: a run that went this wrong is no evidence")
    changed = db.execute(
        "UPDATE run SET finished = ?, verdict = ?, evidence = ?, requests = coalesce(?, requests) "
        "WHERE id = ? AND finished IS NULL",
        [at, verdict, json.dumps(said, ensure_ascii=False), requests, run],
    ).rowcount
    if not changed:
        raise ArchiveError(f"run {run}: not open; it was never started here, or finished already")


def source_of(db: sqlite3.Connection, run: int) -> str:
    """The source of an open run; raises ArchiveError when the run is not open."""
    row = db.execute("SELECT source FROM run WHERE id = ? AND finished IS NULL", [run]).fetchone()
    if row is None:
        raise ArchiveError(f"run {run}: not open; it was never started here, or finished already")
    return str(row[0])


def summaries(db: sqlite3.Connection, source: str | None = None, run: int | None = None) -> list[RunSummary]:
    """Runs, newest first, with their counts by state."""
    rows = db.execute(
        "SELECT id, source, started, finished, verdict, requests, evidence FROM run "
        "WHERE (:source IS NULL OR source = :source) AND (:run IS NULL OR id = :run) ORDER BY id DESC",
        {"source": source, "run": run},
    ).fetchall()
    return [_summary(db, row) for row in rows]


def _summary(db: sqlite3.Connection, row: Sequence[Any]) -> RunSummary:
    id, source, started, finished, verdict, requests, said = row
    lists = sweeps.of_run(db, id)
    counts, of_files = _counts(db, id), _counts(db, id, of_files=True)
    evidence = tuple(json.loads(said))
    return RunSummary(id, source, started, finished, verdict, requests, counts, evidence, lists, of_files)


def _counts(db: sqlite3.Connection, run: int, *, of_files: bool = False) -> dict[str, int]:
    """Ends by state, of the pages or of their attachments."""
    sql = (
        "SELECT v.state, count(*) FROM visit v JOIN page p ON p.id = v.page WHERE v.run = ? "
        "AND (p.role = 'attachment') = ? GROUP BY v.state ORDER BY v.state"
    )
    return dict(db.execute(sql, [run, of_files]).fetchall())
