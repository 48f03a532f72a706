"""A report's workbook: the page's tables and no more, with numbers to compute with, whoever opens it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser

from vgstats.blocks.blocks import SYNTHETIC, Heading, Title
from vgstats.blocks.tables import HIDDEN, Column, Table
from vgstats.catalogue.measures import ONGOING_RATE
from vgstats.facts.facts import Fact, count_fact, id_of
from vgstats.facts.text import HIDDEN_MARK, MISSING, UNCONTROLLED, say
from vgstats.observations import COLUMNS, no_rows
from vgstats.page.parts import Called, Number, Parts
from vgstats.page.template import page_of_blocks
from vgstats.page.workbook import CONTENTS, SOURCES, workbook_of
from vgstats.store.published import provenance, published

NO_SOURCES = pd.DataFrame(columns=["short"])


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def of_blocks(*blocks, title: Title | None = None) -> bytes:
    """The workbook of a page of some blocks."""
    body = "\n".join(block.html() for block in (title or Title("Sidan", say("Två tal.")), *blocks))
    page = page_of_blocks(body, dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    return workbook_of(page, no_rows(COLUMNS), NO_SOURCES)


def texts(book: openpyxl.Workbook) -> set[str]:
    """All words of a workbook: cells, names of sheets, comments, and what it says of itself."""
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    found = {cell.value for cell in cells if isinstance(cell.value, str)}
    found |= {cell.comment.text for cell in cells if cell.comment}
    about = (book.properties.title, book.properties.subject, book.properties.description)
    return (
        found | {sheet.title for sheet in book} | set(filter(None, about)) | set(book.defined_names)
    )


@pytest.fixture(scope="module")
def vg_page_text(vg_file) -> str:
    return vg_file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def vg_data(vg_page_text, vg) -> bytes:
    return workbook_of(vg_page_text, vg.observations, vg.sources)


@pytest.fixture(scope="module")
def register_page(register_file) -> str:
    return register_file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def register_book(register_page, register_job) -> openpyxl.Workbook:
    bundle = register_job.bundle
    return opened(workbook_of(register_page, bundle.observations, bundle.sources))


def row_of(data: bytes, sheet: str, first: str) -> dict[str, object]:
    """A row of a sheet by its headings, as another program than the one that wrote it reads it."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()
    place = next(n for n, row in enumerate(rows) if n and row[1] and not any(rows[n - 1]))
    found = next(row for row in rows[place + 1 :] if row[0] == first)
    return dict(zip(rows[place], found, strict=True))


def test_a_row_has_its_numbers_with_what_they_are_counted_in_and_where_they_come_from(vg_data):
    row = row_of(vg_data, "Förändringar", "Ohälsotal, kvinnor")
    assert row == {
        "Mått": "Ohälsotal, kvinnor",
        "Före": 51.7,
        "Efter": 44.0,
        "Förändring": -7.7,
        "Procent": -15.0,
        "Möjlig förändring, lägst": -7.8,
        "Möjlig förändring, högst": -7.6,
        "Enhet": "dagar",
        "Källa": "Uppföljningen 2006–2008",
    }
    money = row_of(
        vg_data, "Försäkringskassans kostnader", "Sjuk- och aktivitetsersättning (miljarder kronor)"
    )
    assert (money["Före"], money["Enhet"]) == (9.6, "miljarder kronor"), "printed in another unit"
    assert row_of(vg_data, "Länen", "Jämtland")["Källa"] == "Försäkringskassans statistikdatabas"


def test_a_column_of_per_cent_alone_says_so_in_its_heading():
    facts = [Fact(f"x{n}", n, "procent", 0) for n in (-14, 22)]
    rows = [[name, say("{x} %", x=fact)] for name, fact in zip(("Ale", "Mora"), facts, strict=True)]
    columns = [Column("Kommun", "text"), Column("Ändring")]
    (sheet,) = opened(of_blocks(Table("t", "Ändringar", columns, rows))).worksheets[1:2]
    assert [cell.value for row in sheet.iter_rows() for cell in row].count("Ändring (procent)") == 1


def test_a_source_that_the_page_does_not_name_has_no_row(orebro_file):
    page = orebro_file.read_text(encoding="utf-8")
    sheet = opened(workbook_of(page, published(), provenance()))[SOURCES]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert rows and all(row[0] for row in rows)
    assert len(rows) < len(Parts.of(page).record["vgstats:retrieved"]) + len(provenance())


def test_a_number_that_is_worked_out_has_the_source_of_what_it_is_worked_out_of():
    figures, name = published(), "Försäkringskassans statistikdatabas"
    rate = Number(id_of(ONGOING_RATE, "lan:18", "2019", "alla", ""), "", "15.9", "15,9")
    assert Called(name, figures, provenance()).of([rate]) == name


