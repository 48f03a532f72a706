"""Rates of independent events, with how far they may swing by chance alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from vgstats.analysis.rates.chance import begin, chance, counted
from vgstats.analysis.rates.limits import (
    FEWEST,
    Numbers,
    count_limits,
    counted_on,
    counts_of,
    decimals_for,
    limits_by_name,
    multiplier_of,
    with_columns,
)
from vgstats.analysis.result import Interval, Result, numeric_columns
from vgstats.wording.numbers import swedish
from vgstats.wording.text import Text, join, say

BYAR = "tal med konfidensintervall enligt Byar (Breslow och Day 1987)"
EXACT = "tal med exakt konfidensintervall enligt Poisson (färre än 10 fall)"


@dataclass(frozen=True, kw_only=True)
class Rate(Result):
    """Events per `multiplier` of those they are counted on; `n` is the events, rounded."""

    interval: Interval
    events: float
    of: float
    multiplier: float
    name: str = "talet"

    def sentence(self) -> Text:
        """Return the rate, the counts and the interval."""
        core = say(
            "{name} är {rate} per {multiplier} ({events} på {of}).",
            name=begin(self.name),
            rate=self.fact("tal", self.estimate),
            multiplier=counted(self, "per", self.multiplier),
            events=counted(self, "fall", self.events),
            of=counted(self, "antal", self.of),
        )
        return join([core, chance(self, self.interval, "ett sådant tal")])


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

    Raises:
        NotComputable: a number is missing or negative, `of` is zero, or there are several numbers
            (see `rates`).
    """
    multiplier = multiplier_of(multiplier)
    count, base = counted_on(events, of, parts=False, table="rates")
    low, high = (multiplier * float(end) / base for end in count_limits(count, level))
    return Rate(
        estimate=multiplier * count / base,
        interval=Interval(low, high, level),
        method=EXACT if count < FEWEST else BYAR,
        n=round(count),
        unit=f"per {swedish(multiplier, 0)}",
        source=source,
        decimals=decimals_for(high - low),
        about=about,
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

    Raises:
        NotComputable: as `rate`, for any row; the reason names the row, the first being 1.
    """
    multiplier = multiplier_of(multiplier)
    numbers = numeric_columns(frame, [events, of])
    count, base = counts_of(numbers[events], numbers[of], parts=False)

    def limits(level: float) -> tuple[Numbers, Numbers]:
        low, high = count_limits(count, level)
        return multiplier * low / base, multiplier * high / base

    return with_columns(
        frame, {estimate: multiplier * count / base}, limits_by_name(levels, limits)
    )
