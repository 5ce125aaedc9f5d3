"""Where a request goes out: nothing inside is dialled, https as the host needs it, and no answer without an end."""

from __future__ import annotations

from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

from crawler.guard import GuardedResolver, InternalAddressError, exempt, refusal, spelled
from crawler.tls import LEARNED, Policy

HEAD_BYTES = 256 * 1024  # of all header lines together; browsers give up about there


class _Parser(_LenientHTTPClientParser):
    """Scrapy's parser, which bears a length said twice, and no header lines for ever: they would fill the memory."""

    head = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  # Twisted's name
        self.head += len(line)
        if self.head > HEAD_BYTES:
            raise ValueError(f"more than {HEAD_BYTES >> 10} KB of headers")
        super().lineReceived(line)

    def allHeadersReceived(self) -> None:  # noqa: N802  # Twisted's name
        lengths = self.connHeaders.getRawHeaders(b"content-length", [])
        if len(set(lengths)) == 1:  # RFC 9110 section 8.6: the same twice may be taken as once
            self.connHeaders.setRawHeaders(b"content-length", lengths[:1])
        super().allHeadersReceived()  # type: ignore[no-untyped-call]  # Twisted's


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: TxRequest) -> Deferred[IResponse]:
        answer = super().request(request)
        # As Scrapy does it: the parser is made inside, and ours has no state that its own would lack.
        self._parser.__class__ = _Parser
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802  # Twisted's name
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's for http and https, with the guard; it says why when the resolver gave no address away."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # Scrapy's own would allow unsafe renegotiation to every host, and legacy TLS to all or none.
        self._contextFactory = Policy(crawler.settings.getlist("LEGACY_TLS"))  # type: ignore[assignment]  # zope
        self._pool._factory = _Factory
        self._learns = crawler.settings.getbool("LEGACY_TLS_LEARNED")
        self._exempt = exempt(crawler.settings)

    async def download_request(self, request: Request) -> Response:
        split = urlsplit(request.url)
        host = (split.hostname or "").lower()
        port = split.port or {"http": 80, "https": 443}.get(split.scheme, 0)
        # Behind a proxy the name is resolved elsewhere; what a host name spells by itself is known here.
        reason = refusal(host, port, spelled(host), self._exempt)
        if reason is not None:
            raise InternalAddressError(reason)
        try:
            return await super().download_request(request)
        except Exception as error:
            place = host if port == 443 else f"{host}:{port}"
            if self._learns and place not in LEARNED and _of_long_ago(error):
                LEARNED.add(place)
                return await super().download_request(request)
            reason = None if request.meta.get("proxy") else GuardedResolver.refused.get((host, port))
            if reason is not None:
                raise InternalAddressError(reason) from error
            raise


# What OpenSSL calls the trouble with a server that knows only what was usual long ago.
_LONG_AGO = (
    "protocol version",
    "unsupported protocol",
    "handshake failure",
    "too small",
    "legacy",
    "weak",
    "no ciphers",
)


def in_words(error: BaseException | None) -> str:
    """What kept an answer away, in one line: the cause itself where Scrapy and Twisted wrapped it."""
    causes = _causes(error)
    handshake = _handshake(causes)
    if handshake is not None:
        old = _of_long_ago(error)
        return f"TLS: {handshake}{'; a server of long ago needs [transport] legacy_tls in its TOML' if old else ''}"
    if any(isinstance(cause, ResponseDataLossError) for cause in causes):
        return "the answer broke off before its end"
    cause = causes[-1] if causes else error
    message = " ".join(str(cause).split())[:200]
    return f"{type(cause).__name__}: {message}" if message else type(cause).__name__


def _handshake(causes: list[BaseException]) -> str | None:
    """What OpenSSL said, where it was TLS that failed."""
    tls = next((cause for cause in causes if isinstance(cause, SSL.Error)), None)
    if tls is None:
        return None
    reasons = [str(one[-1]) for one in (tls.args[0] if tls.args and isinstance(tls.args[0], list) else [])]
    return "; ".join(reason for reason in reasons if reason) or type(tls).__name__


def _of_long_ago(error: BaseException | None) -> bool:
    told = _handshake(_causes(error)) or ""
    return any(sign in told for sign in _LONG_AGO)


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error, and those it was raised for, outermost first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        reasons = getattr(error, "reasons", None)  # of Twisted's ResponseFailed and RequestTransmissionFailed
        error = reasons[-1].value if reasons else error.__cause__
    return found
