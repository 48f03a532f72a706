"""An empty table of a region's own, as XLSX with lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from vgstats.catalogue import areas
from vgstats.catalogue.measures import catalogue
from vgstats.errors import VgstatsError
from vgstats.observations import SEXES
from vgstats.sources.own_table import LISTS

_HEADER = ["mått", "område", "period", "kön", "grupp", "värde"]
_ROWS = 5000  # that have lists to choose from
_WIDTHS = (34, 32, 12, 12, 24, 14)
_AS_TEXT = "@"  # or a spreadsheet makes a date of 2024-12


def write_template(file: Path, lan: Sequence[str]) -> None:
    """Write an empty table with the measures there are, some counties and their kommuner to choose from.

    Args:
        file: the workbook to write.
        lan: the counties, such as `lan:14`.

    Raises:
        VgstatsError: the file is there already or cannot be written.
    """
    if file.exists():
        raise VgstatsError(f"{file}: the file is there already. Name another, or move it away.")
    places = [areas.RIKET, *(place for one in lan for place in (one, *areas.kommuner(one)))]
    book = Workbook()
    table = book.active
    table.title = "tabell"
    table.append(_HEADER)
    for cell, width in zip(table[1], _WIDTHS, strict=True):
        cell.font = Font(bold=True)
        column = table.column_dimensions[cell.column_letter]
        column.width = width
        column.number_format = "General" if cell.value == "värde" else _AS_TEXT
    table.freeze_panes = "A2"
    lists = book.create_sheet(LISTS)
    lists.append(["mått att välja", "betyder", "enhet", "områden att välja", "kön att välja"])
    for at, measure in enumerate(catalogue().values(), 2):
        for column, text in enumerate((measure.id, measure.name, measure.unit), 1):
            lists.cell(at, column, text)
    for at, place in enumerate(places, 2):
        code = place.partition(":")[2]
        lists.cell(at, 4, f"{code} {areas.name(place)}".strip())
    for at, sex in enumerate(SEXES, 2):
        lists.cell(at, 5, sex)
    lengths = {"A": ("A", len(catalogue())), "B": ("D", len(places)), "D": ("E", len(SEXES))}
    for column, (source, length) in lengths.items():
        choice = DataValidation(
            type="list",
            formula1=f"{LISTS}!${source}$2:${source}${length + 1}",
            showErrorMessage=True,
            errorTitle="Finns inte i listan",
            error="Välj ur listan. Bladet listor visar vad som kan väljas.",
        )
        choice.add(f"{column}2:{column}{_ROWS + 1}")
        table.add_data_validation(choice)
    try:
        book.save(file)
    except OSError as error:
        raise VgstatsError(
            f"{file}: cannot be written ({error.strerror}). Name another file."
        ) from None
