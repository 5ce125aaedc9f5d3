"""Coverage: who published the report of which year, when, and what was not found (DOMAIN.md section 4.2)."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from archive.provinces import PROVINCES, province
from archive.sources import SourceRow, sources
from archive.store import Archive
from archive.web.asking import Asked, Page, Routes
from archive.web.overview import OVERVIEW
from archive.web.pages_search import pages

PUBLISHERS = 40  # rows of one page
YEARS = 15  # columns: the last ones
ALL, NOWHERE = "", "none"


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one publisher and year; `lag` is in days after it was due, None without a date."""

    id: str
    title: str | None
    published: str | None
    due: str
    lag: int | None
    status: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """One row: who, where, and the reports by year."""

    name: str
    division: str | None
    province: str | None
    source: str
    reports: Mapping[int, Report]


@dataclass(frozen=True, slots=True)
class Cell:
    """What the table shows for one publisher and year; `shade` is a class of the style sheet."""

    year: int
    shade: str
    report: Report | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every publisher that has a report of any year, and every source that has none."""

    places: Mapping[str, tuple[Publisher, ...]]  # by province code, NOWHERE for those without, ALL for everybody
    counts: Mapping[str, Counter[str]]  # cells by shade, for the same keys
    years: tuple[int, ...]
    sources: Mapping[str, SourceRow]


def show(archive: Archive, asked: Asked) -> Page:
    """The heat map, by province and page by page."""
    matrix = OVERVIEW.ask("coverage", archive, matrix_of)
    chosen, start = asked.one("province") or ALL, asked.number("start", 0, most=1_000_000)
    rows = matrix.places.get(chosen, ())
    shown = rows[start : start + PUBLISHERS]
    context = {
        "asked": asked,
        "years": matrix.years,
        "table": [(one, [_cell(one, year, matrix.sources) for year in matrix.years]) for one in shown],
        "sources": matrix.sources,
        "total": len(rows),
        "counted": matrix.counts.get(chosen, Counter()),
        "provinces": [(code, name) for code, name in PROVINCES.items() if code in matrix.places],
        "homeless": NOWHERE in matrix.places,
        "chosen": chosen,
        "pages": pages(asked, len(rows), start, PUBLISHERS),
    }
    return Page("coverage.html", context)


def matrix_of(archive: Archive) -> Matrix:
    """Read the view `coverage` once and lay it out."""
    db = archive.db.conn
    found = _reports(db)
    known = {one.source: one for one in sources(db)}
    placed = {source for _, _, source in found}
    # A source that turned out to be somebody else publishes nothing of its own.
    without = [(n, None, n) for n, one in known.items() if n not in placed and one.verdict != "identity_mismatch"]
    years = sorted({year for reports in found.values() for year in reports if year <= date.today().year})
    span = tuple(range(max(years[0], years[-1] - YEARS + 1), years[-1] + 1)) if years else ()
    places: dict[str, list[Publisher]] = defaultdict(list)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, division, source in sorted([*found, *without], key=lambda one: (one[1] or "99", one[0], one[2])):
        where = province(division)
        publisher = Publisher(name, division, where, source, found.get((name, division, source), {}))
        shades = Counter(_cell(publisher, year, known).shade.split(" ")[0] for year in span)
        for key in (ALL, NOWHERE if where is None else str(division)[:2]):
            places[key].append(publisher)
            counts[key] += shades
    return Matrix({key: tuple(rows) for key, rows in places.items()}, counts, span, known)


def _reports(db: sqlite3.Connection) -> dict[tuple[str, str | None, str], dict[int, Report]]:
    found: dict[tuple[str, str | None, str], dict[int, Report]] = defaultdict(dict)
    rows = db.execute(
        "SELECT publisher, division, source, report_year, id, title, published, due, lag_days, status FROM coverage"
    )
    for publisher, division, source, year, *told in rows:
        report = Report(*told)
        held = found[publisher, division, source]
        before = held.get(int(year))
        held[int(year)] = report if before is None else _earlier(before, report)
    return found


def _earlier(one: Report, other: Report) -> Report:
    """The one that was published first; a date is worth more than none."""
    return min(one, other, key=lambda report: (report.published is None, report.published or ""))


def _cell(publisher: Publisher, year: int, known: Mapping[str, SourceRow]) -> Cell:
    report = publisher.reports.get(year)
    if report is None:
        return Cell(year, _absence(known.get(publisher.source)), None)
    if report.status == "found_no_date":
        return Cell(year, "undated", report)
    if report.status == "found_on_time":
        return Cell(year, "ontime", report)
    late = report.lag or 0
    return Cell(year, "late " + ("late3" if late > 365 else "late2" if late > 90 else "late1"), report)


def _absence(source: SourceRow | None) -> str:
    """Absence is a finding only with a search behind it."""
    if source is None or not source.runs:
        return "unsearched"
    return "blocked" if source.verdict == "blocked" else "missing"


ROUTES: Routes = ((r"^/coverage$", show),)
