"""Exploring one component: which whole-number points it has, and how far apart they lie.

Every point is checked exactly, in whole numbers, before it counts. So two points that differ in a number
prove that a reader cannot know that number better, whatever the solver's rounding or time limit did.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from vgstats.disclosure.solver import Answer, Problem, floor, rounded, solve
from vgstats.disclosure.statements import UNBOUNDED, Component, ContradictionError, Ints, Mask


class Explorer:
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
        self.points = 0
        self.lowest = np.full(goals.shape[0], UNBOUNDED, dtype=np.int64)
        self.highest = np.full(goals.shape[0], -UNBOUNDED, dtype=np.int64)
        self._floor = goals @ component.at_least
        endless = component.at_most >= UNBOUNDED
        self._ceiling = goals @ np.where(endless, 0, component.at_most)
        self._ceiling[goals @ endless.astype(np.int64) > 0] = UNBOUNDED
        for point in points:
            self.add(point)
        if not self.points:
            self._find_first()

    def add(self, point: Ints | None) -> bool:
        """Take in a point if it holds, exactly; return whether it does."""
        if point is None or not self.component.holds(point):
            return False
        values = self.goals @ point
        np.minimum(self.lowest, values, out=self.lowest)
        np.maximum(self.highest, values, out=self.highest)
        self.points += 1
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
        answer = self._solve(cost, row, sign, enough, whole=False)
        if answer.outcome == "endless":
            self._widen(goal, sign)
            return None
        bound = floor(-answer.bound)
        if answer.point is None or answer.outcome != "solved":
            return None
        if self.add(rounded(answer.point)) or self._attained(goal, sign) >= bound:
            return sign * bound
        answer = self._solve(cost, row, sign, enough, whole=True)
        self.add(None if answer.point is None else np.rint(answer.point).astype(np.int64))
        return sign * floor(-answer.bound) if answer.outcome == "solved" else None

    def spread(self, open_goals: Mask, width: Ints) -> bool:
        """Look for one point where many goals lie up to `width` above their lowest; return whether it holds.

        One linear problem: the sum of the rises, each counted up to `width`. It settles nothing by itself;
        it finds points that settle many goals at once.
        """
        chosen = self.goals[np.flatnonzero(open_goals)]
        count, cells = chosen.shape
        rise = sparse.hstack([chosen, -sparse.eye_array(count, dtype=np.int64)])
        part = self.component
        none = sparse.csr_array((part.matrix.shape[0], count), dtype=np.int64)
        problem = Problem(
            np.concatenate([np.zeros(cells), -np.ones(count)]),
            sparse.vstack([sparse.hstack([part.matrix, none]), rise]).tocsr(),
            np.concatenate([part.low, self.lowest[open_goals]]),
            np.concatenate([part.high, np.full(count, UNBOUNDED)]),
            np.concatenate([part.at_least, np.zeros(count, dtype=np.int64)]),
            np.concatenate([part.at_most, width]),
        )
        answer = solve(problem)
        return answer.point is not None and self.add(rounded(answer.point[:cells]))

    def _attained(self, goal: int, sign: int) -> int:
        return int(self.highest[goal] if sign > 0 else -self.lowest[goal])

    def _widen(self, goal: int, sign: int) -> None:
        """A sum of cells that the linear problem does not bound has no bound in whole numbers either.

        That holds since the statements have whole coefficients and a whole point exists (Meyer 1974).
        """
        if sign > 0:
            self.highest[goal] = UNBOUNDED

    def _solve(
        self, cost: np.ndarray, row: sparse.csr_array, sign: int, enough: int | None, whole: bool
    ) -> Answer:
        part = self.component
        matrix, low, high = part.matrix, part.low, part.high
        if enough is not None:
            matrix = sparse.vstack([matrix, row]).tocsr()
            low = np.append(low, -UNBOUNDED if sign > 0 else enough)
            high = np.append(high, enough if sign > 0 else UNBOUNDED)
        problem = Problem(cost, matrix, low, high, part.at_least, part.at_most)
        return solve(problem, np.ones(len(cost)) if whole else None)

    def _find_first(self) -> None:
        nothing = np.zeros(len(self.component.cells))
        part = self.component
        problem = Problem(nothing, part.matrix, part.low, part.high, part.at_least, part.at_most)
        for whole in (None, np.ones(len(nothing))):
            answer = solve(problem, whole, nodes=100_000)
            if answer.point is not None and self.add(np.rint(answer.point).astype(np.int64)):
                return
            if answer.outcome == "impossible":
                raise ContradictionError
        raise ContradictionError(settled=False)
