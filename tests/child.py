"""The commands in child processes that need not import Scrapy again: forked from a server that has everything loaded.

A child is a process of its own, with its own reactor, killed like any other; it saves each test the seconds that
starting Python with Scrapy, lxml and trafilatura takes.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess

# Loaded once, by the server all children are forked from. The reactor is not: each child installs its own.
PRELOAD = [
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.engine",
    "scrapy.core.scheduler",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.extensions.httpcache",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.extensions.throttle",
    "scrapy.pipelines",
    "scrapy.shell",
    "scrapy.utils.test",
    "twisted.internet.asyncioreactor",
    "crawler.crawling",
    "crawler.loader",
    "crawler.commands.add",
    "crawler.commands.check",
    "crawler.commands.demo",
    "crawler.commands.due",
    "crawler.commands.read",
    "crawler.commands.regold",
    "crawler.discover.facts",
    "crawler.discover.survey",
]
# Else every crawl would say that it has no contact.
os.environ.setdefault("GONGBAO_CONTACT", "tests@gongbao.example")
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([*PRELOAD, __name__, "tests.warm"])


class Child:
    """A running command; its output goes to files, so that it can be killed at any moment without losing a word."""

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], code: str | None = None) -> None:
        self.argv = list(argv)
        self.folder = tempfile.TemporaryDirectory(prefix="gongbao-child-")
        self.out, self.err = Path(self.folder.name) / "out", Path(self.folder.name) / "err"
        self.process = _context.Process(target=_main, args=(self.argv, dict(env), code, str(self.out), str(self.err)))
        self.process.start()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def running(self) -> bool:
        return self.process.is_alive()

    def end(self, timeout: float = 120) -> CompletedProcess[str]:
        """Wait for it; a command that outlives the test's patience is killed and fails the test."""
        self.process.join(timeout)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
            raise AssertionError(f"{self.argv} still ran after {timeout} s: {self.err.read_text(encoding='utf-8')}")
        code = self.process.exitcode
        texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in (self.out, self.err)]
        self.folder.cleanup()
        assert code is not None
        return CompletedProcess(self.argv, code, *texts)


def _main(argv: list[str], env: dict[str, str], code: str | None, out: str, err: str) -> None:
    for stream, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, stream)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(Path(__file__).resolve().parent.parent)
    if code:
        exec(code, {})
    from scrapy.cmdline import execute

    try:
        execute(["scrapy", *argv])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
