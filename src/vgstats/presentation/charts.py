"""The figures: each takes a tidy frame and returns a matplotlib figure, without a title.

Colours are those of the UK Analysis Function (at least 3:1 against white and told apart by
lightness); lines and bars are labelled where they stand instead of in a legend.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgstats.presentation.numbers import swedish

BLUE, TURQUOISE, PURPLE, GREY = "#12436D", "#28A197", "#801650", "#3D3D3D"
PALE, LIGHT = "#8A8A8A", "#A9BDCC"
WIDTH = 5.6


@contextmanager
def style() -> Iterator[None]:
    """Draw in the reports' style, without leaving it behind in the analyst's session."""
    look = {
        **sns.axes_style("white"),
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "axes.labelsize": 9,
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
        "axes.edgecolor": PALE,
        "axes.labelcolor": GREY,
        "text.color": GREY,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.fonttype": "path",
    }
    with mpl.rc_context(look):
        yield


def _canvas(height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False)
    return figure, list(axes[0])


def _comma(axis: mpl.axis.Axis, decimals: int = 0) -> None:
    axis.set_major_formatter(lambda value, _: swedish(value, decimals))


def series(
    values: pd.DataFrame,
    marks: pd.DataFrame,
    *,
    unit: str,
    span: tuple[float, float] | None = None,
    span_label: str = "",
    breaks: tuple[float, ...] = (),
) -> Figure:
    """Draw one continuous series over time, and dots for one that is known now and then.

    Args:
        values: columns `series`, `when` (decimal years), `value`, `joined` (False for the dots).
        marks: columns `when`, `label`: events, named at the top of the figure by `label`.
        unit: the name of the vertical axis.
        span: a stretch of decimal years to shade, named by `span_label`.
        breaks: decimal years after which a changed definition cuts the line.
    """
    with style():
        figure, (axes,) = _canvas(3.5)
        line, dots = values[values["joined"]], values[~values["joined"]]
        top, bottom = values["value"].max(), values["value"].min()
        room = (top - bottom) * 0.25
        axes.set_ylim(max(0, bottom - room), top + 1.6 * room)
        if span:
            axes.axvspan(*span, color="#E4ECF3", zorder=0, lw=0)
            axes.annotate(
                span_label,
                (sum(span) / 2, 0.03),
                xycoords=("data", "axes fraction"),
                ha="center",
                va="bottom",
                color=BLUE,
            )
        for _, piece in line.groupby(pd.cut(line["when"], [-1e9, *breaks, 1e9]), observed=True):
            axes.plot(piece["when"], piece["value"], color=BLUE, marker="o", ms=3.5)
        if len(line):
            end = line.iloc[-1]
            axes.annotate(
                end["series"],
                (end["when"], end["value"]),
                xytext=(0, 9),
                textcoords="offset points",
                ha="right",
                color=BLUE,
                weight="bold",
            )
        if len(dots):
            axes.plot(dots["when"], dots["value"], color=PURPLE, marker="D", ms=4, ls="none")
            start = dots.iloc[min(2, len(dots) - 1)]
            axes.annotate(
                start["series"],
                (start["when"], start["value"]),
                xytext=(-9, -2),
                textcoords="offset points",
                ha="right",
                va="top",
                color=PURPLE,
                weight="bold",
            )
        for mark in marks.itertuples():
            axes.axvline(mark.when, color=PALE, lw=1, ls=(0, (4, 3)), zorder=1)
            axes.annotate(
                str(mark.label),
                (mark.when, 1),
                xycoords=("data", "axes fraction"),
                ha="center",
                va="bottom",
                bbox={"boxstyle": "circle,pad=0.2", "fc": "white", "ec": GREY, "lw": 0.8},
                fontsize=8,
            )
        axes.set_ylabel(unit)
        _comma(axes.yaxis)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        axes.set_xlabel("december")
        return figure


def ranking(changes: pd.DataFrame, *, highlight: str, unit: str) -> Figure:
    """Draw one bar an area, in the order of the frame, with the value at its end.

    Args:
        changes: columns `name`, `value`, `whole` (True for riket, which is drawn in grey).
        highlight: the name to pick out.
        unit: the name of the horizontal axis.
    """
    with style():
        figure, (axes,) = _canvas(0.21 * len(changes) + 0.7)
        colours = [
            BLUE if row.name == highlight else GREY if row.whole else LIGHT
            for row in changes.itertuples(index=False)
        ]
        sns.barplot(
            data=changes,
            y="name",
            x="value",
            hue="name",
            palette=colours,
            legend=False,
            ax=axes,
            saturation=1,
            width=0.75,
        )
        falls = bool((changes["value"] <= 0).all())
        for position, row in enumerate(changes.itertuples(index=False)):
            axes.annotate(
                swedish(row.value, 1),
                (row.value, position),
                xytext=(-4 if row.value < 0 else 4, 0),
                textcoords="offset points",
                ha="right" if row.value < 0 else "left",
                va="center",
                weight="bold" if row.name == highlight or row.whole else "normal",
                fontsize=8,
            )
        axes.margins(x=0.12)
        axes.set_xlabel(unit)
        axes.set_ylabel("")
        if falls:
            axes.yaxis.tick_right()
            axes.spines[["left"]].set_visible(False)
            axes.spines[["right"]].set_visible(True)
        for label in axes.get_yticklabels():
            label.set_fontweight("bold" if label.get_text() == highlight else "normal")
        axes.tick_params(axis="y", length=0)
        _comma(axes.xaxis)
        return figure


def before_after(values: pd.DataFrame, *, unit: str, labels: tuple[str, str]) -> Figure:
    """Draw a line from before to after for each area, in the order of the frame.

    Args:
        values: columns `name`, `before`, `after`, `whole` (True for the county itself).
        unit: the name of the horizontal axis.
        labels: what the two ends are called.
    """
    with style():
        figure, (axes,) = _canvas(0.27 * len(values) + 0.9)
        for position, row in enumerate(values.itertuples(index=False)):
            axes.plot([row.before, row.after], [position] * 2, color=LIGHT, lw=3, zorder=1)
        positions = range(len(values))
        axes.scatter(values["before"], positions, s=42, color="white", ec=GREY, lw=1.4, zorder=2)
        axes.scatter(values["after"], positions, s=42, color=BLUE, zorder=2)
        first = values.iloc[0]
        for x, text, colour in (
            (first["before"], labels[0], GREY),
            (first["after"], labels[1], BLUE),
        ):
            axes.annotate(
                text, (x, 0), xytext=(0, 9), textcoords="offset points", ha="center", color=colour
            )
        axes.set_yticks(list(positions), list(values["name"]))
        for label, whole in zip(axes.get_yticklabels(), values["whole"], strict=True):
            label.set_fontweight("bold" if whole else "normal")
        axes.invert_yaxis()
        axes.set_ylim(top=-1.1)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(unit)
        _comma(axes.xaxis)
        axes.grid(axis="x", color="#E6E6E6", lw=0.8)
        axes.set_axisbelow(True)
        return figure


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
            figsize=(WIDTH, 0.42 * sum(sizes) + 0.35 * len(sizes) + 0.5), layout="constrained"
        )
        rows = figure.subplots(
            len(sizes), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": sizes}
        )
        tidy = values.melt(
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
                axes.bar_label(container, labels=texts, padding=3, fontsize=8)
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
        figure, (axes,) = _canvas(0.62 * len(values) + 0.7)
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
                    fontsize=8,
                )
        axes.set_yticks(range(len(values)), list(values["name"]))
        axes.invert_yaxis()
        axes.margins(x=0.2)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(unit)
        _comma(axes.xaxis)
        return figure


def grants(table: pd.DataFrame, own: pd.DataFrame, *, unit: str) -> Figure:
    """Draw the grant by the year it was earned, and the region's own money beside it.

    Args:
        table: columns `earned`, `paid`, `guaranteed`, `variable` (see `analysis.grants`).
        own: columns `year`, `value`.
        unit: the name of the vertical axis.
    """
    with style():
        figure, (axes,) = _canvas(3.3)
        x = table["earned"]
        axes.bar(x - 0.2, table["guaranteed"], width=0.38, color=BLUE)
        axes.bar(
            x - 0.2, table["variable"], bottom=table["guaranteed"], width=0.38, color=TURQUOISE
        )
        axes.bar(own["year"] + 0.2, own["value"], width=0.38, color=LIGHT)
        for row in table.itertuples(index=False):
            at = row.earned - 0.2
            axes.text(
                at,
                row.guaranteed / 2,
                swedish(row.guaranteed, 0),
                ha="center",
                va="center",
                color="white",
            )
            axes.text(
                at,
                row.guaranteed + row.variable / 2,
                swedish(row.variable, 0),
                ha="center",
                va="center",
                color="black",
            )
            axes.text(
                at,
                row.guaranteed + row.variable + 2,
                swedish(row.guaranteed + row.variable, 0),
                ha="center",
                va="bottom",
                weight="bold",
            )
        for row in own.itertuples(index=False):
            axes.text(
                row.year + 0.2, row.value / 2, swedish(row.value, 0), ha="center", va="center"
            )
        first = table.iloc[0]
        edge = first["earned"] - 0.43
        for y, text, colour in (
            (first["guaranteed"] / 2, "garanterad\ndel", BLUE),
            (first["guaranteed"] + first["variable"] / 2, "rörlig\ndel", "#1B6E67"),
        ):
            axes.text(edge, y, text, ha="right", va="center", color=colour)
        if len(own):
            last = own.iloc[-1]
            axes.text(last["year"] + 0.43, last["value"] / 2, "egna\nmedel", ha="left", va="center")
        axes.set_xlim(first["earned"] - 1.05, x.iloc[-1] + 0.95)
        axes.set_xticks(
            list(x), [f"intjänat {r.earned}\nbetalt {r.paid}" for r in table.itertuples()]
        )
        axes.tick_params(axis="x", length=0)
        axes.set_ylabel(unit)
        _comma(axes.yaxis)
        axes.margins(y=0.12)
        return figure
