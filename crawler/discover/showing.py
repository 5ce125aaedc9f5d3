"""What a person sees before a source is written: its facts, its lists, what its announcements will look like."""

from __future__ import annotations

from collections.abc import Iterator

from archive.display import table, wrap
from crawler.discover.facts import Draft, Fact
from crawler.discover.sampling import Survey


def shown(out: Draft, found: Survey) -> Iterator[str]:
    """The report of `scrapy add`, line by line, at 80 columns."""
    yield from _facts(out)
    for what, facts in (("Lists", out.lists), ("Extra", out.extra)):
        if facts:
            yield from ("", f"{what} ({len(facts)})")
        for fact in facts:
            yield from wrap(str(fact.value), indent="  ")
            yield from wrap(fact.why, indent="    ")
    yield from ("", "What you will get", *_samples(found))
    yield from ("", "Unsure" if out.unsure else "Nothing is unsure.")
    for line in out.unsure:
        yield from wrap(line, indent="  ")


def _facts(out: Draft) -> Iterator[str]:
    facts: list[tuple[str, Fact | None]] = [
        ("id", Fact(out.id, "")),
        ("name", out.name),
        ("网站标识码", out.site_id),
        ("division", out.division),
        ("family", out.family),
        ("every", out.every),
        ("delay", out.delay),
        ("checked", out.checked),
        *(("legacy TLS", fact) for fact in out.legacy_tls),
    ]
    rows = [[key, fact.value if fact else "-", fact.why if fact else "not found"] for key, fact in facts]
    yield from table(["fact", "value", "how it is known"], rows)


def _samples(found: Survey) -> list[str]:
    rows = []
    for sample in found.samples:
        record = sample.seen.reading.record
        if record is not None:
            day = (record.published or "-")[:10]
            row = [record.title or "-", day, record.origin or "-", len(record.text or ""), record.integrity]
            rows.append(row)
    return table(["title", "published", "origin", "chars", "integrity"], rows, flexible=0)
