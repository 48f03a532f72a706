"""The PDF is the same report, tagged for those who do not see it, with page numbers for those who do."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import Counter

import pikepdf
import pypdfium2
import pytest

from support import read_page
from vgstats.page.pdf import pdf_of


@pytest.fixture(scope="module")
def data(pdf_tools, vg_file) -> bytes:
    return pdf_of(vg_file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pdf(data) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


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


def test_it_says_its_language_and_title_and_claims_pdf_ua(pdf, vg_page):
    assert pdf.Root.Lang == "sv" and pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == vg_page.title.get_text()


def test_headings_tables_and_figures_are_tagged_as_on_the_page(pdf, vg_page):
    kinds = Counter(str(element.S) for element in elements(pdf))
    for tag, name in (("/H1", "h1"), ("/H2", "h2"), ("/H3", "h3"), ("/Figure", "img")):
        assert kinds[tag] == len(vg_page.find_all(name)), name
    assert kinds["/Table"] >= len(vg_page.find_all("table"))  # one a sheet that it runs over


def test_every_figure_has_its_words_and_every_heading_cell_its_scope(pdf, vg_page):
    found = elements(pdf)
    alts = {str(e.Alt) for e in found if e.S == "/Figure"}
    assert alts == {image["alt"] for image in vg_page.find_all("img")}
    scopes = Counter(str(e.A.Scope) for e in found if e.S == "/TH")
    assert set(scopes) == {"/Column", "/Row"}
    assert scopes["/Row"] == len(vg_page.select("tbody th"))


def test_the_folded_tables_are_in_it(pdf, vg_page):
    cells = sum(e.S == "/TD" for e in elements(pdf))
    assert cells == len(vg_page.find_all("td"))


def test_the_contents_have_page_numbers_and_every_sheet_its_header(data, vg_page):
    text = pages_of(data)
    heading = vg_page.h1.get_text()
    assert heading not in text[0].splitlines()
    assert all(heading in page.splitlines() for page in text[1:])
    assert all(page.splitlines()[-1] == f"{n} ({len(text)})" for n, page in enumerate(text, 1))
    for section in (h2.get_text() for h2 in vg_page.find_all("h2")):
        (line,) = [row for row in text[0].splitlines() if row.startswith(section)]
        number = int(line.rsplit(" ", 1)[1])
        assert section in text[number - 1].splitlines()


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


def test_nothing_is_fetched_for_it(pdf_tools, vg_file):
    page = vg_file.read_text(encoding="utf-8")
    outside = page.replace("</main>", '<p><img src="file:///etc/passwd" alt="x"></p></main>')
    assert b"root:" not in pdf_of(outside)


def test_it_is_small_enough_to_mail(data, vg_page):
    assert len(data) < 1_000_000
    assert len(read_page(str(vg_page)).find_all("img")) == 7
