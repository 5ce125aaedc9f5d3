"""What metadata reading hands out: each field's value, where it stood, and the rivals it beat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A value, the `raw` string it was read from, `where` for people, and rivals as (value, raw, where), best first."""

    value: Value
    raw: str
    where: str
    rivals: tuple[tuple[Value, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Value]):
    """One possible value of a field; a higher rank wins, the earlier of equals."""

    value: Value
    raw: str
    where: str
    rank: float


def choose(candidates: list[Candidate[Value]]) -> Found[Value] | None:
    """The best candidate with its rivals; a rival that says the same in the same place is left out."""
    if not candidates:
        return None
    ordered = sorted(candidates, key=lambda candidate: -candidate.rank)
    best = ordered[0]
    rivals = dict.fromkeys((other.value, other.raw, other.where) for other in ordered[1:])
    rivals.pop((best.value, best.raw, best.where), None)
    return Found(best.value, best.raw, best.where, tuple(rivals)[:8])


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything a page says of its document and of itself; None where it says nothing."""

    title: Found[str] | None = None
    published: Found[str] | None = None
    written: Found[str] | None = None
    origin: Found[str] | None = None
    issuer: Found[str] | None = None
    index_number: Found[str] | None = None
    document_number: Found[str] | None = None
    topic: Found[str] | None = None
    validity: Found[str] | None = None
    breadcrumb: Found[tuple[str, ...]] | None = None
    report_year: Found[int] | None = None
    site_name: Found[str] | None = None
    site_id: Found[str] | None = None
    icp: Found[str] | None = None
    police: Found[str] | None = None
    division: Found[str] | None = None
    site_ids: tuple[str, ...] = ()
    disagreements: list[str] = field(default_factory=list)
