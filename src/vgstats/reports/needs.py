"""What a follow-up report reads, whether that is enough, and how to get what is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd

from vgstats.catalogue import areas
from vgstats.methods.over_areas import other_forms, period_pair
from vgstats.methods.comparing.comparison import INSURED
from vgstats.methods.prices import KPI
from vgstats.reports.bundle import gather, released_for
from vgstats.errors import VgstatsError
from vgstats.catalogue.agreements import all_agreements, all_remarks
from vgstats.catalogue.measures import catalogue
from vgstats.observations import SYNTHETIC
from vgstats.catalogue.periods import Period
from vgstats.reports.uppfoljning import (
    COSTS,
    COUNTY_COMPARISONS,
    KOMMUN_MEASURE,
    ONGOING,
    OUTCOMES,
    POPULATION,
    SERIES,
    SERIES_FIRST_YEAR,
    SERIES_YEARS_AFTER,
    SHARES,
    Parameters,
)
from vgstats.sources.datasets import datasets
from vgstats.store.store import Store
from vgstats.store.wanted import DataRequest, Wanted


def data_request(parameters: Parameters) -> DataRequest:
    """Return what a report reads.

    The measures compared, in the report's periods, for the county and riket; the ohälsotal month by month
    for their series (see `series_months`) and each December up to the report's last for the other
    counties; the county's kommuner and the other counties; and in all periods what the agreement's money
    and actions are told with.
    """
    own, riket = parameters.area, areas.RIKET
    months = series_months(parameters)
    last = Period.parse(parameters.after).end.year
    decembers = tuple(m for m in months if m.endswith("-12") and int(m[:4]) <= last)
    series = [Wanted(area, SERIES, months) for area in (own, riket)]
    series += [Wanted(area, SERIES, decembers) for area in areas.lan() if area != own]
    compared = [
        Wanted(area, measure, periods_in_use(parameters, measure))
        for measure in [*OUTCOMES, *COSTS, SHARES, *parameters.further]
        for area in (own, riket)
    ]
    kommuner = [
        Wanted(kommun, KOMMUN_MEASURE, periods_in_use(parameters, KOMMUN_MEASURE))
        for kommun in areas.kommuner(own)
    ]
    others = [
        Wanted(lan, measure, periods_in_use(parameters, measure))
        for measure in COUNTY_COMPARISONS
        for lan in areas.lan()
        if lan != own
    ]
    weights = [
        Wanted(area, INSURED, periods_in_use(parameters, KOMMUN_MEASURE))
        for area in (own, riket, *areas.kommuner(own))
    ]
    weights += [
        Wanted(kommun, POPULATION, _years_of(parameters, KOMMUN_MEASURE))
        for kommun in areas.kommuner(own)
    ]
    people = [
        Wanted(area, POPULATION, _years_before(parameters, ONGOING))
        for area in (riket, *areas.lan())
    ]
    prices = [
        Wanted(area, measure, years)
        for cost in COSTS
        for area, measure, years in (
            (riket, KPI, _months_of(parameters, cost)),
            (own, POPULATION, _years_of(parameters, cost)),
        )
    ]
    followed = all_agreements().get(parameters.intervention)
    picked = (
        [
            Wanted(
                kommun,
                followed.chosen_for_high,
                periods_in_use(parameters, followed.chosen_for_high),
            )
            for kommun in areas.kommuner(own)
        ]
        if followed and followed.chosen_for_high
        else []
    )
    told = [Wanted(own, measure) for measure in _told_with(parameters)]
    if followed:
        told += [Wanted(area, m) for m in followed.figures for area in {followed.area: 0, own: 0}]
        read = {(one.area, one.measure) for one in (*series, *compared, *told)}
        aimed_at = {(goal.area or own, goal.measure): 0 for goal in followed.goals if goal.measure}
        told += [Wanted(area, m) for area, m in aimed_at if m and (area, m) not in read]
    # The series first: of several wishes for a measure and area, the last says which periods are compared.
    every = (*series, *compared, *kommuner, *others, *weights, *people, *prices, *picked, *told)
    return DataRequest(every, own, parameters.intervention)


def series_months(parameters: Parameters) -> tuple[str, ...]:
    """Return the months of the series: from the first comparable year, to some years after the report."""
    last = Period.parse(parameters.after).end.year + SERIES_YEARS_AFTER
    years = range(SERIES_FIRST_YEAR, last + 1)
    return tuple(f"{year}-{month:02}" for year in years for month in range(1, 13))


def _years_of(parameters: Parameters, measure: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p[:4] for p in periods_in_use(parameters, measure)))


def _years_before(parameters: Parameters, measure: str) -> tuple[str, ...]:
    """Return the years before those of a measure's periods: the population at their end is that of its beginning."""
    return tuple(str(int(year) - 1) for year in _years_of(parameters, measure))


