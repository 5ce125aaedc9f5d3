"""How much the archive holds."""

from __future__ import annotations

from dataclasses import dataclass

from archive.store import Archive


@dataclass(frozen=True, slots=True)
class SourceStats:
    """One source: documents whose main copy is there, pages met, and when it was last crawled."""

    source: str
    documents: int
    pages: int
    last_run: str | None


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of rows and bytes on disk; `years` counts documents by report year."""

    documents: int
    gone: int
    appearances: int
    versions: int
    pages: int
    captures: int
    runs: int
    database_bytes: int
    segment_bytes: int
    sources: list[SourceStats]
    years: dict[int, int]


def parts(archive: Archive) -> dict[str, int]:
    """The bytes on disk by what they are for; reads every row once. They add up to those of `stats`.

    `records and ledger` is what remains of the database: pages, runs, versions, links, free space.
    """
    db = archive.db.conn

    def sum_of(sql: str) -> int:
        return int(db.execute(f"SELECT coalesce(sum({sql}").fetchone()[0])

    found = {
        "texts": sum_of("length(CAST(body AS BLOB)) + 70), 0) FROM text"),  # a digest beside each
        "search index": sum_of("length(block) + 8), 0) FROM search_data")
        + sum_of("length(sz) + 8), 0) FROM search_docsize")
        + sum_of("30), 0) FROM search_document"),
        "near-duplicates": sum_of(
            "length(signature) + length(numbers) + length(names) + length(often) + 20), 0) FROM near_document"
        )
        + sum_of("16), 0) FROM near_band")
        + sum_of("16), 0) FROM near_link"),
    }
    files = archive.path.parent.glob(archive.path.name + "*")
    database = sum(path.stat().st_size for path in files if path.is_file())
    found["records and ledger"] = max(0, database - sum(found.values()))
    found["segments (WARC)"] = sum(path.stat().st_size for path in archive.segments.folder.glob("*.warc.gz"))
    return found


def stats(archive: Archive) -> Stats:
    """Count everything once."""
    db = archive.db.conn

    def count(sql: str) -> int:
        return int(db.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])

    sources = db.execute(
        "SELECT s.source, (SELECT count(*) FROM document d JOIN page p ON p.id = d.owner "
        "WHERE p.source = s.source AND d.hidden IS NULL), (SELECT count(*) FROM page p WHERE p.source = s.source), "
        "(SELECT max(started) FROM run r WHERE r.source = s.source) "
        "FROM (SELECT source FROM run UNION SELECT source FROM page) s ORDER BY s.source"
    ).fetchall()
    years = db.execute(
        "SELECT v.report_year, count(*) FROM document d JOIN version v ON v.id = d.version "
        "WHERE v.report_year IS NOT NULL AND d.hidden IS NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    gone = "page q WHERE q.document = d.id AND q.gone IS NULL"
    return Stats(
        documents=count("document WHERE hidden IS NULL"),
        gone=count(f"document d WHERE d.hidden IS NULL AND NOT EXISTS (SELECT 1 FROM {gone})"),
        appearances=count("(SELECT DISTINCT document, page FROM version)"),
        versions=count("version"),
        pages=count("page"),
        captures=count("capture"),
        runs=count("run"),
        database_bytes=sum(
            path.stat().st_size for path in archive.path.parent.glob(archive.path.name + "*") if path.is_file()
        ),
        segment_bytes=sum(path.stat().st_size for path in archive.segments.folder.glob("*.warc.gz")),
        sources=[SourceStats(*row) for row in sources],
        years=dict(years),
    )
