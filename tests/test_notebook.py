"""The notebooks are thin, stored without outputs, and run as they stand in JupyterLab, for any area and time."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import papermill
import pytest
import yaml
from nbclient import NotebookClient
from papermill.exceptions import PapermillExecutionError

from support import ROOT
from vgstats.batch.layout import lay_out
from vgstats.batch.notebooks import headings_of
from vgstats.batch.parameter_file import read_parameter_file
from vgstats.batch.plan import job_of, plan
from vgstats.blocks.blocks import LEFT_OUT_TYPE
from vgstats.errors import VgstatsError
from vgstats.kernels.run import run_notebook
from vgstats.reports import kind, kinds, open_report
from vgstats.sections import changes
from vgstats.store.store import Store

NOTEBOOKS = {name: ROOT / "notebooks" / f"{name}.ipynb" for name in kinds()}
# What the figures that come along suffice for, or the made-up ones of a register; none is a notebook's default.
OTHER = {
    "krav": {"lan": "09", "period": "2018", "requirements": "villkor-2017-2018"},
    "uppfoljning": {"lan": "09", "before": "2015-12", "after": "2018-12"},
    "kommun": {"kommun": "1486", "before": "2002-12", "after": "2010-12"},
    "sjukfall": {"lan": "20", "before": "2024-12", "after": "2025-12"},
    "arsrapport": {"lan": "09", "before": "2015-12", "after": "2018-12"},
    "utlysning": {"calls": ["skl-2017"]},
    "insats": {
        "lan": "10",
        "before": "2016-12",
        "after": "2018-12",
        "intervention": "skl-2017-blekinge",
    },
    "sjukfallskartlaggning": {"snapshot": "2024-10-01", "earlier": ""},
    "enhetsblad": {"enhet": "stora", "snapshot": "2024-10-01", "earlier": ""},
}


def code_of(name: str) -> list:
    return [c for c in nbformat.read(NOTEBOOKS[name], as_version=4).cells if c.cell_type == "code"]


def written(name: str, **parameters: object) -> nbformat.NotebookNode:
    """A notebook with other values written in its first cell."""
    notebook = nbformat.read(NOTEBOOKS[name], as_version=4)
    lines = [f"{key} = {value!r}" for key, value in parameters.items()]
    notebook.cells[0].source = "\n".join([notebook.cells[0].source, *lines])
    return notebook


def run(
    notebook: nbformat.NotebookNode, folder: Path, *, forked: bool = True
) -> nbformat.NotebookNode:
    """A notebook run in a kernel that is forked, which is faster, or in one as JupyterLab has it."""
    if forked:
        return run_notebook(notebook, None, {}, folder=folder)
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def makes_reports(notebook: Path) -> bool:
    """Whether a notebook has a cell tagged `parameters`, which those to explore with have not."""
    cells = nbformat.read(notebook, as_version=4).cells
    return any("parameters" in cell.metadata.get("tags", []) for cell in cells)


@pytest.mark.parametrize("name", kinds())
def test_one_of_ones_own_is_laid_out_for_every_kind_with_room_for_words_under_its_headings(
    name, tmp_path
):
    Store()  # without the units of another test's
    made = lay_out(name, "min-rapport", tmp_path)
    assert read_parameter_file(made.parameters).kind == name
    there = headings_of(name, made.notebook.parent, made.notebook.name)
    assert {"Egna avsnitt", "Om uppgifterna", "För den som gör om rapporten"} <= {*there}


def test_every_kind_has_a_notebook_with_its_parameters_and_no_other_makes_reports():
    every = (ROOT / "notebooks").glob("*.ipynb")
    assert {file.stem for file in every if makes_reports(file)} == set(kinds())
    for name, file in NOTEBOOKS.items():
        there, all_ = (
            set(papermill.inspect_notebook(file)),
            {*kind(name).model.model_fields, "bundle"},
        )
        assert there == all_ - {"notebook"}, "which one it is, it need not be told"


@pytest.mark.parametrize("file", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda f: f.stem)
def test_it_is_stored_without_outputs(file):
    cells = nbformat.read(file, as_version=4).cells
    for cell in (c for c in cells if c.cell_type == "code"):
        assert cell.outputs == [] and cell.execution_count is None


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_cell_is_one_call(name):
    for cell in code_of(name)[2:]:
        (statement,) = ast.parse(cell.source).body
        assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_line_in_swedish_above_the_parameters_says_what_to_change(name):
    first, *lines = code_of(name)[0].source.splitlines()
    assert first.startswith("# Ändra här: ") and "Kör sedan alla celler" in first
    assert "atgardsplan" not in "".join(lines) and "kostnad" not in "".join(lines)


@pytest.mark.parametrize(
    ("name", "forked"),
    [
        *((name, True) for name in NOTEBOOKS if name != "utlysning"),
        ("utlysning", False),  # the shortest; of the longest, test_same_result.py has both kernels
        *(pytest.param(name, name == "utlysning", marks=pytest.mark.long) for name in NOTEBOOKS),
    ],
)
def test_another_area_and_time_in_its_first_cell_just_work(
    name, forked, register_store, mapped_store, monkeypatch, tmp_path
):
    more = {}
    if name == "sjukfall":
        monkeypatch.setenv("VGSTATS_STORE", str(register_store.folder))
        more = {"disclosure": {"mode": "off"}}
    elif name in ("sjukfallskartlaggning", "enhetsblad"):
        monkeypatch.setenv("VGSTATS_STORE", str(mapped_store.folder))
    notebook = run(written(name, **OTHER[name], **more), tmp_path, forked=forked)
    shown = [c for c in notebook.cells if c.cell_type == "code" and c.outputs]
    assert all(o.output_type == "execute_result" for c in shown for o in c.outputs), "noise"
    assert len(shown) == len(code_of(name)) - 2
    assert all({"text/html", LEFT_OUT_TYPE} & c.outputs[0].data.keys() for c in shown)


def test_another_measure_is_fetched_from_the_store_in_jupyterlab(tmp_path):
    asking = "report.value('fk_medarbetare', '2008-12').value, report.parameters.measures"
    notebook = written("uppfoljning", lan="14", before="2005-12", after="2008-12")
    opened = next(n for n, cell in enumerate(notebook.cells) if "open_report(" in cell.source)
    notebook.cells[opened + 1 :] = [nbformat.v4.new_code_cell(asking)]
    notebook = run(notebook, tmp_path)
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "(735.0, ['fk_medarbetare'])"


@pytest.mark.parametrize("name", ["uppfoljning", "kommun"])
def test_in_a_batch_another_measure_is_refused_with_the_line_that_asks_for_it(name):
    parameters = kind(name).model(**{"lan": "14", **OTHER[name]})
    report = kind(name)(parameters, job_of(name, parameters).bundle)
    with pytest.raises(VgstatsError, match=r"measures: \[avslag_efter_180\]"):
        changes(report, measures=["avslag_efter_180"])
    asked = parameters.model_copy(update={"measures": ["avslag_efter_180"]})
    again = kind(name)(asked, job_of(name, asked).bundle)
    assert changes(again, measures=["avslag_efter_180"]) is not None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"lan": 14}, "lan: 14 will not do. Expected"),
        ({"before": "2009-12"}, "before '2009-12' must lie before after '2008-12'"),
        ({"befor": "2005-12"}, "unknown key 'befor'. Did you mean 'before'?"),
        (
            {"measures": ["ohalsotl"]},
            "measures: unknown measure 'ohalsotl'. Did you mean 'ohalsotal'?",
        ),
        (
            {"measures": "ohalsotal"},
            "measures: 'ohalsotal' will not do. Expected a list of measures",
        ),
        ({"intervention": "timra"}, "intervention: 'timra' is unknown. Known:"),
        (
            {"periods": {"ohalsotal": ["2005"]}},
            "periods: ohalsotal: 1 periods stand there. Expected two",
        ),
        (
            {"disclosure": {"threshold": "två"}},
            "threshold: 'två' will not do. Expected a whole number",
        ),
        (
            {"disclosure": {"mode": ["off"]}},
            "mode: ['off'] will not do. Expected 'suppress' or 'off'",
        ),
    ],
)
def test_a_mistake_is_told_alike_in_a_cell_and_in_a_parameter_file(values, says, tmp_path):
    given = {"lan": "14", "before": "2005-12", "after": "2008-12", **values}
    with pytest.raises(VgstatsError) as in_cell:
        open_report("uppfoljning", **given)
    assert says in str(in_cell.value) and "pydantic" not in str(in_cell.value)
    if not isinstance(given["lan"], str):
        return  # a file cannot hold a number: every value is a text there
    file = tmp_path / "some.yaml"
    texts = {**given, "report": "uppfoljning", "lan": [given["lan"]]}
    file.write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
    with pytest.raises(VgstatsError) as in_file:
        plan(file)
    # A file has more keys than a cell, so where all are listed the lists differ.
    said, _, _ = str(in_cell.value).partition(" Known keys:")
    assert str(in_file.value).startswith(f"{file}: {said}")


def test_a_mistake_in_the_first_cell_is_one_line_of_words(tmp_path):
    with pytest.raises(PapermillExecutionError) as error:
        run(written("uppfoljning", before="2008-13"), tmp_path)
    assert error.value.ename == "VgstatsError" and "2008-13" in error.value.evalue


@pytest.mark.parametrize("name", [None, 3, ["kommun"], "base"])
def test_what_is_no_kind_of_report_is_said_to_be_none(name):
    with pytest.raises(VgstatsError, match=r"report: .* will not do"):
        open_report(name, lan="14", before="2005-12", after="2008-12")


def test_of_a_kommun_that_is_none_no_county_is_named():
    with pytest.raises(VgstatsError, match=r"kommun: '9999' is no kommun\. Expected four digits"):
        open_report("kommun", lan="", kommun="9999", before="2005-12", after="2008-12")
