"""Ongoing sjukfall out of a region's own register, counted by kommun and diagnosis, small numbers hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pandas as pd

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import change_cells, month_words
from vgstats.catalogue import areas
from vgstats.errors import VgstatsError
from vgstats.facts.text import Name, say
from vgstats.methods.before_after import change_facts
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.reports.report import Report
from vgstats.store.store import Store, Wanted

COUNTED = "pagaende_sjukfall_eget_register"


class Parameters(BetweenPeriods):
    """What one report is about: a county, two months, and the rule for small numbers."""

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together: times that do not follow each other, or are no months."""
        yield from super().at_odds()
        for name, text in (("before", self.before), ("after", self.after)):
            if not re.fullmatch(r"\d{4}-\d\d", text):
                yield f"{name}: {text!r} is no month. Write it as 2024-12."


class Sjukfall(Report):
    """The report on ongoing sjukfall out of a register."""

    name = "sjukfall"
    model = Parameters
    main = COUNTED
    shown = (COUNTED,)

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the report reads.

        The county by sex in all months there are, and by sex and diagnosis before and after; its kommuner by
        sex before, and by sex and diagnosis after.
        """
        before, after = parameters.before, parameters.after
        kommuner = areas.kommuner(parameters.area)
        yield Wanted(parameters.area, COUNTED, sexes_only=True)
        yield Wanted(parameters.area, COUNTED, (before, after))
        yield from (Wanted(kommun, COUNTED, (before,), sexes_only=True) for kommun in kommuner)
        yield from (Wanted(kommun, COUNTED, (after,)) for kommun in kommuner)

    @classmethod
    def check(cls, parameters: Parameters, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report that would have nothing to compare.

        Raises:
            VgstatsError: there are no counts for the county in both months.
        """
        own = observations[
            (observations["area"] == parameters.area) & (observations["measure"] == COUNTED)
        ]
        there = sorted(set(own["period"]))
        if not {parameters.before, parameters.after} <= set(there):
            found = f"{there[0]} to {there[-1]}" if there else "no month"
            raise VgstatsError(
                f"before {parameters.before!r}, after {parameters.after!r}: the register's counts "
                f"({COUNTED}) for {parameters.area_name} are there for {found}. Choose two of those months, or "
                "import the counts with vgstats import FILE --publisher REGION (vgstats demo makes some up)."
            )

    def title(self) -> Title:
        """Return the report's heading and the line that says where the counts come from."""
        line = (
            say("Övning på påhittade siffror")
            if self.synthetic
            else say(
                "Ur regionens eget register: {names}",
                names=Name(", ".join(self.named_sources()["short"])),
            )
        )
        return self.headed(f"Pågående sjukfall i {self.area_name}, {self._when(' och ')}", line)

    def index_row(self) -> IndexRow:
        """Return the county's counts before and after."""
        then, now = map(month_words, self.parameters.pair(COUNTED))
        change = self.change(COUNTED)
        return self.row(
            heading=f"Pågående sjukfall, {self._when(' och ')}",
            about=f"Pågående sjukfall, förändring från {self._when(' till ')}",
            columns=(then.capitalize(), now.capitalize(), "Förändring", "Procent"),
            cells=tuple(change_cells(self, COUNTED)),
            percent=change_facts(change).percent if change and change.before.value else None,
        )

    def _when(self, between: str) -> str:
        return between.join(map(month_words, self.parameters.pair(COUNTED)))

    def named_sources(self) -> pd.DataFrame:
        """Return the registers that the counts come from."""
        return self.sources[self.sources.index.isin(self.observations["source"])]
