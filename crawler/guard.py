"""Keeps the crawl out of internal networks: what a name resolves to is judged where it is dialled, whoever named it.

A page, a redirect or a DNS entry can name 127.0.0.1, a router, or a cloud's metadata service; in a decimal or octal
spelling too. Only addresses of the public internet are dialled, beside the hosts of setting GUARD_ALLOW and the proxy
of the environment. `allowed` and `refusal` are pure; the resolver here and crawler.dialling are where Scrapy passes.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]  # no stubs; Twisted brings it

Place = tuple[str, int | None]  # host and port; None is any port

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class InternalAddressError(IgnoreRequest):
    """A URL that leads into an internal network; one line says where."""


def allowed(setting: str) -> frozenset[Place]:
    """The hosts of GUARD_ALLOW. Raises ValueError naming the part that is no host[:port].

    >>> sorted(allowed("127.0.0.1:8080, [::1], intranet.example"), key=str)
    [('127.0.0.1', 8080), ('::1', None), ('intranet.example', None)]
    """
    places: set[Place] = set()
    for part in filter(None, (part.strip() for part in setting.split(","))):
        split = urlsplit(f"//{part}")
        try:
            sound = split.hostname and split.netloc == part and "@" not in part and "/" not in part
            place = (split.hostname or "", split.port)
        except ValueError:
            sound = False
        if not sound:
            raise ValueError(f"expected host[:port],..., found {part!r}")
        places.add(place)
    return frozenset(places)


def refusal(host: str, port: int | None, addresses: Sequence[str], exempt: frozenset[Place]) -> str | None:
    """Why `host`, which is to be had at `addresses`, is not dialled; None when it may be."""
    if (host.lower(), port) in exempt or (host.lower(), None) in exempt:
        return None
    kinds = {address: kind for address in addresses if (kind := internal(address))}
    if not kinds:
        return None
    address, kind = next(iter(kinds.items()))
    named = f"{host} is" if host == address else f"{host} is {address},"
    place = f"[{host}]" if ":" in host else host
    return f"{named} an internal address ({kind}); -s GUARD_ALLOW={place}:{port} would allow it"


def internal(address: str) -> str | None:
    """What kind of internal address this is, or None for one of the public internet.

    >>> internal("169.254.169.254"), internal("::ffff:10.0.0.1"), internal("47.95.49.163")
    ('link-local', 'private', None)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return internal(str(inner))
    for kind in ("loopback", "link_local", "multicast", "unspecified"):
        if getattr(found, f"is_{kind}"):
            return kind.replace("_", "-")
    return None if found.is_global else "private"


def spelled(host: str) -> list[str]:
    """The address a host name spells without any DNS, in whatever number form; none for a real name."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    if host == "localhost" or host.endswith(".localhost"):
        return ["127.0.0.1"]
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except (OSError, ValueError):
        return []


def exempt(settings: BaseSettings) -> frozenset[Place]:
    """GUARD_ALLOW and the proxies of the environment, under their own port and the 0 their names are resolved for."""
    places = set(allowed(str(settings["GUARD_ALLOW"] or "")))
    for url in getproxies().values():
        split = urlsplit(url if "://" in url else f"//{url}")
        if split.hostname:
            places |= {(split.hostname, split.port), (split.hostname, 0)}
    return frozenset(places)


@implementer(IHostnameResolver)
class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, less the addresses that are not to be dialled; literal addresses come by here as well."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.exempt = exempt(crawler.settings)
        return resolver

    exempt: frozenset[Place] = frozenset()
    # Why a place was refused, for whoever asked: an empty answer carries no reason.
    refused: dict[Place, str] = {}  # noqa: RUF012  # one reactor, one resolver

    def install_on_reactor(self) -> None:
        super().install_on_reactor()
        self.inner: Any = self.reactor.nameResolver
        self.reactor.installNameResolver(self)  # type: ignore[arg-type]  # mypy does not know zope's interfaces

    def resolveHostName(  # noqa: N802  # Twisted's name
        self, receiver: Any, name: str, port: int = 0, *more: Any, **named: Any
    ) -> IHostResolution:
        port = named.pop("portNumber", port)
        return self.inner.resolveHostName(_Sieve(receiver, name, port, self), name, port, *more, **named)  # type: ignore[no-any-return]


@implementer(IResolutionReceiver)
class _Sieve:
    """Holds back the addresses of one name until all are known: one internal address refuses them all."""

    def __init__(self, receiver: Any, name: str, port: int, resolver: GuardedResolver) -> None:
        self.receiver, self.place, self.resolver = receiver, (name.lower(), port), resolver
        self.found: list[IAddress] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        self.found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        hosts = [str(getattr(address, "host", "")) for address in self.found]
        reason = refusal(*self.place, hosts, self.resolver.exempt)
        self.resolver.refused.pop(self.place, None)
        if reason is None:
            for address in self.found:
                self.receiver.addressResolved(address)
        else:
            self.resolver.refused[self.place] = reason
        self.receiver.resolutionComplete()
