"""`vgstats nytt-ar`: from this year's parameter file to the next year's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vgstats.batch.next_year import next_year
from vgstats.cli.terminal import StoreFolder, app, say
from vgstats.store.store import Store


@app.command("nytt-ar")
def next_year_command(
    params: Annotated[
        Path, typer.Argument(metavar="PARAMS", help="A parameter file (YAML).", show_default=False)
    ],
    keep_before: Annotated[
        bool | None,
        typer.Option(
            "--keep-before/--move-before",
            help="Whether the time to compare with stays. Default: it stays where an agreement is followed up (the "
            "year before it is what all its reports compare with), else it moves so that the span is as long.",
        ),
    ] = None,
    store: StoreFolder = None,
) -> None:
    """Write the next year's parameter file beside the old one, which stays as it is.

    The times (before, after, periods, those of matrix, include and exclude too) move a year on; agreement, own
    texts and comments stay. The new file has the old one's name with its years moved, or with the new year after it;
    a file that is there is never overwritten. A Markdown file with the region's own words (words:) is copied, and the
    copy says for which years it was written. With after: senaste only before can move.
    """
    found = next_year(params, Store(store), keep_first=keep_before)
    if found.file:
        say(f"{found.file}: written, out of {params}, which is as it was.")
    for line in found.done:
        say(f"  {line}" if found.file else line)
    if found.file:
        say(f"Read it through, then: vgstats check {found.file}")
