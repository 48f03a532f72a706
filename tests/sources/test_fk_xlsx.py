"""Försäkringskassan's XLSX export, as it is and as people save it again."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import bounded
from intake import (
    Cell,
    Key,
    Tally,
    faults,
    mutated,
    mutations,
    outcome_is_honest,
    put,
    snapshot,
    stored,
    take,
)
from vgstats import VgstatsError
from vgstats.store.store import Store

HEADER = ["År", "Månad", "Län", "Kommun", "Ålder", "Kön", "Ohälsotalet"]
RIKET = ["2024", "09", "Riket", "Riket", "Samtliga 16-64 år", "Kvinnor och män", 22.3]
DALARNA = ["2024", "09", "20 Dalarnas län", "20 Dalarnas län", "Samtliga 16-64 år", "Kvinnor", 32.1]
FALUN = ["2024", "09", "20 Dalarnas län", "2080 Falun", "Samtliga 16-64 år", "Män", 21]
ROWS = [RIKET, DALARNA, FALUN]
SEX = {"kvinnor och män": "alla", "kvinnor": "kvinnor", "män": "män"}
EXPECTED = {
    ("ohalsotal", "riket", "2024-09", "alla", ""): (22.3, "ok"),
    ("ohalsotal", "lan:20", "2024-09", "kvinnor", ""): (32.1, "ok"),
    ("ohalsotal", "kommun:2080", "2024-09", "män", ""): (21, "ok"),
}


def book(*tables: list[list], names: tuple[str, ...] = ("tabell", "tabell 2")) -> bytes:
    """A workbook with a sheet for each table."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, table in zip(names, tables, strict=False):
        sheet = workbook.create_sheet(name)
        for row in table:
            sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def taken(folder: Path, *tables: list[list], **options):
    store = Store(folder / "store")
    return store, take(put(folder, book(*tables), "export.xlsx"), store, **options)


def changed(row: list, **cells: object) -> list:
    """A row with other cells, named by their headings."""
    return [cells.get(name, cell) for name, cell in zip(HEADER, row, strict=True)]


def genuine_rows(file: Path) -> list[dict[str, object]]:
    header, *rows = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_every_row_of_the_genuine_ohalsotal_arrives_as_openpyxl_reads_it(tmp_path, shared):
    file = shared / "data" / "fk_export_ohalsotal_2024_11_06.xlsx"
    store = Store(tmp_path / "store")
    assert take(file, store).added.new == 108
    found = stored(store)
    assert found["ohalsotal", "riket", "2024-09", "alla", ""] == (22.3, "ok")
    assert found["ohalsotal", "lan:20", "2024-09", "kvinnor", ""] == (32.1, "ok")
    assert found["ohalsotal", "lan:20", "2024-09", "män", ""] == (21, "ok")
    assert found["ohalsotal", "lan:21", "2024-01", "män", ""] == (22.1, "ok")
    expected = {}
    for row in genuine_rows(file):
        area = "riket" if row["Län"] == "Riket" else f"lan:{str(row['Län'])[:2]}"
        period = f"{row['År']}-{row['Månad']}"
        key = ("ohalsotal", area, period, SEX[str(row["Kön"]).lower()], "")
        expected[key] = (row["Ohälsotalet"], "ok")
    assert found == expected


def test_every_row_of_the_genuine_diagnoses_arrives_as_openpyxl_reads_it(tmp_path, shared):
    file = shared / "data" / "fk_export_pagaende_sjukfall_diagnos_2024_11_06.xlsx"
    store = Store(tmp_path / "store")
    assert take(file, store).added.new == 144
    expected = {}
    for row in genuine_rows(file):
        area = "riket" if row["Län"] == "Riket" else f"lan:{str(row['Län'])[:2]}"
        chapter = str(row["Diagnoskapitel"])
        group = "" if chapter.startswith("Samtliga") else f"diagnos={chapter.split()[0]}"
        period = f"{row['År']}-{row['Månad']}"
        key = ("pagaende_sjukfall_andel", area, period, SEX[str(row["Kön"]).lower()], group)
        expected[key] = (row["Andel pågående sjukfall (%)"], "ok")
    assert stored(store) == expected and len(expected) == 144


