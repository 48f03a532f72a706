"""The released figures of a report, as its sections read them: values, series and changes."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.texts import Texts
from vgstats.methods.before_after import Change
from vgstats.methods.observed import pair_among
from vgstats.observations import KEY, SYNTHETIC, Key, Value, newest
from vgstats.reports.base.bundle import Bundle


class Figures:
    """A report's parameters together with its released figures.

    Without an area a number is that of what the report is about (`area`): a county, or a kommun in the county
    `county`. Asking for a measure or an area that the report has no figures of goes to `lacks`.
    """

    parameters: Any

    def __init__(self, parameters: Any, bundle: Bundle, asked: Iterable[tuple[str, str]]) -> None:
        self.read(parameters, bundle, asked)

    def read(self, parameters: Any, bundle: Bundle, asked: Iterable[tuple[str, str]]) -> None:
        """Take the figures of a bundle; `asked` are the measures and areas that it was gathered for."""
        self.parameters = parameters
        self.area: str = parameters.area
        self.county: str = parameters.county
        self.area_name, self.county_name = areas.name(self.area), areas.name(self.county)
        self._bundle = bundle
        self._asked = set(asked)
        self.observations: pd.DataFrame = self.work_out(bundle.observations)
        self._asked |= set(
            self.observations[["measure", "area"]].itertuples(index=False, name=None)
        )
        self._values = newest(self.observations)
        hidden = self.observations[self.observations["status"] == "suppressed"]
        self._hidden: set[Key] = set(hidden[KEY].itertuples(index=False, name=None))
        self._periods: dict[tuple[str, str], set[str]] = {}
        for measure, area, period in self.observations[["measure", "area", "period"]].itertuples(
            index=False, name=None
        ):
            self._periods.setdefault((measure, area), set()).add(period)
        self._series: dict[tuple[str, str, str], list[Value]] = {}
        for key in sorted(key for key in self._values if not key[4]):
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
        return "länet" if self.area == self.county else "kommunen"

    @property
    def sources(self) -> pd.DataFrame:
        """The provenance of every source that the report may name."""
        return self._bundle.sources

    @property
    def texts(self) -> Texts:
        """The agreements, law changes, remarks and the region's own words that the report may tell."""
        return self._bundle.texts

    @property
    def differences(self) -> pd.DataFrame:
        """Where sources disagree (see `vgstats.store.precedence`)."""
        return self._bundle.differences

    @property
    def mixed(self) -> pd.DataFrame:
        """Which series come from several sources (see `vgstats.store.precedence`)."""
        return self._bundle.mixed

    @property
    def figures_digest(self) -> str:
        """The digest of the figures that the report is made from (see `Bundle.digest`)."""
        return self._bundle.digest()

    @property
    def vintages(self) -> dict[str, str]:
        """When the newest number of each source read was retrieved."""
        return self._bundle.vintages

    @property
    def synthetic(self) -> bool:
        """Whether the figures are made up."""
        return bool(self.observations["source"].isin(SYNTHETIC).any())

    @property
    def has_own_figures(self) -> bool:
        """Whether any of the figures are a region's own, not published by an authority."""
        own = self.sources.index[~self.sources["kind"].isin(["published", "demo"])]
        return bool(self.observations["source"].isin(own).any())

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
        self,
        measure: str,
        period: str,
        group: str = "",
        area: str | None = None,
        sex: str = "alla",
    ) -> Value | None:
        """Return one number, None when it is hidden or not there."""
        self._demand(measure, area or self.area)
        return self._values.get((measure, area or self.area, period, sex, group))

    def is_hidden(
        self,
        measure: str,
        period: str,
        group: str = "",
        area: str | None = None,
        sex: str = "alla",
    ) -> bool:
        """Return whether one number is hidden."""
        return (measure, area or self.area, period, sex, group) in self._hidden

    def series(self, measure: str, area: str | None = None, sex: str = "alla") -> list[Value]:
        """Return all numbers of a measure without groups, oldest first."""
        self._demand(measure, area or self.area)
        return list(self._series.get((measure, area or self.area, sex), ()))

    def preliminary_among(self, compared: Iterable[Change | None]) -> list[Value]:
        """Return one of the later numbers of each measure compared whose source calls them preliminary."""
        later = [change.after for change in compared if change]
        found = {(v.measure, v.period): v for v in later if self._is_preliminary(v)}
        return [found[key] for key in sorted(found)]

    def _is_preliminary(self, value: Value) -> bool:
        return str(self.sources.loc[value.source, "place"]).startswith("preliminär")

    def _demand(self, measure: str, area: str) -> None:
        if (measure, area) not in self._asked:
            self._asked.add((measure, area))
            self.lacks(measure, area)
