"""The files documents link to: which version links to which file, what each file's bytes are, and their text.

A file is fetched like a page: its URL is a row of `page` with role `attachment`, its bytes are captures in WARC, its
ends stand in the ledger. Two tables come to that. `attachment` says which version links to which URL; it follows from
the records. `file` says what bytes are, once for all URLs that gave them: kind by content, and text or the reason there
is none. So what a URL gave, and when, is in its captures: those whose content is a `file` (an error page never is one).

Longer than other files: the two tables, with all that is asked and made of them, are one thing to read.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable

from archive import holdings
from archive.answers import File
from archive.model import Attachment, Extract, Link, State
from archive.records import unicode_only
from archive.twins import page_url, plain_url

TRIES = 3  # runs that ask for a file that failed, before it is left to the long interval
SHARE = 50  # of the files held, one in so many is looked at again in a run, and some always
LEAST = 20

_TABLES = (
    """CREATE TABLE attachment ( -- follows from the records: what a version links to, in the order of the page
      version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      url TEXT NOT NULL, -- canonical, as in page.url
      link TEXT NOT NULL, -- as the page has it: what to ask the server for
      name TEXT NOT NULL, -- the link's text
      PRIMARY KEY (version, place)
    ) WITHOUT ROWID""",
    "CREATE INDEX attachment_url ON attachment(url)",
    """CREATE TABLE file ( -- what bytes turned out to be, whichever URLs gave them
      sha256 TEXT PRIMARY KEY, -- of the content, as capture.content_sha256
      size INTEGER NOT NULL,
      kind TEXT NOT NULL, -- by content
      text INTEGER REFERENCES text(id),
      reason TEXT, -- why there is no text, or not all of it
      reader TEXT NOT NULL, -- which program read it
      withdrawn TEXT -- when a takedown made text and bytes unreadable
    ) WITHOUT ROWID""",
    "CREATE INDEX file_text ON file(text) WHERE text IS NOT NULL",
    "CREATE INDEX capture_content ON capture(content_sha256)",
    "ALTER TABLE indexed ADD COLUMN files TEXT NOT NULL DEFAULT '[]'",
    "DROP VIEW runs",
)

# The newest content of a file's page: what the file is now. `:page` or a column stands for {page}.
_NOW = (
    "SELECT c.id FROM capture c JOIN file f ON f.sha256 = c.content_sha256 WHERE c.page = {page} "
    "ORDER BY c.fetched DESC, c.id DESC LIMIT 1"
)

VIEWS = {
    # One row per run and state, so that sums can be checked; `files` counts attachments, which `urls` leaves out.
    "runs": """
        SELECT r.id, r.source, r.started, r.finished, r.verdict, r.requests, v.state,
          count(CASE WHEN p.role <> 'attachment' THEN 1 END) AS urls,
          count(CASE WHEN p.role = 'attachment' THEN 1 END) AS files
        FROM run r LEFT JOIN visit v ON v.run = r.id LEFT JOIN page p ON p.id = v.page GROUP BY r.id, v.state""",
    # One row per document and file it links to, as both are now; `reason` says why there is no text, or no file.
    "files": f"""
        SELECT d.key AS id, a.url, a.name, coalesce(p.state, 'not asked for') AS state, f.kind, f.size, f.sha256,
          c.fetched, t.body AS text, CASE WHEN f.sha256 IS NULL THEN p.reason ELSE f.reason END AS reason,
          s.name AS segment, c.offset, c.length
        FROM document d JOIN attachment a ON a.version = d.version LEFT JOIN page p ON p.url = a.url
        LEFT JOIN capture c ON c.id = ({_NOW.format(page="p.id")})
        LEFT JOIN file f ON f.sha256 = c.content_sha256 LEFT JOIN text t ON t.id = f.text
        LEFT JOIN segment s ON s.id = c.segment
        WHERE d.hidden IS NULL""",
}


def schema(db: sqlite3.Connection) -> None:
    """Create the tables and views, and link what the versions of an older archive name."""
    for statement in _TABLES:
        db.execute(statement)
    for name, select in VIEWS.items():
        db.execute(f"CREATE VIEW {name} AS {select}")
    sql = "SELECT id, json_extract(rest, '$.attachments') FROM version WHERE rest LIKE '%\"attachments\"%'"
    for version, named in db.execute(sql).fetchall():
        link(db, version, [Attachment(**one) for one in json.loads(named or "[]")], plain_url)


def link(
    db: sqlite3.Connection,
    version: int,
    attachments: Iterable[Attachment],
    page_url: Callable[[sqlite3.Connection, str], str] = page_url,
) -> None:
    """Say what a new version links to, each file once."""
    found: dict[str, tuple[str, str]] = {}
    for one in attachments:
        found.setdefault(page_url(db, one.url), (unicode_only(one.url), unicode_only(one.text)))
    rows = [[version, place, url, *told] for place, (url, told) in enumerate(found.items())]
    db.executemany("INSERT INTO attachment (version, place, url, link, name) VALUES (?, ?, ?, ?, ?)", rows)


def place(
    db: sqlite3.Connection, page: int, capture: int, size: int, extract: Extract
) -> tuple[State, tuple[int, ...]]:
    """Book the content of a capture as what a file's page gives now; give the state and the documents touched."""
    digest = db.execute("SELECT content_sha256 FROM capture WHERE id = ?", [capture]).fetchone()[0]
    if digest is None:
        raise ValueError(f"capture {capture}: a file was read from content that has no digest")
    before = _digest_before(db, page, capture)
    known = db.execute("SELECT 1 FROM file WHERE sha256 = ?", [digest]).fetchone() is not None
    write(db, digest, size, extract)
    if before is None:
        state: State = "duplicate" if known else "new"
    else:
        state = "unchanged" if before == digest else "changed"
    return state, touched(db, digest)


