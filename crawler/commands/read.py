"""`scrapy read`: the reader alone, without network or archive, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archive.model import Record
from crawler import settings
from crawler.capped import CappedReader, ReadingFailedError
from crawler.cms import family_named
from crawler.reading import Reading, read

# What a notice is printed with: the whole record in its own order, but for the evidence, which --explain tells.
NOTICE_KEYS = tuple(part.name for part in fields(Record) if part.name != "evidence")
# A page without an address still has links: they are resolved against this reserved one (RFC 2606) and shown relative.
NOWHERE = "http://page.invalid/"
LARGE = 480_000  # bytes; the largest genuine page seen has 451 KB


class Command(ScrapyCommand):
    """Exit codes: 0 every file gave an object, 1 a file could not be read, 2 the call itself was wrong."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] [FILE...]"

    def short_desc(self) -> str:
        return "Read saved pages without network or archive: one JSON object a line"

    def long_desc(self) -> str:
        return (
            "Read saved pages and print one JSON object a line, in input order: kind notice, list, blocked or empty, "
            "and what was read.\n\n  scrapy read --url http://www.example/art/1.html page.html\n\n"
            "Exit codes: 0 every file gave an object, 1 a file could not be read, 2 the call was wrong."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="URL the page was fetched from (resolves its links)")
        parser.add_argument("--manifest", metavar="M.jsonl", help='lines of {"file": PATH, "url": URL}')
        parser.add_argument("--as", dest="as_kind", choices=("notice", "list"), help="override the guess of what it is")
        parser.add_argument("--family", help="CMS family to read it as, instead of the page's own evidence")
        parser.add_argument(
            "--explain", action="store_true", help="print for people: each value, where it stood, rivals"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        asked = list(_asked(args, opts))
        if not asked:
            raise UsageError("nothing to read: name at least one FILE, or --manifest M.jsonl", print_help=False)
        if opts.family:
            _known_family(opts.family)
        self.exitcode = 0
        for name, path, url in asked:
            try:
                body = path.read_bytes()
            except OSError as error:
                print(f"scrapy read: {name}: cannot be read: {error.strerror or error}", file=sys.stderr)
                self.exitcode = 1
                continue
            reading = _read(body, url or NOWHERE + path.name, family=opts.family, as_kind=opts.as_kind)
            if opts.explain:
                print(explain(name, reading))
            else:
                print(json.dumps(as_json(name, reading), ensure_ascii=False), flush=True)


def _read(body: bytes, url: str, **options: Any) -> Reading:
    """Large pages in a capped child, as a crawl does: one made to hurt ends with a reason within ten seconds."""
    if len(body) < LARGE:
        return read(body, url, **options)
    capped = CappedReader(settings.READ_SECONDS, settings.READ_MEGABYTES)
    try:
        return capped.read(body, url, **options)
    except ReadingFailedError as error:
        return Reading("empty", url, reason=str(error))
    finally:
        capped.close()


def _known_family(name: str) -> None:
    try:
        family_named(name)
    except KeyError as error:
        raise UsageError(f"--family: {error.args[0]}", print_help=False) from error


def _asked(args: list[str], opts: argparse.Namespace) -> Iterator[tuple[str, Path, str | None]]:
    """(name as given, path, url) of every page asked for, files first, then the manifest's lines."""
    if opts.url and len(args) != 1:
        raise UsageError(
            f"--url names one page's address, but {len(args)} files were given: use --manifest for several",
            print_help=False,
        )
    for name in args:
        yield name, Path(name), opts.url
    if not opts.manifest:
        return
    manifest = Path(opts.manifest)
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{manifest}: cannot be read as a manifest: {error}", print_help=False) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name, url = row["file"], row.get("url")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            expected = f'{manifest}:{number}: expected {{"file": PATH, "url": URL}}, found {line[:60]!r}'
            raise UsageError(expected, print_help=False) from error
        path = Path(name)
        # A manifest that travels with its pages names them relative to itself.
        if not path.is_absolute() and not path.exists():
            path = manifest.parent / path
        yield name, path, url


def as_json(name: str, reading: Reading) -> dict[str, Any]:
    """The contract of `scrapy read`: `file` and `kind` first, then what that kind has."""
    # Whoever reads pages meets a file among them as a page that says nothing.
    out: dict[str, Any] = {"file": name, "kind": "empty" if reading.kind == "file" else reading.kind}
    if reading.record is not None:
        record = reading.record
        out |= {key: getattr(record, key) for key in NOTICE_KEYS}
        out["url"] = _known(record.url)
        out["attachments"] = [{"url": _shown(a.url), "text": a.text} for a in record.attachments]
        return out
    out["url"] = _known(reading.url)
    if reading.kind == "list":
        out["entries"] = [{"url": _shown(e.url), "title": e.title, "date": e.date} for e in reading.entries]
        following = None if reading.next is None else _shown(reading.next)
        out |= {"next": following, "page_count": reading.page_count, "record_count": reading.record_count}
    out["reason"] = reading.reason
    return out


def _known(url: str) -> str | None:
    return None if url.startswith(NOWHERE) else url


def _shown(url: str) -> str:
    return url.removeprefix(NOWHERE)


def explain(name: str, reading: Reading) -> str:
    """The same for people: every value with its raw string, where it was read, and the rivals it beat."""
    lines = [f"{name}: {reading.kind}", *(f"  because {why}" for why in reading.explain)]
    if reading.reason:
        lines.append(f"  reason: {reading.reason}")
    record = reading.record
    if record is None:
        lines += [f"  {e.date or '-':10}  {e.title or '-'}  {e.url}" for e in reading.entries]
        return "\n".join([*lines, f"  next: {reading.next or '-'}"] if reading.kind == "list" else lines)
    for key, found in record.evidence.items():
        lines += _explain_field(key, found)
    if record.flags:
        lines.append(f"  flags: {', '.join(record.flags)}")
    lines.append(f"  integrity: {record.integrity}" + "".join(f"\n    - {why}" for why in record.integrity_reasons))
    lines.append(f"  text: {len(record.text or '')} characters, {len((record.text or '').splitlines())} paragraphs")
    return "\n".join(lines)


def _explain_field(key: str, found: object) -> list[str]:
    if not isinstance(found, dict):
        sentences = found if isinstance(found, (list, tuple)) else [found]
        return [f"  {key}: {sentence}" for sentence in sentences if sentence]
    lines = [f"  {key}: {found['value']}  <- {found['where']}: {found['raw']!r}"]
    lines += [f"    not {rival['value']}  ({rival['where']}: {rival['raw']!r})" for rival in found["rivals"]]
    return lines
