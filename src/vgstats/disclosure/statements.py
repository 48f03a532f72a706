"""What a reader knows, as one system of statements about whole numbers of persons, and how HiGHS is asked about it.

A release is a 0/1 matrix over base cells: each published number is a row, the sum of its cells. A
statement says that a row lies between two whole numbers. The hidden values are not in it. Nothing that the
solver says is taken on trust: whoever uses a point checks it exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from scipy import sparse

from vgstats.errors import VgstatsError

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Outcome = Literal["solved", "impossible", "endless", "unknown"]

# Stands for no upper bound; sums of a few stay in int64.
UNBOUNDED = int(np.iinfo(np.int64).max // 8)
_CLOSE = 1e-6
_SECONDS = 60.0  # far above what a question takes; what runs into it counts as not answered
_NODES = 2000  # a limit on work, not on time, so that the same question always gets the same answer
_OUTCOMES: dict[int, Outcome] = {0: "solved", 2: "impossible", 3: "endless"}


class ContradictionError(VgstatsError):
    """No whole numbers agree with all that is said: something shown is wrong."""

    def __init__(self, settled: bool = True) -> None:
        found = "exist" if settled else "could be found"
        super().__init__(
            f"The shown numbers contradict each other: no whole numbers {found} that add up to all of "
            "them. Check that totals and parts come from the same release, and make it again."
        )


@dataclass(frozen=True)
class Statements:
    """`low <= matrix @ cells <= high`, `cells >= 0`, all whole numbers.

    `matrix`: 0/1, one row a number, one column a base cell. `high` is `UNBOUNDED` where nothing
    is said. `axes`: of each cell its area, its sex and the rest of its key, as whole numbers, where these are known.
    """

    matrix: sparse.csr_array
    low: Ints
    high: Ints
    axes: Ints | None = None


@dataclass(frozen=True)
class Problem:
    """`low <= matrix @ x <= high` and `at_least <= x <= at_most`."""

    matrix: sparse.csr_array
    low: Ints
    high: Ints
    at_least: Ints
    at_most: Ints

    def holds(self, point: Ints) -> bool:
        """Return whether a point of whole numbers agrees with all that is said, exactly."""
        if ((point < self.at_least) | (point > self.at_most)).any():
            return False
        rows = self.matrix @ point
        return bool(((rows >= self.low) & (rows <= self.high)).all())


@dataclass(frozen=True)
class Component(Problem):
    """Unknown cells that hang together, with only the statements that bind them.

    `cells` are columns of the whole system; `low` and `high` are what remains to be explained when
    the known cells are taken away.
    """

    cells: Ints


@dataclass(frozen=True)
class Reduced:
    """The statements when all that follows by plain addition is worked out.

    `at_least` and `at_most` bound every cell; those that are equal are known. The `components` share no
    cell and no binding statement, so each can be explored alone.
    """

    at_least: Ints
    at_most: Ints
    components: tuple[Component, ...]


def reduce(statements: Statements) -> Reduced:
    """Work out what follows by plain addition and split the rest into components.

    Source: bound propagation as in the presolve of integer programs (Savelsbergh 1994).

    Raises:
        ContradictionError: the statements cannot all be true.
    """
    lowest, highest = _propagate(statements)
    free = lowest < highest
    matrix, row_low, row_high = statements.matrix, statements.low, statements.high
    least, most = row_range(matrix, lowest, highest)
    binding = (least < row_low) | (most > row_high)
    known = np.where(free, 0, lowest)
    columns = np.flatnonzero(free)
    inner = matrix[binding][:, columns]
    taken = matrix[binding] @ known
    low = row_low[binding] - taken
    high = np.where(row_high[binding] >= UNBOUNDED, UNBOUNDED, row_high[binding] - taken)
    links = sparse.csr_array(inner.T @ inner) if len(columns) else sparse.csr_array((0, 0))
    count, label = sparse.csgraph.connected_components(links, directed=False)
    row_label = label[inner.indices[inner.indptr[:-1]]] if inner.shape[0] else np.zeros(0, int)
    components = []
    for number in range(count):
        inside, rows = np.flatnonzero(label == number), np.flatnonzero(row_label == number)
        cells = columns[inside]
        part = sparse.csr_array(inner[rows][:, inside])
        components.append(
            Component(part, low[rows], high[rows], lowest[cells], highest[cells], cells)
        )
    return Reduced(lowest, highest, tuple(components))


def row_range(matrix: sparse.csr_array, lowest: Ints, highest: Ints) -> tuple[Ints, Ints]:
    """Return the lowest and highest sum of each row, `UNBOUNDED` when a cell has no upper bound."""
    endless = highest >= UNBOUNDED
    most = matrix @ np.where(endless, 0, highest)
    return matrix @ lowest, np.where(matrix @ endless.astype(np.int64) > 0, UNBOUNDED, most)


def _propagate(statements: Statements, rounds: int = 50) -> tuple[Ints, Ints]:
    matrix = statements.matrix
    entries = matrix.tocoo()
    row, column = entries.coords
    lowest = np.zeros(matrix.shape[1], dtype=np.int64)
    highest = np.full(matrix.shape[1], UNBOUNDED, dtype=np.int64)
    for _ in range(rounds):
        before = lowest.copy(), highest.copy()
        least = matrix @ lowest
        said = statements.high[row] < UNBOUNDED
        others = least[row] - lowest[column]
        np.minimum.at(highest, column[said], (statements.high[row] - others)[said])
        endless = highest >= UNBOUNDED
        open_cells = matrix @ endless.astype(np.int64)
        finite = matrix @ np.where(endless, 0, highest)
        alone = open_cells[row] - endless[column] == 0
        others = finite[row] - np.where(endless, 0, highest)[column]
        np.maximum.at(lowest, column[alone], (statements.low[row] - others)[alone])
        if (lowest > highest).any():
            raise ContradictionError
        if (lowest == before[0]).all() and (highest == before[1]).all():
            break
    least, most = row_range(matrix, lowest, highest)
    if ((least > statements.high) | (most < statements.low)).any():
        raise ContradictionError
    return lowest, highest


@dataclass(frozen=True)
class Answer:
    """What the solver says; `point` is there when it found one, `bound` is what it claims to be the lowest cost."""

    outcome: Outcome
    point: Floats | None
    bound: float


def solve(cost: Floats, problem: Problem, *, whole: bool = False, nodes: int = _NODES) -> Answer:
    """Minimise `cost @ x` in real numbers, or in whole ones with a search of at most `nodes` nodes."""
    # The presolve of a small linear problem takes longer than to solve it.
    limits = {"node_limit": nodes} if whole else {"presolve": False}
    rows = scipy.optimize.LinearConstraint(problem.matrix, _real(problem.low), _real(problem.high))
    found = scipy.optimize.milp(
        cost,
        integrality=np.ones(len(cost)) if whole else None,
        bounds=scipy.optimize.Bounds(_real(problem.at_least), _real(problem.at_most)),
        constraints=[rows] if problem.matrix.shape[0] else [],
        options={"time_limit": _SECONDS, "mip_rel_gap": 0.0, **limits},
    )
    bound = found.mip_dual_bound if whole else found.fun
    outcome = _OUTCOMES.get(found.status, "unknown")
    return Answer(outcome, found.x, -np.inf if bound is None else float(bound))


def rounded(point: Floats) -> Ints | None:
    """Return the point in whole numbers when it lies close to one, otherwise None.

    What comes back is a guess: whoever uses it checks it exactly.
    """
    near = np.rint(point)
    return near.astype(np.int64) if (np.abs(point - near) < _CLOSE).all() else None


def floor(value: float) -> int:
    """Return the whole number under a value that a solver gave."""
    return int(np.floor(value + _CLOSE))


def _real(values: Ints) -> Floats:
    real = values.astype(np.float64)
    real[values >= UNBOUNDED] = np.inf
    real[values <= -UNBOUNDED] = -np.inf
    return real
