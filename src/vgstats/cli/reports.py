"""`vgstats check` and `vgstats render`: from parameter files to reports."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vgstats import areas
from vgstats.batch.plan import Batch, Job, plan_all
from vgstats.cli.terminal import StoreFolder, app, err, progress, say, stop
from vgstats.data_files import verify
from vgstats.errors import VgstatsError
from vgstats.release import record
from vgstats.store.store import Store


class Format(StrEnum):
    """What a report is rendered to."""

    HTML = "html"
    PDF = "pdf"


ParamsFiles = Annotated[
    list[Path],
    typer.Argument(metavar="PARAMS...", help="Parameter files (YAML).", show_default=False),
]


def _plans(files: list[Path], store: Path | None) -> list[Batch]:
    verify()
    batches = plan_all(files, Store(store))
    names = [batch.name for batch in batches]
    for batch in batches:
        if names.count(batch.name) > 1:
            raise VgstatsError(
                f"{batch.file}: two parameter files are called {batch.name!r}, so their reports "
                "would share a folder. Rename one."
            )
    return batches


@app.command()
def check(params: ParamsFiles, store: StoreFolder = None) -> None:
    """Validate parameter files and list the reports they would make."""
    try:
        batches = _plans(params, store)
    except VgstatsError as error:
        raise stop(str(error)) from None
    for batch in batches:
        for job in batch.jobs:
            p = job.parameters
            say(
                f"{batch.name}/{job.file_name}: {job.kind}, {areas.name(p.area)}, "
                f"{p.before} and {p.after}"
            )
    say(f"{sum(len(batch.jobs) for batch in batches)} reports, all valid.")


@app.command("render")
def render_command(
    params: ParamsFiles,
    to: Annotated[Path, typer.Option("--out", help="Folder for the reports.")] = Path("reports"),
    notebooks: Annotated[Path, typer.Option(help="Folder with the notebooks.")] = Path("notebooks"),
    workers: Annotated[
        int, typer.Option("--jobs", min=1, help="Reports made at the same time.")
    ] = os.cpu_count() or 1,
    formats: Annotated[
        Format, typer.Option("--to", help="html, or pdf for a PDF beside each HTML report.")
    ] = Format.HTML,
    store: StoreFolder = None,
) -> None:
    """Render the reports of the parameter files and an index page for each file."""
    # Kernels and drawing take seconds to import, which the other commands should not wait for.
    from vgstats.batch.execute import notebook_of
    from vgstats.batch.index import write_index
    from vgstats.batch.page import style
    from vgstats.batch.pdf import check_available

    try:
        batches = _plans(params, store)
        for kind in {job.kind for batch in batches for job in batch.jobs}:
            notebook_of(kind, notebooks)
        style()
        if formats is Format.PDF:
            check_available()
        for batch in batches:
            _check_folder(to / batch.name)
        record(batches[0].jobs[0].release, Store(store))
    except VgstatsError as error:
        raise stop(str(error)) from None
    with_pdf = formats is Format.PDF
    failures = _render_all(batches, notebooks, to, workers, with_pdf=with_pdf)
    for batch in batches:
        made = {job.file_name: (batch.name, job.file_name) not in failures for job in batch.jobs}
        if any(made.values()):
            try:
                index = write_index(batch, made, to / batch.name, with_pdf=with_pdf)
            except OSError as error:
                failures[batch.name, "index.html"] = str(error)
            else:
                say(f"{sum(made.values())} of {len(made)} reports: {index}")
    for (name, file_name), reason in failures.items():
        err.print(f"Failed: {name}/{file_name}: {reason}", markup=False)
    if failures:
        raise typer.Exit(1)


def _check_folder(folder: Path) -> None:
    """Make the folder for a batch's reports, before anything runs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".vgstats-probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise VgstatsError(
            f"--out: reports cannot be written to {folder} ({error.strerror}). Name a folder that "
            "can be written to."
        ) from None


def _render_all(
    batches: list[Batch], notebooks: Path, to: Path, workers: int, *, with_pdf: bool
) -> dict[tuple[str, str], str]:
    from vgstats.batch.execute import render

    jobs: list[Job] = [job for batch in batches for job in batch.jobs]
    failures: dict[tuple[str, str], str] = {}
    bar = progress("Rendering")
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context)
    task = bar.add_task("render", total=len(jobs))
    try:
        with bar:
            running = {
                pool.submit(render, job, notebooks, to / job.batch, with_pdf=with_pdf): job
                for job in jobs
            }
            for done in as_completed(running):
                job = running[done]
                if (error := done.exception()) is not None:
                    failures[job.batch, job.file_name] = _reason(error)
                bar.advance(task)
    except KeyboardInterrupt:
        for worker in multiprocessing.active_children():
            worker.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        made = int(bar.tasks[task].completed) - len(failures)
        err.print(f"Interrupted: {made} of {len(jobs)} reports made; those are kept.")
        raise typer.Exit(130) from None
    pool.shutdown()
    return failures


def _reason(error: BaseException) -> str:
    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, PapermillExecutionError):
        return f"cell {error.exec_count} of the notebook: {error.ename}: {error.evalue}"
    return f"{type(error).__name__}: {error}"
