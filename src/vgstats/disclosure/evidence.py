"""What proves hidden numbers safe while the pattern of hiding changes: points that a reader cannot rule out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vgstats.disclosure.moves import Block
from vgstats.disclosure.statements import Ints, Mask

Point = tuple[Ints, Ints]  # the numbers that differ from the truth, and by how much


class Evidence:
    """The points that prove which hidden numbers of a block are safe, one for each move that no shown number notices.

    Two points, the truth among them, that differ in a number by the width prove it safe.

    Attributes:
        hidden: the numbers that are hidden now.
        down, up: how far from the truth the points reach in each number.
    """

    def __init__(self, block: Block, hidden: Mask):
        self._block = block
        self.hidden = hidden.copy()
        self.down, self.up = np.zeros((2, len(hidden)), dtype=np.int64)
        self._points: dict[int, Point] = {}
        self._of_row: list[dict[int, int]] = [{} for _ in hidden]
        self._count = 0

    def add(self, *moves: Ints) -> None:
        """Take in the points that moves of hidden numbers lead to."""
        changes = (self._block.matrix @ move for move in moves)
        self._take((np.flatnonzero(change), change[change != 0]) for change in changes)

    def unsafe(self) -> Ints:
        """Return the hidden numbers that the points do not prove to be safe."""
        return np.flatnonzero(self.hidden & (self.up - self.down < self._block.width))

    def show(self, row: int) -> list[Point]:
        """Show a number; return the points that this contradicts, which are dropped."""
        self.hidden[row] = False
        dropped, lost = [], set()
        for number in [*self._of_row[row]]:
            rows, by = self._points.pop(number)
            for other in rows.tolist():
                del self._of_row[other][number]
            lost.update(rows[(by == self.down[rows]) | (by == self.up[rows])].tolist())
            dropped.append((rows, by))
        for other in lost:
            left = self._of_row[other].values()
            self.down[other], self.up[other] = min(0, *left, 0), max(0, *left, 0)
        return dropped

    def hide_again(self, row: int, dropped: Iterable[Point]) -> None:
        """Hide a number that was shown, and take in the points again that were dropped for it."""
        self.hidden[row] = True
        self._take(dropped)

    def _take(self, points: Iterable[Point]) -> None:
        for rows, by in points:
            self.down[rows] = np.minimum(self.down[rows], by)
            self.up[rows] = np.maximum(self.up[rows], by)
            for row, change in zip(rows.tolist(), by.tolist(), strict=True):
                self._of_row[row][self._count] = change
            self._points[self._count] = rows, by
            self._count += 1
