"""How fast an archive takes documents in, everything on, beside sqlite-utils with plain FTS5 trigram triggers.

`python benchmarks/bench_ingest.py [N]`: N documents of about 5,000 characters, FULL synchronous, batches of BATCH, into
temporary folders. Ours does more: WARC record, versions, ledger, search of any length, near-duplicates.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from sqlite_utils import Database

from archive import Archive
from archive.model import Capture, Record, Visit
from archive.stats import parts

BATCH = 100
# Two-character words of the field, one after the other.
FIELD = (
    "法治政府建设行政复议执法监督推进落实工作机制群众服务改革完善加强全面依法规范制度部门问题情况年度报告公开信息决策程序审查"
    "合同纠纷调解宣传教育培训考核责任领导组织"
)
WORDS = [FIELD[n : n + 2] for n in range(0, len(FIELD), 2)]
RARE = [chr(0x4E00 + n) for n in range(3000)]


def made_up_text(rng: random.Random) -> str:
    """Forty-five lines of field words and rare characters, none like another."""
    return "\n".join(
        "".join(rng.choice(WORDS) if rng.random() < 0.8 else rng.choice(RARE) for _ in range(60))
        + f"{rng.randrange(9999)}。"
        for _ in range(45)
    )


def ours(folder: Path, texts: list[str]) -> float:
    """Seconds until everything is committed and found."""
    start = time.perf_counter()
    with Archive(folder / "archive.db", write=True) as archive:
        run = archive.start_run("bench")
        for first in range(0, len(texts), BATCH):
            with archive.batch():
                for n, text in enumerate(texts[first : first + BATCH], first):
                    url = f"http://www.bench.example/{n}.html"
                    stored = archive.keep(Capture(url, "2026-01-01T00:00:00Z", 200, (), text.encode()))
                    record = Record(url, f"第{n}号公告", text, published=f"2021-03-{n % 28 + 1:02}")
                    archive.save(run, Visit(url, "notice", stored=stored, record=record))
        archive.finish_run(run, verdict="healthy")
        seconds = time.perf_counter() - start
        print(
            "  bytes a document: " + ", ".join(f"{name} {size // len(texts)}" for name, size in parts(archive).items())
        )
    return seconds


def plain(folder: Path, texts: list[str]) -> float:
    """The same rows in one table with a trigram index kept by triggers, in batches of the same size."""
    start = time.perf_counter()
    db = Database(folder / "plain.db")
    db.conn.execute("PRAGMA journal_mode=WAL")
    db.conn.execute("PRAGMA synchronous=FULL")
    table = db.table("announcement", pk="url")
    table.insert({"url": "", "title": "", "text": "", "published": ""})
    table.enable_fts(["title", "text"], tokenize="trigram", create_triggers=True)
    for first in range(0, len(texts), BATCH):
        rows = [
            {
                "url": f"http://www.bench.example/{n}.html",
                "title": f"第{n}号公告",
                "text": text,
                "published": "2021-03-01",
            }
            for n, text in enumerate(texts[first : first + BATCH], first)
        ]
        table.insert_all(rows, batch_size=BATCH)
    db.close()
    return time.perf_counter() - start


def main(count: int) -> None:
    rng = random.Random(1)
    texts = [made_up_text(rng) for _ in range(count)]
    rates: dict[str, float] = {}
    print(f"{count} documents of {sum(map(len, texts)) // count} characters, batches of {BATCH}")
    for name, load in (("archive", ours), ("sqlite-utils, trigram", plain)):
        with tempfile.TemporaryDirectory() as folder:
            before = processor()
            seconds = load(Path(folder), texts)
            own, beside = ((now - then) / count * 1000 for now, then in zip(processor(), before, strict=True))
            size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        rates[name] = count / seconds
        each = f"{own:6.2f} ms CPU each, {beside:5.2f} beside, {size // count:7} bytes each"
        print(f"{name:24} {rates[name]:7.0f} documents/s {each}", flush=True)
    print(f"archive / sqlite-utils: {rates['archive'] / rates['sqlite-utils, trigram']:.2f} by wall clock")


def processor() -> tuple[float, float]:
    """Seconds of processor of this process and of those it started and saw end."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return spent[0].ru_utime + spent[0].ru_stime, spent[1].ru_utime + spent[1].ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
