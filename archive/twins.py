"""Hosts that answer the same on http and https, or with and without www.: which page a URL is under such a rule.

A source states the rule; the archive keeps it by host, so that whoever opens the file later reads URLs the same way
without the registry. Rules are only ever added: pages are held under them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import product

from archive.dedup import Twin, canonical_url
from archive.records import unicode_only


def schema(db: sqlite3.Connection) -> None:
    """Make the table."""
    db.execute("CREATE TABLE twin (host TEXT NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (host, rule)) WITHOUT ROWID")


def add(db: sqlite3.Connection, hosts: Iterable[str], rules: Collection[Twin]) -> None:
    """Say that these rules hold for these hosts, www. or not; inside the caller's transaction."""
    rows = sorted({(_bare(host.lower()), rule) for host in hosts for rule in rules})
    db.executemany("INSERT OR IGNORE INTO twin (host, rule) VALUES (?, ?)", rows)


def page_url(db: sqlite3.Connection, url: str) -> str:
    """What the page of a URL is called here: its canonical URL, under the rules of its host.

    Where two twins were held as two pages before a rule was known, the one held first.
    """
    plain = plain_url(db, url)
    rules = _rules(db, plain)
    if not rules:
        return plain
    spelled = unicode_only(canonical_url(url, twins=rules))
    twins = sorted(_spellings(spelled, rules))
    sql = f"SELECT url FROM page WHERE url IN ({', '.join('?' * len(twins))}) ORDER BY first_seen, url LIMIT 1"
    held = db.execute(sql, twins).fetchone()
    return spelled if held is None else str(held[0])


def plain_url(_db: sqlite3.Connection, url: str) -> str:
    """The same in an archive that knows no rule."""
    return _plain(url)


@lru_cache(4096)  # a list page asks for each of its rows several times
def _plain(url: str) -> str:
    return unicode_only(canonical_url(url))


def merge(db: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    """Take over the rules of another archive; pages held as two stay two."""
    rows = theirs.execute("SELECT host, rule FROM twin").fetchall()
    db.executemany("INSERT OR IGNORE INTO twin (host, rule) VALUES (?, ?)", rows)


def _bare(host: str) -> str:
    return host.removeprefix("www.") if host.count(".") > 1 else host


def _rules(db: sqlite3.Connection, plain: str) -> list[Twin]:
    host = _bare(plain.partition("://")[2].partition("/")[0])
    return [row[0] for row in db.execute("SELECT rule FROM twin WHERE host = ? ORDER BY rule", [host]).fetchall()]


def _spellings(spelled: str, rules: Collection[Twin]) -> set[str]:
    """Every URL that is the same page under the rules."""
    scheme, _, rest = spelled.partition("://")
    host = rest.partition("/")[0]
    schemes = {scheme, "http"} if "scheme" in rules and ":" not in host else {scheme}
    prefixes = {"", "www."} if "www" in rules and "." in host else {""}
    return {f"{one}://{prefix}{rest}" for one, prefix in product(schemes, prefixes)}
