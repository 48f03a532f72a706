"""Försäkringskassan's XLSX export from its statistics database.

One or several sheets, each with the same header, two title rows above it or none, numbers as numbers
or as text. The sheets are known by the header, whatever their names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.areas import RIKET
from vgstats.errors import VgstatsError, nearest
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, FkObservation, datasets
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    numbers,
    refuse_no_rows,
    stacked,
)
from vgstats.sources.workbook import Sheet, sheets

_ROLES = {
    "År": "year",
    "Månad": "month",
    "Kvartal": "quarter",
    "Län": "lan",
    "Kommun": "kommun",
    "Ålder": "age",
    "Kön": "sex",
    "Diagnoskapitel": "diagnosis",
}


def _roles() -> dict[str, str]:
    """Return the role of each heading, also of those that the datasets file names."""
    named = {h: role for d in datasets().fk.datasets for role, h in d.headings.items()}
    return _ROLES | named


_MARKS = {"-": "nil", "..": "suppressed", "": "missing"}
_HEADER_WITHIN = 10


def read(file: Path) -> Reading:
    """Return the rows of an export, all its sheets stacked.

    Raises:
        NotThisFormat: no sheet has a header with År, Kön and Län.
        VgstatsError: the file is broken or too large when unpacked, a heading is unknown or missing,
            or one sheet has another header than the first.
    """
    tables = [_table(file, sheet) for sheet in sheets(file)]
    found = [table for table in tables if table is not None]
    if not found:
        raise NotThisFormat
    first = list(found[0].columns)
    for table in found[1:]:
        if list(table.columns) != first:
            raise VgstatsError(
                f"{file}: one sheet has the header {', '.join(table.columns[2:])}, and the first has "
                f"{', '.join(first[2:])}. Export the table again."
            )
    table = pd.concat(found, ignore_index=True)
    headings = [name for name in first[2:] if name not in _roles()]
    known = _datasets(file, headings, first[2:])
    _check_columns(file, first[2:], known[headings[0]][0])
    refuse_no_rows(file, len(table))
    return Reading(
        f"Försäkringskassan, XLSX export: {', '.join(headings)}",
        known[headings[0]][0].source,
        _rows(table, known),
        {"area": "Kommun" if "Kommun" in table else "Län", "period": "År", "sex": "Kön"}
        | {"group": "Diagnoskapitel" if "Diagnoskapitel" in table else "Ålder"}
        | {"value": ", ".join(headings)},
    )


def _table(file: Path, sheet: Sheet) -> pd.DataFrame | None:
    """Return a sheet's rows as texts with the columns sheet, row and the headings, or None."""
    for number, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        if {"År", "Kön"} <= {_text(cell) for cell in cells}:
            return _below(file, sheet, number)
    wide = [row for row in sheet.rows if sum(_text(cell) != "" for cell in row) >= 5]
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


def _below(file: Path, sheet: Sheet, number: int) -> pd.DataFrame:
    header = [_text(cell) for cell in sheet.rows[number]]
    while header and not header[-1]:
        header.pop()
    twice = {name for name in header if header.count(name) > 1}
    if twice or "" in header:
        raise VgstatsError(
            f"{file}, sheet {sheet.name}, row {number + 1}: the heading {max(twice, default='')!r} "
            "stands twice or is empty. Export the table again."
        )
    lines = []
    for row, cells in enumerate(sheet.rows[number + 1 :], number + 2):
        texts = [_text(cell) for cell in cells]
        if any(texts[len(header) :]):
            raise VgstatsError(
                f"{file}, sheet {sheet.name}, row {row}: a cell stands outside the headed columns. "
                "Remove it, or export the table again."
            )
        if any(texts):
            padded = [*texts, *[""] * len(header)]
            lines.append([sheet.name, row, *padded[: len(header)]])
    return pd.DataFrame(lines, columns=["sheet", "row", *header])


