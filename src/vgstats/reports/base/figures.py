"""The released figures of a report, as its sections read them: values, series, changes and comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.words import area_words
from vgstats.methods.before_after import Change
from vgstats.methods.indicator import Indicator
from vgstats.methods.observed import pair_among
from vgstats.observations import KEY, SEXES, SYNTHETIC, Key, Value, newest
from vgstats.reports.base.bundle import Bundle
from vgstats.store.store import Wanted

if TYPE_CHECKING:
    from vgstats.methods.comparison import Comparison

FEWEST_COUNTIES = 15


class Figures:
    """A report's parameters together with its released figures.

    Without an area a number is that of what the report is about (`area`): a county, or a kommun in the county
    `county`. Asking for a measure or an area that the report has no figures of goes to `lacks`.

    `headline` are the measures asked for first, `rate` the one that stands for plain counts where it has figures,
    and `compared_measures` those tried in turn where a headline measure has none. `sources` is the provenance of
    every source that the report may name, `texts` what it may tell besides figures; the rest (`replaces` too) is as in
    `Bundle`.
    """

    headline: ClassVar[tuple[str, ...]] = ()
    rate: ClassVar[str] = ""
    compared_measures: ClassVar[tuple[str, ...]] = ()
    group: str = ""  # whose numbers make the series: those of everybody

    parameters: Any

    def __init__(self, parameters: Any, bundle: Bundle, wanted: Iterable[Wanted]) -> None:
        self.cited: set[str] = set()  # the sources that something shown so far names
        self.read(parameters, bundle, wanted)

    def read(self, parameters: Any, bundle: Bundle, wanted: Iterable[Wanted]) -> None:
        """Take the figures of a bundle; `wanted` is what it was gathered for."""
        self.parameters = parameters
        self.area: str = parameters.area
        self.county: str = parameters.county
        self.area_name, self.county_name = areas.name(self.area), areas.name(self.county)
        self._bundle = bundle
        self.sources, self.texts, self.vintages = bundle.sources, bundle.texts, bundle.vintages
        self.differences, self.mixed = bundle.differences, bundle.mixed
        self.replaces = bundle.replaces
        asked = list(wanted)
        self._asked = {(one.measure, one.area) for one in asked}
        self._asked_whole = {(one.measure, one.area) for one in asked if self._is_series(one)}
        self.observations: pd.DataFrame = self.work_out(bundle.observations)
        self._values = newest(self.observations)
        hidden = self.observations[self.observations["status"] == "suppressed"]
        self._hidden: set[Key] = set(hidden[KEY].itertuples(index=False, name=None))
        self._periods: dict[tuple[str, str], set[str]] = {}
        self._groups: dict[tuple[str, str], set[str]] = {}
        there = self.observations[["measure", "area", "period", "group"]].drop_duplicates()
        for measure, area, period, group in there.itertuples(index=False, name=None):
            self._periods.setdefault((measure, area), set()).add(period)
            self._groups.setdefault((measure, area), set()).add(group)
        self._asked |= self._periods.keys()
        self._comparisons: dict[tuple[str, str], Comparison | None] = {}
        self._series: dict[tuple[str, str, str], list[Value]] = {}
        for key in sorted(key for key in self._values if key[4] == self.group):
            self._series.setdefault((key[0], key[1], key[3]), []).append(self._values[key])

    def work_out(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Return the released figures with what a kind works out of them."""
        return observations

    def lacks(self, measure: str, area: str) -> None:
        """Get the figures of a measure that the report has none of, or refuse (see `Report`)."""
        raise NotImplementedError

    @property
    def asked(self) -> Set[tuple[str, str]]:
        """The measures and areas that the report has asked for, whether there are figures or not."""
        return self._asked

    @property
    def place(self) -> str:
        """What the report's area is called in a sentence: `länet` or `kommunen`."""
        return area_words(self.area.partition(":")[0]).the_one

    @property
    def figures_digest(self) -> str:
        """The digest of the figures that the report is made from (see `Bundle.digest`)."""
        return self._bundle.digest()

    @property
    def synthetic(self) -> bool:
        """Whether the figures are made up."""
        return bool(self.observations["source"].isin(SYNTHETIC).any())

    @property
    def has_own_figures(self) -> bool:
        """Whether any of the figures are a region's own, not published by an authority."""
        return not self.own_sources().empty

    def own_sources(self) -> pd.DataFrame:
        """Return those of the sources of its figures that are a region's own."""
        own = self.sources[~self.sources["kind"].isin(["published", "demo"])]
        return own[own.index.isin(self.observations["source"])]

    @property
    def kommuner(self) -> list[str]:
        """The kommuner of the county, in code order."""
        return areas.kommuner(self.county)

    def shown_and_hidden(self) -> tuple[int, int]:
        """Return how many of the region's own counts are shown, and how many are hidden."""
        return self._bundle.shown_and_hidden()

    def periods(self, measure: str, area: str | None = None) -> tuple[str, str] | None:
        """Return the two periods that the report compares for a measure, None without figures."""
        self._demand(measure, area or self.area)
        there = self._periods.get((measure, area or self.area), ())
        return pair_among(there, measure, *self.parameters.pair(measure))

    def change(
        self, measure: str, sex: str = "alla", group: str = "", area: str | None = None
    ) -> Change | None:
        """Return the change of a measure over the report's periods, None without figures."""
        pair = self.periods(measure, area)
        if pair is None:
            return None
        place = area or self.area
        first, last = (self._values.get((measure, place, period, sex, group)) for period in pair)
        return Change(first, last) if first and last else None

    def changes(self, measure: str, places: Iterable[str]) -> dict[str, Change]:
        """Return how a measure changed in the areas that have figures, the largest fall first."""
        found = {area: self.change(measure, area=area) for area in places}
        known = {area: change for area, change in found.items() if change}
        return dict(sorted(known.items(), key=lambda item: item[1].difference))

    def indicator(
        self, measure: str, sex: str = "alla", area: str | None = None
    ) -> Indicator | None:
        """Return what is known of a measure on one row (see `methods.indicator`), None without a change."""
        own = self.change(measure, sex, area=area)
        if own is None:
            return None
        places = [self.county, areas.RIKET] if own.after.area != self.county else [areas.RIKET]
        asked = (place for place in places if (measure, place) in self._asked)
        return Indicator(
            own,
            next(filter(None, (self.change(measure, sex, area=place) for place in asked)), None),
            self._latest(own.after),
            self._compared(measure, sex) if own.after.area == self.area == self.county else None,
        )

    def _latest(self, last: Value) -> Change | None:
        """Return the change over the year that ends with a value, None where the value a year before is not there."""
        year = f"{int(last.period[:4]) - 1}{last.period[4:]}"
        before = self._values.get((last.measure, last.area, year, last.sex, last.group))
        return Change(before, last) if before else None

    def has(self, measure: str, area: str | None = None) -> bool:
        """Return whether a measure has both values, for both sexes together or for women."""
        return any(self.change(measure, sex, area=area) for sex in ("alla", "kvinnor"))

    def hides(self, measure: str, area: str | None = None) -> bool:
        """Return whether a number of a measure that would be compared is hidden, here or by its source."""
        compared = self.parameters.periods_in_use(measure)
        return any(
            key[:2] == (measure, area or self.area) and key[2] in compared for key in self._hidden
        )

    def value(
        self, measure: str, period: str, group: str = "", area: str | None = None, sex: str = "alla"
    ) -> Value | None:
        """Return one number, None when it is hidden or not there."""
        self._demand(measure, area or self.area)
        return self._values.get((measure, area or self.area, period, sex, group))

    def is_hidden(
        self, measure: str, period: str, group: str = "", area: str | None = None, sex: str = "alla"
    ) -> bool:
        """Return whether one number is hidden."""
        return (measure, area or self.area, period, sex, group) in self._hidden

    def series(self, measure: str, area: str | None = None, sex: str = "alla") -> list[Value]:
        """Return all numbers of a measure without groups, oldest first."""
        self._demand(measure, area or self.area)
        return list(self._series.get((measure, area or self.area, sex), ()))

    def rows(self, measure: str, places: Iterable[str]) -> pd.DataFrame:
        """Return all rows of a measure in some areas, hidden ones and those of groups too."""
        of = list(places)
        for area in of:
            self._demand(measure, area)
        rows = self.observations
        return rows[(rows["measure"] == measure) & rows["area"].isin(of)]

    def demand_series(self, measure: str) -> None:
        """See to it that the report has asked for more of a measure than the periods compared (see `lacks`)."""
        if (measure, self.area) not in self._asked_whole:
            self.lacks(measure, self.area)

    def preliminary_among(self, compared: Iterable[Change | None]) -> list[Value]:
        """Return one of the later numbers of each measure compared whose source calls them preliminary."""
        later = [change.after for change in compared if change]
        found = {(v.measure, v.period): v for v in later if self.is_preliminary(v)}
        return [found[key] for key in sorted(found)]

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """The county beside the country and the counties, by sex; empty without figures for most.

        In the first of `compared_measures` that has figures for both sexes together, else in the
        first that has them for women; women and men in the same measure as both together.
        """
        for first in ("alla", "kvinnor"):
            for measure in self.compared_measures:
                if one := self._compared(measure, first):
                    others = {s: self._compared(measure, s) for s in SEXES if s != first}
                    found = {s: one if s == first else others[s] for s in SEXES}
                    return {sex: one for sex, one in found.items() if one}
        return {}

    @cached_property
    def compared(self) -> list[Comparison]:
        """What the counties are compared in: the headline measures that have figures, each for both sexes.

        Where there is none, the comparison of `comparisons` for both sexes together, or one for each.
        """
        both = [self._compared(measure, "alla") for measure in self.headline]
        of_cases = self._compared(self.rate, "alla") or self.comparisons.get("alla")
        named = [one for one in both if one]
        if of_cases and of_cases.county.after.measure not in self.headline:
            named.append(of_cases)
        return named or list(self.comparisons.values())

    def comparison(self) -> Comparison | None:
        """Return the comparison for both sexes together, or for women where there is only by sex."""
        return next(iter(self.compared), None)

    def compared_in(self, measure: str) -> list[Comparison]:
        """Return the county beside the others in one measure: for both sexes together, else for each there is."""
        both = self._compared(measure, "alla")
        of_one = (self._compared(measure, sex) for sex in SEXES if sex != "alla")
        return [both] if both else [one for one in of_one if one]

    def _compared(self, measure: str, sex: str) -> Comparison | None:
        """Return the county beside the others; worked out once, since several sections show it."""
        if (measure, sex) not in self._comparisons:
            # Before it is kept: what the figures lack may be read now, and all of them anew.
            found = self._compare(measure, sex)
            self._comparisons[measure, sex] = found
        return self._comparisons[measure, sex]

    def _compare(self, measure: str, sex: str) -> Comparison | None:
        # Here, since a batch whose reports are all up to date asks for no comparison.
        from vgstats.methods.comparison import compare

        pair = self.periods(measure) if measure else None
        found = compare(self.observations, measure, self.area, *pair, sex=sex) if pair else None
        return found if found and found.counties >= FEWEST_COUNTIES else None

    def is_preliminary(self, value: Value) -> bool:
        """Return whether the source of a number calls it preliminary."""
        return str(self.sources.loc[value.source, "place"]).startswith("preliminär")

    def _is_series(self, wanted: Wanted) -> bool:
        return not set(wanted.periods) <= set(self.parameters.periods_in_use(wanted.measure)) or (
            not wanted.periods
        )

    def _demand(self, measure: str, area: str) -> None:
        if (measure, area) not in self._asked:
            self.lacks(measure, area)
            self._asked.add((measure, area))
