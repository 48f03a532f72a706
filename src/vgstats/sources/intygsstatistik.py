"""Inera's Intygsstatistik: the tables of sjukfall that it exports as CSV and XLSX.

CSV has `;` after every field, the last one too, and only the header and the rows. XLSX has the level,
the title with its period, and the filters above the header or on a sheet `urval`. Tables with groups
have a row with the groups above the header; the table by county has blocks of counts, inhabitants and
rates. Source: Inera's open source code of https://statistik.intygstjanster.se, version of May 2026.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import RIKET
from vgstats.catalogue.periods import MONTHS
from vgstats.catalogue.words import parse_group
from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.intygsstatistik_table import (
    Column,
    Grid,
    columns_by_county,
    columns_by_period,
    grid,
    group,
    month,
    period_of_title,
)
from vgstats.sources.reading import (
    NotThisFormat,
    Reading,
    constant,
    numbers,
    series,
    stacked,
    table_text,
)
from vgstats.sources.workbook import cell_text, said_below, sheets

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
    notes += said_below(grid.notes)
    if filtered:
        notes.append(f"the table is filtered; taken as {filtered}")
    shared = pd.DataFrame(
        {"area": areas, "period": periods, "row": np.array(grid.numbers, dtype=int)}
    )
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
    form = _COUNT_FORM if column.resolution == 1 else _RATE_FORM
    value, status = numbers(texts, {"-": "missing"}, decimal_comma=True, written=form)
    words = status.astype(object).mask((status == "ok") & (value == 0), "ambiguous")
    group = labels.joined_groups(column.group, filtered)
    of = {"measure": column.measure, "sex": column.sex, "group": group, "sheet": grid.sheet}
    return series(shared, value, words.astype("category"), column.resolution, **of)


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


NATIONAL = "intygsstatistik"
OWN = "intygsstatistik-egen"  # no source of vgstats: who imports them says whose they are
_LEVEL = re.compile(r"(nationell |verksamhets|regions?|landstings)statistik\b.*", re.I)
# A title by itself, or with its value after a colon.
_FILTER = re.compile(
    r"((?:vald[at]?|valt|sammanställning av) \w+|enhet(?:er)?|urval|filter)\s*(?::\s*(.*))?", re.I
)
_FILTERS = "urval"
_UNITS = "enhet"
_DIMENSIONS = {
    "diagnos": "diagnos",
    "sjukskrivningslängd": "langd",
    "åldersgrupp": "alder",
    "sjukskrivningsgrad": "grad",
}


@dataclass(frozen=True)
class Scope:
    """What an export says that it is of: `level`, empty in CSV, and the values of each filter by its title."""

    grid: Grid
    level: str
    filters: dict[str, list[str]]

    @property
    def units(self) -> list[str]:
        """The care units that the figures are of."""
        return [v for title, of in self.filters.items() if _UNITS in title.lower() for v in of]

    @property
    def is_national(self) -> bool:
        """Whether the file says that the figures are for the whole country."""
        return self.level.lower() == "nationell statistik" and not self.units

    def area_and_source(self, area: str) -> tuple[str, str]:
        """Return the area of a table by month, and the source: figures that are not national are own counts.

        Args:
            area: what the user says, empty when nothing.

        Raises:
            VgstatsError: the file does not say its area and nobody did, or the two contradict each other.
        """
        if self.is_national:
            if area not in ("", RIKET):
                raise self.grid.fault(
                    f"it says {self.level}, and --area says {area}. Leave it out."
                )
            return RIKET, NATIONAL
        whose = ", ".join([self.level, *self.units[:3]]).strip(", ")
        if not area and self.grid.above and not whose:
            raise self.grid.fault(
                f"the file does not say that its figures are national; above the table stands: "
                f"{'; '.join(self.grid.above)}. Name their area with --area: riket for national statistics."
            )
        if not area:
            raise self.grid.fault(
                f"the figures are of {whose}: not of the country. Name their area with --area, such as "
                "lan:14, and who keeps them with --publisher: vgstats then hides small numbers."
                if whose
                else "the file does not say whose figures it has, nor which filters were chosen. Export the "
                "table as XLSX, which does, or name the area with --area: riket for national statistics."
            )
        if whose and area == RIKET:
            raise self.grid.fault(
                f"the figures are of {whose}, and --area says riket. Name theirs."
            )
        return area, NATIONAL if area == RIKET else OWN

    def refuse_counties_of_a_unit(self, area: str) -> None:
        """Refuse a table by county that is not of the country, or for which another area is named.

        Raises:
            VgstatsError: it is.
        """
        if self.units or (self.level and not self.is_national):
            whose = ", ".join([self.level, *self.units[:3]]).strip(", ")
            raise self.grid.fault(f"counties, of {whose}. Export the table of national statistics.")
        if area not in ("", RIKET):
            raise self.grid.fault(
                f"the table names its areas, and --area says {area}. Leave it out."
            )

    def group(self, columns: list[Column]) -> str:
        """Return the group that the filters leave, empty where nothing is filtered.

        Raises:
            VgstatsError: a filter is no group, or the columns come by what is filtered.
        """
        found = []
        for title, values in self.filters.items():
            if _UNITS in title.lower():
                continue
            said = (
                f"the table is filtered ({title}: {', '.join(values[:3])}{'…' * (len(values) > 3)})"
            )
            dimension = next((d for word, d in _DIMENSIONS.items() if word in title.lower()), "")
            words = sorted({group(value) for value in values})
            is_one = len(words) == 1 or dimension == "diagnos"
            if not dimension or not is_one or not all(w.startswith(f"{dimension}=") for w in words):
                raise self.grid.fault(
                    f"{said}, and that is no group that vgstats has. Export it without, or for one group."
                )
            if any(dimension in parse_group(c.group) for c in columns if "=" in c.group):
                raise self.grid.fault(
                    f"{said} by what its columns come by, so that they are of a part each. Export it without."
                )
            values_of = [word.removeprefix(f"{dimension}=") for word in words]
            found.append(f"{dimension}={'+'.join(values_of)}")
        return labels.joined_groups(*found)


def scope_of(grid: Grid, others: dict[str, list[str]]) -> Scope:
    """Return the scope of a table.

    Args:
        grid: the table.
        others: the texts of each other sheet, row by row, by its name.

    Raises:
        VgstatsError: the filters stand on a sheet that is not there, or one of them is not known.
    """
    level = next((text for text in grid.above if _LEVEL.fullmatch(text)), "")
    filters: dict[str, list[str]] = {}
    for name, texts in {"": grid.above, **others}.items():
        current: list[str] | None = None
        for text in texts:
            if found := _FILTER.fullmatch(text):
                current = filters.setdefault(found[1], [])
                current += [found[2]] if found[2] else []
            elif text.lower().startswith("se "):
                current = None
            elif current is not None:
                current.append(text)
            elif name == _FILTERS:
                raise grid.fault(
                    f"the sheet {name} says {text!r}, which is no filter that vgstats knows. Export the table "
                    "without it."
                )
    if not filters and any(_FILTERS in text.lower() for text in grid.above):
        raise grid.fault(f"the sheet {_FILTERS} with its filters is missing. Export it again.")
    return Scope(grid, level, filters)