@pytest.mark.parametrize(
    "tables",
    [
        [[HEADER, *ROWS]],
        [[["Ohälsotalet"], ["Hämtad 2024-11-06"], HEADER, *ROWS]],
        [[["Ohälsotalet"], [], HEADER, *ROWS, [], []]],
        [[HEADER, *ROWS[:2]], [HEADER, ROWS[2]]],
        [[["Ohälsotalet"], ["x"], HEADER, ROWS[0]], [HEADER, *ROWS[1:]]],
        [[HEADER, *([*row[:-1], str(row[-1])] for row in ROWS)]],
        [[HEADER, *([*row[:-1], str(row[-1]).replace(".", ",")] for row in ROWS)]],
        [[HEADER, *([int(row[0]), int(row[1]), *row[2:]] for row in ROWS)]],
        [[HEADER, RIKET, changed(DALARNA, Kommun="Samtliga kommuner"), FALUN]],
        [[HEADER, *ROWS], [["Om statistiken"], ["Källa: Försäkringskassan"]]],
        [[HEADER[::-1], *(row[::-1] for row in ROWS)]],
    ],
    ids=[
        "as exported",
        "two title rows",
        "title and blank rows",
        "split on two sheets",
        "split, titles on the first",
        "numbers as text",
        "decimal comma in text",
        "year and month as numbers",
        "Samtliga kommuner",
        "a sheet of words",
        "columns in another order",
    ],
)
def test_the_same_figures_in_every_layout_are_the_same(tmp_path, tables):
    store, _ = taken(tmp_path, *tables)
    assert stored(store) == EXPECTED


def test_the_sheets_name_means_nothing(tmp_path):
    store = Store(tmp_path / "store")
    take(put(tmp_path, book([HEADER, *ROWS], names=("Blad1",)), "x"), store)
    assert stored(store) == EXPECTED


def test_counts_as_text_with_marks_stay_apart(tmp_path):
    header = ["År", "Månad", "Kön", "Län", "Diagnoskapitel"]
    header += ["Antal pågående sjukfall", "Andel pågående sjukfall (%)"]

    def row(chapter: str, count: str, share: object) -> list:
        return ["2024", "04", "Män", "14 Västra Götalands län", chapter, count, share]

    rows = [
        row("Samtliga diagnoskapitel", "10 234", 100),
        row("F00-F99 Psykiska sjukdomar", "5\N{NO-BREAK SPACE}017", 49),
        row("O00-O99 Graviditet", "-", "-"),
        row("P00-P96 Perinatala tillstånd", "..", ".."),
        row("Q00-Q99 Medfödda", "", None),
    ]
    store, _ = taken(tmp_path, [header, *rows])
    found = {(k[0][17:], k[4][8:11]): cell for k, cell in stored(store).items()}
    assert found == {
        ("", ""): (10234, "ok"),
        ("_andel", ""): (100, "ok"),
        ("", "F00"): (5017, "ok"),
        ("_andel", "F00"): (49, "ok"),
        ("", "O00"): (0, "nil"),
        ("_andel", "O00"): (0, "nil"),
        ("", "P00"): (None, "suppressed"),
        ("_andel", "P00"): (None, "suppressed"),
        ("", "Q00"): (None, "missing"),
        ("_andel", "Q00"): (None, "missing"),
    }
    rows[1][5] = "många"
    _, outcome = taken(tmp_path, [header, *rows])
    assert faults(outcome) == [(3, "Antal pågående sjukfall", "många")]


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"Kommun": "2099 Ingenstans"}, "Kommun", "kommun:2099"),
        ({"Kommun": None}, "Kommun", "20 Dalarnas län / "),
        ({"Kommun": "1480 Göteborg"}, "Kommun", "20 Dalarnas län / 1480 Göteborg"),
        ({"Kommun": "2081 Falun"}, "Kommun", "2081 Falun"),
        ({"Län": "Riket"}, "Kommun", "Riket / 2080 Falun"),
        ({"Månad": "13"}, "År, Månad", "2024-13"),
        ({"Månad": None}, "År, Månad", "2024-"),
        ({"Månad": "junk"}, "År, Månad", "2024-junk"),
        ({"År": "20240"}, "År, Månad", "20240-09"),
        ({"Kön": "Okänt"}, "Kön", "Okänt"),
        ({"Ålder": None}, "Ålder", "an empty cell"),
        ({"Ålder": "unga=1"}, "Ålder", "unga==1"),
        ({"Ohälsotalet": "missing"}, "Ohälsotalet", "'missing'"),
        ({"Ohälsotalet": "22,3,1"}, "Ohälsotalet", "22,3,1"),
        ({"Ohälsotalet": 366}, "Ohälsotalet", "366"),
        ({"Ohälsotalet": True}, "Ohälsotalet", "True"),
    ],
)
def test_a_bad_cell_is_rejected_by_sheet_row_and_column(tmp_path, cells, column, value):
    table = [["Titel"], ["Datum"], HEADER, RIKET, changed(FALUN, **cells)]
    store, outcome = taken(tmp_path, table)
    assert faults(outcome) == [(5, column, value)]
    assert set(outcome.rejected["sheet"]) == {"tabell"} and not store.folder.exists()


