"""`vgstats check`, `vgstats render` and `vgstats collect`: from parameter files to reports."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vgstats.batch.plan import read_batches, with_figures
from vgstats.batch.round import Round, Wanted, alone, planned, release, settle
from vgstats.cli.terminal import StoreFolder, app, err, say, stop
from vgstats.data_files import verify
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
        batches = read_batches(params)
        orders = [order for batch in batches for order in batch.orders]
        with_figures(batches, orders, Store(store))
    except VgstatsError as error:
        raise stop(str(error)) from None
    for order in orders:
        p = order.parameters
        say(f"{order.name}: {order.kind}, {order.area_name}, {p.before} and {p.after}")
    say(f"{len(orders)} reports, all valid.")


@dataclass(frozen=True)
class Choices:
    """How a run is carried out."""

    workers: int
    timeout: float
    memory: int
    fork: bool
    fail_fast: bool
    dask: str


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
    shard: Annotated[
        str, typer.Option(help="k/n: make every n-th report, from the k-th; then vgstats collect.")
    ] = "",
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
            shard=_shard(shard),
        )
        verify()
        the_round = planned(wanted)
        if dry_run:
            settle(the_round, note=False)
            _explain(the_round)
            return
        with alone(wanted, the_round.batches):
            failed = _carry_out(the_round, choices, explain=explain)
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
        for batch in the_round.batches:
            say(f"{the_round.wanted.folder / batch.name / 'index.html'}")
        say(f"{fresh} reports, all up to date.")
        return False
    # Kernels and drawing take seconds to import, which a run with nothing to make should not wait for.
    from vgstats.cli.rendering import carry_out

    release(the_round)
    return carry_out(the_round, choices, fresh)


def _explain(the_round: Round) -> None:
    for verdict in the_round.verdicts:
        say(f"{verdict.order.name}: {'made, ' + verdict.why if verdict.why else 'up to date'}")
    make = sum(bool(verdict.why) for verdict in the_round.verdicts)
    say(f"{make} to make, {len(the_round.verdicts) - make} up to date.")


def _shard(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise VgstatsError(
            f"--shard: {text!r} will not do. Write the shard and how many there are, such as 1/4."
        )
    return int(found[1]), int(found[2])


@app.command("collect")
def collect_command(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER...", help="Folders of batches, such as reports/mine."),
    ],
    to: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for a batch whose shards lie in several folders."),
    ] = None,
) -> None:
    """Put the shards of a batch together and make its index."""
    from vgstats.batch.collect import collect

    try:
        for folder, lines in collect(folders, to).items():
            failed = sum(line.status == "failed" for line in lines.values())
            say(f"{len(lines) - failed} of {len(lines)} reports: {folder / 'index.html'}")
            if failed:
                err.print(f"{failed} reports in {folder} failed; see the index.", markup=False)
    except VgstatsError as error:
        raise stop(str(error)) from None
