"""Weights of other areas that together follow an area, and how areas rank by what departs after."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from vgstats.methods.result import NotComputable

TIE_BREAK = 1e-5
NO_MISFIT = 1e-5  # at least TIE_BREAK: the penalty alone can cost an exact blend as much
NO_GAP = 1e-4


def simplex_weights(before: pd.DataFrame, treated: str) -> pd.Series[float]:
    """Return the weights of the other columns whose weighted sum lies closest to one column.

    Least squares with weights at least 0 that sum to 1, by `scipy.optimize.nnls` on the donors
    minus the treated with one row for the sum, then renormalised. Since the treated is subtracted
    first, the renormalised weights are the best on the simplex however heavy that row is. A very
    small penalty on the squared weights picks one solution when several fit alike, so that order
    and names of the columns do not matter.

    Args:
        before: a row for each period before, a column for each area.
        treated: the column to come close to.

    Raises:
        NotComputable: no weights could be found.
    """
    donors = before.drop(columns=treated)
    away = donors.sub(before[treated], axis=0).to_numpy(dtype=float)
    count = away.shape[1]
    rows = np.vstack(
        [away / nearest(before, treated), TIE_BREAK * np.eye(count), np.ones((1, count))]
    )
    target = np.append(np.zeros(len(rows) - 1), 1.0)
    try:
        found = np.asarray(nnls(rows, target)[0])
    except RuntimeError:
        raise NotComputable(f"inga vikter kunde bestämmas för {treated}") from None
    return pd.Series(found / found.sum(), index=donors.columns, name="weight")


def nearest(before: pd.DataFrame, treated: str) -> float:
    """Return how far the nearest other column lies at most from one column, those equal left out.

    It is the scale of what one area's fit can be, whatever the size of areas far from it.
    """
    far = before.drop(columns=treated).sub(before[treated], axis=0).abs().max()
    return float(far[far > 0].min()) if (far > 0).any() else 1.0


def ranked(
    gaps: pd.DataFrame, before: int, resolution: float, scales: pd.Series[float]
) -> pd.DataFrame:
    """Return for each area the error before, that after, their ratio and its rank.

    An area that is met exactly before has an infinite ratio, or 0 if it is met exactly after too.
    Areas with the same ratio share the lowest of their ranks.

    Args:
        gaps: a row for each year, a column for each area: the area minus its comparison.
        before: how many of the years come before the break.
        resolution: the unit that values are rounded to.
        scales: for each area the size of its own fit, to tell what counts as no error at all.
    """
    misfit = np.sqrt((gaps.iloc[:before] ** 2).mean())
    after = np.sqrt((gaps.iloc[before:] ** 2).mean())
    exact = misfit <= NO_MISFIT * scales
    floor = misfit.mask(exact, 0.0).clip(lower=resolution / 2)
    none = (floor == 0) & (after <= NO_GAP * scales)
    ratio = (after / floor.mask(floor == 0)).fillna(np.inf).mask(none, 0.0)
    rank = [int((ratio >= own * (1 - 1e-9)).sum()) for own in ratio]
    return pd.DataFrame(
        {
            "area": list(gaps.columns),
            "misfit": misfit.to_numpy(),
            "exact": exact.to_numpy(),
            "after": after.to_numpy(),
            "ratio": ratio.to_numpy(),
            "rank": rank,
        }
    )
