"""What becomes of rows that are added to those in the store, and the digests that tell whether any has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import all_areas
from vgstats.observations import KEY, keys_as_numbers
from vgstats.store.files import NUMBERS, STORED, TEXTS, Coverage


@dataclass(frozen=True)
class Added:
    """How many rows of an import were new, revised an older value, or were there already."""

    new: int
    revised: int
    unchanged: int


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


def _levels_and_years(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return each row's kind of area and year, as categoricals."""
    level = rows["area"].map(all_areas()["level"].to_dict())
    year = rows["period"].map({text: text[:4] for text in rows["period"].cat.categories})
    return level.astype("category"), year.astype("category")


def checked(rows: pd.DataFrame) -> dict[tuple[str, str, str, str], str]:
    """Return when each source, measure, kind of area and year was last asked for."""
    level, year = _levels_and_years(rows)
    keyed = rows[["source", "measure", "retrieved"]].assign(level=level, year=year)
    numbers = pd.Series(keys_as_numbers(keyed, list(keyed.columns)))
    found = keyed.iloc[numbers.drop_duplicates().index].astype(str)
    return dict(found.groupby(["source", "measure", "level", "year"])["retrieved"].max())


def coverage(rows: pd.DataFrame) -> list[Coverage]:
    """Return what the rows of one source and measure cover, with a digest of their newest values."""
    newest = _newest(rows)
    level, year = _levels_and_years(newest)
    group = keys_as_numbers(pd.DataFrame({"level": level, "year": year}), ["level", "year"])
    identity = _identity(newest)
    order = np.lexsort((identity, group))
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    # Arrays, since pandas takes half a millisecond for each of the hundreds of years and kinds of area.
    area = newest["area"].cat.codes.to_numpy()
    moment, moments = ranked(newest["retrieved"]), sorted(newest["retrieved"].cat.categories)
    numbers = [newest[column].to_numpy(dtype=float) for column in NUMBERS]
    found = []
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        places = order[start:end]
        first, retrieved = places[0], str(moments[moment[places].max()])
        entry = Coverage(
            source=str(newest["source"].iloc[first]),
            measure=str(newest["measure"].iloc[first]),
            level=str(level.iloc[first]),
            year=str(year.iloc[first]),
            areas=len(np.unique(area[places])),
            rows=len(places),
            retrieved=retrieved,
            checked=retrieved,
            digest=_digest(identity[places], [column[places] for column in numbers]),
        )
        found.append(entry)
    return found


def _digest(identity: np.ndarray, numbers: list[np.ndarray]) -> str:
    digest = hashlib.sha256(identity.tobytes())
    for plain in numbers:
        digest.update(np.where(np.isnan(plain), np.nan, plain + 0.0).tobytes())
    return digest.hexdigest()


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the newest vintage of each key."""
    if rows["retrieved"].nunique() == 1:
        return rows
    by_age = rows.iloc[np.argsort(ranked(rows["retrieved"]), kind="stable")]
    return by_age.drop_duplicates(KEY, keep="last")


def _identity(rows: pd.DataFrame) -> np.ndarray:
    """Return a number for each row's key and status that is the same in any store and order."""
    identity = np.zeros(len(rows), dtype=np.uint64)
    for column in ("area", "period", "sex", "group", "status"):
        texts = rows[column].cat
        hashes = pd.util.hash_array(texts.categories.to_numpy(dtype=object))
        identity = identity * np.uint64(0x9E3779B97F4A7C15) + hashes[texts.codes]
    return identity
