"""From the cells of a PxWeb file to rows of the tidy table, whichever form they were read from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue.measures import measure
from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.datasets import ScbTable, datasets
from vgstats.sources.pxweb.sums import with_age_bands, with_both_sexes
from vgstats.sources.pxweb.tables import COLUMN_OF_ROLE
from vgstats.sources.reading import ROW_COLUMNS, Reading, constant, stacked

_NOISE = "SCB has put a little random noise on these numbers; the parts do not add up to the whole."


def reading(
    recognised: str,
    cells: pd.DataFrame,
    table: ScbTable,
    headings: dict[str, str],
    file: Path,
) -> Reading:
    """Return the rows that the cells of a table become.

    Args:
        recognised: what the file is, in words.
        cells: value, status, row and time; region, sex and age where the file has them.
        table: the table that they are of.
        headings: the file's names for the columns of the tidy table.
        file: the file, for messages.

    Raises:
        VgstatsError: there is neither a total nor an age band that is whole, or a part stands twice.
    """
    for role, word in (("region", "riket"), ("sex", "alla")):
        if role not in cells:
            cells = cells.assign(**{role: constant(word, cells.index)})
    additive = measure(table.measure).additive
    cells, notes = with_age_bands(_with_faults_marked(cells, table), additive, file)
    if additive:
        cells = with_both_sexes(cells, file)
    if cells.empty:
        raise VgstatsError(
            f"{file}: there is no total over the ages, and no band of ages is whole. Choose the total, "
            f"or every single year of one of {', '.join(labels.AGE_BANDS)}, and save the file again."
        )
    rows = cells.reset_index(drop=True).rename(columns=COLUMN_OF_ROLE)
    rows = rows.assign(
        measure=constant(table.measure, rows.index),
        resolution=float(table.resolution),
        sheet=constant("", rows.index),
    )[ROW_COLUMNS]
    if table.december_is_year:
        rows = _with_years(rows)
    noisy = _noisy(rows, table.measure)
    if noisy.any():
        status = rows["status"].astype(object).mask(noisy, "noisy").astype("category")
        rows, notes = rows.assign(status=status), (*notes, _NOISE)
    return Reading(recognised, table.source, rows, headings, notes=notes)


def _with_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with each December once more as its year, which reports ask for."""
    december = rows[rows["period"].str.endswith("-12")]
    if december.empty:
        return rows
    of_year = december.assign(period=december["period"].astype(str).str[:4].astype("category"))
    return stacked([rows, of_year])


def _with_faults_marked(cells: pd.DataFrame, table: ScbTable) -> pd.DataFrame:
    """Mark a value that no count can have as unread, as a sum would hide it."""
    value = cells["value"]
    bad = (value < 0) | np.isinf(value)
    if table.resolution == 1:
        bad |= value % 1 != 0
    bad &= cells["status"] == "ok"
    if not bad.any():
        return cells
    texts = value.map(lambda number: f"the value {number:g}")
    status = cells["status"].astype(object).mask(bad, texts).astype("category")
    return cells.assign(value=value.mask(bad), status=status)


def _noisy(rows: pd.DataFrame, measure: str) -> pd.Series:
    """Return which values SCB has put noise on, as the datasets file says of their years."""
    noisy = labels.translate(
        rows["period"], lambda period: "noisy" if datasets().scb.is_noisy(measure, period) else ""
    )
    return (noisy == "noisy") & rows["value"].notna()
