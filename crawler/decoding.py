"""Bytes to text: our own decision, because servers and pages mislabel GB18030 (DOMAIN.md section 7)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was decoded with, and the reason for choosing it."""

    text: str
    encoding: str
    reason: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Placeholder of the body room: strict utf-8, else gb18030 with replacement."""
    try:
        return Decoded(body.decode("utf-8-sig"), "utf-8", "strict utf-8")
    except UnicodeDecodeError:
        return Decoded(body.decode("gb18030", "replace"), "gb18030", "not utf-8")
