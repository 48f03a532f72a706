"""`vgstats lab`: the notebooks in JupyterLab, as copies to work in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from vgstats.cli.terminal import app, say
from vgstats.lab.copies import NAME, copy_notebooks


@app.command("lab", context_settings={"ignore_unknown_options": True})
def lab_command(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FOLDER] [OPTIONS]",
            help=f"The working folder ({NAME} when left out), and options for JupyterLab.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Open JupyterLab in a working folder with copies of the notebooks; begin with utforska.ipynb.

    What you change in a copy stays: a newer notebook is laid beside it. Options go to JupyterLab, such as
    --no-browser.
    """
    given = list(arguments or ())
    folder = Path(NAME if not given or given[0].startswith("-") else given.pop(0))
    copied = copy_notebooks(folder)
    for file in copied.beside:
        say(f"{file}: a newer notebook than the one you have changed, which is as it was.")
    say(f"{folder}: copies to work in. Begin with utforska.ipynb; end with Ctrl-C.")
    command = [sys.executable, "-m", "jupyterlab", str(folder), *given]
    # The terminal sends Ctrl-C to JupyterLab too, which asks whether to end.
    with subprocess.Popen(command) as server:  # noqa: S603 - the Python that runs this
        while True:
            try:
                raise typer.Exit(server.wait())
            except KeyboardInterrupt:
                continue
