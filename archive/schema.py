"""The tables of an archive, as named migrations that are only ever appended to.

A page is a canonical URL; a capture is one stored response of it; a document is a work, owned by the page that is its
main copy; a version is what one page said for a while; a visit is how one URL ended in one run. The views are the
documented door for plain SQL (see views.py); tables may change with a migration, views keep their columns.

m0001 to m0003 are frozen as of 0.1.0, with all they are made from (COLUMNS, VIEWS, the tables of index.py, near.py and
indexing.py): what changes is a new migration. A test holds this against the archives of every release that are kept.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive import attachments, indexing, refiles, rereads, sweeps, twins
from archive.connection import APPLICATION_ID
from archive.errors import ArchiveError
from archive.records import COLUMNS
from archive.views import VIEWS

migrations = Migrations("archive")

_NUMBERS = {"report_year"}
_RECORD = ",\n  ".join(f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'}" for name in COLUMNS)


@migrations()
def m0001_rooms(db: Database) -> None:
    """The tables of the first release."""
    for statement in _ROOMS.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
    db.conn.execute(f"PRAGMA application_id={APPLICATION_ID}")


@migrations()
def m0002_views(db: Database) -> None:
    """The views people query with plain SQL."""
    for name, select in VIEWS.items():
        db.conn.execute(f"CREATE VIEW {name} AS {select}")


@migrations()
def m0003_search(db: Database) -> None:
    """The full-text index and what keeps it in step."""
    indexing.schema(db.conn)


@migrations()
def m0004_sweeps(db: Database) -> None:
    """How far each run read each list, and what the lists named."""
    sweeps.schema(db.conn)


@migrations()
def m0005_attachments(db: Database) -> None:
    """The files that versions link to, and what their bytes are."""
    attachments.schema(db.conn)


@migrations()
def m0006_rereads(db: Database) -> None:
    """What newer code made of stored bytes."""
    rereads.schema(db.conn)


@migrations()
def m0007_twins(db: Database) -> None:
    """Hosts that are the same on http and https, or with and without www."""
    twins.schema(db.conn)


@migrations()
def m0008_places(db: Database) -> None:
    """The days of the index lie closer together: build it again."""
    indexing.mark_all(db.conn)


@migrations()
def m0009_reports(db: Database) -> None:
    """What the view `coverage` and the counts by year read, beside the rows: those are kilobytes wide."""
    told = "report_year, id, integrity, site_name, issuer, division, title, published"
    db.conn.execute(f"CREATE INDEX version_report ON version({told}) WHERE report_year IS NOT NULL")
    db.conn.execute("CREATE INDEX document_version ON document(version)")


@migrations()
def m0010_reread_files(db: Database) -> None:
    """What files said before newer code read them better."""
    refiles.schema(db.conn)


_ROOMS = f"""
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE, -- the same run in every archive it is merged into
  source TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT,
  verdict TEXT,
  requests INTEGER NOT NULL DEFAULT 0,
  evidence TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX run_source ON run(source, id);
