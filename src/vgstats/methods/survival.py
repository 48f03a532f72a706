"""How long cases last when some are still ongoing: Kaplan and Meier's estimate from counts of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import (
    Numbers,
    level_of,
    number_of,
    numeric_columns,
    refuse,
    refuse_negative,
)
from vgstats.methods.chance import z_of
from vgstats.methods.result import Interval, Labels, NotComputable, Result

FEWEST_CASES = 30  # of a median, and of cases followed beyond the day of a share
METHOD = (
    "Kaplan och Meiers skattning (1958), pågående sjukfall censurerade; intervall på log-minus-log-skala med "
    "Greenwoods varians"
)
_NEARLY = 1e-9  # what a product of shares may differ by from the half


@dataclass(frozen=True, kw_only=True)
class MedianDays(Result):
    """After how many whole days half of the cases have ended; `n` is the cases, `ongoing` those that have not.

    The upper end of the interval is infinite where the cases are not followed far enough to tell it.
    """

    interval: Interval
    ongoing: int
    name: str

    def sentence(self) -> Text:
        """Return after how many days half have ended, and the interval."""
        half = self.say(
            "Hälften av {name} var avslutade inom {days} dagar.",
            days=self.fact("median", self.estimate),
        )
        ends = self.both_ends("median {}", self.interval)
        open_ = not np.isfinite(self.interval.high)
        chance = say(
            "Av ren slump kan talet ligga {between} ({level} procents konfidensintervall).",
            between=say("på {low} dagar eller mer", low=ends["low"])
            if open_
            else say("mellan {low} och {high} dagar", **ends),
            level=self.level_fact(self.interval.level),
        )
        return join([half, chance, self._counted()])

    def _counted(self) -> Text:
        n = self.count("sjukfall", self.n)
        if not self.ongoing:
            return say("{n} sjukfall är räknade, alla avslutade.", n=n)
        ongoing = self.count("pågående", self.ongoing)
        return say("{n} sjukfall är räknade; {ongoing} av dem pågick ännu.", n=n, ongoing=ongoing)


@dataclass(frozen=True, kw_only=True)
class StillOngoing(Result):
    """The share, in per cent, of the cases that last longer than `day` days; `n` is the cases.

    `followed` is how many of them were followed beyond that day.
    """

    interval: Interval
    day: int
    followed: int
    name: str

    def sentence(self) -> Text:
        """Return the share that is left after the days, and the interval."""
        ends = self.both_ends("kvar {}", self.interval)
        return self.say(
            "Efter {day} dagar pågick {share} procent av {name} ({level} procents konfidensintervall {low} till "
            "{high}).",
            day=self.count("dagar", self.day),
            share=self.fact("kvar", self.estimate),
            level=self.level_fact(self.interval.level),
            **ends,
        )


def median_days(
    frame: pd.DataFrame,
    *,
    days: str = "days",
    ended: str = "ended",
    ongoing: str = "ongoing",
    level: float = 0.95,
    name: str = "sjukfallen",
    source: str = "",
    about: str = "",
) -> MedianDays:
    """Return the first day on which half of the cases, or more, have ended.

    S(t) = Π(1 - ended/at risk) over days up to t; a case that is still ongoing on its day t counts as at risk
    on that day. The ends are the first days on which the lower and the upper limit of S(t) (log-minus-log,
    Greenwood's variance) are at most a half: Kaplan & Meier (1958), JASA 53:457; Brookmeyer & Crowley (1982),
    Biometrics 38:29. Printed in whole days, and from 30 cases on.

    Args:
        frame: a row for each number of days, in any order.
        days: the column of days that a case has lasted, the first day counted.
        ended: the column of cases that ended on that day.
        ongoing: the column of cases that have lasted so long and go on.
        level: of the interval, such as 0.95.
        name: what the cases are, in definite form, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, a number of days stands twice, there are fewer than
            30 cases, or more than half have not ended as far as they are followed.

    >>> cases = pd.DataFrame({"days": [10, 20, 40, 60], "ended": [15, 15, 10, 0], "ongoing": [0, 2, 4, 4]})
    >>> median_days(cases).estimate
    20.0
    """
    curve = _Curve(frame, days, ended, ongoing)
    reached = curve.days[curve.left <= 0.5 + _NEARLY]
    if not len(reached):
        raise NotComputable(
            "mer än hälften av {name} pågår ännu efter {days} dagar, så långt de kan följas",
            name=name,
            days=float(curve.days[-1]),
        )
    low, high = curve.limits(level)
    ends = [curve.days[side <= 0.5 + _NEARLY] for side in (low, high)]
    first, last = (float(found[0]) if len(found) else np.inf for found in ends)
    return MedianDays(
        estimate=float(reached[0]),
        interval=Interval(first, last, level),
        method=METHOD,
        n=curve.cases,
        **Labels(unit="dagar", source=source, decimals=0, about=about),
        ongoing=curve.ongoing,
        name=name,
    )


def medians(
    frame: pd.DataFrame,
    by: Sequence[str],
    *,
    days: str = "days",
    ended: str = "ended",
    ongoing: str = "ongoing",
) -> pd.Series:
    """Return `median_days` of each of many groups, those left out that it refuses for how few or how long they are.

    Args:
        frame: rows for numbers of days, whole numbers of cases in them; those of the same group and days are added.
        by: the columns that tell the groups apart.
        days, ended, ongoing: see `median_days`.

    Returns:
        The days by group.

    >>> cases = pd.DataFrame({"days": [10, 20, 40], "ended": [15, 15, 10], "ongoing": [0, 2, 4], "unit": "a"})
    >>> medians(cases, ["unit"]).to_dict()
    {'a': 20}
    """
    keys = [*by]
    table = frame.groupby([*keys, days], as_index=False)[[ended, ongoing]].sum()
    whose = [table[key] for key in keys]
    leave = table[ended] + table[ongoing]
    cases = leave.groupby(whose).transform("sum")
    at_risk = cases - leave.groupby(whose).cumsum() + leave
    left = (1 - table[ended] / at_risk).groupby(whose).cumprod()
    half = table[(left <= 0.5 + _NEARLY) & (cases >= FEWEST_CASES)]
    return half.groupby(keys)[days].first()


def still_ongoing(
    frame: pd.DataFrame,
    day: int,
    *,
    days: str = "days",
    ended: str = "ended",
    ongoing: str = "ongoing",
    level: float = 0.95,
    name: str = "sjukfallen",
    source: str = "",
    about: str = "",
) -> StillOngoing:
    """Return how many per cent of the cases last longer than a number of days.

    S(t) as in `median_days`. Where fewer than 30 cases are followed beyond the day there is no share: it would
    swing by more than three per cent of itself with one case, and tell of that case. Cases of one year are
    followed to 365 days by hardly any: take those that began in two years for it.

    Args:
        frame: a row for each number of days, in any order.
        day: after how many days.
        days: the column of days that a case has lasted, the first day counted.
        ended: the column of cases that ended on that day.
        ongoing: the column of cases that have lasted so long and go on.
        level: of the interval, such as 0.95.
        name: what the cases are, in definite form, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, a number of days stands twice, the day is none, or
            fewer than 30 cases are followed beyond it.

    >>> cases = pd.DataFrame({"days": [10, 20, 40, 60], "ended": [25, 25, 20, 0], "ongoing": [0, 0, 0, 30]})
    >>> still_ongoing(cases, 30).estimate
    50.0
    """
    when = number_of(day, "dagen")
    refuse(when < 1 or not float(when).is_integer(), "dagen inte är ett helt tal över noll")
    curve = _Curve(frame, days, ended, ongoing)
    followed = int(curve.at_risk_after(when))
    if followed < FEWEST_CASES:
        raise NotComputable(
            "färre än {fewest} av {name} kan följas längre än {day} dagar",
            fewest=FEWEST_CASES,
            name=name,
            day=when,
        )
    at = int(np.searchsorted(curve.days, when, side="right")) - 1
    if at < 0 or curve.left[at] == 1:
        share, low, high = 1.0, 1.0, 1.0
    else:
        share, (low, high) = curve.left[at], (side[at] for side in curve.limits(level))
    return StillOngoing(
        estimate=100 * float(share),
        interval=Interval(100 * float(low), 100 * float(high), level_of(level)),
        method=METHOD,
        n=curve.cases,
        **Labels(unit="procent", source=source, decimals=0, about=about),
        day=int(when),
        followed=followed,
        name=name,
    )


class _Curve:
    """What share is left after each of the days, from counts of cases that ended and that go on."""

    def __init__(self, frame: pd.DataFrame, days: str, ended: str, ongoing: str) -> None:
        found = numeric_columns(frame, [days, ended, ongoing], key=[days]).sort_values(days)
        refuse(found[days] < 1, "antalet dagar är mindre än ett")
        refuse_negative(found, [ended, ongoing])
        self._stop = found[days].to_numpy()
        ends, goes_on = found[ended].to_numpy(), found[ongoing].to_numpy()
        self._gone = ends + goes_on
        self.cases, self.ongoing = int(self._gone.sum()), int(goes_on.sum())
        refuse(self.cases < FEWEST_CASES, "det är färre än {n} sjukfall", n=FEWEST_CASES)
        at_risk = self._gone[::-1].cumsum()[::-1]
        some = self._gone > 0
        self.days, ends, at_risk = self._stop[some], ends[some], at_risk[some]
        self.left: Numbers = np.cumprod(1 - ends / at_risk)
        with np.errstate(divide="ignore", invalid="ignore"):
            # Greenwood; where nobody is left there is nothing more to vary.
            self._terms: Numbers = np.cumsum(
                np.where(ends < at_risk, ends / (at_risk * (at_risk - ends)), 0)
            )

    def at_risk_after(self, day: float) -> float:
        """Return how many cases last longer than a number of days, as far as is known."""
        return float(self._gone[self._stop > day].sum())

    def limits(self, level: float) -> tuple[Numbers, Numbers]:
        """Return the limits of the shares left: S^exp(∓z·se/ln S), of 0 and 1 these."""
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = z_of(level) * np.sqrt(self._terms) / np.abs(np.log(self.left))
            low, high = (self.left ** np.exp(side * reach) for side in (1, -1))
        sure = (self.left <= 0) | (self.left >= 1)
        return np.where(sure, self.left, low), np.where(sure, self.left, high)
