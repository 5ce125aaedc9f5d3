"""The source as the survey shows it: every fact with the evidence that speaks for it, and no fact without."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median

from archive.model import Record
from crawler.cms import family_named
from crawler.discover.sampling import Listing, Survey, following
from crawler.discover.scout import Scout
from crawler.registry import host_of
from crawler.tls import LEARNED

PACE = 2.0  # seconds between two requests where a site asks for nothing else
TOLD = 20  # lists asked whose they are, beside the notices
NEVER = "never"


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the registry and the evidence for it, in words."""

    value: str | float
    why: str


@dataclass(slots=True)
class Draft:
    """A source to be written. `absent` says of keys left out why they are; `lists` and `hosts` keep their order."""

    id: str
    name: Fact
    lists: list[Fact]
    hosts: list[Fact]
    every: Fact
    delay: Fact
    checked: Fact
    family: Fact | None = None
    division: Fact | None = None
    site_id: Fact | None = None
    site_name: Fact | None = None
    extra: list[Fact] = field(default_factory=list)
    legacy_tls: list[Fact] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def draft(scout: Scout, found: Survey, source: str, today: date) -> Draft:
    """Draw the source from the survey."""
    first = found.lists[0]
    records = [record for one in found.samples if (record := one.seen.reading.record)]
    # A list is no notice, but reading it as one tells what it says of its site.
    of_lists = [scout.again(one.seen, as_kind="notice").record for one in found.lists[:TOLD]]
    told = [*records, *(record for record in of_lists if record)]
    unsure = list(found.unsure)
    site_id = agreed("网站标识码", [(one.site_id, _where(one, "site_id")) for one in told], unsure)
    stated = [(one.site_name, _where(one, "site_name")) for one in told]
    site_name = agreed("SiteName", [(name, where) for name, where in stated if where.startswith("meta")], unsure)
    name = site_name or _most_common(stated)
    if name is None:
        unsure.append("no page says whose site this is: the name is the host's")
    unsure += [line for record in records for line in _doubts(record)]
    unsure += _disagreements(found)
    genuine = all(record.integrity == "clean" for record in records)
    hosts = _hosts(found, unsure)
    division = None
    if site_id is not None and re.fullmatch(r"\d{10}", str(site_id.value)):
        code = next((one.division for one in told if one.site_id == site_id.value), None)
        division = Fact(code, "first six digits of the 网站标识码") if code else None
    out = Draft(
        id=source,
        name=name or Fact(host_of(first.seen.url) or first.seen.url, "the host: no page states a name"),
        lists=[Fact(one.seen.url, _of_list(one)) for one in found.lists],
        extra=[Fact(one.seen.url, _of_list(one)) for one in found.extra],
        hosts=hosts,
        legacy_tls=[Fact(host, "shakes hands in TLS of long ago only") for host in sorted(LEARNED)],
        every=_shortest(found),
        delay=pace(found.crawl_delay, found.latencies),
        checked=Fact(today.isoformat(), "added from the live site; its pages read clean")
        if genuine
        else Fact(NEVER, "its pages do not read clean; see what is unsure"),
        family=_family(found),
        division=division,
        site_id=site_id,
        site_name=site_name,
        unsure=list(dict.fromkeys(unsure)),
    )
    reasons = {"family": "no mark of one family on all lists", "site_id": "no 网站标识码 that all pages agree on"}
    reasons |= {"division": "no local 网站标识码 to read it from", "identity.site_name": "no SiteName tag all agree on"}
    here = {"family": out.family, "site_id": site_id, "division": division, "identity.site_name": site_name}
    out.absent = [f"{key}: {reasons[key]}" for key, fact in here.items() if fact is None]
    return out


def _where(record: Record, name: str) -> str:
    evidence = record.evidence.get(name)
    return str(evidence.get("where", "")) if isinstance(evidence, dict) else ""


def agreed(what: str, told: Iterable[tuple[str | None, str]], unsure: list[str]) -> Fact | None:
    """The one value all pages that state any agree on; a disagreement goes to `unsure`."""
    stated = [(value, where) for value, where in told if value]
    values = Counter(value for value, _ in stated)
    if len(values) > 1:
        unsure.append(
            f"pages disagree on the {what}: {', '.join(f'{value} ({n})' for value, n in values.most_common())}"
        )
        return None
    return Fact(stated[0][0], f"{stated[0][1] or what}, on {len(stated)} pages looked at") if stated else None


def _most_common(told: Iterable[tuple[str | None, str]]) -> Fact | None:
    counts = Counter((value, where) for value, where in told if value)
    if not counts:
        return None
    ((value, where), n) = counts.most_common(1)[0]
    return Fact(str(value), f"{where}, on {n} of the pages looked at")


