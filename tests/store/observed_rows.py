"""Observations as a store is given them; a process that writes some needs nothing else of the tests."""

from __future__ import annotations

import pandas as pd

from vgstats.observations import COLUMNS
from vgstats.store.files import Origin


def origin(name: str = "a" * 64, **more) -> Origin:
    given = {"address": "file.csv", "retrieved": "2026-01-01", "recognised": "x", "licence": "y"}
    return Origin(**given | {"sha256": name} | more)


def rows(*changes: dict) -> pd.DataFrame:
    """Checked observations, as `take_in` hands them over."""
    plain = {
        "measure": "ohalsotal",
        "area": "lan:14",
        "period": "2024-12",
        "sex": "alla",
        "group": "",
        "value": 24.8,
        "resolution": 0.1,
        "status": "ok",
        "source": "fk-ohalsotal",
        "retrieved": "2026-01-01",
        "origin": "a" * 64,
    }
    frame = pd.DataFrame([plain | change for change in changes], columns=[*COLUMNS, "origin"])
    texts = [c for c in frame if c not in ("value", "resolution")]
    return frame.astype(dict.fromkeys(texts, "category") | {"value": float, "resolution": float})
