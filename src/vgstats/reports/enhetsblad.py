"""One unit of health care: its sjukfall of a day on one sheet, for a talk where it works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import number_cell
from vgstats.catalogue import areas
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError, nearest
from vgstats.facts.text import say
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.mapped import (
    CASES,
    EXPECTED,
    LISTED,
    NEED,
    NET_DAYS,
    OF_UNITS,
    STARTED,
    Mapped,
    OfCases,
    of_day,
)
from vgstats.store.store import Store, Wanted

_NAMED = 12
_OF_FEW = (CASES, LISTED, NEED)  # what a sheet has where the cases are too few to divide
_NO_UNITS = (
    "There are no units here: make the cases with vgstats cases, or import a file with units."
)


def _unit_id(id_: str) -> str:
    known = [area.partition("-")[2] for area in _all_units()]
    if id_ in known or (
        id_ and not known
    ):  # where there are none, it is told when figures are asked for
        return id_
    there = f"{', '.join(known[:_NAMED])}{' ...' if len(known) > _NAMED else ''}"
    fault = f"{id_!r} is no unit that is declared.{nearest(id_, known)}"
    raise ValueError(
        f"enhet: {fault if id_ else 'no unit of the county is declared.'} "
        + (f"Known: {there}." if known else _NO_UNITS)
    )


def _all_units() -> list[str]:
    return [area for lan in areas.lan() for area in areas.units(lan)]


class Parameters(OfCases):
    """What one sheet is about: a unit of a county, by its id, and a day."""

    axes = ("lan", "enhet")

    enhet: Annotated[str, AfterValidator(_unit_id)]

    @property
    def area(self) -> str:
        """The unit as an area id, such as `enhet:14-alby`."""
        return f"{areas.UNIT}:{self.lan}-{self.enhet}"

    @property
    def area_name(self) -> str:
        """What the unit is called, its id where it is not declared."""
        return super().area_name if self.area in _all_units() else self.enhet

    @property
    def file_name(self) -> str:
        """The name of the sheet's file without ending: the unit's name and the day."""
        known = self.area in _all_units()
        return super().file_name if known else f"{areas.in_file_signs(self.enhet)}-{self.snapshot}"

    @classmethod
    def known(cls, axis: str, chosen: Mapping[str, str]) -> list[str]:
        """Return all counties, or the units of the one that is chosen."""
        if axis == "lan":
            return super().known(axis, chosen)
        county = f"lan:{chosen['lan']}"
        found = areas.units(county) if county in areas.lan() else []
        return [area.partition("-")[2] for area in found]


class Enhetsblad(Mapped):
    """The sheet of one unit."""

    name = "enhetsblad"
    model = Parameters
    shown = tuple(one for one in OF_UNITS if one not in (STARTED, NET_DAYS))

    def __init__(self, parameters: Any, bundle: Bundle, *, store: Store | None = None) -> None:
        super().__init__(parameters, bundle, store=store)
        if self.too_few(parameters.snapshot):
            self.shown = _OF_FEW

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the sheet reads: the tables of the unit and of its county, and how many the other units have.

        Raises:
            VgstatsError: there are no units.
        """
        if parameters.area not in areas.units(parameters.county):
            others = [a for a in _all_units() if a.partition("-")[2] == parameters.enhet]
            if others:
                code = others[0].partition(":")[2].partition("-")[0]
                raise VgstatsError(
                    f"enhet: {parameters.enhet!r} lies in lan {code!r}, not in {parameters.lan!r}. Correct one of them."
                )
            raise VgstatsError(f"enhet: {parameters.enhet!r} is not declared. {_NO_UNITS}")
        yield from of_day(OF_UNITS, parameters.area, parameters)
        yield from of_day(OF_UNITS, parameters.county, parameters)
        for unit in areas.units(parameters.county):
            for measure in (CASES, EXPECTED, LISTED):
                if unit != parameters.area:
                    when = parameters.periods_in_use(measure)
                    yield Wanted(unit, measure, when, sexes_only=True)

    def title(self) -> Title:
        """Return what the sheet is of, and for what."""
        line = (
            say("Övning på påhittade siffror")
            if self.synthetic
            else say("Att ha framför sig när ni talar om sjukskrivningarna hos er")
        )
        return self.headed(f"Sjukskrivningar vid {self.area_name}, {self._when()}", line)

    def index_row(self) -> IndexRow:
        """Return the unit's cases on the day, and those of the earlier one; no unit is put before another."""
        days = self.parameters.days
        columns = tuple(Period.parse(day).swedish().capitalize() for day in days)
        pair = dict.fromkeys(self.periods(CASES) or ())
        return self.row(
            heading=f"Sjukskrivningar vid enheterna, {self._when()}",
            about="Pågående sjukfall enligt läkarintyg",
            columns=columns[-len(pair) :],
            cells=tuple(number_cell(self, CASES, period) for period in pair),
        )

    def _when(self) -> str:
        return Period.parse(self.parameters.snapshot).swedish()
