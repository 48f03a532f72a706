"""A notebook and a parameter file of one's own to start from: those of a kind of report under a new name."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from vgstats.batch.notebooks import notebook_of, notebook_text
from vgstats.catalogue.numbers_in_words import numbers_in
from vgstats.disclosure.release import is_own_measure
from vgstats.errors import VgstatsError
from vgstats.reports import kind as kind_of
from vgstats.reports import kinds
from vgstats.reports.base.common import Parameters
from vgstats.reports.base.faults import checked
from vgstats.store.store import Store

_HEADING = "## Egna avsnitt"
_BEFORE = "## Om uppgifterna"  # the last part of a report, where the kinds have it
_TITLE = "report.title()"
_SECTIONS = re.compile(r"from vgstats\.sections import \([^)]*\)")
_EXAMPLE = (
    _HEADING,
    """\
import pandas as pd

import vgstats as vg

vg.text(
    "Skriv här vad ni själva har sett. Ett tal i texten, som 25 möten, behöver en källa.",
    source="Regionens egen uppföljning",
)""",
    """\
mine = pd.DataFrame({"År": [2023, 2024, 2025], "Möten": [18, 21, 25]})
vg.table(mine, caption="Möten med chefer", source="Regionens egen uppföljning")""",
    """\
import seaborn as sns

vg.figure(
    sns.barplot(mine, x="År", y="Möten"),
    alt="Mötena blev fler varje år, från 18 år 2023 till 25 år 2025",
    data=mine,
    caption="Mötena blev fler",
    source="Regionens egen uppföljning",
)""",
)
_BESIDE_OWN_COUNTS = (
    _HEADING,
    """\
import vgstats as vg

vg.text("Skriv här vad ni själva har sett, utan tal: rapporten visar regionens egna antal, och små tal är dolda.")""",
)
_WRITTEN = """\
# Ändra här: vilka rapporter, vilka tider. Notebooken {notebook} gör dem.
"""


@dataclass(frozen=True)
class LaidOut:
    """What was written: a notebook, and the parameter file that makes a report with it."""

    notebook: Path
    parameters: Path

    @property
    def command(self) -> str:
        """The command that makes the report, typed in the folder that both were laid out in."""
        return f"vgstats render params/{self.parameters.name}"


def lay_out(
    kind: str,
    name: str,
    folder: Path = Path(),
    *,
    cells: Sequence[NotebookNode] | None = None,
    only: bool = False,
    parameters: Mapping[str, Any] | None = None,
    notebooks: Path | None = None,
) -> LaidOut:
    """Write `notebooks/NAME.ipynb` and `params/NAME.yaml` in a folder, and never over a file that is there.

    Args:
        kind: the kind of report, whose notebook is copied.
        name: what both are called, without ending.
        folder: where they go.
        cells: one's own cells (of `nbformat.v4.new_code_cell` or `new_markdown_cell`), put under a heading of their
            own before "Om uppgifterna"; an example to write over when left out.
        only: whether they stand in place of all that the kind shows between its title and "Om uppgifterna".
        parameters: the keys and values of the parameter file, in
            place of those that the notebook of the kind has. `measures` must name those that `cells` show and the
            kind does not.
        notebooks: the folder with the notebook of the kind (see `notebook_of`).

    Raises:
        VgstatsError: there is no such kind, the name or a parameter will not do, a file is there already or cannot be
            written.
    """
    model = kind_of(kind).model
    named = re.fullmatch(r"\w[\w.-]*", name) and not name.endswith((".ipynb", ".yaml"))
    if not named or name in kinds():  # a notebook called by a kind would make all its reports
        raise VgstatsError(
            f"{name!r} will not do as a name. Write letters, digits, - and _ without an ending, and not the name of a "
            "kind, such as min-rapport."
        )
    own_counts = is_own_measure(kind_of(kind).main)
    if own_counts and numbers_in(name):
        raise VgstatsError(
            f"{name!r} will not do as a name: it stands on the page, and beside a region's own counts no number may "
            "that is no date. Write it without digits, such as vart-register."
        )
    found = LaidOut(folder / "notebooks" / f"{name}.ipynb", folder / "params" / f"{name}.yaml")
    for file in (found.notebook, found.parameters):
        if file.exists():
            raise VgstatsError(
                f"{file}: the file is there already, and is not overwritten. Choose another name, or use it."
            )
    template = notebook_of(kind, notebooks)
    notebook = nbformat.reads(notebook_text(kind, template.parent), as_version=4)  # type: ignore[no-untyped-call]
    values = _values(notebook)
    values.pop("bundle", None)
    Store().open_measures()
    given = _known_here(model, values) | dict(parameters or {})
    values |= given
    _fill_in(notebook, given)
    if only:
        _leave_out(notebook)
    _put_in(notebook, cells if cells is not None else _example(own_counts=own_counts))
    if only:
        _import_what_is_used(notebook)
    lines = checked(model, {**values, "notebook": found.notebook.name}).lines(kind)
    text = _WRITTEN.format(notebook=found.notebook.name) + lines
    _write(found.notebook, nbformat.writes(notebook))  # type: ignore[no-untyped-call]
    _write(found.parameters, text)
    return found


def _known_here(model: type[Parameters], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return for each axis whose example there is not here, such as a unit, the first that there is."""
    found: dict[str, Any] = {}
    for axis in model.axes:
        chosen = {**values, **found}
        there = model.known(axis, chosen) if chosen.get(axis) else []
        if there and chosen[axis] not in there:
            found[axis] = there[0]
    return found


