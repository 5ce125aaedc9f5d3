"""The frame of the command line: the group, the options every command shares, exit codes, and errors as one line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import Any, NoReturn, TypeVar

import click

from archive.display import safe
from archive.errors import ArchiveError, NotHeldError, QuestionError
from archive.store import Archive

_EXIT_CODES = """\b
Exit codes:
  0    done, nothing wrong
  1    the answer is bad news: verify or doctor found a problem, or the archive holds no such id or URL
  2    the question cannot be understood: unknown command or option, empty or broken query
  3    the archive cannot be opened, read or written
  130  interrupted (Ctrl-C)
  141  whoever read the output stopped reading

\b
The archive is --archive PATH, else $GONGBAO_ARCHIVE, else data/archive.db; its WARC segments lie in PATH.warc/.
Answers go to standard output, everything else to standard error; --json is for programs.
"""
_DEFAULT = "data/archive.db"

Command = TypeVar("Command", bound=Callable[..., Any])


def archive_option(command: Command) -> Command:
    """Let a command take --archive PATH after its name too, and hand it the path to use."""
    return click.option("--archive", "archive", metavar="PATH", callback=_choose, help="The archive's file.")(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")


@click.group(epilog=_EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--archive", "archive", metavar="PATH", help="The archive's file.")
@click.version_option(package_name="gongbao", message="gongbao %(version)s")
@click.pass_context
def gongbao(context: click.Context, archive: str | None) -> None:
    """Search, read, cite and keep an archive of Chinese government announcements (公报)."""
    context.obj = archive


def open_archive(path: str, write: bool = False) -> Archive:
    """The archive a command works on."""
    return Archive(path, write=write)


def print_json(value: object) -> None:
    """One JSON value, readable Chinese, indented."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run `gongbao` and leave with a documented exit code; whatever goes wrong is one line, never a traceback."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Like main, but give the exit code."""
    # A terminal of another encoding (GBK) shows what it cannot spell as \uXXXX; in JSON that is the same character.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        # Not gongbao.main(): it ends the process itself, with 1, when the output is no longer read.
        given = sys.argv[1:] if arguments is None else list(arguments)
        with gongbao.make_context("gongbao", given) as context:
            gongbao.invoke(context)
        sys.stdout.flush()
        return 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", 130)
    except click.UsageError as error:
        asked = error.ctx.command_path if error.ctx is not None else "gongbao"
        return _fail(f"{error.format_message()} See: {asked} --help", 2)
    except click.ClickException as error:
        return _fail(error.format_message(), 2)
    except QuestionError as error:
        return _fail(str(error), 2)
    except NotHeldError as error:
        return _fail(str(error), 1)
    except ArchiveError as error:
        return _fail(str(error), 3)
    except UnicodeEncodeError:  # lone surrogates, as which Python hands over bytes that are no UTF-8
        return _fail("what was typed is no UTF-8 text; check the encoding of your terminal or script", 2)
    except BrokenPipeError:
        # The reader is gone; point stdout elsewhere so that the interpreter's last flush does not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _fail(message: str, code: int) -> int:
    click.echo(f"gongbao: {' '.join(safe(message).split())}", err=True)
    return code


def _choose(context: click.Context, _: click.Parameter, value: str | None) -> str:
    before = context.find_root().obj
    return value or before or os.environ.get("GONGBAO_ARCHIVE") or _DEFAULT
