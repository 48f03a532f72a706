"""Försäkringskassan's XLSX export from its statistics database.

One or several sheets, each with the same header, two title rows above it or none, numbers as numbers
or as text. The sheets are known by the header, whatever their names; the dataset by `--dataset`, the file's
name or the headings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import RIKET
from vgstats.errors import VgstatsError, misspelt
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, FkObservation, datasets, fk_dataset
from vgstats.sources.fk_json import rows_of_roles
from vgstats.sources.reading import (
    NotThisFormat,
    Reading,
    numbers,
    refuse_no_rows,
)
from vgstats.sources.workbook import Sheet, cell_text, said_below, sheets, without_notes

ROLES = {
    "År": "year",
    "Månad": "month",
    "Kvartal": "quarter",
    "Län": "lan",
    "Kommun": "kommun",
    "Ålder": "age",
    "Kön": "sex",
    "Diagnoskapitel": "diagnosis",
}


def roles_of(dataset: FkDataset | None = None) -> dict[str, str]:
    """Return the role of each heading of a dataset, of any when left out."""
    of = [dataset] if dataset else datasets().fk.datasets
    return ROLES | {heading: role for d in of for role, heading in d.headings.items()}


def dataset_of(
    file: Path, header: Sequence[str], wanted: str = ""
) -> tuple[FkDataset, dict[str, FkObservation]]:
    """Return the dataset of a table with this header, and the observation under each heading of numbers.

    Under its name a dataset is known by headings that leave out what it has only one of: `Antal pågående
    sjukfall` is F43's, and `sjukpenningtal` is 1.0's or 2.0's. Without it they are nobody's.

    Raises:
        VgstatsError: a heading is unknown, the table may be of several datasets or is of none, or a column
            that the dataset has is missing.
    """
    named = fk_dataset(wanted, file)
    every = roles_of()
    headings = [name for name in header if name not in every]
    known = [named] if named else datasets().fk.datasets
    names = {d.source: _headings(d, loosely=named is not None) for d in known}
    _refuse_unknown(file, headings, names, named)
    fits = [d for d in known if set(headings) <= set(names[d.source])]
    if not fits:
        raise VgstatsError(
            f"{file}: the columns {', '.join(headings)} are of several datasets. Export them one by one."
        )
    whole = [d for d in fits if not _lacking(d, header)]
    parts = {every[name] for name in header if name in every} & set(labels.PARTS)
    # Tables that share a heading are told apart by what they part their numbers by.
    whole = [d for d in whole if parts == set(d.parameters) & set(labels.PARTS)] or whole
    if len(whole) > 1:
        raise _ask(file, headings, whole)
    dataset = (whole or fits)[0]
    dataset.refuse_own_dimension(file, [every[name] for name in header if name in every])
    found = {name: names[dataset.source][name] for name in headings}
    dataset.refuse_no_measure(file, found)
    if not whole:
        others = [d.dataset for d in _loosely(headings) if not _lacking(d, header)]
        or_name = f", or name its dataset with --dataset: {', '.join(others)}" if others else ""
        raise VgstatsError(
            f"{file}: the column {_lacking(dataset, header)[0]!r} is missing; there are "
            f"{', '.join(header)}. Export the table again with it{or_name}."
        )
    return dataset, found


def _headings(dataset: FkDataset, *, loosely: bool = False) -> dict[str, FkObservation]:
    """Return the observations by heading; loosely, also by headings without their words with digits."""
    named: dict[str, FkObservation] = {}
    for observation in dataset.observations.values():
        words = observation.heading.split()
        bare = " ".join(word for word in words if not re.search(r"\d", word))
        for heading in (observation.heading, *([bare] if loosely else [])):
            named |= dict.fromkeys((heading, heading.lower()), observation)
    return named


def _loosely(headings: Sequence[str]) -> list[FkDataset]:
    return [d for d in datasets().fk.datasets if set(headings) <= set(_headings(d, loosely=True))]


def _lacking(dataset: FkDataset, header: Sequence[str]) -> list[str]:
    """Return the columns without which it is a guess what the numbers of a dataset are about."""
    roles = roles_of(dataset).items()
    return [name for name, role in roles if role in dataset.parameters and name not in header]


def _refuse_unknown(
    file: Path,
    headings: Sequence[str],
    names: Mapping[str, Mapping[str, FkObservation]],
    named: FkDataset | None,
) -> None:
    unknown = [name for name in headings if not any(name in of for of in names.values())]
    if not unknown and headings:
        return
    may_be = _loosely(headings) if headings else []
    if may_be and named:
        raise VgstatsError(
            f"{file}: --dataset or the file's name says {named.dataset}, and the heading "
            f"{', '.join(headings)} is of {', '.join(d.dataset for d in may_be)}. Name that one."
        )
    if may_be:
        raise _ask(file, headings, may_be)
    name = unknown[0] if unknown else "a measure"
    known = list(dict.fromkeys(o.heading for of in names.values() for o in of.values()))
    raise VgstatsError(
        f"{file}: the column {name!r} is unknown.{misspelt(name, known)} Known: {', '.join(known)}. "
        "Add the heading to a copy of the datasets file (vgstats fetch --show-datasets), or remove "
        "the column."
    )


def _ask(file: Path, headings: Sequence[str], fits: Sequence[FkDataset]) -> VgstatsError:
    return VgstatsError(
        f"{file}: the heading {', '.join(headings)} does not say of which dataset the figures are. Name "
        f"it with --dataset: {', '.join(d.dataset for d in fits)}."
    )


_MARKS = {"-": "nil", "..": "suppressed", "": "missing"}
_HEADER_WITHIN = 10


def read(file: Path, dataset: str = "") -> Reading:
    """Return the rows of an export, all its sheets stacked.

    Args:
        file: the workbook.
        dataset: the name of the dataset or its table, where the headings do not tell. The table's name in
            the file's name will do too.

    Raises:
        NotThisFormat: no sheet has a header with År, Kön and Län.
        VgstatsError: the file is broken or too large when unpacked, a heading is unknown or missing, the
            dataset cannot be told, or one sheet has another header than the first.
    """
    tables = [table for sheet in sheets(file) if (table := _table(file, sheet))]
    if not tables:
        raise NotThisFormat
    found = [table for table, _ in tables]
    below = [note for _, notes in tables for note in notes]
    first = list(found[0].columns)
    for table in found[1:]:
        if list(table.columns) != first:
            raise VgstatsError(
                f"{file}: one sheet has the header {', '.join(table.columns[2:])}, and the first has "
                f"{', '.join(first[2:])}. Export the table again."
            )
    table = pd.concat(found, ignore_index=True)
    of, known = dataset_of(file, first[2:], dataset)
    headings = ", ".join(known)
    refuse_no_rows(file, len(table))
    return Reading(
        f"Försäkringskassan, XLSX export: {headings}{f' ({of.group})' * bool(of.group)}",
        of.source,
        _rows(table, of, known),
        {"area": "Kommun" if "Kommun" in table else "Län", "sex": "Kön"}
        | {"period": ", ".join(h for h in ("År", "Månad", "Kvartal") if h in table)}
        | {"group": "Diagnoskapitel" if "Diagnoskapitel" in table else "Ålder"}
        | {"value": headings},
        notes=said_below(below),
    )


def _table(file: Path, sheet: Sheet) -> tuple[pd.DataFrame, list[str]] | None:
    """Return a sheet's rows as texts with the columns sheet, row and the headings, and notes, or None."""
    for number, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        if {"År", "Kön"} <= {cell_text(cell) for cell in cells}:
            return _below(file, sheet, number)
    wide = [row for row in sheet.rows if sum(cell_text(cell) != "" for cell in row) >= 5]
    if wide:
        raise (
            NotThisFormat
            if sheet.first
            else VgstatsError(
                f"{file}, sheet {sheet.name}: no header with År, Län and Kön, but rows of figures. Remove "
                "the sheet, or export the table again."
            )
        )
    return None


