"""What a store covers, and the digests that tell whether its newest values have changed."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import all_areas
from vgstats.observations import KEY, keys_as_numbers
from vgstats.store.manifest import Coverage
from vgstats.store.merge import NUMBERS, ranked


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
    found = []
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        places = order[start:end]
        first, retrieved = places[0], str(max(newest["retrieved"].iloc[places].unique()))
        entry = Coverage(
            source=str(newest["source"].iloc[first]),
            measure=str(newest["measure"].iloc[first]),
            level=str(level.iloc[first]),
            year=str(year.iloc[first]),
            areas=int(newest["area"].iloc[places].nunique()),
            rows=len(places),
            retrieved=retrieved,
            checked=retrieved,
            digest=_digest(identity[places], newest[NUMBERS].iloc[places]),
        )
        found.append(entry)
    return found


def _digest(identity: np.ndarray, numbers: pd.DataFrame) -> str:
    digest = hashlib.sha256(identity.tobytes())
    for column in NUMBERS:
        plain = numbers[column].to_numpy(dtype=float)
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
