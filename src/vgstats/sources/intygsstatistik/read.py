"""From an export to rows of the tidy table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.intygsstatistik.columns import Column, columns_by_county, columns_by_period
from vgstats.sources.intygsstatistik.headings import month, period_of_title
from vgstats.sources.intygsstatistik.layout import Grid, grid
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    numbers,
    stacked,
)
from vgstats.sources.text_files import table_text
from vgstats.sources.workbook import sheets

SOURCE = "intygsstatistik"
# 1.234 or 1,234 may mean 1 234: a count has no decimals, and a rate at most two.
_COUNT_FORM = r"\s*\d[\d \u00a0]*\s*"
_RATE_FORM = r"\s*\d[\d \u00a0]*([.,]\d{1,2})?\s*"


def read_csv(file: Path, area: str = "riket") -> Reading:
    """Return the rows of a CSV export; `row` is the line of the file.

    Args:
        file: the CSV, in Windows-1252 or UTF-8.
        area: the area that the numbers are for, which the file does not say.

    Raises:
        NotThisFormat: no line is a header of such a table.
        VgstatsError: it holds personal data or shares; it is cut off or in another encoding; or a
            column is missing or unknown. The table by county has no period in CSV and is refused.
    """
    text = table_text(file)
    _refuse_personal_data(file, [[text]])
    found = grid(
        file, "", [[cell.strip() for cell in line.split(";")] for line in text.splitlines()]
    )
    if found is None:
        raise NotThisFormat
    if not text.endswith(("\n", ";")):
        raise found.fault("the file ends within its last line and may be cut off. Save it again.")
    return _reading(found, "CSV", area)


def read_xlsx(file: Path, area: str = "riket") -> Reading:
    """Return the rows of an XLSX export; `row` is the row of the sheet.

    Args:
        file: the workbook.
        area: the area that the numbers are for, which the file does not say.

    Raises:
        NotThisFormat: no sheet has a header of such a table.
        VgstatsError: it holds personal data or shares; it is broken; a column is missing or unknown;
            or the table by county has no title with one month or one year.
    """
    texts = {
        sheet.name: [[_text(cell) for cell in row] for row in sheet.rows] for sheet in sheets(file)
    }
    for cells in texts.values():
        _refuse_personal_data(file, cells)
    named = sorted(texts, key=lambda name: name != "tabell")
    grids = [found for name in named if (found := grid(file, name, texts[name]))]
    if not grids:
        raise NotThisFormat
    if len(grids) > 1:
        raise grids[1].fault("a second table; one was expected. Export each table by itself.")
    return _reading(grids[0], "XLSX", area)


def _refuse_personal_data(file: Path, texts: list[list[str]]) -> None:
    if any("personnummer" in text.lower() for row in texts for text in row):
        raise VgstatsError(
            f"{file}: refused: the file has a column of personal identity numbers, as Rehabstöd's lists "
            "of patients have. vgstats takes only counts. Delete the copy if you have no right to it."
        )


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _reading(grid: Grid, form: str, area: str) -> Reading:
    by_county = grid.header[0] == "Län"
    columns, notes = columns_by_county(grid) if by_county else columns_by_period(grid)
    if by_county:
        areas = labels.translate(grid.rows[0], labels.county_of_label)
        periods = constant(_period_of_county_table(grid), grid.rows.index)
        kind = "sjukfall per län"
    else:
        areas = constant(area, grid.rows.index)
        periods = labels.translate(grid.rows[0], month)
        kind = "sjukfall per månad" + (" och grupp" if grid.groups else "")
        notes.append(f"the file does not name an area; taken as {area}")
        if not (grid.above or grid.groups):
            notes.append("the file has no title: cases over 90 days alone would look the same")
    if grid.above:
        notes.append(f"above the table the file says: {'; '.join(grid.above)}")
    shared = pd.DataFrame(
        {"area": areas, "period": periods, "row": np.array(grid.numbers, dtype=int)}
    ).assign(sheet=constant(grid.sheet, grid.rows.index))
    parts = [_part(grid, shared, column) for column in columns]
    headings = {"area" if by_county else "period": grid.header[0], "value": "Antal sjukfall"}
    recognised = f"Ineras intygsstatistik, {form}: {kind}"
    return Reading(recognised, SOURCE, stacked(parts), headings, notes=tuple(notes))


def _part(grid: Grid, shared: pd.DataFrame, column: Column) -> pd.DataFrame:
    texts = grid.rows[column.place]
    value, status = numbers(texts, {"-": "missing"}, decimal_comma=True)
    form = _COUNT_FORM if column.resolution == 1 else _RATE_FORM
    odd = (status == "ok") & ~texts.str.fullmatch(form)
    words = status.astype(object).mask(odd, texts)
    words = words.mask((words == "ok") & (value == 0), "ambiguous")
    return shared.assign(
        measure=constant(column.measure, texts.index),
        sex=constant(column.sex, texts.index),
        group=constant(column.group, texts.index),
        value=value.mask(odd),
        resolution=column.resolution,
        status=words.astype("category"),
    )[ROW_COLUMNS]


def _period_of_county_table(grid: Grid) -> str:
    """Return the month or year that the lines above the table name, the same in all that name one."""
    found = {period for text in grid.above if (period := period_of_title(text))}
    if len(found) != 1 or "?" in found:
        said = "; ".join(grid.above) or "nothing"
        raise grid.fault(
            "the table by county needs a title with one month (jan 2019) or one whole year (jan 2019 - "
            f"dec 2019); above the table stands: {said}. Export it as XLSX for one month or one year."
        )
    return found.pop()
