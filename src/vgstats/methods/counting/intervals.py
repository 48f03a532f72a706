"""Proportions and the difference of two, with how far they may swing by chance alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from vgstats.facts.text import Text, join, say
from vgstats.methods.counting.chance import begin, chance, counted
from vgstats.methods.counting.limits import (
    Numbers,
    counted_on,
    counts_of,
    decimals_for,
    limits_by_name,
    multiplier_of,
    with_columns,
    z_of,
)
from vgstats.methods.result import Interval, Result, level_of, numeric_columns

WILSON = "andel med konfidensintervall enligt Wilson (1927)"
NEWCOMBE = "skillnad mellan två andelar enligt Newcombe (1998), metod 10"


@dataclass(frozen=True, kw_only=True)
class Proportion(Result):
    """A proportion with Wilson's limits, times `multiplier`; `n` is the whole, rounded."""

    interval: Interval
    events: float
    of: float
    multiplier: float = 100
    name: str = "andelen"

    def sentence(self) -> Text:
        """Return the proportion in per cent, the counts and the interval."""
        scale = 100 / self.multiplier
        core = say(
            "{name} är {share} procent ({events} av {of}).",
            name=begin(self.name),
            share=self.fact("andel", scale * self.estimate, "procent"),
            events=counted(self, "del", self.events),
            of=counted(self, "helhet", self.of),
        )
        return join([core, chance(self, self.interval, "en sådan andel", "procent", scale)])


def proportion(
    events: float,
    of: float,
    *,
    level: float = 0.95,
    multiplier: float = 100,
    name: str = "andelen",
    source: str = "",
    about: str = "",
) -> Proportion:
    """Return events/of with Wilson's interval, in per cent unless `multiplier` is 1.

    (x + z²/2 ± z√(x(n-x)/n + z²/4)) / (n + z²); Wilson (1927), by statsmodels.

    Args:
        events: the part, a count.
        of: the whole, a count.
        level: of the interval, such as 0.95.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        name: what the number is, in definite form, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, the whole is zero or less than its part, or
            there are several numbers (see `proportions`).

    >>> found = proportion(81, 263)
    >>> round(found.estimate, 1), round(found.interval.low, 1), round(found.interval.high, 1)
    (30.8, 25.5, 36.6)
    """
    level = level_of(level)
    multiplier = multiplier_of(multiplier)
    count, base = counted_on(events, of, parts=True, table="proportions")
    low, high = _wilson(count, base, level)
    return Proportion(
        estimate=multiplier * count / base,
        interval=Interval(multiplier * float(low), multiplier * float(high), level),
        method=WILSON,
        n=round(base),
        unit="procent" if multiplier == 100 else "",
        source=source,
        decimals=decimals_for(100 * float(high - low), 1),
        about=about,
        events=count,
        of=base,
        multiplier=multiplier,
        name=name,
    )


def _wilson(events: ArrayLike, of: ArrayLike, level: float) -> tuple[Numbers, Numbers]:
    """Return Wilson's limits; where none or all have it, they are 0 and 1 without binary noise."""
    low, high = proportion_confint(events, of, alpha=1 - level, method="wilson")
    none, everyone = np.equal(events, 0), np.equal(events, of)
    return np.where(none, 0.0, low), np.where(everyone, 1.0, high)


