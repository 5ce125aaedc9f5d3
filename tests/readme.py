"""What the README shows of the commands, as they are now: `make docs` writes it, a test checks it (cog)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner

from archive.cli import gongbao
from tests.child import Child

ROOT = Path(__file__).parents[1]
EIGHTY = {"COLUMNS": "80", "LINES": "24", "NO_COLOR": "1", "PYTHONUTF8": "1"}


def _run(*command: str) -> str:
    """What a person at 80 columns would see on standard output."""
    environment = {**os.environ, **EIGHTY}
    environment.pop("GONGBAO_ARCHIVE", None)
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} exited {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def _block(text: str) -> str:
    return f"\n```text\n{text.strip()}\n```\n\n"


def commands() -> list[str]:
    """The names of gongbao's commands, in the order of its help."""
    return list(gongbao.commands)


def help(program: str, *words: str) -> str:
    """`gongbao search --help`, as a block."""
    if program == "gongbao":
        shown = CliRunner().invoke(gongbao, [*words, "--help"], prog_name=program, terminal_width=80).output
    else:
        shown = Child([*words, "--help"], env={**os.environ, **EIGHTY}).end().stdout
    return _block(f"$ {' '.join((program, *words))} --help\n{shown}")


def demo() -> str:
    """The end of `make demo` on an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        shown = _run("scrapy", "demo", "-s", f"ARCHIVE={folder}/archive.db")
    return _block(shown.replace(f"{folder}/", "demo/"))