def test_partly_good_files_are_stored_only_when_asked_and_the_rest_is_counted(tmp_path):
    wrong = changed(FALUN, Kommun="9999 X")
    tables = [[HEADER, RIKET, wrong], [HEADER, DALARNA, changed(wrong, Månad="08")]]
    store, outcome = taken(tmp_path, *tables)
    assert outcome.added is None and not store.folder.exists()
    store, outcome = taken(tmp_path, *tables, allow_partial=True)
    assert outcome.added.new == 2
    assert store.manifest().origins[0].left_out == 2


def test_all_must_lie_between_women_and_men(tmp_path):
    women, men = (changed(RIKET, Kön=sex) for sex in ("Kvinnor", "Män"))
    women[-1], men[-1] = 20.0, 19.0
    _, outcome = taken(tmp_path, [HEADER, RIKET, women, men])
    assert [row for row, _, _ in faults(outcome)] == [2, 3, 4]
    assert set(outcome.rejected["rule"]) == {"alla 22.3 is not between kvinnor 20 and män 19"}


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ([[[*HEADER, "Kommentar"], [*RIKET, "x"]]], "'Kommentar' is unknown"),
        ([[HEADER, [*RIKET, "x"]]], "outside the headed columns"),
        ([[[*HEADER[:-1], "Ohelsotalet"], RIKET]], "Did you mean 'Ohälsotalet'"),
        ([[[*HEADER[:-1], "Kön"], RIKET]], "'Kön' stands twice"),
        ([[HEADER]], "no rows below"),
        ([[HEADER], [[*HEADER, "Mer"]]], "one sheet has the header"),
        ([[HEADER, RIKET], [HEADER[::-1], RIKET[::-1]]], "one sheet has the header"),
        ([[HEADER, RIKET], [RIKET, RIKET]], "no header with År, Län and Kön"),
        ([[[*HEADER[:-1], "Andel mottagare (%)"], RIKET]], "no measure of vgstats"),
        ([[[*HEADER[:-1], "Ohälsotalet", "Sjukpenningtal 1.0"], [*RIKET, 1]]], "several datasets"),
        ([[["x"] * 7, RIKET]], "not known"),
        *(
            ([[[h for h in HEADER if h != name], [1] * 6]], f"'{name}' is missing|not known")
            for name in HEADER[:-1]
        ),
    ],
)
def test_another_table_is_refused_in_words(tmp_path, tables, message):
    store, _ = taken(tmp_path, [HEADER, *ROWS])
    before = snapshot(store)
    with pytest.raises(VgstatsError, match=message):
        take(put(tmp_path, book(*tables), "bad.xlsx"), store)
    assert snapshot(store) == before


# --- damaged files ---------------------------------------------------------------------------------


def tree(content: bytes) -> ElementTree.Element:
    """XML by local names, whatever its namespaces are called."""
    builder, parser = ElementTree.TreeBuilder(), expat.ParserCreate()
    parser.StartElementHandler = lambda tag, more: builder.start(tag.rpartition(":")[2], more)
    parser.EndElementHandler = lambda tag: builder.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = builder.data
    parser.Parse(content, True)
    return builder.close()


