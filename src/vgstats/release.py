"""Disclosure control: what may be shown, decided once, before anything is drawn.

For now the whole rule is: figures that an authority has published pass with their own marks, synthetic
ones pass since they are about nobody, and nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vgstats.errors import VgstatsError


@dataclass(frozen=True)
class Released:
    """Observations that may be shown, and the provenance of their sources."""

    observations: pd.DataFrame
    sources: pd.DataFrame


def release(observations: pd.DataFrame, provenance: pd.DataFrame) -> Released:
    """Return the observations as released, with the provenance of just their sources.

    Raises:
        VgstatsError: a row comes from a source that is neither `published` nor `demo`. Own counts need
            suppression of small numbers, which this version does not have.
    """
    sources = provenance.loc[provenance.index.isin(observations["source"])]
    own = sources[~sources["kind"].isin(["published", "demo"])]
    if not own.empty:
        raise VgstatsError(
            f"The figures from {own.index[0]!r} are not published by an authority (kind: "
            f"{own['kind'].iloc[0]!r}) and cannot be shown: small numbers are not protected yet. "
            "Leave the source out."
        )
    return Released(observations.reset_index(drop=True), sources)