def test_every_number_of_the_tables_is_a_number_of_its_sheet_or_stands_in_a_text_there(
    vg_page_text, vg_data
):
    book = opened(vg_data)
    tables = [table for table in Parts.of(vg_page_text).tables if table.id != "kallor"]
    sheets = [sheet for sheet in book if sheet.title not in (CONTENTS, SOURCES)]
    assert len(sheets) == len(tables) > 20
    as_numbers = 0
    for sheet, table in zip(sheets, tables, strict=True):
        cells = [cell for row in sheet.iter_rows() for cell in row]
        written = Counter(
            float(cell.value) for cell in cells if isinstance(cell.value, int | float)
        )
        on_page = Counter(
            float(n.value) for row in table.rows for cell in row for n in cell.numbers
        )
        assert written <= on_page, sheet.title
        words = " ".join(cell.value for cell in cells if isinstance(cell.value, str))
        shown = {float(n.value): n.text for row in table.rows for cell in row for n in cell.numbers}
        assert all(shown[number] in words for number in on_page - written), sheet.title
        as_numbers += written.total()
    assert as_numbers > 400


def test_numbers_are_printed_with_the_decimals_signs_and_units_of_the_page(vg_data):
    book = opened(vg_data)
    by_place = {
        (sheet.title, row[0].value, sheet.cell(place, column).value): cell.number_format
        for sheet in book
        for row in sheet.iter_rows()
        for column, cell in enumerate(row, 1)
        for place in range(3, 8)
        if sheet.freeze_panes == f"B{place + 1}"
    }
    assert by_place["Förändringar", "Ohälsotal, kvinnor", "Efter"] == "#,##0.0"
    assert by_place["Förändringar", "Ohälsotal, kvinnor", "Procent"] == '#,##0" %"'
    assert (
        by_place["Insatser", "Försäkringsmedicinska forum", "Volym enligt källan"]
        == '#,##0" forum"'
    )
    women = by_place["Kvinnor och män", "Kvinnor", "Genom ändrad andel (dagar)"]
    assert women == "+#,##0.00;-#,##0.00;#,##0.00"


def test_the_first_sheet_says_what_the_report_is_and_leads_to_the_others_in_the_order_of_the_page(
    vg_data,
):
    book = opened(vg_data)
    first = book.worksheets[0]
    words = [row[0].value for row in first.iter_rows() if row[0].value]
    assert words[0] == "Sjukfrånvaron i Västra Götalands län, 2005 och 2008"
    assert "Område: Västra Götalands län" in words and "Perioder: 2005-12 till 2008-12" in words
    assert any(line.startswith("Gjord ") and "av publicerade siffror" in line for line in words)
    led = [cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink]
    assert led == [f"'{sheet.title}'!A1" for sheet in book.worksheets[1:]]
    assert book.sheetnames[1:4] == ["Det viktigaste", "Så har det gått", "Förändringar"]
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert all(sheet.freeze_panes for sheet in book.worksheets[1:])


def test_the_sources_have_the_vintage_of_their_newest_number(vg_data, vg):
    book = opened(vg_data)
    head, *rows = book[SOURCES].iter_rows(min_row=4, values_only=True)
    read = {(row[0], row[5]) for row in rows if row[5]}
    retrieved = vg.record()["vgstats:retrieved"]
    assert read == {
        (vg.sources.loc[key, "short"], moment)
        for key, moment in retrieved.items()
        if key in vg.sources.index
    }
    assert head[:6] == ("Källa", "Titel", "Ställe", "Utgivare", "Adress", "Avläst")
    assert any(row[4] == "https://lerumsnyheter.se/lerumsborna-friska/" for row in rows)


@pytest.mark.parametrize("page", ["vg", "register"])
def test_no_text_with_a_digit_is_in_the_workbook_that_the_page_does_not_say(page, request):
    html = request.getfixturevalue("vg_page_text" if page == "vg" else "register_page")
    book = (
        opened(request.getfixturevalue("vg_data"))
        if page == "vg"
        else request.getfixturevalue("register_book")
    )
    parts = Parts.of(html)
    record = LexborHTMLParser(html).css_first("script").text()
    said = " ".join(f"{parts.words} {record} {parts.title}".split())
    periods = parts.record["temporalCoverage"].replace("/", " till ")
    own = {*book.sheetnames, f"Perioder: {periods}"}
    numbered = {text for text in texts(book) - own if any(sign.isdigit() for sign in text)}
    bare = {
        re.sub(r" \((?:sjukfall|procent|personer)\)$", "", text)
        for text in numbered
        for text in text.split("; ")
    }
    assert {text for text in bare if " ".join(text.split()) not in said} == set()
    for name in book.sheetnames:
        assert name.rpartition(" ")[0] in said or name in said or name == SOURCES


