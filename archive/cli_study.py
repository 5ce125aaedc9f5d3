"""Commands for research: diff, cite, series, sources."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from archive import series as numbers
from archive.answers import Document, Version
from archive.citing import cite as citing
from archive.console import archive_option, json_option, open_archive, print_json
from archive.diff import COLOURED, PLAIN, compare, written
from archive.display import safe, table
from archive.errors import NotHeldError, QuestionError
from archive.showing import version_of
from archive.sources import sources as list_sources
from archive.store import Archive


@click.command()
@click.argument("id")
@archive_option
@click.option("--from", "start", metavar="TIME", help="Compare with what it said then; else with the version before.")
@json_option
def diff(id: str, archive: str, start: str | None, as_json: bool) -> None:
    """Show what the publisher changed, character by character.

    \b
    gongbao diff a35ecb1251c7
    gongbao diff a35ecb1251c7 --from 20260101T000000Z
    """
    with open_archive(archive) as opened:
        document = _held(opened, archive, id)
    told = _edits(document)
    new = version_of(document, id) or told[-1]
    old = _before(document, new, told) if start is None else version_of(document, f"{document.id}@{start}")
    if old is None:
        raise NotHeldError(f"{document.id}: one version only, nothing to compare; see: gongbao show {document.id}")
    found = compare(old.record, new.record)
    if as_json:
        print_json(
            {
                "id": document.id,
                "from": old.id,
                "to": new.id,
                "causes": [old.cause, new.cause],
                "differences": [asdict(one) for one in found],
            }
        )
        return
    marks = COLOURED if sys.stdout.isatty() else PLAIN
    click.echo(
        f"--- {old.id}  seen until {old.last_seen}{_by(old)}\n+++ {new.id}  seen from {new.first_seen}{_by(new)}"
    )
    for one in found:
        click.echo(f"@@ {one.field}{'' if one.place is None else f', paragraph {one.place}'}")
        plain = [type(part)(part.kind, safe(part.text)) for part in one.parts]
        click.echo(written(plain, marks))
    click.echo(f"{len(found)} differences", err=True)


def _by(version: Version) -> str:
    """A note on a version that newer code read better; its text is not that of the day."""
    return ", as newer code reads it" if version.cause == "reader" else ""


def _held(opened: Archive, archive: str, id: str) -> Document:
    document = opened.document(id)
    if document is None:
        raise NotHeldError(f"{archive}: no announcement {safe(id)}; find its id with: gongbao search WORDS")
    return document


def _edits(document: Document) -> list[Version]:
    """What the main copy said, as the newest code reads it: a better reading takes the place of the one before."""
    own: list[Version] = []
    for version in document.versions:
        if version.url == document.url:
            if version.cause == "reader" and own:
                own.pop()
            own.append(version)
    return own


def _before(document: Document, new: Version, told: list[Version]) -> Version | None:
    earlier = [one for one in told if one.first_seen <= new.first_seen and one != new]
    return earlier[-1] if earlier else None


@click.command(short_help="Cite an announcement (GB/T 7714, BibTeX) with time and digest.")
@click.argument("id")
@archive_option
@click.option("--format", "format", type=click.Choice(["gbt7714", "bibtex"]), default="gbt7714", show_default=True)
@json_option
def cite(id: str, archive: str, format: str, as_json: bool) -> None:
    """Cite an announcement with the time it was captured and the digest of its bytes.

    \b
    gongbao cite a35ecb1251c7
    gongbao cite a35ecb1251c7 --format bibtex
    """
    with open_archive(archive) as opened:
        document = _held(opened, archive, id)
        version = version_of(document, id) or _edits(document)[-1]
        citation = citing(document, version, None if version.capture is None else opened.original(version.capture))
    if as_json:
        print_json(asdict(citation))
    else:
        click.echo(safe(citation.bibtex if format == "bibtex" else citation.gbt7714))


@click.command(short_help="List 文号 series with their gaps, duplicates and jumps in time.")
@archive_option
@click.option("--issuer", metavar="WORD", help="Only this issuer's word, such as 国办发.")
@click.option("--year", type=int, help="Only this year.")
@click.option("--explain", metavar="NUMBER", help="Note what was found out about a 文号; with --note.")
@click.option("--note", metavar="TEXT", help="The explanation.")
@json_option
def series(
    archive: str, issuer: str | None, year: int | None, explain: str | None, note: str | None, as_json: bool
) -> None:
    """List 文号 series with their gaps, duplicates and numbers out of date order.

    \b
    gongbao series --issuer 国办发 --year 2024
    gongbao series --explain 国办发〔2024〕7号 --note "not made public, says the annual list"
    """
    if explain is not None:
        if not (note or "").strip():
            raise QuestionError("--explain needs --note TEXT: what was found out about the number")
        with open_archive(archive, write=True) as opened, opened.transaction():
            spelled = numbers.explain(opened.db.conn, explain, str(note))
        click.echo(f"{spelled}: {note}", err=True)
        return
    with open_archive(archive) as opened:
        found = numbers.series(opened.db.conn, issuer, year)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.issuer}〔{one.year}〕 {one.held} held, {one.first} to {one.last}号")
        rows = [(odd.kind, odd.number, odd.note or "", " ".join(odd.ids)) for odd in one.irregularities]
        if rows:
            click.echo("\n".join(f"  {line}" for line in table(("what", "number", "explained", "documents"), rows, 78)))
    click.echo(f"{len(found)} series", err=True)


@click.command(short_help="List sources: what is held, what the last run said.")
@archive_option
@json_option
def sources(archive: str, as_json: bool) -> None:
    """List the sources in the archive: what is held of each, and how its last run went."""
    with open_archive(archive) as opened:
        found = list_sources(opened.db.conn)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    head = ("source", "documents", "gone", "last run", "verdict", "last new")
    rows = [(one.source, one.documents, one.gone, one.last_run, one.verdict, one.last_new) for one in found]
    click.echo("\n".join(table(head, rows, 100, 0)))


COMMANDS = (diff, cite, series, sources)
