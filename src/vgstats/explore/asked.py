"""What a question is asked of: released figures of a place, read as a report's sections read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import (
    INSURED,
    ONGOING,
    ONGOING_RATE,
    POPULATION,
    PSYCHIATRIC,
    PSYCHIATRIC_SHARE,
)
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.texts import texts_of
from vgstats.errors import VgstatsError
from vgstats.methods.before_after import Change
from vgstats.methods.observed import per_inhabitants, share_of_whole
from vgstats.observations import COLUMNS, SEXES, Value, demand_columns
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.faults import checked
from vgstats.reports.base.figures import Figures
from vgstats.reports.base.gathering import all_provenance
from vgstats.reports.base.parameters import BetweenPeriods
from vgstats.reports.report import Report
from vgstats.store.published import PROVENANCE, published
from vgstats.store.store import Store

_MADE_OF = {ONGOING_RATE: (ONGOING, POPULATION), PSYCHIATRIC_SHARE: (ONGOING,)}
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


class Asked(Report):
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
        also: Sequence[str] = (),
        data: pd.DataFrame | None = None,
        store: Store | None = None,
    ) -> None:
        if sex not in SEXES:
            raise VgstatsError(f"Unknown sex {sex!r}. Write one of: {', '.join(SEXES)}.")
        self.main = measure_of(measure).id
        self.shown = self.headline = (self.main,)  # type: ignore[misc]
        self.sex, self.group, self.left_out, self._store = sex, group, {}, None
        place = areas.find(area)
        parameters = checked(
            _Asked, {"lan": _lan_of(place), "place": place, "before": before, "after": after}
        )
        places = dict.fromkeys((place, parameters.county, areas.RIKET, *beside))
        rows = _rows(self.main, list(places), also, data, store)
        sources = all_provenance(store or Store())
        sources = _with_unknown(sources, rows)
        texts = texts_of((), parameters.county, "")
        Figures.__init__(self, parameters, Bundle(rows, sources, texts=texts), ())

    def lacks(self, measure: str, area: str) -> None:
        """Do nothing: a question has no more figures than were asked for."""

    def change(
        self, measure: str, sex: str = "", group: str = "", area: str | None = None
    ) -> Change | None:
        """Return the change of a measure, for whom the question is about where that is not said."""
        return super().change(measure, sex or self.sex, group or self.group, area)

    def series(self, measure: str, area: str | None = None, sex: str = "") -> list[Value]:
        """Return all numbers of a measure, oldest first, for whom the question is about where that is not said."""
        return super().series(measure, area, sex or self.sex)

    def demand(self, area: str | None = None) -> Change:
        """Return the change that is asked about.

        Raises:
            VgstatsError: a number of it is missing; the message says which there are.
        """
        place = area or self.area
        if found := self.change(self.main, area=place):
            return found
        raise VgstatsError(
            f"No change of {self.main} for {areas.name(place)}, {self.sex}{self.group and ', '}{self.group}, from "
            f"{self.parameters.before} to {self.parameters.after}. {self._there(place)}"
        )

    def demand_years(self) -> dict[str, list[Value]]:
        """Return the numbers year by year of the area, and of what it is set beside.

        Raises:
            VgstatsError: there are fewer than three years.
        """
        own = self.decembers(self.area)
        if len(own) < 3:
            raise VgstatsError(
                f"No series of {self.main} for {self.area_name}: it takes three years. {self._there(self.area)}"
            )
        place = self.county if self.area != self.county else areas.RIKET
        return {self.area: own, place: self.decembers(place)}

    def decembers(self, area: str, measure: str = "") -> list[Value]:
        """Return an area's numbers year by year: those of December, or where there is none those of whole years."""
        values = self.series(measure or self.main, area)
        found = [value for value in values if value.period.endswith("-12")]
        return found or [value for value in values if len(value.period) == len("2008")]

    def between(self, before: str, after: str) -> None:
        """Compare two periods from now on."""
        said = {"lan": self.parameters.lan, "place": self.area, "before": before, "after": after}
        self.parameters = checked(_Asked, said)

    def _there(self, place: str) -> str:
        """Return which numbers there are of the measure for a place, and how to get more."""
        rows = self.observations
        rows = rows[(rows["measure"] == self.main) & (rows["area"] == place)]
        mine = rows[(rows["sex"] == self.sex) & (rows["group"] == self.group)]
        known = sorted(set((mine if len(mine) else rows)["period"].astype(str)))
        said = f"Periods with figures: {', '.join(known) or 'none'}."
        if len(rows) and not len(mine):
            sexes, groups = (sorted(set(rows[name].astype(str))) for name in ("sex", "group"))
            said += f" They are for sex {', '.join(sexes)} and group {', '.join(g or repr('') for g in groups)}."
        return said


def _lan_of(place: str) -> str:
    county = place if place in areas.lan() else areas.all_areas().loc[place, "lan"]
    return str(county).removeprefix("lan:")


def _rows(
    measure: str,
    places: list[str],
    also: Sequence[str],
    data: pd.DataFrame | None,
    store: Store | None,
) -> pd.DataFrame:
    """Return the figures of a measure in some areas, with what it is worked out from and the insured persons."""
    wanted = {measure, *also, INSURED, *_MADE_OF.get(measure, ())}
    found = published() if data is None else data
    demand_columns(found, COLUMNS)
    rows = found.loc[found["measure"].isin(wanted) & found["area"].isin(places), COLUMNS]
    rows = rows.astype({c: object for c in COLUMNS if c not in ("value", "resolution")})
    if measure in set(rows["measure"]) or measure not in _MADE_OF:
        return rows.reset_index(drop=True)
    made = (
        per_inhabitants(rows, ONGOING, measure)
        if measure == ONGOING_RATE
        else share_of_whole(rows, ONGOING, PSYCHIATRIC, measure)
    )
    return pd.concat([rows, made], ignore_index=True)


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


def named_areas(given: str | Sequence[str]) -> list[str]:
    """Return the ids of areas that are named; `län` are all counties."""
    names = [given] if isinstance(given, str) else list(given)
    return [a for name in names for a in (areas.lan() if name == "län" else [areas.find(name)])]


def sources_of(values: Iterable[Value | Change]) -> str:
    """Return the keys of the sources of some numbers, each once."""
    return ", ".join(dict.fromkeys(value.source for value in values))
