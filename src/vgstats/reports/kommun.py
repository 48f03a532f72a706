"""One kommun: its sick leave before and after, beside its county, riket and the county's other kommuner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, model_validator

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import capitalised, change_cells, comma_sex, from_to, year_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import INSURED, POPULATION
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import value_fact
from vgstats.facts.text import say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.observed import period_pair
from vgstats.observations import SEXES, Value
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.gathering import NoFiguresError, in_any_period, periods_there
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.reports.report import Report, series_months
from vgstats.store.store import Store, Wanted

# The first with figures in both periods leads; the last two are told only where the first two have none.
MEASURES = ("ohalsotal", "sjukpenningtal", "sjukpenningtal_2", "helarsekvivalenter_sjukpenning")
_YEAR_BY_YEAR = _ALWAYS_TOLD = MEASURES[:2]


def _kommun_code(code: str) -> str:
    if (
        code and f"kommun:{code}" not in areas.all_areas().index
    ):  # it is empty where the county is wrong
        raise ValueError(areas.no_code(code, "kommun"))
    return code


class Parameters(BetweenPeriods):
    """What one report is about: a kommun, by its code, and two periods. The county may be left empty."""

    axes = ("lan", "kommun")

    kommun: Annotated[str, AfterValidator(_kommun_code)]

    @model_validator(mode="before")
    @classmethod
    def _in_its_county(cls, values: Any) -> Any:
        """Fill in the county where it is left empty."""
        if not isinstance(values, dict) or values.get("lan", "") != "":
            return values
        area = f"kommun:{values.get('kommun')}"
        known = areas.all_areas()
        lan = known.loc[area, "lan"] if area in known.index else areas.lan()[0]
        return {**values, "lan": str(lan).removeprefix("lan:")}

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together, such as a kommun of another county."""
        yield from super().at_odds()
        if self.kommun not in self.known("kommun", {"lan": self.lan}):
            is_ = f" It is {areas.with_code(self.area)}." if self.kommun else ""
            yield (
                f"kommun: {self.kommun!r} is no kommun of {areas.name(self.county)}.{is_} Correct lan or kommun."
            )

    @property
    def area(self) -> str:
        """The kommun as an area id, such as `kommun:1480`."""
        return f"kommun:{self.kommun}"


class Kommun(Report):
    """The report on one kommun, led by the first of its measures that has figures in both periods."""

    name = "kommun"
    model = Parameters
    shown: tuple[str, ...] = _ALWAYS_TOLD

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the report reads.

        The kommun, its county and riket: the measures in the report's periods, the ohälsotal and the sjukpenningtal
        month by month besides (not riket). The county's kommuner: the measures, and how many the insured and the
        inhabitants are. Of the kommun and its county: cases by part.
        """
        own, county = parameters.area, parameters.county
        kommuner = areas.kommuner(county)
        compared = parameters.periods_in_use(cls.main)
        years = tuple(dict.fromkeys(period[:4] for period in compared))
        months = series_months(parameters)
        yield from (Wanted(area, m, months) for m in _YEAR_BY_YEAR for area in (own, county))
        for measure in MEASURES:
            when = parameters.periods_in_use(measure)
            yield from (Wanted(area, measure, when) for area in (areas.RIKET, county, *kommuner))
        yield from (Wanted(area, INSURED, compared) for area in (county, *kommuner))
        yield from (Wanted(kommun, POPULATION, years) for kommun in kommuner)

    @classmethod
    def check(cls, parameters: Parameters, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report that would have nothing to compare.

        Raises:
            VgstatsError: no measure of the kommun is there for both periods.
        """
        before, after, area = parameters.before, parameters.after, parameters.area
        leads = [*dict.fromkeys((*MEASURES, *parameters.further))]
        shown = observations[
            (observations["status"] != "suppressed") & (observations["group"] == "")
        ]
        of_sex = [shown[shown["sex"] == sex] for sex in ("alla", "kvinnor")]
        if any(period_pair(rows, m, area, before, after) for m in leads for rows in of_sex):
            return
        figures = in_any_period(parameters, leads, store)
        found = ((m, periods_there(figures, m, area)) for m in leads)
        there = "; ".join(f"{m}: {periods}" for m, periods in found if periods != "none")
        raise NoFiguresError(
            f"before {before!r}, after {after!r}: {parameters.area_name} (kommun {parameters.kommun!r}) has "
            "no figures in both. "
            + (
                f"There are figures for: {there}. Choose two of those periods, or leave the kommun out."
                if there
                else "There are none for any period here. Leave the kommun out."
            ),
            cls.main,
            parameters,
        )

    def read(self, parameters: Any, bundle: Bundle, wanted: Iterable[Wanted]) -> None:
        """Take the figures of a bundle, and settle by them what the report leads with and tells."""
        super().read(parameters, bundle, wanted)
        leads = dict.fromkeys((*MEASURES, *parameters.further))
        there = [measure for measure in leads if self.has(measure)]
        self.main = there[0] if there else MEASURES[0]
        others = () if self.main in _ALWAYS_TOLD else (m for m in MEASURES if m in there)
        self.shown = (*_ALWAYS_TOLD, *others)

    @property
    def preliminary(self) -> list[Value]:
        """One of the later numbers of each measure, here and beside, whose source calls them preliminary."""
        return self.preliminary_among(
            (
                *(self.change(m, sex) for m in self.shown for sex in SEXES),
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
        what = capitalised(measure_of(self.main).the_name)
        when = f"{year_words(change.before)} och {year_words(change.after)}"
        return self.headed(f"{what} i {self.area_name}, {when}", line)

    def index_row(self) -> IndexRow:
        """Return the kommun's leading measure after and its change, and those of riket."""
        change = self._main_change()
        sex, measure = change.after.sex, measure_of(self.main)
        riket = self.change(self.main, sex, area=areas.RIKET)
        return self.row(
            heading=f"Sjukfrånvaron i kommuner, {year_words(change.before)} och {year_words(change.after)}",
            about=f"{measure.name}{comma_sex(sex)}, {measure.unit}, förändring {from_to(change)}",
            level=value_fact(change.after),
            percent=change_facts(change).percent if change.before.value else None,
            unchanged=change.within_rounding,
            riket=tuple(change_cells(self, self.main, sex=sex, area=areas.RIKET)[1::2])
            if riket
            else (),
        )

    def _main_change(self) -> Change:
        found = self.change(self.main) or self.change(self.main, "kvinnor")
        assert found is not None  # noqa: S101 - see `check`
        return found

    def _read(self) -> pd.DataFrame:
        """Return the figures that something in the report is worked out from: those beside only where compared."""
        figures = self.observations
        beside = [area for area in (self.county, areas.RIKET) if area != self.area]
        unused = {(m, a) for m in MEASURES for a in beside if not self.change(m, area=a)}
        unused -= {(m, self.county) for m in _YEAR_BY_YEAR if self.yearly(m)}
        key = list(zip(figures["measure"], figures["area"], strict=True))
        return figures[[one not in unused for one in key]]
