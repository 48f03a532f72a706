"""Figures of values and changes: each takes a tidy frame and returns a figure, without a title.

Lines and bars are labelled where they stand instead of in a legend.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator

from vgstats.drawing.lead import begins_at_zero as begins_at_zero
from vgstats.drawing.lead import lead as lead
from vgstats.drawing.style import (
    BESIDE,
    BLUE,
    EDGE,
    GREY,
    LIGHT,
    OWN,
    PALE,
    TURQUOISE,
    USUAL,
    bars,
    canvas,
    field,
    label,
    lines_behind,
    measured,
    names,
    style,
)
from vgstats.facts.facts import swedish

_CLEAR = {"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.85}


def months(values: pd.DataFrame, *, unit: str) -> Figure:
    """Draw at most two series over months, from zero, each named at its last number.

    Args:
        values: columns `series`, `month` (timestamps) and `value` (missing where hidden), in order of time.
        unit: the name of the vertical axis.
    """
    with style():
        figure, axes = canvas(3.0)
        looks = ((BLUE, "o"), (TURQUOISE, "s"))
        series = values.groupby("series", sort=False)
        for (name, line), (colour, marker) in zip(series, looks, strict=False):
            axes.plot(line["month"], line["value"], color=colour, marker=marker, ms=3.5, lw=1.6)
            known = line.dropna(subset="value")
            if len(known):
                last = known.iloc[-1]
                text = f"{name} {swedish(last['value'], 0)}"
                look = {"color": colour, "weight": "bold"}
                label(axes, text, (last["month"], last["value"]), (0, 8), ha="right", **look)
        axes.set_ylim(0, (values["value"].max() if values["value"].notna().any() else 1) * 1.15)
        measured(axes.yaxis, unit)
        all_months = sorted(set(values["month"]))
        ticks = all_months[:: max(1, -(-len(all_months) // 6))]
        axes.set_xticks(ticks, [f"{tick:%Y-%m}" for tick in ticks])
        lines_behind(axes, "y")
        return figure


def gap_over_years(
    years: pd.DataFrame, *, unit: str, start: int, end: int, axis: str = "december"
) -> Figure:
    """Draw how an area's distance to the others changed, with the usual variation as a field.

    Args:
        years: columns `period` (years), `change`, `usual_low`, `usual_high`.
        unit: the name of the vertical axis.
        start: the first year of what is followed up, which is shaded from there.
        end: its last year.
        axis: the name of the horizontal axis.
    """
    with style():
        figure, axes = canvas(3.0)
        when = years["period"].astype(int)
        field(axes, start - 0.5, end + 0.5)
        if years["usual_low"].notna().all():
            limits = years["usual_low"], years["usual_high"]
            axes.fill_between(when, *limits, fc=USUAL, ec=PALE, lw=0.8, zorder=1)
        axes.axhline(0, color=GREY, lw=0.8, zorder=2)
        axes.plot(when, years["change"], color=BLUE, marker="o", ms=4, zorder=3)
        measured(axes.yaxis, unit)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(axis)
        return figure


def funnel(areas: pd.DataFrame, *, unit: str, size_unit: str) -> Figure:
    """Draw each area's change by its size, between the limits for areas of that size.

    Args:
        areas: columns `area`, `size`, `change`, `low95`, `high95`, `low998`, `high998`.
        unit: the name of the vertical axis.
        size_unit: the name of the horizontal axis.
    """
    with style():
        figure, axes = canvas(3.6)
        by_size = areas.sort_values("size")
        for low, high, dash in (("low95", "high95", "--"), ("low998", "high998", "-")):
            for side in (low, high):
                axes.plot(by_size["size"], by_size[side], color=GREY, lw=0.9, ls=dash)
        axes.scatter(by_size["size"], by_size["change"], color=BLUE, s=16, zorder=3)
        outside = by_size[
            (by_size["change"] < by_size["low95"]) | (by_size["change"] > by_size["high95"])
        ]
        for row in outside.itertuples():
            above = row.change > row.high95
            offset, side = ((0, 6), "bottom") if above else ((0, -6), "top")
            label(axes, row.area, (row.size, row.change), offset, va=side, bbox=_CLEAR)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(lambda value, _: swedish(value, 0))
        axes.xaxis.set_minor_formatter(lambda value, _: "")
        axes.set_xlabel(size_unit)
        measured(axes.yaxis, unit)
        return figure


def ranking(
    changes: pd.DataFrame,
    *,
    highlight: str,
    unit: str,
    usual: tuple[float, float] | None = None,
) -> Figure:
    """Draw one bar an area, in the order of the frame, with the value at its end.

    Args:
        changes: columns `name`, `value`, `whole` (True for riket, which is drawn in its own colour), and
            perhaps `label`, what to print at the end of the bar instead of one decimal. An area without
            value has no bar, only its label.
        highlight: the name to pick out.
        unit: the name of the horizontal axis.
        usual: the ends of a stretch to shade behind the bars.
    """
    with style():
        figure, axes = canvas(0.21 * len(changes) + 0.7)
        if usual:
            field(axes, *usual)
        kind = changes["whole"].map({True: BESIDE, False: LIGHT})
        kind = kind.mask(changes["name"] == highlight, OWN)
        looks = {colour: colour for colour in (OWN, BESIDE, LIGHT)}
        bars(axes, changes, height=0.75, hue=kind, palette=looks, dodge=False)
        falls = bool((changes["value"].dropna() <= 0).all())
        for position, row in enumerate(changes.itertuples(index=False)):
            end = 0.0 if pd.isna(row.value) else row.value
            left = end < 0
            label(
                axes,
                row.label if "label" in changes else swedish(row.value, 1),
                (end, position),
                (-4 if left else 4, 0),
                ha="right" if left else "left",
                va="center",
                weight="bold" if row.name == highlight or row.whole else "normal",
                bbox=_CLEAR,
            )
        # Wide enough for the longest label beside the longest bar, clear of the names.
        axes.margins(x=max(0.15, 0.06 * max(len(text.get_text()) for text in axes.texts)))
        measured(axes.xaxis, unit)
        if falls:
            axes.yaxis.tick_right()
            axes.spines[["left"]].set_visible(False)
            axes.spines[["right"]].set_visible(True)
        # After the names have moved to the side where they stand: each side has labels of its own.
        names(axes, changes["name"], bold=lambda name: name == highlight)
        return figure


def before_after(
    values: pd.DataFrame, *, unit: str, labels: tuple[str, str], highlight: str = ""
) -> Figure:
    """Draw a line from before to after for each area, in the order of the frame.

    Args:
        values: columns `name`, `before`, `after`, `whole` (True for the county itself).
        unit: the name of the horizontal axis.
        labels: what the two ends are called.
        highlight: the name of an area to pick out, if any.
    """
    with style():
        figure, axes = canvas(0.27 * len(values) + 0.9)
        for position, row in enumerate(values.itertuples(index=False)):
            picked = row.name == highlight
            axes.plot(
                [row.before, row.after],
                [position] * 2,
                zorder=1,
                color=EDGE if picked else LIGHT,
                lw=4.5 if picked else 3,
            )
        positions = range(len(values))
        axes.scatter(values["before"], positions, s=42, color="white", ec=GREY, lw=1.4, zorder=2)
        axes.scatter(values["after"], positions, s=42, color=BLUE, zorder=2)
        first = values.iloc[0]
        label(axes, labels[0], (first["before"], 0), (0, 9), color=GREY)
        label(axes, labels[1], (first["after"], 0), (0, 9), color=BLUE)
        bold = {highlight, *values.loc[values["whole"], "name"]}
        names(axes, values["name"], bold=bold.__contains__)
        axes.set_ylim(len(values) - 0.4, -1.1)
        measured(axes.xaxis, unit)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        lines_behind(axes, "x")
        return figure
