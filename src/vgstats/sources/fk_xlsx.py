"""Försäkringskassan's XLSX export from its statistics database.

One or several sheets, each with the same header, two title rows above it or none, numbers as numbers
or as text. The sheets are known by the header, whatever their names.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import RIKET
from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, FkObservation
from vgstats.sources.fk_headings import dataset_of, roles_of
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    numbers,
    refuse_no_rows,
    stacked,
)
from vgstats.sources.workbook import Sheet, cell_text, sheets, without_notes

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
        notes=(f"below the table the file says: {'; '.join(below)}",) if below else (),
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
    def column(heading: str) -> pd.Series:
        return table[heading] if heading in table else pd.Series("", index=table.index)

    parts = {
        h: role for h, role in roles_of(dataset).items() if role in labels.PARTS and h in table
    }

    def group(text: str) -> str:
        of = dict(zip(parts.values(), text.split("\t"), strict=True)) if parts else {}
        return labels.group_of_parts(dataset.group, of)

    def area(text: str) -> str:
        county, kommun = text.split("\t")
        return (
            labels.area_of_labels(county, kommun)
            if "Kommun" in table
            else labels.county_of_label(county)
        )

    def period(text: str) -> str:
        year, month, quarter = text.split("\t")
        if "Månad" in table:
            return labels.month(year, month)
        return labels.quarter(year, quarter) if "Kvartal" in table else year

    shared = pd.DataFrame(
        {
            "area": labels.translate(column("Län") + "\t" + column("Kommun"), area)
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
    for heading, observation in known.items():
        if not observation.measure:
            continue
        whole = observation.resolution >= 1
        value, status = numbers(table[heading], _MARKS, decimal_comma=True, whole=whole)
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
    """Return the usual rounding unit, or that of the decimals which a long column has, if coarser."""
    decimals = texts.str.extract(r"[.,](\d+)$", expand=False).str.len().max()
    found = 1.0 if np.isnan(decimals) else round(10.0**-decimals, int(decimals))
    return max(usual, found) if len(texts) >= 20 else usual
