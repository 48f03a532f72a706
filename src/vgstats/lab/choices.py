"""What there is to choose: only measures, areas, periods and groups that have figures together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from vgstats.blocks.words import WOMEN_AND_MEN, uncapitalised
from vgstats.catalogue import areas
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import group_name, group_order, parse_group, sexes
from vgstats.errors import VgstatsError
from vgstats.explore.absent import listed
from vgstats.explore.divided import SEX, tables_of
from vgstats.explore.figures import figures, unreleased
from vgstats.methods.observed import worked_out_from
from vgstats.observations import SEXES, WITH_VALUE
from vgstats.store.published import published
from vgstats.store.store import Store

FIRST = "ohalsotal"  # chosen when the notebook is opened, where there are figures of it
_YEARS = 6  # between the two periods that are chosen at first


@dataclass(frozen=True)
class Choice:
    """What is chosen: a measure, an area and others to set beside it, two periods, whose numbers, divided by what."""

    measure: str
    area: str = ""
    before: str = ""
    after: str = ""
    sex: str = "alla"
    group: str = ""
    others: tuple[str, ...] = ()
    dimension: str = ""

    @property
    def county(self) -> str:
        """The county that the area is or lies in; empty for riket."""
        if self.area in areas.lan() or not self.area:
            return self.area
        return str(areas.all_areas().loc[self.area, "lan"])


class Possible:
    """What can be chosen of one measure: where there are two periods with figures, of the same sex and group.

    `store` is where fetched and imported figures lie; the user's own when left out.
    """

    def __init__(self, measure: str, store: Store | None = None) -> None:
        self.measure, self._store = measure, store

    @cached_property
    def _all(self) -> pd.DataFrame:
        """All figures of the measure, also hidden ones."""
        try:
            found = figures(self.measure, None, None, None, None, store=self._store)
        except VgstatsError:
            return pd.DataFrame(columns=["area", "period", "sex", "group", "status"])
        return found[["area", "period", "sex", "group", "status"]].astype(str)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The numbers of the measure that have another of the same series to be compared with."""
        found = self._all[self._all["status"].isin(WITH_VALUE)]
        found = found.drop(columns="status").assign(form=found["period"].str.len())
        alike = found.groupby(["area", "sex", "group", "form"])["period"].transform("nunique")
        return found[alike > 1]

    def areas(self) -> list[str]:
        """Return the areas that have figures, riket first, then counties and their parts."""
        there = set(self.rows["area"])
        return [area for area in _in_order() if area in there]

    def sexes(self, area: str) -> list[str]:
        """Return whose numbers there are."""
        there = set(self.rows.loc[self.rows["area"] == area, "sex"])
        return [sex for sex in SEXES if sex in there]

    def groups(self, area: str, sex: str) -> list[str]:
        """Return the groups that there are numbers of, the total first."""
        return sorted(set(self._of(area, sex)["group"]), key=group_order)

    def dimensions(self, area: str, sex: str) -> list[str]:
        """Return what a count divides by, by itself or in tables of its own; nothing of what is no count."""
        if not area or not measure_of(self.measure).additive:
            return []
        rows = self._all[(self._all["area"] == area) & (self._all["sex"] == sex)]
        own = {
            name for group in set(rows["group"]) if ";" not in group for name in parse_group(group)
        }
        if sex == "alla" and {*WOMEN_AND_MEN} <= {*self.sexes(area)}:
            own.add(SEX)
        if tables := tables_of(self.measure):
            covered = (self._store or Store()).coverage()
            there = set(covered.loc[covered["level"] == area.partition(":")[0], "measure"])
            own |= {dimension for dimension, table in tables.items() if table in there}
        return sorted(own)

    def hidden(self, choice: Choice) -> str:
        """Return in Swedish what is hidden beside a choice, nothing where all is shown."""
        rows = self._all[self._all["status"] == "suppressed"]
        here = rows[(rows["area"] == choice.area) & (rows["sex"] == choice.sex)]
        groups = sorted(
            set(here["group"]) - {*self.groups(choice.area, choice.sex)}, key=group_order
        )
        whose = set(rows.loc[rows["area"] == choice.area, "sex"]) - {*self.sexes(choice.area)}
        there = {*self.areas()}
        gone = [area for area in _in_order() if area in set(rows["area"]) and area not in there]
        told = [
            *(sexes()[sex].text for sex in SEXES if sex in whose),
            *(uncapitalised(group_name(group)) if group else "alla" for group in groups),
        ]
        parts = [f"{', '.join(told)} ({areas.name(choice.area)})"] if told else []
        parts += [listed(map(areas.name, gone))] if gone else []
        return (
            f"Dolt, eftersom talen är små eller skulle röja små: {'; '.join(parts)}."
            if parts
            else ""
        )

    def befores(self, area: str, sex: str, group: str) -> list[str]:
        """Return the periods that a later one can be compared with, oldest first."""
        there = self._periods(area, sex, group)
        return [one for one in there if _later(one, there)]

    def afters(self, area: str, sex: str, group: str, before: str) -> list[str]:
        """Return the periods that can be compared with an earlier one, oldest first."""
        return _later(before, self._periods(area, sex, group)) if before else []

    def with_both(self, choice: Choice) -> list[str]:
        """Return the areas that have a number in both periods of a choice."""
        rows = self.rows
        rows = rows[(rows["sex"] == choice.sex) & (rows["group"] == choice.group)]
        first, last = (
            set(rows.loc[rows["period"] == p, "area"]) for p in (choice.before, choice.after)
        )
        return [area for area in _in_order() if area in first & last]

    def mended(self, choice: Choice) -> Choice:
        """Return the nearest choice that has figures: what cannot be kept is the first that can be chosen."""
        found = replace(choice, measure=self.measure)
        there = self.areas()
        near = found.area if found.area in there or not _known(found.area) else found.county
        found = replace(found, area=_kept(near, there))
        found = replace(found, sex=_kept(found.sex, self.sexes(found.area)))
        found = replace(found, group=_kept(found.group, self.groups(found.area, found.sex)))
        whose = found.area, found.sex, found.group
        befores = self.befores(*whose)
        before = (
            found.before if found.before in befores else _some_years_back(self._periods(*whose))
        )
        afters = self.afters(*whose, before)
        after = found.after if found.after in afters else (afters or [""])[-1]
        found = replace(found, before=before, after=after)
        there = self.with_both(found)
        others = tuple(a for a in found.others if a in there and a != found.area)
        dimension = _kept(found.dimension, self.dimensions(found.area, found.sex))
        return replace(found, others=others, dimension=dimension)

    def _of(self, area: str, sex: str) -> pd.DataFrame:
        return self.rows[(self.rows["area"] == area) & (self.rows["sex"] == sex)]

    def _periods(self, area: str, sex: str, group: str) -> list[str]:
        rows = self._of(area, sex)
        there = set(rows.loc[rows["group"] == group, "period"])
        return sorted(there, key=lambda text: (Period.parse(text).end, text))


