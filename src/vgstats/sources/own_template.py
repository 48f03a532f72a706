"""An empty workbook for a region's own requirements or project: headings, lists to choose from, and explanations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vgstats.catalogue import areas
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.requirements import PRIORITIES, STATUSES, Requirements
from vgstats.errors import VgstatsError
from vgstats.sources.own_layout import (
    ANSWER,
    FOR,
    HELP,
    LABEL,
    README,
    TO_READ,
    Column,
    Layout,
    Page,
    kind_of,
    layouts,
)
from vgstats.sources.own_words import LISTS

_ROWS = 500  # that have lists to choose from
_LISTS = {
    "statusar": STATUSES,
    "prioriteter": PRIORITIES,
    "ja eller nej": ("ja", "nej"),
}
_OF_KEY = {
    "status": "statusar",
    "priority": "prioriteter",
    "area": "områden",
    "measure": "mått",
    "chosen_for_high": "mått",
    "figures": "mått",
}
_WIDTHS = {"date": 14, "bool": 14, "float": 14, "int": 14}
_EXPLAINED, _ANSWERED = (18, 34, 70, 50), (34, 60, 70)
_NUMBER = "0.##########"


def write_own_template(
    file: Path, layout_id: str, lan: Sequence[str], known: Requirements | None = None
) -> None:
    """Write an empty workbook to fill in.

    Args:
        file: the workbook to write.
        layout_id: `krav` or `insats`.
        lan: the counties to choose from, such as `lan:18`; for a list that is there, a row for each and requirement.
        known: a list of requirements that is there already, so that only the judgements are left.

    Raises:
        VgstatsError: the file is there already or cannot be written.
    """
    # Writing a workbook takes a package that no other command needs.
    from openpyxl import Workbook

    if file.exists():
        raise VgstatsError(f"{file}: the file is there already. Name another, or move it away.")
    layout = layouts()[layout_id]
    pages = [
        page for page in layout.sheets if not (known and page.inside) and not (known and page.form)
    ]
    if known:
        short = [one for one in layout.sheets[0].columns if one.key.startswith(FOR)]
        pages = [layout.sheets[0].model_copy(update={"columns": short}), *pages]
    book = Workbook()
    _explain(book.active, layout, pages)
    lists = book.create_sheet(LISTS)
    ranges = _write_lists(lists, layout_id, lan)
    ranges["kravens nummer"] = f"krav!$A$2:$A${_ROWS + 1}"
    for page in pages:
        sheet = book.create_sheet(page.name)
        (_form if page.form else _table)(sheet, page, ranges)
    if known:
        _fill_in(book, known, lan, ranges)
    book.move_sheet(LISTS, len(book.sheetnames))
    for sheet in book:
        _on_paper(sheet)
    try:
        book.save(file)
    except OSError as error:
        raise VgstatsError(
            f"{file}: cannot be written ({error.strerror}). Name another file."
        ) from None


def _on_paper(sheet: Any) -> None:
    """Let a sheet be printed across, its columns on one page and its headings on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.freeze_panes:
        sheet.print_title_rows = "1:1"


def _high_enough(sheet: Any, row: int, texts: Sequence[str], widths: Sequence[int]) -> None:
    """Give a row the height of its texts, which LibreOffice does not do by itself."""
    lines = max(-(-len(text) * 8 // (width * 9)) for text, width in zip(texts, widths, strict=True))
    if lines > 1:
        sheet.row_dimensions[row].height = 15 * lines


def _put(sheet: Any, row: int, column: int, text: str, *, bold: bool = False) -> Any:
    """Write a text, never a formula."""
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _explain(sheet: Any, layout: Layout, pages: Sequence[Page]) -> None:
    """Write what belongs under each heading, and a made-up example of it."""
    sheet.title = README
    _put(sheet, 1, 1, layout.title, bold=True)
    _put(sheet, 2, 1, layout.about)
    _put(sheet, 3, 1, "Det som har en stjärna (*) måste fyllas i. Exemplen är PÅHITTADE.")
    row = 5
    for column, text in enumerate(
        ("Blad", "Rubrik", "Vad som ska stå där", "Exempel (PÅHITTAT)"), 1
    ):
        _put(sheet, row, column, text, bold=True)
    for page in pages:
        for one in page.columns:
            row += 1
            for column, text in enumerate(
                (page.name, _headed(page, one), one.help, one.example), 1
            ):
                _put(sheet, row, column, text)
            _high_enough(sheet, row, (one.help, one.example), _EXPLAINED[2:])
    for letter, width in zip("ABCD", _EXPLAINED, strict=True):
        sheet.column_dimensions[letter].width = width
    for at in (1, 2, 3):
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=4)


def _headed(page: Page, column: Column) -> str:
    required = not column.key.startswith(FOR) and kind_of(page.model(), column.key).required
    if page.part == "judgements" and column.key == "period":
        required = False  # the sheet of the list may say it
    return f"{column.heading} *" if required else column.heading


def _write_lists(sheet: Any, layout_id: str, lan: Sequence[str]) -> dict[str, str]:
    """Write what may be chosen, and return where by name."""
    places = [
        place
        for one in lan
        for place in ((one,) if layout_id == "krav" else (one, *areas.kommuner(one)))
    ]
    lists: dict[str, Sequence[str]] = {
        **_LISTS,
        "områden": [f"{place.partition(':')[2]} {areas.name(place)}" for place in places],
        "mått": [measure.name for measure in catalogue().values()],
    }
    ranges = {}
    for column, (name, values) in enumerate(lists.items(), 1):
        _put(sheet, 1, column, name, bold=True)
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].width = 30
        for row, value in enumerate(values, 2):
            _put(sheet, row, column, value)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${len(values) + 1}"
    return ranges


