"""Who serves a page, and what on the page contradicts it (DOMAIN.md section 7.1, sign 1)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import urlsplit

from lxml import html

from crawler.integrity_marks import SERVICES, Sign
from crawler.page import Page

# What is known of a host: official; proving nothing (no URL, loopback, a reserved name); or any other.
Standing = Literal["official", "unknown", "stranger"]

OFFICIAL = ("gov.cn",)
RESERVED = (
    *("example", "test", "invalid", "localhost", "local", "lan", "internal"),
    *("example.com", "example.net", "example.org"),
)
SECOND_LEVEL = frozenset({"gov", "com", "net", "org", "edu", "ac"})
ARCHIVED = re.compile(r"https?://web\.archive\.org/web/[^/]+/(https?://.*)", re.IGNORECASE)
# 网站标识码 of a local site begins with the GB/T 2260 code of a province (DOMAIN.md section 5.1).
LOCAL_CODE = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{8}")


def host_of(url: str) -> str | None:
    """The host a URL names, of a web.archive.org copy the host it was copied from; None for files and the like."""
    archived = ARCHIVED.match(url)
    try:
        parts = urlsplit(archived[1] if archived else url)
        return (parts.hostname or None) if parts.scheme in {"http", "https"} else None
    except ValueError:  # an unclosed [ of an IPv6 address
        return None


def standing_of(host: str | None, source_hosts: Sequence[str]) -> Standing:
    """Official are .gov.cn (国办发〔2017〕47号) and the hosts a source names as its own."""
    if host is None or "." not in host or within(host, RESERVED) or _is_address(host):
        return "unknown"
    return "official" if within(host, (*OFFICIAL, *source_hosts)) else "stranger"


def within(host: str, domains: Sequence[str]) -> bool:
    """Is `host` one of `domains` or below one of them?"""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def related(host: str | None, other: str | None) -> bool:
    """Whether two hosts may well belong to one owner: both under .gov.cn (sites merge and move there), or one name.

    >>> related("www.qinghe.gov.cn", "qinghe.cn"), related("www.qinghe.gov.cn", "www.haihe.gov.cn")
    (True, True)
    >>> related("www.qinghe.cn", "www.kaixin88.com")
    False
    """
    if host is None or other is None:
        return False
    if _is_address(host) or _is_address(other):
        return host == other
    return (within(host, OFFICIAL) and within(other, OFFICIAL)) or _owner(host) == _owner(other)


def host_signs(page: Page, host: str, site_name: str | None) -> Iterator[Sign]:
    """What contradicts a stranger's host: whose the page says it is, and whose scripts it loads."""
    claims = {claim for claim in _claimed_hosts(page.root) if within(claim, OFFICIAL)}
    # One owner may hold qinghe.cn and qinghe.gov.cn.
    same = _owner(host) in {_owner(claim) for claim in claims}
    if claims:
        yield Sign(1 if same else 3, f"served by {host}, but the page says {min(claims)}")
    codes = [str(meta.get("content", "")).strip() for meta in page.root.iter("meta") if _name(meta) == "siteidcode"]
    if not same and (code := next(filter(LOCAL_CODE.fullmatch, codes), None)):
        yield Sign(2, f"网站标识码 {code} of a local government, but {host} is not under .gov.cn")
    loaded = (host_of(str(script.get("src", ""))) for script in page.root.iter("script"))
    if other := next((there for there in loaded if there and not _serves(there, host)), None):
        yield Sign(1, f"loads a script from {other}")
    halves = [half.strip() for half in re.split(r"[-_|—–]", site_name or "") if half.strip()]
    if len(halves) == 2 and (halves[0].endswith(halves[1]) or halves[1].endswith(halves[0])):
        yield Sign(1, f"site name said twice: {site_name}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _claimed_hosts(root: html.HtmlElement) -> Iterator[str]:
    """Hosts the page names as its own: SiteDomain, og:url, Url, canonical link, base."""
    for meta in root.iter("meta"):
        if _name(meta) in {"sitedomain", "og:url", "url"}:
            yield from _host_in(str(meta.get("content", "")))
    for link in root.iter("link", "base"):
        if link.tag == "base" or str(link.get("rel", "")).lower() == "canonical":
            yield from _host_in(str(link.get("href", "")))


def _host_in(value: str) -> Iterator[str]:
    claimed = value.strip().lower()
    if claimed and not claimed.startswith(("http://", "https://")):
        claimed = f"http://{claimed.lstrip('/')}"
    host = host_of(claimed)
    if host and "." in host:
        yield host


def _name(meta: html.HtmlElement) -> str:
    return str(meta.get("name") or meta.get("property") or "").strip().lower()


def _owner(host: str) -> str:
    """The part of a host that names its owner: qinghe of www.qinghe.gov.cn, qinghe.cn and qinghe.com.cn."""
    parts = host.split(".")
    if len(parts) > 2 and parts[-2] in SECOND_LEVEL:
        return parts[-3]
    return parts[-2] if len(parts) > 1 else host


def _serves(there: str, host: str) -> bool:
    """Does `there` serve scripts to official pages everywhere, or belong to `host`?"""
    known = within(there, OFFICIAL) or SERVICES.fullmatch(there) is not None
    return known or _owner(there) == _owner(host) or _is_address(there)
