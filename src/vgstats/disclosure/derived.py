"""Derived values follow their counts, and what a derived value says about a count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.observations import Key


@dataclass(frozen=True)
class Derived:
    """A value worked out from counts: a rate, share, interval, difference, change, index or rank.

    `inputs` are the keys of all counts in the formula. Public numbers, such as a population, are left
    out. One that shows itself although an input is hidden would be a statement about the input.
    """

    name: str
    inputs: tuple[Key, ...]


def hidden_derived(statuses: Mapping[Key, str], formulas: Iterable[Derived]) -> dict[str, bool]:
    """Return by name whether each derived value is hidden: it is when any count in it is.

    Args:
        statuses: `shown` or `hidden` (or `uncontrolled`, with the control off) by key, as in
            `Protected.statuses()`.
        formulas: the derived values.

    Raises:
        VgstatsError: an input was never released, or a formula has no inputs.
    """
    found = {}
    for formula in formulas:
        lacking = [key for key in formula.inputs if key not in statuses]
        if lacking or not formula.inputs:
            what = " ".join(filter(None, lacking[0])) if lacking else "no count at all"
            raise VgstatsError(
                f"{formula.name!r} is worked out from {what}, which is not in the release. Publish the "
                "counts that it is made of together with it, so that they are protected first."
            )
        found[formula.name] = any(statuses[key] == "hidden" for key in formula.inputs)
    return found


def ranked(values: pd.DataFrame, *, highest_first: bool = True) -> pd.DataFrame:
    """Return areas in order of their value, with hidden ones last in code order.

    Args:
        values: columns `area`, `value` (missing where hidden) and `status`.
        highest_first: whether rank 1 is the highest value.

    Returns:
        The rows with `rank` (Int64, from 1; equal values share the lowest; missing where hidden, so that the
        place in the list says nothing about a hidden value).
    """
    shown = values[values["status"] != "hidden"].copy()
    hidden = values[values["status"] == "hidden"].copy()
    rank = shown["value"].astype("Float64").rank(method="min", ascending=not highest_first)
    shown["rank"] = rank.astype("Int64")
    hidden["rank"] = pd.array([pd.NA] * len(hidden), dtype="Int64")
    rows = [shown.sort_values(["rank", "area"]), hidden.sort_values("area")]
    return pd.concat([part for part in rows if len(part)] or rows[:1], ignore_index=True)


def counts_behind(rate: str, resolution: str, denominator: int, per: int = 100) -> tuple[int, int]:
    """Return the lowest and highest count that a published rate can come from.

    The rate is `per * count / denominator`, rounded to the resolution; a tie may have been rounded either way.
    Exact arithmetic.

    Args:
        rate: as printed, with a point: `'1.5'`.
        resolution: the rounding unit of the rate: `'0.1'`.
        denominator: the known population.
        per: 100 for per cent, 1000 for per mille and so on.

    Raises:
        VgstatsError: the denominator or the resolution is not above 0, or no count gives that rate.
    """
    unit = Fraction(resolution)
    if denominator <= 0 or unit <= 0 or per <= 0:
        raise VgstatsError(
            f"A rate of {rate} per {per} in {denominator}, rounded to {resolution}, says nothing about a "
            "count. Give a population, a unit and a rounding above 0."
        )
    scale = Fraction(denominator, per)
    low = max(0, ceil((Fraction(rate) - unit / 2) * scale))
    high = floor((Fraction(rate) + unit / 2) * scale)
    if high < low:
        raise VgstatsError(
            f"No count gives the rate {rate} per {per} in {denominator}, rounded to {resolution}. Check "
            "that the population is the one that the rate was worked out with."
        )
    return low, high