def _below(file: Path, sheet: Sheet, number: int) -> tuple[pd.DataFrame, list[str]]:
    header = [cell_text(cell) for cell in sheet.rows[number]]
    while header and not header[-1]:
        header.pop()
    twice = {name for name in header if header.count(name) > 1}
    if twice or "" in header:
        raise VgstatsError(
            f"{file}, sheet {sheet.name}, row {number + 1}: the heading {max(twice, default='')!r} "
            "stands twice or is empty. Export the table again."
        )
    texts_of = {
        row: texts
        for row, cells in enumerate(sheet.rows[number + 1 :], number + 2)
        if any(texts := [cell_text(cell) for cell in cells])
    }
    table, notes = without_notes(texts_of)
    sheet.refuse_unseen(file, number + 2, max(table, default=0), len(header))
    lines = []
    for row, texts in table.items():
        if any(texts[len(header) :]):
            raise VgstatsError(
                f"{file}, sheet {sheet.name}, row {row}: a cell stands outside the headed columns. "
                "Remove it, or export the table again."
            )
        padded = [*texts, *[""] * len(header)]
        lines.append([sheet.name, row, *padded[: len(header)]])
    return pd.DataFrame(lines, columns=["sheet", "row", *header]), notes


def _rows(table: pd.DataFrame, dataset: FkDataset, known: dict[str, FkObservation]) -> pd.DataFrame:
    found = {}
    for heading, observation in known.items():
        whole = observation.resolution >= 1
        value, status = numbers(table[heading], _MARKS, decimal_comma=True, whole=whole)
        resolution = _resolution(table[heading], observation.resolution)
        found[heading] = (observation.measure, value, status, resolution)
    columns = {role: table[name] for name, role in roles_of(dataset).items() if name in table}
    columns |= {"sheet": table["sheet"].astype("category"), "row": table["row"].astype(int)}
    return rows_of_roles(columns, dataset.group, _area, found)


def _area(county: str = RIKET, kommun: str | None = None) -> str:
    if kommun is None:
        return labels.county_of_label(county)
    return labels.area_of_labels(county, kommun)


def _resolution(texts: pd.Series, usual: float) -> float:
    """Return the usual rounding unit, or that of the decimals which a long column has, if coarser."""
    decimals = texts.str.extract(r"[.,](\d+)$", expand=False).str.len().max()
    found = 1.0 if np.isnan(decimals) else round(10.0**-decimals, int(decimals))
    return max(usual, found) if len(texts) >= 20 else usual
