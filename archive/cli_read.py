"""Commands that answer questions: search, show, history, runs, stats."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from archive.answers import RunSummary
from archive.console import archive_option, json_option, open_archive, print_json
from archive.display import COLUMNS, bytes_text, cut, safe, table, wrap
from archive.errors import NotHeldError
from archive.finding import Hit
from archive.rereads import said
from archive.showing import document_json, document_lines
from archive.stats import parts
from archive.stats import stats as count_all


@click.command(short_help="Find announcements by Chinese words, 文号 or fields.")
@click.argument("query")
@archive_option
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=0), help="Hits to print; 0 for all.")
@click.option("--offset", default=0, type=click.IntRange(min=0), help="Hits to pass over.")
@json_option
def search(query: str, archive: str, limit: int, offset: int, as_json: bool) -> None:
    """Find announcements by Chinese words of any length, 文号, or fields.

    \b
    gongbao search 行政复议
    gongbao search '"法治政府建设" year:2021 NOT issuer:司法局'
    """
    with open_archive(archive) as opened:
        result = opened.search(query, limit=limit or None, offset=offset)
    if as_json:
        print_json({"total": result.total, "hits": [_hit(hit) for hit in result.hits]})
        return
    for hit in result.hits:
        click.echo(f"{hit.id}  {cut(hit.title or '(no title)', COLUMNS - 14)}")
        told = [text for text in (hit.published, hit.issuer, hit.source, hit.url) if text]
        click.echo("\n".join(wrap("  ".join(told), indent="    ")))
        if hit.snippet:
            click.echo("\n".join(wrap(hit.snippet.replace("\n", " "), indent="    ")))
    click.echo(_tally(result.total, len(result.hits), offset), err=True)


@click.command(short_help="Show one announcement: metadata, copies, versions, text.")
@click.argument("id")
@archive_option
@json_option
def show(id: str, archive: str, as_json: bool) -> None:
    """Show one announcement: metadata, copies, versions, where its bytes are, text.

    \b
    gongbao show a35ecb1251c7
    gongbao show a35ecb1251c7@20260101T000000Z    what it said then
    """
    with open_archive(archive) as opened:
        document = opened.document(id)
        if document is None:
            raise NotHeldError(f"{archive}: no announcement {safe(id)}; find its id with: gongbao search WORDS")
        if as_json:
            print_json(document_json(opened, document, id))
        else:
            click.echo("\n".join(document_lines(opened, document, id)))


@click.command(short_help="List what was fetched from a URL, and how each visit ended.")
@click.argument("url")
@archive_option
@json_option
def history(url: str, archive: str, as_json: bool) -> None:
    """List what was fetched from a URL, how each visit ended, whose doing its versions are, and what lists named it.

    \b
    gongbao history http://www.example.gov.cn/art/2021/1/15/art_1_2.html
    """
    with open_archive(archive) as opened:
        visits = opened.visits(url)
        captures = opened.history(url)
        told = said(opened, url)
        lists = opened.lists_naming(url)
    if not visits and not captures:
        raise NotHeldError(f"{archive}: {safe(url)} was never met; check its spelling, or: gongbao search WORDS")
    if as_json:
        print_json(
            {
                "url": url,
                "visits": [asdict(one) for one in visits],
                "versions": [asdict(one) for one in told],
                "captures": [asdict(one) for one in captures],
                "lists": [asdict(one) for one in lists],
            }
        )
        return
    rows = [(one.run, one.at, one.state, one.capture, one.version, one.reason) for one in visits]
    click.echo("\n".join(table(("run", "at", "state", "capture", "version", "reason"), rows)))
    if told:
        by = [one.cause if one.reread is None else f"{one.cause} (reread {one.reread})" for one in told]
        spans = [(one.version, one.id, one.first_seen, one.last_seen, who) for one, who in zip(told, by, strict=True)]
        click.echo()
        click.echo("\n".join(table(("version", "document", "from", "to", "by"), spans, 120)))
    if lists:
        named = [(one.first_seen, one.last_seen, one.left, one.list) for one in lists]
        click.echo()
        click.echo("\n".join(table(("listed from", "to", "left", "list"), named, 120)))
    if captures:
        places = [(c.id, c.fetched, c.status, c.size, c.sha256[:12], c.segment, c.offset) for c in captures]
        click.echo()
        click.echo(
            "\n".join(table(("capture", "fetched", "status", "bytes", "sha256", "segment", "offset"), places, 120, 5))
        )


@click.command(short_help="List crawl runs, newest first, with how their URLs ended.")
@click.option("--source", help="Only runs of this source.")
@click.option("--run", "number", type=click.IntRange(min=1), help="Only this run, with its evidence and its lists.")
@archive_option
@json_option
def runs(source: str | None, number: int | None, archive: str, as_json: bool) -> None:
    """List crawl runs, newest first, with how every URL they met ended, and how far each list was read.

    \b
    gongbao runs --source xianning
    gongbao runs --run 12              its evidence, and why each list was not read further
    """
    with open_archive(archive) as opened:
        found = opened.runs(source) if number is None else [opened.run(number)]
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = []
    for one in found:
        counts = " ".join(f"{state} {n}" for state, n in one.counts.items())
        if one.attachments:
            counts += "; files " + " ".join(f"{state} {n}" for state, n in one.attachments.items())
        rows.append(
            (one.id, one.source, one.started, one.verdict or "open", one.requests, sum(one.counts.values()), counts)
        )
    click.echo("\n".join(table(("run", "source", "started", "verdict", "requests", "URLs", "ended as"), rows, 120)))
    for one in found if number is not None else ():
        click.echo("\n".join(_particulars(one)))


def _particulars(run: RunSummary) -> Iterator[str]:
    """What a run says for its verdict, and how far it read each list."""
    if run.evidence:
        yield ""
        yield from (line for sentence in run.evidence for line in wrap(safe(sentence), indent="  "))
    if run.lists:
        head = ("pages", "of", "rows", "of", "fresh", "stopped", "list")
        rows = [
            (one.pages, one.page_count, one.rows, one.record_count, one.fresh, one.stop_reason or "open", one.url)
            for one in run.lists
        ]
        yield ""
        yield from table(head, rows, 120)


@click.command(short_help="Count what the archive holds, by source and report year.")
@archive_option
@click.option("--bytes", "by_part", is_flag=True, help="Say what the bytes are for, in all and for each document.")
@json_option
def stats(archive: str, by_part: bool, as_json: bool) -> None:
    """Count what the archive holds, by source and by report year, and the bytes it takes.

    For example `gongbao stats --bytes`: texts, search index, near-duplicates, records and ledger, segments.
    """
    with open_archive(archive) as opened:
        told = count_all(opened)
        found = parts(opened) if by_part else None
    if as_json:
        print_json(asdict(told) | ({"parts": found} if found is not None else {}))
        return
    if found is not None:
        each = max(told.documents, 1)
        sizes = [(name, size, size // each) for name, size in found.items()]
        click.echo("\n".join(table(("part", "bytes", "bytes a document"), sizes)))
        return
    for name in ("documents", "gone", "appearances", "versions", "pages", "captures", "runs"):
        click.echo(f"{name:12} {getattr(told, name):>12,}")
    click.echo(f"{'database':12} {bytes_text(told.database_bytes):>12}")
    click.echo(f"{'segments':12} {bytes_text(told.segment_bytes):>12}")
    click.echo()
    rows = [(one.source, one.documents, one.pages, one.last_run) for one in told.sources]
    click.echo("\n".join(table(("source", "documents", "pages", "last run"), rows)))
    if told.years:
        click.echo()
        click.echo("\n".join(table(("report year", "documents"), [(str(year), n) for year, n in told.years.items()])))


def _hit(hit: Hit) -> dict[str, object]:
    """A hit as JSON; `in_attachment` is there only where the words stand in a file."""
    return {name: value for name, value in asdict(hit).items() if name != "in_attachment" or value is not None}


def _tally(total: int, printed: int, offset: int) -> str:
    if total and sys.stdout.isatty() and printed < total:
        return f"{total} hits, from {offset + 1}; more with --offset {offset + printed}, all with --limit 0"
    return f"{total} hit{'' if total == 1 else 's'}"


COMMANDS = (search, show, history, runs, stats)
