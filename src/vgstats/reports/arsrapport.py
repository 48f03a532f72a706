"""A county's year in one report: its follow-up, and the parts of other kinds that there is something for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import pandas as pd
from pydantic import AfterValidator, Field

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import as_written, ran_words
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.periods import Period, PeriodText
from vgstats.catalogue.requirements import EVERY_COUNTY, all_judgements, all_requirements
from vgstats.facts.text import Text, say
from vgstats.reports.base.parameters import Snapshot, out_of_order
from vgstats.reports.base.parts import WithParts
from vgstats.reports.krav import Krav, list_id
from vgstats.reports.report import Report
from vgstats.reports.uppfoljning import Parameters as OfFollowUp
from vgstats.reports.uppfoljning import Uppfoljning, two_periods

_COUNTED_OF = {  # said of parts beside whose numbers the report has the authority's own of the same name
    "sjukfall": "Räknat i regionens eget register: kan inte jämföras med Försäkringskassans tal",
    "sjukfallskartlaggning": "Räknat ur läkarintyg: kan inte jämföras med Försäkringskassans tal",
}


class Parameters(OfFollowUp):
    """What one year's report is about: a county, the time before, and the year that is told, which `after` ends.

    `requirements` is the list of requirements that is told; left out it is the one by which the county was judged last
    after the time before. `project_periods` are the two times that a project's own source compares, where they are
    others than the report's. `snapshots` are the day, or the two, whose sjukfall out of certificates are told.
    """

    requirements: Annotated[str, AfterValidator(lambda id_: id_ and list_id(id_))] = ""
    project_periods: Annotated[
        list[PeriodText], AfterValidator(lambda pair: pair and two_periods(pair))
    ] = Field(default=[])
    snapshots: list[Snapshot] = Field(default=[], max_length=2)

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together: days in the wrong order, or of which the last is not in the year."""
        yield from super().at_odds()
        if len(self.snapshots) > 1:
            yield out_of_order(
                "the first of snapshots", self.snapshots[0], "the last", self.snapshots[-1]
            )
        if self.snapshots and self.snapshots[-1][:4] != self.year:
            yield (
                f"snapshots: {self.snapshots[-1]!r} is no day of {self.year}, the year that the report tells. Write an "
                "earlier day and one of that year, or that one alone."
            )

    @classmethod
    def time_at(cls, path: Sequence[str | int]) -> Literal["", "first", "last"]:
        """Return whether a value of a parameter file is an earlier or a later time; both days of `snapshots` move."""
        return "last" if "snapshots" in path else super().time_at(path)

    @property
    def year(self) -> str:
        """The year that is told: that of the later period."""
        return str(Period.parse(self.after).end.year)

    @property
    def judged(self) -> tuple[str, str]:
        """The list of requirements that is told, and the period of its judgements; empty where there are none."""
        first, last = Period.parse(self.before).end, Period.parse(self.after).end
        found = [
            (end, one.period, one.requirements)
            for one in all_judgements()
            if one.area in (self.county, EVERY_COUNTY)
            and self.requirements in ("", one.requirements)
            and (end := Period.parse(one.period).end) <= last
            and (self.requirements or end > first)
        ]
        _, period, of = max(found, default=(last, self.year, self.requirements))
        return of, period


class Arsrapport(WithParts, Uppfoljning):
    """The follow-up of a county, with the other parts of its year, and the projects that are known in it."""

    name = "arsrapport"
    model = Parameters
    parts: ClassVar = {
        "krav": "Krav och hur länet uppfyller dem.",
        "insats": "Uppföljning av en lokal insats.",
        "sjukfall": "Kartläggning ur regionens eget register.",
        "sjukfallskartlaggning": "",
    }

    @classmethod
    def values_of(cls, name: str, parameters: Any) -> dict[str, Any]:
        """Return the values of a part's parameters: the requirements that it was judged by, a project's times."""
        values = super().values_of(name, parameters)
        if name == "krav":
            of, period = parameters.judged
            return values | {"requirements": of, "period": period}
        if name == "sjukfallskartlaggning" and parameters.snapshots:
            earlier, snapshot = ["", *parameters.snapshots][-2:]
            return values | {"snapshot": snapshot, "earlier": earlier}
        if name == "insats" and parameters.project_periods:
            before, after = parameters.project_periods
            return values | {"before": before, "after": after}
        return values

    @property
    def projects(self) -> list[Agreement]:
        """The projects in the county that ran between the periods, or may have: a call of that time granted them."""
        first, last = (
            Period.parse(at).end for at in (self.parameters.before, self.parameters.after)
        )
        calls = {call.id: call.years for call in self.calls}

        def of_the_time(one: Agreement) -> bool:
            if one.start or one.end:
                return (one.start is None or one.start <= last) and (
                    one.end is None or one.end > first
                )
            years = calls.get(one.project.call, []) if one.project else []
            return not years or (years[-1] >= first.year and years[0] <= last.year)

        found = [
            one
            for one in self.texts.agreements
            if one.project and areas.county_of(one.area) == self.county and of_the_time(one)
        ]
        return sorted(found, key=lambda one: one.short_name)

    def lacking(self, name: str) -> str:
        """Return what is said where the report has no such part: that what was named for it is not there."""
        if name == "krav" and (of := self.parameters.requirements):
            return f"Bedömningar av länet till och med {self.parameters.year} enligt {all_requirements()[of].name}."
        if name == "sjukfallskartlaggning" and (days := self.parameters.snapshots):
            return f"Sjukfall ur läkarintyg, {Period.parse(days[-1]).swedish()}."
        return super().lacking(name)

    def subject(self, part: Report) -> Text:
        """Return what a part is about and when: the requirements and their year, the project and its time."""
        if isinstance(part, Krav):
            of = part.requirements
            return say("{of}, bedömda för {when}", of=as_written(of.name, of), when=_when(part))
        if part.name == "insats" and (followed := part.agreement):
            name = as_written(followed.name, followed)
            return say("{name}, {when}", name=name, when=ran_words(followed))
        heading = super().subject(part)
        counted_of = _COUNTED_OF.get(part.name)
        return say("{heading}. {of}", heading=heading, of=counted_of) if counted_of else heading

    def of_other_time(self, part: Report) -> Text | None:
        """Say of requirements that were judged for another year than the report's that there is no later judgement."""
        if part.name != "krav" or part.parameters.after[:4] == self.parameters.year:
            return None
        form = "Det är den senaste bedömningen: för {year} finns ingen bland uppgifterna."
        return say(form, year=self.parameters.year)

    def title(self) -> Title:
        """Return the year and the county, and under it what is followed up."""
        return self.headed(
            f"Årsrapport {self.parameters.year}, {self.area_name}", super().title().line
        )

    def index_row(self) -> IndexRow:
        """Return the row of the follow-up, under the year."""
        return replace(super().index_row(), heading=f"Årsrapporter {self.parameters.year}")

    def rules_in_series(self) -> list[LawChange]:
        """Return no rules: the year's report shows no series with rules marked, some of them after the year."""
        return []

    def named_sources(self) -> pd.DataFrame:
        """Return the sources that the report, its parts and the county's projects name, each once."""
        named = {*super().named_sources().index, *(s for one in self.projects for s in one.sources)}
        return self.sources[self.sources.index.isin(named)]


def _when(part: Report) -> str:
    return Period.parse(part.parameters.after).swedish()
