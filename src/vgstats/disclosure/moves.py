"""Moves: whole-number changes of the base cells that a reader could not notice.

A move changes hidden numbers and leaves shown ones alone. If the truth and the truth after a move differ
in a number by the width, that number is safe. The cheapest move that may also disturb shown numbers
tells which of those to hide.

Source: the network-flow heuristic of Kelly, Golden and Assad (1992), "Cell suppression: disclosure
protection for sensitive tabular data", Networks 22, for linear problems in place of networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vgstats.disclosure.statements import UNBOUNDED, Floats, Ints, Mask, Problem, rounded, solve
from vgstats.disclosure.tables import System

_STEP = 1e-3  # what it costs to move a hidden number by one: little, so that moves stay short
# Of a search in whole numbers; a limit on work, so that the choice is the same each time.
_MOVE_NODES = 20
_TOGETHER = 8  # cells of numbers of so few hang together closely, as those of one place do
_BESIDE = 12  # so many other clusters of cells are looked at before all


@dataclass(frozen=True)
class Block:
    """Numbers and unknown cells that hang together when everything that may be hidden is hidden.

    `rows`, `cells`: their places in the system. `matrix`: rows x cells. `truth`: of the cells. `down`: how far
    each number may fall when it is hidden (it may rise without end). `own`: the row that is just one cell,
    by cell, or -1. `sums`: the other rows. `price`: what it costs to hide each number; infinite where it cannot be
    hidden. `width`: how wide each is to stay. `axes`: of the cells (see `System`). `net`: the equations between rises
    and falls of cells and of the sums.
    """

    rows: Ints
    cells: Ints
    matrix: sparse.csc_array
    by_row: sparse.csr_array
    truth: Ints
    down: Ints
    own: Ints
    sums: Ints
    price: Floats
    width: Ints
    axes: Ints
    net: sparse.csc_array
    cluster: Ints


def block(system: System, rows: Ints, cells: Ints, price: Floats) -> Block:
    """Return one block of a system (see `Block`)."""
    by_row = sparse.csr_array(system.matrix[rows][:, cells])
    single = np.flatnonzero(np.diff(by_row.indptr) == 1)
    own = np.full(len(cells), -1, dtype=np.int64)
    for row in single[::-1]:
        own[by_row.indices[by_row.indptr[row]]] = row
    sums = np.setdiff1d(np.arange(len(rows)), own)
    pick = sparse.csc_array(by_row[sums])
    unit = sparse.eye_array(len(sums), dtype=np.int64, format="csc")
    few = by_row[np.flatnonzero(np.diff(by_row.indptr) <= _TOGETHER)]
    _, cluster = sparse.csgraph.connected_components(few.T @ few, directed=False)
    return Block(
        rows,
        cells,
        sparse.csc_array(by_row),
        by_row,
        system.cells[cells],
        system.values[rows] - system.floor[rows],
        own,
        sums,
        price,
        system.width[rows],
        system.axes[cells],
        sparse.csc_array(sparse.hstack([pick, -pick, -unit, unit])),
        cluster.astype(np.int64),
    )


def find_move(
    block: Block, hidden: Mask, may_hide: Mask, target: int, change: int, *, far: bool = True
) -> Ints | None:
    """Return the cheapest move that changes a number by `change` or more in its direction, or None.

    Args:
        block: where to move.
        hidden: the rows that are hidden and so move almost free.
        may_hide: the rows that may be hidden for the sake of the move, at their price.
        target: the row to change.
        change: by how much; negative is down.
        far: whether to look among all cells when those close by have no move.
    """
    free = hidden | may_hide
    down, up = np.where(free, block.down, 0), np.where(free, UNBOUNDED, 0)
    if change > up[target] or -change > down[target]:
        return None
    most, cost = _variables(block, may_hide & ~hidden, down, up)
    least = np.zeros_like(most)
    at = _place(block, target, change > 0)
    least[at] = abs(change)
    most[_place(block, target, change < 0)] = 0
    if most[at] < least[at]:
        return None  # what else is in the number is known, and its one unknown cell holds too few
    near = _near(block, hidden, target)
    if near is not None:
        close = np.where(near, most, 0)
        if close[at] >= least[at]:
            move = _whole(block, least, close, cost, free, target, change, False)
            if move is not None:
                return move
        if not far:
            return None
    return _whole(block, least, most, cost, free, target, change, bool(may_hide.any()))


def _near(block: Block, hidden: Mask, target: int) -> Mask | None:
    """Return the variables of the cells close to a number, None where these are about all.

    They are those of its own clusters and of the others with the most hidden numbers; no shown total of many clusters
    is among them, which all together may be able to spare. A move among them costs little more than the cheapest, and
    is found in a fraction of the time, however many places there are.
    """
    count = int(block.cluster.max()) + 1
    by_row = block.by_row
    own = np.unique(
        block.cluster[by_row.indices[by_row.indptr[target] : by_row.indptr[target + 1]]]
    )
    if len(own) + _BESIDE >= count / 2:
        return None
    owned = block.own >= 0
    weight = np.bincount(
        block.cluster, np.where(owned, hidden[block.own], False).astype(float), minlength=count
    )
    weight[own] = np.inf
    chosen = np.zeros(count, dtype=bool)
    chosen[np.argsort(-weight, kind="stable")[: len(own) + _BESIDE]] = True
    cells = chosen[block.cluster]
    sums = (by_row @ cells.astype(np.int64) > 0) & (hidden | (np.diff(by_row.indptr) <= _TOGETHER))
    return np.concatenate([cells, cells, sums[block.sums], sums[block.sums]])


def _place(block: Block, row: int, up: bool) -> int:
    """Return the variable that a row's rise or fall is."""
    cells, sums = len(block.cells), block.sums
    mine = np.flatnonzero(block.own == row)
    if len(mine):
        return int(mine[0]) + (0 if up else cells)
    return 2 * cells + int(np.searchsorted(sums, row)) + (0 if up else len(sums))


