"""Figures of parts and amounts: each takes a tidy frame and returns a figure, without a title."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from vgstats.drawing.style import (
    BLUE,
    LIGHT,
    TURQUOISE,
    WIDTH,
    Drawing,
    bars,
    canvas,
    measured,
    names,
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
        height = 0.45 * sum(sizes) + 0.35 * len(sizes) + 0.5
        if len(sizes) == 1:
            figure, *rows = canvas(height)
        else:
            figure = Drawing(figsize=(WIDTH, height), layout="constrained")
            rows = figure.subplots(len(sizes), 1, sharex=True, gridspec_kw={"height_ratios": sizes})
        for number, (axes, dimension) in enumerate(zip(rows, dimensions, strict=True)):
            of = values[values["dimension"] == dimension]
            texts = [[swedish(value, 0) for value in of[end]] for end in ("before", "after")]
            if number == 0:
                for end, when in zip(texts, labels, strict=True):
                    end[0] += f"  {when}"
            _pairs(axes, of.assign(name=[textwrap.fill(name, 22) for name in of["group"]]), texts)
            axes.set_title(dimension, loc="left", fontsize=9, weight="bold")
            axes.set_xlim(0, 100)
        rows[-1].set_xlabel("procent")
        return figure


def _pairs(axes: Axes, values: pd.DataFrame, texts: Sequence[Sequence[str]]) -> None:
    """Draw two bars a row, `before` above `after`, with the texts of each at their ends."""
    ends = values.melt("name", ["before", "after"], var_name="end")
    bars(axes, ends, height=0.76, hue="end", palette=[LIGHT, BLUE])
    for drawn, written in zip(axes.containers, texts, strict=True):
        assert isinstance(drawn, BarContainer)  # noqa: S101 - nothing but bars is drawn here
        axes.bar_label(drawn, labels=written, padding=3)
    names(axes, values["name"])


def costs(values: pd.DataFrame, *, unit: str) -> Figure:
    """Draw amounts before and after, a group of two bars an item.

    Args:
        values: columns `name`, `before`, `after`, `before_label`, `after_label`.
        unit: the name of the horizontal axis.
    """
    with style():
        figure, axes = canvas(0.62 * len(values) + 0.7)
        texts = [
            [
                f"{swedish(value, 1)}  ({when})"
                for value, when in zip(values[end], values[f"{end}_label"], strict=True)
            ]
            for end in ("before", "after")
        ]
        _pairs(axes, values, texts)
        axes.margins(x=0.2)
        measured(axes.xaxis, unit)
        return figure


def grants(table: pd.DataFrame, own: pd.DataFrame, *, unit: str) -> Figure:
    """Draw the grant by the year it was earned, and the region's own money beside it.

    Args:
        table: columns `earned`, `paid`, `guaranteed`, `variable` (see `methods.money.grants`).
        own: columns `year`, `value`.
        unit: the name of the vertical axis.
    """
    with style():
        figure, axes = canvas(3.3)
        x, top = table["earned"] - 0.2, table["guaranteed"] + table["variable"]
        x_own, half_own = own["year"] + 0.2, own["value"] / 2
        low, high = table["guaranteed"] / 2, table["guaranteed"] + table["variable"] / 2
        axes.bar(x, table["guaranteed"], width=0.38, color=BLUE)
        axes.bar(x, table["variable"], bottom=table["guaranteed"], width=0.38, color=TURQUOISE)
        axes.bar(x_own, own["value"], width=0.38, color=LIGHT)
        _numbers(axes, x, low, table["guaranteed"], color="white", va="center")
        _numbers(axes, x, high, table["variable"], color="black", va="center")
        _numbers(axes, x, top + 2, top, weight="bold", va="bottom")
        _numbers(axes, x_own, half_own, own["value"], color="black", va="center")
        before = {"x": x.iloc[0] - 0.23, "ha": "right", "va": "center"}
        axes.text(y=low.iloc[0], s="garanterad\ndel", color=BLUE, **before)
        axes.text(y=high.iloc[0], s="rörlig\ndel", color="#1B6E67", **before)
        if len(own):
            axes.text(x_own.iloc[-1] + 0.23, half_own.iloc[-1], "egna\nmedel", va="center")
        axes.set_xlim(table["earned"].iloc[0] - 1.4, table["earned"].iloc[-1] + 1.1)
        names = [f"intjänat\n{r.earned},\nbetalt\n{r.paid}" for r in table.itertuples()]
        axes.set_xticks(list(table["earned"]), names)
        axes.tick_params(axis="x", length=0)
        measured(axes.yaxis, unit)
        axes.margins(y=0.12)
        return figure


def _numbers(axes: Axes, x: pd.Series, y: pd.Series, values: pd.Series, **look: Any) -> None:
    for at, height, value in zip(x, y, values, strict=True):
        axes.text(at, height, swedish(value, 0), ha="center", **look)
