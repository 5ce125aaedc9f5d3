"""The documented door for plain SQL: `announcements`, `appearances`, `versions`, `files`, `runs`, `coverage`.

Hidden (taken down) documents are in none of them. Columns are only ever added. Any SQLite opens the file, for example
`sqlite3 -readonly data/archive.db "SELECT title, published FROM announcements WHERE report_year = 2021"`.
"""

from __future__ import annotations

from archive.records import COLUMNS

_FIELDS = ", ".join(f"v.{name}" for name in COLUMNS)

VIEWS = {
    # One row per document, as its main copy shows it.
    "announcements": f"""
        SELECT d.key AS id, p.url, p.source, {_FIELDS}, t.body AS text,
          json_extract(v.rest, '$.breadcrumb') AS breadcrumb,
          json_extract(v.rest, '$.attachments') AS attachments,
          CASE WHEN EXISTS (SELECT 1 FROM page q WHERE q.document = d.id AND q.gone IS NULL)
            THEN 'present' ELSE 'gone' END AS state,
          d.first_seen, d.last_seen,
          (SELECT count(DISTINCT page) FROM version w WHERE w.document = d.id) AS appearances,
          (SELECT count(*) FROM version w WHERE w.document = d.id AND w.page = d.owner AND w.cause = 'publisher')
            AS versions,
          d.id AS document
        FROM document d
        JOIN page p ON p.id = d.owner JOIN version v ON v.id = d.version LEFT JOIN text t ON t.id = v.text
        WHERE d.hidden IS NULL""",
    # One row per document and URL it was seen at; `present` is 0 once the URL says something else or is gone.
    "appearances": """
        SELECT d.key AS id, p.url, p.source, d.owner = p.id AS main, min(v.first_seen) AS first_seen,
          max(v.last_seen) AS last_seen, p.document = d.id AND p.gone IS NULL AS present, p.gone, p.gone_reason
        FROM version v JOIN document d ON d.id = v.document JOIN page p ON p.id = v.page
        WHERE d.hidden IS NULL GROUP BY d.id, p.id""",
    # One row per thing a page said for a while; cause 'reader' is our better reading of the same bytes, not an edit.
    "versions": f"""
        SELECT d.key AS id, p.url, p.id = d.owner AS main, v.cause, v.first_seen, v.last_seen, {_FIELDS},
          t.body AS text, c.fetched, s.name AS segment, c.offset, c.length, c.sha256
        FROM version v JOIN document d ON d.id = v.document JOIN page p ON p.id = v.page
        LEFT JOIN text t ON t.id = v.text
        LEFT JOIN capture c ON c.id = v.capture LEFT JOIN segment s ON s.id = c.segment
        WHERE d.hidden IS NULL""",
    # One row per run and state, so that sums can be checked.
    "runs": """
        SELECT r.id, r.source, r.started, r.finished, r.verdict, r.requests, v.state, count(v.page) AS urls
        FROM run r LEFT JOIN visit v ON v.run = r.id GROUP BY r.id, v.state""",
    # One row per publisher and report year (DOMAIN.md section 4.2): years up to 2018 are due by 31 March of the next
    # year, later ones before 1 April. A publisher that is not here has not been found, which is not the same as absent.
    "coverage": """
        SELECT publisher, division, report_year, source, id, title, published, due,
          CAST(julianday(substr(published, 1, 10)) - julianday(due) AS INTEGER) AS lag_days,
          CASE WHEN published IS NULL THEN 'found_no_date'
            WHEN substr(published, 1, 10) < due THEN 'found_on_time'
            WHEN substr(published, 1, 10) = due AND report_year <= 2018 THEN 'found_on_time'
            ELSE 'found_late' END AS status
        FROM (
          SELECT coalesce(v.site_name, v.issuer, p.source) AS publisher, v.division, v.report_year, p.source,
            d.key AS id, v.title, v.published,
            (v.report_year + 1) || CASE WHEN v.report_year <= 2018 THEN '-03-31' ELSE '-04-01' END AS due
          FROM document d JOIN page p ON p.id = d.owner JOIN version v ON v.id = d.version
          WHERE d.hidden IS NULL AND v.report_year IS NOT NULL AND v.integrity = 'clean')""",
}
