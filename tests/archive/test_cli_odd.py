"""Whatever is typed behind a command: an answer or one line and a documented code, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.cli import run
from tests.archive.made import RECORD, SOURCE, read

ROOT = Path(__file__).parents[2]
PIECES = [
    '"',
    "*",
    "NEAR(",
    ")",
    "(",
    ":",
    "^",
    "-",
    "+",
    "{",
    "}",
    "AND",
    "OR",
    "NOT",
    "title:",
    "year:",
    "published:",
]
PIECES += [
    "..",
    "2021",
    "法治",
    "行政复议",
    "〔2024〕",
    "号",
    "😀",
    "\u200b",
    "\u3000",
    "\n",
    "\x1b[31m",
    "\\",
    "'",
    ";",
    "%",
]
PIECES += [
    "\udcff",
    "\udce6\udcb3",
    "é",
    "e\u0301",
    "\ufeff",
    "𠮷",
    "source:",
    "integrity:",
    "site:",
    "<b>",
    "--",
    "@",
    "./",
]

# What a shell can hand over: no NUL, and bytes that are no UTF-8 arrive as lone surrogates.
odd = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.text(st.characters(exclude_characters="\0"), max_size=80),
)
COMMANDS = (
    ["search"],
    ["search", "--json"],
    ["export", "--query"],
    ["show"],
    ["history"],
    ["cite"],
    ["verify"],
)
COMMANDS += (["diff"], ["runs", "--source"], ["export", "--source"], ["series"])


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("odd") / "archive.db"
    with Archive(path, write=True) as archive:
        read(archive, archive.start_run(SOURCE), RECORD)
    return path


def ask(path: Path, arguments: list[str]) -> tuple[int, str, str]:
    """Exit code, output and errors, through streams that take UTF-8 and nothing else, as a terminal's do."""
    out, err = (TextIOWrapper(BytesIO(), "utf-8", errors=errors) for errors in ("strict", "backslashreplace"))
    with patch.object(sys, "stdout", out), patch.object(sys, "stderr", err):
        code = run(["--archive", str(path), *arguments])
        out.flush()
        err.flush()
    return code, *(stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]  # BytesIO


@settings(max_examples=400)
@given(command=st.sampled_from(COMMANDS), typed=odd)
@example(command=["series"], typed="\x1b")  # was printed as it is
def test_odd_words_get_an_answer_or_one_line(held: Path, command: list[str], typed: str) -> None:
    code, _, err = ask(held, [*command, typed])
    assert code in {0, 1, 2}
    assert err.count("\n") <= 1, err
    assert "Traceback" not in err
    assert "\x1b" not in err
    if code == 2:
        assert err.startswith("gongbao: ")


@pytest.mark.parametrize(
    "typed", ["法" * 30_000, "a" * 100_000, '"' * 100_000, "(" * 100_000, "NOT " * 25_000, "法 OR " * 12_000]
)
def test_a_query_of_a_hundred_kilobytes_is_answered(held: Path, typed: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "archive", "--archive", str(held), "search", "--", typed],
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert said.returncode in {0, 2}
    assert said.stderr.count("\n") == 1, said.stderr[:300]
    assert len(said.stderr) < 500, "the line does not repeat all that was typed"


def test_bytes_that_are_no_text_are_a_question_like_any_other(held: Path) -> None:
    command = [sys.executable, "-m", "archive", "--archive", str(held), "search", b"\xff\xb7\xa8"]
    said = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=60, check=False)
    assert said.returncode in {0, 2}
    assert b"Traceback" not in said.stderr


def test_a_terminal_of_another_encoding_gets_what_it_can_spell(held: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "archive", "--archive", str(held), "search", "--json", "法治"],
        capture_output=True, cwd=ROOT, env={"PYTHONIOENCODING": "big5", "PYTHONUTF8": "0"}, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert b"\\u533a" in said.stdout, "区 is no character of Big5"
    assert json.loads(said.stdout.decode("big5"))["hits"][0]["title"] == RECORD.title
