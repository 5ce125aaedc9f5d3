"""The reading room as a Datasette plugin: its pages, its connection, what every template knows."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from datasette import hookimpl  # type: ignore[import-untyped]  # ships no types
from datasette.app import Datasette  # type: ignore[import-untyped]  # ships no types
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]  # ships no types

from archive.errors import ArchiveError, NotHeldError, QuestionError
from archive.web import guard, pages_coverage, pages_document, pages_home, pages_original, pages_runs, pages_search
from archive.web.asking import Asked, Bytes, Page, PageFunction
from archive.web.language import COOKIE, choose, words
from archive.web.reading import Readers, TooLongError
from archive.web.shield import Shield

MODULES = (pages_home, pages_search, pages_document, pages_original, pages_coverage, pages_runs)
PLUGIN = "gongbao-reading-room"


@dataclass(frozen=True)
class ReadingRoom:
    """One reading room over one archive."""

    path: Path
    hosts: frozenset[str] | None = None
    password: str | None = None
    readers: Readers = field(init=False)
    __name__ = "archive.web"  # Datasette takes a plugin for a module and asks its name

    def __post_init__(self) -> None:
        object.__setattr__(self, "readers", Readers(self.path))

    @hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
    def register_routes(self) -> list[tuple[str, Callable[..., Any]]]:
        """Our pages."""
        return [(route, self._view(function)) for module in MODULES for route, function in module.ROUTES]

    @hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
    def prepare_connection(self, conn: Any, database: str) -> None:
        """Guard the connections that run SQL somebody typed."""
        if database == guard.DATABASE:
            guard.prepare(conn)

    @hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
    def asgi_wrapper(self) -> Callable[..., Any]:
        """Put the shield around everything."""
        return lambda app: Shield(app, self.hosts, self.password)

    @hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
    def extra_template_vars(self, request: Any) -> dict[str, Any]:
        """What every template knows, Datasette's own too."""
        asked = _asked(request) if request is not None else Asked("/", {}, {}, "en")
        return {"w": words(asked.language), "asked": asked, "lang": asked.language, "day": _day, "minute": _minute}

    @hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
    def handle_exception(self, datasette: Datasette, request: Request, exception: Exception) -> Any:
        """Answer whatever Datasette's own pages raise with a page of ours and one line."""

        async def answer() -> Response:
            status = int(getattr(exception, "status", 500))
            if status == 500:
                print(f"{request.path}: {type(exception).__name__}: {exception}", file=sys.stderr)
            heading = {400: "problem", 404: "not_here"}.get(status, "something")
            page = _trouble(status, heading, _line(exception, status))
            if request.path.endswith(".json"):
                return Response.json({"ok": False, "error": page.context["line"]}, status)
            return Response.html(await datasette.render_template(page.template, page.context, request), status)

        return answer

    def _view(self, function: PageFunction) -> Callable[..., Any]:
        async def view(request: Request, datasette: Datasette) -> Response:
            asked = _asked(request)
            page = await self._answer(function, asked)
            if isinstance(page, Bytes):
                return Response(page.body, headers=dict(page.headers), content_type=page.content_type)
            body = await datasette.render_template(page.template, dict(page.context), request=request)
            response = Response.html(body, status=page.status)
            if asked.one("lang") == asked.language:
                response.set_cookie(COOKIE, asked.language, max_age=365 * 86400, httponly=True, samesite="strict")
            return response

        return view

    async def _answer(self, function: PageFunction, asked: Asked) -> Page | Bytes:
        try:
            return await self.readers.ask(lambda archive: function(archive, asked))
        except QuestionError as error:
            return _trouble(400, "problem", str(error))
        except NotHeldError as error:
            return _trouble(404, "not_here", str(error))
        except TooLongError:
            return _trouble(503, "something", words(asked.language)["too_long"])
        except ArchiveError as error:
            return _trouble(500, "something", str(error))
        except asyncio.CancelledError:
            raise


def _trouble(status: int, heading: str, line: str) -> Page:
    return Page("trouble.html", {"heading": heading, "line": line}, status)


def _line(exception: Exception, status: int) -> str:
    if status == 404:
        return "There is no such page."
    if status == 403:
        return "This is closed to visitors."
    return (
        str(exception) if status < 500 else "The page could not be made; what went wrong is told where it was started."
    )


def _asked(request: Request) -> Asked:
    parameters = parse_qs(request.query_string, errors="replace")
    given = next(iter(parameters.get("lang", ())), None)
    language = choose(given, request.cookies.get(COOKIE), request.headers.get("accept-language"))
    parts = getattr(request, "url_vars", None) or {}
    return Asked(request.path, parts, parameters, language)


def _day(value: str | None) -> str:
    """The day of a date as a record has it."""
    return (value or "")[:10]


def _minute(value: str | None) -> str:
    """A time to the minute, as people write it."""
    return (value or "")[:16].replace("T", " ")
