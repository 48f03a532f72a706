"""Areas that show nothing but their totals are one rest together: nothing that is published tells them apart.

The interiors of such areas, by group, may be anything that has their totals and adds up to what the rest shows (the
transportation problem, see `margins`). So the secondary choice is made with their rest in their place, which is far
smaller. That the choice is safe does not depend on it: the attack afterwards is on all numbers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from vgstats.disclosure.nesting import TOTAL
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.statements import Ints, Mask
from vgstats.disclosure.tables import System


def merged(system: System, rule: HidingRule) -> tuple[System, Ints] | None:
    """Return a system with the rests of areas that show no interior in their place, None where there are no such areas.

    Returns:
        The system, and for each of its rows the row of `system` that it is, -1 for those of a rest.
    """
    silent = _silent(system)
    if not silent.any():
        return None
    kept, inside = np.flatnonzero(~silent), system.matrix[np.flatnonzero(silent)]
    lump = _alike(system.matrix[kept], np.asarray(inside.sum(axis=0)).ravel() > 0)
    first = np.unique(lump, return_index=True)[1]
    interior = np.flatnonzero(silent & (system.keys["group"] != TOTAL).to_numpy())
    rests, example, width = _rests(system, interior, lump)
    cells = np.bincount(lump, system.cells).astype(np.int64)
    values = rests @ cells
    rows = np.concatenate([kept, example])
    small = (values >= rule.hidden_from) & (values < rule.threshold)
    count = len(example)
    none, rest = np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64)
    made = replace(
        system,
        keys=system.keys.iloc[rows].reset_index(drop=True),
        matrix=sparse.csr_array(sparse.vstack([system.matrix[kept][:, first], rests])),
        axes=system.axes[first],
        values=np.concatenate([system.values[kept], values]),
        cells=cells,
        wanted=np.concatenate([system.wanted[kept], none]),
        stays_shown=np.concatenate([system.stays_shown[kept], none]),
        stays_hidden=np.concatenate([system.stays_hidden[kept], small]),
        floor=np.concatenate([system.floor[kept], rest]),
        width=np.concatenate([system.width[kept], width]),
    )
    return made, np.concatenate([kept, np.full(count, -1)])


def _silent(system: System) -> Mask:
    """Return the rows of areas and periods that say nothing but totals, and are wholes of no other area."""
    keys, says = system.keys, system.wanted | system.stays_shown
    total = (keys["group"] == TOTAL).to_numpy()
    place = [keys["measure"], keys["area"], keys["period"]]
    tells = keys.assign(tells=says & ~total, inside=~total).groupby(place)
    found: Mask = (~tells["tells"].transform("any") & tells["inside"].transform("any")).to_numpy()
    return found


def _alike(kept: sparse.csr_array, inside: Mask) -> Ints:
    """Return a number for each cell, the same for cells inside that are in the same of the kept rows."""
    by_cell = sparse.csc_array(kept)
    by_cell.sort_indices()
    numbers: dict[object, int] = {}
    ends = by_cell.indptr
    return np.array(
        [
            numbers.setdefault(
                by_cell.indices[ends[cell] : ends[cell + 1]].tobytes() if inside[cell] else cell,
                len(numbers),
            )
            for cell in range(len(inside))
        ]
    )


def _rests(system: System, rows: Ints, lump: Ints) -> tuple[sparse.csr_array, Ints, Ints]:
    """Return the sums of lumps that the rows are parts of, each with one of its rows and the widest promise."""
    found: dict[tuple[int, ...], list[int]] = {}
    matrix = system.matrix
    for row in rows:
        of = lump[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]]
        found.setdefault(tuple(np.unique(of).tolist()), []).append(int(row))
    at = [(n, one) for n, lumps in enumerate(found) for one in lumps]
    places = np.array(at, dtype=np.int64).reshape(-1, 2).T
    ones = np.ones(len(at), dtype=np.int64)
    shape = (len(found), int(lump.max()) + 1)
    sums = sparse.csr_array((ones, (places[0], places[1])), shape=shape)
    width = [int(system.width[of].max()) for of in found.values()]
    return sums, np.array([of[0] for of in found.values()], dtype=np.int64), np.array(width)