def _variables(block: Block, asked: Mask, down: Ints, up: Ints) -> tuple[Ints, Floats]:
    """Return how far each variable may go (rises and falls of cells, then of sums) and what a step of it costs."""
    width = block.width  # how far a number moves for its full price
    rise = np.where(asked, block.price / width, _STEP)
    fall = np.where(asked, block.price / np.clip(down, 1, width), _STEP)
    own, owned, sums = block.own, block.own >= 0, block.sums
    most = [
        np.where(owned, up[own], UNBOUNDED),
        np.where(owned, np.minimum(down[own], block.truth), block.truth),
        up[sums],
        down[sums],
    ]
    steps = [np.where(owned, price[own], _STEP) for price in (rise, fall)]
    cost = [*steps, *(np.where(asked[sums], price[sums], 0) for price in (rise, fall))]
    return np.concatenate(most), np.concatenate(cost)


def _whole(
    block: Block,
    least: Ints,
    most: Ints,
    cost: Floats,
    free: Mask,
    target: int,
    change: int,
    thorough: bool,
) -> Ints | None:
    """Solve in real numbers; when the answer is not whole, again in whole ones, first with what it uses.

    The last resort, whole numbers of everything, is slow: `thorough` says whether to take it. Without it a
    number more may stay hidden; safety does not depend on it.
    """
    columns = np.flatnonzero(most > 0)
    answer = _ask(block, least, most, cost, columns, whole=False)
    if answer is None:
        return None
    used = columns[(answer[columns] > 0) | (least[columns] > 0)]
    both = np.union1d(used, _reversed(block, used))
    cells = len(block.cells)
    for chosen in (None, both[most[both] > 0], *([columns] if thorough else [])):
        if chosen is not None:
            answer = _ask(block, least, most, cost, chosen, whole=True)
        if answer is not None:
            move = rounded(answer[:cells] - answer[cells : 2 * cells])
            if move is not None and allowed(block, move, free):
                reached = int((block.by_row[[target]] @ move)[0])
                if reached >= change if change > 0 else reached <= change:
                    return move
    return None


def _reversed(block: Block, variables: Ints) -> Ints:
    """Return the variables that are the opposite rises and falls."""
    cells = len(block.cells)
    base = np.where(variables < 2 * cells, 0, 2 * cells)
    half = np.where(variables < 2 * cells, cells, len(block.sums))
    return np.asarray(base + (variables - base + half) % (2 * half), dtype=np.int64)


def _ask(
    block: Block, least: Ints, most: Ints, cost: Floats, columns: Ints, *, whole: bool
) -> Floats | None:
    net = sparse.csr_array(block.net[:, columns])
    rows = np.flatnonzero(np.diff(net.indptr) > 0)
    zero = np.zeros(len(rows), dtype=np.int64)
    problem = Problem(sparse.csr_array(net[rows]), zero, zero, least[columns], most[columns])
    answer = solve(cost[columns], problem, whole=whole, nodes=_MOVE_NODES)
    if answer.point is None:
        return None
    full = np.zeros(len(most))
    full[columns] = answer.point
    return full


def allowed(block: Block, move: Ints, free: Mask) -> bool:
    """Return whether a reader who is shown all but the free numbers could not notice a move, exactly."""
    moved = block.matrix @ move
    falls_too_far = (moved < -block.down)[free].any() or (block.truth + move < 0).any()
    return not (falls_too_far or (moved[~free] != 0).any())


def find_pair(block: Block, hidden: Mask, may_hide: Mask, target: int) -> tuple[Ints, Ints] | None:
    """Return two cheap moves, one up and one down, that lie the width apart in a number, or None.

    Needed where neither direction has room enough alone.
    """
    width = int(block.width[target])
    highest, rise = 0, None
    for up in range(1, width):
        move = find_move(block, hidden, may_hide, target, up)
        if move is None:
            break
        highest, rise = up, move
    if rise is None:
        return None
    fall = find_move(block, hidden, may_hide, target, highest - width)
    return None if fall is None else (rise, fall)
