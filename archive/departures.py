"""Whether pages that answered 404 have left: one page may, half a site at once hardly does.

A page that ends `gone` is marked as gone at once, and its document with it. At the end of a run the marks it made are
taken back unless the run is to be trusted: a site that is down, blocks us, was redesigned or sold says nothing of its
single pages (those of a run that died stand, unless they are a mass departure). The ledger keeps every 404, the page
is asked for again. A mass departure (`Departures.mass`) makes a run `layout_changed`; pages that still do not answer
AGAIN_DAYS after they first did not are no news any more, and the next trusted run marks them.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

FEW = 3  # pages: so many may leave at once
SHARE = 0.3  # of the held notices that a run looked at; a clean-up of old notices is smaller, or comes in steps
AGAIN_DAYS = 14  # a site that is rebuilt has its pages back by then, or elsewhere


@dataclass(frozen=True, slots=True)
class Departures:
    """Of the `looked` held notices a run asked for, `gone` answered that they left, and had not done so before."""

    looked: int = 0
    gone: int = 0

    @property
    def mass(self) -> bool:
        """More than a few, and more than SHARE of what was looked at."""
        return self.gone > FEW and self.gone > SHARE * self.looked


def departures(db: sqlite3.Connection, run: int) -> Departures:
    """Count them; pages marked gone by an earlier run, or away for AGAIN_DAYS, are no departure.

    Neither are pages that left their list as well, where they are a small part of all that is held: a clean-up, of
    which a big source, looked at in small shares, would show nothing else.
    """
    looked, gone, left = db.execute(
        f"SELECT count(*), coalesce(sum(x.state = 'gone'), 0), coalesce(sum(x.state = 'gone' AND {_LEFT}), 0) "
        "FROM visit x JOIN page p ON p.id = x.page WHERE x.run = :run AND p.role = 'notice' AND p.version IS NOT NULL "
        "AND (p.gone IS NULL OR p.gone = x.at) "
        "AND x.state IN ('changed', 'unchanged', 'duplicate', 'quarantined', 'blocked', 'failed', 'gone') "
        f"AND NOT (x.state = 'gone' AND coalesce({_AWAY_SINCE} <= datetime(x.at, :again), 0))",
        {"run": run, "again": f"-{AGAIN_DAYS} days"},
    ).fetchone()
    held = db.execute(
        "SELECT count(*) FROM page p JOIN run r ON r.source = p.source WHERE r.id = ? AND p.role = 'notice' "
        "AND p.version IS NOT NULL",
        [run],
    ).fetchone()[0]
    explained = left if left <= SHARE * held else 0
    return Departures(looked - explained, gone - explained)


def take_back(db: sqlite3.Connection, run: int) -> int:
    """Undo the marks this run made, in the page rows only; give how many there were."""
    return db.execute(
        "UPDATE page SET gone = NULL, gone_reason = NULL WHERE id IN ("
        "SELECT x.page FROM visit x JOIN run r ON r.id = x.run JOIN page p ON p.id = x.page "
        "WHERE x.run = ? AND x.state = 'gone' AND p.gone = x.at)",
        [run],
    ).rowcount


_LEFT = "EXISTS (SELECT 1 FROM entry e WHERE e.page = x.page AND e.left IS NOT NULL)"
# When the page first answered that it left, of all the times since it was last there.
_AWAY_SINCE = (
    "(SELECT datetime(min(y.at)) FROM visit y WHERE y.page = x.page AND y.state = 'gone' AND y.run > coalesce(("
    "SELECT max(z.run) FROM visit z WHERE z.page = x.page AND z.state IN ('new', 'changed', 'unchanged', 'duplicate')"
    "), 0))"
)
