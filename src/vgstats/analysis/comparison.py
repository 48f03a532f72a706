"""A county beside riket, the rest of the country and the other counties."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from vgstats import areas
from vgstats.analysis.change import Change
from vgstats.analysis.changes import change, changes, find_change
from vgstats.errors import VgstatsError
from vgstats.measures import measure as measure_of
from vgstats.observations import Value, one, select


@dataclass(frozen=True)
class Comparison:
    """The change of a county beside others' over the same time.

    `rank` 1 is the county with the largest fall in per cent, among the `counties` that have both
    values; `largest_fall` and `smallest_fall` are the ends of that order. `rest` is riket minus the
    county, None for a rate.
    """

    county: Change
    riket: Change
    rest: Change | None
    rank: int
    counties: int
    largest_fall: Change
    smallest_fall: Change


def rest_of_country(
    frame: pd.DataFrame, measure: str, area: str, period: str, sex: str = "alla", group: str = ""
) -> Value | None:
    """Return riket minus the county, or None when one of them is missing.

    Riket, not the sum of the other counties: persons without a county count in riket only.

    Raises:
        VgstatsError: the measure is a rate, so that values cannot be subtracted.
    """
    if not measure_of(measure).additive:
        raise VgstatsError(
            f"The rest of the country cannot be had by subtraction for {measure!r}: it is no count."
        )
    riket = one(frame, measure, areas.RIKET, period, sex, group)
    county = one(frame, measure, area, period, sex, group)
    if riket is None or county is None:
        return None
    return replace(
        riket,
        area=f"riket utom {area}",
        value=riket.value - county.value,
        resolution=riket.resolution + county.resolution,
        status="derived",
    )


def county_changes(
    frame: pd.DataFrame, measure: str, before: str, after: str, sex: str = "alla", group: str = ""
) -> pd.DataFrame:
    """Return the change of every county that has both values, largest fall first.

    Columns as `Change.to_frame`, and `rank` (1 = largest fall in per cent; ties share the smaller).
    """
    rows = select(frame, measure=measure, area=areas.lan(), sex=sex, group=group)
    table = changes(rows, before, after)
    table["rank"] = table["percent"].rank(method="min").astype(int)
    return table.sort_values("percent", kind="stable", ignore_index=True)


def compare(
    frame: pd.DataFrame,
    measure: str,
    area: str,
    before: str,
    after: str,
    sex: str = "alla",
    group: str = "",
) -> Comparison | None:
    """Return a county beside riket, the rest and the other counties, or None without the figures."""
    county = find_change(frame, measure, area, before, after, sex, group)
    riket = find_change(frame, measure, areas.RIKET, before, after, sex, group)
    if county is None or riket is None:
        return None
    rest = None
    if measure_of(measure).additive:
        first = rest_of_country(frame, measure, area, before, sex, group)
        last = rest_of_country(frame, measure, area, after, sex, group)
        rest = Change(first, last) if first and last else None
    table = county_changes(frame, measure, before, after, sex, group)
    first_area, last_area = table["area"].iloc[0], table["area"].iloc[-1]
    return Comparison(
        county=county,
        riket=riket,
        rest=rest,
        rank=int(table.set_index("area").loc[area, "rank"]),
        counties=len(table),
        largest_fall=change(frame, measure, first_area, before, after, sex, group),
        smallest_fall=change(frame, measure, last_area, before, after, sex, group),
    )
