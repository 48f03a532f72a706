"""What is made of a page and lies beside it: the workbook and the pictures, each there as long as its page is."""

from __future__ import annotations

import shutil

import pytest
from python_calamine import CalamineWorkbook
from rounds import entries, made, notebooks, render

from support import read_page, words
from vgstats.batch import manifest

FILE = "dalarnas-lan-2019-12-2024-12.html"
BOOK, FOLDER = FILE.replace(".html", ".xlsx"), FILE.replace(".html", "-bilder")
PICTURES = [f"{FOLDER}/01-pahittade-siffror-huvudfigur.png"]
BOTH = ("--to", "xlsx", "--to", "bilder")


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
    assert set(entries(folder)["20"]["outputs"]) == {FILE, BOOK, *PICTURES}
    assert CalamineWorkbook.from_path(folder / BOOK).sheet_names[0] == "Innehåll"
    index = read_page((folder / "index.html").read_text(encoding="utf-8"))
    links = {words(a): a["href"] for a in index.main.find_all("a") if not a.get("download")}
    assert links["Excel för Dalarnas län"] == BOOK and "PDF för Dalarnas län" not in links
    assert made(render(*figures, *BOTH)) == made(render(*figures)) == set()
    (folder / PICTURES[0]).unlink()
    assert made(render(*figures, "--to", "bilder")) == {"20"}
    assert (folder / PICTURES[0]).exists() and not (folder / BOOK).exists(), "of an older page"
    shutil.rmtree(folder / FOLDER)
    done = render(*figures)
    assert made(done) == {"20"} and set(entries(folder)["20"]["outputs"]) == {FILE}
    done = render(*figures, "--to", "xlsx", "--dry-run", "--explain")
    assert "to make, it is wanted as xlsx too" in done.stdout


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
