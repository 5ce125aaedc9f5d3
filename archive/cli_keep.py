"""Commands that take things out of the archive and prove them: export, verify."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import click

from archive.answers import Document
from archive.bundle import write_bundle
from archive.console import archive_option, json_option, open_archive, print_json
from archive.display import bytes_text, wrap
from archive.errors import ArchiveError, QuestionError
from archive.export import write_csv, write_jsonl
from archive.parquet import write_parquet
from archive.store import Archive


@click.command()
@archive_option
@click.option(
    "--format", "format", type=click.Choice(["jsonl", "csv", "parquet", "wacz"]), default="jsonl", show_default=True
)
@click.option("--source", help="Only documents whose main copy is at this source.")
@click.option("--query", help="Only documents that match this search, best first.")
@click.option("--output", metavar="FILE", help="Write there; needed for parquet, and for wacz, a new file.")
@click.option("--bom", is_flag=True, help="Start CSV with a byte order mark, for Excel.")
def export(archive: str, format: str, source: str | None, query: str | None, output: str | None, bom: bool) -> None:
    """Print announcements as JSONL or CSV, or write them to a file.

    Parquet is for DuckDB, pandas and R, WACZ an evidence bundle with the very bytes they were read from.

    \b
    gongbao export --format csv --bom > announcements.csv
    gongbao export --format parquet --output announcements.parquet
    gongbao export --format wacz --query '行政复议 year:2021' --output evidence.wacz
    """
    with open_archive(archive) as opened:
        found = opened.documents(source) if query is None else _matching(opened, query, source)
        if format == "wacz":
            made = write_bundle(opened, found, _named(output, "WACZ"), query or "Gongbao")
            size = bytes_text(made.bytes)
            click.echo(f"{output}: {made.documents} announcements, {made.captures} captures, {size}", err=True)
            return
        if format == "parquet":
            count = write_parquet(found, _named(output, "Parquet"))
            click.echo(f"{output}: {count} announcements", err=True)
            return
        with _opened(output) as out:
            count = write_csv(found, out, bom=bom) if format == "csv" else write_jsonl(found, out)
    click.echo(f"{count} announcements", err=True)


def _matching(opened: Archive, query: str, source: str | None) -> Iterator[Document]:
    for hit in opened.search(query, limit=None).hits:
        document = opened.document(hit.id)
        if document is not None and source in (None, document.source):
            yield document


def _named(output: str | None, kind: str) -> Path:
    if output is None:
        raise QuestionError(f"a {kind} file is not text; name it with --output FILE")
    return Path(output)


@contextmanager
def _opened(output: str | None) -> Iterator[TextIO]:
    """Standard output, or the file to write."""
    if output is None:
        yield sys.stdout
        return
    try:
        with Path(output).open("w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        raise ArchiveError(f"{output}: cannot be written ({error.strerror}); name another file") from error


@click.command(short_help="Read every stored response again and compare digests.")
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
