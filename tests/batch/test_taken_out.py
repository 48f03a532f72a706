"""What is made of a page and lies beside it: the workbook and the pictures, each there as long as its page is."""

from __future__ import annotations

import shutil

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from rounds import entries, made, notebooks, render

from support import read_page, words
from vgstats.batch import manifest

FILE = "dalarnas-lan-2019-12-2024-12.html"
BOOK, FOLDER = FILE.replace(".html", ".xlsx"), FILE.replace(".html", "-bilder")
PICTURES = [f"{FOLDER}/01-pahittade-siffror-huvudfigur.png"]
WORD = FILE.replace(".html", "-sida-1.docx")
BOTH = ("--to", "xlsx", "--to", "bilder", "--to", "docx")


@pytest.fixture
def figures(setting, tmp_path):
    """Options of a run of one short report with a table and a figure."""
    notebooks(
        tmp_path / "notebooks",
        "from vgstats.sections import lead_figure",
        "lead_figure(report)",
        "changes(report)",
    )
    return [*setting, "--only", "20"]


@pytest.mark.usefixtures("pdf_tools")
def test_a_workbook_and_pictures_lie_beside_the_page_and_are_made_again_when_they_are_harmed(
    figures, tmp_path
):
    folder = tmp_path / "out" / "some"
    assert made(render(*figures, *BOTH)) == {"20"}
    assert set(entries(folder)["20"]["outputs"]) == {FILE, BOOK, WORD, *PICTURES}
    assert CalamineWorkbook.from_path(folder / BOOK).sheet_names[0] == "Innehåll"
    index = read_page((folder / "index.html").read_text(encoding="utf-8"))
    links = {words(a): a["href"] for a in index.main.find_all("a") if not a.get("download")}
    assert links["Excel för Dalarnas län"] == BOOK and "PDF för Dalarnas län" not in links
    assert links["Word för Dalarnas län"] == WORD
    assert made(render(*figures, *BOTH)) == made(render(*figures)) == set()
    (folder / PICTURES[0]).unlink()
    assert made(render(*figures, "--to", "bilder")) == {"20"}
    assert (folder / PICTURES[0]).exists() and not (folder / BOOK).exists(), "of an older page"
    shutil.rmtree(folder / FOLDER)
    done = render(*figures)
    assert made(done) == {"20"} and set(entries(folder)["20"]["outputs"]) == {FILE}
    done = render(*figures, "--to", "xlsx", "--dry-run", "--explain")
    assert "to make, it is wanted as xlsx too" in done.stdout


@pytest.mark.usefixtures("pdf_tools")
def test_another_template_makes_the_document_again_and_one_that_is_none_makes_nothing(
    figures, tmp_path
):
    folder, template = tmp_path / "out" / "some", tmp_path / "mall.docx"
    template.write_text("ingen mall", encoding="utf-8")
    done = render(*figures, "--to", "docx", "--template", template)
    assert done.returncode == 2 and "no Word document" in done.stderr and not folder.exists()
    assert render(*figures, "--template", template).returncode == 2, "not asked for"
    mall = Document()
    mall.sections[0].header.paragraphs[0].text = "Region Prov"
    mall.save(template)
    assert made(render(*figures, "--to", "docx")) == {"20"}
    written = Document(folder / WORD)
    written.add_paragraph("Regionens ord")
    written.save(folder / WORD)
    assert made(render(*figures, "--to", "docx")) == set(), "it is there to be written in"
    done = render(*figures, "--to", "docx", "--template", template, "--explain")
    kept = Document(folder / WORD.replace(".docx", "-redigerad.docx"))
    assert kept.paragraphs[-1].text == "Regionens ord" and "is kept as" in done.stderr
    assert "its Word template changed" in done.stdout and made(done) == {"20"}
    assert Document(folder / WORD).sections[0].header.paragraphs[0].text == "Region Prov"


def test_the_pictures_of_a_report_go_with_it_and_one_that_somebody_drew_in_stays(tmp_path):
    for name in (FILE, *PICTURES):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"made")
    outputs = {name: manifest.Output.of(tmp_path / name) for name in (FILE, *PICTURES)}
    line = manifest.ManifestLine(
        file=FILE, kind="k", area="a", status="made", key={}, made="", seconds=0, outputs=outputs
    )
    (tmp_path / PICTURES[0]).write_bytes(b"drawn in")
    assert manifest.remove(tmp_path, line) == PICTURES
    assert (tmp_path / PICTURES[0]).exists() and not (tmp_path / FILE).exists()
    outputs[PICTURES[0]] = manifest.Output.of(tmp_path / PICTURES[0])
    assert manifest.remove(tmp_path, line.model_copy(update={"outputs": outputs})) == []
    assert not (tmp_path / FOLDER).exists()
