"""A kommun as the sections of its report read it: the parameters and the released figures."""

from __future__ import annotations

from typing import Any

from vgstats.catalogue import areas
from vgstats.methods.before_after import Change
from vgstats.reports.bundle import Bundle
from vgstats.observations import SEXES, Value
from vgstats.reports.followup import Followup
from vgstats.reports.kinds import given_or_gathered
from vgstats.reports.kommun import MEASURES, NAME, Parameters
from vgstats.reports.parameters import checked
from vgstats.reports.uppfoljning import KOMMUN_MEASURE


class OfKommun:
    """A kommun's figures, and in `county` those of the county that it lies in."""

    def __init__(self, parameters: Parameters, bundle: Bundle) -> None:
        self.parameters = parameters
        self.county = Followup(parameters.of_county, bundle)
        self.area = parameters.area
        self.area_name = areas.name(parameters.area)

    def change(self, measure: str = KOMMUN_MEASURE, sex: str = "alla") -> Change | None:
        """Return how a measure changed in the kommun, None without figures."""
        return self.county.change(measure, sex, area=self.area)

    def main_change(self) -> Change:
        """Return how the ohälsotal changed, which every report has (see `kommun.check_figures`)."""
        found = self.change()
        assert found is not None  # noqa: S101 - checked before the report is made
        return found

    def beside(self) -> dict[str, Change]:
        """Return how the ohälsotal changed in the county and in riket, by area, where there are figures."""
        places = (self.county.area, areas.RIKET)
        found = {area: self.county.change(KOMMUN_MEASURE, area=area) for area in places}
        return {area: change for area, change in found.items() if change}

    def beside_names(self) -> list[str]:
        """Return what the areas of `beside` are called in a sentence."""
        return ["riket" if area == areas.RIKET else areas.name(area) for area in self.beside()]

    @property
    def preliminary(self) -> list[Value]:
        """One of the later numbers of each measure, here and beside, whose source calls them preliminary."""
        own = [self.change(measure, sex) for measure in MEASURES for sex in SEXES]
        return self.county.preliminary_among([*own, *self.beside().values()])

    def decembers(self, area: str) -> list[Value]:
        """Return an area's ohälsotal in all Decembers there are, oldest first."""
        found = self.county.series(KOMMUN_MEASURE, area)
        return [value for value in found if value.period.endswith("-12")]


def open_report(
    lan: str,
    kommun: str,
    before: str,
    after: str,
    disclosure: dict[str, Any] | None = None,
    bundle: str = "",
) -> OfKommun:
    """Return the report that a notebook shows.

    Args:
        lan: the county's two-digit code, as text.
        kommun: the kommun's four-digit code, as text.
        before: the earlier period, such as `2005-12`.
        after: the later period.
        disclosure: the rule for small numbers in counts that a region keeps itself (see `Disclosure`).
        bundle: the folder that a batch wrote the figures to; empty to gather them here and now.

    Raises:
        VgstatsError: the parameters are not valid, there are no figures for them, or the bundle was
            made for others.
    """
    values = {
        "lan": lan,
        "kommun": kommun,
        "before": before,
        "after": after,
        "disclosure": disclosure or {},
    }
    parameters = checked(Parameters, values)
    return OfKommun(parameters, given_or_gathered(NAME, parameters, bundle))
