"""The notebooks of the report kinds: where they are, and that a page can show all that they say.

All is checked before the first report is begun, so that a notebook fails once and not once a report.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode, ValidationError
from nbformat.reader import NotJSONError

from vgstats import shipped
from vgstats.entries import text_in
from vgstats.errors import VgstatsError, nearest
from vgstats.page.in_a_cell import TEXT, markdown_faults, named
from vgstats.page.own_words import HEADING
from vgstats.reports import kind as kind_of
from vgstats.reports.base.common import IN_BUNDLE
from vgstats.software import __version__, digest_of_text

YOURS = Path("notebooks")
_ADDED = {"bundle"}  # what a batch gives a notebook besides the model's parameters
_CODE = re.compile(r"(`+).*?\1|^ {4}.*$|^(```|~~~).*?^\2", re.DOTALL | re.MULTILINE)
_TEX = re.compile(r"(?<!\\)(\$\$?)(?=\S)[^$\n]+(?<=\S)\1|\\\(|\\\[|\\begin\{")
_SHOWN_NOWHERE = {"Markdown", "Latex", "Math", "Image", "SVG", "JSON", "Javascript"}
_NO_NOTEBOOK = "this is no notebook{}. Restore it from the project, or save it anew in JupyterLab."


def notebook_of(
    kind: str,
    notebooks: Path | None = None,
    own: str = "",
    beside: Path | None = None,
    digest: str = "",
) -> Path:
    """Return the notebook that a report is made with: that of its kind, or the one that its parameters name.

    Args:
        kind: the kind of report.
        notebooks: the folder with the notebooks; where it is left out, `notebooks` in the working folder where that
            has it, else what comes along with vgstats.
        own: the name of one's own notebook, empty for that of the kind.
        beside: the folder of the parameter file, where one's own may lie too: it counts before one in the others.
        digest: the digest (see `software.notebook_digest`) of the notebook that is wanted, if there is a choice.

    Raises:
        VgstatsError: there is none.
    """
    folders = [notebooks] if notebooks else [YOURS, shipped.notebooks()]
    if own:
        folders = [beside, *folders] if beside else folders
    places = list(dict.fromkeys(folder / (own or f"{kind}.ipynb") for folder in folders))
    found = [file for file in places if file.is_file()]
    if found:
        return next((file for file in found if digest and _digest(file) == digest), found[0])
    if own:
        there = [file.name for folder in folders for file in folder.glob("*.ipynb")]
        raise VgstatsError(
            f"notebook: there is no {places[0]}.{nearest(own, there)} Correct the name, put the notebook there or in "
            "notebooks, name its folder with --notebooks, or lay one out with: "
            f"vgstats new {kind} {Path(own).stem}"
        )
    none = "." if notebooks else f", and none of this kind comes along with vgstats {__version__}."
    raise VgstatsError(
        f"There is no notebook {places[0]}{none} Name the folder that has it with --notebooks."
    )


def of_your_own(kind: str) -> str:
    """Return what to say where a report is made with another notebook than what comes along, empty where it is not.

    That is one of the working folder: a person's own, or a copy that an earlier version had.
    """
    used, ours = notebook_of(kind), shipped.notebooks() / f"{kind}.ipynb"
    if not ours.is_file() or _digest(used) == _digest(ours):
        return ""
    return (
        f"{used}: used instead of the notebook that comes along with vgstats {__version__}, which is another. Take it "
        "away to have that one."
    )


def _digest(file: Path) -> str:
    """Return the digest of a notebook, empty where it has none because it is broken."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        return digest_of_text(file.read_text(encoding="utf-8"))
    return ""


def notebook_texts(kinds: Iterable[str], notebooks: Path | None = None) -> dict[str, str]:
    """Return the texts of the notebooks of some report kinds, each checked against the kind's model.

    Raises:
        VgstatsError: a notebook is missing or broken, is not in Python, holds what no page can show, has no
            parameters cell, or that cell holds more than plain values, lacks a parameter of the model or has
            one that the model does not know.
    """
    return {kind: _text(notebook_of(kind, notebooks), kind) for kind in sorted(set(kinds))}


def notebook_text(
    kind: str, notebooks: Path | None = None, own: str = "", beside: Path | None = None
) -> str:
    """Return the text of the notebook that a report is made with (see `notebook_of`), checked as `notebook_texts` does.

    Raises:
        VgstatsError: it is missing, or will not do.
    """
    return _text(notebook_of(kind, notebooks, own, beside), kind)


