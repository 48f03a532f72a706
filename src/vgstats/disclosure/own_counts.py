"""The counts that a region keeps itself: the cells that all their totals are made of.

They are not protected by anybody, so nothing here is for showing: `vgstats.disclosure.release` decides that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.case_tables import is_by_sex
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.measures import measure as measure_of
from vgstats.disclosure import Contents, nesting
from vgstats.disclosure.nesting import TOTAL
from vgstats.disclosure.own_cells import OwnCells, own_cells
from vgstats.errors import VgstatsError
from vgstats.observations import KEY
from vgstats.store.store import Store, Wanted


@dataclass(frozen=True)
class OwnCounts:
    """One measure's cells (see `OwnCells`), the register that they come from, and when they were retrieved."""

    measure: str
    made: OwnCells
    source: str
    retrieved: str

    def numbers(self, wanted: Iterable[Wanted]) -> pd.DataFrame:
        """Return the keys of the numbers that requests of the measure ask for and that the cells add up to.

        Besides `KEY` there is `shown`, False for the rests beside them, and for women and men where a table does not
        tell them apart (see `case_tables`).
        """
        keys: dict[tuple[str, ...], bool] = {}
        labels = self.made.labels
        for one in wanted:
            if one.area not in labels["area"]:
                continue
            asked: dict[str, list[str]] = {
                "area": [one.area],
                "period": [p for p in one.periods or labels["period"] if p in labels["period"]],
                "sex": list(labels["sex"]),
                "group": [group for group in labels["group"] if not (group and one.sexes_only)],
            }
            apart = is_by_sex(self.measure, one.area) or "alla" not in labels["sex"]
            for key in product([self.measure], *asked.values()):
                _, _, _, sex, group = key
                keys[key] = keys.get(key, False) or apart or sex == "alla" or group == TOTAL
            if all(asked.values()):
                beside = ([*found, *self.made.rests[name]] for name, found in asked.items())
                keys = dict.fromkeys(product([self.measure], *beside), False) | keys
        return pd.DataFrame(list(keys), columns=KEY).assign(shown=list(keys.values()))


def own_measures(store: Store, unprotected: Iterable[str]) -> dict[str, str]:
    """Return the measures that the store has unprotected counts of, with the source of each.

    What tells of nobody, such as money, needs no protection. Other numbers are refused where they are asked for, unless
    a source that is protected has them too.

    Raises:
        VgstatsError: two such sources give the same measure.
    """
    found: dict[str, str] = {}
    sources = set(unprotected)
    files = store.manifest().files
    elsewhere = {file.measure for file in files if file.source not in sources}
    harmless = {
        id_
        for id_, measure in catalogue().items()
        if measure.harmless or (id_ in elsewhere and not measure.counted)
    }
    for file in files:
        if file.measure in harmless:
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
    earlier: Contents | None = None,
) -> OwnCounts | None:
    """Return the cells behind the numbers that are asked for, None when there are none.

    Args:
        measure: one of `own_measures`.
        source: the register that it comes from.
        wanted: what is asked for of the measure; a county is made of its kommuner where there are such.
        store: where the counts lie.
        known_by: see `gathering.gather`.
        earlier: what was released before: the cells of what shares some with this are read too.

    Raises:
        VgstatsError: the measure is no count, or its counts cannot be taken apart (see `own_cells`).
    """
    if not measure_of(measure).counted:
        raise VgstatsError(
            f"{measure} from {source!r} is no count of persons or cases, so its small numbers cannot be "
            "protected. Import the counts behind it, or, if they are hidden already, a file of it alone with "
            "--protected and another --publisher."
        )
    earlier = earlier or Contents()
    known = areas.all_areas().index  # a unit that merged into another is no area any more
    places = {part for one in wanted for part in _beneath(one.area)}
    places = earlier.closed("area", places)
    places = {one for one in places if not one.startswith(f"{areas.UNIT}:") or one in known}
    rows = store.read((place, measure, ()) for place in sorted(places))
    rows = rows[rows["source"] == source]
    if known_by is not None:
        rows = rows[rows["retrieved"] <= known_by.get(source, "")]
    if rows.empty:
        return None
    retrieved = str(rows["retrieved"].max())
    rows = rows.sort_values("retrieved", kind="stable").drop_duplicates(KEY, keep="last")
    happened = measure_of(measure).kind == "flow"
    rows = _of_periods(rows, wanted, happened, earlier)
    if rows.empty:
        return None
    made = own_cells(rows, source, happened=happened, earlier=earlier)
    return OwnCounts(measure, made, source, retrieved)


def _beneath(area: str) -> list[str]:
    """Return an area and the kommuner and units in it."""
    if area == areas.RIKET:
        return [area, *(part for lan in areas.lan() for part in _beneath(lan))]
    level = str(areas.all_areas().loc[areas.check_area(area), "level"])
    if level in ("kommun", areas.UNIT):
        return [area]
    if level == "lan":
        return [area, *areas.kommuner(area), *areas.units(area)]
    members = areas.membership()
    return [area, *members.loc[members["whole"] == area, "member"]]


def _of_periods(
    rows: pd.DataFrame, asked: Sequence[Wanted], happened: bool, earlier: Contents
) -> pd.DataFrame:
    """Return the rows of the periods that what is asked for is made of, and those it was released with."""
    made = nesting.periods(sorted(set(rows["period"])), happened=happened)
    atoms = {atom: (atom,) for atom in made.atoms} | dict(made.wholes)
    if any(not one.periods for one in asked):
        named = set(made.atoms)
    else:
        named = {a for one in asked for period in one.periods for a in atoms.get(period, ())}
        named = {a for period in earlier.closed("period", named) for a in atoms.get(period, ())}
    kept = [label for label, of in atoms.items() if set(of) <= named]
    return rows[rows["period"].isin(kept)]