def plain(file: Path) -> dict[Key, set[Cell]]:
    """What the sheet's XML says, read with ElementTree and this test's own short list of labels."""
    with zipfile.ZipFile(file) as archive:
        shared = "xl/sharedStrings.xml" in archive.namelist()
        items = tree(archive.read("xl/sharedStrings.xml")).iter("si") if shared else []
        texts = ["".join(t.text or "" for t in item.iter("t")) for item in items]
        sheet = tree(archive.read("xl/worksheets/sheet1.xml"))
    found: dict[Key, set[Cell]] = {}
    header: dict[str, str] = {}
    for row in sheet.iter("row"):
        cells = _cells(row, texts)
        if not header:
            header = {letter: text for letter, text in cells.items() if text}
            continue
        line = {name: cells.get(letter, "") for letter, name in header.items()}
        kommun = " ".join(line["Kommun"].split())
        kommun = line["Län"] if kommun.lower().startswith("samtliga") else kommun
        code = kommun.split(" ")[0]
        area = "riket" if kommun.lower() in ("riket", "00 riket") else code
        area = f"lan:{code}" if len(code) == 2 else f"kommun:{code}" if len(code) == 4 else area
        age = line["Ålder"].strip().lower().removesuffix(" år").replace("–", "-")
        group = "" if age in ("samtliga 16-64", "16-64", "samtliga") else f"alder={age}"
        month = line["Månad"].strip()
        period = f"{line['År'].strip()}-{int(month) if month.isdigit() else 0:02d}"
        sex = SEX.get(" ".join(line["Kön"].split()).lower(), "?")
        key = ("ohalsotal", area, period, sex, group)
        found.setdefault(key, set()).add(_number(line["Ohälsotalet"].strip()))
    return found


def _cells(row: ElementTree.Element, texts: list[str]) -> dict[str, str]:
    cells = {}
    last = "@"
    for cell in row.iter("c"):
        last = cell.get("r", "").rstrip("0123456789").upper() or chr(ord(last[0]) + 1)
        kind = "v" if cell.find("is") is None else "t"
        text = "".join(part.text or "" for part in cell.iter(kind))
        cells[last] = texts[int(text)] if cell.get("t") == "s" and text else text
    return cells


def _number(text: str) -> Cell:
    marks: dict[str, Cell] = {"": (None, "missing"), "-": (0.0, "nil"), "..": (None, "suppressed")}
    try:
        return marks.get(text) or (float(text.replace(",", ".")), "ok")
    except ValueError:
        return None, text


ZIP, XML = Tally(), Tally()


@pytest.fixture(scope="module")
def small() -> bytes:
    """Few rows, so that a change is likely to meet one that matters."""
    women, men = changed(RIKET, Kön="Kvinnor"), changed(RIKET, Kön="Män")
    women[-1], men[-1] = 26.9, 17.9
    return book([HEADER, *ROWS, women, men, changed(FALUN, Månad="08")])


@bounded
@given(changes=mutations())
def test_a_damaged_zip_is_refused_or_says_what_it_says(small, changes):
    with tempfile.TemporaryDirectory() as folder:
        file = put(Path(folder), mutated(small, changes), "fuzz.xlsx")
        outcome_is_honest(file, Store(Path(folder) / "store"), ZIP, plain)


@bounded
@given(
    changes=mutations(),
    where=st.sampled_from(
        [("small", "worksheets/sheet1"), ("large", "worksheets/sheet1"), ("large", "sharedStrings")]
    ),
)
def test_damaged_xml_in_a_whole_zip_is_refused_or_says_what_it_says(small, shared, changes, where):
    file = shared / "data" / "fk_export_ohalsotal_2024_11_06.xlsx"
    whole = small if where[0] == "small" else file.read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            hit = entry.filename == f"xl/{where[1]}.xml"
            new.writestr(entry.filename, mutated(content, changes) if hit else content)
    with tempfile.TemporaryDirectory() as folder:
        file = put(Path(folder), out.getvalue(), "fuzz.xlsx")
        outcome_is_honest(file, Store(Path(folder) / "store"), XML, plain)
