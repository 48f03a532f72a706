"""`vgstats check` and `vgstats render`: from parameter files to reports."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vgstats.batch.plan import read_batches, with_figures
from vgstats.batch.round import Choices, Round, Wanted, alone, planned, release, settle
from vgstats.catalogue.data_files import verify
from vgstats.cli.folders import indexes, old_reports
from vgstats.cli.terminal import StoreFolder, app, say, stop
from vgstats.errors import VgstatsError
from vgstats.store.store import Store


class Format(StrEnum):
    """What a report is rendered to."""

    HTML = "html"
    PDF = "pdf"


ParamsFiles = Annotated[
    list[Path],
    typer.Argument(metavar="PARAMS...", help="Parameter files (YAML).", show_default=False),
]


@app.command()
def check(params: ParamsFiles, store: StoreFolder = None) -> None:
    """Validate parameter files and list the reports they would make."""
    try:
        verify()
        place = Store(store)  # first: parameters may name measures that it declares
        batches = read_batches(params, place, keep=False)
        orders = [order for batch in batches for order in batch.orders]
        with_figures(batches, orders, place)
    except VgstatsError as error:
        raise stop(str(error)) from None
    for order in orders:
        p = order.parameters
        say(f"{order.name}: {order.kind}, {order.area_name}, {p.before} and {p.after}")
    say(f"{len(orders)} reports, all valid.")


@app.command("render")
def render_command(
    params: ParamsFiles,
    to: Annotated[Path, typer.Option("--out", help="Folder for the reports.")] = Path("reports"),
    notebooks: Annotated[Path, typer.Option(help="Folder with the notebooks.")] = Path("notebooks"),
    workers: Annotated[
        int, typer.Option("--jobs", min=1, help="Reports made at the same time.")
    ] = (os.cpu_count() or 1) + 1,
    formats: Annotated[
        Format, typer.Option("--to", help="html, or pdf for a PDF beside each HTML report.")
    ] = Format.HTML,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only reports with this in their name; may be repeated."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make also what is up to date.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be made.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each report is made or not.")
    ] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove reports that the files do not ask for any more.")
    ] = False,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Begin no more reports after one that failed.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that one report may take.")] = 600,
    memory: Annotated[
        int, typer.Option(min=64, help="MB that one report may take beyond its libraries (Linux).")
    ] = 4096,
    no_fork: Annotated[
        bool, typer.Option("--no-fork", help="Start each kernel anew: slower, the same reports.")
    ] = False,
    dask: Annotated[str, typer.Option(help="tcp://...: make the reports on a Dask cluster.")] = "",
    store: StoreFolder = None,
) -> None:
    """Render the reports of the parameter files that are not up to date, and an index for each file."""
    choices = Choices(workers, timeout, memory * 2**20, not no_fork, fail_fast, dask)
    try:
        wanted = Wanted(
            files=params,
            folder=to,
            notebooks=notebooks,
            store=Store(store),
            with_pdf=formats is Format.PDF,
            force=force,
            only=only or (),
            keep=not dry_run,
        )
        verify()
        the_round = planned(wanted)
        if dry_run:
            settle(the_round, note=False)
            _explain(the_round)
            return
        with alone(wanted, the_round.batches):
            failed = _carry_out(the_round, choices, explain=explain)
            old_reports(the_round, clean=clean)
    except VgstatsError as error:
        raise stop(str(error)) from None
    if failed:
        raise typer.Exit(1)


def _carry_out(the_round: Round, choices: Choices, *, explain: bool) -> bool:
    """Make what has to be made; return whether anything failed."""
    settle(the_round)
    if explain:
        _explain(the_round)
    fresh = len(the_round.orders) - len(the_round.jobs)
    if not the_round.jobs:
        well = indexes(the_round)
        say(f"{fresh} reports, all up to date.")
        return not well
    # Kernels and drawing take seconds to import, which a run with nothing to make should not wait for.
    from vgstats.cli.rendering import carry_out

    release(the_round)
    return carry_out(the_round, choices, fresh)


def _explain(the_round: Round) -> None:
    for verdict in the_round.verdicts:
        say(f"{verdict.order.name}: {'made, ' + verdict.why if verdict.why else 'up to date'}")
    make = sum(bool(verdict.why) for verdict in the_round.verdicts)
    say(f"{make} to make, {len(the_round.verdicts) - make} up to date.")
