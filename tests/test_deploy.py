"""The examples in deploy/ are what systemd and cron accept, and call commands and options that exist."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serving import scrapy

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.*") if path.suffix in {".service", ".timer"})
SECTIONS = {".service": {"Unit", "Service"}, ".timer": {"Unit", "Timer", "Install"}}
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, delimiters="=", comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep the case of keys
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser


def commands() -> list[list[str]]:
    """The words of every call of ours in a unit or the crontab."""
    texts = [unit("gongbao.service")["Service"]["ExecStart"]] + [line for _, line in cron_lines()]
    calls = [re.search(r"\.venv/bin/((?:scrapy|gongbao) [^>|&]*)", text) for text in texts]
    return [shlex.split(call[1]) for call in calls if call]


def cron_lines() -> list[tuple[list[str], str]]:
    """(five fields and the user, command) of every entry of the crontab; names it sets are left out."""
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line.strip() and not re.match(r"#|[A-Z_]+=", line)]
    return [(line.split(None, 6)[:6], line.split(None, 6)[6]) for line in entries]


def in_range(field: str, low: int, high: int) -> bool:
    """Whether cron accepts a field: `*`, `*/n`, numbers, ranges and lists of them."""
    for part in field.split(","):
        found = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
        if found is None or found[3] == "0" or any(not low <= int(end) <= high for end in found.group(1, 2) if end):
            return False
    return True


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_its_sections_and_no_empty_value(name: str) -> None:
    found = unit(name)
    assert set(found.sections()) <= SECTIONS[Path(name).suffix]
    assert all(value for section in found.sections() for key, value in found[section].items() if "Set" not in key)
    assert found["Unit"]["Description"].startswith("Gongbao")


def test_the_service_may_write_its_archive_and_nothing_else() -> None:
    service = unit("gongbao.service")["Service"]
    assert service["ProtectSystem"] == "strict"
    assert "ReadWritePaths" not in service
    assert service["StateDirectory"] == "gongbao"
    text = (DEPLOY / "gongbao.service").read_text(encoding="utf-8")
    assert "GONGBAO_ARCHIVE=%S/gongbao/" in text
    assert set(service["SuccessExitStatus"].split()) == {"4", "5"}, "to be stopped, or to find another at work, is well"


@needs_systemd
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # Nothing is installed under /opt here; all else is as it is.
        text = re.sub(r"^ExecStart=/opt/\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        (tmp_path / name.replace("@.", "@x.")).write_text(text, encoding="utf-8")
    paths = [str(path) for path in tmp_path.iterdir()]
    done = subprocess.run(
        ["systemd-analyze", "--man=no", "verify", *paths], capture_output=True, text=True, timeout=60, check=False
    )
    about_us = [line for line in done.stderr.splitlines() if "gongbao" in line]
    assert about_us == []


@needs_systemd
def test_systemd_knows_when_the_timer_runs() -> None:
    when = unit("gongbao.timer")["Timer"]["OnCalendar"]
    done = subprocess.run(
        ["systemd-analyze", "calendar", when], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Next elapse" in done.stdout, done.stderr


def test_cron_accepts_every_line() -> None:
    assert cron_lines()
    for (*fields, user), command in cron_lines():
        bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
        assert all(in_range(field, *bound) for field, bound in zip(fields, bounds, strict=True)), fields
        assert user == "gongbao"
        assert "%" not in command, "cron ends the line at a percent sign"
        subprocess.run(["/bin/sh", "-n", "-c", command], timeout=10, check=True)


@pytest.mark.parametrize("field", ["60", "1-61", "*/0", "x", "1,,2", ""])
def test_a_field_that_cron_refuses_is_refused_here(field: str) -> None:
    assert not in_range(field, 0, 59)


def test_what_is_called_there_exists() -> None:
    calls = commands()
    assert {"scrapy", "gongbao"} == {words[0] for words in calls}
    shown = scrapy("due", "--help").stdout
    for words in calls:
        if words[:2] == ["scrapy", "due"]:
            assert all(word in shown for word in words if word.startswith("--"))
        else:
            assert words == ["gongbao", "verify"]