def _values(notebook: NotebookNode) -> dict[str, Any]:
    """Return what the parameters cell of a notebook that is checked gives as values."""
    (cell,) = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    return {
        one.targets[0].id: ast.literal_eval(one.value)
        for one in ast.parse(cell.source).body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }


def _fill_in(notebook: NotebookNode, parameters: Mapping[str, Any]) -> None:
    """Let the parameters cell have the values of the parameter file, so that JupyterLab shows the same report."""
    (cell,) = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    for name, value in parameters.items():
        line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
        lines = (line if one.startswith(f"{name} = ") else one for one in cell.source.split("\n"))
        cell.source = "\n".join(lines)


def _example(*, own_counts: bool) -> list[NotebookNode]:
    heading, *code = _BESIDE_OWN_COUNTS if own_counts else _EXAMPLE
    return [new_markdown_cell(heading), *map(new_code_cell, code)]  # type: ignore[no-untyped-call]


def _put_in(notebook: NotebookNode, cells: Sequence[NotebookNode]) -> None:
    """Put cells before the last part of a report, under a heading; before its last cell where it has no such part."""
    sources = [cell.source.strip() for cell in notebook.cells]
    place = sources.index(_BEFORE) if _BEFORE in sources else len(sources) - 1
    headed = cells and cells[0].cell_type == "markdown" and cells[0].source.startswith("## ")
    heading = [] if headed or not cells else [new_markdown_cell(_HEADING)]  # type: ignore[no-untyped-call]
    notebook.cells[place:place] = [*heading, *cells]
    for number, cell in enumerate(notebook.cells):
        cell["id"] = str(number)


def _leave_out(notebook: NotebookNode) -> None:
    """Take away what a kind shows after its title and before the last part of a report."""
    sources = [cell.source.strip() for cell in notebook.cells]
    place = sources.index(_BEFORE) if _BEFORE in sources else len(sources) - 1
    del notebook.cells[sources.index(_TITLE) + 1 : place]


def _import_what_is_used(notebook: NotebookNode) -> None:
    """Let the cell that imports sections import those that the notebook calls, and no others."""
    (cell,) = (c for c in notebook.cells if _SECTIONS.search(c.source))
    used = {
        word
        for c in notebook.cells
        if c is not cell
        for word in re.findall(r"^\w+(?=\()", c.source)
    }
    names = "".join(f"    {name},\n" for name in sorted(used))
    cell.source = _SECTIONS.sub(f"from vgstats.sections import (\n{names})", cell.source)


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text if text.endswith("\n") else f"{text}\n")
    except OSError as error:
        raise VgstatsError(
            f"{file}: cannot be written ({error.strerror}). Choose a folder that can be written to."
        ) from None
