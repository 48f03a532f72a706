"""One kommun: its sick leave before and after, beside its county, riket and the county's other kommuner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import pandas as pd
from pydantic import model_validator

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import change_cells, from_to, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import INSURED, POPULATION
from vgstats.errors import VgstatsError, nearest
from vgstats.facts.facts import value_fact
from vgstats.facts.text import say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.observed import period_pair
from vgstats.observations import SEXES, Value
from vgstats.reports.base.gathering import how_to_get, periods_there
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.reports.report import Report, series_months
from vgstats.store.store import Store, Wanted

MEASURES = ("ohalsotal", "sjukpenningtal")


class Parameters(BetweenPeriods):
    """What one report is about: a kommun, by its code, and two periods. The county may be left empty."""

    axes = ("lan", "kommun")

    kommun: str

    @model_validator(mode="before")
    @classmethod
    def _in_its_county(cls, values: Any) -> Any:
        """Fill in the county where it is left empty."""
        if not isinstance(values, dict) or values.get("lan", "") != "":
            return values
        area = f"kommun:{values.get('kommun')}"
        known = areas.all_areas()
        if isinstance(values.get("kommun"), str) and area not in known.index:
            raise ValueError(
                f"kommun: {values['kommun']!r} is no kommun. Expected four digits in quotation marks, such as '1480'."
            )
        lan = known.loc[area, "lan"] if area in known.index else areas.lan()[0]
        return {**values, "lan": str(lan).removeprefix("lan:")}

    @model_validator(mode="after")
    def _check(self) -> Self:
        known = self.known("kommun", {"lan": self.lan})
        if self.kommun not in known:
            raise ValueError(
                f"kommun: {self.kommun!r} is no kommun of {areas.name(self.county)}. Expected four digits in "
                f"quotation marks, such as {known[0]!r}.{nearest(self.kommun, known)}"
            )
        return self

    @property
    def area(self) -> str:
        """The kommun as an area id, such as `kommun:1480`."""
        return f"kommun:{self.kommun}"


class Kommun(Report):
    """The report on one kommun."""

    name = "kommun"
    model = Parameters
    shown = MEASURES

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the report reads.

        The kommun, its county and riket: the measures in the report's periods; the first two: the ohälsotal
        month by month. The county's kommuner: the ohälsotal, and how many the insured and the inhabitants are.
        """
        own, county = parameters.area, parameters.county
        kommuner = areas.kommuner(county)
        compared = parameters.periods_in_use(cls.main)
        years = tuple(dict.fromkeys(period[:4] for period in compared))
        yield from (Wanted(area, cls.main, series_months(parameters)) for area in (own, county))
        for measure in MEASURES:
            when = parameters.periods_in_use(measure)
            yield from (Wanted(area, measure, when) for area in (own, county, areas.RIKET))
        yield from (Wanted(kommun, cls.main, compared) for kommun in kommuner)
        yield from (Wanted(area, INSURED, compared) for area in (county, *kommuner))
        yield from (Wanted(kommun, POPULATION, years) for kommun in kommuner)

    @classmethod
    def check(cls, parameters: Parameters, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report that would have nothing to compare.

        Raises:
            VgstatsError: the ohälsotal of the kommun is not there for both periods.
        """
        before, after = parameters.before, parameters.after
        if period_pair(observations, cls.main, parameters.area, before, after) is None:
            there = periods_there(observations, cls.main, parameters.area)
            command = how_to_get(cls.main, parameters)
            raise VgstatsError(
                f"before {before!r}, after {after!r}: {parameters.area_name} (kommun {parameters.kommun!r}) has "
                f"no ohälsotal in both. There is one for: {there}. Choose two of those periods, or "
                "leave the kommun out."
                + (f" What is missing may be had with: {command}." if command else "")
            )

    @property
    def preliminary(self) -> list[Value]:
        """One of the later numbers of each measure, here and beside, whose source calls them preliminary."""
        return self.preliminary_among(
            (
                *(self.change(m, sex) for m in MEASURES for sex in SEXES),
                *self.beside(self.main).values(),
            )
        )

    def title(self) -> Title:
        """Return the report's heading and the line under it."""
        change = self._main_change()
        others = self.beside_names(self.main)
        line = (
            say("Övning på påhittade siffror")
            if self.synthetic
            else say("Kommunen bredvid {others}", others=swedish_list(others))
            if others
            else say("Kommunen för sig")
        )
        when = f"{period_words(change.before)} och {period_words(change.after)}"
        return self.headed(f"Ohälsotalet i {self.area_name}, {when}", line)

    def index_row(self) -> IndexRow:
        """Return the kommun's ohälsotal after and its change, and those of riket."""
        change = self._main_change()
        riket = self.change(self.main, area=areas.RIKET)
        return self.row(
            heading=f"Ohälsotalet i kommuner, {period_words(change.before)} och {period_words(change.after)}",
            about=f"Ohälsotal, dagar, förändring {from_to(change)}",
            level=value_fact(change.after),
            percent=change_facts(change).percent,
            unchanged=change.within_rounding,
            riket=tuple(change_cells(self, self.main, area=areas.RIKET)[1::2]) if riket else (),
        )

    def _main_change(self) -> Change:
        found = self.change(self.main)
        assert found is not None  # noqa: S101 - see `check`
        return found