CREATE TABLE segment (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  committed INTEGER NOT NULL -- bytes up to the end of the last committed record
);
CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE, -- canonical
  key TEXT NOT NULL, -- the id of the document this page founds, if it founds one
  fetch_url TEXT NOT NULL, -- as last met: what to ask the server for
  source TEXT NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  title TEXT, -- as the list shows it
  date TEXT,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  gone TEXT,
  gone_reason TEXT,
  document INTEGER REFERENCES document(id),
  version INTEGER REFERENCES version(id)
);
CREATE INDEX page_key ON page(key);
CREATE INDEX page_document ON page(document);
CREATE INDEX page_source ON page(source);
CREATE TABLE capture (
  id INTEGER PRIMARY KEY,
  page INTEGER NOT NULL REFERENCES page(id),
  run INTEGER REFERENCES run(id),
  url TEXT NOT NULL, -- as requested
  fetched TEXT NOT NULL,
  status INTEGER NOT NULL,
  segment INTEGER NOT NULL REFERENCES segment(id),
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  sha256 TEXT NOT NULL, -- of the payload as sent
  content_sha256 TEXT, -- of the payload with its Content-Encoding undone; NULL when it does not decompress
  size INTEGER NOT NULL, -- bytes of the payload as sent
  revisit_of INTEGER REFERENCES capture(id), -- the capture that holds the same payload
  withdrawn TEXT, -- when a takedown made the bytes unreadable
  UNIQUE (segment, offset)
);
CREATE INDEX capture_page ON capture(page, id);
CREATE INDEX capture_run ON capture(run);
CREATE INDEX capture_revisit ON capture(revisit_of) WHERE revisit_of IS NOT NULL;
CREATE TABLE text (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
);
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE, -- the id people cite
  owner INTEGER NOT NULL REFERENCES page(id), -- the main copy: the earliest clean appearance
  version INTEGER REFERENCES version(id), -- what the archive shows of it
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  hidden TEXT -- 'pending' or 'tombstone' after a takedown
);
CREATE INDEX document_owner ON document(owner);
CREATE INDEX document_hidden ON document(hidden) WHERE hidden IS NOT NULL;
CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES document(id),
  page INTEGER NOT NULL REFERENCES page(id),
  capture INTEGER REFERENCES capture(id),
  content TEXT NOT NULL, -- key of what the publisher published
  match TEXT, -- key of the text across pages
  cause TEXT NOT NULL, -- 'publisher', or 'reader' when newer code read the same bytes
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  text INTEGER REFERENCES text(id),
  {_RECORD},
  rest TEXT NOT NULL
);
CREATE INDEX version_document ON version(document);
CREATE INDEX version_page ON version(page, id);
CREATE INDEX version_match ON version(match) WHERE match IS NOT NULL;
CREATE INDEX version_capture ON version(capture);
CREATE INDEX version_text ON version(text);
CREATE TABLE reading ( -- what a merge knows of readings that no visit tells: two in one run, or versions that met
  page INTEGER NOT NULL REFERENCES page(id),
  at TEXT NOT NULL,
  version INTEGER NOT NULL REFERENCES version(id),
  capture INTEGER REFERENCES capture(id),
  PRIMARY KEY (page, at, version)
) WITHOUT ROWID;
CREATE TABLE takedown ( -- what was hidden, withdrawn or put back, when and why; never deleted from
  id INTEGER PRIMARY KEY,
  document TEXT NOT NULL, -- the id it was asked for by
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE TABLE explained ( -- what a person found out about a gap or a duplicate in a 文号 series
  number TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  note TEXT NOT NULL
);
CREATE TABLE visit (
  run INTEGER NOT NULL REFERENCES run(id),
  page INTEGER NOT NULL REFERENCES page(id),
  state TEXT NOT NULL,
  reason TEXT,
  capture INTEGER REFERENCES capture(id),
  version INTEGER REFERENCES version(id),
  at TEXT NOT NULL,
  PRIMARY KEY (run, page)
) WITHOUT ROWID;
CREATE INDEX visit_page ON visit(page, run);
CREATE INDEX visit_open ON visit(run, page) WHERE state = 'pending';
CREATE INDEX visit_interrupted ON visit(page, run) WHERE state = 'interrupted';
"""


def newest() -> str:
    """The name of the last migration this code knows: its schema."""
    return str(migrations._migrations[-1].name)  # sqlite-utils offers no public list


def migrate(db: Database, path: Path) -> None:
    """Bring the file to this code's schema; refuse a database that is not an archive, or one of newer code."""
    check(db, path, reading=False)
    migrations.apply(db)


def check(db: Database, path: Path, *, reading: bool = True) -> None:
    """Raise ArchiveError unless this code can read the file (or, when not `reading`, may migrate it)."""
    known = {migration.name for migration in migrations._migrations}  # sqlite-utils offers no public list
    applied = {migration.name for migration in migrations.applied(db)}
    tables = set(db.table_names())
    if not applied and tables:
        raise ArchiveError(
            f"{path}: a SQLite database, but not an archive of announcements; name another with --archive PATH"
        )
    if newer := sorted(applied - known):
        raise ArchiveError(
            f"{path}: written by newer code (schema has {newer[-1]}); update gongbao, an older one must not touch it"
        )
    if reading and (missing := sorted(known - applied)):
        raise ArchiveError(
            f"{path}: written by older code (schema lacks {missing[0]}); run: gongbao --archive {path} migrate"
        )
