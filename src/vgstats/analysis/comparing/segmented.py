"""Segmented regression of a series that is broken at a known time, beside a comparison series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from vgstats.analysis.comparing.rolling import demand_independent
from vgstats.analysis.comparing.segmented_model import (
    ERRORS,
    Errors,
    Term,
    demand_model,
    design_of,
    fit,
    placed,
    rows_of,
    series_names,
    slope_test,
    terms_of,
)
from vgstats.analysis.comparing.series import count_before, demand_unbroken, in_order
from vgstats.analysis.result import Result
from vgstats.wording.text import Text, join, say

OVERDISPERSED = 1.5
METHOD = "segmenterad regression (Lopez Bernal, Cummins och Gasparrini 2017)"
METHOD_TWO = "segmenterad regression med jämförelseserie (Linden 2015)"
INDISTINCT = "det går inte att skilja från noll"
DISTINCT = "noll ligger utanför"
SWING = "Intervallen bygger på hur mycket talen brukar avvika från räta linjer."
ALONE = (
    "Ingen annan serie står bredvid, så ingenting här visar vad som skulle ha hänt ändå: linjen "
    "före är bara dragen vidare."
)


@dataclass(frozen=True, kw_only=True)
class Segmented(Result):
    """The shift of a series at `start`; with a comparison series the difference between the shifts.

    `estimate` is an amount, or with a Poisson model a ratio (0.9: ten per cent lower). `terms` are
    all numbers of the model by name, `dispersion` the scatter over what the model takes for given
    (1 when a Poisson model fits), `f` and `f_p` the F test of the change of slope beside its
    interval in `terms`; both None without one.
    """

    start: str
    ratio: bool
    treated: str
    comparison: str
    errors: Errors
    terms: Mapping[str, Term] = field(compare=False)
    dispersion: float
    f: float | None = None
    f_p: float | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each term: term, estimate, low, high, level, p, unit, method, n, source."""
        return pd.DataFrame(
            {
                "term": name,
                "estimate": term.estimate,
                "low": term.interval.low,
                "high": term.interval.high,
                "level": term.interval.level,
                "p": term.p,
                "unit": "kvot" if self.ratio else self.unit,
                "method": self.method,
                "n": self.n,
                "source": self.source,
            }
            for name, term in self.terms.items()
        )

    def sentence(self) -> Text:
        """Return the shift and its interval, the slopes, and what the model cannot show.

        "Går inte att skilja från noll" stands where the printed interval holds zero.
        """
        names = ["skillnad i nivåskifte", "lutningsskillnad före", "skillnad i lutningsskifte"]
        shown = names if self.comparison else ["nivåskifte", "lutningsskifte"]
        return join([*(self._said(name) for name in shown if name in self.terms), *self._limits()])

    def _said(self, name: str) -> Text:
        term = self.terms[name]
        slope = "lutning" in name
        unit = "procent" if self.ratio else self.unit
        x, low, high = (
            self.fact(what, 100 * (value - 1) if self.ratio else value, unit, self.decimals + slope)
            for what, value in (
                (name, term.estimate),
                (f"lägst {name}", term.interval.low),
                (f"högst {name}", term.interval.high),
            )
        )
        return say(
            "{lead} med {x:signed}{unit} (intervall med {level} procents säkerhet: {low:signed} till "
            "{high:signed}); {verdict}.",
            lead=self._lead(name),
            x=x,
            unit=(f" {unit}" if unit else "") + (" per period" if slope else ""),
            level=self.fact("konfidensnivå", 100 * term.interval.level, "procent", 0),
            low=low,
            high=high,
            verdict=INDISTINCT if low.printed() <= 0 <= high.printed() else DISTINCT,
        )

    def _lead(self, name: str) -> Text:
        if name == "nivåskifte":
            return say("Där linjen bryts, vid {start}, ändras nivån", start=self.start)
        if name == "lutningsskifte":
            return say("Takten därefter skiljer sig från takten före")
        if name == "lutningsskillnad före":
            return say("Redan före skilde sig takterna åt")
        names = {"treated": self.treated, "comparison": self.comparison}
        if name == "skillnad i lutningsskifte":
            return say(
                "Takten i {treated} ändras vid {start}, jämfört med ändringen i {comparison},",
                start=self.start,
                **names,
            )
        return say(
            "Där linjerna bryts, vid {start}, ändras nivån i {treated}, jämfört med ändringen i "
            "{comparison},",
            start=self.start,
            **names,
        )

    def _limits(self) -> list[Text]:
        found = [say(SWING)]
        if self.errors == "poisson" and self.dispersion > OVERDISPERSED:
            phi = self.fact("överspridning", self.dispersion, "gånger", 1)
            found.append(
                say(
                    "Talen varierar {phi} gånger så mycket som modellen räknar med, så intervallet "
                    "är för smalt.",
                    phi=phi,
                )
            )
        return found if self.comparison else [*found, say(ALONE)]


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

    One series: b0 + b1 T + b2 X + b3 T X, where T is 0 at the last period before `start`, 1 at
    `start`, and X is 0 before and 1 from `start` (Lopez Bernal, Cummins & Gasparrini 2017, IJE
    46:348-355). Two series: the same terms and those terms times Z, 1 for `treated`; the difference
    between the shifts is the term X Z (Linden 2015, Stata Journal 15:480-500). A Poisson model has
    these on the log scale, with log(denominator) as offset; its terms are given as ratios.

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
    """
    chosen = errors or ("newey-west" if family == "gaussian" else "quasi-poisson")
    demand_model(family, chosen, denominator, level)
    names = series_names(group, treated, comparison, without_comparison)
    rows = rows_of(frame, time, outcome, denominator, group, names)
    periods = in_order(rows["time"])
    demand_independent(periods, rolling12=rolling12)
    demand_unbroken(periods)
    before = count_before(periods, start, fewest_before, fewest_after)
    rows = placed(rows, periods, before, family)
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
        ratio=family == "poisson",
        treated="" if treated is None else str(treated),
        comparison=str(comparison) if len(names) == 2 else "",
        errors=chosen,
        terms=terms,
        dispersion=float(fitted.pearson_chi2 / fitted.df_resid) if family == "poisson" else 1.0,
        f=f,
        f_p=f_p,
    )
