"""The report on one kommun: its parameters and what it reads."""

from __future__ import annotations

import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator

from vgstats.catalogue import areas
from vgstats.methods.observed import period_pair
from vgstats.methods.observed import INSURED
from vgstats.errors import VgstatsError, nearest
from vgstats.reports import needs, uppfoljning
from vgstats.reports.parameters import Disclosure, LanCode, PeriodText, in_order
from vgstats.reports.uppfoljning import KOMMUN_MEASURE, POPULATION
from vgstats.store.wanted import DataRequest, Wanted

NAME = "kommun"
MEASURES = (KOMMUN_MEASURE, "sjukpenningtal")


class Parameters(BaseModel):
    """What one report is about: a kommun and the county that it lies in, by their codes, and two periods.

    `disclosure` is the rule for counts that a region keeps itself, of which the report shows none.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    lan: LanCode
    kommun: str
    before: PeriodText
    after: PeriodText
    disclosure: Disclosure = Disclosure()

    @model_validator(mode="after")
    def _check(self) -> Parameters:
        known = areas.kommuner(f"lan:{self.lan}")
        if self.area not in known:
            codes = [area.removeprefix("kommun:") for area in known]
            raise ValueError(
                f"kommun: {self.kommun!r} is no kommun of {areas.name(f'lan:{self.lan}')}. Expected four digits in "
                f"quotation marks, such as {codes[0]!r}.{nearest(self.kommun, codes)}"
            )
        in_order("before", self.before, "after", self.after)
        return self

    @property
    def area(self) -> str:
        """The kommun as an area id, such as `kommun:1480`."""
        return f"kommun:{self.kommun}"

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending, from validated codes only."""
        return f"{self.kommun}-{self.before}-{self.after}"

    @property
    def of_county(self) -> uppfoljning.Parameters:
        """The same for the county that the kommun lies in."""
        return uppfoljning.Parameters(
            lan=self.lan, before=self.before, after=self.after, disclosure=self.disclosure
        )


def data_request(parameters: Parameters) -> DataRequest:
    """Return what a report reads.

    The kommun, its county and riket: the measures in the report's periods; the first two: the ohälsotal
    month by month (see `needs.series_months`).
    The county's kommuner: the ohälsotal, and how many the insured and the inhabitants are.
    """
    county = parameters.of_county
    beside = (parameters.area, county.area, areas.RIKET)
    kommuner = areas.kommuner(county.area)
    compared = needs.periods_in_use(county, KOMMUN_MEASURE)
    years = tuple(dict.fromkeys(period[:4] for period in compared))
    months = needs.series_months(county)
    return DataRequest(
        (
            *(Wanted(area, KOMMUN_MEASURE, months) for area in (parameters.area, county.area)),
            *(
                Wanted(area, measure, needs.periods_in_use(county, measure))
                for measure in MEASURES
                for area in beside
            ),
            *(Wanted(kommun, KOMMUN_MEASURE, compared) for kommun in kommuner),
            *(Wanted(area, INSURED, compared) for area in (county.area, *kommuner)),
            *(Wanted(kommun, POPULATION, years) for kommun in kommuner),
        )
    )


def check_figures(parameters: Parameters, observations: pd.DataFrame) -> None:
    """Refuse a report that would have nothing to compare.

    Raises:
        VgstatsError: the ohälsotal of the kommun is not there for both periods.
    """
    before, after = parameters.before, parameters.after
    if period_pair(observations, KOMMUN_MEASURE, parameters.area, before, after) is None:
        own = observations[observations["area"] == parameters.area]
        there = ", ".join(sorted(set(own.loc[own["measure"] == KOMMUN_MEASURE, "period"])))
        command = needs.how_to_get(KOMMUN_MEASURE, parameters.of_county)
        raise VgstatsError(
            f"before {before!r}, after {after!r}: {areas.name(parameters.area)} (kommun {parameters.kommun!r}) has "
            f"no ohälsotal in both. There is one for: {there or 'no period'}. Choose two of those periods, or leave "
            "the kommun out." + (f" What is missing may be had with: {command}." if command else "")
        )