def write(db: sqlite3.Connection, digest: str, size: int, extract: Extract) -> None:
    """Set what bytes are; a later reading of the same bytes replaces an earlier one."""
    text = holdings.text_row(db, None if extract.text is None else unicode_only(extract.text))
    reason = None if extract.reason is None else unicode_only(extract.reason)
    db.execute(
        "INSERT INTO file (sha256, size, kind, text, reason, reader) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (sha256) DO UPDATE SET kind = excluded.kind, text = excluded.text, reason = excluded.reason, "
        "reader = excluded.reader, withdrawn = NULL",
        [digest, size, extract.kind, text, reason, extract.reader],
    )


def touched(db: sqlite3.Connection, digest: str) -> tuple[int, ...]:
    """The documents that link to a URL which gave these bytes."""
    sql = (
        "SELECT DISTINCT v.document FROM capture c JOIN page p ON p.id = c.page JOIN attachment a ON a.url = p.url "
        "JOIN version v ON v.id = a.version WHERE c.content_sha256 = ?"
    )
    return tuple(int(row[0]) for row in db.execute(sql, [digest]).fetchall())


def _digest_before(db: sqlite3.Connection, page: int, capture: int) -> str | None:
    sql = (
        "SELECT f.sha256 FROM capture c JOIN file f ON f.sha256 = c.content_sha256 WHERE c.page = ? AND c.id <> ? "
        "ORDER BY c.fetched DESC, c.id DESC LIMIT 1"
    )
    row = db.execute(sql, [page, capture]).fetchone()
    return None if row is None else str(row[0])


# Asking.


