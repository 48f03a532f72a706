"""The secondary choice: which further numbers to hide so that the small ones cannot be worked out.

For each number that is not safe yet the cheapest move that makes it so is found, and what the move
disturbs is hidden. Then each number hidden for the sake of others is shown again if all stay safe without
it. The result is audited by the attack.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from vgstats.disclosure.attack import unsafe
from vgstats.disclosure.evidence import Evidence
from vgstats.disclosure.moves import Block, block, find_move, find_pair
from vgstats.disclosure.proposal import cannot_protect
from vgstats.disclosure.rule import Rule
from vgstats.disclosure.solver import Floats
from vgstats.disclosure.statements import Ints, Mask, reduce
from vgstats.disclosure.tables import System
from vgstats.disclosure.widest import widest


def choose(system: System, rule: Rule) -> Mask:
    """Return which numbers to hide: the small ones, those hidden before, and as few others as need be.

    The order of rows does not matter: the system is sorted. Only the solver's time limit depends on the
    machine; what it leaves open is not called safe.

    Args:
        system: the release.
        rule: what is small, and how well it is hidden.

    Raises:
        CannotProtect: no way was found to hide a number well enough; the message says whether there is one.
    """
    hidden = system.small(rule)
    primary = hidden.copy()
    for part in blocks(system):
        if hidden[part.rows].any():
            hidden[part.rows] = _choose_in(part, primary[part.rows], rule, system)
    _refuse_unsafe(system, hidden, rule)
    return hidden


def prices(system: System) -> Floats:
    """Return what it costs to hide each number, infinite where it cannot be hidden.

    1 for a base cell and 1 more each time a number sums twice as many, so riket, county totals and
    totals of kvinnor and män go last; and a little more for a large number than for a small one. A shown
    zero is never hidden (a hidden number is at least 1), nor is what was shown before.
    """
    cells = np.diff(system.matrix.indptr)
    price = 1 + np.log2(np.maximum(cells, 1)) + 0.02 * np.log1p(system.values)
    never = system.stays_shown | ~system.can_hide | ~system.wanted
    return np.where(never, np.inf, price)


def blocks(system: System) -> list[Block]:
    """Return the blocks of a system that can be protected one by one."""
    price = prices(system)
    could = np.isfinite(price) | (system.stays_hidden & system.can_hide)
    known = reduce(system.statements(could))
    free = np.flatnonzero(known.at_least < known.at_most)
    inner = sparse.csr_array(system.matrix[:, free])
    _, label = sparse.csgraph.connected_components(inner.T @ inner, directed=False)
    touched = np.flatnonzero(np.diff(inner.indptr) > 0)
    row_label = label[inner.indices[inner.indptr[touched]]]
    return [
        block(system, touched[row_label == n], free[label == n], price[touched[row_label == n]])
        for n in np.unique(row_label)
    ]


def _choose_in(part: Block, primary: Mask, rule: Rule, system: System) -> Mask:
    hidden = _greedy(part, primary)
    if hidden is None:
        most = widest(system, rule, np.isfinite(prices(system)))[part.rows]
        hidden = _without_redundant(part, primary, most, Evidence(part))
    return hidden


def _greedy(part: Block, primary: Mask) -> Mask | None:
    """Return a choice, None when no move was found for a number."""
    hidden, evidence = primary.copy(), Evidence(part)
    while len(still := _open(part, evidence, hidden)):
        if not _make_safe(part, hidden, evidence, int(still[0])):
            return None
    return _without_redundant(part, primary, hidden, evidence)


def _open(part: Block, evidence: Evidence, hidden: Mask) -> Ints:
    down, up = evidence.range(hidden)
    return np.flatnonzero(hidden & (up - down < part.width))


def _make_safe(part: Block, hidden: Mask, evidence: Evidence, target: int) -> bool:
    """Hide in place what lets the target move by the width, at the lowest price found; return whether it can."""
    width = int(part.width[target])
    may_hide = np.isfinite(part.price) & ~hidden
    down, up = evidence.range(hidden)
    best: tuple[float, tuple[Ints, ...], Mask] | None = None
    for change in (down[target] + width, up[target] - width):
        move = find_move(part, hidden, may_hide, target, int(change))
        if move is not None:
            best = _cheaper(part, hidden, best, (move,))
    if best is None:
        pair = find_pair(part, hidden, may_hide, target)
        if pair is None:
            return False
        best = _cheaper(part, hidden, None, pair)
    hidden |= best[2]
    evidence.add(*best[1])
    return True


def _cheaper(
    part: Block,
    hidden: Mask,
    best: tuple[float, tuple[Ints, ...], Mask] | None,
    moves: tuple[Ints, ...],
) -> tuple[float, tuple[Ints, ...], Mask]:
    disturbed = np.zeros_like(hidden)
    for move in moves:
        disturbed |= ~hidden & (part.matrix @ move != 0)
    price = float(part.price[disturbed].sum())
    return best if best is not None and best[0] <= price else (price, moves, disturbed)


def _without_redundant(part: Block, primary: Mask, hidden: Mask, evidence: Evidence) -> Mask:
    order = np.flatnonzero(hidden & ~primary)
    for row in order[np.argsort(-part.price[order], kind="stable")]:
        fewer = hidden.copy()
        fewer[row] = False
        if _prove(part, fewer, evidence):
            hidden = fewer
            evidence.keep(hidden)
    return hidden


def _prove(part: Block, hidden: Mask, evidence: Evidence) -> bool:
    nothing = np.zeros_like(hidden)
    while len(still := _open(part, evidence, hidden)):
        target = int(still[0])
        width = int(part.width[target])
        down, up = evidence.range(hidden)
        for change in (down[target] + width, up[target] - width):
            move = find_move(part, hidden, nothing, target, int(change))
            if move is not None:
                evidence.add(move)
                break
        else:
            pair = find_pair(part, hidden, nothing, target)
            if pair is None:
                return False
            evidence.add(*pair)
    return True


def _refuse_unsafe(system: System, hidden: Mask, rule: Rule) -> None:
    """Audit the choice with nothing but what a reader knows, and the truth as one point among others."""
    rows = np.flatnonzero(hidden)
    left = unsafe(system.statements(hidden), rows, system.width[rows], [system.cells])
    if len(left):
        widest(system, rule, np.isfinite(prices(system)))
        raise cannot_protect(system, int(left[0]), proved=False)
