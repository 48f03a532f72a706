"""`vgstats nytt-ar`: from this year's parameter file to the next year's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vgstats.batch.next_year import next_year
from vgstats.cli.terminal import MISTAKE, SOME, StoreFolder, app, fitting, one_by_one, say
from vgstats.store.store import Store


@app.command("nytt-ar")
def next_year_command(
    params: Annotated[
        list[Path],
        typer.Argument(
            metavar="PARAMS...",
            help="Parameter files (YAML).",
            show_default=False,
            callback=fitting,
        ),
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
    """Write the next year's parameter file beside each old one, which stays as it is.

    The times (before, after, periods, those of matrix, include and exclude too) move a year on; agreement, own
    texts and comments stay. The new file has the old one's name with its years moved, or with the new year after it;
    a file that is there is never overwritten. A Markdown file with the region's own words (words:) is copied, and the
    copy says for which years it was written. With after: senaste only before can move.

    Exit code 0: it went well with all files. 1: with some of them. 2: with none.
    """
    codes = one_by_one(params, lambda file: _next_year(file, Store(store), keep_before))
    if any(codes):
        raise typer.Exit(MISTAKE if all(codes) else SOME)


def _next_year(file: Path, store: Store, keep_before: bool | None) -> None:
    found = next_year(file, store, keep_first=keep_before)
    if found.file:
        say(f"{found.file}: written, out of {file}, which is as it was.")
    for line in found.done:
        say(f"  {line}" if found.file else line)
    if found.file:
        say(f"Read it through, then: vgstats check {found.file}")
