"""The PDF is the same report, tagged for those who do not see it, with page numbers for those who do."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from collections import Counter

import pikepdf
import pypdfium2
import pytest

from browser import chromium_path
from support import read_page
from vgstats.blocks.tables import Column, Table
from vgstats.errors import VgstatsError
from vgstats.page import browser
from vgstats.page import pdf as pdf_module
from vgstats.page.pdf import check_available, not_ua, page_one_of, pdf_of, sheets
from vgstats.page.template import page_of_blocks


@pytest.fixture(scope="module")
def data(pdf_tools, orebro_file) -> bytes:
    return pdf_of(orebro_file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def printed_page(orebro_file):
    return read_page(orebro_file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pdf(data) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


UNPRINTED = ".front .folded"  # the numbers behind the figure of page one, which is one sheet


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    found, waiting = [], [pdf.Root.StructTreeRoot.K]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting += list(item)
        elif isinstance(item, pikepdf.Dictionary):
            if "/S" in item and item.get("/Type") == "/StructElem":
                found.append(item)
            if "/K" in item:
                waiting.append(item.K)
    return found


def test_it_says_its_language_and_title_and_claims_pdf_ua(pdf, printed_page):
    assert pdf.Root.Lang == "sv" and pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == printed_page.title.get_text()


def test_headings_tables_and_figures_are_tagged_as_on_the_page(pdf, printed_page):
    kinds = Counter(str(element.S) for element in elements(pdf))
    for tag, name in (("/H1", "h1"), ("/H2", "h2"), ("/H3", "h3"), ("/Figure", "img")):
        assert kinds[tag] == len(printed_page.find_all(name)), name
    printed = len(printed_page.find_all("table")) - len(printed_page.select(UNPRINTED + " table"))
    assert kinds["/Table"] >= printed  # one a sheet that it runs over


def test_every_figure_has_its_words_and_every_heading_cell_its_scope(pdf, printed_page):
    found = elements(pdf)
    alts = {str(e.Alt) for e in found if e.S == "/Figure"}
    assert alts == {image["alt"] for image in printed_page.find_all("img")}
    scopes = Counter(str(e.A.Scope) for e in found if e.S == "/TH")
    assert set(scopes) == {"/Column", "/Row"}
    assert scopes["/Row"] == len(printed_page.select("tbody th")) - len(
        printed_page.select(UNPRINTED + " tbody th")
    )


def test_the_folded_tables_are_in_it(pdf, printed_page):
    cells = sum(e.S == "/TD" for e in elements(pdf))
    assert cells == len(printed_page.find_all("td")) - len(printed_page.select(UNPRINTED + " td"))


def test_the_contents_have_page_numbers_and_every_sheet_its_header(data, printed_page):
    text = pages_of(data)
    heading = printed_page.h1.get_text()
    assert text[0].splitlines().count(heading) == 1
    assert all(heading in page.splitlines() for page in text[1:])
    assert all(page.splitlines()[-1] == f"{n} ({len(text)})" for n, page in enumerate(text, 1))
    contents = next(page for page in text if "Innehåll" in page.splitlines()).splitlines()
    for place, section in enumerate((h2.get_text() for h2 in printed_page.select(".depth h2")), 1):
        (line,) = [
            row for row in contents if row.startswith(f"{place} {section}") and row[-1].isdigit()
        ]
        number = int(line.rsplit(" ", 1)[1])
        assert f"{place} {section}" in text[number - 1].splitlines()


def pages_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def test_a_second_checker_finds_nothing_among_what_it_can_check(data, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(data)
    run = subprocess.run(
        [sys.executable, "-m", "pdfua", "check", "--format", "json", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    json.loads(run.stdout)


def test_nothing_is_fetched_for_it(pdf_tools):
    outside = '<p><img src="file:///etc/passwd" alt="x"></p>'
    assert b"root:" not in pdf_of(page_with(table_of(2), outside))


def page_with(table: Table, more: str = "") -> str:
    """A page with a table."""
    return page_of_blocks(
        f"{more}<h1>Sidan</h1>{table.html()}", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )


def table_of(columns: int, first: str = "Kommun") -> Table:
    headings = [Column(first, "text"), *(Column(f"Rörelseorganens {n}") for n in range(1, columns))]
    rows = [[f"Ort {row}", *(f"{row}{n:03}" for n in range(1, columns))] for row in range(1, 4)]
    return Table("bred", "En bred tabell", headings, rows)


@pytest.mark.parametrize("columns", [9, 11, 25])
def test_every_cell_of_a_wide_table_is_on_its_sheet(pdf_tools, columns):
    table = table_of(columns)
    made = pypdfium2.PdfDocument(pdf_of(page_with(table)))
    sheet = next(page for page in made if "En bred tabell" in page.get_textpage().get_text_range())
    assert sheet.get_width() > sheet.get_height()
    words = sheet.get_textpage().get_text_bounded().split()
    assert {str(cell) for row in table.rows for cell in row[1:]} <= set(words)


@pytest.mark.parametrize("words", ["Påhittade siffror", "Utan röjandekontroll - får inte spridas"])
def test_on_a_turned_sheet_too_is_said_what_the_figures_are(pdf_tools, words):
    mark = "synthetic-page" if words.startswith("P") else "uncontrolled-page"
    made = pypdfium2.PdfDocument(pdf_of(page_with(table_of(11), f'<p class="{mark}">x</p>')))
    sheets = [page.get_textpage().get_text_range() for page in made]
    (turned,) = [text for text in sheets if "En bred tabell" in text]
    assert words in turned


def test_a_pdf_whose_text_runs_off_the_sheet_is_refused_with_the_sheet(pdf_tools):
    with pytest.raises(VgstatsError, match=r"on sheet \d+ the text 'x+' runs off the edge"):
        pdf_of(page_with(table_of(2, "x" * 300)))


def test_it_is_small_enough_to_mail(data):
    assert len(data) < 250_000


@pytest.mark.long
def test_one_with_every_figure_is_small_enough_to_mail(pdf_tools, vg_file, vg_page):
    assert len(pdf_of(vg_file.read_text(encoding="utf-8"))) < 1_000_000
    assert len(vg_page.find_all("img")) == 8


def test_page_one_stands_alone_on_its_sheets_and_says_what_the_report_says(pdf_tools, vg_file):
    html = vg_file.read_text(encoding="utf-8")
    page = page_one_of(html)
    whole, front = read_page(html), read_page(page)
    assert not front.select("nav, .depth, h2[id], a[href^='#']")
    assert front.main.get_text().split() == whole.select_one(".front").get_text().split()
    data = pdf_of(page)
    text = "".join(pages_of(data))
    assert whole.h1.get_text() in " ".join(text.split()) and "Gjord " in text
    assert "\N{MINUS SIGN}" in text and "-\N{MINUS SIGN}" not in text
    assert sheets(data) == 1
    assert page_one_of(page_with(table_of(2))).count("<table") == 1, (
        "a page without sections is all of it"
    )


def test_the_warnings_of_a_page_stand_on_its_first_page_too(practice_file):
    front = read_page(page_one_of(practice_file.read_text(encoding="utf-8")))
    assert front.select_one("p.synthetic-page")


@pytest.fixture
def without_pango(monkeypatch):
    """A machine where WeasyPrint is installed and the library that it draws text with is not."""

    def missing():
        raise VgstatsError(
            "--to pdf needs the library Pango (gone). Install it: x. Or install Chromium."
        )

    monkeypatch.setattr(pdf_module, "_weasyprint", missing)


@pytest.fixture
def a_browser(monkeypatch):
    found = chromium_path() or browser.installed_browser()
    if not found:
        pytest.skip(
            "no Chromium, Chrome or Edge on this machine; install one or set VGSTATS_CHROMIUM"
        )
    monkeypatch.setattr(pdf_module, "installed_browser", lambda: found)
    return found


def test_without_pango_a_browser_prints_it_and_the_run_is_told(without_pango, a_browser):
    minus = '<p>Det är <data value="-6.1" data-fact="a"><i class=m>-</i>6,1</data> dagar.</p>'
    (text,) = pages_of(pdf_of(page_with(table_of(4), minus)))
    assert "En bred tabell" in text and "\N{MINUS SIGN}6,1" in text and "1 (1)" in text
    assert a_browser in not_ua() and "is not PDF/UA" in not_ua() and "Install it: x" in not_ua()
    with pytest.raises(VgstatsError, match=r"on sheet \d+ the text 'x' runs off the edge"):
        pdf_of(page_with(table_of(2, "x" * 300)))


def test_a_browser_that_prints_nothing_is_an_error_in_words(tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho no display >&2\nexit 7\n")
    broken.chmod(0o755)
    with pytest.raises(
        VgstatsError, match=r"did not print the report \(it ended with code 7: no display\)"
    ):
        browser.printed_by(str(broken), "<p>x</p>")
    with pytest.raises(VgstatsError, match="it cannot be started"):
        browser.printed_by(str(tmp_path / "gone"), "<p>x</p>")
    with pytest.raises(VgstatsError, match="it wrote no file"):
        browser.printed_by("true", "<p>x</p>")


def test_with_neither_the_error_names_both_ways(without_pango, monkeypatch):
    monkeypatch.setattr(pdf_module, "installed_browser", lambda: "")
    for ask in (check_available, not_ua, lambda: pdf_of("<p>x</p>")):
        with pytest.raises(VgstatsError, match=r"needs the library Pango.*Or install Chromium"):
            ask()


def test_a_browser_is_found_on_the_path_and_in_the_usual_places_of_windows(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path / "Program Files (x86)"))
    monkeypatch.setattr(browser, "_ON_MACOS", ())
    assert browser.installed_browser() == ""
    edge = tmp_path / "Program Files (x86)" / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.touch()
    assert browser.installed_browser() == str(edge)
    found = tmp_path / "bin" / "google-chrome"
    found.parent.mkdir()
    found.touch(mode=0o755)
    assert browser.installed_browser() == str(found)
