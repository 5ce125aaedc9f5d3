"""The verdict of a run, from its ledger: is what the archive now holds of this source to be trusted? Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# What a run brings home: any of these makes it healthy rather than quiet.
NEWS = ("new", "changed", "duplicate", "gone")
WELL = frozenset({"healthy", "quiet"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run knows of itself at its end. `unread` holds the lists whose first page was not read, with their end."""

    counts: Mapping[str, int]
    lists: int
    unread: Sequence[tuple[str, str | None]] = ()
    shortfalls: Sequence[str] = ()
    read: int = 0  # notices
    unclean: int = 0  # of them, those whose integrity is not clean
    strangers: Counter[str] = field(default_factory=Counter)
    remarks: Sequence[str] = ()
    stopped: str | None = None


def verdict(facts: Facts) -> tuple[str, list[str]]:
    """(verdict, evidence as sentences). The worst thing found names the verdict; all of it is told.

    identity_mismatch: more pages name another site than not. down: no list answered. blocked: a list, or most pages,
    refused. layout_changed: a list could not be read, or most notices could not. incomplete: something was missed.
    healthy: all read, something new. quiet: all read, all as before.
    """
    counts, evidence = facts.counts, []
    quarantined, blocked = counts.get("quarantined", 0), counts.get("blocked", 0)
    ends = [end or "never answered" for _, end in facts.unread]
    evidence += [f"list {url} was not read: {end or 'never answered'}" for url, end in facts.unread]
    evidence += [*facts.shortfalls, *facts.remarks]
    evidence += [f"{n} pages name another site: {who}" for who, n in facts.strangers.most_common()]
    evidence += [
        f"{n} URLs ended {state}" for state in ("failed", "blocked", "quarantined") if (n := counts.get(state))
    ]
    if facts.unclean:
        evidence.append(f"{facts.unclean} of {facts.read} notices read are not clean")
    if facts.stopped:
        evidence.append(f"stopped early: {facts.stopped}; {counts.get('pending', 0)} URLs wait for the next run")
    elif counts.get("pending"):
        evidence.append(f"{counts['pending']} URLs never ended")

    missed = facts.shortfalls or facts.remarks or facts.stopped
    if facts.strangers.total() > facts.read / 2:
        name = "identity_mismatch"
    elif len(ends) == facts.lists and all(_unanswered(end) for end in ends) and not facts.stopped:
        name = "down"
    elif any(end.startswith("blocked") for end in ends) or blocked > facts.read + quarantined:
        name = "blocked"
    elif any(not _unanswered(end) for end in ends) or quarantined > facts.read:
        name = "layout_changed"
    elif missed or ends or blocked or counts.get("failed") or counts.get("pending"):
        name = "incomplete"
    else:
        name = "healthy" if any(counts.get(state) for state in NEWS) else "quiet"
    return name, evidence


def _unanswered(end: str) -> bool:
    return end.startswith(("failed", "never"))
