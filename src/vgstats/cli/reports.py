"""`vgstats check` and `vgstats render`: from parameter files to reports."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from vgstats.batch import manifest
from vgstats.batch.notebooks import of_your_own
from vgstats.batch.plan import Batch, Format, Options, figures_of, sound_batches
from vgstats.batch.round import Round, alone, planned, release, settle
from vgstats.catalogue.data_files import verify
from vgstats.cli.terminal import (
    MISTAKE,
    SOME,
    Notebooks,
    StoreFolder,
    app,
    err,
    fitting,
    say,
    tell,
)
from vgstats.errors import VgstatsError
from vgstats.store.store import Store

ParamsFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="PARAMS...",
        help="Parameter files (YAML), such as params/*.yaml.",
        show_default=False,
        callback=fitting,
    ),
]


@app.command()
def check(params: ParamsFiles, notebooks: Notebooks = None, store: StoreFolder = None) -> None:
    """Validate parameter files and list the reports they would make.

    All that is wrong with all files is told at once.

    Exit code 0: all files are valid. 1: some are, and the others are named. 2: none is, or nothing could be checked.
    """
    verify()
    place = Store(store)  # first: parameters may name measures that it declares
    batches, refused = sound_batches(params, place, keep=False, notebooks=notebooks, headings=True)
    jobs = [job for batch in batches for job in batch.jobs]
    refused |= figures_of(batches, jobs, place)[1]
    batches = [batch for batch in batches if batch.file not in refused]
    jobs = [job for batch in batches for job in batch.jobs]
    _notes(batches, notebooks)
    for job in jobs:
        say(f"{job.name}: {job.kind}, {job.parameters.label}")
    if batches:
        say(
            f"{_reports(len(jobs))}, all valid."
            if not refused
            else f"Valid: {_reports(len(jobs))}."
        )
    _tell_refused(refused)
    if refused:
        raise typer.Exit(SOME if batches else MISTAKE)


@app.command("render")
def render_command(
    params: ParamsFiles,
    to: Annotated[Path, typer.Option("--out", help="Folder for the reports.")] = Path("reports"),
    notebooks: Notebooks = None,
    workers: Annotated[
        int, typer.Option("--jobs", min=1, help="Reports made at the same time.")
    ] = (os.cpu_count() or 1) + 1,
    formats: Annotated[
        list[Format] | None,
        typer.Option(
            "--to",
            help="What to make of each HTML report and put beside it: pdf, page-one (a PDF of its first page alone), "
            "xlsx (a workbook of its tables), bilder (its figures as pictures for slides), docx "
            "(its first page as a Word document); may be repeated.",
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(help="A .docx or .dotx whose styles, header and footer --to docx takes."),
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
        bool,
        typer.Option(
            "--no-fork", help="Start each report's process anew: slower, the same reports."
        ),
    ] = False,
    dask: Annotated[str, typer.Option(help="tcp://...: make the reports on a Dask cluster.")] = "",
    store: StoreFolder = None,
) -> None:
    """Render the reports of the parameter files that are not up to date, and an index for each file.

    A parameter file with mistakes is left out, and the others are made. All its mistakes are told.

    Exit code 0: all reports are made or up to date. 1: some are; a file was left out, or a report could not be made,
    and its page that says why is named. 2: nothing was made, and why.
    """
    options = Options(
        template=_template(template, formats or ()),
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
    _notes(the_round.batches, notebooks)
    if dry_run:
        settle(the_round, note=False)
        _tell_refused(the_round.refused)
        _explain(the_round, "to make")
        failed = False
    else:
        with alone(the_round):
            failed = _carry_out(the_round, explain=explain)
            _old_reports(the_round, clean=clean)
    if the_round.refused:
        left_out = ", ".join(map(str, the_round.refused))
        err.print(f"Left out: {left_out}. Correct what is said above, and run the command again.")
    if failed or the_round.refused:
        raise typer.Exit(SOME)


def _template(file: Path | None, formats: Sequence[Format]) -> bytes:
    """Return the Word file that documents are to be begun from, empty without one."""
    if Format.DOCX in formats or file is not None:
        # Reading a Word file takes a package that no other command needs.
        from vgstats.page.word_template import check_installed, read_template

        check_installed()
        if Format.DOCX not in formats:
            raise VgstatsError(
                f"--template: {file} is for Word documents, and none are asked for. Add --to docx, or leave it out."
            )
        return read_template(file) if file else b""
    return b""


def _tell_refused(refused: Mapping[Path, VgstatsError]) -> None:
    for error in refused.values():
        tell(error)


def _notes(batches: Sequence[Batch], notebooks: Path | None) -> None:
    for batch in batches:
        for note in batch.notes:
            say(f"{batch.file}: {note}")
    jobs = (job for batch in batches for job in batch.jobs)
    kinds = {job.kind for job in jobs if not job.parameters.notebook}
    for note in filter(None, map(of_your_own, () if notebooks else sorted(kinds))):
        say(note)


def _carry_out(the_round: Round, *, explain: bool) -> bool:
    """Make what has to be made; return whether anything failed."""
    settle(the_round)
    _tell_refused(the_round.refused)
    if explain:
        _explain(the_round)
    if not the_round.to_make:
        well = _indexes(the_round)
        say(f"{_reports(len(the_round.jobs))}, all up to date.")
        return not well
    # Kernels and drawing take seconds to import, which a run with nothing to make should not wait for.
    from vgstats.cli.rendering import carry_out

    release(the_round)
    return carry_out(the_round, lambda: _indexes(the_round))


def _reports(count: int) -> str:
    return f"{count} report{'' if count == 1 else 's'}"


def _explain(the_round: Round, word: str = "made") -> None:
    for job in the_round.jobs:
        say(f"{job.name}: {f'{word}, {job.why}' if job.why else 'up to date'}")
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
            index = folder / manifest.INDEX
            say(f"{made} of {len(labels)} reports: {index}\n  {index.resolve().as_uri()}")
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
