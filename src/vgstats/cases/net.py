"""Net days of the cases of twelve months, where neither they nor what is left over beside them rest on few cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from vgstats.cases.groups import SEXES, twelve_months
from vgstats.cases.joining import Connection, Row, UnitBy, net_days, owner

FEWEST_NET = 20  # cases
NET_STEP = 10  # days

_NET = """
WITH told AS (
    SELECT person, number, sex, unit, {net_days} AS net
    FROM joined JOIN (SELECT row, sex, {owner} AS unit FROM certificates) AS told USING (row)
    WHERE first <= DATE '{last}' AND last >= DATE '{first}'
    GROUP BY ALL
)
SELECT coalesce(unit, '') AS area, sex, sum(net) AS net, count(*) AS cases FROM told GROUP BY ALL
"""


def rows_of_net_days(
    connection: Connection,
    lan: str,
    units: Sequence[str],
    day: dt.date,
    began: dt.date,
    unit_by: UnitBy,
) -> Iterator[Row]:
    """Yield the net days of twelve months, each certificate's with its own unit, in whole tens."""
    first, last = twelve_months(day)
    if began > first:
        return
    found = connection.execute(
        _NET.format(first=first, last=last, net_days=net_days(first, last), owner=owner(unit_by))
    ).df()
    found = found[found["sex"].isin(SEXES)]
    every = pd.concat([found[found["area"].isin(units)], found.assign(area=lan)])
    every = pd.concat([every.assign(sex="alla"), every])
    sums = every.pivot_table(["net", "cases"], "area", "sex", aggfunc="sum", fill_value=0)
    sums = sums.reindex(
        columns=pd.MultiIndex.from_product([["net", "cases"], ["alla", *SEXES]]), fill_value=0
    )
    if lan not in sums.index:
        return
    told = _told(sums["cases"], lan)
    for area, sex in told.stack()[lambda shown: shown].index:
        value = NET_STEP * round(sums.loc[area, ("net", sex)] / NET_STEP)
        yield (
            "intygsfall_nettodagar",
            str(area),
            str(last)[:7],
            str(sex),
            "",
            float(value),
            float(NET_STEP),
        )


def _told(cases: pd.DataFrame, lan: str) -> pd.DataFrame:
    """Return of which areas and sexes the net days are told: what is left beside them has 20 cases too, or none.

    Both sexes of an area or none of them, since the other is the difference; and of units as many, the largest, as
    leave enough in the rest of the county.
    """
    enough = cases["alla"] >= FEWEST_NET
    both = enough & (cases[[*SEXES]] >= FEWEST_NET).all(axis=1)
    found: dict[str, pd.Series] = {}
    for sexes, told in ((("alla",), enough), (SEXES, both)):
        told = told & found.get("alla", told)
        of_units = told.index != lan
        while True:
            shown = told & of_units
            rest = cases.loc[lan, [*sexes]] - cases.loc[shown, [*sexes]].sum()
            if not shown.any() or not ((rest > 0) & (rest < FEWEST_NET)).any():
                break
            told = told & (told.index != cases.loc[shown, [*sexes]].min(axis=1).idxmin())
        found |= dict.fromkeys(sexes, told)
    return pd.DataFrame(found)
