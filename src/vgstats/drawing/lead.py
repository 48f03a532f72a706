"""The figure of a first page: an area's line beside one more, with the values that are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vgstats.drawing.style import (
    BESIDE,
    BLUE,
    FROM_FOOT,
    OWN,
    canvas,
    field,
    label,
    measured,
    style,
)
from vgstats.facts.facts import swedish


def lead(
    values: pd.DataFrame,
    *,
    unit: str,
    span: tuple[float, float] | None = None,
    span_label: str = "",
    before: float,
    after: float,
    breaks: tuple[float, ...] = (),
    marks: Sequence[tuple[str, float, float]] = (),
) -> Figure:
    """Draw the figure of a first page: an area, thick, and the one beside it, with what is compared in numbers.

    Args:
        values: columns `series`, `when` (decimal years), `value`, `joined` (False: drawn as dots only); the
            area's own series first, at most one more. Perhaps `label`, what to print instead of one decimal.
        unit: the name of the vertical axis.
        span: a stretch of decimal years to shade, named by `span_label`.
        before: when the first of the values that are compared was true; each series with a value there says it.
        after: when the second was true; the series are named there if there is room.
        breaks: decimal years after which a changed definition cuts the lines.
        marks: what else went on meanwhile: a name, from when and until when, each a thin bar at the foot.
    """
    with style():
        figure, axes = canvas(2.5)
        low, high = values["value"].min(), values["value"].max()
        room = (high - low or 1) * 0.45
        named, bottom = _name_at(values, before, after), max(0, low - room)
        axes.set_ylim(bottom, max(high + room, _clear_of(values, named, before, after, bottom)))
        first, last = float(values["when"].min()), float(values["when"].max())
        axes.set_xlim(first - (last - first) * 0.05, last + (last - first) * 0.05)
        if span:
            span = max(span[0], axes.get_xlim()[0]), min(span[1], axes.get_xlim()[1])
            field(axes, *span)
            label(axes, span_label, (sum(span) / 2, 1), (0, 2), color=BLUE, **FROM_FOOT)
        for row, mark in enumerate(marks):
            _mark(axes, *mark, row)
        looks = ((OWN, 2.8, 7.0), (BESIDE, 1.3, 5.0))
        series = list(values.groupby("series", sort=False))
        for (_, line), (colour, width, size) in reversed([*zip(series, looks, strict=False)]):
            joined, dots = line[line["joined"]], line[~line["joined"]]
            for _, piece in joined.groupby(
                pd.cut(joined["when"], [-1e9, *breaks, 1e9]), observed=True
            ):
                alone = "o" if len(piece) == 1 else ""
                axes.plot(piece["when"], piece["value"], color=colour, lw=width, marker=alone)
            axes.plot(dots["when"], dots["value"], color=colour, ls="none", marker="D", ms=3)
            marked = line[line["when"].isin([before, after])]
            axes.plot(marked["when"], marked["value"], color=colour, ls="none", marker="o", ms=size)
        for when in sorted({before, after, named}):
            _said_at(axes, values, when, name=when == named, number=when in (before, after))
        measured(axes.yaxis, unit)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        return figure


def _mark(axes: Axes, name: str, start: float, end: float, row: int) -> None:
    """Draw a thin bar at the foot of the figure, with its name above it, inside the figure."""
    left, right = axes.get_xlim()
    start, end, height = max(start, left), min(end, right), 0.03 + row * 0.12
    axes.plot([start, end], [height] * 2, transform=axes.get_xaxis_transform(), color=BLUE, lw=3)
    half = len(name) * _LETTER * (right - left) / 2
    middle = min(max((start + end) / 2, left + half), right - half)
    label(axes, name, (middle, height), (0, 2), color=BLUE, fontsize=8, **FROM_FOOT)


_LINE = 0.11  # how high a line of text is, as a share of the figure


def _clear_of(
    values: pd.DataFrame, named: float, before: float, after: float, bottom: float
) -> float:
    """Return how high the vertical axis must reach for the upper name to stay under what is written over the figure."""
    there = _nearest(values, named).nlargest(1, "value")
    lines = len(_in_lines(there["series"].iloc[0])) + (named in (before, after))
    return float(bottom + (there["value"].iloc[0] - bottom) / (1 - min(0.6, lines * _LINE)))


_LETTER = 0.024  # how wide one is, as a share of the figure's years


def _name_at(values: pd.DataFrame, before: float, after: float) -> float:
    """Return where the lines of a first page are named: at the end or the beginning, clear of the numbers said."""
    first, last = float(values["when"].min()), float(values["when"].max())
    letters = max(len(part) for name in values["series"].unique() for part in _in_lines(name))
    room = (letters + 3) * _LETTER * (last - first)
    if after == last:
        return after if after - before > room else first
    return first if last - after < room <= before - first else last


def _in_lines(name: str) -> list[str]:
    return name.split(" ")


def _said_at(axes: Axes, values: pd.DataFrame, when: float, *, name: bool, number: bool) -> None:
    """Name each series at a time, or say its value: the highest above all lines there, the lowest below them."""
    order = list(values["series"].unique())
    there = values[values["when"] == when] if number else _nearest(values, when)
    there = there.sort_values("value", ascending=False, kind="stable")
    left, right = axes.get_xlim()
    across = (when - left) / (right - left)
    side = "left" if across < 0.15 else "right" if across > 0.85 else "center"
    for position, row in enumerate(there.itertuples()):
        printed = row.label if "label" in values else swedish(row.value, 1)
        lines = _in_lines(row.series) * name + [printed] * number
        wide = max(map(len, lines)) * (right - left) * _LETTER
        start = when - wide * {"left": 0, "center": 0.5, "right": 1}[side]
        above = position == 0
        at = when, _outermost(values, start, start + wide, above=above)
        label(
            axes,
            "\n".join(lines),
            at,
            ({"left": -4, "center": 0, "right": 4}[side], 6 if above else -6),
            ha=side,
            va="bottom" if above else "top",
            color=OWN if order.index(row.series) == 0 else BESIDE,
            weight="bold",
            linespacing=1.05,
        )


def _nearest(values: pd.DataFrame, when: float) -> pd.DataFrame:
    """Return the value of each series that lies nearest a time."""
    away = (values["when"] - when).abs()
    return values.loc[away.groupby(values["series"]).idxmin()]


_NEAR_ZERO = 0.05  # of the highest number on the axis


def begins_at_zero(drawing: Figure) -> bool:
    """Return whether the vertical axis of a figure of lines begins at zero, or so near that none is misled.

    A text under it must say so if not.
    """
    low, high = drawing.axes[0].get_ylim()
    return bool(low <= _NEAR_ZERO * high)


def _outermost(values: pd.DataFrame, start: float, end: float, *, above: bool) -> float:
    """Return the highest value of any series between two times, or the lowest."""
    found: list[float] = []
    for _, line in values.groupby("series", sort=False):
        inside = np.clip(np.linspace(start, end, 21), line["when"].min(), line["when"].max())
        found += list(np.interp(inside, line["when"], line["value"]))
    return max(found) if above else min(found)
