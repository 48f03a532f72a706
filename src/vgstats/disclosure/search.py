"""The search for what to hide in one block: cheap moves for the numbers that are not safe, then what is redundant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vgstats.disclosure.evidence import Evidence
from vgstats.disclosure.moves import Block, allowed, find_move, find_pair
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask
from vgstats.disclosure.swaps import Swaps

_MANY = 30  # clusters of cells: with more, a number for which no quick proof is found stays hidden
_DEAR = 2.0  # a price from which it is worth to look for a cheaper move


def greedy(part: Block, primary: Mask) -> Mask | None:
    """Return a choice, None when no move was found for a number.

    Args:
        part: the block.
        primary: its small numbers.
    """
    search = _Search(part, primary)
    while len(still := search.evidence.unsafe()):
        may_hide = np.isfinite(part.price) & ~search.evidence.hidden
        if not search.secure(int(still[0]), may_hide):
            return None
    search.show_redundant(primary)
    return search.evidence.hidden


def thinned(part: Block, primary: Mask, hidden: Mask) -> Mask:
    """Return a choice from a larger one, that is known to be safe."""
    search = _Search(part, hidden)
    search.thorough = True
    search.show_redundant(primary)
    return search.evidence.hidden


class _Search:
    """A choice for a block in the making, with the points that prove it safe."""

    def __init__(self, part: Block, hidden: Mask):
        self._part = part
        self._nothing = np.zeros_like(hidden)
        self.evidence = Evidence(part, hidden)
        self.thorough = int(part.cluster.max()) < _MANY
        endless = np.full(len(part.rows) + len(part.cells), UNBOUNDED)
        down = np.concatenate([part.down, part.truth])
        self._swaps = Swaps(part.by_row, part.axes, down, endless)

    def secure(self, target: int, may_hide: Mask) -> bool:
        """Make a number safe by the cheapest move found, and hide what it disturbs; return whether one was found."""
        best, least = None, np.inf
        for moves in self._ways(target, may_hide):
            changes = np.any([self._part.matrix @ move for move in moves], axis=0)
            price = float(self._part.price[changes & ~self.evidence.hidden].sum())
            if best is None or price < least:
                best, least = (changes, moves), price
            if not price:
                break
            self._dear = least > _DEAR
        if best is None:
            return False
        self.evidence.hidden |= best[0]
        self.evidence.add(*best[1])
        return True

    def show_redundant(self, primary: Mask) -> None:
        """Show the numbers again, dearest first, that are hidden for others which are proved to be safe without."""
        price = self._part.price
        order = np.flatnonzero(self.evidence.hidden & ~primary)
        for row in order[np.argsort(-price[order], kind="stable")].tolist():
            dropped = self.evidence.show(row)
            while len(still := self.evidence.unsafe()):
                if not self.secure(int(still[0]), self._nothing):
                    self.evidence.hide_again(row, dropped)
                    break

    def _ways(self, target: int, may_hide: Mask) -> Iterator[tuple[Ints, ...]]:
        """Yield cheap moves that make a number safe: one up or one down, or both where neither is enough.

        Exchanges between places come first; where one is cheap, no linear problem is solved.
        """
        part, hidden = self._part, self.evidence.hidden
        down, up = int(self.evidence.down[target]), int(self.evidence.up[target])
        changes = down + int(part.width[target]), up - int(part.width[target])
        found, self._dear = False, True
        for look in (self._exchange, self._move):
            for change in changes if self._dear else ():
                if (move := look(target, change, may_hide)) is not None:
                    found = True
                    yield (move,)
        if not found and (self.thorough or may_hide.any()):
            pair = find_pair(part, hidden, may_hide, target)
            if pair is not None:
                yield pair

    def _exchange(self, target: int, change: int, may_hide: Mask) -> Ints | None:
        """Return the cheapest exchange that changes a number so much, None where there is none."""
        hidden = self.evidence.hidden
        self._swaps.at_prices(np.where(hidden, 0, np.where(may_hide, self._part.price, np.inf)))
        ways = self._swaps.find(target, change)
        return next((m for m in ways if allowed(self._part, m, hidden | may_hide)), None)

    def _move(self, target: int, change: int, may_hide: Mask) -> Ints | None:
        """Return the cheapest move that changes a number so much, None where none is found."""
        far = self.thorough or bool(may_hide.any())
        return find_move(self._part, self.evidence.hidden, may_hide, target, change, far=far)
