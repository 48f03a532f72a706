"""Odd files of Försäkringskassan's and Intygsstatistik's, made here: variants of the kinds in `test_odd_inputs`."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from intake import imported
from vgstats.disclosure.release import unprotected
from vgstats.row_checks import THOUSANDS
from vgstats.store.store import Store

OWN = ("--publisher", "Regionen")
HEADER = ["År", "Månad", "Län", "Kommun", "Ålder", "Kön", "Ohälsotalet"]
COUNTS = ["År", "Månad", "Kön", "Län", "Diagnoskapitel", "Antal pågående sjukfall"]
VG = "14 Västra Götalands län"


def saved(folder: Path, *rows: list, name: str = "export.xlsx", change=lambda book: None) -> Path:
    """A workbook with one sheet, `tabell`, which `change` may change."""
    book = openpyxl.Workbook()
    book.active.title = "tabell"
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(folder / name)
    return folder / name


def ohalsotal(*, year="2024", month="12", lan=VG, kommun=VG, sex="Kvinnor och män", value=24.8):
    return [year, month, lan, kommun, "Samtliga 16-64 år", sex, value]


def count(value: object, lan: str = VG) -> list:
    return ["2024", "04", "Kvinnor och män", lan, "Samtliga diagnoskapitel", value]


@pytest.mark.parametrize("cell", ["1.000", "12.345", "1,234", 1.234, 999.001, "2.5"])
def test_a_count_with_a_decimal_sign_is_refused_in_a_workbook(tmp_path, cell):
    rows, said = imported(tmp_path, saved(tmp_path, COUNTS, count(cell)))
    assert not rows and "Antal pågående sjukfall" in said
    assert THOUSANDS in said or "neither a number" in said


@pytest.mark.parametrize("value", ["1.000", 1.234, "3.247"])
def test_a_count_with_a_decimal_sign_is_refused_in_an_answer(tmp_path, value):
    places = {"ar": "2024", "manad": "12", "lan_kod": "14", "kon_kod": "ALL"}
    places["diagnoskapitel_kod"] = "ALL"
    answer = [{"dimensions": places, "observations": {"antal": {"rojd": False, "value": value}}}]
    file = tmp_path / "SJPPagSjukfallDiagnosLan.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    rows, said = imported(tmp_path, file)
    assert not rows and THOUSANDS in said


def test_a_county_in_an_answer_has_two_digits(tmp_path):
    places = {"ar": "2024", "manad": "12", "lan_kod": "1880", "kon_kod": "ALL"}
    places["diagnoskapitel_kod"] = "ALL"
    answer = [{"dimensions": places, "observations": {"antal": {"rojd": False, "value": 5}}}]
    file = tmp_path / "SJPPagSjukfallDiagnosLan.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    rows, said = imported(tmp_path, file)
    assert not rows and "lan_kod: '1880' is no county" in said


@pytest.mark.parametrize(
    ("heading", "advice"),
    [
        ("Ohelsotalet", "Did you mean 'Ohälsotalet'?"),
        ("Sjukpenningtal 3.0", ""),
        ("Sjukpenningtalet", ""),
        ("Ohälsotalet 20-64 år", ""),
        ("Ohälsotal sjukpenning", ""),
        ("Antal avslutade sjukfall", ""),
        ("Antal startade fall", ""),
        ("Andel pågående sjukfall", ""),
    ],
)
def test_no_other_meaning_is_taken_for_a_spelling(tmp_path, heading, advice):
    rows, said = imported(tmp_path, saved(tmp_path, [*HEADER[:-1], heading], ohalsotal()))
    assert not rows and (advice in said if advice else "Did you mean" not in said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"next": "https://catalog"}, "only one page of the answer: 1 of 1"),
        ({"resultCount": 200}, "only one page of the answer: 1 of 200"),
        ({"results": []}, "one page"),
        ({"results": [{"ar": "2005", "kvartal": "1", "antal": "7"}]}, "oldest JSON"),
        ({"antal_f43_man": "1.320"}, THOUSANDS),
        ({"antal_f43_man": "121"}, "kvinnor 404 + män 121 is not alla 536"),
        ({"antal_f43_man": None}, "null"),
        ({"kommun_kod": "1880"}, "14 / 1880"),
    ],
)
def test_the_oldest_answer_is_refused_in_words(tmp_path, shared, change, words):
    odd = shared / "odd-inputs" / "29-fk-rowstore-f43.json"
    line = json.loads(odd.read_text(encoding="utf-8"))["results"][0]
    answer = {"next": None, "resultCount": 1, "results": [line]}
    for name, value in change.items():
        (answer if name in answer else line)[name] = value
    file = tmp_path / "saved.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    rows, said = imported(tmp_path, file)
    assert not rows and words in said


def test_the_table_in_a_files_name_tells_the_dataset(tmp_path):
    header = ["År", "Månad", "Län", "Kommun", "Kön", "Antal pågående sjukfall"]
    row = ["2024", "12", VG, VG, "Kvinnor", 5675]
    file = saved(tmp_path, header, row, name="SJPPagSjukfallDiagnosF43 (1).xlsx")
    rows, _ = imported(tmp_path, file)
    assert rows == {("pagaende_sjukfall", "lan:14", "2024-12", "kvinnor", "diagnos=F43"): 5675}


def hide_row(book):
    book.active.row_dimensions[3].hidden = True


def hide_column(book):
    book.active.column_dimensions["E"].hidden = True


def hide_sheet(book):
    book.create_sheet("synligt")
    book.active.sheet_state = "veryHidden"


def merge(book):
    book.active.merge_cells("C2:D2")


def own_percent_format(book):
    book.active["G2"].number_format = "0.0 %"


def compute(book):
    book.active["G3"] = "=G2"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (hide_row, "1 rows of the table are hidden (row 3 is the first"),
        (hide_column, "column E is hidden"),
        (hide_sheet, "sheet tabell: the sheet is hidden"),
        (merge, "merged cells (sammanslagna celler), C2:D2"),
        (own_percent_format, "cell G2 is shown in per cent"),
        (compute, "cell G3 has a formula that was never computed"),
    ],
)
def test_what_is_not_seen_in_a_table_is_refused_by_its_place(tmp_path, change, words):
    file = saved(tmp_path, HEADER, ohalsotal(), ohalsotal(sex="Kvinnor"), change=change)
    rows, said = imported(tmp_path, file)
    assert not rows and words in said and "save the file again" in said


def harmless(book):
    """What people do to a sheet that changes no number in its table."""
    sheet = book.active
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("A9:G9")
    sheet["A9"] = "Källa: Försäkringskassan"
    sheet["A10"], sheet["B10"] = "Uttag", "2024-11-06"
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["K"].hidden = True
    sheet["G4"].number_format = '0.0" %"'
    other = book.create_sheet("om")
    other["A1"], other["A2"], other.sheet_state = "=1+1", 0.5, "hidden"
    other["A2"].number_format = "0%"
    other.merge_cells("B2:C4")


def test_what_changes_no_number_does_no_harm(tmp_path):
    file = saved(tmp_path, ["Ohälsotalet"], [], HEADER, ohalsotal(), change=harmless)
    rows, said = imported(tmp_path, file)
    assert rows == {("ohalsotal", "lan:14", "2024-12", "alla", ""): 24.8}
    assert "below the table the file says: row 9: Källa: Försäkringskassan; row 10: Uttag" in said


@pytest.mark.parametrize("computed", ["", "<v>0</v>"])
def test_a_formula_of_a_program_has_no_value_even_where_it_wrote_one(tmp_path, computed):
    """Some programs write 0 for what Excel is to compute when it opens the file, and say that it must."""
    file = saved(tmp_path, HEADER, ohalsotal(), change=lambda b: b.active.__setitem__("G2", "=1+1"))
    content = {}
    with zipfile.ZipFile(file) as book:
        for name in book.namelist():
            content[name] = book.read(name).replace(b"<v />", computed.encode())
    with zipfile.ZipFile(file, "w") as book:
        for name, part in content.items():
            book.writestr(name, part)
    rows, said = imported(tmp_path, file)
    assert not rows and "cell G2 has a formula that was never computed" in said


@pytest.mark.parametrize(
    ("month", "period"),
    [
        (dt.datetime(2024, 12, 1), "2024-12"),
        (dt.date(2024, 12, 31), "2024-12"),
        ("2024-12", "2024-12"),
        ("december", "2024-12"),
        ("dec 2024", "2024-12"),
        (dt.datetime(2023, 12, 1), None),
    ],
)
def test_a_day_in_the_column_of_months_is_a_month_of_its_year(tmp_path, month, period):
    rows, said = imported(tmp_path, saved(tmp_path, HEADER, ohalsotal(month=month)))
    assert [key[2] for key in rows] == ([period] if period else [])
    assert period or "2024, Månad 2023-12-01" in said


NATIONAL = [["Nationell statistik"], ["Antal sjukfall januari 2019"], []]
TABLE = [
    ["Period", "Antal sjukfall totalt", "Antal sjukfall för kvinnor", "Antal sjukfall för män"],
    ["jan 2019", 7, 4, 3],
]


@pytest.mark.parametrize(
    ("above", "group"),
    [
        ([], ""),
        ([["Valda åldersgrupper"], ["16-20 år"], []], "alder=16-20"),
        ([["Valda sjukskrivningslängder"], ["Över 2 år"], []], "langd=731+"),
        (
            [["Valda diagnoser"], ["F43 Stress"], [], ["Valda åldersgrupper"], ["Under 16 år"], []],
            "alder=0-15;diagnos=F43",
        ),
    ],
)
def test_a_filter_is_the_group_of_the_whole_table(tmp_path, above, group):
    rows, said = imported(tmp_path, saved(tmp_path, *NATIONAL, *above, *TABLE))
    assert {key[1:2] + key[4:] for key in rows} == {("riket", group)}, said


@pytest.mark.parametrize(
    ("above", "words"),
    [
        (
            [["Valda åldersgrupper"], ["16-20 år"], ["21-25 år"]],
            "16-20 år, 21-25 år), and that is no",
        ),
        ([["Valda intygstyper"], ["FK7804"]], "(Valda intygstyper: FK7804), and that is no group"),
        ([["Valda diagnoser"], ["Utan giltig kod"]], "(Valda diagnoser: Utan giltig kod)"),
        (
            [["Valda enheter"], ["Björkens vårdcentral"]],
            "Nationell statistik, Björkens vårdcentral",
        ),
        ([['Se aktuellt urval i fliken "urval"']], "the sheet urval with its filters is missing"),
    ],
)
def test_a_filter_that_is_no_group_is_refused_by_its_name(tmp_path, above, words):
    rows, said = imported(tmp_path, saved(tmp_path, *NATIONAL, *above, [], *TABLE))
    assert not rows and words in said


def test_a_filter_by_what_the_columns_come_by_is_refused(tmp_path):
    above = [*NATIONAL, ["Valda diagnoser"], ["F43 Stress"], []]
    groups = ["", "", "F00-F99 Psykiska", None, None]
    header = ["Period", "Antal sjukfall totalt", "Totalt", "Kvinnor", "Män"]
    file = saved(tmp_path, *above, groups, header, ["jan 2019", 7, 7, 4, 3])
    rows, said = imported(tmp_path, file)
    assert not rows and "(Valda diagnoser: F43 Stress) by what its columns come by" in said


@pytest.mark.parametrize(
    "level", ["Verksamhetsstatistik", "Regionsstatistik", "Landstingsstatistik"]
)
def test_a_units_or_a_regions_counts_are_its_own_and_unprotected(tmp_path, level):
    file = saved(tmp_path, [level], ["Antal sjukfall januari 2019"], [], *TABLE)
    rows, said = imported(tmp_path, file)
    assert not rows and f"the figures are of {level}: not of the country" in said
    rows, _ = imported(tmp_path, file, "--area", "lan:14", *OWN)
    assert {key[1] for key in rows} == {"lan:14"}
    kept = Store(tmp_path / "store").provenance()
    assert unprotected(kept) == ["intygsstatistik-egen"]


def test_a_csv_of_intygsstatistik_says_no_area_and_is_not_taken_for_the_country(tmp_path):
    file = tmp_path / "export.csv"
    lines = [";".join(map(str, [*row, ""])) for row in TABLE]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="cp1252")
    rows, said = imported(tmp_path, file)
    assert not rows and "Export the table as XLSX, which does, or name the area with --area" in said
    rows, _ = imported(tmp_path, file, "--area", "riket")
    assert {key[1] for key in rows} == {"riket"}


@pytest.mark.parametrize("period", ["jan-19", "Jan-19", "19-jan", "maj-19"])
def test_a_month_that_excel_changed_is_told(tmp_path, period):
    file = saved(tmp_path, *NATIONAL, TABLE[0], [period, 7, 4, 3])
    rows, said = imported(tmp_path, file)
    assert not rows and f"row 5, column Period: {period!r} is what Excel has made" in said


def test_a_month_as_a_date_in_a_workbook_is_that_month(tmp_path):
    file = saved(
        tmp_path, *NATIONAL, TABLE[0], [dt.datetime(2019, 5, 1), 7, 4, 3], ["Källa: Inera"]
    )
    rows, said = imported(tmp_path, file)
    assert {key[2] for key in rows} == {"2019-05"} and "row 6: Källa: Inera" in said


def test_a_hidden_row_of_intygsstatistik_is_refused(tmp_path):
    def hide(book):
        book.active.row_dimensions[5].hidden = True

    rows, said = imported(tmp_path, saved(tmp_path, *NATIONAL, *TABLE, change=hide))
    assert not rows and "1 rows of the table are hidden (row 5 is the first" in said


@pytest.mark.parametrize(
    ("above", "words"),
    [
        ([["Vald enhet"], ["Björkens vårdcentral"]], "Nationell statistik, Björkens vårdcentral"),
        ([["Vald enhet: Björkens vårdcentral"]], "Nationell statistik, Björkens vårdcentral"),
        ([["Valt kön"], ["Kvinnor"]], "(Valt kön: Kvinnor), and that is no group"),
        ([["Urval"], ["Diagnos: F00-F99"]], "(Urval: Diagnos: F00-F99), and that is no group"),
        ([["Filter: F00-F99"]], "(Filter: F00-F99), and that is no group"),
        ([["Aktuellt urval finns i fliken urval"]], "the sheet urval with its filters is missing"),
    ],
)
def test_a_filter_in_other_words_is_not_taken_for_none(tmp_path, above, words):
    rows, said = imported(tmp_path, saved(tmp_path, *NATIONAL, *above, [], *TABLE))
    assert not rows and words in said


@pytest.mark.parametrize(
    ("above", "group"),
    [
        ([["Valda diagnoser:"], ["F43 Stress"]], "diagnos=F43"),
        ([["Valda diagnoser: F43 Stress"]], "diagnos=F43"),
        ([["Vald sjukskrivningsgrad"], ["100%"]], "grad=100"),
    ],
)
def test_a_filter_in_other_words_is_a_group_too(tmp_path, above, group):
    rows, said = imported(tmp_path, saved(tmp_path, *NATIONAL, *above, [], *TABLE))
    assert {key[4] for key in rows} == {group}, said


@pytest.mark.parametrize(
    "level", ["Verksamhetsstatistik för Björken", "Regionsstatistik, Region X", "Min verksamhet"]
)
def test_whose_figures_they_are_is_asked_with_the_files_own_words(tmp_path, level):
    file = saved(tmp_path, [level], ["Antal sjukfall januari 2019"], [], *TABLE)
    rows, said = imported(tmp_path, file)
    assert not rows and level in said and "--area" in said and "as XLSX" not in said


@pytest.mark.parametrize(
    ("area", "found"),
    [
        ("14", "lan:14"),
        ("1480 Göteborg", "kommun:1480"),
        ("Göteborg", "kommun:1480"),
        ("14 Skåne", ""),
    ],
)
def test_an_area_is_named_as_in_a_table(tmp_path, area, found):
    file = saved(tmp_path, ["Regionsstatistik"], ["Antal sjukfall januari 2019"], [], *TABLE)
    rows, said = imported(tmp_path, file, "--area", area, *OWN)
    assert {key[1] for key in rows} == ({found} if found else set())
    assert found or "--area: '14 Skåne' is not a known area" in said


@pytest.mark.parametrize(
    ("lan", "words"),
    [
        ("1480 Göteborg", "column Län: '1480 Göteborg' is no county. Write 14 or"),
        ("Göteborg", "column Län: 'Göteborg' is no county"),
        ("14 Skövde", "names two areas: the code 14 is Västra Götalands län"),
    ],
)
def test_what_is_no_county_is_told_without_naming_it_as_the_remedy(tmp_path, lan, words):
    rows, said = imported(tmp_path, saved(tmp_path, COUNTS, count(5, lan)))
    assert not rows and words in said and "1480, Göteborg, 14" not in said


@pytest.mark.parametrize(
    ("lan", "kommun"), [("Kalmar", "Kalmar"), (VG, "Malmö"), (VG, "1280 Malmö")]
)
def test_a_county_and_a_kommun_that_do_not_fit_together_are_told_so(tmp_path, lan, kommun):
    rows, said = imported(tmp_path, saved(tmp_path, HEADER, ohalsotal(lan=lan, kommun=kommun)))
    assert not rows
    assert f"'{lan} / {kommun}' are a county and a kommun that do not say one area" in said


@pytest.mark.parametrize("month", ["jan-24", 45292, "13", "K1"])
def test_a_month_that_is_none_names_its_column(tmp_path, month):
    rows, said = imported(tmp_path, saved(tmp_path, HEADER, ohalsotal(month=month)))
    assert not rows and f"column År, Månad: '2024-{month}' is not a period" in said
