"""A workbook that a region fills in: a template, the entries typed, and every fault by its cell."""

# ruff: noqa: E501 - a fault a line
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from commands import vgstats
from vgstats import VgstatsError
from vgstats.batch.beside import take_in_beside
from vgstats.catalogue.agreements import Agreement
from vgstats.catalogue.requirements import Judgement, Requirements
from vgstats.catalogue.texts import Source
from vgstats.ingest import bring_in
from vgstats.sources.own_file import OwnFile, is_own_file, read_own_file
from vgstats.sources.own_layout import FOR, kind_of, layouts
from vgstats.sources.own_parts import not_written
from vgstats.sources.own_template import write_own_template
from vgstats.store.store import Store

LIST = {
    "Namn": "Rehabkraven (påhittat)", "Kort namn": "Rehabkraven", "Vem ställer kraven": "Regionen",
    "Vem bedömer": "Projektet", "Vad bedömningarna vilar på": "Egna svar.", "Vad det är": "Krav.",
    "Period för bedömningarna": "2025",
}  # fmt: skip
REQUIRED = [
    {"Nr": "1.1", "Område": "Rehab", "Krav": "Koordinator finns"},
    {"Nr": "1.10", "Område": "Rehab", "Krav": "Plan finns", "Ska vara uppfyllt": "1 mars 2025"},
]
JUDGED = [
    {"Krav nr": "1.1", "Område": "Örebro län", "Status": " Delvis ", "Klart senast": "den 1 mars 2025"},
    {"Krav nr": "1.10", "Område": "18 Örebro län", "Status": "Bedömt\xa0uppfyllt", "Klart senast": dt.datetime(2025, 3, 1)},
]  # fmt: skip
SOURCE = [{"Kort namn": "Planen", "Titel": "En påhittad plan", "Utgivare": "En påhittad region"}]
PROJECT = {
    "Namn": "Tillbaka (påhittat)", "Kort namn": "Tillbaka", "Område": "Timrå", "Började": "2024-01-01",
    "Vad det är": "Ett påhittat projekt.", "Samarbetspartner": ["A", "B"], "För regionens egna anställda": "Nej",
    "Lärdom": ["Börja tidigt."],
}  # fmt: skip
GOALS = [{"Mål": "Fler ska få hjälp", "Vem satte målet": "X", "Kan det prövas": "Ja."}]
COSTS = [{"Slag": "Löner", "Budget (kr)": "898 625", "Utfall (kr)": 385125.5}]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty workbook of each kind."""
    folder = tmp_path_factory.mktemp("templates")
    for kind in layouts():
        write_own_template(folder / f"{kind}.xlsx", kind, ["lan:18", "lan:22"])
    return folder


def heading(cell: Any) -> str:
    return str(cell.value).removesuffix(" *")


def fill(book: Workbook, **sheets: Any) -> None:
    """Type into a template as a person would: answers on a form, rows in a table."""
    for name, said in sheets.items():
        sheet = book[name]
        if isinstance(said, dict):
            left = {key: [*v] if isinstance(v, list) else [v] for key, v in said.items()}
            for row in range(2, sheet.max_row + 1):
                if values := left.get(heading(sheet.cell(row, 1))):
                    sheet.cell(row, 2).value = values.pop(0)
            continue
        columns = {heading(cell): cell.column for cell in sheet[1]}
        for number, row in enumerate(said, 2):
            for key, value in row.items():
                sheet.cell(number, columns[key]).value = value


def krav(templates: Path, folder: Path, change: Callable[[Workbook], Any] = lambda book: None) -> Path:  # fmt: skip
    """The filled-in workbook of requirements, with a change."""
    book = load_workbook(templates / "krav.xlsx")
    fill(book, listan=LIST, krav=REQUIRED, bedömningar=JUDGED, källor=SOURCE)
    change(book)
    book.save(folder / "krav.xlsx")
    return folder / "krav.xlsx"


def test_what_is_typed_into_a_template_keeps_its_form_and_no_empty_cell_is_written(templates: Path):
    book = load_workbook(templates / "krav.xlsx")
    formats = {
        heading(cell): book[name].column_dimensions[cell.column_letter].number_format
        for name in ("krav", "bedömningar")
        for cell in book[name][1]
    }
    assert formats["Nr"] == formats["Krav nr"] == "@" and formats["Klart senast"] == "yyyy-mm-dd"
    assert book["krav"].max_row == book["bedömningar"].max_row == 1


def of(own: OwnFile, kind: type) -> list[Any]:
    return [one for one in own.texts if isinstance(one, kind)]


def test_requirements_and_judgements_are_read_as_typed(templates: Path, tmp_path: Path):
    file = krav(templates, tmp_path)
    assert is_own_file(file)
    own = read_own_file(file)
    (source,), (found,) = of(own, Source), of(own, Requirements)
    assert (found.id, found.source, found.own) == ("rehabkraven", source.source, True)
    assert [one.number for one in found.requirements] == ["1.1", "1.10"]
    assert found.requirements[1].due == dt.date(2025, 3, 1)
    told = [
        (j.requirement, j.area, j.period, j.status, j.due, j.source) for j in of(own, Judgement)
    ]
    day = dt.date(2025, 3, 1)
    assert told == [
        ("1.1", "lan:18", "2025", "delvis uppfyllt", day, source.source),
        ("1.10", "lan:18", "2025", "uppfyllt", day, source.source),
    ]


def test_a_project_is_read_as_typed(templates: Path, tmp_path: Path):
    book = load_workbook(templates / "insats.xlsx")
    fill(book, projektet=PROJECT, lärdomar=PROJECT, mål=GOALS, kostnader=COSTS, källor=SOURCE)
    book.save(tmp_path / "insats.xlsx")
    store = Store(tmp_path / "store")
    (own,) = bring_in([tmp_path / "insats.xlsx"], store)
    (found,) = of(own, Agreement)
    assert (found.id, found.area, found.start, found.end) == (
        "tillbaka", "kommun:2262", dt.date(2024, 1, 1), None,
    )  # fmt: skip
    assert found.project.partners == ["A", "B"] and found.project.lessons == ["Börja tidigt."]
    assert [(c.kind, c.budget, c.outcome) for c in found.project.costs] == [
        ("Löner", 898625.0, 385125.5)
    ]
    assert found.goals[0].measure is None and not found.project.own_employees


def rearranged(book: Workbook) -> None:
    """A change that leaves one meaning: columns moved, other letters, empty rows, merged cells."""
    sheet = book["bedömningar"]
    sheet.insert_cols(1)
    sheet.insert_rows(1, 2)
    sheet["A1"].value = None
    for cell in sheet[3]:
        cell.value = cell.value and str(cell.value).upper() + " "
    sheet.insert_rows(5, 2)  # between the two rows
    sheet["C7"].value = None
    sheet.merge_cells("C4:C7")
    book["krav"].merge_cells("B2:B3")
    book["källor"].title = "Källor "


def test_what_has_one_meaning_is_read_however_it_looks(templates: Path, tmp_path: Path):
    (tmp_path / "other").mkdir()
    plain = read_own_file(krav(templates, tmp_path))
    assert read_own_file(krav(templates, tmp_path / "other", rearranged)).texts == plain.texts


def put(sheet: str, cell: str, value: Any) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][cell].value = value

    return change


def test_a_number_that_can_be_only_one_is_read_as_that(templates: Path, tmp_path: Path):
    def change(book: Workbook) -> None:
        put("krav", "A2", 1.1)(book)
        put("krav", "A3", 1.2)(book)
        put("bedömningar", "A2", 1.1)(book)
        put("bedömningar", "A3", 1.2)(book)

    own = read_own_file(krav(templates, tmp_path, change))
    assert [one.requirement for one in of(own, Judgement)] == ["1.1", "1.2"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("bedömningar", "D2", "kanske"), "sheet bedömningar, cell D2 (Status): 'kanske' is no status. Expected uppfyllt,"),
        (put("bedömningar", "I3", "brådskande"), "cell I3 (Prioritet): 'brådskande' is no priority. Expected hög, medel, låg"),
        (put("bedömningar", "B2", "Örbro län"), "cell B2 (Område): 'Örbro län' is no area"),
        (put("bedömningar", "K3", "mars 2025"), "cell K3 (Klart senast): 'mars 2025' is no day. Expected a day such as 2026"),
        (put("bedömningar", "E2", "kanske"), "cell E2 (Statusen är tolkad): 'kanske' will not do. Expected ja or nej"),
        (put("bedömningar", "N2", "plannen"), "cell N2 (Källa): 'plannen' is not a known source"),
        (put("bedömningar", "A2", dt.datetime(2025, 2, 1)), "cell A2 (Krav nr): the spreadsheet made the day 2025-02-01"),
        (put("bedömningar", "P2", "anm"), "sheet bedömningar, cell P2: there is no heading above it"),
        (put("bedömningar", "F1", "Nulge"), "cell F1: 'Nulge' is no heading here. Did you mean 'nuläge'?"),
        (put("bedömningar", "F2", "=A1"), "sheet bedömningar: cell F2 has a formula that was never computed"),
        (put("bedömningar", "A2", 1.1), "sheet bedömningar, cell A2 (Krav nr): the cell holds the number 1.1, which may be '1.1' or '1.10'"),
        (put("krav", "A3", 1.1), "sheet krav, cell A3 (Nr): the cell holds the number 1.1, which may be '1.1' or '1.10'"),
        (lambda book: put("krav", "A3", "1.11")(book) or put("krav", "A2", 1.1)(book), "sheet krav, cell A2 (Nr): the cell holds"),
        (lambda book: book.remove(book["krav"]), "the sheet krav is not there. The file has the sheets läs mig, listan, bedömningar,"),
        (lambda book: book.remove(book["listan"]), "the sheet listan is not there. The file has the sheets läs mig, krav,"),
        (put("krav", "C2", None), "sheet krav, cell C2 (Krav): the cell is empty, and must say something"),
        (put("krav", "A3", "1.1"), "the number '1.1' stands twice"),
        (put("listan", "B11", "en-annan"), "sheet listan, cell B11 (Id för en lista som redan finns): the list en-annan is"),
        (put("listan", "A3", "Kortt namn"), "sheet listan, cell A3: 'Kortt namn' is unknown. Did you mean 'kort namn'?"),
        (lambda book: setattr(book["bedömningar"], "title", "bedömning"), "sheet bedömning: the sheet is unknown. Did you mean"),
        (lambda book: book["bedömningar"].merge_cells("F2:G2") or put("bedömningar", "F2", "x")(book), "cell F2: merged cells"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_its_cell_and_nothing_is_kept(templates, tmp_path, change, said):
    store = Store(tmp_path / "store")
    with pytest.raises(VgstatsError) as told:
        bring_in([krav(templates, tmp_path, change)], store)
    assert "krav.xlsx" in str(told.value) and said in str(told.value), told.value
    assert not store.declared().texts


def test_all_faults_are_told_at_once(templates: Path, tmp_path: Path):
    def change(book: Workbook) -> None:
        for one in (("krav", "C2", None), ("bedömningar", "D2", "x"), ("bedömningar", "K3", "y")):
            put(*one)(book)

    with pytest.raises(VgstatsError) as told:
        read_own_file(krav(templates, tmp_path, change))
    assert len(told.value.args) == 3


def test_a_list_that_is_there_leaves_only_the_judgements(templates: Path, tmp_path: Path):
    store = tmp_path / "store"
    bring_in([krav(templates, tmp_path)], Store(store))
    file = tmp_path / "svar.xlsx"
    asked = ("--requirements", "rehabkraven", "--lan", "18", "--store", store)
    done = vgstats("template", "krav", file, *asked)
    assert done.returncode == 0, done.stderr
    book = load_workbook(file)
    assert "krav" not in book.sheetnames
    sheet = book["bedömningar"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["1.1", "1.10", None]
    fill(
        book,
        listan={"Period för bedömningarna": 2026},
        bedömningar=[{"Status": "ja", "Källa": "Planen"}],
    )
    fill(book, källor=SOURCE)
    book.save(file)
    assert vgstats("import", file, "--store", store).returncode == 0
    now = [one for one in Store(store).declared().now() if isinstance(one, Judgement)]
    assert [(j.period, j.status) for j in now if j.period == "2026"] == [("2026", "uppfyllt"), ("2026", "")]  # fmt: skip


def test_a_county_that_nobody_filled_in_is_not_answered_for(templates: Path, tmp_path: Path):
    book = load_workbook(templates / "krav.xlsx")
    empty = [{"Krav nr": one["Nr"], "Område": "22 Västernorrlands län"} for one in REQUIRED]
    fill(book, listan=LIST, krav=REQUIRED, bedömningar=[*JUDGED, *empty], källor=SOURCE)
    book.save(tmp_path / "krav.xlsx")
    judged = of(read_own_file(tmp_path / "krav.xlsx"), Judgement)
    assert {j.area for j in judged} == {"lan:18"} and len(judged) == len(JUDGED)


def test_own_may_be_a_list_whose_files_name_each_other(templates: Path, tmp_path: Path):
    krav(templates, tmp_path, lambda book: put("listan", "B9", "gemensam")(book) or book.remove(book["källor"]))  # fmt: skip
    (tmp_path / "kallor.yaml").write_text(
        "sources: [{source: gemensam, short: Plan, title: En plan, publisher: En region}]", "utf-8"
    )
    params = tmp_path / "vart.yaml"
    params.write_text("report: uppfoljning\nlan: ['18']\nown: [krav.xlsx, kallor.yaml]\n", "utf-8")
    store = Store(tmp_path / "store")
    refused = take_in_beside([params], store, keep=True, notebooks=None, headings=False)
    assert not refused and len(store.declared().now()) == 4
    put_in = load_workbook(tmp_path / "krav.xlsx")
    put("bedömningar", "D2", "x")(put_in)
    put_in.save(tmp_path / "krav.xlsx")
    (tmp_path / "kallor.yaml").write_text("source: []", "utf-8")
    (error,) = take_in_beside([params], store, keep=True, notebooks=None, headings=False).values()
    assert "krav.xlsx" in str(error) and "kallor.yaml" in str(error)
    assert len(store.declared().now()) == 4


def test_every_key_of_the_models_has_a_column_or_is_written_in_yaml():
    yaml_only = {
        "requirements": {"called", "counted", "apart", "outside", "payments", "payments_by", "payments_terms",
            "more_sources"},
        "projects": {
            "evaluation", "paid_years_later", "recipient", "grant_terms", "own_money_terms", "grant_measure",
            "own_money_measure",
        },
        "judgements": {"requirements"},
        "sources": {"source"},
    }  # fmt: skip
    for layout in layouts().values():
        for page in layout.sheets:
            pages = [one for one in layout.sheets if (one.part, one.inside) == (page.part, page.inside)]  # fmt: skip
            keys = {column.key.partition(".")[0] for one in pages for column in one.columns}
            inside = {
                one.inside.partition(".")[0] for one in layout.sheets if one.part == page.part
            }
            others = not_written(page.model()) | (set() if page.inside else inside | yaml_only[page.part])  # fmt: skip
            assert {*page.model().model_fields} - others == keys - others - {"for"}, page.name
            for column in page.columns:
                assert column.key.startswith(FOR) or kind_of(page.model(), column.key)


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9999), st.floats(0, 1e6), st.dates(dt.date(1950, 1, 1)),
    st.sampled_from(["delvis", "ja", "18", "2025", "1.1", "Örebro län", "{x", "=1+1", "1 mars 2025", "898 625"]),
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12),
)  # fmt: skip


@settings(deadline=None)
@given(cells=st.dictionaries(st.sampled_from([f"{c}{r}" for c in "ABCDEFGHIJ" for r in (1, 2, 3)]), ANYTHING, max_size=5))  # fmt: skip
def test_any_workbook_is_read_as_typed_or_told_by_its_sheets(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("any")
    book = Workbook()
    for name, rows in (("krav", REQUIRED), ("bedömningar", JUDGED), ("källor", SOURCE)):
        sheet = book.create_sheet(name)
        page = next(one for one in layouts()["krav"].sheets if one.name == name)
        sheet.append([column.heading for column in page.columns])
        fill(book, **{name: rows})
    form = book.create_sheet("listan")
    form.append(["Uppgift", "Svar"])
    for pair in LIST.items():
        form.append(pair)
    for cell, value in cells.items():
        book["bedömningar"][cell].value = value
        if isinstance(value, str):
            book["bedömningar"][cell].data_type = "s"
    book.save(folder / "krav.xlsx")
    try:
        own = read_own_file(folder / "krav.xlsx")
    except VgstatsError as error:
        assert all("krav.xlsx, sheet bedömningar" in one for one in error.args), error
        return
    wanted = cells.get("F2")
    judged = of(own, Judgement)
    if isinstance(wanted, str) and wanted.strip() and "F1" not in cells and judged:
        assert judged[0].evidence == "\n".join(" ".join(x.split()) for x in wanted.splitlines()).strip("\n")  # fmt: skip
