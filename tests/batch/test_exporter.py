"""A page is made of what cells show, and a failed notebook is never a page."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from support import read_page
from vgstats.batch.exporter import NotCompleteError, ReportExporter


def export(*cells) -> str:
    return ReportExporter().from_notebook_node(new_notebook(cells=list(cells)))[0]


def shown(**data: str):
    data = {kind.replace("_", "/"): value for kind, value in data.items()}
    return new_code_cell("code()", outputs=[new_output("execute_result", data=data)])


def test_what_cells_show_is_kept_and_code_and_streams_are_not():
    stream = new_code_cell("noise()", outputs=[new_output("stream", name="stderr", text="warned")])
    html = export(shown(text_html="<h1>Rubrik</h1>"), stream, new_markdown_cell("## Avsnitt"))
    page = read_page(html)
    assert page.title.get_text() == "Rubrik"
    assert page.h2.get_text() == "Avsnitt" and page.nav.a["href"] == f"#{page.h2['id']}"
    assert "code()" not in html and "warned" not in html


def test_plain_results_are_shown_as_text():
    html = export(shown(text_plain="<b>3</b>"))
    assert "<pre>&lt;b&gt;3&lt;/b&gt;</pre>" in html


def test_an_error_in_a_cell_stops_the_conversion():
    error = new_output("error", ename="ValueError", evalue="wrong", traceback=[])
    with pytest.raises(NotCompleteError, match="cell 2 ended in ValueError: wrong"):
        export(new_markdown_cell("x"), new_code_cell("f()", outputs=[error]))


def test_an_image_without_words_stops_the_conversion():
    with pytest.raises(NotCompleteError, match="without alternative text"):
        export(shown(image_png="aGVq"))


def test_a_notebook_on_disk_is_not_changed(tmp_path):
    file = tmp_path / "n.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Rubrik")]), file)
    before = file.read_bytes()
    ReportExporter().from_filename(str(file))
    assert file.read_bytes() == before
