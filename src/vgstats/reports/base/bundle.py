"""The figures that one report may read, and nothing else.

A batch writes a bundle for each job; a notebook reads only its bundle. In JupyterLab the same
figures are gathered on the fly (see `gathering`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import Field

from vgstats.catalogue.agreements import declare_agreements, declare_calls
from vgstats.catalogue.measures import Measure, declare
from vgstats.catalogue.requirements import declare_judgements, declare_requirements
from vgstats.catalogue.texts import Texts, texts_of
from vgstats.catalogue.units import declare_units
from vgstats.disclosure.release import may_pass
from vgstats.entries import Entry
from vgstats.errors import VgstatsError
from vgstats.observations import no_rows
from vgstats.reports.base.common import IN_BUNDLE
from vgstats.reports.base.replaced import Replaced
from vgstats.store.published import DIFFERENCE_COLUMNS, MIXED_COLUMNS
from vgstats.store.store import Store

_TABLES = ("observations", "sources", "differences", "mixed")
_FIGURES = ("observations", "differences", "mixed")
_JOB = "job.json"


@dataclass(frozen=True)
class Bundle:
    """Released observations, and the provenance of every source that a report may name.

    `differences` and `mixed` say where sources disagree and which series come from several (see
    `vgstats.store.published`). `vintages` says when the newest number of each source read was retrieved. `measures`
    are those among the figures and in the texts that a region has declared itself, `texts` what a report may read.
    `replaces` are the versions that the report may replace, the newest first: no figures, so not in the digest.
    """

    observations: pd.DataFrame
    sources: pd.DataFrame
    differences: pd.DataFrame = field(default_factory=lambda: no_rows(DIFFERENCE_COLUMNS))
    mixed: pd.DataFrame = field(default_factory=lambda: no_rows(MIXED_COLUMNS))
    vintages: dict[str, str] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    texts: Texts = field(default_factory=partial(texts_of, (), ""))
    replaces: tuple[Replaced, ...] = ()

    def open_measures(self) -> None:
        """Let the catalogue have the measures and agreements of a region that the bundle carries."""
        _declare(self)

    def shown_and_hidden(self) -> tuple[int, int]:
        """Return how many of a region's own counts are shown in the bundle, and how many are hidden."""
        own = self.observations[~may_pass(self.observations, self.sources)]
        hidden = int((own["status"] == "suppressed").sum())
        return len(own) - hidden, hidden

    def digest(self) -> str:
        """Return a digest of the figures, what they mean, where their sources disagree, and a region's own texts.

        The texts of vgstats are not in it, no more than the rest of the software is.
        """
        whole = hashlib.sha256()
        for name in _FIGURES:
            table = getattr(self, name).astype(str)
            rows = table.sort_values(list(table.columns)).to_csv(index=False)
            whole.update(f"{name}\n{rows}".encode())
        for measure in self.measures:
            whole.update(measure.model_dump_json().encode())
        for text in self.texts.own():
            whole.update(text.model_dump_json().encode())
        return whole.hexdigest()

    def write(self, folder: Path, parameters: dict[str, Any]) -> None:
        """Write the bundle to a folder, with the parameters it was made for."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _TABLES:
            getattr(self, name).to_parquet(folder / f"{name}.parquet")
        job = _Job(
            parameters=parameters,
            vintages=self.vintages,
            measures=self.measures,
            texts=self.texts,
            replaces=self.replaces,
        )
        (folder / _JOB).write_text(job.model_dump_json(), encoding="utf-8")

    @classmethod
    def read(cls, folder: str | Path, parameters: dict[str, Any]) -> Bundle:
        """Return the bundle in a folder.

        Raises:
            VgstatsError: there is none, or it was made for other parameters.
        """
        folder = Path(folder)
        job = _job_of(folder)
        if job.parameters != parameters:
            raise VgstatsError(
                f"The bundle in {folder} was made for {job.parameters}, not for {parameters}. Leave "
                "bundle empty, or render the report again."
            )
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
        _declare(job)
        return cls(
            **tables,
            vintages=job.vintages,
            measures=job.measures,
            texts=job.texts,
            replaces=job.replaces,
        )


class _Job(Entry):
    """What lies in a bundle's folder beside the tables; one of an earlier version has no measures and no texts."""

    parameters: dict[str, Any]
    vintages: dict[str, str]
    measures: tuple[Measure, ...] = ()
    texts: Texts = Field(default_factory=partial(texts_of, (), ""))
    replaces: tuple[Replaced, ...] = ()


def _declare(whose: Bundle | _Job) -> None:
    declare(whose.measures, beside=True)
    declare_agreements((one for one in whose.texts.agreements if one.own), beside=True)
    declare_calls((one for one in whose.texts.calls if one.own), beside=True)
    declare_requirements((one for one in whose.texts.requirements if one.own), beside=True)
    declare_judgements((one for one in whose.texts.judgements if one.own), beside=True)
    declare_units(whose.texts.units, beside=True)


def open_measures(folder: str) -> None:
    """Let the catalogue have a region's own: what a bundle's folder carries, or the user's store when it is empty."""
    if folder:
        _declare(_job_of(Path(folder)))
    else:
        Store()


def known_by_bundle(folder: str) -> dict[str, str]:
    """Return the parameters of the report that a bundle was made for which a notebook need not repeat."""
    parameters = _job_of(Path(folder)).parameters
    return {key: str(parameters[key]) for key in IN_BUNDLE if key in parameters}


def _job_of(folder: Path) -> _Job:
    try:
        return _Job.model_validate_json((folder / _JOB).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise VgstatsError(
            f"There is no bundle in {folder}. Leave bundle empty to gather the figures anew."
        ) from None
