"""What becomes of rows that are added to those in the store: new, revised or there already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.observations import COLUMNS, KEY, as_categories, keys_as_numbers

STORED = [*COLUMNS, "origin"]
NUMBERS = ["value", "resolution"]
TEXTS = [column for column in STORED if column not in NUMBERS]


@dataclass(frozen=True)
class Added:
    """How many rows of an import were new, revised an older value, or were there already."""

    new: int
    revised: int
    unchanged: int


def part(area: str) -> str:
    """Return the part of the country whose file holds an area: riket, lan, or a county's code.

    A county's kommuner lie together, and all county totals lie together, so that one report reads a
    few small files however large the store is.
    """
    level, _, code = area.partition(":")
    return level if level in ("riket", "lan") else code[:2]


def with_parts(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the column `part`, texts as categoricals."""
    rows = as_categories(observations).astype({"origin": "category"})
    areas = rows["area"].cat
    parts = pd.Categorical([part(area) for area in areas.categories])
    return rows.assign(part=pd.Categorical.from_codes(parts.codes[areas.codes], parts.categories))


def merge(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return old and new rows as one sorted table, and how many were new, revised and unchanged.

    The rows of one key are a series of vintages. A new row that says the same as its neighbour in the
    series adds nothing and is left out. Of two rows of the same moment the one imported last counts.
    """
    if old.empty and not pd.Series(keys_as_numbers(new, KEY)).duplicated().any():
        return _sorted(new), np.array([len(new), 0, 0])
    both = united([old, new])
    both["is_new"] = np.arange(len(both)) >= len(old)
    both["key"] = keys_as_numbers(both, KEY)
    both["vintage"] = ranked(both["retrieved"])
    both = both.sort_values(["key", "vintage", "is_new"], kind="stable", ignore_index=True)
    repeated = _repeated(both)
    known = both["is_new"] & both["key"].isin(both.loc[~both["is_new"], "key"])
    added = [both["is_new"] & ~known & ~repeated, known & ~repeated, repeated]
    kept = both[~repeated]
    kept = kept[~kept.duplicated(["key", "vintage"], keep="last")]
    return _sorted(kept[STORED]), np.array([int(rows.sum()) for rows in added])


def _repeated(rows: pd.DataFrame) -> pd.Series:
    """Return which new rows add nothing: all in a run of the same content but its first or old row."""
    same = _same_as_before(rows).to_numpy()
    run = np.cumsum(~same) - 1
    has_old = np.bincount(run, weights=~rows["is_new"].to_numpy()) > 0
    return rows["is_new"] & (same | has_old[run])


def united(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return several tables of `STORED` as one, texts still as categoricals."""
    some = [frame for frame in frames if len(frame)]
    texts = {c: pd.api.types.union_categoricals([frame[c] for frame in some]) for c in TEXTS}
    numbers = pd.concat([frame[NUMBERS] for frame in some], ignore_index=True)
    return numbers.assign(**texts)[STORED]


def _same_as_before(rows: pd.DataFrame) -> pd.Series:
    """Return which rows say the same as the row before them, of the same key."""
    same = rows["key"] == rows["key"].shift()
    for column in (*NUMBERS, "status"):
        values = rows[column].cat.codes if column == "status" else rows[column]
        same &= (values == values.shift()) | (values.isna() & values.shift().isna())
    return same


def ranked(texts: pd.Series) -> np.ndarray:
    """Return for each text of a categorical column its place in alphabetical order."""
    ranks = np.argsort(np.argsort(texts.cat.categories.to_numpy(dtype=str)))
    return np.asarray(ranks[texts.cat.codes])


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(["area", "period", "sex", "group", "retrieved"], ignore_index=True)
