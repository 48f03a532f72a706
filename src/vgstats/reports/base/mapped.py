"""What the kinds of report on sjukfall built of medical certificates share: their parameters, tables and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from vgstats.catalogue.measures import CERTIFIED
from vgstats.catalogue.measures import LISTED as LISTED
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import group_order, parse_group
from vgstats.errors import VgstatsError
from vgstats.observations import Value
from vgstats.reports.base.gathering import NoFiguresError, in_any_period, periods_there
from vgstats.reports.base.parameters import AtSnapshot, at_day
from vgstats.reports.report import Report
from vgstats.store.store import Store, Wanted

CASES = CERTIFIED
DIAGNOSES, LENGTHS, DEGREES = "intygsfall_diagnos", "intygsfall_langd", "intygsfall_grad"
OCCUPATIONS = "intygsfall_sysselsattning"
ACTIONS = tuple(
    f"intygsfall_{one}"
    for one in ("plan", "koordinering", "kartlaggningssamtal", "kontakt_arbetsgivare", "kontakt_af", "komplettering")
)  # fmt: skip
SPECIALTIES, EMPLOYERS, AGES = (
    "intygsfall_specialitet",
    "intygsfall_arbetsgivare",
    "intygsfall_alder",
)
STARTED, ENDED = "intygsfall_startade", "intygsfall_avslutade"
MEDIAN, REMAINING, EXPECTED = "intygsfall_median_dagar", "intygsfall_kvar", "intygsfall_forvantade"
NET_DAYS, FAULTS, NEED = "intygsfall_nettodagar", "intygsrader_fel", "vardbehovsindex"
OF_UNITS = (
    *(CASES, LENGTHS, DEGREES, DIAGNOSES, *ACTIONS, OCCUPATIONS),
    *(STARTED, MEDIAN, EXPECTED, NET_DAYS, LISTED, NEED),
)
DECLARED = (*OF_UNITS, ENDED, SPECIALTIES, EMPLOYERS, AGES, REMAINING, FAULTS)
FEWEST_CASES = 20  # in a unit: with fewer no table of it is shown (see `margins.LEAST`)


class OfCases(AtSnapshot):
    """A report on the cases of a day, of the tables that are declared and no others."""

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together: days in the wrong order, and tables that are not declared."""
        yield from super().at_odds()
        if other := [one for one in self.measures if one not in DECLARED]:
            yield undeclared(other)

    def periods_in_use(self, measure: str) -> tuple[str, ...]:
        """Return the periods under which the figures of a measure may stand."""
        found = (form for day in self.days for form in forms(measure, day))
        return tuple(dict.fromkeys(found))


def undeclared(measures: Iterable[str]) -> str:
    """Return what to say of tables that a round does not publish."""
    return (
        f"measures: {', '.join(measures)} is not among the tables of a sjukfallskartläggning, and each more would cost "
        f"numbers that have to be hidden in the others. Declared are: {', '.join(DECLARED)}."
    )


def forms(measure: str, day: str) -> tuple[str, ...]:
    """Return the periods under which a measure of a day may stand, the most exact first.

    >>> forms("intygsfall", "2025-10-01"), forms("intygsfall_startade", "2025-10-01")
    (('2025-10-01', '2025-10'), ('2025-09',))
    """
    exact = at_day(measure, day)
    of_the_year = (day[:4],) if measure in (LISTED, NEED) else ()
    return tuple(dict.fromkeys((exact, exact[:7], *of_the_year)))


