"""A real server on loopback over a made-up archive, and a real browser where one is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.web.made import fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
ENABLE = "sudo apt-get install -y chromium fonts-noto-cjk && .venv/bin/pip install playwright"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Answer:
    """What came back: also for 4xx and 5xx."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Room:
    """A served archive."""

    base: str
    path: Path
    ids: dict[str, str]

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page as a program would."""
        request = Request(self.base + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urlopen(request, timeout=30) as answer:
                return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
        except HTTPError as error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def open_room(path: Path, *options: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """Start `gongbao serve` on a free port; give the process and the address it told."""
    command = [sys.executable, "-m", "archive", "--archive", str(path), "serve", "--port", "0", *options]
    told = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    server = subprocess.Popen(command, cwd=ROOT, env=told, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    line = server.stderr.readline()
    found = re.search(r"http://\S+", line)
    assert found, line
    return server, found[0].rstrip("/")


def close_room(server: subprocess.Popen[str]) -> None:
    """End the process that `open_room` started."""
    server.terminate()
    server.wait(10)
    if server.stderr is not None:
        server.stderr.close()


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    path = tmp_path_factory.mktemp("room") / "archive.db"
    ids = fill(path)
    server, base = open_room(path)
    yield Room(base, path, ids)
    close_room(server)


def find_chromium() -> str | None:
    """Debian's Chromium, or what CHROMIUM names."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each file: playwright keeps an event loop running in its thread, where other tests start theirs."""
    path = find_chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        path = None
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"the browser tests must run here; install what they need: {ENABLE}")
        pytest.skip(f"no browser to test with; run: {ENABLE}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor who reads Chinese; whatever the page complains of fails the test."""
    yield from visitor(browser, locale="zh-CN", viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    yield from visitor(browser, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True)


def visitor(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of a new context that reaches nothing but loopback."""
    context = browser.new_context(**options)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    context.route(lambda url: not url.startswith("http://127.0.0.1"), lambda route: route.abort())
    yield opened
    context.close()
    assert complaints == []
