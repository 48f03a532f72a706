"""Limits that widen as areas get smaller, and the label of an area outside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from vgstats.methods.counting.limits import (
    Numbers,
    levels_of,
    limit_columns,
    limits_by_name,
    refuse,
    z_of,
)

LEVELS = (0.95, 0.998)
INSIDE = "Not significant"


def proportion_limits(sizes: ArrayLike, centre: float, level: float) -> tuple[Numbers, Numbers]:
    """Return the funnel at given sizes: p ± z√(p(1-p)/n), within 0 and 1."""
    half = z_of(level) * np.sqrt(centre * (1 - centre) / np.asarray(sizes, dtype=float))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def count_funnel(expected: ArrayLike, level: float) -> tuple[Numbers, Numbers]:
    """Return the counts x on the funnel where so many are expected.

    Exact Poisson limits turned round: the lower x has χ²(1-α/2; 2x+2)/2 = expected, the upper
    χ²(α/2; 2x)/2 = expected; x is no whole number, and the lower one never below zero.
    """
    z_of(level)
    mean, tail = np.asarray(expected, dtype=float), (1 - level) / 2
    reaches = np.exp(-mean) < tail
    low = special.gdtrib(1.0, 1 - tail, np.where(reaches, mean, 1 - math.log(tail))) - 1
    return np.where(reaches, np.maximum(low, 0.0), 0.0), special.gdtrib(1.0, tail, mean)


def labels(table: pd.DataFrame, levels: Sequence[float], value: str = "estimate") -> list[str]:
    """Return PHE's label of every row: outside which of its limits it lies, and on which side."""
    found = np.full(len(table), INSIDE, dtype=object)
    for level in sorted(levels):
        low, high = limit_columns(level)
        tail = f"({(1 - level) / 2:.6g})"
        found[(table[value] < table[low]).to_numpy()] = f"Low {tail}"
        found[(table[value] > table[high]).to_numpy()] = f"High {tail}"
    return [str(label) for label in found]


def tabled(
    found: pd.DataFrame,
    levels: float | Sequence[float],
    limits: Callable[[float], tuple[Numbers, Numbers]],
    value: str = "estimate",
) -> tuple[pd.DataFrame, tuple[float, ...]]:
    """Return the table of a funnel with limits and labels, and its levels, the lowest first."""
    order = tuple(sorted(levels_of(levels)))
    refuse(not order, "ingen nivå är vald")
    table = found.assign(**limits_by_name(order, limits))
    return table.assign(label=labels(table, order, value)), order
