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

from vgstats.disclosure.statements import (
    UNBOUNDED,
    Component,
    ContradictionError,
    Ints,
    Mask,
    Problem,
    Reduced,
    Statements,
    floor,
    reduce,
    rounded,
    row_range,
    solve,
)

# Rounds of looking for points that settle many numbers, before one is asked for at a time.
_SPREADS = 12
_STEPS = (1, 4, 8)  # all targets, and where these cannot rise together every fourth and eighth
_FIRST_NODES = 100_000  # of a search for any point at all


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
    parts: list[tuple[_Explorer, Ints]]

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
    parts: list[tuple[_Explorer, Ints]] = []
    for component in reduced.components:
        goals = sparse.csr_array(wanted[:, component.cells])
        members: Ints = np.flatnonzero(np.diff(goals.indptr) > 0).astype(np.int64)
        if len(members):
            starts = (point[component.cells] for point in points)
            parts.append((_Explorer(component, sparse.csr_array(goals[members]), starts), members))
        elif not points:
            _Explorer(component, sparse.csr_array(goals[:0]), ())  # for the contradiction in it
    return _Field(wanted @ known, parts)


def _spread(
    explorer: _Explorer, members: Ints, field: _Field, widths: Ints, hopeless: Mask
) -> None:
    width = widths[members]
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


class _Explorer:
    """The points found in one component, and the lowest and highest value of each goal among them.

    A goal is the part of a hidden number that lies in the component: a sum of its cells. `lowest` and
    `highest` are attained values, so the truth about what is possible is at least that wide.
    """

    def __init__(self, component: Component, goals: sparse.csr_array, points: Iterable[Ints]):
        """Start from known points; those that do not hold are left out, and one is found if none is left.

        Raises:
            ContradictionError: the component has no point at all.
        """
        self.component = component
        self.goals = goals
        self._points = 0
        self.lowest = np.full(goals.shape[0], UNBOUNDED, dtype=np.int64)
        self.highest = np.full(goals.shape[0], -UNBOUNDED, dtype=np.int64)
        self._floor, self._ceiling = row_range(goals, component.at_least, component.at_most)
        for point in points:
            self.add(point)
        if not self._points:
            self._find_first()

    def add(self, point: Ints | None) -> bool:
        """Take in a point if it holds, exactly; return whether it does."""
        if point is None or not self.component.holds(point):
            return False
        values = self.goals @ point
        np.minimum(self.lowest, values, out=self.lowest)
        np.maximum(self.highest, values, out=self.highest)
        self._points += 1
        return True

    def push(self, goal: int, sign: int, enough: int | None = None) -> int | None:
        """Look for a point where a goal is as high (`sign` 1) or low (-1) as it can be, or `enough`.

        What is found is in `lowest` and `highest`. A linear answer comes first; only when its point is not
        whole and the question is still open, one in whole numbers.

        Returns:
            The bound that the goal cannot pass (`enough` when that stopped it), None when there is
            no bound or when the solver gave up: then what is attained may not be all.
        """
        limit = int(self._ceiling[goal] if sign > 0 else self._floor[goal])
        if sign * self._attained(goal, sign) == limit:
            return limit
        row = self.goals[[goal]]
        cost = -sign * row.toarray()[0].astype(np.float64)
        problem: Problem = self.component
        if enough is not None:
            ends = (-UNBOUNDED, enough) if sign > 0 else (enough, UNBOUNDED)
            problem = Problem(
                sparse.vstack([problem.matrix, row]).tocsr(),
                np.append(problem.low, ends[0]),
                np.append(problem.high, ends[1]),
                problem.at_least,
                problem.at_most,
            )
        answer = solve(cost, problem)
        if answer.outcome == "endless":
            # What the linear problem does not bound has no bound in whole numbers either, since the
            # statements have whole coefficients and a whole point exists (Meyer 1974).
            if sign > 0:
                self.highest[goal] = UNBOUNDED
            return None
        bound = floor(-answer.bound)
        if answer.point is None or answer.outcome != "solved":
            return None
        if self.add(rounded(answer.point)) or self._attained(goal, sign) >= bound:
            return sign * bound
        answer = solve(cost, problem, whole=True)
        self.add(None if answer.point is None else np.rint(answer.point).astype(np.int64))
        return sign * floor(-answer.bound) if answer.outcome == "solved" else None

    def spread(self, open_goals: Ints, width: Ints) -> bool:
        """Look for one point where many goals lie up to `width` above their lowest; return whether it holds.

        One linear problem: the sum of the rises, each counted up to `width`. It settles nothing by itself;
        it finds points that settle many goals at once.
        """
        chosen = self.goals[open_goals]
        count, cells = chosen.shape
        rise = sparse.hstack([chosen, -sparse.eye_array(count, dtype=np.int64)])
        part = self.component
        none = sparse.csr_array((part.matrix.shape[0], count), dtype=np.int64)
        problem = Problem(
            sparse.vstack([sparse.hstack([part.matrix, none]), rise]).tocsr(),
            np.concatenate([part.low, self.lowest[open_goals]]),
            np.concatenate([part.high, np.full(count, UNBOUNDED)]),
            np.concatenate([part.at_least, np.zeros(count, dtype=np.int64)]),
            np.concatenate([part.at_most, width]),
        )
        # Each is worth a little less than the one before, so that some rise enough rather than all a little.
        answer = solve(np.concatenate([np.zeros(cells), -np.linspace(2, 1, count)]), problem)
        return answer.point is not None and self.add(rounded(answer.point[:cells]))

    def settle(self, goal: int) -> bool:
        """Find the exact bounds of a goal; return whether they are proved to be exact."""
        down, up = self.push(goal, -1), self.push(goal, 1)
        endless = self.highest[goal] >= UNBOUNDED
        return bool(down == self.lowest[goal] and (endless or up == self.highest[goal]))

    def _attained(self, goal: int, sign: int) -> int:
        return int(self.highest[goal] if sign > 0 else -self.lowest[goal])

    def _find_first(self) -> None:
        nothing = np.zeros(len(self.component.cells))
        for whole in (False, True):
            answer = solve(nothing, self.component, whole=whole, nodes=_FIRST_NODES)
            if answer.point is not None and self.add(np.rint(answer.point).astype(np.int64)):
                return
            if answer.outcome == "impossible":
                raise ContradictionError
        raise ContradictionError(settled=False)
