"""The figures that one report may read, and nothing else.

A batch writes a bundle for each job; a notebook reads only its bundle. In JupyterLab the same
figures are gathered on the fly.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.release import release
from vgstats.sources.published import provenance, published

_OBSERVATIONS, _SOURCES, _JOB = "observations.parquet", "sources.parquet", "job.json"


@dataclass(frozen=True)
class Wanted:
    """One measure of one area, in the periods named or, with none named, in all."""

    area: str
    measure: str
    periods: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataRequest:
    """What a report reads."""

    wanted: tuple[Wanted, ...]


@dataclass(frozen=True)
class Bundle:
    """Released observations, and the provenance of every source that a report may name."""

    observations: pd.DataFrame
    sources: pd.DataFrame

    def write(self, folder: Path, parameters: dict[str, Any]) -> None:
        """Write the bundle to a folder, with the parameters it was made for."""
        folder.mkdir(parents=True, exist_ok=True)
        self.observations.to_parquet(folder / _OBSERVATIONS, index=False)
        self.sources.to_parquet(folder / _SOURCES)
        (folder / _JOB).write_text(json.dumps(parameters, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: str | Path, parameters: dict[str, Any]) -> Bundle:
        """Return the bundle in a folder.

        Raises:
            VgstatsError: there is none, or it was made for other parameters.
        """
        folder = Path(folder)
        try:
            made_for = json.loads((folder / _JOB).read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError):
            raise VgstatsError(
                f"There is no bundle in {folder}. Leave bundle empty to gather the figures anew."
            ) from None
        if made_for != parameters:
            raise VgstatsError(
                f"The bundle in {folder} was made for {made_for}, not for {parameters}. Leave "
                "bundle empty, or render the report again."
            )
        return cls(pd.read_parquet(folder / _OBSERVATIONS), pd.read_parquet(folder / _SOURCES))


def gather(request: DataRequest) -> Bundle:
    """Return the released figures that a request names, from the bundled published figures."""
    figures = published()
    everything = {(w.area, w.measure) for w in request.wanted if not w.periods}
    some = {(w.area, w.measure, period) for w in request.wanted for period in w.periods}
    keys = zip(figures["area"], figures["measure"], figures["period"], strict=True)
    keep = [key in some or key[:2] in everything for key in keys]
    released = release(figures[keep], provenance())
    return Bundle(released.observations, provenance())
