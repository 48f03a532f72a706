"""One count on what it is counted on: a proportion or a rate, and how far it may swing by chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from statsmodels.stats.proportion import proportion_confint

from vgstats.facts.facts import swedish
from vgstats.facts.text import Text, join
from vgstats.methods.arguments import (
    Numbers,
    counted_on,
    demand_counts,
    level_of,
    multiplier_of,
    numeric_columns,
    refuse,
    shown,
)
from vgstats.methods.chance import FEWEST, OfCounts, count_limits, decimals_for, limits_by_name
from vgstats.methods.result import Interval, Labels

WILSON = "andel med konfidensintervall enligt Wilson (1927)"
BYAR = "tal med konfidensintervall enligt Byar (Breslow och Day 1987)"
EXACT = "tal med exakt konfidensintervall enligt Poisson (färre än 10 fall)"


@dataclass(frozen=True, kw_only=True)
class Proportion(OfCounts):
    """A proportion with Wilson's limits, times `multiplier`; `n` is the whole, rounded."""

    events: float
    of: float
    multiplier: float = 100
    name: str = "andelen"

    def sentence(self) -> Text:
        """Return the proportion in per cent, the counts and the interval."""
        scale = 100 / self.multiplier
        core = self.say(
            "{name} är {share} procent ({events} av {of}).",
            share=self.fact("andel", scale * self.estimate, "procent"),
            events=self.counted("del", self.events),
            of=self.counted("helhet", self.of),
        )
        return join([core.capitalised(), self.chance("en sådan andel", "procent", scale)])


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
    unit = "procent" if multiplier == 100 else ""
    decimals = decimals_for(100 * float(high - low), 1)
    return Proportion(
        estimate=multiplier * count / base,
        interval=Interval(multiplier * float(low), multiplier * float(high), level),
        method=WILSON,
        n=round(base),
        **Labels(unit=unit, source=source, decimals=decimals, about=about),
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
    return _with_limits(frame, events, of, levels, multiplier, estimate, _wilson, parts=True)


@dataclass(frozen=True, kw_only=True)
class Rate(OfCounts):
    """Events per `multiplier` of those they are counted on; `n` is the events, rounded."""

    events: float
    of: float
    multiplier: float

    def sentence(self) -> Text:
        """Return the rate, the counts and the interval."""
        core = self.say(
            "{name} är {rate} per {multiplier} ({events} på {of}).",
            rate=self.fact("tal", self.estimate),
            multiplier=self.counted("per", self.multiplier),
            events=self.counted("fall", self.events),
            of=self.counted("antal", self.of),
        )
        return join([core.capitalised(), self.chance("ett sådant tal")])


def rate(
    events: float,
    of: float,
    *,
    level: float = 0.95,
    multiplier: float = 100_000,
    name: str = "talet",
    source: str = "",
    about: str = "",
) -> Rate:
    """Return multiplier·events/of with Byar's limits, exact ones below 10 events.

    For independent events: cases and persons, never days (see `days_per_person`). More events than
    `of` are allowed. Breslow and Day (1987); PHE's technical guide.

    Args:
        events: the events, a count.
        of: what they are counted on (persons, person-years).
        level: of the interval, such as 0.95.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        name: what the number is, in definite form, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, `of` is zero, or there are several numbers
            (see `rates`).

    >>> found = rate(65, 100, multiplier=1)
    >>> round(found.interval.low, 4), round(found.interval.high, 4)
    (0.5016, 0.8285)
    """
    multiplier, level = multiplier_of(multiplier), level_of(level)
    count, base = counted_on(events, of, parts=False, table="rates")
    low, high = (multiplier * float(end) / base for end in count_limits(count, level))
    unit = f"per {swedish(multiplier, 0)}"
    return Rate(
        estimate=multiplier * count / base,
        interval=Interval(low, high, level),
        method=EXACT if count < FEWEST else BYAR,
        n=round(count),
        **Labels(unit=unit, source=source, decimals=decimals_for(high - low), about=about),
        events=count,
        of=base,
        multiplier=multiplier,
        name=name,
    )


def rates(
    frame: pd.DataFrame,
    events: str = "events",
    of: str = "n",
    *,
    levels: float | Sequence[float] = (0.95, 0.998),
    multiplier: float = 100_000,
    estimate: str = "estimate",
) -> pd.DataFrame:
    """Return the frame with each row's rate and limits (see `rate`); columns as `proportions`.

    Args:
        frame: any columns, a row for each rate.
        events: the column of events.
        of: the column of what they are counted on.
        levels: one level or several, such as 0.95 and 0.998.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        estimate: what the new column of rates is called.

    Raises:
        NotComputable: as `rate`, for any row; the reason names the row, the first being 1.

    >>> table = rates(pd.DataFrame({"events": [5, 20], "n": [100, 100]}))
    >>> table["high95"].round(1).tolist()
    [11668.3, 30889.9]
    """
    return _with_limits(frame, events, of, levels, multiplier, estimate, _poisson, parts=False)


def _poisson(events: Numbers, of: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Return the limits of a rate per one that it is counted on (see `count_limits`)."""
    low, high = count_limits(events, level)
    return low / of, high / of


def _with_limits(
    frame: pd.DataFrame,
    events: str,
    of: str,
    levels: float | Sequence[float],
    multiplier: float,
    estimate: str,
    limits: Callable[[Numbers, Numbers, float], tuple[Numbers, Numbers]],
    *,
    parts: bool,
) -> pd.DataFrame:
    """Return the frame with each row's number and its limits, all times `multiplier`.

    Raises:
        NotComputable: as `demand_counts`; or the frame has a column of a new one's name, or two of the new
            have one name.
    """
    multiplier = multiplier_of(multiplier)
    numbers = numeric_columns(frame, [events, of])
    count, base = numbers[events].to_numpy(), numbers[of].to_numpy()
    demand_counts(count, base, parts=parts)
    ends = limits_by_name(levels, lambda level: limits(count, base, level))
    for name in [estimate, *ends]:
        refuse(name in frame.columns, f"tabellen redan har en kolumn {shown(name)}")
        refuse(name == estimate and name in ends, f"namnet {shown(name)} är upptaget")
    found = frame.copy()
    for name, values in {estimate: count / base, **ends}.items():
        found[name] = multiplier * values
    return found
