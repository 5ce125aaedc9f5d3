"""`[expect]` of a source's TOML: floors a person states, so that a breach is told even in the first run.

[expect]
notices = 50            # held at least
rows = 15               # entries on the first page of each list
text = 200              # characters: the median of the notices last published
fields = {issuer = 0.9} # share of them that say it; 0 says that the site no longer does
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from archive.history import FIELDS, Past
from archive.sweeps import ListSweep

# A finding: the verdict it speaks for (None: worth telling, no trouble) and a sentence.
Finding = tuple[str | None, str]
# The keys of `expect.fields` are names of a record's fields; the floor of `text` is a length.
WORDS = f"a table of shares from 0 to 1 by field ({', '.join(FIELDS)})"


@dataclass(frozen=True, slots=True)
class Expect:
    """Floors of one source; None where nobody stated one."""

    notices: int | None = None
    rows: int | None = None
    text: int | None = None
    fields: Mapping[str, float] = field(default_factory=dict)


def trouble(value: Mapping[str, Any]) -> str | None:
    """What is wrong with `expect.fields`, in words, or None."""
    for name, share in value.items():
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=1)
            return f"unknown field {name}" + (f"; did you mean {near[0]}?" if near else "")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            return f"{name} = {share!r}"
    return None


def breaches(expect: Expect, past: Past, sweeps: Sequence[ListSweep]) -> Iterator[Finding]:
    """Every floor that is not reached, naming key, expectation and finding."""
    latest = past.latest
    if expect.notices is not None and past.documents < expect.notices:
        yield "incomplete", f"[expect] notices: expected {expect.notices} held at least, found {past.documents}"
    for one in sweeps:
        if expect.rows is not None and one.pages and one.first_rows < expect.rows:
            told = f"expected {expect.rows} entries at least on the first page of {one.url}, found {one.first_rows}"
            yield "layout_changed", f"[expect] rows: {told}"
    if expect.text is not None and latest.lengths and median(latest.lengths) < expect.text:
        told = f"expected a median of {expect.text} characters at least, found {median(latest.lengths):.0f}"
        yield "layout_changed", f"[expect] text: {told}"
    for name, share in expect.fields.items():
        said = latest.filled.get(name, 0)
        if latest.notices and said < share * latest.notices:
            told = f"expected {share:g} of the notices at least, found {said / latest.notices:.2f}"
            yield "layout_changed", f"[expect] fields.{name}: {told} ({said} of {latest.notices})"
