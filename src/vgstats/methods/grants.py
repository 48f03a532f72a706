"""The agreement's money: what was guaranteed, what was variable, and when it was paid."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vgstats.methods.bands import tidy
from vgstats.observations import Value, newest, select

GUARANTEED = "del=garanterad"


@dataclass(frozen=True)
class Grant:
    """What a county earned in one year, in the unit of the measure, and when it was paid out."""

    total: Value
    guaranteed: Value
    paid: int

    @property
    def earned(self) -> int:
        """The calendar year in which the grant was earned."""
        return int(self.total.period)

    @property
    def variable(self) -> float:
        """The part that depended on the outcome: total minus guaranteed."""
        return tidy(self.total.value - self.guaranteed.value, self.total.value)


def grants(frame: pd.DataFrame, measure: str, area: str, paid_years_later: int) -> list[Grant]:
    """Return a county's grants by year earned, oldest first.

    Years without both the total and the guaranteed part are left out.
    """
    values = newest(select(frame, measure=measure, area=area, sex="alla"))
    totals = sorted(key[2] for key in values if key[4] == "")
    found = []
    for year in totals:
        total = values[measure, area, year, "alla", ""]
        guaranteed = values.get((measure, area, year, "alla", GUARANTEED))
        if guaranteed:
            found.append(Grant(total, guaranteed, int(year) + paid_years_later))
    return found
