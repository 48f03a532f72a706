"""From an export to rows of the tidy table."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue.periods import MONTHS
from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.intygsstatistik.columns import Column, columns_by_county, columns_by_period
from vgstats.sources.intygsstatistik.headings import month, period_of_title
from vgstats.sources.intygsstatistik.layout import Grid, grid
from vgstats.sources.intygsstatistik.scope import NATIONAL, scope_of
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    numbers,
    stacked,
)
from vgstats.sources.text_files import table_text
from vgstats.sources.workbook import cell_text, sheets

# What Excel makes of jan 2019 and jan 19 when it opens a CSV.
_CHANGED_BY_EXCEL = r"(?i)[a-zåäö]{3,4}\.?-\d\d|\d\d?-[a-zåäö]{3,4}\.?"
# 1.234 or 1,234 may mean 1 234: a count has no decimals, and a rate at most two.
_COUNT_FORM = r"\s*\d[\d \u00a0]*\s*"
_RATE_FORM = r"\s*\d[\d \u00a0]*([.,]\d{1,2})?\s*"


def read_csv(file: Path, area: str = "") -> Reading:
    """Return the rows of a CSV export; `row` is the line of the file.

    Args:
        file: the CSV, in Windows-1252 or UTF-8.
        area: the area that the numbers are for, which the file does not say: `riket` for national statistics.

    Raises:
        NotThisFormat: no line is a header of such a table.
        VgstatsError: it holds personal data or shares; it is cut off, in another encoding or changed by Excel;
            a column is missing or unknown; or no area is named. The table by county has no period in CSV and
            is refused.
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
    return _reading(found, "CSV", area, {})


def read_xlsx(file: Path, area: str = "") -> Reading:
    """Return the rows of an XLSX export; `row` is the row of the sheet.

    Args:
        file: the workbook.
        area: the area that the numbers are for, where the file does not say that they are national.

    Raises:
        NotThisFormat: no sheet has a header of such a table.
        VgstatsError: it holds personal data or shares; it is broken, or holds something else than is seen; a
            column is missing or unknown; a filter is no group; the area is neither said nor named; or the
            table by county has no title with one month or one year.
    """
    found_sheets = {sheet.name: sheet for sheet in sheets(file)}
    texts = {
        name: [[_text(cell) for cell in row] for row in sheet.rows]
        for name, sheet in found_sheets.items()
    }
    for cells in texts.values():
        _refuse_personal_data(file, cells)
    named = sorted(texts, key=lambda name: name != "tabell")
    grids = [found for name in named if (found := grid(file, name, texts[name]))]
    if not grids:
        raise NotThisFormat
    if len(grids) > 1:
        raise grids[1].fault("a second table; one was expected. Export each table by itself.")
    table = grids[0]
    found_sheets[table.sheet].refuse_unseen(
        file, table.numbers[0], table.numbers[-1], len(table.header)
    )
    others = {
        name: [text for row in rows if (text := " ".join(filter(None, row)))]
        for name, rows in texts.items()
        if name != table.sheet
    }
    return _reading(table, "XLSX", area, others)


def _refuse_personal_data(file: Path, texts: list[list[str]]) -> None:
    if any("personnummer" in text.lower() for row in texts for text in row):
        raise VgstatsError(
            f"{file}: refused: the file has a column of personal identity numbers, as Rehabstöd's lists "
            "of patients have. vgstats takes only counts. Delete the copy if you have no right to it."
        )


def _text(cell: object) -> str:
    """Return a cell as text; the first day of a month is what Excel makes of the month's name."""
    if isinstance(cell, dt.date) and cell.day == 1:
        return f"{MONTHS[cell.month - 1][:3]} {cell.year}"
    return cell_text(cell)


def _reading(grid: Grid, form: str, area: str, others: dict[str, list[str]]) -> Reading:
    by_county = grid.header[0] == "Län"
    columns, notes = columns_by_county(grid) if by_county else columns_by_period(grid)
    _refuse_what_excel_changed(grid)
    scope, source = scope_of(grid, others), NATIONAL
    filtered = scope.group(columns)
    if by_county:
        scope.refuse_counties_of_a_unit(area)
        areas = labels.translate(grid.rows[0], labels.county_of_label)
        periods = constant(_period_of_county_table(grid), grid.rows.index)
        kind = "sjukfall per län"
    else:
        area, source = scope.area_and_source(area)
        areas = constant(area, grid.rows.index)
        periods = labels.translate(grid.rows[0], month)
        kind = "sjukfall per månad" + (" och grupp" if grid.groups else "")
        said = f"the file says {scope.level}" if scope.level else "the file does not name an area"
        notes.append(f"{said}; taken as {area}")
        if not (grid.above or grid.groups):
            notes.append("the file has no title: cases over 90 days alone would look the same")
    if grid.above:
        notes.append(f"above the table the file says: {'; '.join(grid.above)}")
    if grid.notes:
        notes.append(f"below the table the file says: {'; '.join(grid.notes)}")
    if filtered:
        notes.append(f"the table is filtered; taken as {filtered}")
    shared = pd.DataFrame(
        {"area": areas, "period": periods, "row": np.array(grid.numbers, dtype=int)}
    ).assign(sheet=constant(grid.sheet, grid.rows.index))
    parts = [_part(grid, shared, column, filtered) for column in columns]
    headings = {"area" if by_county else "period": grid.header[0], "value": "Antal sjukfall"}
    recognised = f"Ineras intygsstatistik, {form}: {kind}"
    return Reading(recognised, source, stacked(parts), headings, notes=tuple(notes))


def _refuse_what_excel_changed(grid: Grid) -> None:
    for number, text in zip(grid.numbers, grid.rows[0], strict=True):
        if re.fullmatch(_CHANGED_BY_EXCEL, text):
            raise grid.fault(
                f"row {number}, column {grid.header[0]}: {text!r} is what Excel has made of a month such as "
                "'jan 2019' when the file was opened and saved in it. Export the table again, and "
                "import the file as it is."
            )


def _part(grid: Grid, shared: pd.DataFrame, column: Column, filtered: str) -> pd.DataFrame:
    texts = grid.rows[column.place]
    value, status = numbers(texts, {"-": "missing"}, decimal_comma=True)
    form = _COUNT_FORM if column.resolution == 1 else _RATE_FORM
    odd = (status == "ok") & ~texts.str.fullmatch(form)
    words = status.astype(object).mask(odd, texts)
    words = words.mask((words == "ok") & (value == 0), "ambiguous")
    return shared.assign(
        measure=constant(column.measure, texts.index),
        sex=constant(column.sex, texts.index),
        group=constant(labels.joined_groups(column.group, filtered), texts.index),
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
