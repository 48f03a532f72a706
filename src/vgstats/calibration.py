"""How far the comparison between counties can be trusted, by simulation (`make bench-methods`).

The file `data/interval_rates.csv` holds, for each county, its size and how often in per cent the
comparison points it out when nothing but noise tells the counties apart: with the plain interval
and with the size-aware one, under noise that is alike everywhere (lika), half of which (blandat) or
all of which (storlek) shrinks with size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from vgstats.data_files import data_folder, read_csv

NOISES = {"lika": 0.0, "blandat": 0.5, "storlek": 1.0}
COLUMNS = ["area", "size", *(f"{kind}_{noise}" for kind in ("plain", "aware") for noise in NOISES)]
NOMINAL = 5
LOWEST, HIGHEST = 3, 7


@dataclass(frozen=True)
class IntervalRates:
    """How often, in per cent, a county is pointed out by the size-aware interval for nothing."""

    lowest: float
    highest: float

    @property
    def worst(self) -> float:
        """The rate that lies farthest from the nominal one."""
        return max(self.lowest, self.highest, key=lambda rate: abs(rate - NOMINAL))

    @property
    def trusted(self) -> bool:
        """Whether the rates lie within 3 to 7 per cent, in whole per cents."""
        return round(self.lowest) >= LOWEST and round(self.highest) <= HIGHEST


@cache
def interval_rates() -> pd.DataFrame:
    """Return the simulated rates, a row a county; columns `COLUMNS` with `area` as index."""
    frame = read_csv(data_folder() / "interval_rates.csv", COLUMNS).set_index("area")
    return frame.astype(float)


def rates_of(area: str) -> IntervalRates:
    """Return the simulated rates of one county."""
    aware = interval_rates().loc[area, [f"aware_{noise}" for noise in NOISES]]
    return IntervalRates(float(aware.min()), float(aware.max()))


def county_sizes() -> pd.Series:
    """Return the size of each county: its ongoing sjukfall in 2005, as published."""
    return interval_rates()["size"]
