"""Shares of two groups that published rates imply, and a change split by such groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import chain, product
from typing import Unpack

import pandas as pd

from vgstats.facts.text import Text, say
from vgstats.methods.arguments import number_of, shown
from vgstats.methods.composition import Kitagawa, kitagawa_of
from vgstats.methods.result import Band, Labels, NotComputable, Result, rounded_from, tidy
from vgstats.methods.splits import TIMES, aligned, key_names, moved, rounding_of, with_terms


@dataclass(frozen=True, kw_only=True)
class ImpliedShare(Result):
    """The share (0 to 1) of a group that three published numbers imply; `interval` is its band."""

    group: str

    def sentence(self) -> Text:
        """Return the share and its band in per cent, in plain Swedish."""
        band = self.interval or Band(self.estimate, self.estimate)
        share = self.fact(f"andel|{self.group}", 100 * self.estimate, "procent")
        ends = Band(100 * band.low, 100 * band.high)
        low, high = self.both_ends(f"andel {{}}|{self.group}", ends, "procent").values()
        core = self.say(
            "Andelen {group} är {share} procent, räknad ur de publicerade talen", share=share
        )
        if low.text() == high.text():
            return say("{core}.", core=core)
        words = "{core}; avrundningen gör att den kan vara mellan {low} och {high} procent."
        return say(words, core=core, low=low, high=high)


def implied_share(
    total: float,
    first: float,
    second: float,
    rounding: float,
    *,
    group: str = "i den första gruppen",
    **labels: Unpack[Labels],
) -> ImpliedShare:
    """Return the share w of the first group in total = w·first + (1-w)·second, and its band.

    `rounding` is the rounding unit of the three published numbers (0.1 days); the band is the
    lowest and highest w, within 0 to 1, that it leaves open. The share is 0 to 1, n the groups.

    Args:
        total: the number of all.
        first: that of the first group.
        second: that of the second.
        rounding: the unit that the three are rounded to.
        group: what the first group is, for the sentence.
        labels: `unit`, `source`, `decimals` and `about`, as of `Result`.

    Raises:
        NotComputable: a number is missing, the groups differ by no more than the rounding, or the
            total lies outside the two groups.

    >>> round(implied_share(42.9, 51.7, 34.3, 0.1).estimate, 3)
    0.494
    """
    total, first, second, rounding = (
        number_of(number, "ett av talen") for number in (total, first, second, rounding)
    )
    rounding = rounding_of(rounding)
    if tidy(abs(first - second), first, second) <= rounding:
        raise NotComputable("de två grupperna inte skiljer sig mer än talen är avrundade")
    share = (total - second) / (first - second)
    if not 0 <= share <= 1:
        raise NotComputable("talet för alla inte ligger mellan talen för de två grupperna")
    found = [
        (t - s) / (f - s)
        for t, f, s in product(
            *(astuple(rounded_from(x, rounding)) for x in (total, first, second))
        )
    ]
    return ImpliedShare(
        estimate=share,
        interval=Band(max(0.0, min(found)), min(1.0, max(found))),
        method="andel räknad ur tre publicerade tal; spannet är deras avrundning",
        n=2,
        group=group,
        **labels,
    )


def kitagawa_by_sex(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    sex: str = "sex",
    value: str = "value",
    groups: tuple[str, str] = ("kvinnor", "män"),
    total: str = "alla",
    rounding: float = 0.1,
    **labels: Unpack[Labels],
) -> Kitagawa:
    """Split the change of a published rate by two groups whose shares are not published.

    Each frame has the rows `total` and both `groups` in the column `sex`, with the number in
    `value`, rounded to `rounding`. The shares are those of `implied_share`, so the terms of
    `kitagawa` add to the published change. `composition_band` holds the composition over the
    extremes of all six roundings; that is exact as long as the groups keep their order and the
    shares stay within 0 to 1.

    Args:
        before: the rows alla, kvinnor and män at the earlier time.
        after: the same at the later time.
        sex: the column that names the rows.
        value: the column of numbers.
        groups: the names of the two groups.
        total: the name of the row of all.
        rounding: the unit that the numbers are rounded to.
        labels: `unit`, `source`, `decimals` and `about`, as of `Result`.

    Raises:
        NotComputable: as `kitagawa` and `implied_share`, or one of the three rows is missing.

    >>> ends = [pd.DataFrame({"sex": ["alla", "kvinnor", "män"], "value": v})
    ...         for v in ([42.9, 51.7, 34.3], [36.8, 44.0, 29.6])]
    >>> round(kitagawa_by_sex(*ends).composition, 2)
    0.09
    """
    rounding = rounding_of(rounding)
    (inside,) = key_names([sex])
    rates = aligned(before, after, [sex], {"value": value}).set_index(inside)
    absent = [name for name in (total, *groups) if name not in rates.index]
    if absent:
        raise NotComputable(f"raden {shown(absent[0])} saknas i kolumnen {shown(sex)}")
    numbers = [rates.loc[[total, *groups], f"value_{end}"].tolist() for end in TIMES]
    frames = []
    for whole, first, second in numbers:
        share = implied_share(whole, first, second, rounding).estimate
        weights = {"weight": [share, 1 - share], "rate": [first, second]}
        frames.append(pd.DataFrame({inside: groups, **weights}))
    table = aligned(frames[0], frames[1], [inside], {"weight": "weight", "rate": "rate"})
    mixes = [
        _mix(corner)
        for corner in product(*(astuple(rounded_from(x, rounding)) for x in chain(*numbers)))
    ]
    return kitagawa_of(
        with_terms(table, [inside]),
        [sex],
        moved(numbers[0][0], numbers[1][0], rounding),
        Band(min(mixes), max(mixes)),
        {},
        labels,
    )


def _mix(corner: Sequence[float]) -> float:
    total_0, first_0, second_0, total_1, first_1, second_1 = corner
    gap_0, gap_1 = first_0 - second_0, first_1 - second_1
    moved = (total_1 - second_1) / gap_1 - (total_0 - second_0) / gap_0
    return round(moved * (gap_0 + gap_1) / 2, 9)
