"""Tables that a region has made itself: taken in as they were meant, or refused with what to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from commands import vgstats
from intake import faults, put, stored, take
from vgstats import VgstatsError
from vgstats.catalogue import areas
from vgstats.catalogue.measures import catalogue
from vgstats.sources.own_table import HEADINGS, NEEDED, source_of
from vgstats.store.store import Store

OWN = "pagaende_sjukfall_eget_register"
HEADER = "mått;område;period;kön;värde"
DESCRIBED = "docs/egen-tabell.md"


def read_back(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8", **options):
    """Take in a CSV of these lines and return what is stored."""
    store = Store(folder / "store")
    content = "\r\n".join([header, *rows, ""]).encode(encoding)
    outcome = take(put(folder, content, "egen.csv"), store, **options)
    return stored(store) if outcome.added else faults(outcome)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_simple_table_is_enough_however_it_was_saved(tmp_path, encoding, sign):
    rows = [f"{OWN};Göteborg;dec 2024;K;123", f"{OWN};1480;2024-12;M;87"]
    found = read_back(
        tmp_path,
        *(row.replace(";", sign) for row in rows),
        header=HEADER.replace(";", sign),
        encoding=encoding,
    )
    assert found == {
        (OWN, "kommun:1480", "2024-12", "kvinnor", ""): (123, "ok"),
        (OWN, "kommun:1480", "2024-12", "män", ""): (87, "ok"),
    }


@pytest.mark.parametrize(
    ("cell", "area"),
    [
        ("kommun:1480", "kommun:1480"),
        ("1480", "kommun:1480"),
        ("Göteborg", "kommun:1480"),
        ("1480 Göteborg", "kommun:1480"),
        ("14", "lan:14"),
        ("14 Västra Götalands län", "lan:14"),
        ("Västra Götalands län", "lan:14"),
        ("Riket", "riket"),
    ],
)
def test_ways_to_write_an_area(tmp_path, cell, area):
    found = read_back(tmp_path, f"{OWN};{cell};2024-12;K;123")
    assert list(found) == [(OWN, area, "2024-12", "kvinnor", "")]


@pytest.mark.parametrize(
    ("heading", "cell", "area"),
    [
        ("län", "Örebro", "lan:18"),
        ("län", "Stockholm", "lan:01"),
        ("Län", "Gotland", "lan:09"),
        ("län", "18", "lan:18"),
        ("kommun", "Örebro", "kommun:1880"),
        ("kommun", "18", None),
        ("län", "1880", None),
        ("län", "Göteborg", None),
        ("kommun", "Örebro län", None),
    ],
)
def test_a_column_of_counties_has_no_kommuner_and_the_other_way_round(
    tmp_path, heading, cell, area
):
    header = HEADER.replace("område", heading)
    found = read_back(tmp_path, f"{OWN};{cell};2024-12;K;123", header=header)
    if area:
        assert list(found) == [(OWN, area, "2024-12", "kvinnor", "")]
    else:
        assert found[0][:2] == (2, heading) and cell in found[0][2]


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2024", "2024"),
        ("2024-12", "2024-12"),
        ("dec 2024", "2024-12"),
        ("December 2024", "2024-12"),
        ("2024-Q4", "2024-Q4"),
        ("2024K4", "2024-Q4"),
        ("2024M12", "2024-12"),
        ("dec-24", None),  # as a spreadsheet shows what it has made a date of
        ("12/2024", None),
        ("202412", None),
    ],
)
def test_ways_to_write_a_period(tmp_path, cell, period):
    found = read_back(tmp_path, f"{OWN};1480;{cell};K;123")
    if period:
        assert list(found) == [(OWN, "kommun:1480", period, "kvinnor", "")]
    else:
        assert found == [(2, "period", cell)]


@pytest.mark.parametrize(
    ("measure", "cell", "value"),
    [
        (OWN, "1 234", (1234, "ok")),
        (OWN, "1\N{NO-BREAK SPACE}234", (1234, "ok")),
        (OWN, "<5", (None, "suppressed")),
        (OWN, "< 5", (None, "suppressed")),
        (OWN, "..", (None, "suppressed")),
        (OWN, "-", (0, "nil")),
        (OWN, "", (None, "missing")),
        (OWN, "0", (0, "ok")),
        ("ohalsotal", "36,8", (36.8, "ok")),
        ("Ohälsotal", "36.8", (36.8, "ok")),
    ],
)
def test_ways_to_write_a_value(tmp_path, measure, cell, value):
    found = read_back(tmp_path, f"{measure};1480;2024-12;K;{cell}")
    assert list(found.values()) == [value]


@pytest.mark.parametrize(
    "cell", ["1.234", "1.000", "2,000", "1,234", "12.345", "1.234.567", "12,5", "1,234,567"]
)
def test_what_may_be_a_sign_between_thousands_is_refused(tmp_path, cell):
    assert read_back(tmp_path, f"{OWN};1480;2024-12;K;{cell}") == [(2, "värde", cell)]


def test_thousands_of_days_are_refused_and_a_mean_over_months_is_not(tmp_path):
    assert read_back(tmp_path, "ohalsotal;1480;2024-12;K;1.234") == [(2, "värde", "1.234")]
    row = f"{OWN};1480;2024;K;102.833;0.0833333"
    assert list(read_back(tmp_path, row, header=HEADER + ";avrundning").values()) == [
        (102.833, "ok")
    ]


@pytest.mark.parametrize("cell", ["46 %", "ca 40", "5-9", "missing", "#SAKNAS!", "12 34"])
def test_a_cell_that_is_no_number_is_refused(tmp_path, cell):
    (found,) = read_back(tmp_path, f"{OWN};1480;2024-12;K;{cell}")
    assert found[:2] == (2, "värde") and cell in found[2]


def test_a_status_and_a_mark_that_disagree_are_refused(tmp_path):
    header = HEADER + ";märke"
    (found,) = read_back(tmp_path, f"{OWN};1480;2024-12;K;..;missing", header=header)
    assert found == (2, "värde", ".. (missing)")
    right = read_back(tmp_path, f"{OWN};1480;2024-12;K;..;suppressed", header=header)
    assert list(right.values()) == [(None, "suppressed")]


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("mått;område;period;kön", "value (värde) is missing"),
        ("mått;period;kön;värde", "area (område) is missing"),
        ("mått;kommun;län;period;kön;värde", "'kommun' and 'län' are one column"),
        ("mått;område;år;månad;kön;värde", "'år' and 'månad' are one column"),
        ("mått;område;period;kön;värde;kommentar", "'kommentar' is not expected"),
        ("mått;område;period;kön;;värde", "a column with figures has no heading"),
    ],
)
def test_a_header_that_is_not_enough_says_what_is_and_where_that_is_described(
    tmp_path, header, fault
):
    row = ";".join(["x"] * (header.count(";") + 1))
    with pytest.raises(VgstatsError) as error:
        read_back(tmp_path, row, header=header)
    assert fault in str(error.value) and DESCRIBED in str(error.value)
    assert all(name in str(error.value) for name in NEEDED)


def test_rows_and_columns_that_a_spreadsheet_left_empty_are_nothing(tmp_path):
    row = f"{OWN};1480;2024-12;K;{{}};;"
    found = read_back(tmp_path, row.format(1), ";;;;;;", "a;b;c;d;e;;", header=HEADER + ";;")
    assert {row for row, _, _ in found} == {4}


def test_a_table_that_names_no_source_has_its_publishers(tmp_path):
    file = put(tmp_path, f"{HEADER}\n{OWN};1480;2024-12;K;123\n", "egen.csv")
    refused = vgstats("import", file, "--store", tmp_path / "store")
    assert refused.returncode == 2 and "--publisher" in refused.stderr
    for _ in range(2):
        done = vgstats(
            "import", file, "--store", tmp_path / "store", "--publisher", "Region Örebro län"
        )
    assert "1 known already" in done.stdout
    assert source_of("Region Örebro län") == "egen-region-orebro-lan"
    assert set(Store(tmp_path / "store").coverage()["source"]) == {"egen-region-orebro-lan"}


def test_a_regions_figures_are_never_called_official(tmp_path):
    file = put(tmp_path, f"{HEADER}\n{OWN};1480;2024-12;K;123\n", "egen.csv")
    done = vgstats("import", file, "--store", tmp_path / "store", "--publisher", "Region X")
    shown = vgstats("store", "--store", tmp_path / "store").stdout
    assert "own figures" in shown and "official figures" not in done.stdout + shown


def test_twenty_equal_faults_are_one_line_with_the_remedy(tmp_path):
    rows = [f"{OWN};Göteborgg;{year};K;1" for year in range(2001, 2021)]
    file = put(tmp_path, "\n".join([HEADER, *rows]), "egen.csv")
    done = vgstats("import", file, "--store", tmp_path / "store", "--publisher", "Region X")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Rejected")]
    assert "rows 2, 3, 4 and 17 more, column område: 'Göteborgg' is not a known area" in line
    assert "Write a code, a name or both" in line


def test_faults_that_differ_in_their_numbers_alone_are_one_line_too(tmp_path):
    rows = [
        f"{OWN};1480;{year};{sex};{count}"
        for year in range(2001, 2011)
        for sex, count in (("alla", year), ("K", 1), ("M", 2))
    ]
    file = put(tmp_path, "\n".join([HEADER, *rows]), "egen.csv")
    done = vgstats("import", file, "--store", tmp_path / "store", "--publisher", "Region X")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Rejected")]
    assert "rows 2, 3, 4 and 27 more" in line and "kvinnor 1 + män 2 is not alla 2001" in line


def test_an_unknown_measure_lists_those_there_are_and_how_to_declare_one(tmp_path):
    file = put(tmp_path, f"{HEADER}\nohalsotalet;1480;2024;K;1\n", "egen.csv")
    done = vgstats("import", file, "--store", tmp_path / "store", "--publisher", "Region X")
    listed = next(line for line in done.stderr.splitlines() if line.startswith("The measures"))
    assert listed.index("ohalsotal (Ohälsotal)") < listed.index("befolkning (Folkmängd)")
    assert all(f"{id_} (" in listed for id_ in catalogue()) and DESCRIBED in listed


def filled(file: Path, *rows: tuple) -> Path:
    """Fill in a template as a person would."""
    book = openpyxl.load_workbook(file)
    for at, row in enumerate(rows, 2):
        for column, cell in enumerate(row, 1):
            book["tabell"].cell(at, column, cell)
    book.save(file)
    return file


def test_a_template_is_written_filled_in_and_taken_in(tmp_path):
    file, store = tmp_path / "mall.xlsx", tmp_path / "store"
    done = vgstats("template", file, "--lan", "14", "--store", store)
    assert done.returncode == 0 and DESCRIBED in done.stdout
    again = vgstats("template", file, "--lan", "14", "--store", store)
    assert again.returncode == 2 and "there already" in again.stderr
    filled(
        file,
        (OWN, "1480 Göteborg", "2024-12", "kvinnor", "", 123),
        (OWN, "14 Västra Götalands län", "dec 2024", "män", "diagnos=F00-F99", "<5"),
    )
    done = vgstats("import", file, "--store", store, "--publisher", "Region X")
    assert done.returncode == 0, done.stderr
    assert stored(Store(store)) == {
        (OWN, "kommun:1480", "2024-12", "kvinnor", ""): (123, "ok"),
        (OWN, "lan:14", "2024-12", "män", "diagnos=F00-F99"): (None, "suppressed"),
    }


def test_a_template_lists_what_may_be_chosen(tmp_path):
    vgstats("template", tmp_path / "mall.xlsx", "--lan", "14", "--store", tmp_path / "store")
    book = openpyxl.load_workbook(tmp_path / "mall.xlsx")
    table, lists = book["tabell"], book["listor"]

    def choices(column: str) -> list:
        (choice,) = [v for v in table.data_validations.dataValidation if f"{column}2" in v.cells]
        cells = choice.formula1.partition("!")[2].replace("$", "")
        return [row[0].value for row in lists[cells]]

    assert choices("A") == list(catalogue())
    assert len(choices("B")) == 2 + len(areas.kommuner("lan:14"))
    assert "1480 Göteborg" in choices("B") and "riket" in [c.lower() for c in choices("B")]
    assert choices("D") == ["alla", "kvinnor", "män"]
    assert table.column_dimensions["C"].number_format == "@"


def workbook(file: Path, *rows: tuple, sheet: str = "tabell") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def test_a_workbook_may_have_a_title_and_numbers_as_numbers(tmp_path):
    rows = [("Vårt register",), (), tuple(HEADER.split(";")), (OWN, 1480, 2024, "K", 1234)]
    store = Store(tmp_path / "store")
    take(workbook(tmp_path / "egen.xlsx", *rows), store)
    assert stored(store) == {(OWN, "kommun:1480", "2024", "kvinnor", ""): (1234, "ok")}


@pytest.mark.parametrize(("heading", "period"), [("månad", "2024-12"), ("period", None)])
def test_a_date_is_a_month_only_in_a_column_of_months(tmp_path, heading, period):
    header = tuple(HEADER.replace("period", heading).split(";"))
    row = (OWN, "1480", dt.date(2024, 12, 1), "K", 7)
    store = Store(tmp_path / "store")
    outcome = take(workbook(tmp_path / "egen.xlsx", header, row), store)
    if period:
        assert list(stored(store)) == [(OWN, "kommun:1480", period, "kvinnor", "")]
    else:
        assert faults(outcome) == [(2, "period", "Excel's date 2024-12-01")]


def test_a_sheet_without_a_header_is_named(tmp_path):
    file = workbook(tmp_path / "egen.xlsx", tuple(HEADER.split(";")), (OWN, "1480", "2024", "K", 1))
    book = openpyxl.load_workbook(file)
    book.create_sheet("förra året").append([OWN, "1480", "2023", "K", 2])
    book.save(file)
    done = vgstats("import", file, "--store", tmp_path / "store", "--publisher", "Region X")
    assert done.returncode == 0 and "the sheet förra året has no header" in done.stdout


def hide_row(book):
    book["tabell"].row_dimensions[3].hidden = True


def hide_column(book):
    book["tabell"].column_dimensions["C"].hidden = True


def hide_sheet(book):
    book["tabell"].sheet_state = "hidden"


def merge(book):
    book["tabell"].merge_cells("B2:B3")


def show_in_per_cent(book):
    book["tabell"]["E2"].number_format = "0.0 %"


def compute(book):
    book["tabell"]["E2"] = "=3+4"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (hide_row, "1 rows of the table are hidden (row 3 is the first"),
        (hide_column, "column C is hidden"),
        (hide_sheet, "the sheet is hidden and has a table of figures"),
        (merge, "merged cells (sammanslagna celler), B2:B3"),
        (show_in_per_cent, "cell E2 is shown in per cent"),
        (compute, "cell E2 has a formula that was never computed"),
    ],
)
def test_what_is_not_seen_in_an_own_table_is_refused_by_its_place(tmp_path, change, words):
    rows = [(OWN, "1480", "2024-12", sex, 38) for sex in ("K", "M")]
    file = workbook(tmp_path / "egen.xlsx", tuple(HEADER.split(";")), *rows)
    book = openpyxl.load_workbook(file)
    book.create_sheet("synligt")
    change(book)
    book.save(file)
    with pytest.raises(VgstatsError) as error:
        take(file, Store(tmp_path / "store"))
    assert f"sheet tabell: {words}" in str(error.value)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_note_below_an_own_table_is_said_and_left_out(tmp_path, form):
    rows = [(OWN, "1480", "2024-12", "K", 7), (), ("Källa: Region X", ""), ("Uttag", "2025-01-15")]
    file = workbook(tmp_path / "egen.xlsx", tuple(HEADER.split(";")), *rows)
    if form == "csv":
        lines = [";".join([*map(str, row), "", "", "", "", ""][:5]) for row in rows]
        file = put(tmp_path, "\n".join([HEADER, *lines]), "egen.csv")
    store = tmp_path / "store"
    done = vgstats("import", file, "--store", store, "--publisher", "Region X")
    assert "row 4: Källa: Region X; row 5: Uttag 2025-01-15" in " ".join(done.stdout.split())
    assert list(stored(Store(store)).values()) == [(7, "ok")]


def test_a_row_of_a_measure_that_is_half_filled_in_is_no_note(tmp_path):
    assert {row for row, _, _ in read_back(tmp_path, f"{OWN};Göteborg;;;")} == {2}


def test_the_document_describes_every_column():
    text = (Path(__file__).parents[2] / DESCRIBED).read_text(encoding="utf-8")
    for name, words in HEADINGS.items():
        assert f"`{name}`" in text and all(f"`{word}`" in text for word in words)


def test_a_cell_that_is_no_area_says_what_its_column_is_of(tmp_path):
    header = HEADER.replace("område", "län")
    file = put(tmp_path, f"{header}\n{OWN};1480 Göteborg;2024-12;K;7\n", "egen.csv")
    done = vgstats("import", file, "--store", tmp_path / "store", "--publisher", "Region X")
    assert "(in a column of counties)' is no county. Write 14 or" in done.stderr
    assert "names two areas" not in done.stderr and "Write a code" not in done.stderr
