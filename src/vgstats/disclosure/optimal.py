"""The cheapest secondary choice of a small block, proved to be the cheapest.

A master problem chooses which numbers to hide. What it chooses is attacked, and for each hidden number
that is bounded too tightly a cut is added: a statement that every safe choice fulfils and this one does not.
When nothing is left to cut, the choice is safe and none is cheaper.

Source: Fischetti and Salazar (2001), "Solving the cell suppression problem on tabular data with linear
constraints", Management Science 47(7), here with the width as a sliding protection level and with cuts
from the attack in whole numbers where the linear one sees nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.moves import Block
from vgstats.disclosure.solver import Floats, Problem, multipliers, solve
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask, Statements

LARGEST = 150  # numbers in a block; above it the search takes far longer than it is worth
SECONDS = 120.0  # what takes longer is given up as a whole, so no result depends on how far it came
_ROUNDS = 200
_NODES = 5000
_CLOSE = 1e-7
_ROUND_OFF = 1e-6
_AT_ONCE = 16  # cuts in fractions a round; with more, most are made needless by the others
_TAIL, _RISE = (
    5,
    1.003,
)  # fractions are left when the price rises by less than that in so many rounds
_SLIGHT = 1e-3  # how far a shown number counts as hidden in a search for cuts, so that cuts name few of them


@dataclass
class _Master:
    """Choose `hidden` with the lowest price so that `cuts @ hidden >= 0`."""

    price: Floats
    least: Ints
    most: Ints
    cuts: list[Floats] = field(default_factory=list)

    def solve(self, *, whole: bool) -> Floats | None:
        """Return the cheapest choice that the cuts leave, None when there is none or it was not proved."""
        count = len(self.price)
        matrix = sparse.csr_array(np.array(self.cuts).reshape(-1, count))
        low = np.zeros(len(self.cuts), dtype=np.int64)
        problem = Problem(
            self.price, matrix, low, np.full_like(low, UNBOUNDED), self.least, self.most
        )
        answer = solve(problem, np.ones(count) if whole else None, SECONDS, _NODES)
        return answer.point if answer.outcome == "solved" else None


def cheapest(part: Block, primary: Mask, width: int, known: Mask | None) -> Mask | None:
    """Return the safe choice with the lowest price, or None when it was not found and proved to be that.

    Args:
        part: the block.
        primary: its numbers that are hidden for their own sake.
        width: how far apart the lowest and highest possible value of each hidden number must lie.
        known: a safe choice, which is returned when none is cheaper; None when there is none at hand.
    """
    hideable = np.isfinite(part.price) | primary
    if (part.down_shown > part.down_hidden)[hideable].any():
        return None  # hiding a rounded number can then say more than showing it, which no cut allows for
    stop = time.monotonic() + SECONDS
    price = np.where(np.isfinite(part.price) & ~primary, part.price, 0)
    ceiling = np.inf if known is None else float(price[known].sum())
    master = _Master(price, primary.astype(np.int64), hideable.astype(np.int64))
    whole, reached = False, [0.0]
    for _ in range(_ROUNDS):
        point = master.solve(whole=whole)
        if point is None or time.monotonic() > stop:
            return None
        if price @ point >= ceiling - _CLOSE:
            return known
        cuts = (
            _cuts(part, primary, np.rint(point) > 0, width)
            if whole
            else _linear_cuts(part, primary, point, width)
        )
        if cuts is None:
            return None
        if whole and not cuts:
            return np.asarray(np.rint(point) > 0, dtype=bool)
        reached.append(float(price @ point))
        whole = whole or not cuts or reached[-1] < _RISE * reached[max(-_TAIL, -len(reached))]
        master.cuts += cuts
    return None


def _linear_cuts(part: Block, primary: Mask, hidden: Floats, width: int) -> list[Floats]:
    """Return some of the cuts that a choice, possibly in fractions, breaks; none only when none is found."""
    found: list[Floats] = []
    reach = np.zeros((1, len(hidden)))
    for target in np.argsort(-hidden, kind="stable"):
        wide = np.ptp(reach[:, target]) > width * hidden[target] - 1e-3
        if wide or len(found) >= _AT_ONCE:
            continue
        cut, changes = _cut(part, primary, hidden, int(target), width)
        reach = np.vstack([reach, *changes])
        found += [c for c in (cut, _cover(cut, hidden)) if c @ hidden < -1e-3]
    return found


def _cuts(part: Block, primary: Mask, hidden: Mask, width: int) -> list[Floats] | None:
    """Return the cuts that a choice breaks, none when it is safe, None when the attack was not settled."""
    said = statements(part, hidden)
    narrow = unsafe(said, np.flatnonzero(hidden), width, [part.truth])
    bounds = attack(said, narrow, [part.truth])
    if not bounds.exact.all():
        return None
    found = []
    for target in narrow[bounds.widths < width]:
        cut, _ = _cut(part, primary, hidden.astype(np.float64), int(target), width)
        if cut @ hidden > -1e-5:
            cut = _whole_cut(part, hidden, int(target), width)
        else:
            found.append(_cover(cut, hidden.astype(np.float64)))
        found.append(cut)
    return found


def _cover(cut: Floats, hidden: Floats) -> Floats:
    """Return what a cut says of whole choices: some hidden numbers do not do alone, so the others must.

    Left out are those that the choice hides most of for what they add, as long as they do not do alone.
    """
    rest, lacks = cut.copy(), 1.0
    named = np.flatnonzero((cut > 0) & (hidden > _CLOSE))
    for row in named[np.argsort(-hidden[named] / cut[named], kind="stable")]:
        if cut[row] < lacks - 1e-3:
            lacks -= cut[row]
            rest[row] = 0
    return np.where(rest > 0, np.minimum(rest / lacks, 1), rest)


def _cut(
    part: Block, primary: Mask, hidden: Floats, target: int, width: int
) -> tuple[Floats, list[Floats]]:
    """Return a bound on how wide a number can get, as a cut, and how the numbers change at both its ends.

    The cut holds for every choice by weak duality, whatever multipliers the solver gave. It says nothing (all
    0) when the solver gave none.
    """
    far = 10.0 * (int(part.truth.sum()) + width)
    rises: Floats = np.minimum(part.up_hidden, far) - part.up_shown
    falls: Floats = (part.down_hidden - part.down_shown).astype(np.float64)
    shown_up, shown_down = part.up_shown.astype(np.float64), part.down_shown.astype(np.float64)
    slight = _SLIGHT * np.minimum(rises, width), _SLIGHT * np.minimum(falls, width)
    up: Floats = shown_up + np.maximum(hidden * rises, slight[0])
    down: Floats = shown_down + np.maximum(hidden * falls, slight[1])
    goal: Floats = part.matrix[[target]].toarray()[0].astype(np.float64)
    stock: Floats = part.truth.astype(np.float64)
    adds, always, changes = np.zeros(len(hidden)), 0.0, []
    for sign in (1.0, -1.0):
        worth = multipliers(sign * goal, part.matrix, up, down, stock)
        if worth is None:
            return np.zeros(len(hidden)), []
        point, rise, fall = worth
        over = part.matrix.T @ (rise - fall) - sign * goal
        if over.min() < -_ROUND_OFF:
            return np.zeros(len(hidden)), []
        endless = (part.up_hidden >= UNBOUNDED) & (rise > 0)
        adds += np.where(endless, width, rise * rises) + fall * falls
        always += float(rise @ shown_up + fall @ shown_down + over @ stock)
        changes.append(part.matrix @ point)
    alone = primary | (np.arange(len(adds)) == target)
    lacks = width - always - float(adds[alone].sum())
    if lacks < _ROUND_OFF:
        return np.zeros(len(hidden)), changes
    cut = np.where(alone, 0, np.minimum(adds / lacks, 1))
    cut[target] -= 1
    return cut, changes


def _whole_cut(part: Block, hidden: Mask, target: int, width: int) -> Floats:
    """Return that something more must be hidden when the target is: all of this leaves it too narrow.

    As much as can be is hidden first without making the target safe, so that the cut names little.
    """
    most = hidden.copy()
    for row in np.flatnonzero(~hidden & np.isfinite(part.price)):
        most[row] = True
        if not _narrow(statements(part, most), target, width, part.truth):
            most[row] = False
    cut = (~most & np.isfinite(part.price)).astype(np.float64)
    cut[target] -= 1
    return cut


def _narrow(said: Statements, target: int, width: int, truth: Ints) -> bool:
    if not len(unsafe(said, [target], width, [truth])):
        return False
    bounds = attack(said, [target], [truth])
    return bool(bounds.exact[0] and bounds.widths[0] < width)


def statements(part: Block, hidden: Mask) -> Statements:
    """Return what a reader knows of a block when the numbers in the mask are hidden."""
    values = part.matrix @ part.truth
    up = np.where(hidden, part.up_hidden, part.up_shown)
    return Statements(
        sparse.csr_array(part.matrix),
        values - np.where(hidden, part.down_hidden, part.down_shown),
        np.where(up >= UNBOUNDED, UNBOUNDED, values + up),
    )
