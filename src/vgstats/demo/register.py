"""Synthetic counts such as a region keeps itself: ongoing sjukfall by kommun, sex, diagnosis and month.

Nobody has hidden the small ones, so that disclosure control has something to do. Every one is made up.
The same seed gives the same counts.
"""

from __future__ import annotations

import hashlib
from itertools import product

import numpy as np
import pandas as pd

from vgstats.catalogue import areas
from vgstats.ingest import Piece, take_in
from vgstats.observations import DEMO_OWN
from vgstats.sources.reading import ROW_COLUMNS, Reading, constant
from vgstats.store.store import Added, Store

MEASURE = "pagaende_sjukfall_eget_register"
MONTHS = 25  # at most: two years and the month they are compared with
_SEXES = ("kvinnor", "män")
_GROUPS = {
    "diagnos=F00-F99": (0.48, 0.36),
    "diagnos=M00-M99": (0.18, 0.23),
    "diagnos=S00-T98": (0.07, 0.15),
    "diagnos=övriga": (0.27, 0.26),
}  # what share of women's cases, and of men's
_WOMEN = 0.64
_TYPICAL = 120.0  # cases in a kommun of middle size
_RETRIEVED = "2026-01-01"


def write_register(
    store: Store, name: str, lan: tuple[str, ...], months: list[str], seed: int
) -> Added:
    """Write counts for all kommuner of some counties in the last of the months (see `MONTHS`).

    Args:
        store: a store of synthetic figures.
        name: what the store says that they came from.
        lan: the counties.
        months: as `2024-12`, in order.
        seed: of the random numbers.
    """
    rows = _rows(lan, months[-MONTHS:], np.random.default_rng([seed, 500]))
    digest = hashlib.sha256(f"{name}, {MEASURE}".encode()).hexdigest()
    piece = Piece(Reading("vgstats demo, register", DEMO_OWN, rows), name, _RETRIEVED, digest)
    outcome = take_in([piece], store, kind="demo")
    if outcome.added is None:
        raise AssertionError(f"demo made a bad row: {outcome.rejected.iloc[0].to_dict()}")
    return outcome.added


def _rows(lan: tuple[str, ...], months: list[str], random: np.random.Generator) -> pd.DataFrame:
    kommuner = [kommun for county in lan for kommun in areas.kommuner(county)]
    size = _TYPICAL * np.exp(random.normal(0, 0.9, len(kommuner)))
    split = np.array(
        [
            [share * part for share, part in zip(shares, (_WOMEN, 1 - _WOMEN), strict=True)]
            for shares in _GROUPS.values()
        ]
    ).T
    drift = random.normal(-0.04, 0.05, len(kommuner))[:, None] * np.arange(len(months)) / 12
    season = 0.05 * np.cos(np.array([int(month[5:]) for month in months]) / 6 * np.pi)
    level = size[:, None] * np.exp(drift + season)
    counts = random.poisson(level[:, :, None, None] * split)
    keys = list(product(kommuner, months, _SEXES, _GROUPS))
    index = pd.RangeIndex(len(keys))
    columns = zip(*keys, strict=True)
    texts = {
        column: pd.Categorical(values)
        for column, values in zip(("area", "period", "sex", "group"), columns, strict=True)
    }
    values = counts.reshape(-1).astype(float)
    return pd.DataFrame(
        {
            "measure": constant(MEASURE, index),
            **texts,
            "value": values,
            "resolution": 1.0,
            "status": pd.Categorical(np.where(values == 0, "nil", "ok")),
            "sheet": constant("", index),
            "row": np.arange(1, len(index) + 1),
        }
    )[ROW_COLUMNS]
