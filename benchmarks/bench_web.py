"""How long each page of the reading room takes at N documents, and how heavy it is.

The documents are those of bench_search (made up, 1,140 characters), saved through `Archive` like any other: captures in
WARC, versions, index, near-duplicates. Pages are asked for over HTTP on loopback, from a server of their own process;
first is the first time, some seconds after its start (it counts the whole archive in the background), then the median
and the worst of some more.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

import bench_search  # noqa: E402  # a neighbour, found by the path above

from archive import Archive  # noqa: E402
from archive.model import Capture, Visit  # noqa: E402

SOURCES = 50
BATCH = 500
WARMING = 10.0  # seconds
PAGES = (
    "/",
    "/search?q=法治",
    "/search?q=行政复议",
    "/search?q=法治+政府&sort=date",
    "/search?q=year:2019",
    "/search?q=法治&source=s3&start=40",
    "/search?q=法",
    "/coverage",
    "/coverage?start=400",
    "/health",
    "/runs",
    "/run/1",
    "/series",
    "/document/{id}",
    "/document/{id}/verify",
    "/original/{capture}",
    "/original/{capture}/page",
    "/sql?sql=SELECT+report_year,count(*)+FROM+announcements+WHERE+source='s3'+GROUP+BY+1",
)


def build(path: Path, count: int) -> None:
    """Fill the archive, with a line on the rate at every tenth of it."""
    wording = bench_search.Wording(1)
    began, tenth = time.perf_counter(), max(1, count // 10)
    with Archive(path, write=True) as archive:
        runs = [archive.start_run(f"s{number}") for number in range(SOURCES)]
        for first in range(0, count, BATCH):
            with archive.batch():
                for number in range(first, min(first + BATCH, count)):
                    _save(archive, runs[number % SOURCES], wording, number)
            if first % tenth < BATCH:
                print(f"  {first:>9,} saved, {time.perf_counter() - began:6.0f} s", file=sys.stderr, flush=True)
        for run in runs:
            archive.finish_run(run, verdict="healthy")
    print(f"  built in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _save(archive: Archive, run: int, wording: bench_search.Wording, number: int) -> None:
    record = wording.record(number, 1_140)
    body = gzip.compress(f"<html><h1>{record.title}</h1><p>{record.text}</p></html>".encode(), 1, mtime=0)
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"))
    stored = archive.keep(Capture(record.url, "2026-01-05T02:00:00Z", 200, headers, body))
    archive.save(run, Visit(record.url, "notice", stored=stored, record=record))


def timed(address: str) -> tuple[float, int]:
    """Milliseconds to the last byte, and bytes."""
    began = time.perf_counter()
    with urlopen(Request(address, headers={"Accept-Language": "zh"}), timeout=120) as answer:
        size = len(answer.read())
    return (time.perf_counter() - began) * 1000, size


def report(path: Path, times: int) -> None:
    """Start a server and print the table."""
    command = [sys.executable, "-m", "archive", "--archive", str(path), "serve", "--port", "0"]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=root, env={**os.environ}) as server:
        assert server.stderr is not None
        found = re.search(r"http://\S+", server.stderr.readline())
        assert found is not None
        base = found[0].rstrip("/")
        time.sleep(WARMING)
        with Archive(path) as archive:
            query = "SELECT d.key, v.capture FROM document d JOIN version v ON v.id = d.version WHERE d.id = ?"
            id, capture = archive.db.conn.execute(query, [1]).fetchone()
        try:
            print(f"{'page':<60}{'first ms':>10}{'median':>9}{'worst':>9}{'bytes':>10}")
            for page in PAGES:
                address = base + quote(page.format(id=id, capture=capture), safe="/?&=+:()*,'")
                first, size = timed(address)
                spent = [timed(address)[0] for _ in range(times)]
                print(f"{page:<60}{first:>10.0f}{statistics.median(spent):>9.0f}{max(spent):>9.0f}{size:>10,}")
        finally:
            server.terminate()


def main() -> None:
    """Build, or use again, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=20_000, help="documents (default 20,000)")
    parser.add_argument("--times", type=int, default=7, help="askings of one page after the first")
    parser.add_argument("--keep", type=Path, help="build (or use again) this file instead of a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "bench.db"
        if not path.exists():
            build(path, options.count)
        report(path, options.times)


if __name__ == "__main__":
    main()
