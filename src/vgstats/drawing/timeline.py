"""A figure of when things ran, a row each; what is not known is left open."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vgstats.drawing.style import BESIDE, OWN, canvas, label, lines_behind, names, style


def timeline(rows: pd.DataFrame, *, unknown: str) -> Figure:
    """Draw a bar where a beginning and an end are known, and an open mark where they are not.

    Args:
        rows: columns `name`, `start`, `end`, `open_at` (decimal years, missing where unknown), the first on top.
            Of a row with one of the two ends known there is a dot at that end.
        unknown: what stands beside an open mark or a dot.
    """
    with style():
        figure, axes = canvas(0.34 * len(rows) + 0.6)
        at = rows[["start", "end", "open_at"]].stack()
        axes.set_xlim(at.min() // 1, max(at.max() // 1 + 1, at.min() // 1 + 2) + 0.2)
        for place, row in enumerate(rows.itertuples()):
            known = [when for when in (row.start, row.end) if pd.notna(when)]
            if len(known) == 2:
                axes.barh(place, row.end - row.start, left=row.start, height=0.5, color=OWN)
                continue
            where = known[0] if known else row.open_at
            if pd.isna(where):
                where = axes.get_xlim()[0]
            else:
                fill = OWN if known else "white"
                axes.plot(where, place, marker="o", ms=8, mfc=fill, mec=OWN, mew=1.6, ls="none")
            label(axes, unknown, (where, place), (9, 0), ha="left", va="center", color=BESIDE)
        names(axes, list(rows["name"]))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        lines_behind(axes, "x")
        return figure