def _text(cell: Any) -> str:
    """Return a cell as text; a whole number has no decimals, whether it is a year or a measure."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return " ".join(str(cell).split())


def _datasets(
    file: Path, headings: list[str], header: list[str]
) -> dict[str, tuple[FkDataset, FkObservation]]:
    present = {_roles()[name] for name in header if name in _roles()} & set(labels.PARTS)
    known = {
        observation.heading: (dataset, observation)
        # Tables that share a heading are told apart by their columns; the last here is found.
        for dataset in sorted(
            datasets().fk.datasets, key=lambda d: present == set(d.parameters) & set(labels.PARTS)
        )
        for observation in dataset.observations.values()
    }
    unknown = [name for name in headings if name not in known]
    if unknown or not headings:
        name = unknown[0] if unknown else "a measure"
        raise VgstatsError(
            f"{file}: the column {name!r} is unknown.{nearest(name, known)} Known: "
            f"{', '.join(known)}. Add the heading to a copy of the datasets file (vgstats fetch "
            "--show-datasets), or remove the column."
        )
    found = {name: known[name] for name in headings}
    if len({dataset.source for dataset, _ in found.values()}) > 1:
        raise VgstatsError(
            f"{file}: the columns {', '.join(headings)} are of several datasets. Export them one by one."
        )
    if not any(observation.measure for _, observation in found.values()):
        raise VgstatsError(
            f"{file}: it holds only {', '.join(headings)}, which no measure of vgstats is made of."
        )
    return found


def _check_columns(file: Path, header: list[str], dataset: FkDataset) -> None:
    """Refuse a table that lacks a column of its dataset: what its numbers are about is a guess."""
    named = _ROLES | {heading: role for role, heading in dataset.headings.items()}
    roles = {named[name] for name in header if name in named}
    for name, role in named.items():
        if role in dataset.parameters and role not in roles:
            raise VgstatsError(
                f"{file}: the column {name!r} is missing; there are {', '.join(header)}. Export the "
                "table again with it."
            )


def _rows(table: pd.DataFrame, known: dict[str, tuple[FkDataset, FkObservation]]) -> pd.DataFrame:
    dataset, _ = next(iter(known.values()))

    def column(heading: str) -> pd.Series:
        return table[heading] if heading in table else pd.Series("", index=table.index)

    parts = {h: role for h, role in _roles().items() if role in labels.PARTS and h in table}

    def group(text: str) -> str:
        of = dict(zip(parts.values(), text.split("\t"), strict=True)) if parts else {}
        return labels.group_of_parts(dataset.group, of)

    def period(text: str) -> str:
        year, month, quarter = text.split("\t")
        if "Månad" in table:
            return labels.month(year, month)
        return labels.quarter(year, quarter) if "Kvartal" in table else year

    shared = pd.DataFrame(
        {
            "area": labels.translate(
                column("Län") + "\t" + (column("Kommun") if "Kommun" in table else column("Län")),
                _area,
            )
            if "Län" in table
            else constant(RIKET, table.index),
            "period": labels.translate(
                column("År") + "\t" + column("Månad") + "\t" + column("Kvartal"), period
            ),
            "sex": labels.translate(column("Kön"), labels.sex),
            "group": labels.translate(
                _joined([table[heading] for heading in parts], table.index), group
            ),
            "sheet": table["sheet"].astype("category"),
            "row": table["row"].astype(int),
        }
    )
    found = []
    for heading, (_, observation) in known.items():
        if not observation.measure:
            continue
        value, status = numbers(table[heading], _MARKS, decimal_comma=True)
        part = shared.assign(
            measure=constant(observation.measure, table.index),
            value=value,
            resolution=_resolution(table[heading], observation.resolution),
            status=status,
            heading=constant(heading, table.index),
        )
        found.append(part[[*ROW_COLUMNS, "heading"]])
    return stacked(found) if len(found) > 1 else found[0]


def _joined(columns: list[pd.Series], index: pd.Index) -> pd.Series:
    joined = columns[0] if columns else pd.Series("", index=index)
    for column in columns[1:]:
        joined = joined + "\t" + column
    return joined


def _resolution(texts: pd.Series, usual: float) -> float:
    """Return the usual rounding unit, or 1 when a column of rates has whole numbers only."""
    whole = not texts.str.contains(r"[.,]\d", regex=True).any()
    return float(np.maximum(usual, 1.0)) if whole and len(texts) >= 20 else usual


def _area(text: str) -> str:
    lan, kommun = text.split("\t")
    if kommun == lan or kommun.lower().startswith("samtliga"):
        return labels.area_of_label(lan)
    of_lan, area = labels.area_of_label(lan), labels.area_of_label(kommun)
    inside = area.removeprefix("kommun:").startswith(of_lan.removeprefix("lan:"))
    return area if inside else f"{lan} / {kommun}"
