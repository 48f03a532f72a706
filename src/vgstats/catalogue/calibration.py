"""How far the comparison between counties can be trusted, by simulation (`make bench-methods`).

The file `data/interval_rates.csv` holds, for each year and county, the county's size, by how much the
comparison's interval is widened, and how often in per cent it then points the county out when nothing but
noise tells the counties apart: noise that is alike everywhere (lika), half of which (blandat) or all of
which (storlek) shrinks with size. An interval that some noise makes point out more than 7 is widened to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from vgstats.catalogue.data_files import data_folder, read_csv

NOISES = {"lika": 0.0, "blandat": 0.5, "storlek": 1.0}
COLUMNS = ["year", "area", "size", "widen", *(f"rate_{noise}" for noise in NOISES)]
NOMINAL = 5
LOWEST, HIGHEST = 2, 7


@dataclass(frozen=True)
class IntervalRates:
    """How often, in per cent, a county is pointed out for nothing by an interval `widen` times as wide."""

    lowest: float
    highest: float
    widen: float

    @property
    def trusted(self) -> bool:
        """Whether the rates lie within 2 to 7 per cent, in whole per cents: at its worst no more than 7."""
        return round(self.lowest) >= LOWEST and round(self.highest) <= HIGHEST


@cache
def interval_rates() -> pd.DataFrame:
    """Return the simulated rates; columns `COLUMNS` with `year` and `area` as index."""
    frame = read_csv(data_folder() / "interval_rates.csv", COLUMNS)
    return frame.astype({"year": int}).set_index(["year", "area"]).astype(float)


def rates_of(area: str, year: int) -> IntervalRates:
    """Return the simulated rates of one county for changes from a year; the nearest year that has sizes."""
    row = interval_rates().loc[(year_of_sizes(year), area)]
    rates = row[[f"rate_{noise}" for noise in NOISES]]
    return IntervalRates(float(rates.min()), float(rates.max()), float(row["widen"]))


def county_sizes(year: int) -> pd.Series:
    """Return the size of each county in a year: its ongoing sjukfall, as published."""
    return interval_rates().loc[year_of_sizes(year), "size"]


def year_of_sizes(year: int) -> int:
    """Return the year whose sizes are used for changes from a year: the nearest that has them."""
    years = interval_rates().index.get_level_values("year")
    return int(min(max(year, years.min()), years.max()))
