"""The README shows what the commands say today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("page", ["README.md", "docs/cli.md"])
def test_help_and_demo_on_the_page_are_what_the_commands_print(page: str) -> None:
    command = [sys.executable, "-m", "cogapp", "--check", "--diff", page]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"run `make docs` and look at the difference:\n{done.stdout}{done.stderr}"


def test_the_readme_names_no_file_that_is_not_there() -> None:
    named = {word.strip("`") for word in (ROOT / "README.md").read_text(encoding="utf-8").split() if word[:1] == "`"}
    places = {
        name for name in named if name.startswith(("docs/", "deploy/", "crawler/", "archive/")) and "*" not in name
    }
    assert {name for name in places if "ID" not in name and not (ROOT / name.rstrip(".,:;`")).exists()} == set()