def _choice(page: Page, column: Column, ranges: dict[str, str]) -> Any:
    """Return what Excel shows beside a cell, with the list to choose from where there is one."""
    from openpyxl.worksheet.datavalidation import DataValidation

    of_form = column.key.startswith(FOR)
    key = column.key.rpartition(".")[2]
    boolean = not of_form and kind_of(page.model(), column.key).type == "bool"
    name = (
        "ja eller nej"
        if boolean
        else "kravens nummer"
        if key == "requirement"
        else _OF_KEY.get(key)
    )
    choice = DataValidation(
        type="list" if name else None,
        formula1=ranges[name] if name else None,
        promptTitle=column.heading[:32],
        prompt=column.help[:255],
        showInputMessage=True,
        showErrorMessage=bool(name),
        errorTitle="Finns inte i listan",
        error=f"Välj ur listan. Bladet {README} förklarar.",
        allow_blank=True,
    )
    if key in ("status", "area", "measure", "chosen_for_high", "figures"):
        choice.errorStyle = "warning"  # other spellings are understood
    return choice


def _formatted(place: Any, type_: str) -> None:
    """Format a cell, or the cells of a column that somebody will type into."""
    from openpyxl.styles import Alignment

    place.number_format = {"date": "yyyy-mm-dd", "float": _NUMBER, "int": "0"}.get(type_, "@")
    place.alignment = Alignment(wrap_text=True, vertical="top")


def _table(sheet: Any, page: Page, ranges: dict[str, str]) -> None:
    """Write a sheet with a row an entry."""
    for number, column in enumerate(page.columns, 1):
        kind = kind_of(page.model(), column.key)
        letter = _put(sheet, 1, number, _headed(page, column), bold=True).column_letter
        sheet.column_dimensions[letter].width = 44 if kind.prose else _WIDTHS.get(kind.type, 22)
        _formatted(sheet.column_dimensions[letter], kind.type)
        choice = _choice(page, column, ranges)
        choice.add(f"{letter}2:{letter}{_ROWS + 1}")
        sheet.add_data_validation(choice)
    sheet.freeze_panes = "A2"


def _form(sheet: Any, page: Page, ranges: dict[str, str]) -> None:
    """Write a sheet with a heading a row."""
    for number, text in enumerate((LABEL, ANSWER, HELP), 1):
        _put(sheet, 1, number, text, bold=True)
    row = 1
    for column in page.columns:
        for _ in range(column.rows):
            row += 1
            _put(sheet, row, 1, _headed(page, column), bold=True)
            of_form = column.key.startswith(FOR)
            type_ = "" if of_form else kind_of(page.model(), column.key).type
            _formatted(sheet.cell(row, 2), type_)
            _put(sheet, row, 3, column.help)
            _high_enough(sheet, row, [column.help], _ANSWERED[2:])
        choice = _choice(page, column, ranges)
        choice.add(f"B{row - column.rows + 1}:B{row}")
        sheet.add_data_validation(choice)
    for letter, width in zip("ABC", _ANSWERED, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B2"


def _fill_in(book: Any, known: Requirements, lan: Sequence[str], ranges: dict[str, str]) -> None:
    """Write the requirements that there are on a sheet to read, and a row to judge for each and county."""
    to_read = book.create_sheet(TO_READ, 2)
    for column, text in enumerate(("Nr", "Område", "Krav"), 1):
        _put(to_read, 1, column, text, bold=True)
    for row, one in enumerate(known.requirements, 2):
        for column, text in enumerate((one.number, one.field, one.words), 1):
            _put(to_read, row, column, text)
    to_read.column_dimensions["B"].width, to_read.column_dimensions["C"].width = 34, 90
    form = book["listan"]
    for row in range(2, form.max_row + 1):
        if str(form.cell(row, 1).value).startswith("Id "):
            _put(form, row, 2, known.id)
    judged = book["bedömningar"]
    row = 1
    for place in lan:
        for one in known.requirements:
            row += 1
            _put(judged, row, 1, one.number)
            _put(judged, row, 2, f"{place.partition(':')[2]} {areas.name(place)}")
    numbers = f"'{TO_READ}'!$A$2:$A${len(known.requirements) + 1}"
    for choice in judged.data_validations.dataValidation:
        if choice.formula1 == ranges["kravens nummer"]:
            choice.formula1 = numbers
