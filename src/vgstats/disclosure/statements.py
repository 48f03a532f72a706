"""What a reader knows, as one system of statements about whole numbers of persons.

A release is a 0/1 matrix over base cells: each published number is a row, the sum of its cells. A
statement says that a row lies between two whole numbers. The hidden values are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vgstats.errors import VgstatsError

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

UNBOUNDED = int(
    np.iinfo(np.int64).max // 8
)  # stands for no upper bound; sums of a few stay in int64


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
    is said.
    """

    matrix: sparse.csr_array
    low: Ints
    high: Ints


@dataclass(frozen=True)
class Component:
    """Unknown cells that hang together, with only the statements that bind them.

    `cells` are columns of the whole system; `low` and `high` are what remains to be explained when
    the known cells are taken away; `at_least` and `at_most` bound each cell.
    """

    cells: Ints
    matrix: sparse.csr_array
    low: Ints
    high: Ints
    at_least: Ints
    at_most: Ints

    def holds(self, point: Ints) -> bool:
        """Return whether a point of whole numbers agrees with the component, exactly."""
        if ((point < self.at_least) | (point > self.at_most)).any():
            return False
        rows = self.matrix @ point
        return bool(((rows >= self.low) & (rows <= self.high)).all())


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
    least, most = _row_range(matrix, lowest, highest)
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
            Component(cells, part, low[rows], high[rows], lowest[cells], highest[cells])
        )
    return Reduced(lowest, highest, tuple(components))


def _row_range(matrix: sparse.csr_array, lowest: Ints, highest: Ints) -> tuple[Ints, Ints]:
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
    least, most = _row_range(matrix, lowest, highest)
    if ((least > statements.high) | (most < statements.low)).any():
        raise ContradictionError
    return lowest, highest
