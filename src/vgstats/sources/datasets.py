"""Where official figures are fetched and what each source calls things: `data/datasets.yaml`.

A user can correct the file in a copy, named by the variable VGSTATS_DATASETS or an option.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from vgstats.catalogue.data_files import data_folder, read_text
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.words import parse_group
from vgstats.entries import Entry, first_fault, read_yaml, text_in
from vgstats.errors import VgstatsError, misspelt, nearest
from vgstats.sources import labels
from vgstats.store.published import provenance

VARIABLE = "VGSTATS_DATASETS"
_FOLLOWED = ["ALL", "F00-F99", "M00-M99"]  # those that the agreements follow


def _known_measure(name: str) -> str:
    if name and name not in catalogue():
        raise ValueError(f"unknown measure {name!r}.{misspelt(name, catalogue())}")
    return name


def _known_source(name: str) -> str:
    if name not in provenance().index:
        raise ValueError(f"unknown source {name!r}.{nearest(name, provenance().index)}")
    return name


_Measure = Annotated[str, AfterValidator(_known_measure)]
_Source = Annotated[str, AfterValidator(_known_source)]


class FkObservation(Entry):
    """A number of a dataset: its measure (empty: left out on purpose), heading and rounding unit."""

    measure: _Measure = ""
    heading: str
    resolution: float = 1


class FkDataset(Entry):
    """One table of Försäkringskassan's statistics API."""

    source: _Source
    dataset: str
    table: str
    confirmed: bool
    parameters: dict[str, str]
    kommun_form: str = ""
    ages: list[str] = Field(default=[])
    ask: dict[str, list[str]] = Field(default={})
    by: str = ""
    headings: dict[str, str] = Field(default={})
    fixed: dict[str, str] = Field(default={})
    group: str = ""
    first_year: int | None = None
    observations: dict[str, FkObservation]

    @property
    def measures(self) -> list[str]:
        """The measures that the dataset has numbers of."""
        return [o.measure for o in self.observations.values() if o.measure]

    @property
    def levels(self) -> list[str]:
        """The kinds of area that the dataset has numbers for."""
        kinds = {"lan": ["riket", "lan"], "kommun": ["kommun"]}
        return [k for role, of in kinds.items() if role in self.parameters for k in of] or ["riket"]

    def values(self, by: Collection[str] = ()) -> dict[str, list[str]]:
        """Return the codes that are asked for of each part that the dataset divides its numbers into.

        `*` stands for all that the source's metadata name.

        Args:
            by: the dimensions that all parts are wanted of, such as `diagnos`.
        """
        usual = {"age": self.ages, "diagnosis": _FOLLOWED}
        found = {}
        for part, (dimension, _) in labels.PARTS.items():
            if part in self.parameters:
                every = ["ALL", *labels.chapters()] if part == "diagnosis" else ["*"]
                wanted = every if dimension in by else usual.get(part)
                found[part] = self.ask.get(part) or wanted or ["ALL"]
        return found

    def groups(self, by: Collection[str] = ()) -> tuple[str, ...]:
        """Return the groups that those codes are in the tidy table; none where only the source knows them."""
        fixed = [labels.benefit(code) for name, code in self.fixed.items() if name == "delforman"]
        values = self.values(by)
        if ["*"] in values.values():
            return ()
        own = labels.joined_groups(self.group, *fixed)
        return tuple(
            labels.group_of_parts(own, dict(zip(values, codes, strict=True)))
            for codes in product(*values.values())
        )

    def refuse_no_measure(self, file: Path, found: Mapping[str, FkObservation]) -> None:
        """Refuse a file whose numbers, by their names in it, are all left out on purpose.

        Raises:
            VgstatsError: they are.
        """
        if not any(observation.measure for observation in found.values()):
            raise VgstatsError(
                f"{file}: it holds only {', '.join(found)}, which no measure of vgstats is made of."
            )

    def refuse_own_dimension(self, file: Path, roles: Iterable[str]) -> None:
        """Refuse a file that parts what all numbers of the dataset have in common, such as a diagnosis.

        Raises:
            VgstatsError: it does, so that it is of another dataset.
        """
        parted = {labels.PARTS[role][0] for role in roles if role in labels.PARTS}
        if parted & set(parse_group(self.group)):
            raise VgstatsError(
                f"{file}: the numbers come by what {self.dataset} has only one of ({self.group}). The file "
                "is of another dataset: name that one with --dataset, or leave --dataset out."
            )


