"""What plain SQL may see and how much it may take: the documented views, half a second, a bounded answer.

Anybody who can open the pages can type SQL, and the tables hold documents that were taken down. So the connection
refuses (SQLite's authorizer) to read anything but through the views, which leave those out.
"""

from __future__ import annotations

import re
import sqlite3 as standard
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.database import Database, QueryInterrupted, Results  # type: ignore[import-untyped]  # ships no types
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]  # ships no types

from archive import attachments
from archive.connection import sqlite3
from archive.views import VIEWS

HEAP_BYTES = 1 << 29  # of all SQLite memory of this process; a query that builds more is refused
ANSWER_BYTES = 16 << 20  # of one answer, as Python holds it
ROWS = 1000  # of one answer
TIME_MS = 1000

DATABASE = "sql"  # its name in URLs: /sql?sql=SELECT...

_OK, _DENY = standard.SQLITE_OK, standard.SQLITE_DENY
_SHOWN = frozenset({*VIEWS, *attachments.VIEWS})
# What Datasette asks about the shape of views, and the table-valued functions that read nothing of the archive.
_HARMLESS = frozenset({"sqlite_master", "sqlite_schema", "json_each", "json_tree", "pragma_database_list"})
_PRAGMAS = frozenset(
    {"table_info", "table_xinfo", "foreign_key_list", "index_list", "index_info", "database_list", "schema_version"}
)
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "fts5"})


def prepare(conn: standard.Connection) -> None:
    """Make a read-only connection safe to be handed to a stranger."""
    conn.execute(f"PRAGMA hard_heap_limit={HEAP_BYTES}")
    conn.execute("PRAGMA trusted_schema=OFF")
    # SQLite's own take quadratic time, in one step that no time limit can interrupt.
    conn.create_function("instr", 2, _instr, deterministic=True)
    conn.create_function("replace", 3, _replace, deterministic=True)


def _authorize(action: int, first: str | None, second: str | None, _: str | None, view: str | None) -> int:
    """Allow what can only read the views; `view` is the innermost view or common table expression that reads."""
    if action == standard.SQLITE_READ:
        if second == "":
            return _OK  # no column is read, as in count(*), or by a view whose columns were optimized away
        table = (first or "").lower()
        return _OK if table in _SHOWN | _HARMLESS or (view or "").lower() in _SHOWN else _DENY
    if action == standard.SQLITE_PRAGMA:
        return _OK if (first or "").lower() in _PRAGMAS else _DENY
    if action == standard.SQLITE_FUNCTION:
        return _DENY if (second or "").lower() in _FORBIDDEN_FUNCTIONS else _OK
    return _OK if action in {standard.SQLITE_SELECT, standard.SQLITE_RECURSIVE} else _DENY


_TOKEN = re.compile(
    r"""(?P<gap>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))|(?P<name>"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[\w$]+)|.""",
    re.DOTALL,
)


def poses_as_view(sql: str) -> str | None:
    """The name of a view that the query redefines by WITH, or None.

    SQLite names the authorizer whatever reads, and a common table expression called `announcements` would pass for the
    view. Its definition always reads NAME [(columns)] AS [[NOT] MATERIALIZED] (, whatever else the query holds.
    """
    tokens = [match for match in _TOKEN.finditer(sql) if match["gap"] is None]
    words = [match[0].lower() for match in tokens]
    for place, match in enumerate(tokens):
        name = _unquoted(match[0]).lower()
        if match["name"] is None or name not in _SHOWN:
            continue
        after = place + 1
        if words[after : after + 1] == ["("]:
            after = words.index(")", after) + 1 if ")" in words[after:] else len(words)
        following = [word for word in words[after : after + 4] if word not in {"not", "materialized"}]
        if following[:2] == ["as", "("]:
            return name
    return None


class GuardedDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """The archive's file as Datasette knows it; every statement of it passes through `execute`."""

    async def execute(
        self,
        sql: str,
        params: Mapping[str, Any] | Sequence[Any] | None = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Any:
        """Run one query; what is refused is an OperationalError with a line that says why."""
        if name := poses_as_view(sql):
            raise sqlite3.OperationalError(f"{name} is the name of a view: give the WITH expression another one")
        limit = min(TIME_MS, custom_time_limit or TIME_MS)
        return await self.execute_fn(lambda conn: _run(conn, sql, params or {}, limit, truncate))


def _run(
    conn: standard.Connection, sql: str, params: Mapping[str, Any] | Sequence[Any], limit_ms: int, truncate: bool
) -> Any:
    # Datasette itself looks at the shape of every table between queries, so the authorizer is on duty only here.
    conn.set_authorizer(_authorize)
    with sqlite_timelimit(conn, limit_ms):
        try:
            cursor = conn.execute(sql, params)
            rows = _bounded(cursor)
        except MemoryError as error:
            raise sqlite3.OperationalError(
                f"the query needs more than {HEAP_BYTES >> 20} MB of memory: select less"
            ) from error
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            if "interrupted" in str(error):
                raise QueryInterrupted(error, sql, params) from error
            if "prohibited" in str(error) or "authorized" in str(error):
                views = ", ".join(sorted(_SHOWN))
                raise sqlite3.OperationalError(f"{error}: plain SQL reads the views {views}") from error
            raise sqlite3.OperationalError(str(error)) from error
        finally:
            conn.set_authorizer(None)
    return Results(rows[:ROWS] if truncate else rows, truncate and len(rows) > ROWS, cursor.description)


def _bounded(cursor: standard.Cursor) -> list[Any]:
    """All rows, as long as there are few and they are small."""
    rows, size = [], 0
    for row in cursor:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > ANSWER_BYTES:
            raise sqlite3.OperationalError(f"the answer is larger than {ANSWER_BYTES >> 20} MB: select less")
        rows.append(row)
        if len(rows) > ROWS:
            break
    return rows


def _unquoted(token: str) -> str:
    pairs = {'"': '"', "'": "'", "`": "`", "[": "]"}
    return token[1:-1] if token[:1] in pairs and len(token) > 1 else token


def _instr(text: Any, part: Any) -> int | None:
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return str(text).find(str(part)) + 1


def _replace(text: Any, old: Any, new: Any) -> Any:
    if text is None or old is None or new is None:
        return None
    if old == "":
        return text
    text, old, new = str(text), str(old), str(new)
    if len(text) + text.count(old) * max(0, len(new) - len(old)) > ANSWER_BYTES:
        raise ValueError("replace() would make a text larger than an answer may be")
    return text.replace(old, new)