def headings_of(
    kind: str, notebooks: Path | None = None, own: str = "", beside: Path | None = None
) -> list[str]:
    """Return the headings that a notebook (see `notebook_of`) has in its Markdown cells, without its title.

    Raises:
        VgstatsError: the notebook is missing or broken (see `notebook_texts`).
    """
    cells = json.loads(notebook_text(kind, notebooks, own, beside))["cells"]
    written = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return [found[1].strip() for text in written for found in HEADING.finditer(text)]


def _text(file: Path, kind: str) -> str:
    text = text_in(file, "notebook", "Name the folder with the notebooks with --notebooks.")
    try:
        notebook: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except NotJSONError:
        raise VgstatsError(f"{file}: {_NO_NOTEBOOK.format(', or it is cut off')}") from None
    except (ValidationError, AttributeError, KeyError, TypeError, ValueError) as error:
        why = " ".join(str(error).split())[:200]
        raise VgstatsError(f"{file}: {_NO_NOTEBOOK.format(f' ({why})')}") from None
    language = notebook.metadata.get("kernelspec", {}).get("language", "no language that it names")
    if language.lower() != "python":
        raise VgstatsError(
            f"{file}: the notebook is written in {language}. Reports are made in Python: choose a Python kernel "
            "in JupyterLab and save it."
        )
    for number, cell in enumerate(notebook.cells, 1):
        for fault in _not_shown(cell):
            raise VgstatsError(f"{file}: {named(number, cell.source)} {fault}")
    _check_parameters(file, kind, notebook)
    return text


def _not_shown(cell: NotebookNode) -> Iterator[str]:
    """Yield what a cell says that would not be on the page, and what to do."""
    if cell.cell_type == "raw":
        yield "is a raw cell, which no page shows. Make it a Markdown cell, or delete it."
    elif cell.cell_type == "markdown":
        if found := _TEX.search(_CODE.sub("", cell.source)):
            yield (
                f"has the formula {found[0]!r}, which a page shows as it is written. Write it in words, or a "
                "dollar sign as \\$."
            )
        yield from markdown_faults(cell.source)
    else:
        yield from (
            f"{what} {TEXT}, a table with vg.table(frame, ...) and a figure with vg.figure(fig, ...)."
            for what in map(_lost, _calls(cell.source))
            if what
        )


def _calls(source: str) -> Iterator[ast.Call]:
    """Yield the calls of a cell outside its functions; none where it is no plain Python."""
    try:
        waiting: list[ast.AST] = list(ast.parse(source).body)
    except (SyntaxError, ValueError):
        return  # a magic, or a mistake that running the cell will name
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def _lost(call: ast.Call) -> str:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "print" and not any(keyword.arg == "file" for keyword in call.keywords):
        return "prints text, which no page shows."
    if name in _SHOWN_NOWHERE:
        return f"shows {name}(...), which a page has no place for."
    return ""


def _check_parameters(file: Path, kind: str, notebook: NotebookNode) -> None:
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    try:
        (cell,) = tagged
        there = set(_assigned(cell.source))
    except (ValueError, SyntaxError):
        raise VgstatsError(
            f"{file}: this is no notebook with one cell of assignments of plain values that is tagged "
            "'parameters'. Restore it from the project, or tag the cell; code goes in a cell of its own."
        ) from None
    known = {*kind_of(kind).model.model_fields, *_ADDED}
    for name in sorted(there - known):
        raise VgstatsError(
            f"{file}: the parameters cell has {name!r}, which the report kind {kind!r} does not know."
            f"{nearest(name, known)} Its parameters: {', '.join(sorted(known))}."
        )
    if lacking := sorted(known - there - {*IN_BUNDLE}):
        names, more = ", ".join(map(repr, lacking)), len(lacking) > 1
        raise VgstatsError(
            f"{file}: the parameters cell lacks {names}, so {'their values' if more else 'its value'} would have no "
            f"effect. Add {'each' if more else 'it'} with a default."
        )


def _assigned(source: str) -> Iterator[str]:
    """Yield the names that a cell gives plain values.

    Raises:
        ValueError, SyntaxError: it does anything else.
    """
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        else:
            raise ValueError("no assignment")
        if not isinstance(target, ast.Name):
            raise ValueError("no name")
        if statement.value is not None:
            ast.literal_eval(statement.value)
        yield target.id
