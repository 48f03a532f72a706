"""A page is made of what cells show, and a failed notebook is never a page."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from selectolax.lexbor import LexborHTMLParser

from support import NOTEBOOK, ROOT, read_page
from vgstats.page.exporter import NotCompleteError, PageRefusedError, ReportExporter
from vgstats.page.gate import faults

WORDS = (
    "Det här är en sida med så många ord att den inte är tom, och med allt annat på sin plats. " * 2
)


def export(*cells) -> str:
    """The page of these cells, with a heading and words so that the gate lets it through."""
    if not any("<h1>" in str(cell) for cell in cells):
        cells = (new_markdown_cell("# Sidan"), *cells)
    cells = (*cells, new_markdown_cell(WORDS))
    return ReportExporter().from_notebook_node(new_notebook(cells=list(cells)))[0]


def shown(**data: str):
    data = {kind.replace("_", "/"): value for kind, value in data.items()}
    outputs = [new_output("execute_result", data=data)]
    return new_code_cell("code()", execution_count=1, outputs=outputs)


def test_what_cells_show_is_kept_and_code_and_streams_are_not():
    stream = new_code_cell(
        "noise()", execution_count=1, outputs=[new_output("stream", name="stderr", text="warned")]
    )
    html = export(shown(text_html="<h1>Rubrik</h1>"), stream, new_markdown_cell("## Avsnitt"))
    page = read_page(html)
    assert page.title.get_text() == "Rubrik"
    assert page.h2.get_text() == "Avsnitt" and page.nav.a["href"] == f"#{page.h2['id']}"
    assert "code()" not in html and "warned" not in html


def test_a_result_that_is_no_block_stops_the_conversion():
    with pytest.raises(
        NotCompleteError, match=r"cell 2 \(.*\) shows '<b>tre</b>', which is no block"
    ):
        export(shown(text_plain="<b>tre</b>"))
    with pytest.raises(NotCompleteError, match=r"cell 2 \(.*\) shows .* which is no block"):
        export(shown(text_plain="<IPython...Markdown object>", text_markdown="# Rubrik"))


def test_printed_text_stops_the_conversion():
    stream = [new_output("stream", name="stdout", text="ett tal: 3\n")]
    printed = new_code_cell("f()", execution_count=1, outputs=stream)
    with pytest.raises(
        NotCompleteError, match=r"cell 3 \(.*\) prints 'ett tal: 3', which no page shows"
    ):
        export(new_markdown_cell("# Rubrik"), printed)


def test_an_error_in_a_cell_stops_the_conversion():
    error = new_output("error", ename="ValueError", evalue="wrong", traceback=[])
    with pytest.raises(NotCompleteError, match=r"cell \d \(.*\) ended in ValueError: wrong"):
        export(new_markdown_cell("x"), new_code_cell("f()", execution_count=1, outputs=[error]))


def test_an_image_without_words_stops_the_conversion():
    with pytest.raises(NotCompleteError, match="shows a bare figure, without words"):
        export(shown(image_png="aGVq"))


def test_a_notebook_on_disk_is_not_changed(tmp_path):
    file = tmp_path / "n.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(f"# Rubrik\n\n{WORDS}")]), file)
    before = file.read_bytes()
    ReportExporter().from_filename(str(file))
    assert file.read_bytes() == before


def test_a_notebook_that_was_never_run_is_refused():
    with pytest.raises(NotCompleteError, match=r"a cell has not been run\. Add --execute"):
        export(new_markdown_cell("# Rubrik"), new_code_cell("f()"))


def nbconvert(*arguments: str, cwd) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "vgstats", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nbconverts_own_command_runs_and_converts_the_report(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    shown = ("from", "report", "findings", "series", "remake")
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type != "code"
        or "parameters" in cell.metadata.get("tags", [])
        or cell.source.startswith(shown)
    ]
    nbformat.write(notebook, tmp_path / "n.ipynb")
    done = nbconvert("--execute", "n.ipynb", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "n.html").read_text(encoding="utf-8")
    assert faults(LexborHTMLParser(html)) == []
    assert '<html lang="sv">' in html and "24,9" in html and read_page(html).find("img")


@pytest.mark.long
def test_nbconverts_own_command_runs_and_converts_the_whole_report(tmp_path):
    done = nbconvert("--execute", str(NOTEBOOK), "--output-dir", str(tmp_path), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "uppfoljning.html").read_text(encoding="utf-8")
    assert faults(LexborHTMLParser(html)) == []
    assert "24,9" in html and len(read_page(html).find_all("img")) == 3


@pytest.mark.long  # that an error is refused is held above, and that it is the command's exporter before this
def test_nbconverts_own_command_stops_at_an_error_output(tmp_path):
    error = new_output("error", ename="ValueError", evalue="wrong", traceback=[])
    cells = [
        new_markdown_cell("# Rubrik"),
        new_code_cell("f()", execution_count=1, outputs=[error]),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")
    done = nbconvert("n.ipynb", cwd=tmp_path)
    assert done.returncode != 0 and "cell 2 ('f()') ended in ValueError: wrong" in done.stderr
    assert not (tmp_path / "n.html").exists()


def test_a_notebook_run_halfway_is_refused():
    with pytest.raises(NotCompleteError, match="a cell has not been run"):
        export(shown(text_html="<p>x</p>"), new_code_cell("f()"))


@pytest.mark.parametrize(
    "harm", ["<script>alert(1)</script>", "<img src='https://x.se/a.png'>", "<table></table>"]
)
def test_what_the_gate_refuses_is_no_page_for_nbconvert_either(harm):
    with pytest.raises(PageRefusedError, match="refused"):
        export(new_markdown_cell(harm))
    with pytest.raises(PageRefusedError, match="refused"):
        export(shown(text_html=harm))
