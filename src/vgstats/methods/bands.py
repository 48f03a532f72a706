"""What rounded numbers leave open: bands on the numbers' own grid, and within what is possible."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from vgstats.methods.result import Band

_FIGURES = 14  # no published number has so many; binary noise begins beyond the fifteenth


def tidy(number: float, *of: float) -> float:
    """Return a number without the noise that binary fractions leave in sums: 36.8 - 42.9 is -6.1.

    What is left is right to fourteen figures of the largest of the numbers `of` which it was made, so
    that a difference of nothing is 0.
    """
    largest = max(map(abs, (number, *of)))
    if not (largest and math.isfinite(largest)):
        return float(number)
    return round(float(number), _FIGURES - math.ceil(math.log10(largest))) + 0.0


def rounded_from(value: float, unit: float, lowest: float = 0.0, highest: float = math.inf) -> Band:
    """Return the exact numbers that a number rounded to `unit` may stand for.

    A number that is possible stands for possible ones: what lies within `lowest` and `highest` was
    not rounded from beyond them.
    """
    value, unit = float(value), float(unit)
    low, high = (tidy(value + half, value, unit) for half in (-unit / 2, unit / 2))
    return Band(
        max(low, lowest) if value >= lowest else low,
        min(high, highest) if value <= highest else high,
    )


def difference_of(before: Band, after: Band) -> Band:
    """Return the differences, after minus before, that two bands allow."""
    return Band(
        tidy(after.low - before.high, after.low, before.high),
        tidy(after.high - before.low, after.high, before.low),
    )


def percent(before: float, after: float) -> float:
    """Return the change from `before` to `after` in per cent; NaN when `before` is zero."""
    return tidy(100 * (after / before - 1), 100) if before else math.nan


def percent_band(before: Band, after: Band) -> Band:
    """Return the changes in per cent that two bands of positive values allow.

    NaN when the band before reaches zero: the per cent has no bound then.
    """
    if before.low <= 0:
        return Band(math.nan, math.nan)
    return Band(percent(before.high, after.low), percent(before.low, after.high))


def lowest_change(unit: str, changes: ArrayLike) -> float:
    """Return the lowest change that is possible: nothing falls by more than 100 per cent.

    Changes that go lower show that the numbers may be negative, and then there is no lowest.
    """
    possible = (
        unit.strip().casefold() in ("procent", "%")
        and np.min(np.asarray(changes, dtype=float)) >= -100
    )
    return -100.0 if possible else -math.inf
