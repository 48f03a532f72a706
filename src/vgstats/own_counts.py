"""The counts that a region keeps itself: the cells that all their totals are made of.

They are not protected by anybody, so nothing here is for showing: `vgstats.release` decides that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from vgstats import areas
from vgstats.disclosure import Hierarchies, area_wholes, calendar_wholes
from vgstats.errors import VgstatsError
from vgstats.measures import catalogue
from vgstats.measures import measure as measure_of
from vgstats.observations import KEY, parse_group
from vgstats.periods import Period
from vgstats.store.store import Store
from vgstats.wanted import Wanted

_BOTH_SEXES = {"alla": ("kvinnor", "män")}


@dataclass(frozen=True)
class OwnCounts:
    """One measure's cells, `KEY` and `value`, every combination once, and how totals are made of them."""

    measure: str
    cells: pd.DataFrame
    hierarchies: Hierarchies
    source: str
    retrieved: str

    def numbers(self, wanted: Iterable[Wanted]) -> pd.DataFrame:
        """Return the keys of the numbers that requests ask for and that the cells add up to."""
        labels = {name: self._labels(name) for name in KEY}
        keys: dict[tuple[str, ...], None] = {}
        for one in wanted:
            if one.measure != self.measure or one.area not in labels["area"]:
                continue
            periods = [p for p in one.periods or labels["period"] if p in labels["period"]]
            for period, sex, group in product(periods, labels["sex"], labels["group"]):
                if group == "" or not one.sexes_only:
                    keys[self.measure, one.area, period, sex, group] = None
        return pd.DataFrame(list(keys), columns=KEY)

    def _labels(self, column: str) -> list[str]:
        base = list(dict.fromkeys(self.cells[column]))
        parts = self.hierarchies.parts(column)
        return base + [whole for whole, of in parts.items() if set(of) <= set(base)]


def own_measures(store: Store, unprotected: Iterable[str]) -> dict[str, str]:
    """Return the measures that the store has unprotected counts of, with the source of each.

    Sums of money are about nobody and need no protection; other numbers are refused where they are asked for.

    Raises:
        VgstatsError: two such sources give the same measure.
    """
    found: dict[str, str] = {}
    sources = set(unprotected)
    money = {id_ for id_, measure in catalogue().items() if measure.money}
    for file in store.manifest().files:
        if file.measure in money:
            continue
        if file.source in sources and found.setdefault(file.measure, file.source) != file.source:
            raise VgstatsError(
                f"{file.measure} comes from two registers, {found[file.measure]!r} and {file.source!r}. "
                "Totals cannot be protected in both at once: import the counts under one source."
            )
    return found


def read_counts(
    measure: str,
    source: str,
    wanted: Sequence[Wanted],
    store: Store,
    known_by: Mapping[str, str] | None = None,
) -> OwnCounts | None:
    """Return the cells behind the numbers that are asked for, None when there are none.

    Args:
        measure: one of `own_measures`.
        source: the register that it comes from.
        wanted: what is asked for; a county is made of its kommuner where there are such.
        store: where the counts lie.
        known_by: see `bundle.gather`.

    Raises:
        VgstatsError: a cell is missing, hidden or no whole number, the breakdowns are not crossed, or an
            imported total is not the sum of its cells.
    """
    if not measure_of(measure).counted:
        raise VgstatsError(
            f"{measure} from {source!r} is no count of persons or cases, so its small numbers cannot be "
            "protected. Import the counts behind it, or say --protected if they are hidden already."
        )
    places = {part for one in wanted if one.measure == measure for part in _beneath(one.area)}
    rows = store.read((place, measure, ()) for place in sorted(places))
    rows = rows[rows["source"] == source]
    if known_by is not None:
        rows = rows[rows["retrieved"] <= known_by.get(source, "")]
    if rows.empty:
        return None
    retrieved = str(rows["retrieved"].max())
    rows = rows.sort_values("retrieved", kind="stable").drop_duplicates(KEY, keep="last")
    base = _base_labels(rows, source)
    is_base = pd.Series(True, index=rows.index)
    for column, labels in base.items():
        is_base &= rows[column].isin(labels)
    hierarchies = _hierarchies(measure, base)
    periods = _periods(measure, wanted, base["period"], hierarchies)
    cells = _crossed(rows[is_base], {**base, "period": periods}, source)
    _refuse_other_totals(rows[~is_base], cells, hierarchies, source)
    return OwnCounts(measure, cells, hierarchies, source, retrieved)


