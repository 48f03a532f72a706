"""A change as a sum over the factors that a rate is made of, between two populations or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, isfinite, prod
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from vgstats.facts.text import Text
from vgstats.methods.arguments import column_list, number_of, shown
from vgstats.methods.levels import demand_no_total
from vgstats.methods.result import Labels, NotComputable, Result
from vgstats.methods.splits import TIMES, aligned, factor_of, key_names, sum_text

Vector = npt.NDArray[np.float64]
DAS_GUPTA = (
    "uppdelning på faktorer som medeltal över alla ordningar (Das Gupta 1993, Shorrocks 2013)"
)


@dataclass(frozen=True, kw_only=True)
class FactorSplit(Result):
    """A change as a sum over factors: `parts` by factor; `estimate` is their sum."""

    parts: Mapping[str, float]
    before: float
    after: float

    def to_frame(self) -> pd.DataFrame:
        """Return a row per factor: `factor` and `contribution` in the unit of the rate."""
        return pd.DataFrame({"factor": list(self.parts), "contribution": list(self.parts.values())})

    def sentence(self) -> Text:
        """Return the change and what each factor gives, in plain Swedish."""
        return sum_text(self, [*self.parts.items()])


def das_gupta(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    factors: str | Sequence[str],
    by: str | Sequence[str] = (),
    rate: Callable[..., Any] | None = None,
    multiplier: float = 1.0,
    **labels: Unpack[Labels],
) -> FactorSplit:
    """Split the change of a rate between the factors it is made of.

    Each factor's part is the change it makes when it alone goes from before to after, averaged over
    all orders in which the factors can change (Das Gupta's formula, the Shapley value). Frames have
    one column per factor: one row for scalars; for vectors a row per group, named by the columns
    `by`, a scalar among vectors repeated. The rate is the sum over rows of the product of the
    factors, or `rate(**factors)` of float arrays, one number; it is multiplied by `multiplier`. The
    number of evaluations doubles with each factor.

    Args:
        before: a column a factor, a row a group (one row for scalars).
        after: the same at the later time.
        factors: the columns of factors.
        by: the columns that name the groups.
        rate: what makes the rate of the factors; their product summed over rows when left out.
        multiplier: what the rate is multiplied by.
        labels: `unit`, `source`, `decimals` and `about`, as of `Result`.

    Raises:
        NotComputable: as `kitagawa`; or there are several rows but no `by`; or the rate is no number
            or divides by zero; or `rate` is given and a factor has no name to pass it by.

    Literature: Das Gupta (1993), US Census P23-186; Shorrocks (2013), J Econ Inequal 11:99-126.

    >>> ends = [pd.DataFrame({"cases": [c], "length": [l]}) for c, l in ((10, 30), (8, 40))]
    >>> das_gupta(*ends, factors=["cases", "length"]).parts
    {'cases': -70.0, 'length': 90.0}
    """
    keys, names = column_list(by), column_list(factors)
    if not names:
        raise NotComputable("det inte finns någon faktor")
    nameless = [name for name in names if rate and not isinstance(name, str)]
    if nameless:
        raise NotComputable(f"faktorn {shown(nameless[0])} inte har ett namn i text")
    multiplier = factor_of(multiplier)
    table = aligned(before, after, keys, {name: name for name in names})
    for key, inside in zip(keys, key_names(keys), strict=True):
        demand_no_total(table[inside], key)
    ends = [[table[f"{name}_{end}"].to_numpy() for name in names] for end in TIMES]

    def value(chosen: tuple[bool, ...]) -> float:
        vectors = [ends[late][k] for k, late in enumerate(chosen)]
        by_name = dict(zip(names, vectors, strict=True))
        try:
            with np.errstate(all="ignore"):
                found = multiplier * number_of(
                    rate(**by_name) if rate else sum_of_products(vectors), "talet"
                )
        except (ArithmeticError, ValueError, NotComputable):
            found = float("nan")
        if not isfinite(found):
            raise NotComputable("talet inte går att räkna ut ur faktorerna")
        return found

    first, last = value((False,) * len(names)), value((True,) * len(names))
    parts = dict(zip(names, shapley(len(names), value), strict=True))
    return FactorSplit(
        estimate=last - first,
        method=DAS_GUPTA,
        n=len(table),
        parts=parts,
        before=first,
        after=last,
        **labels,
    )


def sum_of_products(vectors: Sequence[Vector]) -> float:
    """Return the factors multiplied row by row, and the rows added."""
    return float(prod(vectors, start=np.ones(len(vectors[0]))).sum())


def shapley(count: int, value: Callable[[tuple[bool, ...]], float]) -> list[float]:
    """Return each factor's part of a change, averaged over all orders of changing the factors.

    `value` is the number when the factors marked True have changed.
    """
    values = {chosen: value(chosen) for chosen in product((False, True), repeat=count)}
    parts = [0.0] * count
    for chosen, start in values.items():
        for k in range(count):
            if not chosen[k]:
                step = values[(*chosen[:k], True, *chosen[k + 1 :])] - start
                parts[k] += step / (count * comb(count - 1, sum(chosen)))
    return parts


def das_gupta_several(
    frames: Mapping[str, pd.DataFrame],
    *,
    factors: str | Sequence[str],
    by: str | Sequence[str] = (),
    rate: Callable[..., Any] | None = None,
    multiplier: float = 1.0,
) -> pd.DataFrame:
    """Split the difference between every two of several populations, so that the splits agree.

    Compared two at a time, a factor's part from A to C is not its part from A to B plus that from B
    to C, since each pair is weighted by itself. With d(i, j) the part of `das_gupta` from i to j,
    the part from i to k is here the mean over all N populations j of d(i, j) + d(j, k): Das Gupta's
    d(i, k) - sum over j of (d(i, k) + d(k, j) + d(j, i))/N. For two populations it is d(i, k). The
    parts of a pair still add to its difference.

    `frames` has a frame for each name, in order; the rest is as in `das_gupta`. Columns: `before`,
    `after`, `factor`, `contribution`, a row for every pair and factor.

    Args:
        frames: a frame for each population, by its name, in order; as in `das_gupta`.
        factors: the columns of factors.
        by: the columns that name the groups.
        rate: what makes the rate of the factors; their product summed over rows when left out.
        multiplier: what the rate is multiplied by.

    Raises:
        NotComputable: as `das_gupta`, for any pair, or there are fewer than two populations.

    Literature: Das Gupta (1993), US Census P23-186, chapter 6.

    >>> ends = {str(c): pd.DataFrame({"cases": [c], "length": [40 - c]}) for c in (10, 20, 30)}
    >>> len(das_gupta_several(ends, factors=["cases", "length"]))
    6
    """
    names, each = list(frames), column_list(factors)
    if len(names) < 2:
        raise NotComputable("det behövs minst två befolkningar")
    away = {(name, factor): 0.0 for name in names for factor in each}
    for first, last in combinations(names, 2):
        found = das_gupta(
            frames[first], frames[last], factors=each, by=by, rate=rate, multiplier=multiplier
        )
        for factor, part in found.parts.items():
            away[first, factor] += part / len(names)
            away[last, factor] -= part / len(names)
    rows = [
        (first, last, factor, away[first, factor] - away[last, factor])
        for first, last in combinations(names, 2)
        for factor in each
    ]
    return pd.DataFrame(rows, columns=["before", "after", "factor", "contribution"])
