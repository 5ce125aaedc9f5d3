"""kill -9 at any moment: nothing promised is lost, nothing half is left, and the next run takes over.

The suite kills a few times; `GONGBAO_KILLS=1000 pytest tests/archive/test_crash.py` is the long form. It tells how
far it is, and starts a fresh archive every ROUND kills: all of an archive is read again after every kill.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from archive import Archive
from tests.archive.writer import SOURCE

KILLS = int(os.environ.get("GONGBAO_KILLS", "6"))
ROUND = 25
ROOT = Path(__file__).parents[2]


def test_a_writer_killed_at_random_moments_loses_nothing_it_promised(tmp_path: Path) -> None:
    rng = random.Random(20260101)
    promised = 0
    for first in range(0, KILLS, ROUND):
        folder = tmp_path / str(first)
        folder.mkdir()
        promised += _round(folder, range(first, min(first + ROUND, KILLS)), rng)
        print(f"{min(first + ROUND, KILLS)} kills, {promised} documents promised, all of them there", flush=True)
        shutil.rmtree(folder)
    assert promised > KILLS, "the writers wrote something before they were killed"


def _round(folder: Path, seeds: range, rng: random.Random) -> int:
    """Kill a writer of one archive again and again; give how many documents the writers promised in all."""
    path, log = folder / "archive.db", folder / "promised.log"
    log.touch()
    for seed in seeds:
        _kill_one_writer(path, log, seed, rng)
        with Archive(path, write=True) as archive:
            _check(archive, log, last=0 if seed == seeds[-1] else 1)
    return len(log.read_text().splitlines())


def _kill_one_writer(path: Path, log: Path, seed: int, rng: random.Random) -> None:
    """Let a writer write for a random while; every fourth is killed while it is still opening the archive."""
    before = log.stat().st_size
    child = subprocess.Popen([sys.executable, "-m", "tests.archive.writer", str(path), str(log), str(seed)], cwd=ROOT)
    if seed % 4 != 3:
        deadline = time.monotonic() + 60
        while log.stat().st_size == before:
            assert child.poll() is None, "the writer ended by itself"
            assert time.monotonic() < deadline, "the writer did not begin"
            time.sleep(0.01)
    time.sleep(rng.random() * 0.5)
    child.kill()
    child.wait()


def _check(archive: Archive, log: Path, last: int) -> None:
    """Every line of the log is in the archive byte for byte; with `last` only the newest lines are looked at."""
    lines = [line.split() for line in log.read_text().splitlines() if line.count(" ") == 1]
    for url, digest in lines[-30:] if last else lines:
        (row,) = archive.history(url)
        assert row.sha256 == digest == hashlib.sha256(archive.body(row.id)).hexdigest()
        (visit,) = archive.visits(url)
        assert visit.state in {"new", "duplicate"}
    result = archive.verify()
    assert result.problems == []
    assert archive.db.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert archive.db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    run = archive.start_run(SOURCE)
    left = {link.url for link in archive.unfinished(run)}
    for summary in archive.runs(SOURCE)[1:]:
        assert summary.verdict == "interrupted"
        assert "pending" not in summary.counts
    promised = {url for url, _ in lines}
    assert not left & promised, "what was saved is not fetched again"
    held = archive.db.conn.execute("SELECT count(*) FROM document").fetchone()[0]
    assert archive.search("依法 OR 事项", limit=1).total == held, "search is complete after a crash"
