"""What areas made of others have: sums of counts, and means of rates weighted by the insured."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from vgstats.catalogue.measures import INSURED
from vgstats.catalogue.measures import measure as measure_of
from vgstats.methods.observed import populations
from vgstats.observations import COLUMNS, KEY, Key, Value, demand_columns, newest, rows_of


def of_members(frame: pd.DataFrame, members: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return the numbers of areas that are made of others, for each number that all of these have.

    Columns as in the tidy table; the status is `derived`, the source that of the largest member. A count is the sum.
    A number of days per insured is the mean weighted by Försäkringskassan's own number of insured (`forsakrade`) of the
    same sex, in the same period or its year. Other measures, groups, a region's own counts, and what stands in the
    table already, hidden or not, are left out.

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        members: the areas that each is made of, all of them.

    Raises:
        VgstatsError: the table lacks a column.

    >>> rows = [(m, a, "2021-12", "alla", "", v, r, "ok", "fk-ohalsotal", "2026-01-31")
    ...         for a, rate, n in (("kommun:1480", 20.0, 300), ("kommun:1481", 24.0, 100))
    ...         for m, v, r in (("ohalsotal", rate, 0.1), ("forsakrade", n, 1))]
    >>> both = {"delregion:14-stor-goteborg": ["kommun:1480", "kommun:1481"]}
    >>> found = of_members(pd.DataFrame(rows, columns=COLUMNS), both)
    >>> found.loc[found["measure"] == "ohalsotal", "value"].tolist()
    [21.0]
    """
    demand_columns(frame, COLUMNS)
    there = set(rows_of(frame, area=list(members))[KEY].itertuples(index=False, name=None))
    rows = rows_of(frame, area={area for of in members.values() for area in of}, group="")
    values = newest(rows)
    when = rows["retrieved"].astype(str).max() if len(rows) else ""
    found = []
    for whole, of in members.items():
        first, *_ = (*of, None)
        for measure, area, period, sex, group in values:
            if area != first or (measure, whole, period, sex, group) in there:
                continue
            keys: list[Key] = [(measure, one, period, sex, group) for one in of]
            if not all(one in values for one in keys):
                continue
            parts = [values[one] for one in keys]
            if weights := _weights(measure, parts, values):
                found.append(_row(whole, parts, weights, when))
    return pd.DataFrame(found, columns=COLUMNS)


def _weights(measure: str, parts: list[Value], values: Mapping[Key, Value]) -> list[float]:
    """Return what each part counts with: itself where parts add up, its insured for days, nothing where unknown."""
    of = measure_of(measure)
    if of.own or populations(part.source for part in parts) > 1:
        return []
    if of.additive:
        return [1.0] * len(parts)
    if of.unit != "dagar":
        return []
    found = []
    for part in parts:
        forms = dict.fromkeys((part.period, part.period[:4]))
        sizes = (values.get((INSURED, part.area, period, part.sex, "")) for period in forms)
        size = next(filter(None, sizes), None)
        if size is None or size.value <= 0:
            return []
        found.append(size.value)
    return [size / sum(found) for size in found]


def _row(whole: str, parts: list[Value], weights: list[float], when: str) -> tuple[object, ...]:
    pairs = list(zip(parts, weights, strict=True))
    some = max(pairs, key=lambda pair: pair[1] * (pair[0].value if pair[1] == 1 else 1))[0]
    value = sum(weight * part.value for part, weight in pairs)
    resolution = sum(weight * part.resolution for part, weight in pairs)
    of_key = (some.measure, whole, some.period, some.sex, some.group)
    return (*of_key, round(value, 9), round(resolution, 9), "derived", some.source, when)
