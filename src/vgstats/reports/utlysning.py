"""The register of projects: which there are in all counties, when, for whom, and what is not known of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, Field

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Call, all_calls
from vgstats.errors import nearest
from vgstats.facts.facts import count_fact
from vgstats.facts.text import say
from vgstats.reports.base.parameters import OfCountry
from vgstats.reports.report import Report
from vgstats.store.store import Wanted


def _call_id(id_: str) -> str:
    if id_ not in all_calls():
        raise ValueError(
            f"{id_!r} is no call for projects. Known: {', '.join(all_calls())}."
            + nearest(id_, all_calls())
            + " For one of your own, name its file with own, such as own: utlysning.yaml."
        )
    return id_


CallId = Annotated[str, AfterValidator(_call_id)]


class Parameters(OfCountry):
    """What the report is about: the projects of all calls and counties, or of the `calls` that are named."""

    calls: list[CallId] = Field(default=[])

    @property
    def follows(self) -> tuple[str, ...]:
        """The calls that are named."""
        return tuple(self.calls)

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending."""
        return "-".join(["projekt-riket", *map(areas.in_file_signs, self.calls)])

    @property
    def label(self) -> str:
        """What the report is about, in words."""
        return ", ".join(
            ["Projekt i hela landet", *(all_calls()[one].short_name for one in self.calls)]
        )


class Utlysning(Report):
    """The report on all projects that are known."""

    name = "utlysning"
    model = Parameters

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return no figures: the report is made of texts."""
        return ()

    @property
    def projects(self) -> list[Agreement]:
        """The projects, by their counties and then by their names."""
        found = [
            one
            for one in self.texts.agreements
            if one.project
            and (not self.parameters.calls or one.project.call in self.parameters.calls)
        ]
        return sorted(found, key=lambda one: (areas.county_of(one.area), one.short_name))

    @property
    def calls(self) -> list[Call]:
        """The calls that the report tells."""
        named = self.parameters.calls
        return [one for one in self.texts.calls if not named or one.id in named]

    def title(self) -> Title:
        """Return the report's heading and the line under it."""
        return self.headed(
            "Projekt som ska minska sjukfrånvaron",
            say("Vilka som är kända, var, när, för vem och med vilka, och vad som inte är känt"),
        )

    def index_row(self) -> IndexRow:
        """Return how many projects there are, in how many counties, and of how many the time is known."""
        n = count_fact("projekt", len(self.projects))
        counties = count_fact(
            "län med projekt", len({areas.county_of(p.area) for p in self.projects})
        )
        dated = count_fact("projekt med känd tid", sum(p.dates is not None for p in self.projects))
        return self.row(
            heading="Projekt i länen",
            about="Kända projekt",
            columns=("Projekt", "Län", "Tiden känd för"),
            cells=(n, counties, dated),
        )

    def named_sources(self) -> pd.DataFrame:
        """Return the sources of the projects and the calls."""
        named = {s for one in self.projects for s in one.sources} | {c.source for c in self.calls}
        return self.sources[self.sources.index.isin(named)]
