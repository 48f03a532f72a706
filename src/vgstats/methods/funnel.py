"""Limits that widen as areas get smaller, and the label of an area outside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from vgstats.facts.facts import Fact, swedish
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import (
    Numbers,
    multiplier_of,
    number_of,
    refuse,
    refuse_negative,
    shown,
)
from vgstats.methods.chance import FEWEST, levels_of, limit_columns, limits_by_name, z_of
from vgstats.methods.levels import rows_of_areas
from vgstats.methods.result import Labels, Result

LEVELS = (0.95, 0.998)
INSIDE = "Not significant"
PROPORTIONS = "tratt för andelar, gränser ur normalfördelningen (Spiegelhalter 2005; PHE)"
COUNTS = "tratt med exakta gränser enligt Poisson (Spiegelhalter 2005; PHE)"
FEWEST_AREAS = 3


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


def levels_in_order(levels: float | Sequence[float]) -> tuple[float, ...]:
    """Return the levels of a funnel, the lowest first; there is one at the least."""
    order = tuple(sorted(levels_of(levels)))
    refuse(not order, "ingen nivå är vald")
    return order


@dataclass(frozen=True, kw_only=True, eq=False)
class Funnel(Result):
    """Areas beside limits that widen as areas get smaller; `n` is the areas, `estimate` the middle.

    `table` has a row for each area: area, size, estimate, low95, high95, low998, high998 and label,
    as PHE writes it: High (0.001), High (0.025), Not significant, Low (0.025) or Low (0.001).
    `left_out` are areas with too few events to be in it, or too few expected when `too_few` says so;
    `areas` is what they are called.
    """

    table: pd.DataFrame
    levels: tuple[float, ...] = LEVELS
    areas: str = "områden"
    left_out: tuple[str, ...] = ()
    too_few: str = ""
    value: str = "estimate"

    def outside(self, level: float) -> int:
        """Return how many areas lie outside the limits of one level."""
        low, high = limit_columns(level)
        values = self.table[self.value]
        return int(((values < self.table[low]) | (values > self.table[high])).sum())

    def expected_outside(self, level: float) -> float:
        """Return how many areas chance alone would put outside the limits of one level."""
        return round(self.n * (1 - level), 9)

    def to_frame(self) -> pd.DataFrame:
        """Return the table: a row for each area."""
        return self.table.copy()

    def sentence(self) -> Text:
        """Return how many areas lie outside, beside how many chance alone would put there."""
        inner, *outer = self.levels
        first = self.say(
            "Av {n} {areas} väntar man sig {expected} utanför {level}-procentsgränsen av ren slump; "
            "här är det {found}.",
            n=self.count("antal områden", self.n),
            expected=self._expected(inner),
            level=self.level_fact(inner),
            found=self._found(inner, "inga"),
        )
        others = [
            say(
                "Utanför {level}-procentsgränsen ligger {found}.",
                level=self.level_fact(level),
                found=self._found(level, f"inga {self.areas}"),
            )
            for level in outer
        ]
        return join([first, *others, *self._remarks()])

    def _expected(self, level: float) -> Text:
        expected = self.expected_outside(level)
        low = self.count(f"väntat minst {level:g}", math.floor(expected))
        high = self.count(f"väntat högst {level:g}", math.ceil(expected))
        if low.value == high.value:
            return say("omkring {low}", low=low)
        return (
            say("{low} till {high}", low=low, high=high)
            if low.value
            else say("högst {high}", high=high)
        )

    def _found(self, level: float, none: str) -> Fact | str:
        found = self.outside(level)
        return self.count(f"utanför {level:g}", found) if found else none

    def _remarks(self) -> list[Text]:
        if not self.left_out:
            return []
        few = self.count("för få fall", len(self.left_out))
        least = self.count("minsta antal fall", FEWEST)
        what = f"{self.too_few} fall".strip()
        words = "Utelämnade, med färre än {least} {what}: {few}."
        return [say(words, least=least, few=few, what=what)]


def proportion_funnel(
    frame: pd.DataFrame,
    *,
    area: str = "area",
    events: str = "events",
    of: str = "n",
    levels: float | Sequence[float] = LEVELS,
    multiplier: float = 100,
    areas: str = "områden",
    source: str = "",
    about: str = "",
) -> Funnel:
    """Return the funnel of proportions around all areas taken together: p ± z√(p(1-p)/n).

    A label says the same as whether the area's own Wilson interval holds the middle. Sizes are the
    `of` column, proportions times `multiplier`. Spiegelhalter (2005), Stat Med 24:1185-1202.

    Areas where fewer than 10 are expected on either side, with or without, are left out of the table,
    though not out of the middle. From there on 3 to 8 of 100 areas that differ by chance alone lie
    outside the limits at 95 per cent and at most 0.4 outside those at 99.8 (exact, shares of 2 to 98
    per cent).

    Args:
        frame: a row an area.
        area: the column of areas, of one level.
        events: the column of parts.
        of: the column of wholes.
        levels: one level or several, such as 0.95 and 0.998.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        areas: what the areas are called, in the plural, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: fewer than 3 areas, an area twice or areas of different levels, a number missing or
            negative, a whole of zero or less than its part, or no area differs from 0 or from 100 per cent.

    >>> areas = pd.DataFrame({"area": list("abcd"), "events": [40, 60, 90, 20], "n": [100, 120, 200, 80]})
    >>> proportion_funnel(areas).estimate
    42.0
    """
    multiplier = multiplier_of(multiplier)
    found = _checked(frame, area, [events, of])
    refuse(found[of] == 0, f"antalet i kolumnen {shown(of)} är noll")
    refuse(found[events] > found[of], "delen är större än helheten")
    centre = float(found[events].sum() / found[of].sum())
    refuse(centre in (0, 1), "alla områden har samma andel, noll eller hundra procent")
    # Both sides are counted: the limits are as wrong for a share near 100 per cent as near 0.
    few = found[of] * min(centre, 1 - centre) < FEWEST
    refuse(
        (~few).sum() < FEWEST_AREAS,
        "färre än {n} områden är stora nog för gränserna",
        n=FEWEST_AREAS,
    )
    used = found[~few].reset_index(drop=True)
    return _funnel(
        pd.DataFrame({"area": used[area], "events": used[events], "size": used[of]}),
        lambda level: proportion_limits(used[of], centre, level),
        levels,
        multiplier,
        estimate=multiplier * centre,
        method=PROPORTIONS,
        **Labels(unit="procent" if multiplier == 100 else "", source=source, about=about),
        areas=areas,
        left_out=tuple(found.loc[few, area].astype(str)),
        too_few="väntade",
    )


def rate_funnel(
    frame: pd.DataFrame,
    *,
    area: str = "area",
    events: str = "events",
    of: str = "n",
    rate: str | None = None,
    centre: float | None = None,
    levels: float | Sequence[float] = LEVELS,
    multiplier: float = 100_000,
    areas: str = "områden",
    source: str = "",
    about: str = "",
) -> Funnel:
    """Return the funnel of rates, or of ratios to an expected number, with exact Poisson limits.

    The middle is the rate of all areas together, or `centre`, per `multiplier`. For ratios `of` is
    the expected number, `centre` the value of no difference, say 100, and `multiplier` the same. A
    standardised `rate`, per `multiplier`, takes the place of events/of: the size is then
    events/rate, and areas with fewer than 10 events are left out, as PHE does.

    For independent events only, never days. Spiegelhalter (2005), Stat Med 24:1185-1202.

    Args:
        frame: a row an area.
        area: the column of areas, of one level.
        events: the column of events.
        of: the column of what they are counted on, or of expected events.
        rate: the column of standardised rates, instead of `of`.
        centre: the middle line, instead of the rate of all.
        levels: one level or several, such as 0.95 and 0.998.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        areas: what the areas are called, in the plural, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: fewer than 3 areas, an area twice or areas of different levels, a number missing or
            negative, a size or standardised rate of zero, or no events at all.

    >>> areas = pd.DataFrame({"area": list("abcd"), "events": [40, 60, 90, 20], "n": [100, 120, 200, 80]})
    >>> rate_funnel(areas, multiplier=100).estimate
    42.0
    """
    multiplier = multiplier_of(multiplier)
    found = _checked(frame, area, [events, of] if rate is None else [events])
    left_out: tuple[str, ...] = ()
    if rate is None:
        refuse(found[of] == 0, f"antalet i kolumnen {shown(of)} är noll")
    else:
        few = found[events] < FEWEST
        left_out = tuple(found.loc[few, area].astype(str))
        found = _checked(frame, area, [events, rate], ~few.to_numpy())
        refuse(found[rate] == 0, f"talet i kolumnen {shown(rate)} är noll")
        found = found.reset_index(drop=True)
    count = found[events].to_numpy()
    sizes = found[of].to_numpy() if rate is None else multiplier * count / found[rate].to_numpy()
    if centre is not None:
        centre = number_of(centre, "talet för mittlinjen")
    middle = multiplier * count.sum() / sizes.sum() if centre is None else centre
    refuse(middle <= 0, "det inte finns några fall eller mittlinjen inte är ett tal över noll")

    def limits(level: float) -> tuple[Numbers, Numbers]:
        low, high = count_funnel(middle * sizes / multiplier, level)
        return low / sizes, high / sizes

    return _funnel(
        pd.DataFrame({"area": found[area], "events": count, "size": sizes}),
        limits,
        levels,
        multiplier,
        estimate=float(middle),
        method=COUNTS,
        **Labels(unit=f"per {swedish(multiplier, 0)}", source=source, about=about),
        areas=areas,
        left_out=left_out,
    )


def _funnel(
    rows: pd.DataFrame,
    limits: Callable[[float], tuple[Numbers, Numbers]],
    levels: float | Sequence[float],
    multiplier: float,
    **told: Any,
) -> Funnel:
    """Return the funnel of areas with events and size; values and limits are times `multiplier`."""
    order = levels_in_order(levels)
    ends = {name: multiplier * end for name, end in limits_by_name(order, limits).items()}
    values = multiplier * rows["events"] / rows["size"]
    table = rows.drop(columns="events").assign(estimate=values, **ends)
    table["label"] = labels(table, order)
    return Funnel(n=len(table), table=table, levels=order, **told)


def _checked(
    frame: pd.DataFrame, area: str, numbers: Sequence[str], some: np.ndarray | None = None
) -> pd.DataFrame:
    found = rows_of_areas(frame if some is None else frame.loc[some], numbers, area)
    if some is not None:
        found.index = pd.Index(np.flatnonzero(some))  # rows are named as they stand in the frame
    refuse(len(found) < FEWEST_AREAS, "det finns färre än {n} områden", n=FEWEST_AREAS)
    refuse_negative(found, numbers)
    return found
