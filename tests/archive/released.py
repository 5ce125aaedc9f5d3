"""Make the tiny archive that stands for a release: `python -m tests.archive.released fixtures/archives/0.1.0`.

Made once, by the code of that release, and never again: later code must open it, migrate it and answer as it did.
Two announcements: one edited, with a copy at a mirror and a page that left; one of another source, kept as gzip.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from archive import Archive
from archive.connection import sqlite3
from archive.model import Visit
from archive.upkeep import vacuum
from tests.archive.made import RECORD, SOURCE, another_text, capture, day, read, zipped

MIRROR = "http://mirror.qingshi.example/news/88.html"
OTHER = replace(RECORD, url="http://www.baihe.example/2.html", title="白河区办事指南", text=another_text("办理户口"))
LIST = "http://www.qingshi.example/zwgk/"


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    path = folder / "archive.db"
    with Archive(path, write=True) as archive:
        run = archive.start_run(SOURCE)
        archive.save(run, Visit(LIST, "listing", "listed", stored=archive.keep(capture(LIST, b"<ul></ul>", day(0)))))
        read(archive, run, RECORD, n=0)
        read(archive, run, RECORD, n=0, url=MIRROR)
        archive.finish_run(run, requests=3, verdict="healthy")
        run = archive.start_run(SOURCE)
        read(archive, run, RECORD, n=30, title="青石区2021年法治政府建设年度报告（更正）")
        gone = archive.keep(capture(MIRROR, b"", day(30), status=404))
        archive.save(run, Visit(MIRROR, "notice", "gone", stored=gone, reason="HTTP 404"))
        archive.finish_run(run, requests=2, verdict="healthy")
        run = archive.start_run("baihe")
        page = archive.keep(zipped(OTHER.url, b"<html>guide</html>", day(31)))
        archive.save(run, Visit(OTHER.url, "notice", stored=page, record=OTHER))
        archive.finish_run(run, requests=1, verdict="healthy")
        vacuum(archive)
    _shrink(path)
    path.with_name(path.name + ".lock").unlink(missing_ok=True)


def _shrink(path: Path) -> None:
    """Pages of 512 bytes instead of 4096: most tables of so small an archive are nearly empty."""
    db = sqlite3.connect(path)
    for statement in ("journal_mode=DELETE", "page_size=512"):
        db.execute(f"PRAGMA {statement}")
    db.execute("VACUUM")
    db.execute("PRAGMA journal_mode=WAL")
    db.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
