"""What chance alone may do to counts: limits, and the words for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import scipy  # its stats, which take a second, are loaded where one is asked for
from numpy.typing import ArrayLike
from scipy import special

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
    return float(scipy.stats.norm.ppf(0.5 + level_of(level) / 2))


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
    exact_low = np.where(
        count > 0, scipy.stats.chi2.ppf(tail, 2 * np.maximum(count, 1e-9)) / 2, 0.0
    )
    exact_high = scipy.stats.chi2.ppf(1 - tail, 2 * count + 2) / 2
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


SHARES_OF_SIZE = (0.0, 0.5, 1.0)
CLEARLY_BETTER = 1.0  # `make bench-methods` shows the false-positive rates that this gives


def relative_variances(sizes: np.ndarray) -> np.ndarray:
    """Return variances that shrink as 1/size, with mean 1."""
    return np.asarray((1 / sizes) / (1 / sizes).mean())


def usual_variation(
    changes: np.ndarray,
    per_size: np.ndarray,
    own_per_size: float,
    level: float,
    shares: tuple[float, ...] = SHARES_OF_SIZE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return low and high end of where one more change would lie, and the share of size used: 0 for equal sizes.

    A share s takes the variances to be (1-s) + s·`per_size`, up to a common factor. The widest of
    the intervals is used unless the share that fits best does so clearly (restricted log likelihood
    more than `CLEARLY_BETTER` above).

    Args:
        changes: the others' changes along the last axis; any number of such sets before it.
        per_size: their relative variances when all of the noise comes from size.
        own_per_size: that of the area itself.
        level: the level of the interval.
        shares: the shares tried.
    """
    models = [_predicted(changes, per_size, own_per_size, share) for share in shares]
    means, errors, fits = (np.array(part) for part in zip(*models, strict=True))
    widest, best = errors.argmax(axis=0), fits.argmax(axis=0)

    def of(table: np.ndarray, model: np.ndarray) -> np.ndarray:
        return np.asarray(np.take_along_axis(table, model[None], axis=0)[0])

    chosen = np.where(of(fits, best) - of(fits, widest) > CLEARLY_BETTER, best, widest)
    half = special.stdtrit(changes.shape[-1] - 1, (1 + level) / 2) * of(errors, chosen)
    middle = of(means, chosen)
    return middle - half, middle + half, np.array(shares)[chosen]


def _predicted(
    changes: np.ndarray, per_size: np.ndarray, own_per_size: float, share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, standard error of prediction and fit, the variances known up to a factor."""
    variances, own_variance = 1 - share + share * per_size, 1 - share + share * own_per_size
    weights = 1 / variances
    mean = (changes * weights).sum(axis=-1) / weights.sum()
    squares = (weights * (changes - mean[..., None]) ** 2).sum(axis=-1)
    degrees = changes.shape[-1] - 1
    error = np.sqrt(squares / degrees * (own_variance + 1 / weights.sum()))
    fit = -0.5 * (np.log(variances).sum() + np.log(weights.sum()) + degrees * np.log(squares))
    return mean, error, fit


def prediction_p(estimate: float, half_width: float, level: float, degrees: int) -> float:
    """Return the two-sided p value of an estimate whose interval at a level is so wide on each side."""
    reach = float(special.stdtrit(degrees, (1 + level) / 2))
    return 2 * float(special.stdtr(degrees, -abs(estimate) * reach / half_width))
