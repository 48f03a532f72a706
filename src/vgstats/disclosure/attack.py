"""The strong attacker: how closely a reader can work out what is hidden.

The attacker knows every shown number (exactly, or as far as its rounding says), that a hidden number is at
least 1 when zeros are shown, that persons come in whole numbers, and all earlier releases. The bounds are
those of integer programs; linear bounds are wider in tables of three or more dimensions.

Source of the attack model: Fischetti and Salazar (2001), "Solving the cell suppression problem on tabular
data with linear constraints", Management Science 47(7).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vgstats.disclosure.explore import Explorer
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask, Reduced, Statements, reduce

_SPREADS = (
    12  # rounds of looking for points that settle many numbers, before one is asked for at a time
)


@dataclass(frozen=True)
class Bounds:
    """The lowest and highest value that each target can have, as far as a reader can know.

    `high` is `UNBOUNDED` where nothing bounds it. Both are attained by whole numbers that agree with
    everything shown. `exact`: nothing beyond them is possible (False when the solver gave up).
    """

    targets: Ints
    low: Ints
    high: Ints
    exact: Mask

    @property
    def widths(self) -> Ints:
        """The difference between highest and lowest, `UNBOUNDED` where there is no highest."""
        return np.where(self.high >= UNBOUNDED, UNBOUNDED, self.high - self.low)


@dataclass(frozen=True)
class _Field:
    """All targets in all components: what is known of each, and the explorers of the rest."""

    base: Ints
    explorers: list[Explorer]
    parts: list[Ints]  # for each component, the targets that have cells there


def attack(
    statements: Statements, targets: Sequence[int] | Ints, points: Iterable[Ints] = ()
) -> Bounds:
    """Return the bounds of the targets (rows of the system) in whole numbers.

    Args:
        statements: what is known.
        targets: the rows to bound.
        points: whole numbers of all base cells that may agree with the statements; they save work.

    Raises:
        ContradictionError: nothing agrees with the statements.
    """
    rows = np.asarray(targets, dtype=np.int64)
    field = _field(statements, reduce(statements), rows, points)
    low, high, exact = field.base.copy(), field.base.copy(), np.ones(len(rows), dtype=bool)
    for explorer, members in zip(field.explorers, field.parts, strict=True):
        for goal, target in enumerate(members):
            exact[target] &= _settle(explorer, goal)
            low[target] += explorer.lowest[goal]
            if explorer.highest[goal] >= UNBOUNDED or high[target] >= UNBOUNDED:
                high[target] = UNBOUNDED
            else:
                high[target] += explorer.highest[goal]
    return Bounds(rows, low, high, exact)


def unsafe(
    statements: Statements,
    targets: Sequence[int] | Ints,
    width: int | Ints,
    points: Iterable[Ints] = (),
) -> Ints:
    """Return the targets that are not proved to be at least `width` wide, one for all or one for each.

    Cheaper than `attack`: it stops for each target as soon as two points lie `width` apart, and the points
    found for one target settle others. What the solver leaves open counts as unsafe.

    Raises:
        ContradictionError: nothing agrees with the statements.
    """
    rows = np.asarray(targets, dtype=np.int64)
    widths: Ints = np.broadcast_to(np.asarray(width, dtype=np.int64), rows.shape)
    reduced = reduce(statements)
    field = _field(statements, reduced, rows, points)
    hopeless = _widest(statements.matrix[rows], reduced) < widths
    for explorer, members in zip(field.explorers, field.parts, strict=True):
        _spread(explorer, members, field, widths, hopeless)
    for target in np.flatnonzero(~hopeless & (_widths(field) < widths)):
        _widen(field, int(target), int(widths[target]))
    return rows[_widths(field) < widths]


def _field(statements: Statements, reduced: Reduced, rows: Ints, points: Iterable[Ints]) -> _Field:
    wanted = sparse.csr_array(statements.matrix[rows])
    known = np.where(reduced.at_least == reduced.at_most, reduced.at_least, 0)
    points = list(points)
    explorers: list[Explorer] = []
    parts: list[Ints] = []
    for component in reduced.components:
        goals = sparse.csr_array(wanted[:, component.cells])
        members: Ints = np.flatnonzero(np.diff(goals.indptr) > 0).astype(np.int64)
        if len(members):
            starts = (point[component.cells] for point in points)
            explorers.append(Explorer(component, sparse.csr_array(goals[members]), starts))
            parts.append(members)
        elif not points:
            Explorer(component, sparse.csr_array(goals[:0]), ())  # for the contradiction in it
    return _Field(wanted @ known, explorers, parts)


def _widths(field: _Field) -> Ints:
    widths = np.zeros_like(field.base)
    for explorer, members in zip(field.explorers, field.parts, strict=True):
        span = np.where(
            explorer.highest >= UNBOUNDED, UNBOUNDED, explorer.highest - explorer.lowest
        )
        widths[members] = np.minimum(widths[members] + span, UNBOUNDED)
    return widths


def _widest(wanted: sparse.csr_array, reduced: Reduced) -> Ints:
    """Return a width that no target can exceed, by plain addition."""
    room = reduced.at_most - reduced.at_least
    endless = wanted @ (reduced.at_most >= UNBOUNDED).astype(np.int64) > 0
    return np.where(endless, UNBOUNDED, wanted @ np.where(reduced.at_most >= UNBOUNDED, 0, room))


def _spread(explorer: Explorer, members: Ints, field: _Field, widths: Ints, hopeless: Mask) -> None:
    width = widths[members]
    for _ in range(_SPREADS):
        before = _widths(field)
        still = (before[members] < width) & ~hopeless[members]
        if still.sum() < 2 or not explorer.spread(still, width[still]):
            return
        if (_widths(field)[members] >= width).sum() == (before[members] >= width).sum():
            return


def _widen(field: _Field, target: int, width: int) -> None:
    """Push one target up and then down in each component, until it is `width` wide."""
    for explorer, members in zip(field.explorers, field.parts, strict=True):
        for goal in np.flatnonzero(members == target):
            for sign in (1, -1):
                if _widths(field)[target] >= width:
                    return
                enough = explorer.lowest[goal] + width if sign > 0 else None
                explorer.push(int(goal), sign, None if enough is None else int(enough))


def _settle(explorer: Explorer, goal: int) -> bool:
    """Find the exact bounds of a goal; return whether they are proved to be exact."""
    down = explorer.push(goal, -1)
    up = explorer.push(goal, 1)
    endless = explorer.highest[goal] >= UNBOUNDED
    return bool(down == explorer.lowest[goal] and (endless or up == explorer.highest[goal]))
