"""Search: hits with the place of the match, facets that narrow them, and the result to take away."""

from __future__ import annotations

import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from archive import export, lookup, search
from archive.answers import Document
from archive.bundle import write_bundle
from archive.errors import QuestionError
from archive.finding import hit
from archive.provinces import province
from archive.query import QueryError
from archive.snippet import HTML
from archive.store import Archive
from archive.web.asking import Asked, Bytes, Page, Routes

PAGE = 20
COUNTED = 2000  # hits that facets are counted in, the first ones; more would take a second for a common word
TAKEN = 5000  # documents of one export; all of them are for `gongbao export`
BUNDLED = 500  # documents of one evidence bundle, which is put together in memory

# 文种 of GB/T 9704-2012 and what they are called in titles: a document is of a type when its title names it.
TYPES = ("报告", "通知", "公告", "公示", "通告", "意见", "决定", "办法", "规定", "方案", "批复", "函", "解读")
FACETS = ("source", "year", "type", "integrity", "division")
_SHOWN = 12  # values of one facet


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: how many hits have it, whether it is chosen, and the address that chooses or drops it."""

    value: str
    label: str
    count: int
    chosen: bool
    link: str


def show(archive: Archive, asked: Asked) -> Page:
    """The page of hits; without any question, the newest documents."""
    start = asked.number("start", 0, most=1_000_000)
    newest = asked.one("sort") == "date"
    query = question(asked)
    try:
        found = _find(archive, query, max(COUNTED, start + PAGE), newest) if query else None
    except QuestionError as error:
        return Page("search.html", {"problem": str(error), "asked": asked, "types": TYPES}, status=400)
    context: dict[str, Any] = {"asked": asked, "query": query, "newest": newest, "start": start}
    if found is not None:
        db, terms = archive.db.conn, found.query.terms
        hits = [hit(db, document, terms, HTML) for document in found.documents[start : start + PAGE]]
        context |= {
            "total": found.total,
            # The snippet is escaped by its marks.
            "hits": [{"hit": one, "snippet": Markup(one.snippet)} for one in hits],
            "facets": _facets(archive, asked, found.documents[:COUNTED]),
            "counted": min(found.total, COUNTED),
            "pages": pages(asked, found.total, start),
            "taken": TAKEN,
            "bundled": BUNDLED,
        }
    return Page("search.html", context)


def question(asked: Asked) -> str:
    """What was typed and chosen, as one query of the archive's own language."""
    typed = asked.one("q") or ""
    parts = [f"({typed})" if " OR " in typed else typed]
    names = {"source": "source", "year": "year", "integrity": "integrity", "division": "division", "type": "title"}
    chosen = [(names[facet], value) for facet in FACETS if (value := asked.one(facet)) is not None]
    parts += [f'{name}:"{value}"' if " " in value else f"{name}:{value}" for name, value in chosen]
    return " ".join(part for part in parts if part)


def pages(asked: Asked, total: int, start: int, size: int = PAGE) -> dict[str, Any]:
    """The addresses of the page before and the one after, None where there is none."""
    return {
        "first": min(start + 1, total),
        "last": min(start + size, total),
        "before": asked.link(start=max(0, start - size) or None) if start > 0 else None,
        "after": asked.link(start=start + size) if start + size < total else None,
    }


def _facets(archive: Archive, asked: Asked, documents: Sequence[int]) -> dict[str, list[Value]]:
    """For each facet its commonest values among these hits."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for source, year, integrity, division, title in _facts(archive, documents):
        told = (("source", source), ("year", year), ("integrity", integrity), ("division", division))
        for name, value in told:
            if value is not None:
                counts[name][str(value)] += 1
        counts["type"].update(word for word in TYPES if word in (title or ""))
    return {name: _values(asked, name, counts[name]) for name in FACETS}


def _facts(archive: Archive, documents: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    sql = (
        "SELECT p.source, v.report_year, v.integrity, v.division, v.title FROM json_each(?) chosen "
        "JOIN document d ON d.id = chosen.value JOIN page p ON p.id = d.owner JOIN version v ON v.id = d.version "
        "WHERE d.hidden IS NULL"
    )
    rows: Iterable[tuple[Any, ...]] = archive.db.conn.execute(sql, [json.dumps(list(documents))]).fetchall()
    return rows


def _values(asked: Asked, name: str, counts: Counter[str]) -> list[Value]:
    chosen = asked.one(name)
    ordered = sorted(counts, reverse=True) if name == "year" else [value for value, _ in counts.most_common()]
    shown = ordered[:_SHOWN]
    if chosen is not None and chosen not in shown:
        shown.append(chosen)
    return [
        Value(
            value,
            f"{province(value) or ''} {value}".strip() if name == "division" else value,
            counts[value],
            value == chosen,
            asked.link(start=None, **{name: None if value == chosen else value}),
        )
        for value in shown
    ]


def take(archive: Archive, asked: Asked) -> Bytes:
    """The result as a file: CSV for spreadsheets, JSONL for programs, or WACZ with the bytes as evidence."""
    query = question(asked)
    if not query:
        raise QuestionError("the query is empty; search first, then take the result away")
    wanted = asked.parts["format"]
    documents = _held(archive, _find(archive, query, BUNDLED if wanted == "wacz" else TAKEN).documents)
    if wanted == "wacz":
        return bundle(archive, documents, query, "announcements")
    out = io.StringIO(newline="")
    if wanted == "csv":
        export.write_csv(documents, out, bom=True)
        return Bytes.file(out.getvalue().encode(), "text/csv; charset=utf-8", "announcements.csv")
    export.write_jsonl(documents, out)
    return Bytes.file(out.getvalue().encode(), "application/x-ndjson; charset=utf-8", "announcements.jsonl")


def bundle(archive: Archive, documents: Iterable[Document], title: str, name: str) -> Bytes:
    """An evidence bundle of these documents."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "bundle.wacz"
        write_bundle(archive, documents, target, title)
        return Bytes.file(target.read_bytes(), "application/wacz", f"{name}.wacz")


def _find(archive: Archive, query: str, limit: int, newest: bool = False) -> search.Found:
    try:
        return search.find(archive.db.conn, query, limit=limit, newest=newest)
    except QueryError as error:
        raise QuestionError(str(error)) from error


def _held(archive: Archive, rows: Iterable[int]) -> Iterator[Document]:
    for row in rows:
        if (document := lookup.document(archive.db.conn, row)) is not None:
            yield document


ROUTES: Routes = ((r"^/search$", show), (r"^/search/announcements\.(?P<format>csv|jsonl|wacz)$", take))
