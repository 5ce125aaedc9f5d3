"""The registry: one TOML per site says who it is and where its lists are; facts only, no expressions."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.dedup import Twin, canonical_url
from crawler import expect
from crawler.expect import Expect

# key -> (type, what is expected in words, required). A dotted key stands in the table of that name.
SCHEMA: dict[str, tuple[type | tuple[type, ...], str, bool]] = {
    "name": (str, "the site's name as it calls itself", True),
    "lists": (list, "an array of http(s) URLs of list pages", True),
    "extra": (list, "an array of http(s) URLs of XML sitemaps and RSS or Atom feeds", False),
    "family": (str, "the name of a CMS family", False),
    "division": (str, "a 行政区划代码 of six digits", False),
    "site_id": (str, "a 网站标识码 of ten characters", False),
    "sample": (bool, "true for a source that lives from fixtures", False),
    "every": (str, 'how often it is crawled, such as "7d" or "12h"', False),
    "sweep": (str, 'the time within which everything is looked at again, such as "90d", no shorter than every', False),
    "checked": (str, 'the day its identity was last checked live, such as "2026-01-31", or "never"', False),
    "identity.site_name": (str, "the SiteName its pages state", False),
    "identity.hosts": (list, "an array of further host names that are the same site", False),
    "identity.twins": (list, 'an array of "scheme" (http is https here) and "www" (with it or without)', False),
    "politeness.delay": ((int, float), "seconds between two requests", False),
    "expect.notices": (int, "how many notices are held at least", False),
    "expect.rows": (int, "how many entries the first page of each list has at least", False),
    "expect.text": (int, "the median length of the notices at least, in characters", False),
    "expect.fields": (dict, expect.WORDS, False),
    "transport.legacy_tls": (list, "an array of host names that speak nothing newer than TLS 1.0 or 1.1", False),
}
FORMS = {
    "division": re.compile(r"\d{6}"),
    "site_id": re.compile(r"[0-9A-Za-z]{10}"),
    "every": re.compile(r"[1-9]\d*[hd]"),
    "sweep": re.compile(r"[1-9]\d*[hd]"),
    "checked": re.compile(r"never|20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "identity.hosts": re.compile(r"[\w.-]+(:\d+)?"),
    "identity.twins": re.compile(r"scheme|www"),
    "transport.legacy_tls": re.compile(r"[\w.-]+(:\d+)?"),
    "lists": re.compile(r"https?://[^\s/]+\S*"),
    "extra": re.compile(r"https?://[^\s/]+\S*"),
}
NOT_NEGATIVE = frozenset({"politeness.delay", "expect.notices", "expect.rows", "expect.text"})
EVERY = "7d"  # where a source does not say
ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


class RegistryError(ValueError):
    """A source that cannot be used: one line with file, what was expected, what was found."""


@dataclass(frozen=True, slots=True)
class Source:
    """One site of the registry. `lists`: those of the file, then its extra ones; `hosts`: theirs and the identity's."""

    id: str
    name: str
    lists: tuple[str, ...]
    hosts: frozenset[str]
    family: str | None = None
    division: str | None = None
    site_id: str | None = None
    site_name: str | None = None
    twins: tuple[Twin, ...] = ()  # what makes two URLs of its hosts one page (archive.twins)
    sample: bool = False
    every: str = EVERY
    sweep: str | None = None  # None: what two in a hundred pages a run come to (crawler.planning)
    checked: str | None = None  # the day `scrapy check` last found it as it is written here; "never"
    delay: float | None = None
    expect: Expect = field(default_factory=Expect)  # floors, a breach of which the verdict tells
    legacy_tls: tuple[str, ...] = ()  # hosts that are spoken to in TLS of long ago too (crawler.tls)

    def spelled(self, url: str) -> str:
        """The one spelling of a page's URL, under this source's own rules."""
        return canonical_url(url, twins=self.twins)

    def refuses(self, url: str) -> str | None:
        """Why `url` is not this source's to fetch, or None when it is."""
        host = host_of(url)
        if host is None:
            return "out of scope: not an http or https address"
        if host not in self.hosts:
            return f"out of scope: host {host} is none of {', '.join(sorted(self.hosts))}"
        return None


