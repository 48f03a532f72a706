"""Inera's exports become counts and rates, with every doubt about them said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from damage import CHANGES, check, check_cut_off, rejected
from hypothesis import given
from hypothesis import strategies as st

from examples import in_one_folder
from vgstats import VgstatsError
from vgstats.sources.intygsstatistik import read_csv, read_xlsx
from vgstats.sources.reading import ROW_COLUMNS, NotThisFormat, Reading

HEADER = "Period;Antal sjukfall totalt;Antal sjukfall för kvinnor;Antal sjukfall för män;"
PLAIN = [HEADER, "jan 2019;1234;789;445;", "feb 2019;1 200;755;445;"]
PLAIN_ROWS = [line.split(";")[:-1] for line in PLAIN]
SEXES = ["Totalt", "Kvinnor", "Män"]


def grouped(*groups: str) -> list[str]:
    upper = ["", "", *(group for group in groups for _ in SEXES)]
    lower = ["Period", "Antal sjukfall totalt", *SEXES * len(groups)]
    numbers = ["jan 2019", "1000", *["300", "200", "100"] * len(groups)]
    return [";".join([*cells, ""]) for cells in (upper, lower, numbers)]


COUNTY = [
    [
        "",
        *["Antal sjukfall"] * 3,
        *["Antal invånare"] * 3,
        *["Antal sjukfall per 1000 invånare"] * 3,
    ],
    ["Län", *SEXES * 3],
    ["Samtliga län", 9000, 6000, 3000, 900000, 450000, 450000, "10,00", "13,33", "6.67"],
    ["Västra Götalands län", 0, 0, 0, "-", "-", "-", "-", "-", "0,00"],
]
TITLE = [
    ["Nationell statistik"],
    ["Antal sjukfall per 1000 invånare fördelat på län jan 2019 - dec 2019"],
    [],
    ["Sammanställning av diagnosfilter"],
    ["F00-F99 Psykiska sjukdomar"],
    [],
]


def read_lines(folder: Path, *lines: str, encoding: str = "cp1252", **options: str) -> Reading:
    file = folder / "export.csv"
    file.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return read_csv(file, **{"area": "riket"} | options)


def read_national(file: Path) -> Reading:
    return read_csv(file, area="riket")


def save(folder: Path, rows: list[list[Any]], sheet: str = "tabell", **others: Any) -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for name, cells in {sheet: rows, **others}.items():
        page = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in cells:
            page.append(row)
    file = folder / "export.xlsx"
    book.save(file)
    return file


def read_rows(
    folder: Path, rows: list[list[Any]], sheet: str = "tabell", area: str = "", **others: Any
) -> Reading:
    return read_xlsx(save(folder, rows, sheet, **others), area=area)


def cells(reading: Reading) -> dict[tuple[str, ...], tuple[float, str]]:
    rows = reading.rows
    assert list(rows) == ROW_COLUMNS
    keys = rows[["measure", "area", "period", "sex", "group"]].astype(str)
    pairs = zip(rows["value"], rows["status"], strict=True)
    return dict(zip(map(tuple, keys.to_numpy()), pairs, strict=True))


def groups(reading: Reading) -> list[str]:
    return [str(group) for group in dict.fromkeys(reading.rows["group"])]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_the_documented_csv_is_read(tmp_path, encoding):
    reading = read_lines(tmp_path, *PLAIN, encoding=encoding)
    found = cells(reading)
    assert reading.recognised == "Ineras intygsstatistik, CSV: sjukfall per månad"
    assert reading.source == "intygsstatistik"
    assert found["intyg_sjukfall", "riket", "2019-01", "alla", ""] == (1234, "ok")
    assert found["intyg_sjukfall", "riket", "2019-02", "alla", ""] == (1200, "ok")
    assert found["intyg_sjukfall", "riket", "2019-02", "män", ""] == (445, "ok")
    assert len(found) == 6 and not rejected(reading)
    assert reading.rows["row"].tolist() == [2, 3] * 3
    assert reading.notes[0] == "the file does not name an area; taken as riket"
    assert "cases over 90 days" in reading.notes[1]


def test_the_area_is_the_one_given(tmp_path):
    reading = read_lines(tmp_path, *PLAIN, area="lan:14")
    assert set(reading.rows["area"]) == {"lan:14"}
    assert reading.notes[0].endswith("taken as lan:14")


def test_an_unknown_area_is_left_for_the_door(tmp_path):
    reading = read_lines(tmp_path, *PLAIN, area="lan:99")
    assert {column for column, _ in rejected(reading)} == {"area"}


@pytest.mark.parametrize(
    ("heading", "group"),
    [
        ("25 %", "grad=25"),
        ("100 %", "grad=100"),
        ("Under 16 år", "alder=0-15"),
        ("16-20 år", "alder=16-20"),
        ("Över 65 år", "alder=66+"),
        ("Under 15 dagar", "langd=0-14"),
        ("15-30 dagar", "langd=15-30"),
        ("181-364 dagar", "langd=181-364"),
        ("1-2 år", "langd=365-730"),
        ("2- år", "langd=731+"),
        ("Över 2 år", "langd=731+"),
        ("F00-F99 Psykiska sjukdomar", "diagnos=F00-F99"),
    ],
)
def test_group_headings_become_groups(tmp_path, heading, group):
    reading = read_lines(tmp_path, *grouped(heading))
    assert groups(reading) == ["", group]
    key = "intyg_sjukfall", "riket", "2019-01", "kvinnor", group
    assert cells(reading)[key] == (200, "ok") and not rejected(reading)


@pytest.mark.parametrize("heading", ["Övriga", "30 %x", "3-4 år", "grad=30"])
def test_an_unknown_group_is_left_for_the_door(tmp_path, heading):
    reading = read_lines(tmp_path, *grouped(heading, "M00-M99 Muskuloskeletala sjukdomar"))
    assert groups(reading)[::2] == ["", "diagnos=M00-M99"]
    assert {value.replace("==", "=") for _, value in rejected(reading)} == {heading}


def test_the_total_of_a_table_within_one_chapter_is_not_taken_for_all(tmp_path):
    reading = read_lines(tmp_path, *grouped("F30-F39 Förstämningssyndrom", "F40-F48 Neurotiska"))
    assert groups(reading) == ["diagnos=F30-F39", "diagnos=F40-F48"]
    assert any("Antal sjukfall totalt is left out" in note for note in reading.notes)


def test_a_zero_may_hide_a_count_and_a_dash_is_missing(tmp_path):
    reading = read_lines(tmp_path, HEADER, "jan 2019;0;-;12;")
    assert reading.rows["status"].tolist() == ["ambiguous", "missing", "ok"]
    assert reading.rows["value"].tolist()[0] == 0 and not rejected(reading)


@pytest.mark.parametrize("cell", ["", "1,234", "1.234", "1.000", "x", "12,5", "1e3", "-4"])
def test_a_cell_that_is_no_count_is_left_for_the_door(tmp_path, cell):
    reading = read_lines(tmp_path, HEADER, f"jan 2019;1000;{cell};445;")
    assert [column for column, _ in rejected(reading)] == ["status"]


@pytest.mark.parametrize("period", ["2019-01", "2019-01-01", "jan", "xyz 2019", "2019", "jan 19"])
def test_a_period_that_is_no_month_is_left_for_the_door(tmp_path, period):
    reading = read_lines(tmp_path, HEADER, f"{period};3;2;1;")
    assert {column for column, _ in rejected(reading)} == {"period"}


def test_one_month_twice_is_left_for_the_door(tmp_path):
    reading = read_lines(tmp_path, *PLAIN, PLAIN[1])
    assert {column for column, _ in rejected(reading)} == {"value"}
    assert len(rejected(reading)) == 6


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["<html>"], r"web page \(HTML\)"),
        ([HEADER], "no rows below the header"),
        ([HEADER, "jan 2019;1234;789;44"], "row 2: the cells do not fit the 4 headed columns"),
        ([HEADER, "jan 2019;1234;789;445;1;"], "row 2: the cells do not fit"),
        ([HEADER, "jan 2019;1234;789;"], "row 2: the cells do not fit"),
        ([HEADER + "Antal intyg;", "jan 2019;3;2;1;5;"], "column 'Antal intyg' was not expected"),
        (
            ["Period;Antal sjukfall totalt;", "jan 2019;3;"],
            "column 'Antal sjukfall för kvinnor' is m",
        ),
        (["Enhet;Antal sjukfall totalt;", "A;3;"], "column 'Period' is missing; there are Enhet"),
        (
            [";;25 %;25 %;", "Period;Antal sjukfall totalt;Totalt;Kvinnor;", "jan 2019;3;2;1;"],
            "under '25 %' the columns Totalt, Kvinnor and Män were expected",
        ),
        (
            [";;;", "Period;Antal sjukfall totalt;Totalt;", "jan 2019;3;2;"],
            "column 'Antal sjukfall för kvinnor' is missing",
        ),
        ([HEADER, "jan 2019;3;61 % (1 234);39 % (790);"], "row 2: the table shows shares"),
        ([HEADER, "jan 2019;3;2;1;", "#;Personnummer;"], "refused: .* personal identity numbers"),
        ([";".join(map(str, [*row, ""])) for row in COUNTY], "needs a title .* stands: nothing"),
    ],
)
def test_a_bad_csv_is_refused_with_what_to_do(tmp_path, lines, message):
    with pytest.raises(VgstatsError, match=message):
        read_lines(tmp_path, *lines)


def test_personal_data_is_never_repeated(tmp_path):
    lines = ["#;Personnummer;Ålder;Namn;", "1;19121212-1212;99;Tolvan Tolvansson;"]
    with pytest.raises(VgstatsError) as caught:
        read_lines(tmp_path, *lines)
    assert "1212" not in str(caught.value) and "Tolvan" not in str(caught.value)


def test_a_text_in_another_encoding_is_refused(tmp_path):
    with pytest.raises(VgstatsError, match="neither UTF-8 nor Windows-1252"):
        read_lines(tmp_path, *PLAIN, encoding="utf-16")


def test_a_file_without_closing_marks_that_ends_within_a_line_is_refused(tmp_path):
    file = tmp_path / "cut.csv"
    file.write_text("\n".join(line.rstrip(";") for line in PLAIN)[:-1], encoding="cp1252")
    with pytest.raises(VgstatsError, match="ends within its last line"):
        read_csv(file)


@pytest.mark.parametrize(
    "line", ["", "ar,kvartal", "Län;Kvinnor;Män;", '"region","Folkmängd 2008"']
)
def test_another_csv_is_not_this_format(tmp_path, line):
    with pytest.raises(NotThisFormat):
        read_lines(tmp_path, line, "1;2;3;")


@pytest.mark.parametrize("sheet", ["tabell", "Blad1"])
def test_a_workbook_is_read_below_its_titles_and_filters(tmp_path, sheet):
    title = [["Nationell statistik"], ["Antal sjukfall jan 2019 - feb 2019"], [], []]
    rows = [PLAIN_ROWS[0], ["jan 2019", 1234, 789, 445], ["feb 2019", "1 200", 755.0, "445"]]
    reading = read_rows(tmp_path, [*title, *rows], sheet, om=[["Ålder"], ["16-20 år"]])
    found = cells(reading)
    assert reading.recognised == "Ineras intygsstatistik, XLSX: sjukfall per månad"
    assert found["intyg_sjukfall", "riket", "2019-02", "alla", ""] == (1200, "ok")
    assert reading.rows["row"].tolist() == [6, 7] * 3 and set(reading.rows["sheet"]) == {sheet}
    assert reading.notes[1] == (
        "above the table the file says: Nationell statistik; Antal sjukfall jan 2019 - feb 2019"
    )
    assert not rejected(reading)


def test_a_grouped_workbook_may_have_merged_headings(tmp_path):
    rows = [line.split(";")[:-1] for line in grouped("25 %", "50 %")]
    rows[0] = ["", "", "25 %", None, None, "50 %", None, None]
    assert groups(read_rows(tmp_path, [["Titel"], [], *rows], area="riket")) == [
        "",
        "grad=25",
        "grad=50",
    ]


def test_the_table_of_cases_over_90_days_has_that_group(tmp_path):
    title = [["Nationell statistik"], ["Antal sjukfall som är längre än 90 dagar jan 2019"], []]
    assert groups(read_rows(tmp_path, [*title, *PLAIN_ROWS])) == ["langd=91+"]


def test_the_total_below_a_title_with_one_chapter_is_left_out(tmp_path):
    title = [
        ["Nationell statistik"],
        ["Antal sjukfall för F00-F99 Psykiska sjukdomar jan 2019"],
        [],
    ]
    rows = [line.split(";")[:-1] for line in grouped("F00-F99 Psykiska sjukdomar")]
    assert groups(read_rows(tmp_path, [*title, *rows])) == ["diagnos=F00-F99"]


def test_the_table_by_county_has_counts_and_rates_of_the_titles_period(tmp_path):
    reading = read_rows(tmp_path, [*TITLE, *COUNTY])
    found = cells(reading)
    group = "diagnos=F00-F99"  # the filter that the title names
    assert found["intyg_sjukfall", "riket", "2019", "kvinnor", group] == (6000, "ok")
    assert found["intyg_sjukfall_per_1000", "riket", "2019", "män", group] == (6.67, "ok")
    assert found["intyg_sjukfall", "lan:14", "2019", "alla", group] == (0, "ambiguous")
    assert found["intyg_sjukfall_per_1000", "lan:14", "2019", "alla", group][1] == "missing"
    assert found["intyg_sjukfall_per_1000", "lan:14", "2019", "män", group] == (0, "ambiguous")
    assert len(found) == 12 and not rejected(reading)
    assert "Antal invånare are left out" in reading.notes[0]
    assert not any("does not name an area" in note for note in reading.notes)
    resolution = dict(zip(reading.rows["measure"], reading.rows["resolution"], strict=True))
    assert resolution == {"intyg_sjukfall": 1.0, "intyg_sjukfall_per_1000": 0.01}


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("fördelat på län jan 2019", "2019-01"),
        ("fördelat på län mars 2019 - mars 2019", "2019-03"),
        ("fördelat på län januari - december 2019", "2019"),
        ("fördelat på län 2019", "2019"),
    ],
)
def test_one_month_or_one_year_is_read_from_the_title(tmp_path, title, period):
    reading = read_rows(tmp_path, [[title], [], *COUNTY])
    assert set(reading.rows["period"]) == {period}


@pytest.mark.parametrize(
    "title",
    [
        "",
        "län",
        "jan 2019 - mar 2019",
        "jan - mar 2019",
        "jan 2018 - dec 2019",
        "2018 - 2019",
        "skapad 2019-01-04",
        "dec 2019 - jan 2019",
    ],
)
def test_a_title_with_another_period_is_refused(tmp_path, title):
    with pytest.raises(VgstatsError, match="needs a title with one month"):
        read_rows(tmp_path, [[title], [], *COUNTY])


def test_a_county_called_as_its_kommun_is_the_county(tmp_path):
    rows = [["Örebro", *[1] * 6, "0,01", "0,01", "0,01"], ["Gotland", *["-"] * 9]]
    reading = read_rows(tmp_path, [*TITLE, *COUNTY, *rows])
    assert {"lan:18", "lan:09"} <= set(reading.rows["area"])
    assert not any(str(area).startswith("kommun:") for area in reading.rows["area"])


def test_the_counties_of_one_unit_are_refused(tmp_path):
    with pytest.raises(VgstatsError, match="counties, of Verksamhetsstatistik"):
        read_rows(tmp_path, [["Verksamhetsstatistik"], *TITLE[1:], *COUNTY])


def test_an_unknown_county_is_left_for_the_door(tmp_path):
    reading = read_rows(tmp_path, [*TITLE, *COUNTY, ["Atlantis län", *[1] * 9]])
    assert {value for _, value in rejected(reading)} == {"Atlantis län"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row[:7] for row in COUNTY], "'Antal sjukfall per 1000 invånare' is missing"),
        (
            [[*row, row[-1]] for row in COUNTY],
            "under 'Antal sjukfall per 1000 invånare' the columns",
        ),
        ([COUNTY[0], [*COUNTY[1], "Ny"], *COUNTY[2:]], "column 'Ny' was not expected"),
        ([*COUNTY, ["Skåne län", *[1] * 9, 5]], r"row 11: the cells do not fit"),
        ([*COUNTY, ["Skåne län", "61 % (1 234)"]], "shares of the sexes"),
        ([["#", "Personnummer", "Ålder"], [1, "19121212-1212", 99]], "personal identity numbers"),
    ],
)
def test_a_bad_workbook_is_refused_with_what_to_do(tmp_path, rows, message):
    with pytest.raises(VgstatsError, match=message):
        read_rows(tmp_path, [*TITLE, *rows])


def test_two_tables_in_one_workbook_are_refused(tmp_path):
    with pytest.raises(VgstatsError, match="sheet kopia: a second table"):
        read_rows(tmp_path, PLAIN_ROWS, kopia=PLAIN_ROWS)


def test_another_workbook_is_not_this_format(tmp_path):
    with pytest.raises(NotThisFormat):
        read_rows(tmp_path, [["Titel"], [], ["År", "Månad", "Län", "Kön", "Ohälsotalet"]])


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    file = tmp_path / "export.xlsx"
    file.write_bytes(b"<html></html>")
    with pytest.raises(VgstatsError, match="cut off, broken or locked"):
        read_xlsx(file)


@given(CHANGES, st.sampled_from([PLAIN, grouped("25 %", "2- år")]))
@in_one_folder
def test_a_damaged_csv_is_refused_or_read_and_nothing_else(tmp_path, changes, lines):
    content = "".join(f"{line}\n" for line in lines).encode("cp1252")
    check(read_national, tmp_path / "export.csv", content, changes)


@given(CHANGES)
@in_one_folder
def test_a_damaged_workbook_is_refused_or_read_and_nothing_else(tmp_path, changes):
    content = save(tmp_path, [*TITLE, *COUNTY]).read_bytes()
    check(read_xlsx, tmp_path / "damaged.xlsx", content, changes)


CELL = st.none() | st.integers() | st.floats() | st.text("01 ,.-%()äå", max_size=6) | st.booleans()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), CELL), max_size=4))
@in_one_folder
def test_changed_cells_of_a_workbook_are_refused_or_read_and_nothing_else(tmp_path, changes):
    rows = [[*row, *[None] * (10 - len(row))] for row in [*TITLE, *COUNTY]]
    for row, column, cell in changes:
        rows[row][column] = None if cell in (float("inf"), float("-inf")) or cell != cell else cell
    file = save(tmp_path, rows)
    check(read_xlsx, file, file.read_bytes(), [])


@pytest.mark.parametrize("lines", [PLAIN, grouped("25 %", "2- år")])
def test_a_csv_cut_off_anywhere_never_gives_another_number(tmp_path, lines):
    content = "".join(f"{line}\n" for line in lines).encode("cp1252")
    check_cut_off(read_national, tmp_path / "export.csv", content)
