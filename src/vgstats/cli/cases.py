"""`vgstats cases`: a region's own certificates to counts of cases in the store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from vgstats.catalogue.units import all_units
from vgstats.cli.outcome import report
from vgstats.cli.terminal import StoreFolder, app, fitting, say, show
from vgstats.store.store import Store


@app.command("cases")
def cases_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Certificates: Parquet, CSV or XLSX.",
            show_default=False,
            callback=fitting,
        ),
    ],
    mapping: Annotated[
        Path,
        typer.Option(
            "--mapping", help="What the columns of the files are (docs/sjukfall-ur-intyg.md)."
        ),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Say what is wrong in the files, and keep nothing.")
    ] = False,
    store: StoreFolder = None,
) -> None:
    """Join certificates to cases and keep counts of them, by unit and in the declared tables.

    Only the columns that the mapping names are read. Nothing that stands in a row is shown, kept or left on disk: what
    is wrong is told by the number of the row. Small counts stay in the store; reports hide them.
    """
    # It reckons with what takes half a second to import, which no other command needs.
    from vgstats.cases.intake import count
    from vgstats.cases.keeping import keep
    from vgstats.cases.mapping import read_mapping

    said = read_mapping(mapping)
    counted = count(files, said, mapping.parent, dt.date.today())
    quality = counted.quality
    say(f"{quality.read} rows read, {quality.kept} kept")
    if found := quality.table():
        show(["Fault", "Rows", "Per cent", "What became of them"], found)
    if check:
        return
    place = Store(store)
    before = all_units(said.lan)
    for outcome in keep(counted, files, mapping, place):
        report(outcome, place, None)
    now = all_units(said.lan)
    for gone in before.keys() - now.keys():
        one = before[gone]
        merged = (now[area].name for area in now.keys() & before if one.name in now[area].formerly)
        into = next(merged, "")
        say(
            f"{one.name} is part of {into} now. Its own figures stay in the store, and no report shows them."
            if into
            else f"{one.name} is no unit of the mapping any more. Its figures stay in the store, and no report shows "
            f"them. If it has another name now, give that unit the id that it had: {one.id}."
        )
