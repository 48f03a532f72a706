"""The points that prove which numbers of a block are safe, while the pattern of hiding changes."""

from __future__ import annotations

import numpy as np

from vgstats.disclosure.moves import Block
from vgstats.disclosure.statements import Ints, Mask


class Evidence:
    """Changes of the numbers of a block that a reader could not notice, each a row; the first is none.

    Two points that agree with everything shown and differ in a number by the width prove it safe.
    """

    def __init__(self, block: Block):
        self._block = block
        self._changes = np.zeros((1, len(block.rows)), dtype=np.int64)

    def add(self, *moves: Ints) -> None:
        """Take in the points that moves from the truth lead to."""
        self._changes = np.vstack([self._changes, *(self._block.matrix @ move for move in moves)])

    def keep(self, hidden: Mask) -> None:
        """Drop the points that the numbers shown contradict."""
        self._changes = self._changes[self._agreeing(hidden)]

    def range(self, hidden: Mask) -> tuple[Ints, Ints]:
        """Return by number how far down and up, from the truth, the points that agree reach."""
        agreeing = self._changes[self._agreeing(hidden)]
        return agreeing.min(axis=0), agreeing.max(axis=0)

    def _agreeing(self, hidden: Mask) -> Mask:
        shown = np.flatnonzero(~hidden)
        agree = (self._changes[:, shown] == 0).all(axis=1)
        return np.asarray(agree, dtype=bool)
