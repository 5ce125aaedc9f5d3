"""`gongbao health`: all sources at a glance, and what needs a person."""

from __future__ import annotations

from dataclasses import asdict

import click

from archive.console import archive_option, json_option, open_archive, print_json
from archive.display import table, wrap
from archive.errors import NotHeldError
from archive.health import Health
from archive.health import health as examine


@click.command(short_help="Show all sources at a glance, with the next thing to do.")
@click.argument("source", required=False)
@archive_option
@json_option
@click.pass_context
def health(context: click.Context, source: str | None, archive: str, as_json: bool) -> None:
    """Show how every source fares that the archive knows, and the next thing to do.

    Of each: the verdict of its last run and how long ago that was, the day of its newest notice and the usual gap
    between such days, how many announcements are held, and how many of its lists were read to their end. A source that
    was never crawled stands in the registry only: scrapy list.

    \b
    gongbao health
    gongbao health xianning --json

    Exit code 0: all is well; 1: a source marked with ! needs a person (or there is no such source).

    JSON: an array of objects with source, verdict, run, last_run, age and usual_age (days since the last run began, and
    usually between two), documents, gone, pages, runs, last_new, published, silent and gap (days since the newest
    notice, and usually between two days of publication), lists (url, pages, rows, record_count, stop_reason, complete),
    evidence, well, next.
    """
    with open_archive(archive) as opened:
        found = examine(opened.db.conn, source)
    if source is not None and not found:
        raise NotHeldError(f"{archive}: no source {source} was ever crawled into it; see: gongbao health")
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        _print(found)
    context.exit(0 if all(one.well for one in found) else 1)


def _print(found: list[Health]) -> None:
    """A table, and under it a line for every source that has something to be done."""
    head = ("source", "verdict", "last run", "newest", "gap", "held", "lists")
    rows = [(one.source, one.verdict or "open", _ago(one.age), _newest(one), _gap(one), one.documents, _lists(one))
            for one in found]  # fmt: skip
    click.echo("\n".join(table(head, rows, flexible=0)))
    for one in found:
        for line in _told(one):
            click.echo(line)
    ill = sum(not one.well for one in found)
    click.echo(f"{len(found) - ill} of {len(found)} sources are well", err=True)


def _told(one: Health) -> list[str]:
    """What there is to say of a source: the worst that was found, and the next thing to do."""
    said = [f"{one.source}: {one.evidence[0]}", f"next: {one.next}"] if not one.well and one.evidence else []
    if not said and one.next:
        said = [f"{one.source}: {one.next}"]
    lines = [line for sentence in said for line in wrap(sentence, 78)]
    mark = "-" if one.well else "!"
    return [f"{mark if place == 0 else ' '} {line}" for place, line in enumerate(lines)]


def _newest(one: Health) -> str | None:
    return one.published or (one.last_new[:10] if one.last_new else None)


def _ago(days: float | None) -> str | None:
    if days is None:
        return None
    return f"{days:.0f} d ago" if days >= 2 else f"{days * 24:.0f} h ago"


def _gap(one: Health) -> str | None:
    return None if one.gap is None else f"{one.gap} d"


def _lists(one: Health) -> str | None:
    return f"{sum(each.complete for each in one.lists)}/{len(one.lists)}" if one.lists else None


COMMANDS = (health,)
