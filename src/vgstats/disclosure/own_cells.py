"""From the rows of a register to disjoint cells that all its numbers are sums of.

Where a label is counted beside some of its parts, what remains of it is a cell too: a rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import parse_group
from vgstats.disclosure import nesting
from vgstats.disclosure.ledger import Contents
from vgstats.disclosure.nesting import TOTAL, Nesting
from vgstats.disclosure.tables import Hierarchies, keys_of
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

_FIXED = ["area", "period", "sex"]


@dataclass(frozen=True)
class OwnCells:
    """The cells of one measure, `KEY` and `value`, every combination once, and how totals are made of them.

    `labels`: in each column of the key those that may be shown. `rests`: what remains of labels when their counted
    parts are taken away: never shown, and protected, since a reader can subtract.
    """

    cells: pd.DataFrame
    hierarchies: Hierarchies
    labels: Mapping[str, Sequence[str]]
    rests: Mapping[str, Sequence[str]]


def own_cells(rows: pd.DataFrame, source: str, *, happened: bool, earlier: Contents) -> OwnCells:
    """Return the cells of a measure.

    Args:
        rows: its counts, the columns of `KEY` and `value`, every key once.
        source: the register, for errors.
        happened: whether what happened is counted (see `nesting.periods`).
        earlier: what was released before; a rest that it was made of stays.

    Raises:
        VgstatsError: a cell is missing, hidden or no whole number, the groups are not crossed or overlap in part,
            or a label is not the sum of its parts, or is less than these.
    """
    groups = {group: parse_group(group) for group in sorted(set(rows["group"]))}
    dimensions = _dimensions(groups, rows["measure"].iloc[0], source)
    wide = rows[["measure", *_FIXED, "value"]].assign(
        **{
            d: rows["group"].map({g: of.get(d, TOTAL) for g, of in groups.items()}).astype(str)
            for d in dimensions
        }
    )
    axes = [*_FIXED, *dimensions]
    while True:
        made = _nestings(wide, dimensions, happened)
        index = pd.MultiIndex.from_product([made[a].counted() for a in axes], names=axes)
        values = wide.set_index(axes)["value"].reindex(index)
        left_out = _incomplete_total(index[values.isna()], made)
        if left_out is None:
            break
        wide = wide[wide[left_out[0]] != left_out[1]]
    _refuse_broken(values, source)
    counts = values.to_numpy().astype(np.int64).reshape([len(made[a].atoms) for a in axes])
    counts = _with_rests(counts, made, source)
    counts = _without_empty_rests(counts, made, earlier)
    return _crossed(rows, counts, made, groups, source)


def _dimensions(groups: Mapping[str, Mapping[str, str]], measure: str, source: str) -> list[str]:
    kinds = {tuple(of) for of in groups.values() if of}
    everything = max(kinds, key=len, default=())
    if any(not set(kind) <= set(everything) for kind in kinds):
        apart = " and by ".join("+".join(kind) for kind in sorted(kinds))
        raise VgstatsError(
            f"The counts of {measure} from {source!r} come by {apart}, so it cannot be told "
            "what they share. Import them crossed: every combination in a row of its own."
        )
    return list(everything)


def _nestings(wide: pd.DataFrame, dimensions: Sequence[str], happened: bool) -> dict[str, Nesting]:
    given = {axis: list(dict.fromkeys(wide[axis])) for axis in [*_FIXED, *dimensions]}
    kommuner = [area for area in given["area"] if area.startswith("kommun:")]
    day = max((Period.parse(period).end for period in given["period"]), default=dt.date.max)
    return {
        "area": nesting.places(given["area"], nesting.area_wholes(kommuner, day)),
        "period": nesting.periods(given["period"], happened=happened),
        "sex": nesting.sexes(given["sex"]),
        **{d: nesting.dimension(d, given[d]) for d in dimensions},
    }


def _incomplete_total(
    lacking: pd.MultiIndex, made: Mapping[str, Nesting]
) -> tuple[str, str] | None:
    """Return a total larger than its parts that is not there in every combination: it cannot be shown."""
    for axis, one in made.items():
        there = set(lacking.get_level_values(axis))
        for whole, _ in one.rests.values():
            if whole in there and (axis in _FIXED or whole == TOTAL):
                return axis, whole
    return None


def _refuse_broken(values: pd.Series, source: str) -> None:
    if values.isna().any():
        lacking = _words(dict(zip(values.index.names, values.index[values.isna()][0], strict=True)))
        raise VgstatsError(
            f"The counts from {source!r} lack {lacking} ({int(values.isna().sum())} in all). Import a row for "
            "every combination, with the value 0 and the status nil where there was nobody."
        )
    broken = values[values % 1 != 0]
    if len(broken):
        raise VgstatsError(
            f"{_words(dict(zip(values.index.names, broken.index[0], strict=True)))} from {source!r} is "
            f"{broken.iloc[0]:g}. Only whole counts of cases or persons can be protected: import those, or say "
            "--protected if small numbers are hidden already."
        )


def _words(key: Mapping[str, str]) -> str:
    return " ".join([*(key[c] for c in _FIXED if c in key), *_group_parts(key)])


def _group_parts(key: Mapping[str, str]) -> list[str]:
    return [f"{d}={v}" for d, v in key.items() if d not in _FIXED and v]


def _with_rests(counts: np.ndarray, made: Mapping[str, Nesting], source: str) -> np.ndarray:
    """Return counts of the atoms, from those of the labels that say them."""
    labels = {axis: one.counted() for axis, one in made.items()}
    for number, (axis, one) in enumerate(made.items()):
        moved = np.moveaxis(counts, number, 0)
        for rest, (whole, inside) in one.rests.items():
            at = one.atoms.index(rest)
            parts = moved[[one.atoms.index(atom) for atom in inside]].sum(axis=0)
            less = np.argwhere(moved[at] < parts)
            if len(less):
                where = tuple(less[0])
                others = [other for other in made if other != axis]
                key = {o: labels[o][i] for o, i in zip(others, where, strict=True)} | {axis: whole}
                raise VgstatsError(
                    f"{_words({a: key[a] for a in made})} from {source!r} is {moved[at][where]}, and its parts "
                    f"{', '.join(inside)} are {parts[where]} together. A part cannot be more than its whole: "
                    "correct the one that is wrong."
                )
            moved[at] -= parts
        labels[axis] = list(one.atoms)
    return counts


def _without_empty_rests(
    counts: np.ndarray, made: dict[str, Nesting], earlier: Contents
) -> np.ndarray:
    """Take away the rests that nobody is in: a reader will guess that, so the whole is a sum.

    `made` is changed in place.
    """
    for number, axis in enumerate(list(made)):
        known = _parts_before(earlier, axis)
        for rest in list(made[axis].rests):
            at = made[axis].atoms.index(rest)
            if rest not in known and not counts.take(at, axis=number).any():
                counts = np.delete(counts, at, axis=number)
                made[axis] = made[axis].without(rest)
    return counts


def _parts_before(earlier: Contents, axis: str) -> set[str]:
    parts = earlier.parts(axis if axis in _FIXED else "group")
    return parts if axis in _FIXED else {parse_group(part).get(axis, TOTAL) for part in parts}


def _crossed(
    rows: pd.DataFrame,
    counts: np.ndarray,
    made: Mapping[str, Nesting],
    groups: Mapping[str, Mapping[str, str]],
    source: str,
) -> OwnCells:
    dimensions = [axis for axis in made if axis not in _FIXED]
    group_atoms = _groups([made[d].atoms for d in dimensions], dimensions)
    group_rests = [
        _group(values, dimensions)
        for values in product(*(made[d].atoms for d in dimensions))
        if any(value in made[d].rests for value, d in zip(values, dimensions, strict=True))
    ]
    wholes: dict[str, tuple[str, ...]] = {}
    shown = []
    for group, of in {TOTAL: {}, **groups}.items():
        parts = [_made_of(made[d], of.get(d, TOTAL)) for d in dimensions]
        if all(parts):
            shown.append(group)
            wholes[group] = tuple(_groups(parts, dimensions))
    hierarchies = Hierarchies(
        area=made["area"].wholes,
        period=made["period"].wholes,
        sex=made["sex"].wholes,
        group={group: of for group, of in wholes.items() if of != (group,)},
    )
    measure = rows["measure"].iloc[0]
    atoms = [[measure], *(made[a].atoms for a in _FIXED), group_atoms]
    keys = pd.MultiIndex.from_product(atoms, names=KEY)
    cells = pd.DataFrame({"value": counts.reshape(-1)}, index=keys).reset_index()
    _refuse_other_sums(rows, cells, hierarchies, source)
    labels = {
        axis: [a for a in made[axis].atoms if a not in made[axis].rests] + list(made[axis].wholes)
        for axis in _FIXED
    }
    rests = {axis: list(made[axis].rests) for axis in _FIXED}
    labels["group"], rests["group"] = shown, group_rests
    return OwnCells(cells, hierarchies, labels, rests)


def _made_of(one: Nesting, value: str) -> tuple[str, ...]:
    return (value,) if value in one.atoms else one.wholes.get(value, ())


def _groups(values: Sequence[Iterable[str]], dimensions: Sequence[str]) -> list[str]:
    return [_group(one, dimensions) for one in product(*values)]


def _group(values: Iterable[str], dimensions: Sequence[str]) -> str:
    return ";".join(f"{d}={v}" for d, v in zip(dimensions, values, strict=True) if v)


def _refuse_other_sums(
    rows: pd.DataFrame, cells: pd.DataFrame, hierarchies: Hierarchies, source: str
) -> None:
    """Refuse counts that are not the sums of their cells."""
    values = dict(zip(keys_of(cells), cells["value"].tolist(), strict=True))
    there = [set(cells[column]) for column in KEY]
    whole = pd.Series(False, index=rows.index)
    for column in KEY:
        whole |= rows[column].isin(list(hierarchies.parts(column)))
    for row in rows[whole & rows["value"].notna()].itertuples(index=False):
        key = [getattr(row, column) for column in KEY]
        leaves = hierarchies.leaves_of(key)
        if not all(set(of) <= known for of, known in zip(leaves, there, strict=True)):
            continue
        total = sum(values[m, a, p, s, g] for m, a, p, s, g in product(*leaves))
        if total != row.value:
            raise VgstatsError(
                f"{' '.join(filter(None, key))} from {source!r} is {row.value:g}, and its parts add up to {total}. "
                "Correct the one that is wrong, or leave the total out: vgstats adds it up."
            )
