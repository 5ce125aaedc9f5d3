"""The verdict of a run: is what the archive now holds of this source to be trusted? Pure.

Every rule gives findings, each a sentence and the verdict it speaks for; the worst one names the run, all are told.

identity_mismatch: pages name another site than the source's (its registry entry, or what its own notices used to say),
or a list became a shop: a domain that expired, was sold, parked, or redirects to somebody else.
down: no list answered, or all are under maintenance.
blocked: a list or most notices were refused: a challenge, a provider's 未备案 page, or robots.txt that disallows the
list (the site answers and does not want us there: of the seven the truest word for it).
layout_changed: a list could not be read or shows other things than it did, most notices could not be read or lost what
they said, half of the site answers 404, or a floor of `[expect]` is not reached. incomplete: something was missed.
healthy: all read, something new. quiet: all read, all as before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.departures import AGAIN_DAYS, Departures
from archive.history import Past, Who
from archive.sweeps import ListSweep
from crawler.blocking import PARKED_REASON
from crawler.drift import drift, signatures, strangers
from crawler.expect import Expect, Finding, breaches
from crawler.integrity_host import related

# What a run brings home: any of these makes it healthy rather than quiet.
NEWS = ("new", "changed", "duplicate", "gone")
WELL = frozenset({"healthy", "quiet"})
WORST = ("identity_mismatch", "down", "blocked", "layout_changed", "incomplete")
_READ = ("new", "changed", "unchanged", "duplicate")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run knows of itself at its end. `unread` holds the lists whose first page was not read, with their end.

    `read` and `unclean` count notices; `strangers` pages by who they say they are, where the registry says otherwise;
    `signed` has who the page of a list says it is, and what speaks against it; `past` what the source was before.
    """

    counts: Mapping[str, int]
    lists: int
    unread: Sequence[tuple[str, str | None]] = ()
    shortfalls: Sequence[str] = ()
    read: int = 0
    unclean: int = 0  # of them, those whose integrity is not clean
    strangers: Counter[str] = field(default_factory=Counter)
    remarks: Sequence[str] = ()
    stopped: str | None = None
    past: Past = field(default_factory=Past)
    departures: Departures = field(default_factory=Departures)
    sweeps: Sequence[ListSweep] = ()
    signed: Mapping[str, tuple[Who, str | None]] = field(default_factory=dict)
    expect: Expect = field(default_factory=Expect)


def verdict(facts: Facts) -> tuple[str, list[str]]:
    """(verdict, evidence as sentences), the worst first. Tells of a long silence too; that alone is no trouble."""
    findings = list(dict.fromkeys(_findings(facts)))
    worst = {name: place for place, name in enumerate(WORST)}
    # Stable: within a verdict they are told in the order they were found.
    findings.sort(key=lambda finding: worst.get(finding[0] or "", len(WORST)))
    evidence = [sentence for _, sentence in findings]
    if findings and findings[0][0]:
        return findings[0][0], evidence
    if any(facts.counts.get(state) for state in NEWS):
        return "healthy", evidence
    if facts.past.rhythm is not None and facts.past.rhythm.remarkable:
        evidence.append(str(facts.past.rhythm))
    return "quiet", evidence


def _findings(facts: Facts) -> Iterator[Finding]:
    yield from _lists(facts)
    yield from signatures(facts.past, facts.signed, [url for url, _ in facts.unread])
    yield from strangers(facts.past)
    yield from _pages(facts)
    yield from drift(facts.past, facts.sweeps, facts.expect, facts.counts.get("duplicate", 0))
    yield from breaches(facts.expect, facts.past, facts.sweeps)
    for sentence in (*facts.shortfalls, *facts.remarks):
        yield "incomplete", sentence
    pending = facts.counts.get("pending", 0)
    if facts.stopped:
        yield "incomplete", f"stopped early: {facts.stopped}; {pending} URLs wait for the next run"
    elif pending:
        yield "incomplete", f"{pending} URLs never ended"


def _lists(facts: Facts) -> Iterator[Finding]:
    """Lists that were not read: what they ended as says what is wrong."""
    kinds = [_ended(url, end) for url, end in facts.unread]
    for (url, end), kind in zip(facts.unread, kinds, strict=True):
        # A silent list is down only with all others; a run that was told to stop never got to it.
        told = "incomplete" if kind == "down" or (end is None and facts.stopped) else kind
        yield told, f"list {url} was not read: {end or 'never answered'}"
    if facts.lists and len(kinds) == facts.lists and set(kinds) == {"down"} and not facts.stopped:
        yield "down", f"no list answered ({facts.lists} asked)"


def _ended(url: str, end: str | None) -> str:
    """The verdict that the end of a list speaks for, were it the only one."""
    state, _, reason = (end or "never").partition(": ")
    if state in {"failed", "never", "interrupted"} or (state == "quarantined" and reason.startswith("maintenance")):
        return "down"
    if state == "blocked" and reason.startswith(PARKED_REASON):
        return "identity_mismatch"
    if state in {"blocked", "skipped"}:
        return "blocked"
    if state == "redirected":
        there = urlsplit(reason.split(" ")[0]).hostname
        return "layout_changed" if related(urlsplit(url).hostname, there) else "identity_mismatch"
    return "layout_changed"


def _pages(facts: Facts) -> Iterator[Finding]:
    """How the notices ended, all together."""
    counts, past, left = facts.counts, facts.past, facts.departures
    read = max(facts.read, sum(counts.get(state, 0) for state in _READ))
    for who, n in facts.strangers.most_common():
        yield None, f"{n} pages name another site: {who}"
    if facts.strangers.total() > read / 2:
        yield "identity_mismatch", f"{facts.strangers.total()} pages name another site, {read} notices were read"
    blocked, quarantined = counts.get("blocked", 0), counts.get("quarantined", 0)
    if blocked:
        most = blocked > 1 and blocked > read + quarantined
        most = most or (blocked >= FEW_REFUSED and blocked > MANY_REFUSED * (blocked + read + quarantined))
        yield "blocked" if most else "incomplete", f"{blocked} URLs ended blocked"
    if quarantined:
        yield (
            "layout_changed" if _unreadable(past, quarantined, read) else None,
            f"{quarantined} URLs ended quarantined",
        )
    if failed := counts.get("failed"):
        yield "incomplete", f"{failed} URLs ended failed"
    if left.mass:
        told = f"{left.gone} of {left.looked} held notices looked at answer that they are gone, all at once"
        yield "layout_changed", f"{told}: none is marked gone before {AGAIN_DAYS} days of it"
    if facts.unclean:
        yield None, f"{facts.unclean} of {facts.read} notices read are not clean"


FEW_REFUSED, MANY_REFUSED = 3, 0.3  # a site that starts to refuse in the middle of a run has read out the first pages


def _unreadable(past: Past, quarantined: int, read: int) -> bool:
    """Whether pages that cannot be read are a matter of layout: most of them, and not those that never could be."""
    if not past.runs:
        return quarantined > read
    new, held, looked = past.unreadable
    return (new >= 3 and new > read) or (held >= 2 and held > looked / 2)
