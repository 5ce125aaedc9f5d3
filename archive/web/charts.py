"""Charts as SVG, drawn here: no script, colours from the style sheet, and every chart stands beside its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 640, 120
SPARK_WIDTH, SPARK_HEIGHT = 120, 24
_BASE = 18  # for the labels under the bars


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, what stands under it, and where it leads."""

    label: str
    value: int
    link: str


def bars(values: Sequence[Bar]) -> Markup | None:
    """A bar chart, or None when there is nothing to draw."""
    if not values:
        return None
    highest = max(bar.value for bar in values) or 1
    step = WIDTH / max(len(values), 6)
    drawn = [
        _bar(bar, place * step, step, highest, every=max(1, len(values) // 12), place=place)
        for place, bar in enumerate(values)
    ]
    view = Markup('<svg class="bars" viewBox="0 0 {} {}" role="img" aria-hidden="true" focusable="false">')
    return view.format(WIDTH, HEIGHT) + Markup("").join(drawn) + Markup("</svg>")


def _bar(bar: Bar, left: float, step: float, highest: int, *, every: int, place: int) -> Markup:
    room = HEIGHT - _BASE - 14
    tall = max(1.5, room * bar.value / highest)
    top = HEIGHT - _BASE - tall
    middle = round(left + step / 2, 1)
    parts = [
        Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="1.5"><title>{}: {}</title></rect>').format(
            round(left + step * 0.14, 1), round(top, 1), round(step * 0.72, 1), round(tall, 1), bar.label, bar.value
        )
    ]
    if place % every == 0:
        parts.append(Markup('<text x="{}" y="{}">{}</text>').format(middle, HEIGHT - 5, bar.label))
        parts.append(
            Markup('<text class="value" x="{}" y="{}">{:,}</text>').format(middle, round(top - 4, 1), bar.value)
        )
    return Markup("<g>") + Markup("").join(parts) + Markup("</g>")


def sparkline(values: Sequence[tuple[int, bool]]) -> Markup | None:
    """One small bar a run, oldest first: how much news it brought; a run that went badly is marked by its class."""
    if not values:
        return None
    highest = max(max(value for value, _ in values), 1)
    step = SPARK_WIDTH / max(len(values), 12)
    drawn = []
    for place, (value, well) in enumerate(values):
        tall = max(2.0, (SPARK_HEIGHT - 2) * value / highest)
        drawn.append(
            Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                "well" if well else "ill",
                round(place * step, 1),
                round(SPARK_HEIGHT - tall, 1),
                round(step * 0.75, 1),
                round(tall, 1),
            )
        )
    view = Markup(
        '<svg class="spark" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true" focusable="false">'
    )
    return view.format(SPARK_WIDTH, SPARK_HEIGHT) + Markup("").join(drawn) + Markup("</svg>")
