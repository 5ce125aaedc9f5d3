"""Commands that take things out of the archive and prove them: export, verify."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from archive.console import archive_option, json_option, open_archive, print_json
from archive.display import bytes_text, wrap
from archive.export import write_csv, write_jsonl


@click.command()
@archive_option
@click.option("--format", "format", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--source", help="Only documents whose main copy is at this source.")
@click.option("--bom", is_flag=True, help="Start CSV with a byte order mark, for Excel.")
def export(archive: str, format: str, source: str | None, bom: bool) -> None:
    """Print every announcement as JSONL or CSV.

    \b
    gongbao export --format csv --bom > announcements.csv
    """
    with open_archive(archive) as opened:
        found = opened.documents(source)
        count = write_csv(found, sys.stdout, bom=bom) if format == "csv" else write_jsonl(found, sys.stdout)
    click.echo(f"{count} announcements", err=True)


@click.command()
@click.argument("id", required=False)
@archive_option
@json_option
@click.pass_context
def verify(context: click.Context, id: str | None, archive: str, as_json: bool) -> None:
    """Read every stored response again and compare digests; with an ID, prove that announcement.

    \b
    gongbao verify
    gongbao verify a35ecb1251c7
    """
    with open_archive(archive) as opened:
        result = opened.verify(id)
    if as_json:
        print_json({"ok": result.ok, **asdict(result)})
    else:
        for line in [*result.steps, *result.problems, *result.notes]:
            click.echo("\n".join(wrap(line)))
        click.echo(
            f"{'clean' if result.ok else f'{len(result.problems)} problems'}: {result.captures} captures read again "
            f"({bytes_text(result.bytes)}{f' in {result.segments} segments' if result.segments else ''})"
        )
    context.exit(0 if result.ok else 1)


COMMANDS = (export, verify)