class Mapped(Report):
    """The base of the reports on cases built of certificates."""

    main = CASES
    parameters: OfCases

    @classmethod
    def check(cls, parameters: Any, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report on an area without cases on its day.

        Raises:
            NoFiguresError: there are none.
        """
        own = observations[
            (observations["area"] == parameters.area) & (observations["measure"] == CASES)
        ]
        if set(own["period"]) & set(forms(CASES, parameters.snapshot)):
            return
        there = periods_there(in_any_period(parameters, [CASES], store), CASES, parameters.area)
        raise NoFiguresError(
            f"snapshot {parameters.snapshot!r}: {parameters.area_name} has no ongoing cases ({CASES}) of that day. "
            + (
                f"There are figures for: {there}. Choose one of those days, or leave it out."
                if there != "none"
                else "There are none of any day: those of Intygsstatistik are of a month. Make them of certificates "
                "with vgstats cases, import a table of your own with vgstats import FILE --publisher REGION, or leave "
                "it out."
            ),
            CASES,
            parameters,
        )

    def lacks(self, measure: str, area: str) -> None:
        """Get a declared table that the report has none of (see `Report`), or refuse another.

        Raises:
            VgstatsError: the measure is not declared, or as `Report.lacks`.
        """
        if measure not in DECLARED:
            raise VgstatsError(undeclared([measure]))
        super().lacks(measure, area)

    def periods(self, measure: str, area: str | None = None) -> tuple[str, str] | None:
        """Return the periods of the two days for a measure, twice the later where the earlier is not there."""
        self._demand(measure, area or self.area)
        there = self._periods.get((measure, area or self.area), set())
        found = [self._form(measure, day, there) for day in self.parameters.days]
        if not found[-1]:
            return None
        return (found[0] or found[-1], found[-1])

    @staticmethod
    def _form(measure: str, day: str, there: set[str]) -> str:
        return next((form for form in forms(measure, day) if form in there), "")

    def groups(self, measure: str) -> dict[str, str]:
        """Return the groups of a table by the value in them, such as `{'F43': 'diagnos=F43'}`, in the order to show."""
        there: set[str] = set()
        for area in dict.fromkeys((self.area, self.county)):
            self._demand(measure, area)
            there |= self._groups.get((measure, area), set())
        found = {value: group for group in there for value in parse_group(group).values()}
        return {value: found[value] for value in sorted(found, key=lambda v: group_order(found[v]))}

    def number(
        self, measure: str, day: str, value: str = "", *, area: str | None = None, sex: str = "alla"
    ) -> Value | None:
        """Return one number of a table on a day, None where it is hidden or not there."""
        key = self._key(measure, day, value, area)
        return self.value(**key, sex=sex) if key else None

    def is_kept_back(
        self, measure: str, day: str, value: str = "", *, area: str | None = None, sex: str = "alla"
    ) -> bool:
        """Return whether one number of a table on a day is hidden."""
        key = self._key(measure, day, value, area)
        return bool(key) and self.is_hidden(**key, sex=sex)

    def _key(self, measure: str, day: str, value: str, area: str | None) -> dict[str, Any]:
        place = area or self.area
        self._demand(measure, place)
        period = self._form(measure, day, self._periods.get((measure, place), set()))
        group = self.groups(measure).get(value) if value else ""
        if not period or group is None:
            return {}
        return {"measure": measure, "period": period, "group": group, "area": place}

    def whole(
        self, measure: str, day: str, *, area: str | None = None, sex: str = "alla"
    ) -> Value | None:
        """Return what a table divides: its own total, else the number that its measure says that it is."""
        if found := self.number(measure, day, area=area, sex=sex):
            return found
        of = measure_of(measure).total_of
        if not of:
            return None
        (value,) = parse_group(of.group).values() or ("",)
        return self.number(of.measure, day, value, area=area, sex=sex)

    def too_few(self, day: str, *, sex: str = "alla") -> bool:
        """Return whether the area has so few cases of a sex on a day that no table of them is shown."""
        cases = self.number(CASES, day, sex=sex)
        return cases is None or cases.value < FEWEST_CASES

    def named_sources(self) -> pd.DataFrame:
        """Return the sources that the figures come from."""
        read = {*self.observations["source"], *(r.source for r in self.remarks("kalla") if r.own)}
        return self.sources[self.sources.index.isin(read)]


def of_day(measures: Iterable[str], area: str, parameters: OfCases) -> Iterator[Wanted]:
    """Yield measures of an area on the days of a report."""
    yield from (Wanted(area, m, parameters.periods_in_use(m)) for m in measures)
