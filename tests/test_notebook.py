"""The notebook is thin, stored without outputs, and runs as it stands in JupyterLab."""

from __future__ import annotations

import ast

import nbformat
import papermill
from nbclient import NotebookClient

from support import NOTEBOOK, ROOT, block_calls
from vgstats.batch.plan import plan
from vgstats.reports.kinds import KINDS
from vgstats.reports.uppfoljning import Parameters


def cells():
    return nbformat.read(NOTEBOOK, as_version=4).cells


def test_it_is_stored_without_outputs():
    for cell in cells():
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


def test_each_cell_is_one_library_call():
    code = [c.source for c in cells() if c.cell_type == "code"]
    assert code[2:] == block_calls()
    for source in code[2:]:
        (statement,) = ast.parse(source).body
        assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def test_its_parameters_are_those_of_the_model_and_the_default_batch():
    found = papermill.inspect_notebook(NOTEBOOK)
    assert set(found) == {*Parameters.model_fields, "bundle"}
    defaults = {name: ast.literal_eval(entry["default"]) for name, entry in found.items()}
    assert defaults.pop("bundle") == ""
    job = plan(ROOT / "params" / "vg-2006-2008.yaml").jobs[0]
    assert defaults.pop("disclosure") == {}  # the usual rule
    assert defaults == job.parameters.model_dump(mode="json", exclude={"disclosure"})


def test_it_runs_unchanged_as_in_jupyterlab():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    shown = [c for c in notebook.cells if c.cell_type == "code" and c.outputs]
    assert all(o.output_type == "execute_result" for c in shown for o in c.outputs), "noise"
    assert len(shown) == len(block_calls())
    assert all("text/html" in c.outputs[0].data for c in shown)


def test_every_report_kind_has_a_notebook_with_its_parameters_and_no_other_is_there():
    notebooks = {p.stem: p for p in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(notebooks) == set(KINDS)
    for name, kind in KINDS.items():
        found = papermill.inspect_notebook(notebooks[name])
        assert set(found) == {*kind.parameters.model_fields, "bundle"}
