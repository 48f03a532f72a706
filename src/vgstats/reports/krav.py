"""Requirements followed up: how far a county meets each requirement of a list, and what was paid for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import AfterValidator

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import as_written, capitalised
from vgstats.catalogue import areas
from vgstats.catalogue.measures import POPULATION, catalogue
from vgstats.catalogue.periods import Period, PeriodText
from vgstats.catalogue.requirements import MET, Requirements, all_requirements
from vgstats.errors import VgstatsError, nearest
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import say
from vgstats.methods.observed import with_worked_out, worked_out_from
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.judged import judged, judged_periods
from vgstats.reports.base.parameters import InPeriod, out_of_order
from vgstats.reports.report import Report
from vgstats.store.store import Store, Wanted


def list_id(id_: str) -> str:
    """Return the id of a list of requirements.

    Raises:
        ValueError: there is no such list.
    """
    if id_ not in all_requirements():
        raise ValueError(
            f"{id_!r} is no list of requirements. Known: {', '.join(all_requirements())}."
            + nearest(id_, all_requirements())
            + " For one of your own, name its file with own, such as own: krav.yaml."
        )
    return id_


class Parameters(InPeriod):
    """What one report is about: a county, a period and a list of requirements.

    `since` is an earlier period whose judgements are compared with, or empty.
    """

    requirements: Annotated[str, AfterValidator(list_id)]
    since: PeriodText | Literal[""] = ""

    @property
    def follows(self) -> tuple[str, ...]:
        """The id of the list."""
        return (self.requirements,)

    @property
    def followed(self) -> Requirements:
        """The list of requirements."""
        return all_requirements()[self.requirements]

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending: the area's name, the period, and the list."""
        return f"{super().file_name}-{self.requirements}"

    @property
    def label(self) -> str:
        """The report's area, list and period, in words."""
        return (
            f"{self.area_name}, {self.followed.short_name}, {Period.parse(self.period).swedish()}"
        )

    def told_apart(self) -> dict[str, str]:
        """Return the keys and values by which a parameter file tells the report from its others."""
        return {**super().told_apart(), "requirements": self.requirements}

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together: a period to compare with that is no earlier one."""
        yield from super().at_odds()
        if self.since:
            yield out_of_order("since", self.since, "period", self.period)


class Krav(Report):
    """The report on how a county meets a list of requirements."""

    name = "krav"
    model = Parameters
    main = ""
    parameters: Parameters

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the report reads: payments and inhabitants of all counties, the indicators of the county."""
        followed = parameters.followed
        if followed.payments:
            places = (*areas.lan(), areas.RIKET)
            for area in places:
                yield Wanted(area, followed.payments, (parameters.period,))
                yield Wanted(area, POPULATION, (parameters.period[:4],))
        named = (one.measure for one in followed.indicators if one.measure in catalogue())
        read = dict.fromkeys(part for measure in named for part in worked_out_from(measure))
        yield from (Wanted(area, one) for one in read for area in (parameters.area, areas.RIKET))

    def read(self, parameters: Any, bundle: Bundle, wanted: Iterable[Wanted]) -> None:
        """Take the figures and texts of a bundle, and settle by them what the report tells.

        Raises:
            VgstatsError: nobody has judged the county for the period.
        """
        super().read(parameters, bundle, wanted)
        (self.requirements,) = self.texts.requirements
        self.judged = judged(self.requirements, self.texts.judgements, self.area, parameters.period)
        named = (one.measure for one in self.requirements.indicators)
        told = (self.requirements.payments, *named)
        self.shown = tuple(m for m in told if m in catalogue())
        self.main = next(iter(self.shown), POPULATION)

    def work_out(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Return the released figures with the indicators that are worked out of others."""
        named = {one.measure for one in self.parameters.followed.indicators if one.measure}
        made = {measure for measure in named if worked_out_from(measure) != (measure,)}
        self._asked |= {(one, area) for one in made for area in (areas.RIKET, self.area)}
        return with_worked_out(observations) if made else observations

    def title(self) -> Title:
        """Return the name of the list and its area."""
        of = self.requirements
        when = Period.parse(self.parameters.period).swedish()
        line = say(
            "{who} har ställt kraven. Bedömningen är gjord av {judge}",
            who=as_written(capitalised(of.set_by), of),
            judge=as_written(of.judged_by, of),
        )
        return self.headed(f"{of.name}: {self.area_name}, {when}", line)

    def index_row(self) -> IndexRow:
        """Return how many of the requirements the county meets."""
        met = [one for one in self.judged if one.status == MET]
        when = Period.parse(self.parameters.period).swedish()
        called = self.requirements.called.get(MET, MET)
        cell = say(
            "{met} av {all}",
            met=count_fact("uppfyllda krav", len(met)),
            all=count_fact("antal krav", len(self.judged)),
        )
        paid = (
            self.value(self.requirements.payments, self.parameters.period)
            if self.requirements.payments
            else None
        )
        whole = (
            self.value(self.requirements.payments, self.parameters.period, area=areas.RIKET)
            if paid
            else None
        )
        return self.row(
            heading=f"Uppföljda krav, {when}",
            about=f"{self.requirements.name}, {when}",
            columns=(capitalised(called), *(["Medel, kronor"] if paid else [])),
            cells=(cell, *([say("{x}", x=value_fact(paid))] if paid else [])),
            riket=("", say("{x}", x=value_fact(whole))) if whole else (),
            note=self.requirements.basis,
        )

    @classmethod
    def enough(cls, parameters: Any, bundle: Bundle, store: Store | None) -> None:
        """Refuse a report on a county that nobody has judged, for its period or the one to compare with.

        Raises:
            VgstatsError: nobody has judged the county for the period, or for `since`.
        """
        of, rows = parameters.followed, bundle.texts.judgements
        there = judged_periods(of, rows, parameters.area)
        asked = {"period": parameters.period, "since": parameters.since}
        for key, period in asked.items():
            if not period or period in there:
                continue
            raise VgstatsError(
                f"{key}: nobody has judged {parameters.area_name} by {of.id!r} for {period!r}. "
                + (
                    f"There are judgements for: {', '.join(there)}. Choose one of them."
                    if there
                    else "Write judgements in the file that own names, or leave the county out."
                )
            )

    def named_sources(self) -> pd.DataFrame:
        """Return the sources of the list, of the judgements of the county, and of the figures that are shown."""
        of = self.requirements
        named = {of.source, *of.more_sources, *self._read()["source"]}
        named |= {one.judgement.source for one in self.judged if one.judgement}
        return self.sources[self.sources.index.isin(named)]

    def _read(self) -> pd.DataFrame:
        """Return the figures from the sources that the report cites."""
        return self.observations[self.observations["source"].isin(self.cited)]
