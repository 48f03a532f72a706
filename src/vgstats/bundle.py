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
from vgstats.interventions import all_interventions, all_rules
from vgstats.release import release
from vgstats.sources.published import provenance, published

_OBSERVATIONS, _SOURCES, _JOB = "observations.parquet", "sources.parquet", "job.json"


@dataclass(frozen=True)
class DataRequest:
    """Which measures of which areas a report reads, in all periods."""

    measures_by_area: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Bundle:
    """Released observations, and the provenance of them, of the rules and of the interventions."""

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
    wanted = pd.DataFrame(
        [(area, measure) for area, measures in request.measures_by_area for measure in measures],
        columns=["area", "measure"],
    )
    rows = published().merge(wanted, on=["area", "measure"], how="inner")
    released = release(rows, provenance())
    named = {rule.source for rule in all_rules()}
    named |= {followed.source for followed in all_interventions().values()}
    named |= set(released.sources.index)
    return Bundle(released.observations, provenance()[provenance().index.isin(named)])
