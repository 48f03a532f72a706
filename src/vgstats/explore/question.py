"""What a question is asked of: released figures of a place, read as a report's sections read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import INSURED, ONGOING_RATE, PSYCHIATRIC_SHARE
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.texts import texts_of
from vgstats.errors import VgstatsError
from vgstats.explore.absent import HiddenError, listed, nothing
from vgstats.explore.figures import Where, gathered, opened
from vgstats.explore.names import area_named, measure_named, read, sex_named
from vgstats.methods.before_after import Change
from vgstats.methods.observed import with_worked_out
from vgstats.observations import COLUMNS, Value, demand_columns
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.faults import checked
from vgstats.reports.base.figures import Figures
from vgstats.reports.base.gathering import all_provenance
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.reports.report import Report
from vgstats.store.published import PROVENANCE
from vgstats.store.store import Store

_FIRST, _LAST = "1000", "9000"  # the periods of a question that compares none


class _Asked(BetweenPeriods):
    """The place and the two periods of a question."""

    lan: str  # riket has none
    place: str

    @property
    def area(self) -> str:
        """The area that is asked about."""
        return self.place

    @property
    def county(self) -> str:
        """The county that the area lies in, or is; riket for riket."""
        return f"lan:{self.lan}" if self.lan else areas.RIKET


class Question(Report):
    """The figures of a question, as a report that is not a kind of its own.

    `sex` and `group` are whose numbers are meant where none are named.
    """

    name = ""

    def __init__(
        self,
        measure: str,
        area: str,
        before: str = _FIRST,
        after: str = _LAST,
        *,
        sex: str = "alla",
        group: str = "",
        beside: Sequence[str] = (),
        also: Iterable[str] = (),
        data: pd.DataFrame | None = None,
        store: Where = None,
    ) -> None:
        opened_store = opened(store)  # first, since it may have measures of its own
        self.main = measure_named(measure)
        self.shown = self.headline = (self.main,)  # type: ignore[misc]
        self.sex, self.group, self.left_out, self._store = sex_named(sex), group, {}, None
        place = area_named(area)
        parameters = checked(
            _Asked, {"lan": _lan_of(place), "place": place, "before": before, "after": after}
        )
        places = dict.fromkeys((place, parameters.county, areas.RIKET, *beside))
        rows = _rows([self.main, INSURED, *also], list(places), data, opened_store)
        sources = all_provenance(opened_store)
        sources = _with_unknown(sources, rows)
        texts = texts_of((), parameters.county)
        Figures.__init__(self, parameters, Bundle(rows, sources, texts=texts), ())

    @property
    def where(self) -> str:
        """What the area is called in a sentence."""
        return "riket" if self.area == areas.RIKET else self.area_name

    def lacks(self, measure: str, area: str) -> None:
        """Do nothing: a question has no more figures than were asked for."""

    def change(
        self, measure: str, sex: str = "", group: str = "", area: str | None = None
    ) -> Change | None:
        """Return the change of a measure, for whom the question is about where that is not said."""
        return super().change(measure, sex or self.sex, group or self.group, area)

    def value(
        self, measure: str, period: str, group: str = "", area: str | None = None, sex: str = ""
    ) -> Value | None:
        """Return one number, for whom the question is about where that is not said."""
        return super().value(measure, period, group or self.group, area, sex or self.sex)

    def is_hidden(
        self, measure: str, period: str, group: str = "", area: str | None = None, sex: str = ""
    ) -> bool:
        """Return whether one number is hidden, for whom the question is about where that is not said."""
        return super().is_hidden(measure, period, group or self.group, area, sex or self.sex)

    def series(self, measure: str, area: str | None = None, sex: str = "") -> list[Value]:
        """Return all numbers of a measure, oldest first, for whom the question is about where that is not said."""
        return super().series(measure, area, sex or self.sex)

    def demand(self, area: str | None = None) -> Change:
        """Return the change that is asked about.

        Raises:
            VgstatsError: a number of it is missing or hidden; the message says which there are.
        """
        place = area or self.area
        found = self.change(self.main, area=place)
        return found or self.refuse([place])

    def refuse(self, places: Sequence[str]) -> NoReturn:
        """Refuse to answer of areas that none has both numbers.

        Raises:
            VgstatsError: always; the message says which numbers there are, or that they are hidden.
        """
        pair = self.parameters.pair(self.main)
        hidden = [
            areas.name(place)
            for place in places
            if any(self.is_hidden(self.main, when, self.group, place, self.sex) for when in pair)
        ]
        if hidden:
            raise HiddenError(
                f"The figures of {self.main} for {listed(hidden)} in {pair[0]} or {pair[1]} are hidden, since they "
                "are small or would give small ones away. Choose other periods, or a larger area."
            )
        raise VgstatsError(self.nothing(places, pair))

    def nothing(self, places: Sequence[str], periods: Sequence[str] | slice) -> str:
        """Return why there are no such figures, and what there is instead."""
        rows = self.observations
        rows = rows[(rows["measure"] == self.main) & rows["area"].isin(places)]
        return nothing(rows, read(self.main, places, periods, self.sex, self.group))

    def demand_years(self) -> dict[str, list[Value]]:
        """Return the numbers year by year of the area, and of what it is set beside.

        Raises:
            VgstatsError: there are fewer than three years.
        """
        own = self.decembers(self.area)
        if len(own) < 3:
            raise VgstatsError(
                f"A series takes three years. {self.nothing([self.area], slice(None))}"
            )
        place = self.county if self.area != self.county else areas.RIKET
        beside = [] if measure_of(self.main).additive else self.decembers(place)
        return {self.area: own, place: beside} if place != self.area else {self.area: own}

    def decembers(self, area: str, measure: str = "") -> list[Value]:
        """Return an area's numbers year by year: those of December, else of whole years, else of the latest's day."""
        values = self.series(measure or self.main, area)
        whole_years = [v for v in values if len(v.period) == len("2008")]
        alike = [v for v in values if v.period[4:] == values[-1].period[4:]]
        return super().decembers(area, measure) or whole_years or alike

    def between(self, before: str, after: str) -> None:
        """Compare two periods from now on."""
        said = {"lan": self.parameters.lan, "place": self.area, "before": before, "after": after}
        self.parameters = checked(_Asked, said)


def _lan_of(place: str) -> str:
    county = place if place in areas.lan() else areas.all_areas().loc[place, "lan"]
    return str(county).removeprefix("lan:")


def _rows(
    measures: Sequence[str], places: list[str], data: pd.DataFrame | None, store: Store
) -> pd.DataFrame:
    """Return the figures of some measures in some areas, with what is worked out of them."""
    if data is None:
        return gathered(measures, places, store)
    demand_columns(data, COLUMNS)
    rows = data.loc[data["area"].isin(places), COLUMNS]
    rows = rows.astype({c: object for c in COLUMNS if c not in ("value", "resolution")})
    lacks = {ONGOING_RATE, PSYCHIATRIC_SHARE}.isdisjoint(rows["measure"])
    return (with_worked_out(rows) if lacks else rows).reset_index(drop=True)


def _with_unknown(sources: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the provenance with a row for each source that only an analyst's own frame has."""
    unknown = sorted({*rows["source"]} - {*sources.index})
    names = [name for name in PROVENANCE if name != "source"]
    own = [
        {**dict.fromkeys(names, ""), "short": key, "title": key, "kind": "own"} for key in unknown
    ]
    return pd.concat([sources, pd.DataFrame(own, index=unknown, columns=sources.columns)]).fillna(
        ""
    )


def sources_of(values: Iterable[Value | Change]) -> str:
    """Return the keys of the sources of some numbers, each once; of a change those of both its numbers."""
    return ", ".join(dict.fromkeys(source for value in values for source in both_sources(value)))


def both_sources(value: Value | Change) -> list[str]:
    """Return the source of a number, of a change those of both its numbers."""
    return [
        v.source for v in ((value.before, value.after) if isinstance(value, Change) else (value,))
    ]
