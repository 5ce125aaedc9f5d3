"""The command that opens the reading room."""

from __future__ import annotations

import os
from pathlib import Path

import click

from archive.console import archive_option
from archive.errors import QuestionError

PASSWORD = "GONGBAO_PASSWORD"


@click.command()
@archive_option
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen at; a wider one needs a password."
)
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free one."
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"File whose first line visitors must know (or ${PASSWORD}).",
)
def serve(archive: str, host: str, port: int, password_file: Path | None) -> None:
    """Open the archive for reading in a browser, until Ctrl-C.

    \b
    gongbao serve
    gongbao serve --host 0.0.0.0 --password-file ~/.gongbao-password
    """
    try:
        # Only here: every other command works, and starts quickly, without the web packages.
        from archive.web import room
    except ModuleNotFoundError as error:
        raise QuestionError(
            f"the reading room needs the package {error.name}; run: python -m pip install 'gongbao[web]'"
        ) from error

    def opened(address: str) -> None:
        click.echo(f"{archive} is open for reading at {address} (Ctrl-C closes it)", err=True)

    room.serve(Path(archive), host, port, _password(password_file), opened)


def _password(file: Path | None) -> str | None:
    """The password of the file, else of the environment; None when there is none."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise QuestionError(
                f"{file}: cannot be read as UTF-8 text ({error}); write the password into it"
            ) from error
        if not lines or not lines[0]:
            raise QuestionError(f"{file}: its first line is empty; write the password there")
        return lines[0]
    return os.environ.get(PASSWORD) or None


COMMANDS = (serve,)
