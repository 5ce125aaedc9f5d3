"""How the crawl is doing: sources, runs with their ledgers, and the 文号 series with their gaps."""

from __future__ import annotations

from collections import defaultdict

from archive import ledger
from archive.errors import NotHeldError
from archive.health import Health
from archive.health import health as examine
from archive.series import Series, series
from archive.store import Archive
from archive.web.asking import Asked, Page, Routes
from archive.web.charts import sparkline
from archive.web.overview import OVERVIEW
from archive.web.pages_search import pages

RUNS = 50
SPARKS = 24  # runs of one sparkline
URLS = 200  # of one run, those that did not end well
SERIES = 40
NEWS = ("new", "changed", "duplicate", "gone")
WELL = ("healthy", "quiet")
_ENDED_WELL = ("listed", "new", "changed", "unchanged", "duplicate", "known", "redirected")


def health(archive: Archive, asked: Asked) -> Page:
    """Every source with its last verdict, the news of its last runs, and the next thing to do."""
    start = asked.number("start", 0, most=1_000_000)
    told = OVERVIEW.ask("health", archive, every_health)
    shown = told[start : start + RUNS]
    sparks = _sparks(archive, [one.source for one in shown])
    rows = [(one, sparkline(sparks[one.source]), sparks[one.source]) for one in shown]
    well = sum(one.well for one in told)
    context = {"asked": asked, "rows": rows, "well": well, "total": len(told), "WELL": WELL}
    return Page("health.html", {**context, "pages": pages(asked, len(told), start, RUNS)})


def every_health(archive: Archive) -> tuple[Health, ...]:
    """How all sources fare, by name."""
    return tuple(examine(archive.db.conn))


def _sparks(archive: Archive, names: list[str]) -> dict[str, list[tuple[int, bool]]]:
    """For each source its last runs, oldest first: how much news, and whether the run went well."""
    db = archive.db.conn
    found: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for name in names:
        rows = db.execute(
            "SELECT r.verdict, (SELECT count(*) FROM visit v WHERE v.run = r.id AND v.state IN (?, ?, ?, ?)) "
            "FROM run r WHERE r.source = ? ORDER BY r.id DESC LIMIT ?",
            [*NEWS, name, SPARKS],
        ).fetchall()
        found[name] = [(int(news), verdict is None or verdict in WELL) for verdict, news in reversed(rows)]
    return found


def runs(archive: Archive, asked: Asked) -> Page:
    """Runs, newest first."""
    start, source = asked.number("start", 0, most=10**9), asked.one("source")
    db = archive.db.conn
    where = "(:source IS NULL OR source = :source)"
    total = int(db.execute(f"SELECT count(*) FROM run WHERE {where}", {"source": source}).fetchone()[0])
    ids = db.execute(
        f"SELECT id FROM run WHERE {where} ORDER BY id DESC LIMIT {RUNS} OFFSET :start",
        {"source": source, "start": start},
    ).fetchall()
    shown = [ledger.summaries(db, run=int(id))[0] for (id,) in ids]
    context = {"asked": asked, "runs": shown, "source": source, "WELL": WELL}
    return Page("runs.html", {**context, "pages": pages(asked, total, start, RUNS), "total": total})


# A file is told with a document that links to it and is not hidden.
_SEEN = (
    "(p.role <> 'attachment' OR EXISTS (SELECT 1 FROM attachment a JOIN version o ON o.id = a.version "
    "JOIN document e ON e.id = o.document WHERE a.url = p.url AND e.hidden IS NULL))"
)


def run(archive: Archive, asked: Asked) -> Page:
    """One run: its ledger, and the URLs that did not end well."""
    number = int(asked.parts["run"])
    summary = archive.run(number)
    state = asked.one("state")
    ends = dict.fromkeys([*summary.counts, *summary.attachments])
    if state is not None and state not in ends:
        raise NotHeldError(f"run {number}: no URL ended {state}; they ended {', '.join(ends)}")
    wanted = [state] if state else [name for name in ends if name not in _ENDED_WELL]
    marks = ", ".join("?" * len(wanted))
    rows = archive.db.conn.execute(
        "SELECT p.url, v.state, v.reason, d.key FROM visit v JOIN page p ON p.id = v.page "
        "LEFT JOIN version w ON w.id = v.version LEFT JOIN document d ON d.id = coalesce(w.document, p.document) "
        f"WHERE v.run = ? AND v.state IN ({marks}) AND d.hidden IS NULL AND {_SEEN} "
        f"ORDER BY v.state, p.url LIMIT {URLS}",
        [number, *wanted],
    ).fetchall()
    context = {"asked": asked, "run": summary, "met": sum(summary.counts.values()), "listed": rows, "state": state}
    return Page("run.html", {**context, "most": URLS, "WELL": WELL})


def numbers(archive: Archive, asked: Asked) -> Page:
    """文号 series: what is held, what is missing between, held twice, or out of order."""
    start = asked.number("start", 0, most=1_000_000)
    told = OVERVIEW.ask("series", archive, every_series)
    only = [one for one in told if one.irregularities] if asked.one("gaps") else list(told)
    context = {"asked": asked, "series": only[start : start + SERIES], "total": len(only), "all": len(told)}
    return Page("series.html", {**context, "pages": pages(asked, len(only), start, SERIES)})


def every_series(archive: Archive) -> tuple[Series, ...]:
    """All 文号 series."""
    return tuple(series(archive.db.conn))


ROUTES: Routes = (
    (r"^/health$", health),
    (r"^/runs$", runs),
    (r"^/run/(?P<run>[0-9]{1,18})$", run),
    (r"^/series$", numbers),
)
