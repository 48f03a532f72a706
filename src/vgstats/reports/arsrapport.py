"""A county's year in one report: its follow-up, and the parts of other kinds that there is something for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.catalogue.periods import Period
from vgstats.catalogue.requirements import EVERY_COUNTY, bundled_judgements
from vgstats.reports.base.parts import WithParts
from vgstats.reports.uppfoljning import Parameters as OfFollowUp
from vgstats.reports.uppfoljning import Uppfoljning


class Parameters(OfFollowUp):
    """What one year's report is about: a county, the time before, and the year that is told, which `after` ends.

    `requirements` is the list of requirements that is told; left out it is the one by which the county was judged last
    after the time before.
    """

    requirements: str = ""

    @property
    def year(self) -> str:
        """The year that is told: that of the later period."""
        return str(Period.parse(self.after).end.year)

    @property
    def judged(self) -> tuple[str, str]:
        """The list of requirements that is told, and the period of its judgements; empty where there are none."""
        first, last = Period.parse(self.before).end, Period.parse(self.after).end
        found = [
            (one.period, one.requirements)
            for one in bundled_judgements()
            if one.area in (self.county, EVERY_COUNTY)
            and self.requirements in ("", one.requirements)
            and first < Period.parse(one.period).end <= last
        ]
        period, of = max(found, default=(self.year, self.requirements))
        return of, period


class Arsrapport(WithParts, Uppfoljning):
    """The follow-up of a county, with the other parts of its year."""

    name = "arsrapport"
    model = Parameters
    parts: ClassVar = {
        "krav": "Krav och hur länet uppfyller dem.",
        "sjukfall": "Kartläggning ur regionens eget register.",
    }

    @classmethod
    def values_of(cls, name: str, parameters: Any) -> dict[str, Any]:
        """Return the values of a part's parameters: of the requirements too, which the county was judged by."""
        values = super().values_of(name, parameters)
        of, period = parameters.judged
        return values | {"requirements": of, "period": period} if name == "krav" else values

    def title(self) -> Title:
        """Return the year and the county, and under it what is followed up."""
        return self.headed(
            f"Årsrapport {self.parameters.year}, {self.area_name}", super().title().line
        )

    def index_row(self) -> IndexRow:
        """Return the row of the follow-up, under the year."""
        return replace(super().index_row(), heading=f"Årsrapporter {self.parameters.year}")
