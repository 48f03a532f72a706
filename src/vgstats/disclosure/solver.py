"""One way to ask HiGHS, and to take nothing of what it says on trust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from scipy import sparse

from vgstats.disclosure.statements import UNBOUNDED, Ints

Outcome = Literal["solved", "impossible", "endless", "unknown"]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

_CLOSE = 1e-6
_SECONDS = 60.0  # far above what a question takes; what runs into it counts as not answered
_NODES = 2000  # a limit on work, not on time, so that the same question always gets the same answer
_OUTCOMES: dict[int, Outcome] = {0: "solved", 2: "impossible", 3: "endless"}


@dataclass(frozen=True)
class Problem:
    """Minimise `cost @ x` with `low <= matrix @ x <= high` and `least <= x <= most`."""

    cost: Floats
    matrix: sparse.csr_array
    low: Ints
    high: Ints
    least: Ints
    most: Ints


@dataclass(frozen=True)
class Answer:
    """What the solver says; `point` is there when it found one, `bound` is what it claims to be the lowest cost."""

    outcome: Outcome
    point: Floats | None
    bound: float


def solve(
    problem: Problem,
    whole: np.ndarray | None = None,
    nodes: int = _NODES,
) -> Answer:
    """Solve a linear problem, or one where the variables marked in `whole` are whole numbers."""
    options = {"time_limit": _SECONDS, "mip_rel_gap": 0.0}
    if whole is not None:
        options["node_limit"] = nodes
    constraints = (
        [scipy.optimize.LinearConstraint(problem.matrix, _real(problem.low), _real(problem.high))]
        if problem.matrix.shape[0]
        else []
    )
    found = scipy.optimize.milp(
        problem.cost,
        integrality=whole,
        bounds=scipy.optimize.Bounds(_real(problem.least), _real(problem.most)),
        constraints=constraints,
        options=options,
    )
    outcome = _OUTCOMES.get(found.status, "unknown")
    bound = found.mip_dual_bound if whole is not None else found.fun
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
