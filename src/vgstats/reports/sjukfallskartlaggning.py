"""The sjukfall of a county on a day, built of medical certificates: all the tables that a round publishes."""

from __future__ import annotations

from collections.abc import Iterable

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.words import change_cells
from vgstats.catalogue import areas
from vgstats.catalogue.periods import Period
from vgstats.facts.text import Name, say
from vgstats.methods.before_after import change_facts
from vgstats.reports.base.mapped import (
    CASES,
    DECLARED,
    EXPECTED,
    LISTED,
    NEED,
    Mapped,
    OfCases,
    of_day,
)
from vgstats.store.store import Wanted


class Parameters(OfCases):
    """What one report is about: a county and a day, and an earlier day to lay beside it."""


class Sjukfallskartlaggning(Mapped):
    """The report on a county's cases."""

    name = "sjukfallskartlaggning"
    model = Parameters
    shown = tuple(one for one in DECLARED if one != NEED)  # which is of units alone

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the report reads: all tables of the county, and the cases of its units in all years."""
        yield from of_day(cls.shown, parameters.area, parameters)
        for unit in areas.units(parameters.area):
            for measure in (CASES, EXPECTED, LISTED, NEED):
                yield Wanted(unit, measure, sexes_only=True)

    def title(self) -> Title:
        """Return the report's heading and the line that says where the counts come from."""
        registers = self.sources.loc[self.observations["source"].unique(), "short"]
        line = (
            say("Övning på påhittade siffror")
            if self.synthetic
            else say(
                "Av läkarintyg i regionens egna uppgifter: {names}",
                names=Name(", ".join(dict.fromkeys(registers))),
            )
        )
        day = Period.parse(self.parameters.snapshot).swedish()
        return self.headed(f"Sjukfallskartläggning, {self.area_name}, {day}", line)

    def index_row(self) -> IndexRow:
        """Return the county's cases on the two days, or the day that there are figures of."""
        days = [Period.parse(day).swedish() for day in self.parameters.days]
        cells, change = change_cells(self, CASES), self.change(CASES)
        first, last = self.periods(CASES) or ("", "")
        two = first != last
        return self.row(
            heading=f"Sjukfallskartläggning, {' och '.join(days)}",
            about="Pågående sjukfall enligt läkarintyg",
            columns=(*days, "Förändring", "Procent") if two else (days[-1],),
            cells=tuple(cells if two else cells[:1]),
            percent=change_facts(change).percent
            if two and change and change.before.value
            else None,
        )