def test_a_hidden_count_is_a_mark_and_its_number_nowhere_in_its_sheet(
    register_page, register_book, register_job
):
    tables = [table for table in Parts.of(register_page).tables if table.id != "kallor"]
    sheets = register_book.worksheets[1:-1]
    hidden = 0
    for sheet, table in zip(sheets, tables, strict=True):
        marks = sum(cell.words == HIDDEN_MARK for row in table.rows for cell in row)
        written = [cell.value for row in sheet.iter_rows() for cell in row]
        assert written.count(HIDDEN_MARK) == marks
        numbers = Counter(
            float(n.value) for row in table.rows for cell in row for n in cell.numbers
        )
        assert Counter(float(one) for one in written if isinstance(one, int | float)) == numbers
        hidden += marks
    assert hidden > 20
    assert register_job.release.protected, "the release hides what it tells"


def test_made_up_and_uncontrolled_numbers_are_called_so_on_every_sheet(register_book):
    for sheet in register_book.worksheets[:-1]:
        assert SYNTHETIC in [sheet.cell(row, 1).value for row in range(1, 5)], sheet.title
    warned = Title("Sidan", say("Två tal."), uncontrolled=True)
    book = opened(
        of_blocks(
            Heading("Tabell", 2), Table("t", "En", [Column("A", "text")], [["b"]]), title=warned
        )
    )
    for sheet in book.worksheets[:-1]:
        assert f"{UNCONTROLLED}." in [sheet.cell(row, 1).value for row in range(1, 5)]


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    " =1",
    "＝1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("words", FORMULAS)
def test_no_text_is_run(words):
    data = of_blocks(
        Heading(words),
        Table("t", words, [Column(words, "text"), Column("B", "text")], [[words, words]]),
    )
    sheet = opened(data).worksheets[1]
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert len(cells) == 5
    assert all(cell.data_type == "s" for cell in cells)
    assert all(cell.quotePrefix for cell in cells if cell.value != "B")
    inside = zipfile.ZipFile(io.BytesIO(data))
    assert not any(b"<f>" in inside.read(name) for name in inside.namelist())
    assert row_of(data, sheet.title, words.strip())["B"] == words.strip()


def test_sheets_have_names_that_excel_takes_however_the_headings_read():
    headings = [
        "Vad: [hände]?",
        "vad hände",
        "'",
        "Ö" * 40,
        "Ö" * 40,
        "Mål / utfall*",
        "Historik \\ åren före och efter det",
    ]
    blocks = [
        part
        for number, words in enumerate(headings)
        for part in (Heading(words), Table(f"t{number}", "Rubrik", [Column("Å", "text")], [["Ä"]]))
    ]
    names = opened(of_blocks(*blocks)).sheetnames
    assert len(names) == len(headings) + 2
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert not any(name.startswith("'") or name.endswith("'") for name in names)
    assert names[1:4] == ["Vad hände", "vad hände 2", "Tabell"]


def test_missing_stays_missing_hidden_hidden_and_swedish_letters_themselves():
    number = Fact("a|riket|2020", -1234.50, "kronor", 2)
    columns = [Column("Ört", "text"), Column("Åar"), Column("Från, till"), Column("Räknat")]
    band = say("{a} till {b} %", a=count_fact("l", -2), b=count_fact("h", 3))
    guess = say("omkring {n}", n=count_fact("n", 70))
    rows = [["Åmål", number, band, guess], ["Älvsbyn", None, None, HIDDEN]]
    data = of_blocks(Heading("Öar"), Table("t", "Åäö – é", columns, rows))
    first, second = (row_of(data, "Öar", name) for name in ("Åmål", "Älvsbyn"))
    assert first == {
        "Ört": "Åmål",
        "Åar (kronor)": -1234.5,
        "Från, till, lägst": -2.0,
        "Från, till, högst": 3.0,
        "Räknat": "omkring 70",
    }
    assert list(second.values()) == ["Älvsbyn", MISSING, MISSING, MISSING, HIDDEN_MARK]
    assert opened(data)["Öar"]["B5"].number_format == "#,##0.00"


def test_a_table_of_the_analysts_own_is_called_so_on_its_sheet():
    table = Table("egen", "Egen tabell", [Column("Å", "text")], [["Ä"]]).html()
    note = '<p class="note">Källa: jag.</p>'
    own = f'<h2>Eget</h2><div class="own-block"><p class="own-label" id="e">Egen analys</p>{note}{table}</div>'
    page = page_of_blocks(f"<h1>Sidan</h1>{own}", dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    sheet = opened(workbook_of(page, no_rows(COLUMNS), NO_SOURCES)).worksheets[1]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        "Egen tabell",
        "Egen analys",
        "Källa: jag.",
    ]
