"""The numbers of a segmented regression with their intervals, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, say
from vgstats.methods.comparing.segmented_model import Lines
from vgstats.methods.comparing.segmented_scatter import Scatter
from vgstats.methods.result import Band, Interval

FEWEST = 24  # periods; `make bench-methods` shows the false alarms that these numbers give
FEWEST_ON_A_SIDE = 6  # with fewer a slope of nothing left out zero in up to 8 of 100
FEWEST_SPARE = 16
FEWEST_COUNTED = 5  # mean of a period
HIGHEST = 0.85  # estimated autocorrelation
SEEN = 0.8  # simulated, with the interval's own width uncertain: 0.68-0.80


@dataclass(frozen=True)
class Term:
    """One number of the model: an amount, or with counts a ratio.

    `detectable` is how large a true fall and a true rise must be for three of four such series to
    show it. It, `interval` and `p` are None where none can be trusted, and `withheld` says why.
    """

    estimate: float
    interval: Interval | None
    p: float | None
    detectable: Band | None
    autocorrelation: float
    durbin_watson: float
    withheld: Text | None


def scatter_of(lines: Lines) -> Scatter | None:
    """Return the scatter about lines, or None about lines that the values follow exactly."""
    return None if lines.exact else Scatter(lines.design, lines.residuals)


def term_of(
    lines: Lines,
    scatter: Scatter | None,
    columns: tuple[str, ...],
    level: float,
    *,
    ratio: bool,
    why: Text | None,
) -> Term:
    """Return a sum of the numbers; `why` stands there instead of its interval."""
    contrast = np.isin(lines.columns, columns).astype(float)
    estimate = float(contrast @ lines.numbers)
    scale = np.exp if ratio else float
    steps = np.diff(lines.residuals)
    squares = float((lines.residuals**2).sum())
    interval = detectable = p = None
    rho = float("nan")
    if scatter is None:
        why = say("Inget intervall skrivs ut, eftersom värdena följer linjen utan avvikelse.")
    else:
        rho = float(scatter.autocorrelation[0])
        why = why or _too_alike(rho)
        if why is None:
            half = scatter.half(contrast, level)
            seen = half + scatter.half(contrast, 2 * SEEN - 1)
            interval = Interval(float(scale(estimate - half)), float(scale(estimate + half)), level)
            detectable = Band(float(scale(-seen)), float(scale(seen)))
            p = float(scatter.tail(contrast, estimate)[0])
    return Term(
        estimate=float(scale(estimate)),
        interval=interval,
        p=p,
        detectable=detectable,
        autocorrelation=rho,
        durbin_watson=float((steps**2).sum()) / squares if squares else float("nan"),
        withheld=why,
    )


def too_little(
    lines: Lines, before: int, season: tuple[int, int] | None, counted: float | None
) -> Text | None:
    """Return why a series is too short for an interval, or its counts too small, or None.

    Args:
        lines: the fitted series.
        before: how many of its periods come before the break.
        season: see `design_of`.
        counted: the mean count of a period, if it is counts.
    """
    periods, numbers = lines.design.shape
    there = count_fact("perioder i serien", periods)
    if periods < FEWEST:
        return say(
            "Inget intervall skrivs ut, eftersom serien har {there} perioder och det behövs {needed} "
            "för att ett intervall ska hålla vad det lovar.",
            there=there,
            needed=count_fact("perioder för ett intervall", FEWEST),
        )
    if min(before, periods - before) < FEWEST_ON_A_SIDE:
        return say(
            "Inget intervall skrivs ut, eftersom bara {few} perioder ligger på den ena sidan av brottet och det behövs "
            "{needed}.",
            few=count_fact("perioder på den kortare sidan", min(before, periods - before)),
            needed=count_fact("perioder på varje sida", FEWEST_ON_A_SIDE),
        )
    if periods - numbers < FEWEST_SPARE or (season and min(before, periods - before) < season[0]):
        return say(
            "Inget intervall skrivs ut, eftersom {there} perioder, {before} av dem före, är för få "
            "för att skilja årstiderna från en ändring.",
            there=there,
            before=count_fact("perioder före", before),
        )
    if counted is not None and counted < FEWEST_COUNTED:
        return say(
            "Inget intervall skrivs ut, eftersom antalen är så små: färre än {needed} per period.",
            needed=count_fact("antal per period för ett intervall", FEWEST_COUNTED),
        )
    return None


def _too_alike(rho: float) -> Text | None:
    if round(rho, 2) <= HIGHEST:
        return None
    return say(
        "Inget intervall skrivs ut, eftersom talen liknar talen närmast före så mycket att det inte "
        "skulle hålla: autokorrelationen får vara högst {highest}.",
        highest=Fact("högsta autokorrelation", HIGHEST, "", 2, "model"),
    )
