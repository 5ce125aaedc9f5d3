"""`gongbao`: the commands, and the entry point of the console script."""

from __future__ import annotations

from archive import cli_care, cli_health, cli_keep, cli_read, cli_serve, cli_study
from archive.console import gongbao, main, run

for _room in (cli_read, cli_health, cli_study, cli_keep, cli_care, cli_serve):
    for _command in _room.COMMANDS:
        gongbao.add_command(_command)

__all__ = ["gongbao", "main", "run"]
