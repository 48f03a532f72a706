"""The agreement's money: what was guaranteed, what was variable, and when it was paid."""

from __future__ import annotations

import pandas as pd

from vgstats.observations import select


def grants(frame: pd.DataFrame, measure: str, area: str, paid_years_later: int) -> pd.DataFrame:
    """Return a county's grant by the year it was earned.

    Columns: `earned` and `paid` (calendar years), `total`, `guaranteed`, `variable` (total minus
    guaranteed), in the unit of the measure; years in order. Years without both figures are left out.
    """
    rows = select(frame, measure=measure, area=area, sex="alla")
    wide = rows.pivot(index="period", columns="group", values="value")
    wide = wide.reindex(columns=["", "del=garanterad"]).dropna()
    wide.columns = pd.Index(["total", "guaranteed"])
    table = wide.sort_index().reset_index(names="earned")
    table["earned"] = table["earned"].astype(int)
    table["paid"] = table["earned"] + paid_years_later
    table["variable"] = table["total"] - table["guaranteed"]
    return table[["earned", "paid", "total", "guaranteed", "variable"]]