def due(db: sqlite3.Connection, run: int, before: str) -> list[Link]:
    """The files a run should ask for, those never had first: what the pages of its source link to now.

    Asked for are files never had, files that failed in fewer than TRIES runs, those of notices this run found changed,
    and of the others that were last asked for before the time `before` a small share, the longest ago first.
    """
    rows = db.execute(_DUE, {"run": run, "before": before, "tries": TRIES}).fetchall()
    wanted: dict[str, tuple[str, str]] = {}
    again: dict[str, tuple[str, str]] = {}
    for url, link, name, at_once, _ in rows:
        (wanted if at_once else again).setdefault(url, (link, name))
    held = db.execute("SELECT count(*) FROM page WHERE role = 'attachment'").fetchone()[0]
    share = [one for one in again.items() if one[0] not in wanted][: max(LEAST, int(held) // SHARE)]
    return [Link(link, "attachment", name) for link, name in (*wanted.values(), *(told for _, told in share))]


_DUE = """
SELECT a.url, a.link, a.name,
  f.id IS NULL OR f.state IN ('pending', 'interrupted')
  OR f.state IN ('failed', 'blocked') AND (SELECT count(*) FROM visit w WHERE w.page = f.id
    AND w.state IN ('failed', 'blocked')) < :tries
  OR EXISTS (SELECT 1 FROM visit w WHERE w.run = :run AND w.page = n.id AND w.state = 'changed')
  AS at_once, (SELECT max(at) FROM visit w WHERE w.page = f.id) AS last
FROM run r JOIN page n ON n.source = r.source AND n.role = 'notice'
JOIN document d ON d.id = n.document AND d.hidden IS NULL
JOIN attachment a ON a.version = n.version LEFT JOIN page f ON f.url = a.url
WHERE r.id = :run AND (f.id IS NULL OR f.role = 'attachment')
  AND NOT EXISTS (SELECT 1 FROM visit w WHERE w.run = :run AND w.page = f.id)
  AND (at_once OR last < :before)
ORDER BY at_once DESC, last, n.id, a.place
"""


def standing(db: sqlite3.Connection, url: str) -> int | None:
    """The capture that tells what a file is now."""
    row = db.execute(_NOW.format(page="(SELECT id FROM page WHERE url = ?)"), [page_url(db, url)]).fetchone()
    return None if row is None else int(row[0])


def of_version(db: sqlite3.Connection, version: int) -> tuple[File, ...]:
    """The files a version links to, as they are now, in the order of its page."""
    return tuple(File(*row) for row in db.execute(_FILES, [version]).fetchall())


_FILES = f"""
SELECT a.link, a.name, coalesce(p.state, 'not asked for'), f.kind, f.size, f.sha256, c.fetched,
  coalesce(c.revisit_of, c.id), t.body,
  coalesce(CASE WHEN f.withdrawn IS NOT NULL THEN 'withdrawn on ' || f.withdrawn END,
    CASE WHEN f.sha256 IS NULL THEN p.reason ELSE f.reason END),
  (SELECT count(DISTINCT o.content_sha256) FROM capture o JOIN file g ON g.sha256 = o.content_sha256
    WHERE o.page = p.id)
FROM attachment a LEFT JOIN page p ON p.url = a.url
LEFT JOIN capture c ON c.id = ({_NOW.format(page="p.id")})
LEFT JOIN file f ON f.sha256 = c.content_sha256 LEFT JOIN text t ON t.id = f.text
WHERE a.version = ? ORDER BY a.place
"""


def searched(db: sqlite3.Connection, version: int) -> list[int]:
    """The texts under which a document is found by its files, as rows of `text`; its own text is none of them."""
    sql = (
        f"SELECT f.text FROM attachment a JOIN page p ON p.url = a.url JOIN capture c ON c.id = ({_NOW}) "
        "JOIN file f ON f.sha256 = c.content_sha256 JOIN version v ON v.id = a.version "
        "WHERE a.version = ? AND f.text IS NOT NULL AND f.text IS NOT v.text ORDER BY a.place"
    )
    rows = db.execute(sql.format(page="p.id"), [version]).fetchall()
    return list(dict.fromkeys(int(row[0]) for row in rows))


# The captures that hold the content of files which a document's versions link to.
CAPTURES_OF = (
    "SELECT c.id FROM version v JOIN attachment a ON a.version = v.id JOIN page p ON p.url = a.url "
    "JOIN capture c ON c.page = p.id JOIN file f ON f.sha256 = c.content_sha256 WHERE v.document = ?"
)


def lent(db: sqlite3.Connection, capture: int) -> bool | None:
    """Whether a file's capture belongs to a document that is not hidden; None for a capture of no document's file."""
    rows = db.execute(
        "SELECT DISTINCT d.hidden FROM capture c JOIN page p ON p.id = c.page JOIN attachment a ON a.url = p.url "
        "JOIN version v ON v.id = a.version JOIN document d ON d.id = v.document OR d.id = p.document WHERE c.id = ?",
        [capture],
    ).fetchall()
    return None if not rows else any(hidden is None for (hidden,) in rows)


def kind(db: sqlite3.Connection, capture: int) -> str | None:
    """What a capture's bytes are when they are a file, else None."""
    sql = "SELECT f.kind FROM capture c JOIN file f ON f.sha256 = c.content_sha256 WHERE c.id = ?"
    row = db.execute(sql, [capture]).fetchone()
    return None if row is None else str(row[0])


# Keeping.


def merge(db: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    """Take over what another archive knows of bytes; of two readings of the same bytes the greater one."""
    sql = (
        "SELECT f.sha256, f.size, f.kind, f.reason, f.reader, f.withdrawn, t.body, t.sha256 FROM file f "
        "LEFT JOIN text t ON t.id = f.text"
    )
    ours = {row[0]: row for row in db.execute(sql).fetchall()}
    for row in theirs.execute(sql).fetchall():
        if (mine := ours.get(row[0])) is not None and _worth(mine) >= _worth(row):
            continue
        digest, size, kind, reason, reader, withdrawn, text, _ = row
        write(db, digest, size, Extract(kind, text, reason, reader))
        db.execute("UPDATE file SET withdrawn = ? WHERE sha256 = ?", [withdrawn, digest])


def _worth(row: tuple[object, ...]) -> tuple[str, ...]:
    # What is withdrawn anywhere stays so: it says the most.
    _, _, kind, reason, reader, withdrawn, _, text = row
    return str(withdrawn or ""), str(reader), str(text or ""), str(kind), str(reason or "")


def withdrawable(db: sqlite3.Connection, document: int) -> list[str]:
    """Digests of the files that only this document, and withdrawn ones, link to."""
    rows = db.execute(
        "SELECT DISTINCT c.content_sha256 FROM version v JOIN attachment a ON a.version = v.id "
        "JOIN page p ON p.url = a.url JOIN capture c ON c.page = p.id "
        "JOIN file f ON f.sha256 = c.content_sha256 WHERE v.document = ?",
        [document],
    ).fetchall()
    return [digest for (digest,) in rows if not _kept(db, digest)]


def _kept(db: sqlite3.Connection, digest: str) -> bool:
    """Whether a document that is not withdrawn links to a URL which gave these bytes."""
    sql = (
        "SELECT 1 FROM capture c JOIN page p ON p.id = c.page JOIN attachment a ON a.url = p.url "
        "JOIN version v ON v.id = a.version JOIN document d ON d.id = v.document "
        "WHERE c.content_sha256 = ? AND d.hidden IS NOT 'tombstone' LIMIT 1"
    )
    return db.execute(sql, [digest]).fetchone() is not None


def withdrawn_again(db: sqlite3.Connection) -> list[str]:
    """Digests of withdrawn files whose bytes came in once more, by a crawl or a merge, and that nobody links to."""
    sql = (
        "SELECT DISTINCT f.sha256 FROM file f JOIN capture c ON c.content_sha256 = f.sha256 "
        "WHERE f.withdrawn IS NOT NULL AND c.withdrawn IS NULL"
    )
    return [digest for (digest,) in db.execute(sql).fetchall() if not _kept(db, digest)]


def places(db: sqlite3.Connection, digests: Iterable[str]) -> list[tuple[int, str, int, int]]:
    """(capture, segment, offset, length) of everything that holds these bytes and can still be read."""
    sql = (
        "SELECT c.id, s.name, c.offset, c.length FROM capture c JOIN segment s ON s.id = c.segment "
        "WHERE c.withdrawn IS NULL AND c.content_sha256 = ?"
    )
    return [row for digest in digests for row in db.execute(sql, [digest]).fetchall()]


def withdraw(db: sqlite3.Connection, digests: Iterable[str], at: str) -> list[int]:
    """Forget the texts of these files; digest, kind and size stay. Gives the text rows that may be unused now."""
    freed = []
    for digest in digests:
        row = db.execute("SELECT text FROM file WHERE sha256 = ? AND text IS NOT NULL", [digest]).fetchone()
        freed += [] if row is None else [int(row[0])]
        sql = "UPDATE file SET text = NULL, reason = NULL, withdrawn = coalesce(withdrawn, ?) WHERE sha256 = ?"
        db.execute(sql, [at, digest])
        db.execute("DELETE FROM reread_file WHERE sha256 = ?", [digest])  # what it said before, too
    return freed


def used(db: sqlite3.Connection, text: int) -> bool:
    """Whether a version or a file still has this text."""
    sql = "SELECT 1 FROM version WHERE text = :text UNION ALL SELECT 1 FROM file WHERE text = :text LIMIT 1"
    return db.execute(sql, {"text": text}).fetchone() is not None


def drop_unused_texts(db: sqlite3.Connection) -> None:
    db.execute(
        "DELETE FROM text WHERE id NOT IN (SELECT text FROM version WHERE text IS NOT NULL "
        "UNION SELECT text FROM file WHERE text IS NOT NULL)"
    )


def problems(db: sqlite3.Connection) -> list[str]:
    """What of the files contradicts itself: a text that is not what was stored, a file without bytes."""
    told = []
    sql = "SELECT f.sha256, t.sha256, t.body FROM file f JOIN text t ON t.id = f.text"
    for digest, wanted, body in db.execute(sql):
        if (found := _sha256(body)) != wanted:
            told.append(f"text of file {digest}: has sha256 {found}, was stored with {wanted}")
    alone = "SELECT sha256 FROM file f WHERE NOT EXISTS (SELECT 1 FROM capture c WHERE c.content_sha256 = f.sha256)"
    told += [f"file {digest}: no capture holds its bytes" for (digest,) in db.execute(alone)]
    return told


def prove(db: sqlite3.Connection, document: int, steps: list[str], problems: list[str]) -> None:
    """The chain from the texts of a document's files to the digests of their bytes, link by link."""
    sql = (
        "SELECT DISTINCT f.sha256, f.kind, t.sha256, t.body FROM file f JOIN text t ON t.id = f.text "
        f"JOIN capture c ON c.content_sha256 = f.sha256 WHERE c.id IN ({CAPTURES_OF}) ORDER BY f.sha256"
    )
    for digest, kind, wanted, body in db.execute(sql, [document]).fetchall():
        if (found := _sha256(body)) == wanted:
            steps.append(f"file {digest} ({kind}): text of {len(body)} characters, sha256 {wanted}")
        else:
            problems.append(f"text of file {digest}: has sha256 {found}, was stored with {wanted}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