def measures_there(store: Store | None = None) -> list[str]:
    """Return the measures that there are figures of, those of all counties first, by name.

    A region's own counts are among them only where some were released.
    """
    place = store or Store()
    covered = place.coverage()
    series = published().groupby("measure", observed=True)["period"].nunique()
    there = {*series.index[series > 1].astype(str), *covered["measure"]}
    found = [
        m for m in catalogue() if there.issuperset(worked_out_from(m)) and not unreleased(m, place)
    ]
    spread = published().groupby("measure", observed=True)["area"].nunique()
    wide = {*spread.index[spread >= len(areas.lan())].astype(str), *covered["measure"]}

    def rank(id_: str) -> tuple[bool, bool, str]:
        return id_ != FIRST, not wide.issuperset(worked_out_from(id_)), measure_of(id_).name

    return sorted(found, key=rank)


def waiting(offered: Sequence[str], store: Store | None = None) -> str:
    """Return in Swedish which counts of a region's own no report has released yet, nothing without such.

    Args:
        offered: the measures that can be chosen.
        store: where fetched and imported figures lie; the user's own when left out.
    """
    covered = (store or Store()).coverage()["measure"]
    held = [measure_of(m).name for m in sorted({*covered} & {*catalogue()} - {*offered})]
    if not held:
        return ""
    return f"Går att välja när en rapport har gjorts av dem, som avgör vilka små tal som döljs: {listed(held)}."


def said_of_nothing(measure: str) -> str:
    """Return what to say in Swedish of a measure that nothing can be compared in."""
    more = (
        "läs in en tid till. En enda dag visas av enhetsblad.ipynb och sjukfallskartlaggning.ipynb."
        if measure_of(measure).own
        else "hämta fler tal i en terminal: vgstats fetch --measures visar vilka som kan hämtas."
    )
    return (
        f"Det finns inga tal för {measure_of(measure).the_name} från två tider att jämföra. Välj ett annat mått, eller "
        f"{more}"
    )


def _in_order() -> list[str]:
    """Return all areas: by level and code, a region's own units by name."""
    there = [area for area in areas.all_areas().index if not area.startswith(areas.UNIT)]
    return [*there, *(unit for county in areas.lan() for unit in areas.units(county))]


def _known(area: str) -> bool:
    return area in areas.all_areas().index


def _kept(chosen: str, there: Sequence[str]) -> str:
    """Return what was chosen where it is there, else the first; of areas a county before riket."""
    if chosen in there or not there:
        return chosen if there else ""
    return next((one for one in there if one in areas.lan()), there[0])


def _later(period: str, there: Sequence[str]) -> list[str]:
    end = Period.parse(period).end
    return [p for p in there if len(p) == len(period) and Period.parse(p).start > end]


def _some_years_back(there: Sequence[str]) -> str:
    """Return the period some years before the last one, of the same time of the year where there is one."""
    if not there:
        return ""
    last = there[-1]
    alike = [p for p in there[:-1] if p[4:] == last[4:]] or [
        p for p in there[:-1] if _later(p, there)
    ]
    wanted = int(last[:4]) - _YEARS
    return next((p for p in reversed(alike) if int(p[:4]) <= wanted), (alike or [""])[0])
