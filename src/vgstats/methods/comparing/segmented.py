"""Segmented regression of a series that is broken at a known time, beside a comparison series."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from vgstats.methods.comparing.rolling import demand_independent
from vgstats.methods.comparing.segmented_interval import scatter_of, term_of, too_little
from vgstats.methods.comparing.segmented_model import TERMS, TERMS_TWO, design_of, lines_of
from vgstats.methods.comparing.segmented_result import Segmented
from vgstats.methods.comparing.segmented_rows import (
    Origin,
    demand_model,
    place_of,
    placed,
    rows_of,
    series_names,
)
from vgstats.methods.comparing.series import count_before, demand_unbroken, in_order
from vgstats.methods.result import NotComputable

__all__ = ["Segmented", "segmented_regression"]

METHOD = "segmenterad regression (Lopez Bernal, Cummins och Gasparrini 2017)"
METHOD_TWO = "segmenterad regression med jämförelseserie (Linden 2015)"
ERRORS = (
    "intervall som räknar med att grannar i tid liknar varandra (AR(1), REML-vikter, Students t)"
)


def segmented_regression(
    frame: pd.DataFrame,
    *,
    start: object,
    rolling12: bool,
    time: str = "period",
    outcome: str = "value",
    group: str | None = None,
    treated: object = None,
    comparison: object = None,
    without_comparison: bool = False,
    family: Literal["gaussian", "poisson"] = "gaussian",
    denominator: str | None = None,
    season: tuple[int, int] | None = None,
    slope_change: bool = True,
    origin: Origin = "start",
    fewest_before: int = 8,
    fewest_after: int = 3,
    level: float = 0.95,
    unit: str = "",
    source: str = "",
    decimals: int = 1,
    about: str = "",
) -> Segmented:
    """Fit the segmented regression of one series, or of one beside another (Linden 2015).

    One series: b0 + b1 T + b2 X + b3 T X, where T is 0 at `origin` and X is 0 before `start` and 1
    from it on (Lopez Bernal, Cummins & Gasparrini 2017, IJE 46:348-355). b2 is how far apart the
    two lines are at `origin`, which matters when the slope changes. Two series: the same terms for
    each and for the difference between them, whose shift is the term X Z of Linden (2015, Stata
    Journal 15:480-500). A Poisson model has these on the log scale, with log(denominator) as
    offset; its terms are given as ratios. The ratio of two series of counts is fitted as the first
    one's share of both. Estimates are least squares and maximum likelihood.

    Neighbouring periods are taken to be alike to an unknown degree (AR(1)): the interval is the
    average over all degrees, weighted by how well each fits (restricted likelihood), of what
    Student's t gives with the variance of least squares at that degree, set by simulation below 48
    periods. Simulated without any change (docs/benchmark-methods.md), 95 per cent intervals leave
    out zero in 3-7 of 100 series at an autocorrelation of -0.3 to 0.5: level and slope, with and
    without season, amounts and counts. At 0.8 they still do from 48 periods on; with 24-47 in 6-13
    of 100, since so few cannot tell it from 0.5: the sentence says so where it is estimated above 0.5.

    There is no interval below 24 periods, with fewer than 6 on one side, with less than 16 periods
    more than the model has numbers, without one whole season on each side, with counts below 5 a period on average, or
    where the autocorrelation is estimated above 0.85; the result says why.

    Args:
        frame: a row for each period, or with `group` for each period and series.
        start: the first period after the break, as it stands in `time`.
        rolling12: whether a value covers the twelve months that end with its period; must be said.
        time: years, quarters or months as text, or whole numbers in step.
        outcome: the values; counts for Poisson.
        group: the column that tells the series apart; other series than these two are not used.
        treated: the series of interest, printed as it stands.
        comparison: the series beside it, printed as it stands.
        without_comparison: say so to fit one series alone.
        family: `poisson` for counts.
        denominator: persons or other exposure; Poisson only.
        season: length of the season in periods and pairs of sine and cosine, its own in each series.
        slope_change: whether the slope may change too.
        origin: where T is 0: `start`, so that the shift is that of the first period after the break
            (Linden 2015 and his Stata program itsa), or `last_before`, the last period before it
            (Lopez Bernal's model of Sicily).
        fewest_before: periods needed before; fewer say nothing about a line.
        fewest_after: periods needed from `start`.
        level: of the intervals; simulated for 0.95.
        unit: of the outcome, as printed.
        source: where the figures come from.
        decimals: how exactly amounts, or per cent for Poisson, are printed; slopes one more.
        about: what the numbers are about.

    Raises:
        NotComputable: overlapping rolling values; no comparison series and not asked to do without;
            too few periods; a gap, a value missing, a period twice; `start` outside the series; a
            denominator or a count that cannot be; values without any scatter.

    >>> frame = pd.DataFrame({"period": range(1996, 2014), "value": [40.0 + y % 3 - y / 4 for y in range(18)]})
    >>> segmented_regression(frame, start=2006, rolling12=True, without_comparison=True).n
    18
    """
    level = demand_model(family, denominator, level)
    names = series_names(group, treated, comparison, without_comparison)
    rows = rows_of(frame, time, outcome, denominator, group, names)
    periods = in_order(rows["time"])
    demand_independent(periods, rolling12=rolling12)
    demand_unbroken(periods)
    before = count_before(periods, start, fewest_before, fewest_after)
    zero = place_of(origin, before)
    rows = placed(rows, periods, before, zero, family)
    series = [one for _, one in rows.groupby("treated")]
    design = design_of(series[0], season=season, slope_change=slope_change)
    lines = lines_of(series, design, family)
    main = lines["difference" if len(names) == 2 else "own"]
    if main.exact:
        raise NotComputable(
            "värdena följer linjen utan avvikelse, så att osäkerheten inte kan räknas"
        )
    ratio = family == "poisson"
    counted = min(float(one["y"].mean()) for one in series) if ratio else None
    why = too_little(main, before, season, counted)
    scatters = {of: scatter_of(one) for of, one in lines.items()}
    terms = {
        name: term_of(lines[of], scatters[of], columns, level, ratio=ratio, why=why)
        for name, (of, columns) in (TERMS_TWO if len(names) == 2 else TERMS).items()
        if np.isin(columns, design.columns).all()
    }
    shift = terms["skillnad i nivåskifte" if len(names) == 2 else "nivåskifte"]
    return Segmented(
        estimate=shift.estimate,
        interval=shift.interval,
        method=f"{METHOD_TWO if len(names) == 2 else METHOD}, {ERRORS}",
        n=len(rows),
        unit=unit,
        source=source,
        decimals=decimals,
        about=about,
        start=str(start),
        origin=str(periods[zero]),
        ratio=ratio,
        slope_change=slope_change,
        treated="" if treated is None else str(treated),
        comparison=str(comparison) if len(names) == 2 else "",
        terms=terms,
        dispersion=main.dispersion if ratio else 1.0,
    )
