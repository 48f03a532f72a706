"""How many requirements have which status, a bar a part: told apart by hatching and words, not by colour alone."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vgstats.drawing.style import BLUE, GREY, LIGHT, PURPLE, TURQUOISE, canvas, style

_ABREAST = 2  # statuses in a row of the key
_NO_ANSWER = ("white", "..", GREY)  # the face, the hatching and the edge
_LOOKS = ((BLUE, "", BLUE), (LIGHT, "//", BLUE), (TURQUOISE, "\\\\", GREY), ("white", "xx", PURPLE),
          (PURPLE, "", PURPLE))  # fmt: skip


def statuses(counts: pd.DataFrame, *, unanswered: str = "inget svar") -> Figure:
    """Draw a stacked bar a part, each piece with its number.

    Args:
        counts: columns `field`, `status` and `n`, in the order to draw.
        unanswered: the status that is none.
    """
    fields, order = list(counts["field"].unique()), list(counts["status"].unique())
    looks = dict(zip([s for s in order if s != unanswered], _LOOKS, strict=False))
    looks[unanswered] = _NO_ANSWER
    rows = -(-len(order) // _ABREAST)
    with style():
        figure, axes = canvas(0.33 * len(fields) + 0.25 * rows + 0.7)
        wide = counts.pivot(index="field", columns="status", values="n").loc[fields, order]
        left = pd.Series(0, index=wide.index)
        for status in order:
            face, hatch, edge = looks[status]
            drawn = axes.barh(
                range(len(fields)), wide[status], left=left, height=0.66, label=status, color=face,
                hatch=hatch, edgecolor=edge, linewidth=[1 if n else 0 for n in wide[status]],
            )  # fmt: skip
            axes.bar_label(
                drawn,
                [str(n) if n else "" for n in wide[status]],
                label_type="center",
                bbox={"fc": "white", "ec": "none", "pad": 1.2, "alpha": 0.9},
            )
            left += wide[status]
        axes.set_yticks(range(len(fields)), [textwrap.fill(str(one), 26) for one in fields])
        axes.set_ylim(len(fields) - 0.5, -0.5)
        axes.set_xlabel("antal krav")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        figure.legend(loc="outside lower left", ncols=min(len(order), _ABREAST), frameon=False)
        return figure