def _doubts(record: Record) -> list[str]:
    lines = [f"{record.url}: {record.integrity}: {'; '.join(record.integrity_reasons[:2])}"]
    lines = lines if record.integrity != "clean" else []
    return [*lines, f"{record.url}: no publishing date found"] if record.published is None else lines


def _disagreements(found: Survey) -> list[str]:
    """Where a list and the page it leads to say different things."""
    lines = []
    for sample in found.samples:
        record, entry = sample.seen.reading.record, sample.entry
        if record is None or entry is None:
            continue
        if entry.date and record.published and entry.date != record.published[:10]:
            lines.append(f"{record.url}: the list says {entry.date}, the page {record.published[:10]}")
        if entry.title and record.title and not alike(entry.title, record.title):
            lines.append(f"{record.url}: the list says {entry.title}, the page {record.title}")
    return lines


def alike(listed: str, read: str) -> bool:
    """Whether two titles are one, as far as a list shows it.

    >>> alike("关于印发《实施方案》的…", "关于印发《实施方案》的通知"), alike("公示", "联系我们")
    (True, False)
    """
    short, long = sorted((re.sub(r"\W", "", listed), re.sub(r"\W", "", read)), key=len)
    return short in long


def _hosts(found: Survey, unsure: list[str]) -> list[Fact]:
    """The hosts of the source: its lists', the one that was given, and those its samples were read from."""
    lists = {host for one in found.lists if (host := host_of(one.seen.url))}
    hosts = [Fact(host, "its lists") for host in sorted(lists)]
    asked = host_of(found.url)
    if asked and asked not in lists:
        hosts.append(Fact(asked, "the address that was given; it leads to the lists"))
    taken = {str(fact.value) for fact in hosts}
    read = Counter(host for one in found.samples if (host := host_of(one.seen.url)) and host not in taken)
    hosts += [Fact(host, "entries of the lists lead there, and read as announcements") for host in read]
    taken |= set(read)
    rows = [entry.url for one in found.lists for entry in one.reading.entries]
    away = Counter(host for url in rows if (host := host_of(url)) not in taken)
    if away:
        places = ", ".join(f"{host} ({n})" for host, n in away.most_common(4))
        unsure.append(f"{sum(away.values())} of {len(rows)} entries lead to other hosts and will be skipped: {places}")
    return hosts


def _of_list(listing: Listing) -> str:
    """What a list showed, in words."""
    reading = listing.reading
    stated = [f"共{reading.record_count}条"] if reading.record_count else []
    stated += [f"{reading.page_count} pages"] if reading.page_count else []
    turn = "next page found" if following(reading) else reading.reason or "no next page"
    return "; ".join([listing.column.why, f"{len(reading.entries)} entries", *stated, turn])


def _family(found: Survey) -> Fact | None:
    if found.family is None:
        return None
    mark = family_named(found.family).fingerprint(found.lists[0].seen.page)
    return Fact(found.family, mark or "marks on the list page")


def every(dates: Sequence[str | None]) -> Fact:
    """How often to come by, from the days between the rows of a list.

    >>> every(["2021-03-09", "2021-03-08", "2021-03-08", "2021-03-05"]).value, every([None]).value
    ('1d', '7d')
    """
    days = sorted({date.fromisoformat(one[:10]) for one in dates if one and len(one) >= 10}, reverse=True)
    gaps = [(later - sooner).days for later, sooner in pairwise(days)]
    if not gaps:
        return Fact("7d", "the list shows no dates to judge by")
    usual = median(gaps)
    value = "1d" if usual <= 3 else "7d" if usual <= 60 else "30d"
    return Fact(value, f"{usual:g} days lie between its entries, as a rule")


def _shortest(found: Survey) -> Fact:
    """The interval of the list that has news most often: one source is crawled as a whole."""
    intervals = [every([entry.date for entry in one.reading.entries]) for one in found.lists]
    return min(intervals, key=lambda fact: int(str(fact.value)[:-1]))


def pace(crawl_delay: float | None, latencies: Sequence[float]) -> Fact:
    """Seconds between two requests: what robots.txt asks for, and never less than ours.

    >>> pace(10.0, []).value, pace(0.5, [0.2]).value, pace(None, []).value
    (10.0, 2.0, 2.0)
    """
    quick = f"answers took {median(latencies):.1f} s" if latencies else "no answer was timed"
    if crawl_delay is None:
        return Fact(PACE, f"robots.txt asks for no Crawl-delay; {quick}")
    return Fact(max(PACE, crawl_delay), f"robots.txt asks for Crawl-delay {crawl_delay:g}; {quick}")
