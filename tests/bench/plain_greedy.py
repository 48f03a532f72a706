"""The plain way to choose what to hide, for comparison: a pair of integer programs for each hidden number.

Nothing is taken apart, remembered or reused. At each step the whole system is asked for the lowest and
highest value of the hidden numbers, and one more number is hidden for the sake of one that is too narrow: the
cheapest that shares a shown total with it, at the same prices as vgstats uses. `hasty` asks only until
it meets the first that is too narrow, which spares most of the work.

At last each number hidden for the sake of others is tried once, the dearest first, and is shown again if all
stay safe. This pass asks the attack of vgstats, which is much faster than the pairs of programs, so it costs the
plain way as little as it can.
"""

from __future__ import annotations

import time

import numpy as np
from scipy import optimize

from vgstats.disclosure.attack import unsafe
from vgstats.disclosure.choose import prices
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.statements import UNBOUNDED
from vgstats.disclosure.tables import System
from vgstats.observations import KEY


class CutOffError(Exception):
    """The limit was reached."""


def plain_greedy(system: System, rule: HidingRule, seconds: float, *, hasty: bool) -> np.ndarray:
    """Return which numbers to hide.

    Raises:
        CutOffError: it was not done within the limit, the last pass included.
    """
    stop = time.perf_counter() + seconds
    price = prices(system)
    hidden = system.small(rule)
    while (row := _narrow(system, hidden, rule, stop, hasty)) is not None:
        hidden[_beside(system, hidden, row, price, rule.width)] = True
    return _without_redundant(system, hidden, price, rule, stop)


def _without_redundant(
    system: System, hidden: np.ndarray, price: np.ndarray, rule: HidingRule, stop: float
) -> np.ndarray:
    secondary = np.flatnonzero(hidden & ~system.small(rule))
    for row in secondary[np.argsort(-price[secondary], kind="stable")]:
        if time.perf_counter() > stop:
            raise CutOffError
        fewer = hidden.copy()
        fewer[row] = False
        said = system.statements(fewer)
        if not len(unsafe(said, np.flatnonzero(fewer), rule.width, [system.cells])):
            hidden = fewer
    return hidden


def _narrow(
    system: System, hidden: np.ndarray, rule: HidingRule, stop: float, hasty: bool
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
        raise CutOffError
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


def _beside(system: System, hidden: np.ndarray, row: int, price: np.ndarray, width: int) -> int:
    """The number to hide next, for the sake of one that is too narrow.

    A line is the numbers that differ in one column of the key, a total and its parts. The number is held fast by
    a line of its own with too little room on it, or by one of a hidden number on its lines, and so on. Of the
    numbers on the first such line: one that has room to give way by the width, then the one with
    the fewest lines on which nothing else is hidden, then the cheapest.
    """

    def lonely(other: int) -> int:
        return sum(not hidden[line].any() for line in _lines(system, other))

    queue, met = [row], {row}
    while queue:
        at = queue.pop(0)
        for line in _lines(system, at):
            near = [o for o in line if not hidden[o] and np.isfinite(price[o])]
            if near and _room(system, hidden, line, at) < width:
                return min(near, key=lambda o: (system.values[o] <= width, lonely(o), price[o], o))
            more = [int(o) for o in line if hidden[o] and o not in met]
            queue += more
            met |= set(more)
    rest = np.flatnonzero(~hidden & np.isfinite(price))
    if not len(rest):
        raise CutOffError
    return int(rest[np.argmin(price[rest])])


def _lines(system: System, row: int) -> list[np.ndarray]:
    keys = system.keys[KEY].to_numpy()
    same = keys == keys[row]
    found = [
        np.flatnonzero(np.delete(same, column, axis=1).all(axis=1)) for column in range(len(KEY))
    ]
    return [line for line in found if len(line) > 1]


def _room(system: System, hidden: np.ndarray, line: np.ndarray, row: int) -> int:
    others = [other for other in line if other != row and hidden[other]]
    return int((system.values[others] - 1).sum())
