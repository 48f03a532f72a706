"""`vgstats init`: a folder to work in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vgstats.cli.terminal import app, say
from vgstats.shipped import lay_out

_FIRST = Path("params", "eget", "mitt-lan.yaml")


@app.command("init")
def init_command(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="A new folder, or one of yours.", show_default=False),
    ],
) -> None:
    """Lay out a folder to work in: notebooks, params and reports, with examples and room for words of your own.

    Nothing that is there is overwritten. Run the other commands in that folder.
    """
    written, kept = lay_out(folder)
    there = f"; {len(kept)} that are there already are as they were" if kept else ""
    say(f"{folder / 'params'}: {len(written)} files written{there}.")
    for file in written if kept else ():
        say(f"  written: {file}")
    say(
        "  eget: to fill in, a follow-up with an agreement and words of your own; the last two are made up"
    )
    say("  ovning: made-up agreements and figures, to try with")
    say("  the others: follow-ups of real agreements and of all counties")
    say(
        f"{folder / 'notebooks'}: for notebooks of your own. Those that come along are used without it."
    )
    say(f"{folder / 'reports'}: the reports come here.")
    say(f"Next: write your county and years in {folder / _FIRST}, then:")
    say(f'  cd "{folder}"' if " " in str(folder) else f"  cd {folder}")
    say(f"  vgstats check {_FIRST}")
    say(f"  vgstats render {_FIRST}")
