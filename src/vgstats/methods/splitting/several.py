"""Das Gupta's factor split between more than two times or areas, so that the pairs agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from vgstats.methods.result import NotComputable, column_list
from vgstats.methods.splitting.das_gupta import das_gupta


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
