"""How often the comparison of counties points one out when nothing differs, and what it can see.

Writes `src/vgstats/data/interval_rates.csv`, which says for which counties the report prints an
interval. Run by `make bench-methods`; seeds are fixed, so the file comes out the same.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import vgstats
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import COLUMNS, HIGHEST, NOISES, rates_of
from vgstats.methods.chance import SHARES_OF_SIZE, relative_variances, usual_variation
from vgstats.observations import select
from vgstats.store.published import published

YEARS = range(2005, 2026)
FILE = Path(vgstats.__file__).parent / "data" / "interval_rates.csv"
RUNS = 20_000
SEED = 2026
LEVEL = 0.95


def county_sizes(year: int = 2005) -> pd.Series:
    """Return the ongoing sjukfall of a year by county: the published size that all 21 have."""
    rows = select(
        published(),
        measure="pagaende_sjukfall",
        area=areas.lan(),
        period=str(year),
        sex="alla",
        group="",
    )
    return rows.set_index("area")["value"].sort_index()


def changes_without_difference(sizes: np.ndarray, share: float, runs: int, seed: int) -> np.ndarray:
    """Return changes (runs x counties) that only noise tells apart, mean variance 1."""
    variances = 1 - share + share * relative_variances(sizes)
    rng = np.random.default_rng(seed)
    return rng.normal(size=(runs, len(sizes))) * np.sqrt(variances)


def distance(
    changes: np.ndarray, own: int, sizes: np.ndarray, shares: tuple[float, ...] = SHARES_OF_SIZE
) -> np.ndarray:
    """Return how far out one county's change lies in each run: 1 is the end of the usual variation."""
    per_size = relative_variances(sizes)
    low, high, _ = usual_variation(
        np.delete(changes, own, axis=1), np.delete(per_size, own), per_size[own], LEVEL, shares
    )
    return np.asarray(abs(changes[:, own] - (low + high) / 2) / ((high - low) / 2))


def plain_rates(runs: int = RUNS, seed: int = SEED) -> pd.DataFrame:
    """Return how often, in per cent, the interval that takes all counties to vary alike points one out."""
    sizes = county_sizes().to_numpy()
    noises = {n: changes_without_difference(sizes, s, runs, seed) for n, s in NOISES.items()}
    return pd.DataFrame(
        {
            noise: [
                100 * (distance(changes, own, sizes, (0.0,)) > 1).mean()
                for own in range(len(sizes))
            ]
            for noise, changes in noises.items()
        },
        index=county_sizes().index,
    )


def false_positive_rates(year: int, runs: int = RUNS, seed: int = SEED) -> pd.DataFrame:
    """Return the rates in per cent, a row a county: columns as `vgstats.catalogue.calibration.COLUMNS`."""
    sizes = county_sizes(year)
    noises = [changes_without_difference(sizes.to_numpy(), s, runs, seed) for s in NOISES.values()]
    rows = []
    for own, (area, size) in enumerate(sizes.items()):
        out = [distance(changes, own, sizes.to_numpy()) for changes in noises]
        widen = 1.0
        if round(max(100 * float((far > 1).mean()) for far in out)) > HIGHEST:
            enough = max(float(np.quantile(far, 1 - HIGHEST / 100)) for far in out)
            widen = float(np.ceil(100 * enough) / 100)
        rates = [round(100 * float((far > widen).mean()), 2) for far in out]
        rows.append([year, area, round(size, 1), widen, *rates])
    return pd.DataFrame(rows, columns=COLUMNS)


def power(effects: list[float], spread: float, area: str, runs: int = RUNS) -> pd.DataFrame:
    """Return how often a true difference in days is pointed out, by noise.

    `spread` is the standard deviation between counties, in days, of the changes of a county of
    average variance.
    """
    sizes = county_sizes()
    own = list(sizes.index).index(area)
    widen = rates_of(area, 2005).widen
    rows = []
    for noise, share in NOISES.items():
        changes = spread * changes_without_difference(sizes.to_numpy(), share, runs, SEED + 1)
        for effect in effects:
            moved = changes.copy()
            moved[:, own] -= effect
            found = distance(moved, own, sizes.to_numpy()) > widen
            rows.append((noise, effect, 100 * found.mean()))
    return pd.DataFrame(rows, columns=["noise", "effect", "found"])


def permutation_rates(runs: int = 2000, seed: int = SEED) -> pd.Series:
    """Return by noise how often the rank test at 1/21 points a county out, mean over counties."""
    sizes = county_sizes().to_numpy()
    found = {}
    for noise, share in NOISES.items():
        changes = changes_without_difference(sizes, share, runs, seed)
        furthest = abs(changes - changes.mean(axis=1, keepdims=True)).argmax(axis=1)
        found[noise] = 100 * np.bincount(furthest, minlength=len(sizes)) / runs
    return pd.Series({noise: rates.max() for noise, rates in found.items()})
