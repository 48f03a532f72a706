"""How often units that began something are told from the others, where it did nothing and where it did.

Cases are Poisson around what a unit's listed persons, its lasting level and its year give; all seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vgstats.methods.change_funnel import FunnelOfChanges
from vgstats.methods.funnel_of_expected import expected_funnel
from vgstats.methods.unit_changes import funnel_of_unit_changes
from vgstats.methods.units_effect import effect_in_units

SEEDS = 400
DESIGNS = [  # units, which begin, whether the choice is told, fall
    (100, "by chance", False, 0.0),
    (100, "by chance", False, 0.10),
    (100, "by chance", False, 0.15),
    (100, "the highest", False, 0.0),
    (100, "the highest", True, 0.0),
    (200, "the highest", True, 0.0),
    (100, "the highest", True, 0.15),
    (100, "the highest", True, 0.20),
]


def units(
    seed: int, *, many: int = 100, fall: float = 0.0, highest: bool = False, spread: float = 0.2
) -> pd.DataFrame:
    """Return units that differ by `spread` and swing by 8 per cent a year, of which 20 begin something.

    Args:
        seed: of the random numbers.
        many: how many units there are, of 1 500 to 25 000 listed; about 30 of 1 000 are cases.
        fall: what the units that begin lose of their cases by it.
        highest: whether the 20 with the highest rate before begin, else any.
        spread: how much units differ for good, as a share of their level.
    """
    rng = np.random.default_rng(seed)
    n = rng.lognormal(np.log(8000), 0.5, many).clip(1500, 25000).round()
    level = 0.03 * n * (rng.gamma(1 / spread**2, spread**2, many) if spread else 1)
    first = rng.poisson(level * rng.lognormal(0, 0.08, many))
    order = np.argsort(-first / n) if highest else rng.permutation(many)
    began = np.isin(np.arange(many), order[:20])
    then = rng.poisson(level * rng.lognormal(0, 0.08, many) * np.where(began, 1 - fall, 1))
    return pd.DataFrame(
        {"unit": [f"Enhet {i}" for i in range(many)], "began": began, "expected": 0.03 * n,
         "cases_before": first, "cases_after": then, "persons_before": n, "persons_after": n,
         "before": 1000 * first / n, "after": 1000 * then / n}
    )  # fmt: skip


def effect_rates(seeds: int = SEEDS) -> pd.DataFrame:
    """Return by design how often, in per cent, a difference is found, and its mean per 1 000 listed."""
    rows = []
    for many, who, told, fall in DESIGNS:
        how = {"many": many, "fall": fall, "highest": who == "the highest"}
        found = [effect_in_units(units(s, **how), chosen_high=told) for s in range(seeds)]
        rate = 100 * np.mean([one.stands_out for one in found])
        rows.append((many, who, "yes" if told else "no", round(100 * fall), rate,
                     np.mean([one.estimate for one in found])))  # fmt: skip
    columns = ["units", "begin", "choice told", "true fall, %", "found, %", "mean difference"]
    return pd.DataFrame(rows, columns=columns)


def funnel_rates(seeds: int = SEEDS // 4) -> pd.DataFrame:
    """Return by number of units and spread how many per cent lie outside the two funnels, and which are named."""
    rows = []
    for many, spread in ((40, 0.0), (40, 0.2), (200, 0.0), (200, 0.2)):
        found = []
        for seed in range(seeds):
            frame = units(seed, many=many, spread=spread)
            level = expected_funnel(frame, area="unit", events="cases_before")
            change = funnel_of_unit_changes(frame)
            half = frame["persons_after"].sort_values().index[many // 2]  # of middling size
            now = frame.copy()
            now.loc[half, "cases_after"] = now.loc[half, "cases_before"] // 2
            outside = (level.outside(0.95), level.outside(0.998), change.outside(0.95))
            halved = named(funnel_of_unit_changes(now)).loc[half]
            found.append([*(one / many for one in outside), named(change).any(), halved])
        rows.append((many, round(100 * spread), *(100 * np.mean(found, axis=0))))
    columns = ["units", "spread, %", "level 95", "level 99.8", "change 95"]
    return pd.DataFrame(rows, columns=[*columns, "rounds that name one", "one that halves"])


def named(found: FunnelOfChanges) -> pd.Series:
    """Return which units a report names: outside the outer limits, also by how many are compared."""
    far = found.table["label"].isin(["Low (0.001)", "High (0.001)"])
    return far & (found.table["p_adjusted"] < 0.05)
