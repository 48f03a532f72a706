"""What a weighted comparison that follows an area badly before is worth after, when nothing happens."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vgstats.methods.synthetic import simplex_weights

RUNS = 150
AREAS, BEFORE, AFTER = 21, 5, 3
LEVELS, STEP = 4.0, 0.5  # days: between areas, and of an area's distance to the others in a year
_BINS = [0, 0.1, 0.2, 0.5, 1, 2, np.inf]


def errors_by_misfit(runs: int = RUNS, seed: int = 2026) -> pd.DataFrame:
    """Return the mean error after by the error before, both in standard deviations of a year's step."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(runs):
        steps = rng.normal(0, STEP, (BEFORE + AFTER, AREAS)).cumsum(axis=0)
        together = rng.normal(0, 1, BEFORE + AFTER).cumsum()
        values = pd.DataFrame((rng.normal(30, LEVELS, AREAS) + steps + together[:, None]).round(1))
        for area in values:
            weights = simplex_weights(values.iloc[:BEFORE], area)
            gap = (values[area] - values[weights.index] @ weights) / STEP
            found.append((np.sqrt((gap.iloc[:BEFORE] ** 2).mean()), gap.iloc[BEFORE:].mean()))
    table = pd.DataFrame(found, columns=["misfit", "gap"])
    by = table.groupby(pd.cut(table["misfit"], _BINS, include_lowest=True), observed=True)["gap"]
    return pd.DataFrame(
        {
            "error before": [f"{max(bin_.left, 0):g}-{bin_.right:g}" for bin_ in by.groups],
            "cases": by.size().to_numpy(),
            "error after": by.apply(lambda gaps: float(np.sqrt((gaps**2).mean()))).to_numpy(),
        }
    )
