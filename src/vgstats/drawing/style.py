"""How the figures look: colours, type and axes.

Colours are those of the UK Analysis Function, and LIGHT, which stands 3:1 against both white and BLUE.
What is drawn is 3:1 against white, or has an edge that is (a FIELD has), and text is 4.5:1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

import lazy_loader
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis as OneAxis
from matplotlib.figure import Figure
from matplotlib.style import context
from matplotlib.ticker import Formatter

from vgstats.drawing.embedding import svg_of
from vgstats.facts.facts import swedish

# Loaded where bars are drawn: it takes a second, and a table or a line should not wait for it.
sns = lazy_loader.load("seaborn")

BLUE, TURQUOISE, PURPLE, GREY = "#12436D", "#28A197", "#801650", "#3D3D3D"
# The report's own area and the one beside it (riket, or the county of a kommun), the same in every figure.
OWN, BESIDE = BLUE, "#6B6B6B"
PALE, LIGHT, FIELD = "#8A8A8A", "#7C93A6", "#E4ECF3"
USUAL, EDGE = (
    "#8A8A8A38",
    "#F46A25",
)  # a see-through field over FIELD; the outline of a place on a map
# Where a label stands by the height of the axes instead of by a value.
FROM_FOOT: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "va": "bottom"}
# What a text beside a figure calls the colours, so that it names none that the figure does not have.
COLOUR_NAMES = {FIELD: "ljusblå", USUAL: "grå", EDGE: "orange"}
WIDTH = 3.95  # inches: on a phone of 390 pixels the text is then still eleven pixels high


@contextmanager
def style() -> Iterator[None]:
    """Draw in the reports' style, whatever a person's settings, without leaving it behind in the session."""
    look = {
        # As sns.axes_style("white"), without a second's wait for seaborn where a figure has no bars.
        "axes.axisbelow": True,
        "lines.solid_capstyle": "round",
        "patch.edgecolor": "w",
        "patch.force_edgecolor": True,
        "xtick.bottom": False,
        "ytick.left": False,
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
    with context(["default", look]):
        yield


class Drawing(Figure):
    """A figure that shows itself in a notebook, whatever backend matplotlib has there."""

    def _repr_svg_(self) -> str:
        return svg_of(self)


_DRAWN_INTO: ContextVar[tuple[Axes | None, list[Axes]] | None] = ContextVar("drawn", default=None)


@contextmanager
def drawn_into(axes: Axes | None) -> Iterator[list[Axes]]:
    """Let the figure drawn meanwhile be drawn into some axes, or a new figure of pyplot's; yield what it was."""
    drawn: list[Axes] = []
    if axes is None:
        # Here, since it chooses a backend: no report should. A backend that is first needed within `style()` would lose
        # what it sets when the style ends, and show nothing more in the session: so it is let in before.
        from matplotlib import pyplot as plt

        plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    token = _DRAWN_INTO.set((axes, drawn))
    try:
        yield drawn
    finally:
        _DRAWN_INTO.reset(token)


def canvas(height: float) -> tuple[Figure, Axes]:
    """Return a figure of the reports' width, `height` inches high, and its axes (see `drawn_into`)."""
    size: dict[str, Any] = {"figsize": (WIDTH, height), "layout": "constrained"}
    into = _DRAWN_INTO.get()
    if into is None:
        figure: Figure = Drawing(**size)
        return figure, figure.subplots()
    axes, drawn = into
    if axes is None:
        from matplotlib import pyplot as plt

        axes = plt.subplots(**size)[1]
    drawn.append(axes)
    root = axes.get_figure(root=True)
    assert root is not None  # noqa: S101 - nobody draws into axes that were removed
    return root, axes


def field(axes: Axes, low: float, high: float) -> None:
    """Shade a stretch of the horizontal axis, with edges that are seen on any screen."""
    axes.axvspan(low, high, fc=FIELD, ec="none", zorder=0)
    for edge in (low, high):
        axes.axvline(edge, color=PALE, lw=0.8, zorder=1)


def label(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    *,
    ha: str = "center",
    **look: Any,
) -> None:
    """Write a text `offset` points from a place, in the figure's data unless `xycoords` says otherwise."""
    axes.annotate(text, at, xytext=offset, textcoords="offset points", ha=ha, **look)


def measured(axis: OneAxis, unit: str) -> None:
    """Name an axis of numbers, and write them the Swedish way, with the decimals that their steps need."""
    axis.set_label_text(unit)
    axis.set_major_formatter(_SwedishNumbers())


def names(axes: Axes, of: Sequence[str], bold: Callable[[str], bool] = lambda name: False) -> None:
    """Write the names of the rows along the vertical axis, the first on row nought, some of them bold."""
    axes.set_yticks(range(len(of)), list(of))
    for name in axes.get_yticklabels():
        name.set_fontweight("bold" if bold(name.get_text()) else "normal")
    axes.tick_params(axis="y", length=0)


def bars(axes: Axes, of: pd.DataFrame, *, height: float, **look: Any) -> None:
    """Draw a bar for each `value`, on the row of its `name`, the first on top."""
    sns.barplot(of, x="value", y="name", ax=axes, width=height, saturation=1, legend=False, **look)
    axes.set_ylabel("")


def lines_behind(axes: Axes, axis: Literal["x", "y"]) -> None:
    """Draw pale lines from the numbers of an axis, behind everything."""
    axes.grid(axis=axis, color="#E6E6E6", lw=0.8)
    axes.set_axisbelow(True)


class _SwedishNumbers(Formatter):
    """Whole numbers where all the ticks are, else one decimal or two for all of them."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        ticks = list(values)
        decimals = next(
            (n for n in (0, 1) if all(abs(round(tick, n) - tick) < 1e-6 for tick in ticks)), 2
        )
        return [swedish(tick, decimals) for tick in ticks]
