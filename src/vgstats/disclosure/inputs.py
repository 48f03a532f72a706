"""The tables that a release is made from, checked before anything is worked out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.observations import KEY

# More persons than that is a mistake, and would be beyond what the solver is exact for.
HIGHEST = 10**9


def base_cells(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the base counts as they are used: the columns of `KEY` as text and `value` as int64, sorted.

    Raises:
        VgstatsError: a column is lacking, a count is no whole number of persons, or a key is there twice.
    """
    need_columns(counts, [*KEY, "value"], "counts")
    cells = counts[[*KEY, "value"]].copy()
    cells[KEY] = cells[KEY].astype(str)
    values = pd.to_numeric(cells["value"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values == np.rint(values)) & (values >= 0))
    wrong |= values > HIGHEST
    if wrong.any():
        row = cells[wrong].iloc[0]
        raise VgstatsError(
            f"The count of {text(row)} is {row['value']!r}. Give each base cell a whole number from 0 "
            f"to {HIGHEST}; a cell that nobody is in has 0."
        )
    cells["value"] = values.astype(np.int64)
    refuse_twice(cells, "counts")
    return cells.sort_values(KEY, ignore_index=True)


def need_columns(frame: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Refuse a table without all the columns.

    Raises:
        VgstatsError: a column is not there.
    """
    lacking = [column for column in columns if column not in frame]
    if lacking:
        raise VgstatsError(f"The {name} have no column {lacking[0]!r}. They need {list(columns)}.")


def refuse_twice(frame: pd.DataFrame, name: str) -> None:
    """Refuse a table with a key twice.

    Raises:
        VgstatsError: a key is there twice.
    """
    twice = frame[frame.duplicated(KEY)]
    if len(twice):
        raise VgstatsError(f"{text(twice.iloc[0])} is twice among the {name}. Give every key once.")


def text(row: object) -> str:
    """Return the key of a row (anything with the columns of `KEY`) as words."""
    return " ".join(filter(None, (str(row[c]) for c in KEY)))  # type: ignore[index]