def host_of(url: str) -> str | None:
    """Host, with its port unless it is the scheme's own; None for anything that is not a sound http(s) URL.

    >>> host_of("https://WWW.Whtdz.example:443/col/"), host_of("http://127.0.0.1:8080/"), host_of("mailto:a@b")
    ('www.whtdz.example', '127.0.0.1:8080', None)
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    plain = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return name if plain else f"{name}:{port}"


def days(interval: str) -> float:
    """The length of an `every` or `sweep` in days.

    >>> days("7d"), days("12h")
    (7.0, 0.5)
    """
    return int(interval[:-1]) / {"d": 1, "h": 24}[interval[-1]]


def ids(folder: str | Path) -> list[str]:
    """The ids of the sources in `folder`, sorted; the file name is the id."""
    folder = Path(folder)
    if not folder.is_dir():
        raise RegistryError(f"{folder}: expected a folder of source files (*.toml), found none; see -s SOURCES=DIR")
    return sorted(path.stem for path in folder.glob("*.toml"))


def load(folder: str | Path, source: str) -> Source:
    """Read one source; an unknown id is answered with the nearest one."""
    known = ids(folder)
    if source not in known:
        near = difflib.get_close_matches(source, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "`scrapy list` shows the sources"
        raise RegistryError(f"unknown source {source}: no {source}.toml in {folder}; {hint}")
    return read(Path(folder) / f"{source}.toml")


def read(path: Path) -> Source:
    """Read and check one TOML file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        raise RegistryError(f"{path}{':' + where[1] if where else ''}: not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path}: expected UTF-8 text, found byte 0x{error.object[error.start]:02x}") from error
    except OSError as error:
        raise RegistryError(f"{path}: cannot be read: {error.strerror}") from error
    if not ID.fullmatch(path.stem):
        raise RegistryError(f"{path}: expected a file name of a-z, 0-9, - and _, found {path.stem}")
    return _source(path, _flatten(path, table))


def _flatten(path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    """`{identity: {hosts: ..}}` as `{identity.hosts: ..}`, with every key known and of its type."""
    groups = {key.split(".")[0] for key in SCHEMA if "." in key}
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if key in groups and isinstance(value, Mapping):
            flat |= {f"{key}.{inner}": found for inner, found in value.items()}
        else:
            flat[key] = value
    for key, value in flat.items():
        _check(path, key, value)
    for key, (_, expected, required) in SCHEMA.items():
        if required and key not in flat:
            raise RegistryError(f"{path}: key {key} is missing: expected {expected}")
    if "sweep" in flat and days(flat["sweep"]) < days(flat.get("every", EVERY)):
        raise RegistryError(f"{path}: key sweep: expected {SCHEMA['sweep'][1]}, found {flat['sweep']!r}")
    return flat


def _check(path: Path, key: str, value: Any) -> None:
    if key not in SCHEMA:
        near = difflib.get_close_matches(key, SCHEMA, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(SCHEMA)}"
        raise RegistryError(f"{path}: unknown key {key}; {hint}")
    kind, expected, _ = SCHEMA[key]
    values = value if isinstance(value, list) else [value]
    sound = isinstance(value, kind) and (kind is bool or not isinstance(value, bool)) and values != [] and value != ""
    if kind is list:
        sound = sound and all(isinstance(one, str) for one in values)
    if sound and key in FORMS:
        sound = all(FORMS[key].fullmatch(one) for one in values)
    if sound and key in {"lists", "extra"}:
        sound = all(host_of(one) for one in values)
    if sound and key == "expect.fields" and (wrong := expect.trouble(value)):
        raise RegistryError(f"{path}: key {key}: expected {expected}, found {wrong}")
    if not sound or (key in NOT_NEGATIVE and value < 0):
        raise RegistryError(f"{path}: key {key}: expected {expected}, found {value!r}")


def _source(path: Path, flat: dict[str, Any]) -> Source:
    # A sitemap is read like any list; it has a key of its own because people keep it apart.
    lists = tuple(dict.fromkeys([*flat["lists"], *flat.get("extra", [])]))
    hosts = {host for url in lists if (host := host_of(url))}
    twins: tuple[Twin, ...] = tuple(flat.get("identity.twins", ()))
    optional = {
        key: flat[key]
        for key in ("family", "division", "site_id", "sample", "every", "sweep", "checked")
        if key in flat
    }
    return Source(
        id=path.stem,
        name=flat["name"],
        lists=lists,
        hosts=frozenset(_with_twins(hosts | {host.lower() for host in flat.get("identity.hosts", [])}, twins)),
        twins=twins,
        site_name=flat.get("identity.site_name"),
        delay=flat.get("politeness.delay"),
        expect=Expect(**{key.removeprefix("expect."): flat[key] for key in flat if key.startswith("expect.")}),
        legacy_tls=tuple(flat.get("transport.legacy_tls", ())),
        **optional,
    )


def _with_twins(hosts: set[str], twins: tuple[Twin, ...]) -> set[str]:
    """The hosts, where www. makes no difference each both with it and without."""
    if "www" not in twins:
        return hosts
    bare = {host.removeprefix("www.") for host in hosts}
    return bare | {f"www.{host}" for host in bare}
