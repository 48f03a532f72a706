"""What may stand in a region's own table: the words of its cells, and an empty one with lists to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.areas import RIKET
from vgstats.catalogue.measures import catalogue
from vgstats.errors import VgstatsError
from vgstats.observations import SEXES
from vgstats.sources import labels
from vgstats.sources.reading import constant, numbers

SOURCE = "egen-tabell"
LISTS = "listor"  # the template's sheet of what may be chosen
_MARKS = {"..": "suppressed", "-": "nil", "": "missing"}
_HIDDEN = re.compile(r"<\s?\d+", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+", re.ASCII)


def in_own_words(table: pd.DataFrame, words: Mapping[str, str], source: str) -> pd.DataFrame:
    """Return the rows of a table in the words of the tidy table.

    Args:
        table: the cells as texts, under the tidy table's names of the columns, and `row`.
        words: the heading of each column in the file.
        source: the source of rows that do not name theirs.

    Returns:
        The columns of a `Reading`'s rows without `sheet`; and `text`, the cell of the value, and `odd`: whether it
        has decimals that its unit lacks, so that thousands may be meant.
    """

    def column(name: str) -> pd.Series:
        return table[name] if name in table else constant("", table.index)

    measures = labels.translate(column("measure"), measure_called)
    level = {"kommun": "kommun", "län": "lan"}.get(words["area"].lower(), "")
    usual = {id_: 10.0**-m.decimals for id_, m in catalogue().items()}
    resolution, said = numbers(column("resolution"), {"": "missing"}, decimal_comma=True)
    broken = ~said.isin(["ok", "missing"])
    resolution = resolution.fillna(measures.astype(object).map(usual)).fillna(1.0)
    value, status, odd = _values(column("value"), column("status"), resolution)
    found = pd.DataFrame(
        {
            "measure": measures,
            "area": labels.translate(column("area"), lambda text: _area(text, level)),
            "period": labels.translate(
                column("period"), lambda text: labels.pxweb_period(labels.month_name(text))
            ),
            "sex": labels.translate(column("sex"), labels.sex),
            "group": column("group"),
            "value": value,
            "resolution": resolution.mask(broken),
            "status": status,
            "source": column("source"),
            "row": table["row"],
            "text": column("value").astype(object),
            "odd": odd,
        }
    )
    if not (found["source"] != "").any():
        found["source"] = constant(source or SOURCE, table.index)
    if (column("retrieved") != "").any():
        found["retrieved"] = column("retrieved")
    return found


def is_measure(text: str) -> bool:
    """Return whether a text is the id or the name of a measure."""
    return measure_called(text.strip()) in catalogue()


def measure_called(text: str) -> str:
    """Return the id of a measure that is written as its id or its name."""
    by_name = {measure.name.lower(): id_ for id_, measure in catalogue().items()}
    return text if text in catalogue() else by_name.get(text.lower(), text)


def _area(text: str, level: str) -> str:
    """Return the area of a code, a name or both; of that level where the heading names one."""
    ways = [text, f"{text} län", f"{text}s län"] if level == "lan" else [text]
    found = [labels.area_of_label(way) for way in ways]
    fitting = [area for area in found if area == RIKET or area.startswith(f"{level}:")]
    if level and not fitting and found[0] != text:
        return f"{text} (in a column of {'counties' if level == 'lan' else 'kommuner'})"
    return fitting[0] if level and fitting else found[0]


def _values(
    texts: pd.Series, given: pd.Series, resolution: pd.Series
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return values, statuses, and which numbers have decimals that their unit lacks: thousands, perhaps.

    What the cell says and a status beside it must agree; without one the cell alone decides.
    """
    known = texts.astype("category").cat.categories
    hidden = {text: "suppressed" for text in map(str, known) if _HIDDEN.fullmatch(text)}
    value, found = numbers(texts, _MARKS | hidden, decimal_comma=True)
    looks = labels.translate(texts, lambda text: str(bool(_THOUSANDS.fullmatch(text))))
    units = value / resolution
    fits = np.isclose(units, units.round(), rtol=0, atol=1e-6)
    tens = np.log10(resolution.where(resolution > 0))
    power_of_ten = np.isclose(tens, tens.round())  # a mean over months has another unit
    odd = value.notna() & ~fits & power_of_ten & ((looks == "True") | (resolution >= 1))
    odd |= (looks == "True") & (value.isna() | (resolution >= 1))  # 1.000 persons may be a thousand
    empty = (texts == "").to_numpy()
    said, words = given.astype(object), found.astype(object)
    marked = words.isin([*_MARKS.values()]) & ~empty
    contradicts = (said != "") & marked & (said != words)
    words = words.mask((said != "") & (words.eq("ok") | marked | empty), said)
    words = words.mask(contradicts, texts.astype(object) + " (" + said + ")")
    return value.mask(contradicts), words.astype("category"), odd


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
    # Writing a workbook takes a package that no other command needs.
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation

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
