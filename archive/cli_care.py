"""Commands for whoever keeps an archive: backup, restore, doctor, reindex, vacuum, migrate, takedown."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from archive import takedown as taking_down
from archive.backup import backup as make_backup
from archive.backup import restore as bring_back
from archive.console import archive_option, json_option, open_archive, print_json
from archive.display import bytes_text, table, wrap
from archive.doctor import examine
from archive.errors import QuestionError
from archive.merge import merge as take_over
from archive.schema import newest
from archive.upkeep import rebuild_index
from archive.upkeep import vacuum as make_compact
from archive.verify import Verification


@click.command(short_help="Copy the archive while a crawl writes it, and verify the copy.")
@click.argument("target")
@archive_option
@json_option
@click.pass_context
def backup(context: click.Context, target: str, archive: str, as_json: bool) -> None:
    """Copy the archive, consistent even while a crawl writes it, and verify the copy.

    Hidden documents are not in the copy.

    \b
    gongbao backup /mnt/safe/archive-2026-11.db
    """
    _told(context, target, make_backup(Path(archive), Path(target)), as_json)


@click.command()
@click.argument("copy")
@archive_option
@json_option
@click.pass_context
def restore(context: click.Context, copy: str, archive: str, as_json: bool) -> None:
    """Put a backup in the place of a lost archive, and verify it.

    \b
    gongbao restore /mnt/safe/archive-2026-11.db --archive data/archive.db
    """
    _told(context, archive, bring_back(Path(copy), Path(archive)), as_json)


def _told(context: click.Context, path: str, result: Verification, as_json: bool) -> None:
    if as_json:
        print_json({"path": path, "ok": result.ok, **asdict(result)})
        context.exit(0 if result.ok else 1)
    for problem in result.problems:
        click.echo("\n".join(wrap(problem)), err=True)
    size = bytes_text(result.bytes)
    click.echo(f"{path}: {result.captures} captures ({size}), {'verified' if result.ok else 'with problems'}", err=True)
    context.exit(0 if result.ok else 1)


@click.command(short_help="Take over everything another archive holds that this one lacks.")
@click.argument("other")
@archive_option
@json_option
def merge(other: str, archive: str, as_json: bool) -> None:
    """Take over everything another archive holds that this one lacks; merging twice adds nothing.

    \b
    gongbao merge /mnt/second-machine/archive.db
    """
    with open_archive(archive, write=True) as opened:
        merged = take_over(opened, Path(other))
    if as_json:
        print_json(asdict(merged))
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in asdict(merged).items()) + " came in", err=True)


@click.command(short_help="Look at all that can go wrong, and say what to do.")
@archive_option
@click.option("--all", "everything", is_flag=True, help="Read every capture again, not a sample.")
@json_option
@click.pass_context
def doctor(context: click.Context, archive: str, everything: bool, as_json: bool) -> None:
    """Look at all that can go wrong with an archive and say what to do."""
    marks = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}
    found = []
    with open_archive(archive) as opened:
        for finding in examine(opened, everything=everything):
            found.append(finding)
            if not as_json:
                first, *more = wrap(f"{finding.what}: {finding.told}", 80 - 9)
                click.echo("\n".join([f"{marks[finding.grade]}  {first}", *(" " * 9 + line for line in more)]))
    if as_json:
        print_json([asdict(finding) for finding in found])
    context.exit(1 if any(finding.grade == "problem" for finding in found) else 0)


@click.command(short_help="Build search index and near-duplicate links again.")
@archive_option
@json_option
def reindex(archive: str, as_json: bool) -> None:
    """Build the search index and the near-duplicate links again from the documents."""
    with open_archive(archive, write=True) as opened:
        count = rebuild_index(opened)
    if as_json:
        print_json({"path": archive, "documents": count})
    else:
        click.echo(f"{archive}: {count} documents indexed", err=True)


@click.command(short_help="Give back unused space of the database file.")
@archive_option
@json_option
def vacuum(archive: str, as_json: bool) -> None:
    """Give back unused space of the database file and merge the search index."""
    with open_archive(archive, write=True) as opened:
        before, after = make_compact(opened)
    if as_json:
        print_json({"path": archive, "bytes_before": before, "bytes": after})
    else:
        click.echo(f"{archive}: {bytes_text(before)} before, {bytes_text(after)} now", err=True)


@click.command()
@archive_option
@json_option
def migrate(archive: str, as_json: bool) -> None:
    """Bring an archive written by older code to this code's schema."""
    open_archive(archive, write=True).close()
    if as_json:
        print_json({"path": archive, "schema": newest()})
    else:
        click.echo(f"{archive}: at this code's schema ({newest()})", err=True)


@click.command(short_help="Hide an announcement at once, or withdraw it for good.")
@click.argument("id", required=False)
@archive_option
@click.option("--reason", help="Why; kept in the audit trail.")
@click.option("--for-good", is_flag=True, help="Make text and bytes unreadable. Cannot be undone.")
@click.option("--undo", is_flag=True, help="Show a hidden announcement again.")
@click.option("--list", "listing", is_flag=True, help="Print the audit trail.")
@json_option
def takedown(
    id: str | None, archive: str, reason: str | None, for_good: bool, undo: bool, listing: bool, as_json: bool
) -> None:
    """Hide an announcement everywhere at once, or withdraw it for good.

    \b
    gongbao takedown a35ecb1251c7 --reason "request of the person named"
    gongbao takedown a35ecb1251c7 --for-good --reason "order of the court"
    gongbao takedown --list
    """
    if listing:
        with open_archive(archive) as opened:
            trail = taking_down.steps(opened.db.conn)
        if as_json:
            print_json([asdict(step) for step in trail])
        else:
            rows = [(step.at, step.action, step.document, step.reason) for step in trail]
            click.echo("\n".join(table(("at", "action", "id", "reason"), rows)))
        return
    if id is None or not (reason or "").strip():
        raise QuestionError("takedown needs an ID and --reason TEXT, or --list; see: gongbao takedown --help")
    if for_good and undo:
        raise QuestionError("--for-good and --undo exclude each other")
    act = taking_down.withdraw if for_good else taking_down.show_again if undo else taking_down.hide
    with open_archive(archive, write=True) as opened:
        act(opened, id, str(reason))
    done = "withdrawn for good" if for_good else "shown again" if undo else "hidden"
    if as_json:
        print_json({"id": id, "done": done})
    else:
        click.echo(f"{id}: {done}", err=True)


COMMANDS = (backup, restore, merge, doctor, reindex, vacuum, migrate, takedown)