def _beneath(area: str) -> list[str]:
    """Return an area and the kommuner in it."""
    if area == areas.RIKET:
        return [area, *areas.lan(), *(k for lan in areas.lan() for k in areas.kommuner(lan))]
    level = str(areas.all_areas().loc[areas.check_area(area), "level"])
    if level == "kommun":
        return [area]
    if level == "lan":
        return [area, *areas.kommuner(area)]
    members = areas.membership()
    return [area, *members.loc[members["whole"] == area, "member"]]


def _base_labels(rows: pd.DataFrame, source: str) -> dict[str, list[str]]:
    """Return in each column the labels that are not sums of others."""
    found = {column: sorted(set(rows[column])) for column in KEY}
    kommuner = [area for area in found["area"] if area.startswith("kommun:")]
    by_sex = [sex for sex in found["sex"] if sex != "alla"]
    groups = [group for group in found["group"] if group]
    kinds = {tuple(parse_group(group)) for group in groups}
    if len(kinds) > 1:
        apart = " and by ".join("+".join(kind) for kind in sorted(kinds))
        raise VgstatsError(
            f"The counts of {found['measure'][0]} from {source!r} come by {apart}, so it cannot be told "
            "what they share. Import them crossed: every combination in a row of its own."
        )
    months = [period for period in found["period"] if len(period) == 7 and "Q" not in period]
    return {
        "measure": found["measure"],
        "area": kommuner or found["area"],
        "period": months or found["period"],
        "sex": by_sex or found["sex"],
        "group": groups or found["group"],
    }


def _hierarchies(measure: str, base: Mapping[str, Sequence[str]]) -> Hierarchies:
    sums_over_time = measure_of(measure).kind == "flow"
    day = max(Period.parse(period).end for period in base["period"])
    groups = tuple(base["group"])
    return Hierarchies(
        area=area_wholes(base["area"], day),
        period=calendar_wholes(base["period"]) if sums_over_time else {},
        sex=_BOTH_SEXES if set(base["sex"]) == {"kvinnor", "män"} else {},
        group={} if groups == ("",) else {"": groups},
    )


def _periods(
    measure: str, wanted: Sequence[Wanted], base: Sequence[str], hierarchies: Hierarchies
) -> list[str]:
    """Return the base periods of what is asked for."""
    asked = [one for one in wanted if one.measure == measure]
    if any(not one.periods for one in asked):
        return list(base)
    named = {
        p for one in asked for period in one.periods for p in hierarchies.leaves("period", period)
    }
    return [period for period in base if period in named]


def _crossed(rows: pd.DataFrame, base: Mapping[str, Sequence[str]], source: str) -> pd.DataFrame:
    """Return every combination of the labels with its count."""
    index = pd.MultiIndex.from_product([list(base[column]) for column in KEY], names=KEY)
    values = rows.set_index(KEY)["value"].reindex(index)
    if values.isna().any():
        lacking = " ".join(filter(None, values.index[values.isna()][0]))
        raise VgstatsError(
            f"The counts from {source!r} lack {lacking} ({int(values.isna().sum())} in all). Import a row for "
            "every combination, with the value 0 and the status nil where there was nobody."
        )
    broken = values[values % 1 != 0]
    if len(broken):
        raise VgstatsError(
            f"{' '.join(filter(None, broken.index[0]))} from {source!r} is {broken.iloc[0]:g}. Only whole counts "
            "of cases or persons can be protected: import those, or say --protected if small numbers are "
            "hidden already."
        )
    return values.astype("int64").reset_index()


def _refuse_other_totals(
    totals: pd.DataFrame, cells: pd.DataFrame, hierarchies: Hierarchies, source: str
) -> None:
    """Refuse imported totals that are not the sums of their cells."""
    if totals.empty or cells.empty:
        return
    values = cells.set_index(KEY)["value"]
    there = [set(cells[column]) for column in KEY]
    for row in totals[totals["value"].notna()].itertuples(index=False):
        key = [getattr(row, column) for column in KEY]
        leaves = [hierarchies.leaves(column, label) for column, label in zip(KEY, key, strict=True)]
        if not all(set(of) <= known for of, known in zip(leaves, there, strict=True)):
            continue
        total = int(values.loc[list(product(*leaves))].sum())
        if total != row.value:
            raise VgstatsError(
                f"{' '.join(filter(None, key))} from {source!r} is {row.value:g}, and its parts add up to {total}. "
                "Correct the one that is wrong, or leave the total out: vgstats adds it up."
            )
