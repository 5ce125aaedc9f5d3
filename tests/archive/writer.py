"""A process that writes an archive until it is killed; after every save it logs the URL, so the log is the promise.

`python -m tests.archive.writer ARCHIVE LOG SEED`
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace

from archive import Archive
from archive.model import Link, Visit
from tests.archive.made import RECORD, another_text, capture

SOURCE = "killed"


def main(path: str, log: str, seed: int) -> None:
    rng = random.Random(seed)
    with Archive(path, write=True) as archive, open(log, "a", encoding="utf-8", buffering=1) as promised:  # noqa: PTH123 - unbuffered lines
        run = archive.start_run(SOURCE)
        archive.meet(run, archive.unfinished(run))
        for n in range(100_000):
            url = f"http://www.qingshi.example/{seed}/{n}.html"
            stored = archive.keep(capture(url, rng.randbytes(rng.randrange(60_000))))
            record = replace(RECORD, url=url, text=another_text(f"{seed}号{rng.randrange(50)}事项"))
            links = tuple(Link(f"http://www.qingshi.example/{seed}/{n + k}.html", "notice") for k in range(1, 4))
            archive.save(run, Visit(url, "notice", stored=stored, record=record, links=links))
            promised.write(f"{url} {stored.sha256}\n")
            os.fsync(promised.fileno())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
