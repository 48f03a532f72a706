"""What a reader can make of one part of the unknown cells: points that agree with all that is said, each checked."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from vgstats.disclosure.statements import (
    UNBOUNDED,
    Component,
    ContradictionError,
    Ints,
    Problem,
    floor,
    rounded,
    row_range,
    solve,
)
from vgstats.disclosure.swaps import Swaps

_FIRST_NODES = 100_000  # of a search for any point at all


class Explorer:
    """The points found in one component, and the lowest and highest value of each goal among them.

    A goal is the part of a hidden number that lies in the component: a sum of its cells. `lowest` and
    `highest` are attained values, so the truth about what is possible is at least that wide.
    """

    def __init__(
        self,
        component: Component,
        goals: sparse.csr_array,
        points: Iterable[Ints],
        axes: Ints | None = None,
    ):
        """Start from known points; those that do not hold are left out, and one is found if none is left.

        Raises:
            ContradictionError: the component has no point at all.
        """
        self.component = component
        self.goals = goals
        self._axes = axes
        self._last: Ints | None = None
        self.lowest = np.full(goals.shape[0], UNBOUNDED, dtype=np.int64)
        self.highest = np.full(goals.shape[0], -UNBOUNDED, dtype=np.int64)
        self._floor, self._ceiling = row_range(goals, component.at_least, component.at_most)
        for point in points:
            self.add(point)
        if self._last is None:
            self._find_first()

    def add(self, point: Ints | None) -> bool:
        """Take in a point if it holds, exactly; return whether it does."""
        if point is None or not self.component.holds(point):
            return False
        values = self.goals @ point
        np.minimum(self.lowest, values, out=self.lowest)
        np.maximum(self.highest, values, out=self.highest)
        self._last = point
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

    def exchange(self, goals: Ints, width: Ints) -> None:
        """Look for points where each goal is its width wide, as far as exchanges between places lead to such."""
        if self._axes is None or self._last is None or not len(goals):
            return
        part, here = self.component, self._last
        rows, sums = sparse.vstack([self.goals, part.matrix]).tocsr(), part.matrix @ here
        endless = np.full(self.goals.shape[0], UNBOUNDED)
        down = np.concatenate([endless, sums - part.low, here - part.at_least])
        up = np.concatenate([endless, part.high - sums, part.at_most - here])
        swaps, values = Swaps(rows, self._axes, down, up), self.goals @ here
        for goal, wide in zip(goals.tolist(), width.tolist(), strict=True):
            for end in (self.lowest[goal] + wide, self.highest[goal] - wide):
                if self.highest[goal] - self.lowest[goal] < wide:
                    ways = swaps.find(goal, int(end - values[goal]))
                    next((move for move in ways if self.add(here + move)), None)

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
