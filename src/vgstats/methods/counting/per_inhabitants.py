"""Counts per 1 000 inhabitants, so that places whose population grew differently can be compared."""

from __future__ import annotations

import pandas as pd

from vgstats.catalogue.measures import measure as measure_of
from vgstats.observations import COLUMNS, KEY, demand_columns, select

POPULATION = "befolkning"
PER = 1000


def per_inhabitants(frame: pd.DataFrame, measure: str, name: str) -> pd.DataFrame:
    """Return a measure's yearly totals per 1 000 inhabitants on 31 December the year before.

    Columns as in the tidy table; the measure is called `name`, the status `derived`, or `noisy` where the
    population is, and the source is that of the count. All ages, as SCB publishes. A count whose place and
    year have no population is left out.

    Args:
        frame: observations with the measure and `befolkning`, both by year.
        measure: the count, such as `pagaende_sjukfall`.
        name: the rate's id in the catalogue.

    Raises:
        VgstatsError: there is no such measure or rate, or the table lacks a column.

    >>> from vgstats import published
    >>> per_inhabitants(published(), "pagaende_sjukfall", "pagaende_sjukfall_per_1000")["measure"].unique().tolist()
    ['pagaende_sjukfall_per_1000']
    """
    for id_ in (measure, name):
        measure_of(id_)
    demand_columns(frame, COLUMNS)
    counts = select(frame, measure=measure, group="")
    counts = counts[counts["value"].notna() & counts["period"].str.fullmatch(r"\d{4}")]
    people = select(frame, measure=POPULATION, group="")
    # A month's population is not that of the year's end.
    people = people[(people["value"] > 0) & people["period"].str.fullmatch(r"\d{4}")]
    people = people.assign(period=(people["period"].str[:4].astype(int) + 1).astype(str))
    # Of several vintages the newest counts.
    people = people.sort_values("retrieved", kind="stable").drop_duplicates(
        ["area", "period", "sex"], keep="last"
    )
    both = counts.astype(dict.fromkeys([*KEY, "status"], object)).merge(
        people[["area", "period", "sex", "value", "status"]].astype(
            {"area": object, "sex": object, "status": object}
        ),
        on=["area", "period", "sex"],
        suffixes=("", "_people"),
    )
    return both.assign(
        measure=name,
        value=PER * both["value"] / both["value_people"],
        resolution=PER * both["resolution"] / both["value_people"],
        status=both["status_people"].where(both["status_people"] == "noisy", "derived"),
    )[list(frame.columns)]
