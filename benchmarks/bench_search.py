"""How fast search answers at N documents, beside LIKE in the same run.

The documents are made up: words of the field, clauses that many documents share, and words of their own, tuned so that
a text repeats its character pairs as real reports do (0.6 different pairs per character at 1,100 characters). Rows
are milliseconds of wall clock for `find`: the exact total and the ranked first page of 20.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlite_utils.utils import sqlite3 as chosen  # the SQLite an archive runs on

from archive import index, search
from archive.model import Record

FIELD = (
    "法治 政府 建设 法治政府 依法行政 行政执法 工作 人民政府 加强 推进 落实 制度 监督 管理 服务 "
    "改革 重大行政决策 规范性文件 合法性审查 行政复议 行政诉讼 公共法律服务 政务公开 普法宣传 人民调解 "
    "矛盾纠纷 营商环境 放管服 学习贯彻 全面 深入 组织 开展 进一步 提升 能力 水平 机制 完善 健全 "
    "强化 责任 领导干部 执法人员 培训 案件 信息公开 权责清单 双随机 行政许可 行政处罚 社会 群众 "
    "基层 治理 常务会议 实施 "
)
OFFICES = ("人民政府", "司法局", "民政局", "教育局", "交通运输局", "市场监督管理局", "自然资源局")
TERMS = {
    "2 characters": "法治 政府 建设 加强 复议 群众 培训 水平 宣传 纠纷",
    "3 characters": "放管服 双随机 政公开 规范性 执法人 法行政 政府建 常务会",
    "4 characters": "法治政府 依法行政 行政执法 人民政府 营商环境 行政复议 治政府建 领导干部 司法局二 政务公开",
    "rare": "{rare}",
    "two terms": "法治+政府 行政复议+培训 工作+推进 法治政府+依法行政 营商环境+放管服 改革+执法人员",
    "fields": "法治+year:2019 title:复议 政府+source:s3 published:2018-03..2019-06 改革+NOT+监督 issuer:司法局",
    "1 character": "法 年 镇",
}


class Wording:
    """Words and clauses by frequency, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        hanzi = [bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFA)]
        made = ["".join(self.rng.choices(hanzi, k=self.rng.choice((2, 2, 2, 3, 4)))) for _ in range(20_000)]
        self.words = FIELD.split() + made
        self.weights = list(accumulate(1 / (rank + 8) ** 1.05 for rank in range(len(self.words))))
        self.clauses = ["".join(self.some(self.rng.randrange(3, 9))) for _ in range(2_500)]
        self.clause_weights = list(accumulate(1 / (rank + 20) ** 0.9 for rank in range(len(self.clauses))))
        self.places = ["".join(self.rng.choices(hanzi, k=2)) + self.rng.choice("市县区") for _ in range(3_000)]

    def some(self, count: int) -> list[str]:
        return self.rng.choices(self.words, cum_weights=self.weights, k=count)

    def text(self, length: int) -> str:
        rng, size, parts = self.rng, 0, []
        target = int(length * rng.uniform(0.5, 1.5))
        own = self.some(max(4, target // 25))
        shared = iter(rng.choices(self.clauses, cum_weights=self.clause_weights, k=target // 8))
        while size < target:
            part = next(shared) if rng.random() < 0.3 else "".join(rng.choices(own, k=rng.randrange(2, 6)))
            part += f"{rng.randrange(1, 3000)}件" if rng.random() < 0.15 else ""
            parts.append(part + rng.choice("，，，、。。；：\n"))
            size += len(parts[-1])
        return "".join(parts)

    def record(self, number: int, length: int) -> Record:
        rng, year = self.rng, self.rng.randrange(2008, 2025)
        agency = rng.choice(self.places) + rng.choice(OFFICES)
        forms = [
            f"{agency}{year}年法治政府建设工作报告",
            f"{agency}关于{''.join(self.some(3))}的通知",
            f"关于{''.join(self.some(4))}的公告",
        ]
        date = f"{year + 1}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        url = f"http://www.s{number % 50}.example/{number}.html"
        text = self.text(length)
        return Record(url=url, title=rng.choice(forms), text=text, issuer=agency, published=date, report_year=year)


def entries(count: int, length: int) -> Iterator[index.Entry]:
    wording = Wording(1)
    for number in range(1, count + 1):
        host = f"www.s{number % 50}.example"
        yield index.Entry(number, wording.record(number, length), source=f"s{number % 50}", hosts=(host,))


def build(db: sqlite3.Connection, count: int, length: int) -> None:
    """Fill the archive stand-in, with a line on what a document costs in every tenth of it."""
    db.execute("CREATE TABLE document (id INTEGER PRIMARY KEY, title TEXT, text TEXT)")
    index.schema(db)
    batch: list[index.Entry] = []
    spent, tenth = 0.0, max(1, count // 10)
    for number, entry in enumerate(entries(count, length), 1):
        batch.append(entry)
        if len(batch) == 100 or number == count:
            began = time.process_time()
            db.execute("BEGIN IMMEDIATE")
            index.index(db, batch)
            rows = [(one.document, one.record.title, one.record.text) for one in batch]
            db.executemany("INSERT INTO document VALUES (?, ?, ?)", rows)
            db.execute("COMMIT")
            spent += time.process_time() - began
            batch.clear()
        if number % tenth == 0:
            print(
                f"  {number:>9,} documents, {spent / tenth * 1000:6.2f} ms of processor to add one",
                file=sys.stderr,
                flush=True,
            )
            spent = 0.0


def timed(call: Callable[[], object], times: int = 3) -> float:
    """The median of some runs, in milliseconds."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def like(db: sqlite3.Connection, query: str) -> int:
    """The same question to a plain scan: the total and 20 rows."""
    terms = [term for term in query.split() if ":" not in term and term != "NOT"]
    where = " AND ".join("(title LIKE ? OR text LIKE ?)" for _ in terms) or "1"
    values = [f"%{term}%" for term in terms for _ in "ab"]
    total = int(db.execute(f"SELECT count(*) FROM document WHERE {where}", values).fetchone()[0])
    db.execute(f"SELECT id FROM document WHERE {where} ORDER BY id DESC LIMIT 20", values).fetchall()
    return total


def report(db: sqlite3.Connection) -> None:
    rare = [row[0][100:104] for row in db.execute("SELECT text FROM document WHERE id % 997 = 5 LIMIT 8")]
    speed: list[tuple[float, float]] = []
    print(f"{'query':<28}{'hits':>9}{'search ms':>11}{'LIKE ms':>10}{'times':>8}")
    for kind, listed in TERMS.items():
        queries = rare if kind == "rare" else [query.replace("+", " ") for query in listed.split()]
        print(f"-- {kind}")
        for query in (query for query in queries if query.strip()):
            total = search.find(db, query).total
            fast, slow = timed(lambda: search.find(db, query)), timed(lambda: like(db, query), 1)  # noqa: B023  # called at once
            if kind not in {"fields", "1 character"}:
                speed.append((fast, slow))
            print(f"{query!r:<28}{total:>9,}{fast:>11.1f}{slow:>10.0f}{slow / fast:>8.0f}")
    fasts = sorted(fast for fast, _ in speed)
    ratio = statistics.median(slow / fast for fast, slow in speed)
    p95 = fasts[int(len(fasts) * 0.95)]
    print(f"2 to 4 characters and two terms: median {statistics.median(fasts):.1f} ms, p95 {p95:.1f} ms, ", end="")
    print(f"worst {fasts[-1]:.1f} ms, {ratio:.0f} times faster than LIKE (median)")


def sizes(db: sqlite3.Connection) -> None:
    text = db.execute("SELECT sum(length(CAST(text AS BLOB)) + length(CAST(title AS BLOB))) FROM document").fetchone()[
        0
    ]
    parts = {name: db.execute(f"SELECT sum(length(block)) FROM {name}").fetchone()[0] for name in ("search_data",)}
    parts["search_docsize"] = db.execute("SELECT sum(length(sz) + 6) FROM search_docsize").fetchone()[0]
    parts["search_document"] = db.execute("SELECT count(*) * 22 FROM search_document").fetchone()[0]
    total = sum(parts.values())
    print(f"text {text / 1e6:.0f} MB, index {total / 1e6:.0f} MB = {total / text:.2f} of the text")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=20_000, help="documents (default 20,000)")
    parser.add_argument("--length", type=int, default=1_140, help="characters of a text on average (default 1,140)")
    parser.add_argument("--keep", type=Path, help="build (or use again) this file instead of a temporary one")
    chosen_options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen_options.keep or Path(folder) / "bench.db"
        fresh = not path.exists()
        db = chosen.connect(str(path), isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        if fresh:
            build(db, chosen_options.count, chosen_options.length)
        print(
            f"SQLite {chosen.sqlite_version}, {db.execute('SELECT count(*) FROM document').fetchone()[0]:,} documents"
        )
        sizes(db)
        report(db)
        db.close()


if __name__ == "__main__":
    main()
