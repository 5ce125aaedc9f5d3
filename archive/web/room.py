"""Opening the reading room: Datasette with our plugin, templates and settings, on a socket, until Ctrl-C."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette  # type: ignore[import-untyped]  # ships no types
from datasette.plugins import pm  # type: ignore[import-untyped]  # ships no types

from archive.errors import QuestionError
from archive.store import Archive
from archive.views import VIEWS
from archive.web import guard
from archive.web.overview import OVERVIEW
from archive.web.pages_coverage import matrix_of
from archive.web.pages_home import holdings
from archive.web.pages_runs import every_health, every_series
from archive.web.plugin import PLUGIN, ReadingRoom

_HERE = Path(__file__).parent
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
SHORTEST_PASSWORD = 8
_SETTINGS = {
    "max_returned_rows": guard.ROWS,
    "default_page_size": 50,
    "sql_time_limit_ms": guard.TIME_MS,
    "num_sql_threads": 3,
    "allow_download": False,
    "allow_facet": False,
    "suggest_facets": False,
    "allow_csv_stream": False,
    "default_cache_ttl": 0,
    "cache_size_kb": 16_000,
    "truncate_cells_html": 300,
}


def application(path: Path, hosts: frozenset[str] | None = LOOPBACK_NAMES, password: str | None = None) -> Any:
    """The reading room of an archive as an ASGI application; one a process. ArchiveError when it cannot be opened."""
    Archive(path).close()
    for name in (PLUGIN, "datasette.handle_exception"):  # its own error page knows nothing of our frame
        if pm.get_plugin(name):
            pm.unregister(name=name)
    pm.register(ReadingRoom(path, hosts, password), name=PLUGIN)
    datasette = Datasette(
        [],
        metadata={"title": "Gongbao", "databases": {guard.DATABASE: {"tables": _closed_tables(path)}}},
        template_dir=str(_HERE / "templates"),
        static_mounts=[("room", str(_HERE / "static"))],
        settings=_SETTINGS,
    )
    datasette.remove_database("_memory")
    datasette.add_database(guard.GuardedDatabase(datasette, str(path), is_mutable=True), name=guard.DATABASE)
    questions = {"holdings": holdings, "coverage": matrix_of, "health": every_health, "series": every_series}
    OVERVIEW.prepare(path, questions)
    return datasette.app()


def serve(path: Path, host: str, port: int, password: str | None, opened: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `opened` is told the address once it is answered. QuestionError for an unsafe address."""
    local = is_loopback(host)
    if not local:
        _check(host, password)
    app = application(path, LOOPBACK_NAMES if local else None, password)
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2
    )
    _Door(config, lambda: opened(f"http://{shown}:{listener.getsockname()[1]}/")).run(sockets=[listener])


class _Door(uvicorn.Server):
    """Tells that it is open only once it is: a Ctrl-C before that ended in warnings of a server that never ran."""

    def __init__(self, config: uvicorn.Config, opened: Callable[[], None]) -> None:
        super().__init__(config)
        self.opened = opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.opened()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address.

    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "example.org")]
    [True, True, True, False, False]
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check(host: str, password: str | None) -> None:
    if password is None:
        raise QuestionError(
            f"--host {host}: others could read the archive; set a password first (--password-file FILE, or "
            "GONGBAO_PASSWORD), or leave --host out"
        )
    if len(password) < SHORTEST_PASSWORD:
        raise QuestionError(f"the password has {len(password)} characters; give one of {SHORTEST_PASSWORD} at least")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise QuestionError(f"--host {host} --port {port}: {error.strerror}; choose another with --port N") from error
    listener.listen(128)  # from here on nobody is refused, also before the first answer
    return listener


def _closed_tables(path: Path) -> dict[str, Any]:
    """Tables have no page of their own; the views do."""
    with Archive(path) as archive:
        rows = archive.db.conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {str(name): {"allow": False, "hidden": True} for (name,) in rows if name not in VIEWS}
