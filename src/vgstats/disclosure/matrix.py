"""How the numbers of a release are sums of base cells, as a matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from vgstats.disclosure.hierarchies import Hierarchies, ancestors, leaves_of
from vgstats.disclosure.inputs import text
from vgstats.errors import VgstatsError
from vgstats.observations import KEY


def base_matrix(
    cells: pd.DataFrame, numbers: pd.DataFrame, hierarchies: Hierarchies
) -> sparse.csr_array:
    """Return which base cells each number is the sum of: numbers x cells, 0/1, in the order of both tables.

    Raises:
        VgstatsError: a number lacks base cells, or a whole is made of wholes.
    """
    pairs = cells[KEY].assign(cell=np.arange(len(cells)))
    for column in KEY:
        pairs = _with_wholes(pairs, column, hierarchies)
    found = pairs.merge(numbers[KEY].assign(number=np.arange(len(numbers))), on=KEY)
    ones = np.ones(len(found), dtype=np.int64)
    where = (found["number"].to_numpy(), found["cell"].to_numpy())
    matrix = sparse.csr_array((ones, where), shape=(len(numbers), len(cells)))
    matrix.sort_indices()
    _refuse_lacking(matrix, numbers, hierarchies)
    return matrix


def _with_wholes(pairs: pd.DataFrame, column: str, hierarchies: Hierarchies) -> pd.DataFrame:
    up = ancestors(column, hierarchies)
    if up.empty:
        return pairs
    raised = pairs.rename(columns={column: "leaf"}).merge(up, on="leaf").drop(columns="leaf")
    return pd.concat([pairs, raised[pairs.columns]])


def _refuse_lacking(
    matrix: sparse.csr_array, numbers: pd.DataFrame, hierarchies: Hierarchies
) -> None:
    found = np.diff(matrix.indptr)
    for row, key in enumerate(numbers[KEY].to_dict("records")):
        leaves = leaves_of(key, hierarchies)
        needed = int(np.prod([len(labels) for labels in leaves.values()]))
        if needed != found[row]:
            raise VgstatsError(
                f"{text(key)} is the sum of {needed} base cells, of which {found[row]} are in the counts. "
                "Give the counts of all (0 where nobody is), also for periods that were released before."
            )
