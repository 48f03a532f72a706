"""The strong attacker: how closely a reader can work out what is hidden.

The attacker knows every shown number (exactly, or as far as its rounding says), that a hidden number is at
least 1 when zeros are shown, that persons come in whole numbers, and all earlier releases. The bounds are
those of integer programs; linear bounds are wider in tables of three or more dimensions.

Every point that is found is checked exactly, in whole numbers, before it counts. So two points that differ in a
number prove that a reader cannot know that number better, whatever the solver's rounding or time limit did.

Source of the attack model: Fischetti and Salazar (2001), "Solving the cell suppression problem on tabular
data with linear constraints", Management Science 47(7).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vgstats.disclosure.explorer import Explorer
from vgstats.disclosure.statements import (
    UNBOUNDED,
    Ints,
    Mask,
    Reduced,
    Statements,
    reduce,
    row_range,
)

# Rounds of looking for points that settle many numbers, before one is asked for at a time.
_SPREADS = 12
_STEPS = (1, 4, 8)  # all targets, and where these cannot rise together every fourth and eighth


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
        return _widths(self.low, self.high)


@dataclass(frozen=True)
class _Field:
    """All targets: what is known of each, and in each component an explorer and the targets with cells there."""

    known: Ints
    parts: list[tuple[Explorer, Ints]]

    def ends(self) -> tuple[Ints, Ints]:
        """Return the lowest and highest value of each target that was found to be possible."""
        low, high = self.known.copy(), self.known.copy()
        for explorer, members in self.parts:
            low[members] += explorer.lowest
            endless = (high[members] >= UNBOUNDED) | (explorer.highest >= UNBOUNDED)
            high[members] = np.where(endless, UNBOUNDED, high[members] + explorer.highest)
        return low, high

    def widths(self) -> Ints:
        """Return how far apart these are."""
        return _widths(*self.ends())


def _widths(low: Ints, high: Ints) -> Ints:
    return np.where(high >= UNBOUNDED, UNBOUNDED, high - low)


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
    exact = np.ones(len(rows), dtype=bool)
    for explorer, members in field.parts:
        for goal, target in enumerate(members):
            exact[target] &= explorer.settle(goal)
    return Bounds(rows, *field.ends(), exact)


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
    room = row_range(statements.matrix[rows], reduced.at_least, reduced.at_most)
    hopeless = _widths(*room) < widths
    for explorer, members in field.parts:
        _spread(explorer, members, field, widths, hopeless)
    for target in np.flatnonzero(~hopeless & (field.widths() < widths)):
        _widen(field, int(target), int(widths[target]))
    return rows[field.widths() < widths]


def _field(statements: Statements, reduced: Reduced, rows: Ints, points: Iterable[Ints]) -> _Field:
    wanted = sparse.csr_array(statements.matrix[rows])
    known = np.where(reduced.at_least == reduced.at_most, reduced.at_least, 0)
    points = list(points)
    parts: list[tuple[Explorer, Ints]] = []
    for component in reduced.components:
        goals = sparse.csr_array(wanted[:, component.cells])
        members: Ints = np.flatnonzero(np.diff(goals.indptr) > 0).astype(np.int64)
        if len(members):
            starts = (point[component.cells] for point in points)
            axes = None if statements.axes is None else statements.axes[component.cells]
            explorer = Explorer(component, sparse.csr_array(goals[members]), starts, axes)
            parts.append((explorer, members))
        elif not points:
            Explorer(component, sparse.csr_array(goals[:0]), ())  # for the contradiction in it
    return _Field(wanted @ known, parts)


def _spread(explorer: Explorer, members: Ints, field: _Field, widths: Ints, hopeless: Mask) -> None:
    width = widths[members]
    still = np.flatnonzero((field.widths()[members] < width) & ~hopeless[members])
    explorer.exchange(still, width[still])
    for step in _STEPS:
        for _ in range(_SPREADS):
            before = field.widths()[members]
            still = np.flatnonzero((before < width) & ~hopeless[members])[::step]
            if len(still) < 2 or not explorer.spread(still, width[still]):
                break
            if (field.widths()[members] >= width).sum() <= (before >= width).sum() + step // 2:
                break


def _widen(field: _Field, target: int, width: int) -> None:
    """Push one target up and then down in each component, until it is `width` wide."""
    for explorer, members in field.parts:
        for goal in np.flatnonzero(members == target):
            for sign in (1, -1):
                if field.widths()[target] >= width:
                    return
                enough = int(explorer.lowest[goal]) + width if sign > 0 else None
                explorer.push(int(goal), sign, enough)
