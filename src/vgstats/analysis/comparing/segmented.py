"""Segmented regression of a series that is broken at a known time, beside a comparison series."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from vgstats.analysis.comparing.rolling import demand_independent
from vgstats.analysis.comparing.segmented_model import (
    ERRORS,
    Errors,
    design_of,
    fit,
    slope_test,
    terms_of,
)
from vgstats.analysis.comparing.segmented_result import Segmented
from vgstats.analysis.comparing.segmented_rows import (
    Origin,
    demand_model,
    place_of,
    placed,
    rows_of,
    series_names,
)
from vgstats.analysis.comparing.series import count_before, demand_unbroken, in_order

__all__ = ["Segmented", "segmented_regression"]

METHOD = "segmenterad regression (Lopez Bernal, Cummins och Gasparrini 2017)"
METHOD_TWO = "segmenterad regression med jämförelseserie (Linden 2015)"


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
    errors: Errors | None = None,
    lags: int | None = None,
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
    two lines are at `origin`, which matters when the slope changes. Two series: the same terms and
    those terms times Z, 1 for `treated`; the difference between the shifts is the term X Z (Linden
    2015, Stata Journal 15:480-500). A Poisson model has these on the log scale, with
    log(denominator) as offset; its terms are given as ratios.

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
        season: length of the season in periods and pairs of sine and cosine, the same in both series.
        slope_change: whether the slope may change too.
        origin: where T is 0: `start`, so that the shift is that of the first period after the break
            (Linden 2015 and his Stata program itsa), or `last_before`, the last period before it
            (Lopez Bernal's model of Sicily).
        errors: `ols`, `poisson` (no overdispersion allowed for), `quasi-poisson` or `newey-west`;
            `newey-west` unless said for values, `quasi-poisson` for counts.
        lags: of Newey-West; 4 (n/100)^(2/9) unless said, within each series.
        fewest_before: periods needed before; fewer say nothing about a line.
        fewest_after: periods needed from `start`.
        level: of the intervals: normal quantiles for Poisson, Student's t otherwise.
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
    chosen = errors or ("newey-west" if family == "gaussian" else "quasi-poisson")
    demand_model(family, chosen, denominator, level)
    names = series_names(group, treated, comparison, without_comparison)
    rows = rows_of(frame, time, outcome, denominator, group, names)
    periods = in_order(rows["time"])
    demand_independent(periods, rolling12=rolling12)
    demand_unbroken(periods)
    before = count_before(periods, start, fewest_before, fewest_after)
    zero = place_of(origin, before)
    rows = placed(rows, periods, before, zero, family)
    design = design_of(rows, two=len(names) == 2, season=season, slope_change=slope_change)
    fitted = fit(rows, design, chosen, family, lags)
    slope = "treated_after_T" if len(names) == 2 else "after_T"
    f, f_p = slope_test(rows, design, fitted, chosen, slope) if slope_change else (None, None)
    terms = terms_of(fitted, design, level, ratio=family == "poisson")
    shift = terms["skillnad i nivåskifte" if len(names) == 2 else "nivåskifte"]
    return Segmented(
        estimate=shift.estimate,
        interval=shift.interval,
        method=f"{METHOD_TWO if len(names) == 2 else METHOD}, {ERRORS[chosen]}",
        n=len(rows),
        unit=unit,
        source=source,
        decimals=decimals,
        about=about,
        start=str(start),
        origin=str(periods[zero]),
        ratio=family == "poisson",
        treated="" if treated is None else str(treated),
        comparison=str(comparison) if len(names) == 2 else "",
        errors=chosen,
        terms=terms,
        dispersion=float(fitted.pearson_chi2 / fitted.df_resid) if family == "poisson" else 1.0,
        f=f,
        f_p=f_p,
    )
