"""The follow-up report (uppföljning): its parameters, the data it asks for, and the two together."""

from __future__ import annotations

import re
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from vgstats import areas
from vgstats.analysis.change import Change, period_pair
from vgstats.analysis.comparison import Comparison, compare
from vgstats.bundle import Bundle, DataRequest, gather
from vgstats.errors import VgstatsError, nearest
from vgstats.interventions import Intervention, all_interventions
from vgstats.measures import catalogue
from vgstats.observations import Value, newest
from vgstats.periods import Period

NAME = "uppfoljning"

COUNTY_COMPARISON = "pagaende_sjukfall"
KOMMUN_MEASURE = "ohalsotal"
COSTS = [
    "kostnad_sjukpenning",
    "kostnad_sa",
    "kostnad_rehabiliteringstjanster",
    "transfereringar",
]
OUTCOMES = [
    "ohalsotal",
    "sjukpenningtal",
    "sjukfall_60_dagar",
    "pagaende_sjukfall",
    "sa_mottagare",
    "sa_nya",
]
SHARES = "sjukfall_60_dagar_andel"
SHARES_OF = "sjukfall_60_dagar"


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
        if areas.all_areas().loc[followed.area, "lan"] == self.area:
            return
        if followed.area not in (areas.RIKET, self.area):
            raise ValueError(
                f"intervention: {self.intervention!r} belongs to {areas.name(followed.area)}, not "
                f"to {areas.name(self.area)}. Name one of that county or of riket, or leave it out."
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
    """Return what a report reads: everything on its county and riket, the kommuner, the others."""
    own = [parameters.area, areas.RIKET]
    return DataRequest(
        measures_by_area=(
            *((area, tuple(catalogue())) for area in own),
            *((kommun, (KOMMUN_MEASURE,)) for kommun in areas.kommuner(parameters.area)),
            *((lan, (COUNTY_COMPARISON,)) for lan in areas.lan() if lan != parameters.area),
        )
    )


class Followup:
    """A follow-up's parameters together with the released figures: what the sections read."""

    def __init__(self, parameters: Parameters, bundle: Bundle) -> None:
        self.parameters = parameters
        self.observations: pd.DataFrame = bundle.observations
        self.sources: pd.DataFrame = bundle.sources
        self.area = parameters.area
        self.area_name = areas.name(parameters.area)
        self._values = newest(bundle.observations)
        self._comparisons: dict[str, Comparison | None] = {}

    @property
    def intervention(self) -> Intervention | None:
        """The agreement or project that is followed up."""
        return all_interventions().get(self.parameters.intervention)

    def periods(self, measure: str, area: str | None = None) -> tuple[str, str] | None:
        """Return the two periods that the report compares for a measure, None without figures."""
        before, after = self.parameters.periods.get(
            measure, [self.parameters.before, self.parameters.after]
        )
        return period_pair(self.observations, measure, area or self.area, before, after)

    def change(
        self, measure: str, sex: str = "alla", group: str = "", area: str | None = None
    ) -> Change | None:
        """Return the change of a measure over the report's periods, None without figures."""
        pair = self.periods(measure, area)
        if pair is None:
            return None
        place = area or self.area
        first, last = (self._values.get((measure, place, period, sex, group)) for period in pair)
        return Change(first, last) if first and last else None

    def comparison(self, sex: str = "alla") -> Comparison | None:
        """Return the county's ongoing cases beside the country's, None without figures."""
        if sex not in self._comparisons:
            pair = self.periods(COUNTY_COMPARISON)
            self._comparisons[sex] = (
                compare(self.observations, COUNTY_COMPARISON, self.area, *pair, sex=sex)
                if pair
                else None
            )
        return self._comparisons[sex]

    def value(
        self, measure: str, period: str, group: str = "", area: str | None = None
    ) -> Value | None:
        """Return one number for both sexes, None when it is not there."""
        return self._values.get((measure, area or self.area, period, "alla", group))

    def series(self, measure: str, area: str | None = None) -> list[Value]:
        """Return all numbers of a measure for both sexes, without groups, oldest first."""
        place = area or self.area
        keys = sorted(
            key for key in self._values if key[:2] == (measure, place) and key[3:] == ("alla", "")
        )
        return [self._values[key] for key in keys]


def check_figures(parameters: Parameters, observations: pd.DataFrame) -> None:
    """Refuse a report that would have nothing to compare.

    Raises:
        VgstatsError: no measure has figures for the county in both periods, or a measure that
            `periods` names has none; the message says what there is.
    """
    name = f"{areas.name(parameters.area)} (lan {parameters.lan!r})"
    for measure, (before, after) in parameters.periods.items():
        if period_pair(observations, measure, parameters.area, before, after) is None:
            raise VgstatsError(
                f"periods: {measure} has no figures for {name} in {before} and {after}. "
                f"There are figures for: {_periods_there(observations, measure, parameters.area)}. "
                "Correct the periods or leave the measure out."
            )
    measures = [*OUTCOMES, *COSTS]
    if not any(
        period_pair(observations, m, parameters.area, parameters.before, parameters.after)
        for m in measures
    ):
        there = "; ".join(
            f"{m}: {periods}"
            for m in measures
            if (periods := _periods_there(observations, m, parameters.area)) != "none"
        )
        raise VgstatsError(
            f"before {parameters.before!r}, after {parameters.after!r}: no measure has figures for "
            f"{name} in both. There are figures for: {there or 'none'}. Choose two of those periods."
        )


def _periods_there(observations: pd.DataFrame, measure: str, area: str) -> str:
    rows = observations[(observations["measure"] == measure) & (observations["area"] == area)]
    return ", ".join(sorted(set(rows["period"]))) or "none"


def open_report(
    lan: str,
    before: str,
    after: str,
    periods: dict[str, list[str]] | None = None,
    intervention: str = "",
    bundle: str = "",
) -> Followup:
    """Return the follow-up that a notebook shows.

    Args:
        lan: the county's two-digit code, as text.
        before: the earlier period, such as `2005-12`.
        after: the later period.
        periods: a measure's own two periods, where they differ.
        intervention: the id of the agreement or project.
        bundle: the folder that a batch wrote the figures to; empty to gather them here and now.

    Raises:
        VgstatsError: the parameters are not valid, or the bundle was made for others.
    """
    parameters = Parameters(
        lan=lan, before=before, after=after, periods=periods or {}, intervention=intervention
    )
    if bundle:
        return Followup(parameters, Bundle.read(bundle, parameters.model_dump(mode="json")))
    return Followup(parameters, gather(data_request(parameters)))
