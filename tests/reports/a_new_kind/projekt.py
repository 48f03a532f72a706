"""A small project: one agreement or project, what it did, and what its county's measures did over its time."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import from_to
from vgstats.catalogue import areas
from vgstats.errors import VgstatsError
from vgstats.facts.text import say
from vgstats.methods.before_after import change_facts
from vgstats.methods.observed import period_pair
from vgstats.reports.base.parameters import BetweenPeriods, LanCode
from vgstats.reports.base.surroundings import told_with
from vgstats.reports.report import Report
from vgstats.store.store import Store, Wanted


class Parameters(BetweenPeriods):
    """What one report is about: a county, two periods, a project, and a county to see it beside."""

    intervention: str
    beside: LanCode


class Projekt(Report):
    """The report on a project."""

    name = "projekt"
    model = Parameters
    main = "sjukpenningtal"
    shown = ("sjukpenningtal", "ohalsotal")

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return the county's and riket's measures, and what the project's goals and actions are told with."""
        for measure in cls.shown:
            when = parameters.periods_in_use(measure)
            places = (parameters.area, f"lan:{parameters.beside}", areas.RIKET)
            yield from (Wanted(area, measure, when) for area in places)
        told = told_with(parameters.intervention, parameters.area)
        yield from (Wanted(parameters.area, measure) for measure in told)

    @classmethod
    def check(cls, parameters: Parameters, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report without the main measure in both periods."""
        pair = (parameters.before, parameters.after)
        if period_pair(observations, cls.main, parameters.area, *pair) is None:
            raise VgstatsError(
                f"{parameters.label}: there is no {cls.main} for both. Choose others."
            )

    def title(self) -> Title:
        """Return the project's name and its county."""
        followed = self.agreement
        name = followed.name if followed else "Projektet"
        other = areas.name(f"lan:{self.parameters.beside}")
        line = say("Ett projekt och länets siffror, bredvid {other}", other=other)
        return self.headed(f"{name} i {self.area_name}", line)

    def index_row(self) -> IndexRow:
        """Return the county's change in the main measure."""
        change = self.change(self.main)
        assert change is not None
        percent = change_facts(change).percent
        cells = (say("{p:signed} %", p=percent),)
        about = f"Sjukpenningtal, förändring {from_to(change)}"
        return self.row(
            heading="Projekt", about=about, columns=("Procent",), cells=cells, percent=percent
        )