@dataclass(frozen=True, kw_only=True)
class ProportionDifference(Result):
    """One proportion minus another; `n` is both wholes together."""

    interval: Interval
    first: Proportion
    second: Proportion

    def sentence(self) -> Text:
        """Return both proportions, the difference of the printed ones, and the interval."""
        scale = 100 / self.first.multiplier
        ones, others = (
            (
                self.fact(f"andel {i}", scale * p.estimate, "procent"),
                counted(self, f"del {i}", p.events),
                counted(self, f"helhet {i}", p.of),
            )
            for i, p in enumerate((self.first, self.second), 1)
        )
        printed = float(ones[0].printed() - others[0].printed())
        core = say(
            "{name} är {p} procent ({x} av {n}) mot {q} procent ({y} av {m}), en skillnad på "
            "{d} procentenheter.",
            name=begin(self.first.name),
            p=ones[0],
            x=ones[1],
            n=ones[2],
            q=others[0],
            y=others[1],
            m=others[2],
            d=self.fact("skillnad", printed, "procentenheter"),
        )
        interval = chance(self, self.interval, "en sådan skillnad", "procentenheter", scale)
        low, high = (fact.printed() for fact in interval.facts()[:2])
        zero = [say("Skillnaden går alltså inte att skilja från slump.")] * (low <= 0 <= high)
        return join([core, interval, *zero])


def proportion_difference(
    events: float,
    of: float,
    other_events: float,
    other_of: float,
    *,
    level: float = 0.95,
    multiplier: float = 100,
    name: str = "andelen",
    source: str = "",
    about: str = "",
) -> ProportionDifference:
    """Return events/of - other_events/other_of with Newcombe's interval, in percentage points.

    Wilson's limits of both, put together as squares; Newcombe (1998), method 10, by statsmodels.

    Args:
        events: the first part.
        of: the first whole.
        other_events: the second part.
        other_of: the second whole.
        level: of the interval, such as 0.95.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        name: what the number is, in definite form, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: as `proportion`, for either.

    >>> found = proportion_difference(56, 70, 48, 80)
    >>> round(found.estimate, 1), round(found.interval.low, 1), round(found.interval.high, 1)
    (20.0, 5.2, 33.4)
    """
    level = level_of(level)
    first = proportion(events, of, level=level, multiplier=multiplier, name=name)
    second = proportion(other_events, other_of, level=level, multiplier=multiplier, name=name)
    counts = (first.events, first.of, second.events, second.of)
    low, high = confint_proportions_2indep(*counts, method="newcomb", alpha=1 - level)
    low, high = max(low, -1.0), min(high, 1.0)
    decimals = decimals_for(100 * float(high - low), 1)
    return ProportionDifference(
        estimate=first.estimate - second.estimate,
        interval=Interval(multiplier * float(low), multiplier * float(high), level),
        method=NEWCOMBE,
        n=first.n + second.n,
        unit="procentenheter" if multiplier == 100 else "",
        source=source,
        decimals=decimals,
        about=about,
        first=replace(first, decimals=decimals, source=source),
        second=replace(second, decimals=decimals, source=source),
    )


def proportions(
    frame: pd.DataFrame,
    events: str = "events",
    of: str = "n",
    *,
    levels: float | Sequence[float] = (0.95, 0.998),
    multiplier: float = 100,
    estimate: str = "estimate",
) -> pd.DataFrame:
    """Return the frame with each row's proportion and Wilson's limits (see `proportion`).

    New columns: `estimate`, low95, high95, low998, high998, times `multiplier`.

    Args:
        frame: any columns, a row for each proportion.
        events: the column of parts.
        of: the column of wholes.
        levels: one level or several, such as 0.95 and 0.998.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        estimate: what the new column of proportions is called.

    Raises:
        NotComputable: as `proportion`, for any row; the reason names the row, the first being 1.

    >>> table = proportions(pd.DataFrame({"events": [20, 81], "n": [100, 263]}))
    >>> table["low95"].round(1).tolist()
    [13.3, 25.5]
    """
    multiplier = multiplier_of(multiplier)
    numbers = numeric_columns(frame, [events, of])
    count, base = counts_of(numbers[events], numbers[of], parts=True)

    def limits(level: float) -> tuple[Numbers, Numbers]:
        z_of(level)
        low, high = _wilson(count, base, level)
        return multiplier * low, multiplier * high

    return with_columns(
        frame, {estimate: multiplier * count / base}, limits_by_name(levels, limits)
    )
