"""A site that is spoken to by http and does not answer by https: its https links are asked for by http.

Seen at all gkmlpt sites (DOMAIN.md section 7) and wherever a template mixes the two. Only a host that has answered by
http in this process is taken to be one, and only while https gets no answer at all: an error page is an answer.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class SchemeMiddleware:
    """Sends the second try by http, and every further request to that host at once; the capture says how it came."""

    def __init__(self) -> None:
        self.heard: set[str] = set()  # hosts that answered by http
        self.shut: set[str] = set()  # of them, those whose https gave no answer

    def process_request(self, request: Request) -> Request | None:
        return _by_http(request) if request.url.startswith("https:") and _host(request) in self.shut else None

    def process_response(self, request: Request, response: Response) -> Response:
        moved = response.headers.get("Location") or b""
        if request.url.startswith("http:") and not moved.lower().startswith(b"https:"):
            self.heard.add(_host(request))
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        # What we refused ourselves was never asked.
        if isinstance(exception, IgnoreRequest) or not request.url.startswith("https:"):
            return None
        if _host(request) not in self.heard or urlsplit(request.url).port not in (None, 443):
            return None
        self.shut.add(_host(request))
        return _by_http(request)


def _host(request: Request) -> str:
    return urlsplit(request.url).hostname or ""


def _by_http(request: Request) -> Request:
    parts = urlsplit(request.url)
    return request.replace(url=parts._replace(scheme="http", netloc=parts.hostname or "").geturl())
