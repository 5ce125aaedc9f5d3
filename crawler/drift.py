"""How a source differs from what it was: layout, lists and identity against its own past. Pure.

Each rule asks for more than one page and more than half of what it looks at, so that neither an edit nor an odd notice
raises it, and each is told again until the reader, the registry or `[expect]` was changed (see archive.history).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import comb

from archive.history import FIELDS, Past, Sample, Who
from archive.sweeps import ListSweep
from crawler.expect import Expect, Finding

CHANCE = 0.001  # of a batch of new notices to look as it does when nothing has changed
FRESH = 3  # new notices: fewer say nothing of a layout
ROWS = 4  # entries: a shorter list may halve with one entry that leaves
SAME = 5  # notices of one text: twins on three columns are usual
USUAL = 0.8  # share from which something is what the source usually says


def drift(past: Past, sweeps: Sequence[ListSweep], expect: Expect, duplicates: int = 0) -> Iterator[Finding]:
    """Everything about texts, fields and lists that is not as it used to be; `duplicates` of this run."""
    yield from _lost(past, expect)
    yield from _fresh(past, expect)
    if past.same >= SAME and past.same > past.read / 2:
        yield "layout_changed", f"{past.same} of {past.read} notices read say the same text: one page for all addresses"
    for sweep in sweeps:
        yield from _list(past, sweep, expect, duplicates)


def _lost(past: Past, expect: Expect) -> Iterator[Finding]:
    """Pages read again that no longer say what they said."""
    for name, (had, lost) in past.lost.items():
        if lost < 2 or lost <= had / 2 or _stated(expect, name):
            continue
        if name == "text":
            yield "layout_changed", f"text: {lost} of {had} notices read again have less than half of what they had"
        else:
            told = f"{name}: {lost} of {had} notices that said it say it no longer"
            yield "layout_changed", f"{told}; if the site dropped it: [expect] fields = {{{name} = 0}}"


def _fresh(past: Past, expect: Expect) -> Iterator[Finding]:
    """Notices new to us that lack what those held used to say."""
    held, fresh = past.held, past.fresh
    for name in FIELDS:
        said, usual = fresh.filled.get(name, 0), held.filled.get(name, 0)
        if not _stated(expect, name) and _unlikely(said, fresh.notices, usual, held.notices):
            told = f"{said} of {fresh.notices} new notices say it, {usual} of {held.notices} held do"
            yield "layout_changed", f"{name}: {told}"
    short = _short(held)
    said, usual = _over(fresh, short), _over(held, short)
    if expect.text is None and _unlikely(said, fresh.notices, usual, held.notices):
        told = f"{fresh.notices - said} of {fresh.notices} new notices are shorter than {short} characters"
        yield "layout_changed", f"text: {told}, {held.notices - usual} of {held.notices} held are"


def _stated(expect: Expect, name: str) -> bool:
    """A floor that a person stated replaces what history says."""
    return expect.text is not None if name == "text" else name in expect.fields


def _short(held: Sample) -> int:
    """The length that one in ten of the held notices does not reach."""
    return held.lengths[len(held.lengths) // 10] if held.lengths else 0


def _over(sample: Sample, length: int) -> int:
    return sum(one >= length for one in sample.lengths)


def _unlikely(said: int, of: int, usual: int, notices: int) -> bool:
    """Whether so few out of `of` would hardly come by chance when `usual` out of `notices` is the rule."""
    if of < FRESH or not notices:
        return False
    # Of few held notices, all does not mean always; but none of them is no rule that some do.
    share = min(usual / notices, (usual + 1) / (notices + 2))
    if said >= share * of / 2:
        return False
    chance = sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(said + 1))
    return chance < CHANCE


def _list(past: Past, sweep: ListSweep, expect: Expect, duplicates: int) -> Iterator[Finding]:
    """A list that shows less than it did, or nothing it showed before."""
    before = past.rows.get(sweep.url)
    if not before or not sweep.pages:  # a list that was not read is told elsewhere
        return
    least = min(before)
    if expect.rows is None and least >= ROWS and sweep.first_rows < least / 2:
        told = f"shows {sweep.first_rows} entries on its first page, never fewer than {least} in {len(before)} runs"
        yield "layout_changed", f"list {sweep.url} {told}"
    if sweep.rows >= ROWS and sweep.fresh == sweep.rows:
        if duplicates >= sweep.rows / 2:
            told = f"{duplicates} notices are held under other addresses: the site changed them"
            yield "layout_changed", f"list {sweep.url}: none of its {sweep.rows} entries was met before; {told}"
        elif sweep.url in past.lasting:
            yield "layout_changed", f"list {sweep.url}: none of its {sweep.rows} entries was met before"
    stated, now = past.stated.get(sweep.url), sweep.record_count
    if stated is not None and now is not None and now < stated / 2 and stated >= ROWS:
        yield "incomplete", f"list {sweep.url} states 共{now}条, it was 共{stated}条"


def strangers(past: Past) -> Iterator[Finding]:
    """Notices of this run that name another site than the held ones do, or look like a copy where those did not."""
    total = past.are.total()
    foreign: Counter[str] = Counter()
    for who, n in past.are.items():
        if told := foreign_to(past, who):
            foreign[told] += n
    for told, n in foreign.most_common(3):
        yield None, f"{n} notices name {told}"
    if foreign.total() >= 2 and foreign.total() > total / 2:
        yield "identity_mismatch", f"{foreign.total()} of {total} notices read name another site than before"
    unclean = sum(n for who, n in past.are.items() if who.integrity != "clean")
    were = sum(n for who, n in past.were.items() if who.integrity == "clean")
    if unclean >= 2 and unclean > total / 2 and were > USUAL * past.were.total():
        yield "identity_mismatch", f"{unclean} of {total} notices read look like a copy; {were} held are clean"


def signatures(past: Past, signed: Mapping[str, tuple[Who, str | None]], unread: Sequence[str]) -> Iterator[Finding]:
    """Lists whose page names another 网站标识码 than the notices held, or that sell something instead of listing."""
    for url, (who, why) in signed.items():
        if told := foreign_to(past, Who(who.site_id)):
            yield "identity_mismatch", f"list {url} names {told}"
        elif why is not None:
            yield "identity_mismatch" if url in unread else None, f"list {url}: its page is {who.integrity}: {why}"


def foreign_to(past: Past, who: Who) -> str | None:
    """How a page names itself when that is nobody the source's notices ever named, else None."""
    ids = {one.site_id.lower() for one in past.were if one.site_id}
    if who.site_id and ids:
        return None if who.site_id.lower() in ids else f"网站标识码 {who.site_id}, the held ones {min(ids)}"
    names = Counter[str]()
    for one, n in past.were.items():
        if one.site_name:
            names[one.site_name] += n
    if not who.site_name or not names or names.most_common(1)[0][1] < USUAL * past.were.total():
        return None  # what stands there is no name of a site but something each page says otherwise
    if any(name in who.site_name or who.site_name in name for name in names):
        return None
    return f"site name {who.site_name}, the held ones {names.most_common(1)[0][0]}"
