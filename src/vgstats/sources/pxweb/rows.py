"""From the cells of a PxWeb file to rows of the tidy table, whichever form they were read from.

Single years of age and the sexes are summed, never to a whole of which a part is not there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue.measures import measure
from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.datasets import ScbTable, datasets
from vgstats.sources.pxweb.words import COLUMN_OF_ROLE
from vgstats.sources.reading import Reading, constant, series, stacked

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
    unit = float(table.resolution)
    rows = series(rows, rows["value"], rows["status"], unit, measure=table.measure)
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


_OLDEST = "100+"  # stands for a single year, the last


def with_age_bands(
    cells: pd.DataFrame, additive: bool, file: Path
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the cells by `group` in place of `age`, and a note on bands that are not whole.

    Args:
        cells: region, time, sex, age where there are any, value, status and row.
        additive: whether single years may be summed to the bands that the file does not have.
        file: the file, for messages.

    Raises:
        VgstatsError: a single year stands twice.
    """
    if "age" not in cells:
        return cells.assign(group=constant("", cells.index)), ()
    ages = [str(age) for age in cells["age"].cat.categories]
    single = {int(age) for age in ages if age.isdigit() and additive}
    given = cells[~cells["age"].isin([*map(str, single), _OLDEST])]
    parts = [given.assign(group=labels.translate(given["age"], _group)).drop(columns="age")]
    cut = []
    for band in labels.AGE_BANDS:
        first, last = map(int, band.split("-"))
        wanted = set(range(first, last + 1))
        if band in ages or not wanted & single:
            continue
        years = cells[cells["age"].isin(list(map(str, wanted)))]
        sums, lacking = _sums(years, ["region", "sex", "time"], "age", len(wanted), file)
        parts.append(sums.assign(group=constant(f"alder={band}", sums.index)))
        cut += [band] if lacking else []
    note = f"Not every single year is there for the ages {', '.join(cut)}; those sums are left out."
    return _joined(parts), (note,) if cut else ()


def with_both_sexes(cells: pd.DataFrame, file: Path) -> pd.DataFrame:
    """Return the cells with alla = kvinnor + män for the keys that have no alla of their own.

    Raises:
        VgstatsError: one sex of such a key stands twice.
    """
    key = ["region", "time", "group"]
    given = pd.MultiIndex.from_frame(cells.loc[cells["sex"] == "alla", key])
    of_two = cells[cells["sex"].isin(["kvinnor", "män"])]
    of_two = of_two[~pd.MultiIndex.from_frame(of_two[key]).isin(given)]
    if of_two.empty:
        return cells
    sums, _ = _sums(of_two, key, "sex", 2, file)
    return _joined([cells, sums.assign(sex=constant("alla", sums.index))])


def _group(age: str) -> str:
    return "" if age == "total" else f"alder={age}" if age[:1].isdigit() else age


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    columns = list(parts[0].columns)
    return stacked([part[columns] for part in parts if len(part)] or parts[:1])


def _sums(
    cells: pd.DataFrame, by: list[str], part: str, count: int, file: Path
) -> tuple[pd.DataFrame, bool]:
    """Return the sums over `part` of the keys that have all its `count` values, and if any lacks.

    A sum with a cell that is missing or cannot be read has that cell's status and no value.
    """
    twice = cells[cells.duplicated([*by, part], keep="first")]
    if len(twice):
        key = ", ".join(str(twice[name].iloc[0]) for name in [*by, part])
        raise VgstatsError(
            f"{file}, row {twice['row'].iloc[0]}: {key} stands twice, so it cannot be added up. Save the "
            "file again."
        )
    ranked = ["nil", "ok", "missing"]
    ranked += [str(s) for s in cells["status"].cat.categories if s not in ranked]
    ranks = pd.Categorical(cells["status"], categories=ranked).codes
    groups = cells.assign(rank=ranks).groupby(by, observed=True, sort=False)
    sums = groups.agg(
        value=("value", "sum"), row=("row", "min"), rank=("rank", "max"), parts=(part, "size")
    ).reset_index()
    whole = sums[sums["parts"] == count].reset_index(drop=True)
    whole["status"] = pd.Categorical.from_codes(whole["rank"], ranked)
    whole["value"] = whole["value"].mask(~whole["status"].isin(["nil", "ok"]))
    return whole.drop(columns=["rank", "parts"]), len(whole) < len(sums)
