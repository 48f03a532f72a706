"""The notebooks of the report kinds: where they are, what they say, and that their parameters are the model's."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from pathlib import Path

from vgstats.errors import VgstatsError, nearest
from vgstats.page.notebook_digest import source_of
from vgstats.report_kinds.kinds import KINDS

_ADDED = {"bundle"}  # what a batch gives a notebook besides the model's parameters


def notebook_of(kind: str, notebooks: Path) -> Path:
    """Return the notebook of a report kind.

    Raises:
        VgstatsError: the folder has none.
    """
    notebook = notebooks / f"{kind}.ipynb"
    if not notebook.is_file():
        raise VgstatsError(
            f"There is no notebook {notebook}. Run vgstats in the project's folder, or name the "
            "folder with --notebooks."
        )
    return notebook


def notebook_texts(kinds: Iterable[str], notebooks: Path) -> dict[str, str]:
    """Return the texts of the notebooks of some report kinds, each checked against the kind's model.

    Raises:
        VgstatsError: a notebook is missing or broken, has no parameters cell, or that cell lacks a
            parameter of the model or has one that the model does not know.
    """
    texts = {}
    for kind in sorted(set(kinds)):
        file = notebook_of(kind, notebooks)
        texts[kind] = file.read_text(encoding="utf-8")
        _check_parameters(file, kind, texts[kind])
    return texts


def _check_parameters(file: Path, kind: str, text: str) -> None:
    try:
        cells = json.loads(text)["cells"]
        tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
        (source,) = [source_of(cell) for cell in tagged]
        statements = ast.parse(source).body
        there = {
            t.id
            for s in statements
            if isinstance(s, ast.Assign)
            for t in s.targets
            if isinstance(t, ast.Name)
        }
        there |= {
            s.target.id
            for s in statements
            if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
        }
    except (ValueError, KeyError, TypeError, SyntaxError):
        raise VgstatsError(
            f"{file}: this is no notebook with one cell of assignments that is tagged 'parameters'. Restore it "
            "from the project, or tag the cell."
        ) from None
    known = {*KINDS[kind].parameters.model_fields, *_ADDED}
    for name in sorted(there - known):
        raise VgstatsError(
            f"{file}: the parameters cell has {name!r}, which the report kind {kind!r} does not know."
            f"{nearest(name, known)} Its parameters: {', '.join(sorted(known))}."
        )
    for name in sorted(known - there):
        raise VgstatsError(
            f"{file}: the parameters cell lacks {name!r}, so its value would have no effect. Add it with a default."
        )
