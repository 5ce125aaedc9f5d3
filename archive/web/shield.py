"""What every answer passes through: who may ask, which doors exist, and the headers a browser obeys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"SAMEORIGIN",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cache-control": b"no-store",  # a document taken down must not live on in a cache
}
# Datasette's own pages about itself (settings, threads, permissions, file paths) are nobody's business here.
_CLOSED = ("/-/", "/_internal", "/_memory")
_OPEN = ("/-/static/",)


@dataclass(frozen=True, slots=True)
class Shield:
    """`hosts` are the names a browser may call us by, None for any; a password closes every page to those without."""

    app: App
    hosts: frozenset[str] | None
    password: str | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if (refusal := self._refusal(scope, headers)) is not None:
            await _refuse(refusal, send)
            return

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower(): value for name, value in message["headers"] if name.lower() != b"set-cookie"}
                cookies = [(name, value) for name, value in message["headers"] if name.lower() == b"set-cookie"]
                # An archived page brings a stricter policy of its own; nothing else is left to what lies below.
                own = {name: value for name, value in given.items() if name == b"content-security-policy"}
                message["headers"] = [*({**given, **_HEADERS, **own}).items(), *cookies]
            await send(message)

        await self.app(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        # A page on the web could name its own host, point that name at 127.0.0.1 and read us through the visitor.
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if self.hosts is not None and _without_port(host) not in self.hosts:
            return 421, "This address is answered only under the name it was started for."
        if self.password is not None and not _allowed(headers.get(b"authorization", b""), self.password):
            return 401, "A password is needed; any user name will do."
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, "The reading room only reads."
        path = scope["path"]
        if path.startswith(_CLOSED) and not path.startswith(_OPEN):
            return 404, "There is no such page."
        return None


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _allowed(header: bytes, password: str) -> bool:
    scheme, _, credentials = header.partition(b" ")
    if scheme.lower() != b"basic":
        return False
    try:
        given = base64.b64decode(credentials, validate=True).partition(b":")[2]
    except binascii.Error:
        return False
    # Digests, so that the time it takes tells nothing, not even a length.
    digests = (hashlib.sha256(value).digest() for value in (given, password.encode()))
    return hmac.compare_digest(*digests)


async def _refuse(refusal: tuple[int, str], send: Send) -> None:
    status, line = refusal
    body = f"{line}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS.items()]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="gongbao", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
