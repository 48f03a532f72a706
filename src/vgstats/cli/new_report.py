"""`vgstats new`: a notebook and a parameter file of one's own to start from."""

from __future__ import annotations

from typing import Annotated

import typer

from vgstats.batch.layout import lay_out
from vgstats.cli.terminal import Notebooks, app, say
from vgstats.reports import kinds


@app.command("new")
def new_command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=" or ".join(kinds()) + ".")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What both are called, without ending.")
    ],
    notebooks: Notebooks = None,
) -> None:
    """Lay out a notebook and a parameter file of your own to start from.

    notebooks/NAME.ipynb is a copy of the kind's notebook with example cells for a section of your own, and
    params/NAME.yaml makes a report with it. Nothing is overwritten.
    """
    made = lay_out(kind, name, notebooks=notebooks)
    say(f"{made.notebook}: written. Open it in JupyterLab and change what you like.")
    say(f"{made.parameters}: written. It says what the report is about.")
    say(f"Then: {made.command}")
