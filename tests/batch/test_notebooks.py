"""A notebook is checked whole before the first report is begun, and says by cell what a page cannot show."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from rounds import made, notebooks, params, render

from commands import Ended, vgstats
from support import ROOT
from vgstats.batch.notebooks import notebook_of, notebook_texts
from vgstats.errors import VgstatsError
from vgstats.software import digest_of_text

KINDS = ["kommun", "sjukfall", "uppfoljning"]


def altered(folder: Path, *cells, change=lambda notebook: None) -> Path:
    """A folder with the notebook `uppfoljning`, with cells put after its first."""
    notebook = nbformat.read(ROOT / "notebooks" / "uppfoljning.ipynb", as_version=4)
    notebook.cells[1:1] = cells
    change(notebook)
    nbformat.write(notebook, folder / "uppfoljning.ipynb")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(VgstatsError) as error:
        notebook_texts(["uppfoljning"], folder)
    return str(error.value)


def test_our_own_notebooks_are_whole():
    assert list(notebook_texts(KINDS, ROOT / "notebooks")) == KINDS


CELLS = {
    "raw": (new_raw_cell("words"), r"cell 2 \('words'\) is a raw cell, which no page shows. Make it a Markdown cell"),
    "TeX": (new_markdown_cell("Talet $x_1$ är"), r"cell 2 \(.*\) has the formula '\$x_1\$'"),
    "TeX on a line": (new_markdown_cell("$$\n\\frac{a}{b}\n$$\n\\begin{align}"), "has the formula"),
    "print": (new_code_cell("for n in (1, 2):\n    print(n)"), r"cell 2 \('for n in \(1, 2\):'\) prints text.*vg.text"),
    "Markdown": (new_code_cell("display(Markdown('# x'))"), r"cell 2 \(.*\) shows Markdown\(...\)"),
    "of IPython": (new_code_cell("import IPython.display as d\nd.Latex('x')"), "shows Latex"),
}  # fmt: skip


@pytest.mark.parametrize("what", CELLS)
def test_what_no_page_shows_is_refused_by_its_cell_with_what_to_do(tmp_path, what):
    cell, says = CELLS[what]
    message = refusal(altered(tmp_path, cell))
    assert str(tmp_path / "uppfoljning.ipynb") in message
    assert re.search(says, message), message


FINE = [
    new_markdown_cell("Det kostar många \\$ och `$x$` är kod.\n\n```\n$y$\n```"),
    new_markdown_cell("Priset är några $ och många $ i dag."),
    new_code_cell("def later():\n    print('not now')"),
    new_code_cell("import sys\nprint('warning', file=sys.stderr)"),
    new_code_cell("%matplotlib inline\nprint"),
]


@pytest.mark.parametrize("cell", FINE)
def test_what_is_fine_passes(tmp_path, cell):
    notebook_texts(["uppfoljning"], altered(tmp_path, cell))


def kernel(name: str, language: str):
    def change(notebook) -> None:
        notebook.metadata["kernelspec"] = {"name": name, "display_name": name, "language": language}

    return change


def test_a_notebook_in_another_language_is_refused(tmp_path):
    assert "is written in R." in refusal(altered(tmp_path, change=kernel("ir", "R")))


def test_a_notebook_that_names_no_language_is_refused_before_any_report_is_begun(tmp_path):
    def change(notebook) -> None:
        del notebook.metadata["kernelspec"]

    assert "choose a Python kernel" in refusal(altered(tmp_path, change=change))


CODE = {
    "a call": "lan = chosen()",
    "an import": "import os",
    "two at once": "lan = before = '14'",
    "a condition": "if True:\n    lan = '14'",
}


@pytest.mark.parametrize("what", CODE)
def test_the_parameters_cell_holds_values_and_no_code(tmp_path, what):
    def change(notebook) -> None:
        (cell,) = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
        cell.source += "\n" + CODE[what]

    assert "one cell of assignments of plain values" in refusal(altered(tmp_path, change=change))


BROKEN = {
    "Latin-1": ("{\"cells\": [], \"x\": \"å\"}".encode("latin-1"), "is not UTF-8 text"),
    "cut off": (b'{"cells": [', "no notebook, or it is cut off"),
    "another thing": (b'{"rows": 3}', "this is no notebook"),
    "a list": (b"[1, 2]", "this is no notebook"),
    "nothing": (b"", "this is no notebook"),
    "cells of no kind": (json.dumps({"cells": [{"cell_type": "x"}], "metadata": {}, "nbformat": 4,
                                     "nbformat_minor": 5}).encode(), "this is no notebook"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_is_no_notebook_is_named(tmp_path, what):
    content, says = BROKEN[what]
    (tmp_path / "uppfoljning.ipynb").write_bytes(content)
    message = refusal(tmp_path)
    assert says in message and str(tmp_path / "uppfoljning.ipynb") in message


def test_a_notebook_saved_with_a_kernel_that_is_not_here_is_run_all_the_same(setting, tmp_path):
    folder = notebooks(tmp_path / "notebooks")
    notebook = nbformat.read(folder / "uppfoljning.ipynb", as_version=4)
    kernel("somebodys-env", "python")(notebook)
    nbformat.write(notebook, folder / "uppfoljning.ipynb")
    assert made(render(*setting, "--only", "some/20")) == {"20"}


SHOWN = {
    "say = print\nsay('one')\nsay('two')": "cell 5 ('say = print') prints 'one\\ntwo', which no page shows",
    "'just a text'": """cell 5 ("'just a text'") shows "'just a text'", which is no block of a page""",
}


@pytest.mark.parametrize("source", SHOWN)
def test_what_only_a_run_can_tell_is_refused_by_its_cell(setting, tmp_path, source):
    notebooks(tmp_path / "notebooks", source)
    params(tmp_path, "20")
    done = render(*setting)
    assert done.returncode == 1
    assert SHOWN[source] in done.stderr


def check(folder: Path, *arguments: object) -> Ended:
    """Run `vgstats check` on a parameter file in a working folder."""
    return vgstats("check", params(folder, "05"), *arguments, cwd=folder)


def test_without_a_notebook_in_the_working_folder_the_one_that_comes_along_is_used(tmp_path):
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "kommun.ipynb", tmp_path / "notebooks")
    done = check(tmp_path)
    assert done.returncode == 0 and "notebooks" not in done.stdout, done.stderr


def test_a_notebook_in_the_working_folder_is_used_and_named_where_it_is_another(tmp_path):
    own = tmp_path / "notebooks"
    own.mkdir()
    shutil.copy(ROOT / "notebooks" / "uppfoljning.ipynb", own)
    assert "uppfoljning.ipynb" not in check(tmp_path).stdout
    altered(own, new_markdown_cell("## Mer"))
    done = check(tmp_path)
    said = re.search(r"^(\S+): used instead of the notebook that comes along", done.stdout, re.M)
    assert done.returncode == 0 and Path(said[1]) == Path("notebooks", "uppfoljning.ipynb")
    assert "used instead" not in check(tmp_path, "--notebooks", own).stdout
    shutil.copy(ROOT / "notebooks" / "uppfoljning.ipynb", own / "min.ipynb")
    of_its_own = params(tmp_path, "05", more="notebook: min.ipynb\n")
    assert "used instead" not in vgstats("check", of_its_own, cwd=tmp_path).stdout
    (tmp_path / "ord.md").write_text("# Mer\n\nOrd.\n", encoding="utf-8")
    named = vgstats("check", params(tmp_path, "05", more="words: ord.md\n"), cwd=tmp_path)
    assert named.returncode == 0, named.stderr


def test_a_kind_without_any_notebook_is_told_with_what_to_do(tmp_path):
    done = vgstats("render", params(tmp_path, "05"), "--notebooks", tmp_path / "none", cwd=tmp_path)
    assert done.returncode == 2 and "with --notebooks" in done.stderr


def test_of_two_notebooks_the_one_that_a_report_was_made_with_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    here = altered(Path("notebooks"), new_markdown_cell("# Mer")) / "uppfoljning.ipynb"
    ours = ROOT / "notebooks" / "uppfoljning.ipynb"
    digests = {file: digest_of_text(file.read_text(encoding="utf-8")) for file in (here, ours)}
    for file, digest in digests.items():
        assert notebook_of("uppfoljning", digest=digest) == file
    assert notebook_of("uppfoljning", digest="of neither") == here
    here.write_text("{ broken", encoding="utf-8")
    assert notebook_of("uppfoljning", digest=digests[ours]) == ours
