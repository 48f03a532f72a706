"""What a segmented regression says: the shift at the break, the slopes, and what it cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.guards import count_before, demand_independent, demand_unbroken, in_order
from vgstats.methods.result import Interval, Labels, NotComputable, Result, spaced
from vgstats.methods.segmented_fit import (
    TERMS,
    TERMS_TWO,
    Origin,
    demand_model,
    design_of,
    lines_of,
    place_of,
    placed,
    rows_of,
    series_names,
)
from vgstats.methods.segmented_interval import LONG, Term, scatter_of, term_of, too_little

INDISTINCT = "det går inte att skilja från noll"
DISTINCT = "noll ligger utanför"
ALONE = (
    "Ingen annan serie står bredvid, så ingenting här visar vad som skulle ha hänt ändå: linjen "
    "före är bara dragen vidare."
)
METHOD = "segmenterad regression (Lopez Bernal, Cummins och Gasparrini 2017)"
METHOD_TWO = "segmenterad regression med jämförelseserie (Linden 2015)"
ERRORS = (
    "intervall som räknar med att grannar i tid liknar varandra (AR(1), REML-vikter, Students t)"
)


@dataclass(frozen=True, kw_only=True)
class Segmented(Result):
    """The shift of a series at `start`; with a comparison series the difference between the shifts.

    `estimate` is an amount, or with a Poisson model a ratio (0.9: ten per cent lower). `interval` is
    None where none can be trusted; `withheld` says why. `terms` are all numbers of the model by name,
    `dispersion` the scatter over what a Poisson model takes for given (1 when it fits). The shift and
    the levels are those of the lines at the period `origin`: `start` or the last period before.
    """

    interval: Interval | None
    start: str
    origin: str
    ratio: bool
    slope_change: bool
    treated: str
    comparison: str
    terms: Mapping[str, Term] = field(compare=False)
    dispersion: float

    @property
    def shift(self) -> Term:
        """The term that `estimate` is."""
        return self.terms["skillnad i nivåskifte" if self.comparison else "nivåskifte"]

    @property
    def withheld(self) -> Text | None:
        """Why there is no interval, as a whole Swedish sentence."""
        return self.shift.withheld

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each term.

        Columns: term, estimate, low, high, level, p, detectable_low and detectable_high (how large a
        true change must be, downwards and upwards, to be seen in three of four such series),
        autocorrelation (estimated) and durbin_watson of its series, withheld (why there is no interval),
        unit, method, n, source.
        """
        rows = []
        for name, term in self.terms.items():
            row = {"term": name, "estimate": term.estimate}
            row |= {end: getattr(term.interval, end, None) for end in ("low", "high", "level")}
            row |= {"p": term.p}
            row |= {
                f"detectable_{end}": getattr(term.detectable, end, None) for end in ("low", "high")
            }
            row |= {"autocorrelation": term.autocorrelation, "durbin_watson": term.durbin_watson}
            row |= {"withheld": term.withheld.plain() if term.withheld else ""}
            rows.append(row)
        unit = "kvot" if self.ratio else self.unit
        return pd.DataFrame(rows).assign(
            unit=unit, method=self.method, n=self.n, source=self.source
        )

    def distinct(self, name: str) -> bool:
        """Return whether a term has an interval that, as printed, leaves out zero."""
        ends = self.ends(name)
        return bool(ends) and not ends[0].printed() <= 0 <= ends[1].printed()

    def amount(self, name: str) -> Fact:
        """Return a term's estimate as printed, per cent with a Poisson model."""
        return self._amount(name, self.terms[name].estimate, "lutning" in name)

    def ends(self, name: str) -> tuple[Fact, ...]:
        """Return the ends of a term's interval as printed, or nothing where there is none."""
        interval = self.terms[name].interval
        if interval is None:
            return ()
        ends = (("lägst", interval.low), ("högst", interval.high))
        return tuple(self._amount(f"{end} {name}", value, "lutning" in name) for end, value in ends)

    def sentence(self) -> Text:
        """Return the shift and its interval, the slopes, and what the model cannot show.

        "Går inte att skilja från noll" stands where the printed interval holds zero, and the line is
        said to break only where it does not.
        """
        names = ["skillnad i nivåskifte", "lutningsskillnad före", "skillnad i lutningsskifte"]
        shown = names if self.comparison else ["nivåskifte", "lutningsskifte"]
        said = [self._said(name) for name in shown if name in self.terms]
        return join([*said, self.sureness(), *([] if self.comparison else [say(ALONE)])])

    def sureness(self) -> Text:
        """Return what the intervals are worth and can show, or why there are none."""
        term = self.shift
        rho = self.fact("autokorrelation", term.autocorrelation, "", 2)
        measured = say(
            "Hur mycket talen liknar talen närmast före (autokorrelationen) uppskattas till {rho}; "
            "Durbin-Watson är {dw}.",
            rho=rho,
            dw=self.fact("Durbin-Watson", term.durbin_watson, "", 2),
        )
        if term.interval is None or term.detectable is None:
            return join([*([term.withheld] if term.withheld else []), measured])
        periods = self.n // (2 if self.comparison else 1)
        most = self.fact("prövad autokorrelation", 0.8 if periods >= LONG else 0.5, "", 1)
        covered = say(
            "När ingenting har ändrats ligger noll inom ett sådant intervall i omkring {level} fall av "
            "100; det är prövat upp till autokorrelationen {most}.",
            level=self.count("konfidensnivå", 100 * term.interval.level),
            most=most,
        )
        seen = say(
            "En verklig ändring av nivån med {down:signed} eller {up:signed}{unit} syns i "
            "omkring {seen} fall av 4.",
            down=self._amount("syns nedåt", term.detectable.low),
            up=self._amount("syns uppåt", term.detectable.high),
            unit=self._unit(),
            seen=self.count("syns", 3),
        )
        narrow = say("Här är den högre, så intervallet kan vara för snävt.")
        more = [narrow] if rho.printed() > most.printed() else []
        return join([covered, seen, measured, *more])

    def _amount(self, what: str, value: float, slope: bool = False) -> Fact:
        shown = 100 * (value - 1) if self.ratio else value
        return self.fact(what, shown, "procent" if self.ratio else self.unit, self.decimals + slope)

    def _unit(self) -> str:
        return spaced("procent" if self.ratio else self.unit)

    def _said(self, name: str) -> Text:
        lead = say(
            "{lead} med {x:signed}{unit}",
            lead=self._lead(name),
            x=self.amount(name),
            unit=self._unit() + (" per period" if "lutning" in name else ""),
        )
        if not self.ends(name):
            return say("{lead}.", lead=lead)
        low, high = self.ends(name)
        verdict = DISTINCT if self.distinct(name) else INDISTINCT
        words = "{lead} (intervall {low:signed} till {high:signed}); {verdict}."
        return say(words, lead=lead, low=low, high=high, verdict=verdict)

    def _lead(self, name: str) -> Text:
        if name == "lutningsskifte":
            return say("Takten därefter skiljer sig från takten före")
        if name == "lutningsskillnad före":
            return say("Redan före skilde sig takterna åt")
        if name == "skillnad i lutningsskifte":
            return self.say(
                "Takten i {treated} ändras vid {start}, jämfört med ändringen i {comparison},"
            )
        line = "linjen" if name == "nivåskifte" else "linjerna"
        breaks = f"Där {line} bryts, " if self.distinct(name) else ""
        where = say(
            "{how}{when} ändras nivån",
            how=breaks or "Räknat med räta linjer före och efter, ",
            when=self._when(),
        )
        if name == "nivåskifte":
            return where
        return self.say("{where} i {treated}, jämfört med ändringen i {comparison},", where=where)

    def _when(self) -> Text:
        """Return when the shift is read; without a change of slope it is the same at all times."""
        if not self.slope_change or self.origin == self.start:
            return self.say("vid {start},")
        return self.say("räknat vid {origin}, den sista perioden före,")


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
        **Labels(unit=unit, source=source, decimals=decimals, about=about),
        start=str(start),
        origin=str(periods[zero]),
        ratio=ratio,
        slope_change=slope_change,
        treated="" if treated is None else str(treated),
        comparison=str(comparison) if len(names) == 2 else "",
        terms=terms,
        dispersion=main.dispersion if ratio else 1.0,
    )
