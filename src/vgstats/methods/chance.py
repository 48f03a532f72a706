"""What chance alone may do to counts: limits, and the words for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from vgstats.facts.text import Text, say
from vgstats.methods.arguments import Numbers, level_of
from vgstats.methods.result import Band, Interval, NotComputable, Result, spaced

FEWEST = 10
FEWEST_ALIKE = 30


def z_of(level: float) -> float:
    """Return how many standard errors an interval reaches: 1,96 for level 0.95.

    Raises:
        NotComputable: the level is not between 0 and 1.
    """
    return float(stats.norm.ppf(0.5 + level_of(level) / 2))


def levels_of(levels: float | Iterable[float]) -> tuple[float, ...]:
    """Return levels as they were given, each once; one number is one level.

    Raises:
        NotComputable: as `z_of`.
    """
    given = np.atleast_1d(np.asarray(levels, dtype=object)).tolist()
    for level in given:
        z_of(level)
    return tuple(dict.fromkeys(map(float, given)))


def limit_columns(level: float) -> tuple[str, str]:
    """Return the names of two limits in a frame: low95 and high95, low998 and high998."""
    digits = f"{level:g}".removeprefix("0.").ljust(2, "0")
    return f"low{digits}", f"high{digits}"


def limits_by_name(
    levels: float | Iterable[float], limits: Callable[[float], tuple[Numbers, Numbers]]
) -> dict[str, Numbers]:
    """Return the limits of every level under their names in a frame (see `limit_columns`)."""
    return {
        name: end
        for level in levels_of(levels)
        for name, end in zip(limit_columns(level), limits(level), strict=True)
    }


def byar_limits(events: ArrayLike, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """Return Byar's limits of Poisson counts, never below zero.

    x(1 - 1/9x - z/3√x)³ and (x+1)(1 - 1/9(x+1) + z/3√(x+1))³; Breslow and Day (1987), p. 69.
    """
    z, count = z_of(level), np.asarray(events, dtype=float)
    some, more = np.maximum(count, 1e-9), count + 1
    low = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    return np.maximum(low, 0.0), more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def count_limits(events: ArrayLike, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """Return the limits of Poisson counts: Byar from 10 events on, exact below.

    Exact: χ²(α/2; 2x)/2 and χ²(1-α/2; 2x+2)/2; the rule is that of PHE's technical guide.
    """
    level = level_of(level)
    count = np.asarray(events, dtype=float)
    low, high = byar_limits(count, level)
    tail = (1 - level) / 2
    exact_low = np.where(count > 0, stats.chi2.ppf(tail, 2 * np.maximum(count, 1e-9)) / 2, 0.0)
    exact_high = stats.chi2.ppf(1 - tail, 2 * count + 2) / 2
    few = count < FEWEST
    return np.where(few, exact_low, low), np.where(few, exact_high, high)


def dobson_limits(estimate: float, variance: float, events: float, level: float) -> Interval:
    """Return the limits of a weighted sum of counts, moved and scaled from Byar's.

    estimate + √(variance/events)·(Byar's limit - events); Dobson et al. (1991), Stat Med
    10:457-462. Never below zero.
    """
    level = level_of(level)
    low, high = (float(end) - events for end in byar_limits(events, level))
    scale = math.sqrt(variance / events)
    return Interval(max(0.0, float(estimate + scale * low)), float(estimate + scale * high), level)


def demand_many_persons(total: float, squares: float) -> None:
    """Refuse limits of events that come several to a person where too few persons carry them.

    (Σd)²/Σd² is how many persons with as many events each would give the same variance. Simulated with
    three mixes of short and long cases, intervals at 95 per cent hold the truth in 93 to 96 cases of 100
    from 30 such persons on; in as few as 82 below. `squares` is Σd², weighted as `total` is.

    Raises:
        NotComputable: there are fewer than 30.
    """
    alike = total**2 / squares
    if alike < FEWEST_ALIKE:
        raise NotComputable(
            "för få personer bär upp talet: de få med mest väger så tungt att det svänger som om det "
            "vilade på {alike} personer med lika mycket var, och minst {needed} behövs",
            alike=float(math.floor(alike)),
            needed=FEWEST_ALIKE,
        )


def decimals_for(width: float, fewest: int = 0) -> int:
    """Return how many decimals show the width of an interval with two figures."""
    if not width > 0:
        return fewest
    return min(max(fewest, math.ceil(round(math.log10(20 / width), 9))), 8)


@dataclass(frozen=True, kw_only=True)
class OfCounts(Result):
    """A result that rests on counts, with what chance alone may do; `name` is what it is called."""

    interval: Interval
    name: str = "talet"

    def chance(self, subject: str, unit: str = "", scale: float = 1) -> Text:
        """Return the sentence that gives the interval, ends times `scale`."""
        ends = Band(scale * self.interval.low, scale * self.interval.high)
        return say(
            "Räknat med ren slump ligger {subject} mellan {low} och {high}{unit} "
            "({level} procents konfidensintervall).",
            subject=subject,
            unit=spaced(unit),
            level=self.level_fact(self.interval.level),
            **self.both_ends(f"{subject} {{}}", ends, unit or None),
        )
