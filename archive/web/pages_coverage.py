"""Coverage: who published the report of which year, when, and what was not found (DOMAIN.md section 4.2)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from archive.provinces import PROVINCES, province
from archive.sources import SourceRow, sources
from archive.store import Archive
from archive.web.asking import Asked, Page, Routes
from archive.web.overview import OVERVIEW
from archive.web.pages_search import pages

PUBLISHERS = 40  # rows of one page
YEARS = 15  # columns: the last ones


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

    publishers: tuple[Publisher, ...]
    years: tuple[int, ...]
    sources: Mapping[str, SourceRow]


def show(archive: Archive, asked: Asked) -> Page:
    """The heat map, by province and page by page."""
    matrix = OVERVIEW.ask("coverage", archive, _matrix)
    chosen, start = asked.one("province"), asked.number("start", 0, most=1_000_000)
    rows = [
        one
        for one in matrix.publishers
        if chosen is None or (one.division or "")[:2] == chosen or (chosen == "none" and one.province is None)
    ]
    shown = rows[start : start + PUBLISHERS]
    table = [(one, [_cell(one, year, matrix.sources.get(one.source)) for year in matrix.years]) for one in shown]
    counted = Counter(
        _cell(one, year, matrix.sources.get(one.source)).shade.split(" ")[0] for one in rows for year in matrix.years
    )
    held = {(one.division or "")[:2] for one in matrix.publishers}
    context = {
        "asked": asked,
        "years": matrix.years,
        "table": table,
        "sources": matrix.sources,
        "total": len(rows),
        "counted": counted,
        "provinces": [(code, name) for code, name in PROVINCES.items() if code in held],
        "homeless": any(one.province is None for one in matrix.publishers),
        "chosen": chosen,
        "pages": pages(asked, len(rows), start, PUBLISHERS),
    }
    return Page("coverage.html", context)


def _matrix(archive: Archive) -> Matrix:
    found: dict[tuple[str, str | None, str], dict[int, Report]] = defaultdict(dict)
    rows = archive.db.conn.execute(
        "SELECT publisher, division, source, report_year, id, title, published, due, lag_days, status FROM coverage"
    ).fetchall()
    for publisher, division, source, year, *told in rows:
        report = Report(*told)
        before = found[publisher, division, source].get(int(year))
        found[publisher, division, source][int(year)] = report if before is None else _earlier(before, report)
    known = {one.source: one for one in sources(archive.db.conn)}
    without = [(name, None, name) for name in known if name not in {source for _, _, source in found}]
    publishers = [
        Publisher(name, division, province(division), source, found.get((name, division, source), {}))
        for name, division, source in [*found, *without]
    ]
    publishers.sort(key=lambda one: (one.division or "99", one.name))
    years = sorted({year for reports in found.values() for year in reports})
    span = range(max(years[0], years[-1] - YEARS + 1), years[-1] + 1) if years else range(0)
    return Matrix(tuple(publishers), tuple(span), known)


def _earlier(one: Report, other: Report) -> Report:
    """The one that was published first; a date is worth more than none."""
    return min(one, other, key=lambda report: (report.published is None, report.published or ""))


def _cell(publisher: Publisher, year: int, source: SourceRow | None) -> Cell:
    report = publisher.reports.get(year)
    if report is None:
        blocked = source is not None and source.verdict == "blocked"
        return Cell(
            year, "blocked" if blocked else "missing" if source is not None and source.runs else "unsearched", None
        )
    if report.status == "found_no_date":
        return Cell(year, "undated", report)
    if report.status == "found_on_time":
        return Cell(year, "ontime", report)
    late = report.lag or 0
    return Cell(year, "late " + ("late3" if late > 365 else "late2" if late > 90 else "late1"), report)


ROUTES: Routes = ((r"^/coverage$", show),)
