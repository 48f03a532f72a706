"""`vgstats check` and `vgstats render`: from parameter files to reports."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vgstats.batch import manifest
from vgstats.batch.plan import Batch, Format, Options, read_batches, with_figures
from vgstats.batch.round import Round, alone, planned, release, settle
from vgstats.catalogue.data_files import verify
from vgstats.cli.terminal import NOTEBOOKS, Notebooks, StoreFolder, app, err, say
from vgstats.store.store import Store

ParamsFiles = Annotated[
    list[Path],
    typer.Argument(metavar="PARAMS...", help="Parameter files (YAML).", show_default=False),
]


@app.command()
def check(params: ParamsFiles, notebooks: Notebooks = NOTEBOOKS, store: StoreFolder = None) -> None:
    """Validate parameter files and list the reports they would make."""
    verify()
    place = Store(store)  # first: parameters may name measures that it declares
    batches = read_batches(params, place, keep=False, notebooks=notebooks)
    jobs = [job for batch in batches for job in batch.jobs]
    with_figures(batches, jobs, place)
    _notes(batches)
    for job in jobs:
        say(f"{job.name}: {job.kind}, {job.parameters.label}")
    say(f"{len(jobs)} reports, all valid.")


@app.command("render")
def render_command(
    params: ParamsFiles,
    to: Annotated[Path, typer.Option("--out", help="Folder for the reports.")] = Path("reports"),
    notebooks: Notebooks = NOTEBOOKS,
    workers: Annotated[
        int, typer.Option("--jobs", min=1, help="Reports made at the same time.")
    ] = (os.cpu_count() or 1) + 1,
    formats: Annotated[
        list[Format] | None,
        typer.Option(
            "--to",
            help="What to make of each HTML report and put beside it: pdf, page-one (a PDF of its first page alone), "
            "xlsx (a workbook of its tables), bilder (its figures as pictures for slides); may be repeated.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Only reports with this code, or with this in their name; may be repeated."
        ),
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
    options = Options(
        folder=to,
        notebooks=notebooks,
        only=only or (),
        force=force,
        formats={*(formats or ())} - {Format.HTML},
        workers=workers,
        timeout=timeout,
        memory=memory * 2**20,
        fork=not no_fork,
        fail_fast=fail_fast,
        dask=dask,
        keep=not dry_run,
    )
    place = Store(store)
    verify()
    the_round = planned(params, options, place)
    _notes(the_round.batches)
    if dry_run:
        settle(the_round, note=False)
        _explain(the_round)
        return
    with alone(the_round):
        failed = _carry_out(the_round, explain=explain)
        _old_reports(the_round, clean=clean)
    if failed:
        raise typer.Exit(1)


def _notes(batches: Sequence[Batch]) -> None:
    for batch in batches:
        for note in batch.notes:
            say(f"{batch.file}: {note}")


def _carry_out(the_round: Round, *, explain: bool) -> bool:
    """Make what has to be made; return whether anything failed."""
    settle(the_round)
    if explain:
        _explain(the_round)
    if not the_round.to_make:
        well = _indexes(the_round)
        say(f"{len(the_round.jobs)} reports, all up to date.")
        return not well
    # Kernels and drawing take seconds to import, which a run with nothing to make should not wait for.
    from vgstats.cli.rendering import carry_out

    release(the_round)
    return carry_out(the_round, lambda: _indexes(the_round))


def _explain(the_round: Round) -> None:
    for job in the_round.jobs:
        say(f"{job.name}: {f'made, {job.why}' if job.why else 'up to date'}")
    make = len(the_round.to_make)
    say(f"{make} to make, {len(the_round.jobs) - make} up to date.")


def _indexes(the_round: Round) -> bool:
    """Write the manifests anew, without what is superseded, and each batch's index; return whether all went well."""
    well = True
    for batch in the_round.batches:
        folder, labels = the_round.options.folder / batch.name, batch.labels
        entries = manifest.read(folder)
        made = sum(entries[name].status == "made" for name in labels if name in entries)
        try:
            manifest.write(folder, manifest.with_index(folder, entries, labels))
            say(f"{made} of {len(labels)} reports: {folder / manifest.INDEX}")
        except OSError as error:
            err.print(f"Failed: {folder / manifest.INDEX}: {error}")
            well = False
    return well


def _old_reports(the_round: Round, *, clean: bool) -> None:
    """Name the reports of earlier runs that no parameter file asks for any more, or remove them.

    One that lies there under its former name goes when it is made under its new one.
    """
    for batch in the_round.batches:
        folder = the_round.options.folder / batch.name
        entries = manifest.read(folder)
        old = manifest.left_over(entries, batch.labels)
        made = {job.former_file for job in batch.jobs if _is_made(entries.get(job.file_name))}
        going = {name: one for name, one in old.items() if clean or name in made}
        left = [file for name in old.keys() - going.keys() for file in old[name].outputs]
        staying = {file.partition("/")[0] for file in left}
        if staying:
            err.print(
                f"{folder}: {len(old) - len(going)} reports that {batch.file} does not ask for any more: "
                f"{', '.join(sorted(staying))}. --clean removes them."
            )
        if not going:
            continue
        kept = [name for entry in going.values() for name in manifest.remove(folder, entry)]
        manifest.write(folder, {name: one for name, one in entries.items() if name not in going})
        removed = sum(len(entry.outputs) for entry in going.values()) - len(kept)
        say(
            f"{folder}: removed {removed} files of reports not asked for any more, or under their former names."
        )
        for name in kept:
            err.print(f"Kept: {folder / name}: it was altered since it was made.")


def _is_made(entry: manifest.ManifestLine | None) -> bool:
    return entry is not None and entry.status == "made"
