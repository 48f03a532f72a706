"""What the tests of whole runs share: a short notebook of the real blocks, and the real command."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from commands import Ended, vgstats
from support import ROOT
from vgstats.catalogue import areas

COMMAND = [sys.executable, "-c", "from vgstats.cli import main; main()"]
FIRST = (
    "from vgstats import open_report\n"
    "from vgstats.sections import changes, findings, remake\n"
    "report = open_report('uppfoljning', lan=lan, before=before, after=after, periods=periods, "
    "intervention=intervention, measures=measures, disclosure=disclosure, bundle=bundle)"
)
PARAMS = """\
report: uppfoljning
lan: [{codes}]
before: "2019-12"
after: "2024-12"
"""


def notebooks(folder: Path, *cells: str) -> Path:
    """A folder with a notebook that makes a short report; `cells` come before its last."""
    whole = nbformat.read(ROOT / "notebooks" / "uppfoljning.ipynb", as_version=4)
    code = [FIRST, "report.title()", "findings(report)", *cells]
    short = [new_code_cell(source) for source in [*code, "remake(report)"]]
    folder.mkdir(exist_ok=True)
    nbformat.write(
        new_notebook(cells=[whole.cells[0], *short], metadata=whole.metadata),
        folder / "uppfoljning.ipynb",
    )
    return folder


def params(folder: Path, *codes: str, more: str = "") -> Path:
    """A parameter file `some.yaml` for some counties."""
    file = folder / "some.yaml"
    listed = ", ".join(f'"{code}"' for code in codes)
    file.write_text(PARAMS.format(codes=listed) + more, encoding="utf-8")
    return file


def render(*arguments: object) -> Ended:
    """Run `vgstats render` to its end."""
    return vgstats("render", *arguments)


def entries(folder: Path) -> dict[str, dict]:
    """The lines of a batch's manifest by county."""
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        code_of(line["file"]): line
        for line in map(json.loads, lines)
        if line["file"] != "index.html"
    }


def made(done: Ended) -> set[str]:
    """The counties whose reports a run says that it made."""
    lines = [line for line in done.stderr.splitlines() if " made some/" in line]
    return {code_of(line.partition(" made some/")[2]) for line in lines}


def code_of(file: str) -> str:
    """The code of the county that a report's file is named after."""
    return next(lan.removeprefix("lan:") for lan in areas.lan() if file.startswith(areas.slug(lan)))
