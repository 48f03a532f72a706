"""Figures of parts and amounts: each takes a tidy frame and returns a figure, without a title."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgstats.drawing.style import (
    BLUE,
    LIGHT,
    TURQUOISE,
    WIDTH,
    canvas,
    comma,
    style,
)
from vgstats.facts.facts import swedish


def shares(values: pd.DataFrame, *, labels: tuple[str, str]) -> Figure:
    """Draw shares in per cent before and after, a row a group and an axis a dimension.

    Args:
        values: columns `dimension`, `group`, `before`, `after`, in the order to draw.
        labels: what before and after are called.
    """
    with style():
        dimensions = list(values["dimension"].unique())
        sizes = [int((values["dimension"] == d).sum()) for d in dimensions]
        figure = Figure(
            figsize=(WIDTH, 0.45 * sum(sizes) + 0.35 * len(sizes) + 0.5), layout="constrained"
        )
        rows = figure.subplots(
            len(sizes), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": sizes}
        )
        wrapped = values.assign(group=[textwrap.fill(name, 22) for name in values["group"]])
        tidy = wrapped.melt(
            id_vars=["dimension", "group"], value_vars=["before", "after"], var_name="when"
        )
        for number, (axes, dimension) in enumerate(zip(rows[:, 0], dimensions, strict=True)):
            sns.barplot(
                data=tidy[tidy["dimension"] == dimension],
                y="group",
                x="value",
                hue="when",
                palette=[LIGHT, BLUE],
                legend=False,
                ax=axes,
                saturation=1,
                width=0.8,
            )
            for container, when in zip(axes.containers, labels, strict=True):
                texts = [swedish(v, 0) for v in container.datavalues]
                if number == 0:
                    texts[0] += f"  {when}"
                axes.bar_label(container, labels=texts, padding=3)
            axes.set_title(dimension, loc="left", fontsize=9, weight="bold")
            axes.set(xlabel="", ylabel="", xlim=(0, 100))
            axes.tick_params(axis="y", length=0)
        rows[-1, 0].set_xlabel("procent")
        return figure


def costs(values: pd.DataFrame, *, unit: str) -> Figure:
    """Draw amounts before and after, a group of two bars an item.

    Args:
        values: columns `name`, `before`, `after`, `before_label`, `after_label`.
        unit: the name of the horizontal axis.
    """
    with style():
        figure, axes = canvas(0.62 * len(values) + 0.7)
        for position, row in enumerate(values.itertuples(index=False)):
            for offset, value, label, colour in (
                (-0.19, row.before, row.before_label, LIGHT),
                (0.19, row.after, row.after_label, BLUE),
            ):
                axes.barh(position + offset, value, height=0.36, color=colour)
                axes.annotate(
                    f"{swedish(value, 1)}  ({label})",
                    (value, position + offset),
                    xytext=(4, 0),
                    textcoords="offset points",
                    va="center",
                )
        axes.set_yticks(range(len(values)), list(values["name"]))
        axes.invert_yaxis()
        axes.margins(x=0.2)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(unit)
        comma(axes.xaxis)
        return figure


def grants(table: pd.DataFrame, own: pd.DataFrame, *, unit: str) -> Figure:
    """Draw the grant by the year it was earned, and the region's own money beside it.

    Args:
        table: columns `earned`, `paid`, `guaranteed`, `variable` (see `analysis.grants`).
        own: columns `year`, `value`.
        unit: the name of the vertical axis.
    """
    with style():
        figure, axes = canvas(3.3)
        x, top = table["earned"] - 0.2, table["guaranteed"] + table["variable"]
        axes.bar(x, table["guaranteed"], width=0.38, color=BLUE)
        axes.bar(x, table["variable"], bottom=table["guaranteed"], width=0.38, color=TURQUOISE)
        axes.bar(own["year"] + 0.2, own["value"], width=0.38, color=LIGHT)
        halfway = table["guaranteed"] + table["variable"] / 2
        _numbers(axes, x, table["guaranteed"] / 2, table["guaranteed"], color="white", va="center")
        _numbers(axes, x, halfway, table["variable"], color="black", va="center")
        _numbers(axes, x, top + 2, top, weight="bold", va="bottom")
        _numbers(
            axes, own["year"] + 0.2, own["value"] / 2, own["value"], color="black", va="center"
        )
        edge = x.iloc[0] - 0.23
        axes.text(
            edge,
            table["guaranteed"].iloc[0] / 2,
            "garanterad\ndel",
            ha="right",
            va="center",
            color=BLUE,
        )
        axes.text(edge, halfway.iloc[0], "rörlig\ndel", ha="right", va="center", color="#1B6E67")
        if len(own):
            last = own.iloc[-1]
            axes.text(last["year"] + 0.43, last["value"] / 2, "egna\nmedel", va="center")
        axes.set_xlim(table["earned"].iloc[0] - 1.4, table["earned"].iloc[-1] + 1.1)
        names = [f"intjänat {r.earned}\nbetalt {r.paid}" for r in table.itertuples()]
        axes.set_xticks(list(table["earned"]), names)
        axes.tick_params(axis="x", length=0)
        axes.set_ylabel(unit)
        comma(axes.yaxis)
        axes.margins(y=0.12)
        return figure


def _numbers(axes: Axes, x: pd.Series, y: pd.Series, values: pd.Series, **look: Any) -> None:
    for at, height, value in zip(x, y, values, strict=True):
        axes.text(at, height, swedish(value, 0), ha="center", **look)
