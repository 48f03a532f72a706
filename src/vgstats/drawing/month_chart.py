"""A figure of months: a line for each series, with a gap where a number is hidden."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from vgstats.drawing.style import BLUE, TURQUOISE, canvas, comma, style
from vgstats.facts.facts import swedish

_LOOKS = ((BLUE, "o"), (TURQUOISE, "s"))


def months(values: pd.DataFrame, *, unit: str) -> Figure:
    """Draw at most two series over months, from zero, each named at its last number.

    Args:
        values: columns `series`, `month` (timestamps) and `value` (missing where hidden), in order of time.
        unit: the name of the vertical axis.
    """
    with style():
        figure, axes = canvas(3.0)
        for (name, line), (colour, marker) in zip(
            values.groupby("series", sort=False), _LOOKS, strict=False
        ):
            axes.plot(
                line["month"], line["value"], color=colour, marker=marker, markersize=3.5, lw=1.6
            )
            known = line.dropna(subset="value")
            if len(known):
                last = known.iloc[-1]
                axes.annotate(
                    f"{name} {swedish(last['value'], 0)}",
                    (last["month"], last["value"]),
                    xytext=(0, 8),
                    textcoords="offset points",
                    ha="right",
                    color=colour,
                    weight="bold",
                )
        axes.set_ylim(0, (values["value"].max() if values["value"].notna().any() else 1) * 1.15)
        axes.set_ylabel(unit)
        comma(axes.yaxis)
        all_months = sorted(set(values["month"]))
        ticks = all_months[:: max(1, -(-len(all_months) // 6))]
        axes.set_xticks(ticks, [f"{tick:%Y-%m}" for tick in ticks])
        axes.grid(axis="y", color="#E6E6E6", lw=0.8)
        axes.set_axisbelow(True)
        return figure
