"""How to get the figures that a report lacks, and which there are."""

from __future__ import annotations

import pandas as pd

from vgstats.disclosure.release import Release
from vgstats.reports.base.bundle import gather, released_for
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.sources.datasets import datasets
from vgstats.store.store import Store
from vgstats.store.wanted import DataRequest, Wanted


def how_to_get(
    measure: str,
    parameters: BetweenPeriods,
    *,
    all_counties: bool = False,
    years_before: int = 0,
    years_of: str = "",
) -> str:
    """Return the command that fetches a measure for a report, with some years before its first.

    `years_of` names the measure whose periods it is wanted for, where that is another one.
    Empty when no source has it, or only for years that begin after the comparison does.
    """
    first, last = parameters.pair(years_of or measure)
    known = datasets()
    if any(t.measure == measure and not t.confirmed and not t.first_year for t in known.scb.tables):
        return "vgstats fetch --discover --source scb"
    years = [d.first_year or 0 for d in known.fk.datasets if measure in d.measures]
    years += [0 for kpi in known.kolada.kpis if kpi.measure == measure]
    years += [table.first_year or 0 for table in known.scb.tables if table.measure == measure]
    if not years or int(first[:4]) < min(years):
        return ""
    first = f"{int(first[:4]) - years_before}{first[4:]}"
    where = "alla --no-kommuner" if all_counties else parameters.lan
    return f"vgstats fetch {measure} --lan {where} --from {first} --to {last}"


def periods_there(observations: pd.DataFrame, measure: str, area: str) -> str:
    """Return the periods in which an area has figures of a measure, in words."""
    rows = observations[(observations["measure"] == measure) & (observations["area"] == area)]
    return ", ".join(sorted(set(rows["period"]))) or "none"


def in_any_period(
    parameters: BetweenPeriods, measures: list[str], store: Store | None
) -> pd.DataFrame:
    """Return the figures that there are, and may be shown, of measures for a report's area in any period."""
    everything = DataRequest(tuple(Wanted(parameters.area, measure) for measure in measures))
    release: Release = released_for([everything], store, parameters.disclosure.rule())
    return gather(everything, store, release=release).observations
