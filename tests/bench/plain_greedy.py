"""The plain way to choose what to hide, for comparison: a pair of integer programs for each hidden number.

Nothing is taken apart, remembered or reused. At each step the whole system is asked for the lowest and
highest value of the hidden numbers, and one more number is hidden for the sake of one that is too narrow: the
cheapest that shares a shown total with it, at the same prices as vgstats uses. `hasty` asks only until
it meets the first that is too narrow, which spares most of the work.
"""

from __future__ import annotations

import time

import numpy as np
from scipy import optimize

from vgstats.disclosure.choose import prices
from vgstats.disclosure.rule import Rule
from vgstats.disclosure.statements import UNBOUNDED
from vgstats.disclosure.tables import System


class CutOff(Exception):
    """The limit was reached."""


def plain_greedy(system: System, rule: Rule, seconds: float, *, hasty: bool) -> np.ndarray:
    """Return which numbers to hide.

    Raises:
        CutOff: it was not done within the limit.
    """
    stop = time.perf_counter() + seconds
    price = prices(system, rule)
    hidden = system.small(rule)
    while (row := _narrow(system, hidden, rule, stop, hasty)) is not None:
        hidden[_beside(system, hidden, row, price)] = True
    return hidden


def _narrow(
    system: System, hidden: np.ndarray, rule: Rule, stop: float, hasty: bool
) -> int | None:
    """The narrowest hidden number, or the first met, when it is too narrow."""
    widths: dict[int, float] = {}
    for row in np.flatnonzero(hidden):
        widths[int(row)] = _width(system, hidden, row, stop)
        if hasty and widths[int(row)] < rule.width:
            return int(row)
    narrowest = min(widths, key=lambda row: widths[row], default=None)
    return None if narrowest is None or widths[narrowest] >= rule.width else narrowest


def _width(system: System, hidden: np.ndarray, row: int, stop: float) -> float:
    if time.perf_counter() > stop:
        raise CutOff
    said = system.statements(hidden)
    high = np.where(said.high >= UNBOUNDED, np.inf, said.high)
    cost = system.matrix[[row]].toarray()[0].astype(float)
    found = []
    for sign in (1, -1):
        answer = optimize.milp(
            sign * cost,
            integrality=np.ones(len(cost)),
            constraints=optimize.LinearConstraint(system.matrix, said.low, high),
        )
        if answer.fun is None:
            return np.inf  # no highest value
        found.append(sign * answer.fun)
    return round(found[1] - found[0])


def _beside(system: System, hidden: np.ndarray, row: int, price: np.ndarray) -> int:
    """The cheapest number that can still be hidden and lies under a shown total of this one."""
    cells = system.matrix.T.tocsr()
    mine = set(system.matrix[[row]].indices)
    best: tuple[float, int] | None = None
    first = min(mine)
    for total in cells[[first]].indices:
        inside = set(system.matrix[[total]].indices)
        if hidden[total] or not mine <= inside:
            continue
        for cell in inside - mine:
            for other in cells[[cell]].indices:
                if not hidden[other] and np.isfinite(price[other]):
                    if set(system.matrix[[other]].indices) <= inside:
                        best = min(best or (np.inf, -1), (price[other], int(other)))
        if mine < inside and np.isfinite(price[total]):
            best = min(best or (np.inf, -1), (price[total], int(total)))
    if best is None:
        raise CutOff
    return best[1]