def _months_of(parameters: Parameters, measure: str) -> tuple[str, ...]:
    """Return the years of a measure's periods and all their months."""
    years = _years_of(parameters, measure)
    return tuple(p for year in years for p in (year, *(f"{year}-{m:02}" for m in range(1, 13))))


def _told_with(parameters: Parameters) -> list[str]:
    """Return the measures that the money, the actions and the remarks on the county are told with."""
    followed = all_agreements().get(parameters.intervention)
    if followed is None:
        return []
    named: set[str | None] = {*followed.told_with}
    if followed.area == parameters.area:
        named |= {r.measure for r in all_remarks() if r.area == parameters.area}
    return sorted(name for name in named if name in catalogue() and name != SHARES)


def periods_in_use(parameters: Parameters, measure: str) -> tuple[str, ...]:
    """Return the periods under which the figures that a report compares may stand."""
    pair = parameters.periods.get(measure, [parameters.before, parameters.after])
    return _forms(measure, tuple(pair))


@cache
def _forms(measure: str, pair: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(form for period in pair for form in other_forms(measure, period))


def check_figures(
    parameters: Parameters, observations: pd.DataFrame, all_figures: Callable[[], pd.DataFrame]
) -> None:
    """Refuse a report that would have nothing to compare.

    Args:
        parameters: what the report is about.
        observations: the figures that the report reads.
        all_figures: gives those there are in any period, so that the message can say which would do.

    Raises:
        VgstatsError: no measure has figures for the county in both periods, a measure that `periods`
            names has none, or a real agreement would be told with synthetic figures.
    """
    if parameters.intervention and observations["source"].isin(SYNTHETIC).any():
        raise VgstatsError(
            f"intervention: {parameters.intervention!r} is real and the store's figures are made up. "
            "Leave the intervention out, or use a store of real figures."
        )
    name = f"{areas.name(parameters.area)} (lan {parameters.lan!r})"
    hidden = observations["status"] == "suppressed"
    shown = observations[~hidden]
    for measure, (before, after) in parameters.periods.items():
        if period_pair(observations, measure, parameters.area, before, after) is None:
            raise VgstatsError(
                f"periods: {measure} has no figures for {name} in {before} and {after}. "
                f"There are figures for: {_periods_there(all_figures(), measure, parameters.area)}. "
                "Correct the periods or leave the measure out."
            )
    before, after = parameters.before, parameters.after
    if not any(period_pair(shown, m, parameters.area, before, after) for m in OUTCOMES):
        figures = all_figures()
        found = ((m, _periods_there(figures, m, parameters.area)) for m in OUTCOMES)
        there = "; ".join(f"{m}: {periods}" for m, periods in found if periods != "none")
        if hidden.any() and not there:
            raise VgstatsError(
                f"before {before!r}, after {after!r}: all numbers of this report's measures for {name} are hidden, "
                "since they are small or would give small ones away. Choose other periods."
            )
        raise VgstatsError(
            f"before {before!r}, after {after!r}: no measure of this report has figures for {name} in "
            f"both. There are figures for: {there or 'none'}. Choose two of those periods, or get the "
            f"missing ones: {how_to_get('ohalsotal', parameters)}."
        )


def how_to_get(
    measure: str,
    parameters: Parameters,
    *,
    all_counties: bool = False,
    years_before: int = 0,
    years_of: str = "",
) -> str:
    """Return the command that fetches a measure for a report, with some years before its first.

    `years_of` names the measure whose periods it is wanted for, where that is another one.
    Empty when no source has it, or only for years that begin after the comparison does.
    """
    first, last = parameters.periods.get(years_of or measure, [parameters.before, parameters.after])
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


def _periods_there(observations: pd.DataFrame, measure: str, area: str) -> str:
    rows = observations[(observations["measure"] == measure) & (observations["area"] == area)]
    return ", ".join(sorted(set(rows["period"]))) or "none"


def all_periods(parameters: Parameters, store: Store | None) -> pd.DataFrame:
    """Return the figures that there are, and may be shown, of a report's measures in any period."""
    measures = [*OUTCOMES, *parameters.periods]
    everything = DataRequest(tuple(Wanted(parameters.area, measure) for measure in measures))
    release = released_for([everything], store, parameters.disclosure.rule())
    return gather(everything, store, release=release).observations
