"""A local project (insats): what it was, what happened where it ran, beside others, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import as_written, from_to, ran_words
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, all_agreements
from vgstats.catalogue.measures import INSURED
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError, nearest
from vgstats.facts.facts import value_fact
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, change_facts
from vgstats.observations import SYNTHETIC
from vgstats.reports.base.own_figures import unit_changes
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.reports.report import Report, series_months
from vgstats.store.store import Store, Wanted

MEASURES = ("sjukpenningtal", "ohalsotal")  # of the population


def _project(id_: str) -> str:
    known = {one.id: one for one in all_agreements().values() if one.project}
    if id_ in known:
        return id_
    if id_ in all_agreements():
        raise ValueError(
            f"{id_!r} is an agreement and no project. Choose a project ({', '.join(known)}), or make a report "
            "uppfoljning of the agreement."
        )
    raise ValueError(
        f"{id_!r} is no project. Known: {', '.join(known)}.{nearest(id_, known)} For one of your own, write it under "
        "projects in a file and name that with own, such as own: projekt.yaml."
    )


class Parameters(BetweenPeriods):
    """What one report is about: a project (`intervention`) in a county, and two periods of the population's series."""

    intervention: Annotated[str, AfterValidator(_project)]

    @property
    def followed(self) -> Agreement:
        """The project."""
        return all_agreements()[self.intervention]

    @property
    def area(self) -> str:
        """Where the project ran, as an area id."""
        return self.followed.area

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending: the area's name, the periods, and the project."""
        return f"{super().file_name}-{self.intervention}"

    @property
    def label(self) -> str:
        """The project, its area and the periods, in words."""
        return f"{self.followed.short_name}, {super().label}"

    @property
    def further(self) -> list[str]:
        """The measures that the report shows besides those of its kind: those that the project's source gives."""
        return list(dict.fromkeys([*self.measures, *self.followed.figures]))

    def told_apart(self) -> dict[str, str]:
        """Return the keys and values by which a parameter file tells the report from its others."""
        return {**super().told_apart(), "intervention": self.intervention}

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together: a project of another county, or periods that do not lie around it."""
        yield from super().at_odds()
        where = self.area
        if self.county not in (where, areas.all_areas().loc[where, "lan"]):
            yield (
                f"intervention: {self.intervention!r} belongs to {areas.name(where)}, not to "
                f"{areas.name(self.county)}. Correct lan, or choose a project of that county."
            )
        before, after = Period.parse(self.before), Period.parse(self.after)
        dates = self.followed.dates
        if dates and (before.start > dates[1] or after.end < dates[0]):
            yield (
                f"intervention: {self.intervention!r} ran from {dates[0]} to {dates[1]}, which does not lie between "
                f"before {self.before!r} and after {self.after!r}. Choose periods around it."
            )


class Insats(Report):
    """The report on a local project. It needs no figures: what is not known is left out, or said to be unknown."""

    name = "insats"
    model = Parameters
    main = MEASURES[0]
    shown = MEASURES
    parameters: Parameters

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the report reads.

        The population's measures for the area, its county and riket month by month, and for the county's kommuner and
        all counties in the periods and each December; what the project's own source gives, and what its goals and
        actions are told with.
        """
        own, county, followed = parameters.area, parameters.county, parameters.followed
        near = tuple(dict.fromkeys((own, county, areas.RIKET)))
        months = series_months(parameters)
        decembers = tuple(month for month in months if month.endswith("-12"))
        for measure in MEASURES:
            when = parameters.periods_in_use(measure)
            others = [a for a in (*areas.kommuner(county), *areas.lan()) if a not in near]
            yield from (Wanted(area, measure, (*when, *decembers)) for area in others)
            yield from (Wanted(area, measure, months) for area in near)
        compared = parameters.periods_in_use(MEASURES[0])
        yield from (Wanted(area, INSURED, compared) for area in areas.kommuner(county))
        told = {*followed.figures, *followed.told_with} - {*MEASURES}
        yield from (Wanted(own, measure) for measure in sorted(told))
        aims = ((goal.area or own, goal.measure) for goal in followed.goals if goal.measure)
        yield from (Wanted(a, m) for a, m in aims if m not in told and m not in MEASURES)

    @classmethod
    def check(cls, parameters: Parameters, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report that would tell a real project with synthetic figures.

        Raises:
            VgstatsError: it would.
        """
        if not parameters.followed.own and observations["source"].isin(SYNTHETIC).any():
            raise VgstatsError(
                f"intervention: {parameters.intervention!r} is real and the store's figures are made up. "
                "Use a store of real figures."
            )

    @property
    def project(self) -> Agreement:
        """The project that the report is on."""
        followed = self.agreement
        assert followed is not None  # noqa: S101 - see `Parameters`
        return followed

    def population_change(self) -> Change | None:
        """Return the change of the population's first measure that has figures in both periods."""
        return next(filter(None, map(self.change, MEASURES)), None)

    def title(self) -> Title:
        """Return the project's name, and where and when it ran."""
        of = self.project
        place = self.area_name if self.area == self.county else f"{self.area_name} kommun"
        line = say(
            "{name}. Insats i {place}, {when}",
            name=as_written(of.name, of),
            place=place,
            when=ran_words(of),
        )
        return self.headed(f"{of.short_name} i {self.area_name}", line)

    def index_row(self) -> IndexRow:
        """Return the change of the population's measure, else of the project's own, else only that it is there."""
        of = self.project
        change = self.population_change() or next(iter(unit_changes(self, of, MEASURES)), None)
        heading = "Lokala insatser"
        if change is None:
            return self.row(heading=heading, about=of.short_name)
        measure = measure_of(change.after.measure)
        return self.row(
            heading=heading,
            about=f"{of.short_name}: {measure.name}, {measure.unit}, förändring {from_to(change)}",
            level=value_fact(change.after),
            percent=change_facts(change).percent if change.before.value else None,
            unchanged=change.within_rounding,
        )
