"""`gongbao`: the commands, and the entry point of the console script."""

from __future__ import annotations

from archive import cli_care, cli_keep, cli_read, cli_serve, cli_study
from archive.console import gongbao, main, run

for _command in (*cli_read.COMMANDS, *cli_study.COMMANDS, *cli_keep.COMMANDS, *cli_care.COMMANDS, *cli_serve.COMMANDS):
    gongbao.add_command(_command)

__all__ = ["gongbao", "main", "run"]
