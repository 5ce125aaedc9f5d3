"""The first page: what the archive holds, and one box to search it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive.answers import RunSummary
from archive.sources import SourceRow, sources
from archive.store import Archive
from archive.web.asking import Asked, Page, Routes
from archive.web.charts import Bar, bars
from archive.web.overview import OVERVIEW

RUNS = 6
SOURCES = 12
NEW = 8


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the archive holds in numbers; `years` counts documents by report year, or by year of publication."""

    documents: int
    gone: int
    first: str | None
    last: str | None
    sources: tuple[SourceRow, ...]
    years: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A document that came in lately."""

    id: str
    title: str | None
    source: str
    published: str | None
    integrity: str


def show(archive: Archive, asked: Asked) -> Page:
    """The home page."""
    held = OVERVIEW.ask("holdings", archive, holdings)
    by_size = sorted(held.sources, key=lambda one: -one.documents)
    chart = [Bar(str(year), count, f"/search?q=year:{year}") for year, count in held.years.items()]
    context = {
        "asked": asked,
        "held": held,
        "sources": by_size[:SOURCES],
        "more": max(0, len(by_size) - SOURCES),
        "chart": bars(chart),
        "runs": _last_runs(archive),
        "new": _newcomers(archive),
    }
    return Page("home.html", context)


def holdings(archive: Archive) -> Holdings:
    """Count what is held."""
    db = archive.db.conn
    told = sources(db)
    first, last = db.execute("SELECT min(first_seen), max(last_seen) FROM document WHERE hidden IS NULL").fetchone()
    years = db.execute(
        "SELECT report_year, count(*) FROM coverage GROUP BY report_year ORDER BY report_year"
    ).fetchall()
    return Holdings(
        documents=sum(one.documents for one in told),
        gone=sum(one.gone for one in told),
        first=first,
        last=last,
        sources=tuple(told),
        years={int(year): int(count) for year, count in years},
    )


def _last_runs(archive: Archive) -> list[RunSummary]:
    rows = archive.db.conn.execute("SELECT id FROM run ORDER BY id DESC LIMIT ?", [RUNS]).fetchall()
    return [archive.run(int(id)) for (id,) in rows]


def _newcomers(archive: Archive) -> list[Newcomer]:
    rows = archive.db.conn.execute(
        "SELECT d.key, v.title, p.source, v.published, v.integrity FROM document d JOIN page p ON p.id = d.owner "
        "JOIN version v ON v.id = d.version WHERE d.hidden IS NULL ORDER BY d.id DESC LIMIT ?",
        [NEW],
    ).fetchall()
    return [Newcomer(*row) for row in rows]


ROUTES: Routes = ((r"^/$", show),)