class Fk(Entry):
    """Försäkringskassan's statistics API."""

    address: str
    metadata: list[str]
    requests_per_second: float
    areas_per_request: int
    datasets: list[FkDataset]


class Kpi(Entry):
    """One of Kolada's numbers (nyckeltal)."""

    kpi: str
    source: _Source
    measure: _Measure
    group: str = ""
    by_sex: bool = False
    levels: list[str]


class Kolada(Entry):
    """Kolada's API, version 3."""

    address: str
    requests_per_second: float
    ids_per_request: int
    kpis: list[Kpi]


class ScbTable(Entry):
    """One table of SCB's PxWeb API, version 2."""

    source: _Source
    table: str
    confirmed: bool
    measure: _Measure
    contents: str
    heading: str
    resolution: float
    variables: dict[str, str]
    selections: dict[str, str] = Field(default={})
    totals: dict[str, list[str]] = Field(default={})
    monthly: bool = False
    december_is_year: bool = False
    asked: bool = True
    noisy: bool = False
    first_year: int = 0
    last_year: int = 9999

    @property
    def levels(self) -> list[str]:
        """The kinds of area that the table has numbers for."""
        return ["riket", *(["lan", "kommun"] if "region" in self.variables else [])]


class Scb(Entry):
    """SCB's PxWeb API, version 2."""

    address: str
    requests_per_second: float
    cells_per_request: int
    tables: list[ScbTable]

    def is_noisy(self, measure: str, period: str) -> bool:
        """Return whether SCB puts noise on a measure in a period, whoever passes the number on."""
        year = int(period[:4]) if re.match(r"\d{4}", period, re.ASCII) else 0
        of = [table for table in self.tables if table.measure == measure and table.noisy]
        return any(table.first_year <= year <= table.last_year for table in of)


class Datasets(Entry):
    """All that is known of where figures are fetched."""

    fk: Fk
    kolada: Kolada
    scb: Scb


def datasets_text() -> str:
    """Return the bundled file, to copy and correct."""
    return read_text(data_folder() / "datasets.yaml")


def datasets(file: Path | None = None) -> Datasets:
    """Return the names and addresses of the sources.

    Args:
        file: a corrected copy; without one, that of the variable VGSTATS_DATASETS, else the bundled.

    Raises:
        VgstatsError: the file cannot be read, or an entry does not fit; the message names it.
    """
    named = file or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    return _read(named)


def fk_dataset(wanted: str, file: Path) -> FkDataset | None:
    """Return the dataset that `--dataset` names, else the one whose table is in the file's name, else None.

    Raises:
        VgstatsError: `--dataset` names one that is not known.
    """
    known = datasets().fk.datasets
    named = [d for d in known if wanted in (d.dataset, d.table, d.source)]
    if wanted and not named:
        names = list(dict.fromkeys(d.dataset for d in known))
        raise VgstatsError(
            f"--dataset: {wanted!r} is unknown.{misspelt(wanted, names)} Known: {', '.join(names)}."
        )
    by_file = [
        d for d in known if d.table and re.search(rf"{d.table}(?![A-Za-z\d])", file.name, re.I)
    ]
    found = named if wanted else by_file
    return found[0] if len(found) == 1 else None


def refuse_other_dataset(file: Path, wanted: str, own: str) -> None:
    """Refuse `--dataset` of another dataset than the one that a file's format is of.

    Raises:
        VgstatsError: it is, or it is not known.
    """
    named = fk_dataset(wanted, file) if wanted else None
    if named and named.dataset != own:
        raise VgstatsError(
            f"{file}: the file is of {own}, and --dataset says {named.dataset}. Leave --dataset out."
        )


@cache
def _read(file: Path | None) -> Datasets:
    name = str(file or "the bundled datasets.yaml")
    text = text_in(file, "datasets file", "Name another.") if file else datasets_text()
    try:
        return Datasets.model_validate(read_yaml(Path(name), text))
    except ValidationError as error:
        raise VgstatsError(
            f"{name}: {first_fault(error)}. Correct it; 'vgstats fetch --show-datasets' shows a file that is right."
        ) from None
