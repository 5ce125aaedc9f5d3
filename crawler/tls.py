"""How https is spoken to the field: as of today, and as of long ago only with hosts whose facts say so.

A site of 2008 may know nothing but TLS 1.0, short keys and renegotiation that was found unsafe (DOMAIN.md section 7).
Offering that to everybody would let anybody in between bring every site down to it, so it is a fact of a host:
`[transport] legacy_tls = ["host"]`. Certificates are looked at and never refused: many of the field are expired or
another site's, and what such a site publishes is archived all the same; what was wrong is told with the run.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from functools import partial
from urllib.parse import urlsplit

from OpenSSL import SSL, crypto
from service_identity.exceptions import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]  # no stubs; Twisted brings it

UNSAFE_RENEGOTIATION = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: connect to servers without RFC 5746
# What is wrong with the certificate of a host, as it was last seen; all crawls of this process.
COMPLAINTS: dict[str, list[str]] = {}
# Hosts that a person's look at a new site (scrapy add) found to need TLS of long ago.
LEARNED: set[str] = set()


def context(*, legacy: bool) -> SSL.Context:
    """The terms of a connection: TLS 1.2 and later, or all that this machine's OpenSSL still speaks."""
    made = SSL.Context(SSL.TLS_CLIENT_METHOD)
    made.set_default_verify_paths()
    made.set_min_proto_version(SSL.TLS1_VERSION if legacy else SSL.TLS1_2_VERSION)
    if legacy:
        made.set_cipher_list(b"ALL:@SECLEVEL=0")
        made.set_options(UNSAFE_RENEGOTIATION)
    return made


def complaints(hosts: Iterable[str]) -> list[str]:
    """A sentence for each of `hosts` whose certificate is not as it should be."""
    found = {host: COMPLAINTS.get(urlsplit(f"//{host}").hostname or "") for host in sorted(hosts)}
    return [f"certificate of {host}: {', '.join(told)}" for host, told in found.items() if told]


@implementer(IPolicyForHTTPS)
class Policy:
    """Gives each connection its terms; `legacy` holds hosts, with a port where only that one is meant."""

    def __init__(self, legacy: Collection[str]) -> None:
        self.legacy = frozenset(host.lower() for host in legacy)
        self._today, self._long_ago = context(legacy=False), context(legacy=True)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Caller:  # noqa: N802  # Twisted's name
        host = hostname.decode("ascii").lower()
        old = not {host, f"{host}:{port}"}.isdisjoint(self.legacy | LEARNED)
        return Caller(self._long_ago if old else self._today, host)


@implementer(IOpenSSLClientConnectionCreator)
class Caller:
    """Makes the connections to one host, and notes what is wrong with its certificate."""

    def __init__(self, terms: SSL.Context, host: str) -> None:
        self.terms, self.host = terms, host

    def clientConnectionForTLS(self, protocol: object) -> SSL.Connection:  # noqa: N802  # Twisted's name
        connection = SSL.Connection(self.terms, None)
        if not _is_address(self.host):
            connection.set_tlsext_host_name(self.host.encode("ascii"))
        COMPLAINTS.pop(self.host, None)
        # Bound to the host alone: a callback that held the connection would keep both alive for ever.
        connection.set_verify(SSL.VERIFY_PEER, partial(_look, self.host))
        return connection


def _look(host: str, _: SSL.Connection, certificate: crypto.X509, error: int, depth: int, ok: int) -> bool:
    """Note what is wrong, and go on whatever it is."""
    told = [] if ok else [_ERRORS.get(error, f"X.509 error {error}")]
    if depth == 0:
        identity = IPAddress_ID(host) if _is_address(host) else DNS_ID(host)
        try:
            verify_service_identity(extract_patterns(certificate), [identity], [])
        except (CertificateError, VerificationError, ValueError):
            told.append("it is another host's")
    if told:
        COMPLAINTS[host] = list(dict.fromkeys([*COMPLAINTS.get(host, []), *told]))
    return True


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_ERRORS = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is signed by itself",
    19: "it is signed by itself",
    20: "its issuer is not known",
    21: "its issuer is not known",
    66: "its key is too short",
    67: "its issuer's key is too short",
    68: "its signature is too weak",
}
