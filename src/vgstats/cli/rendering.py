"""Carrying out a run in the terminal: workers, progress, interruption and the summary."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from vgstats.batch import manifest
from vgstats.batch.execute import Made, hold, remove_scratch
from vgstats.batch.plan import PRINTED, Job, Options
from vgstats.batch.round import Round
from vgstats.batch.runner import failure_log, run
from vgstats.cli.terminal import err, progress
from vgstats.errors import VgstatsError
from vgstats.kernels.forks import abandon
from vgstats.page.pdf import check_available
from vgstats.page.template import style

_INTERRUPTED = 128  # and the signal's number, as a shell counts
_NAMED = 3  # reports that a note lists
_DASK_SECONDS = 10  # until a scheduler has to answer
Done = list[tuple[Job, Made]]


def carry_out(the_round: Round, indexes: Callable[[], bool]) -> bool:
    """Make the jobs of a run, say what became of them, and return whether anything failed.

    `indexes` writes the indexes when no more reports are made, also after an interruption, and returns whether
    that went well.

    Raises:
        VgstatsError: a tool that the reports need is missing, or the Dask cluster does not answer.
    """
    style()
    options, jobs = the_round.options, the_round.to_make
    if PRINTED.intersection(options.formats):
        check_available()
    done: Done = []
    with _executor(options) as executor:
        try:
            with _ended_like_an_interruption() as got, _progress(the_round) as show:
                for one in run(jobs, the_round.notebooks, options, executor, the_round.keys):
                    done.append(one)
                    show(done)
        except KeyboardInterrupt:
            _abandon(executor, done, len(jobs), indexes)
            os._exit(
                _INTERRUPTED + (got or [signal.SIGINT])[0]
            )  # threads that wait would hold the process
    well = indexes()
    for note, names in _noted(done).items():
        err.print(
            f"Note: {', '.join(names[:_NAMED])}{' and others' if len(names) > _NAMED else ''}: {note}"
        )
    failures = [(job, result) for job, result in done if result.reason]
    for job, result in failures:
        err.print(f"Failed: {job.name}: {result.reason}")
        page = options.folder / job.batch / manifest.error_name(job.file_name)
        if page.exists():
            err.print(f"  {page.resolve().as_uri()}")
    if any(job.figures()[1].measures for job, _ in failures):
        err.print(f"More on the failures of own counts, for you alone: {failure_log()}")
    if len(done) < len(jobs):
        err.print(f"Stopped: {len(jobs) - len(done)} reports were not begun.")
    return bool(failures) or len(done) < len(jobs) or not well


def _noted(done: Done) -> dict[str, list[str]]:
    """Return what is to be known of the reports that were made, and of which."""
    found: dict[str, list[str]] = {}
    for job, result in done:
        for note in result.notes:
            found.setdefault(note, []).append(job.name)
    return found


@contextmanager
def _ended_like_an_interruption() -> Iterator[list[int]]:
    """Let what ends a process from outside (a closed terminal, a scheduler) do what Ctrl-C does; give which it was."""
    got: list[int] = []

    def end(number: int, _: object) -> None:
        got.append(number)
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    try:
        before = {name: signal.signal(getattr(signal, name), end) for name in names}
    except ValueError:  # a run in a thread, as that of a test, is ended by who began it
        yield got
        return
    try:
        yield got
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


@contextmanager
def _progress(the_round: Round) -> Iterator[Callable[[Done], None]]:
    """Give a function that shows how far a run has come: a bar, or lines where there is no terminal."""
    total, workers = len(the_round.to_make), the_round.options.workers
    fresh = len(the_round.jobs) - total
    bar = progress()
    task = bar.add_task("", total=total)

    def show(done: Done) -> None:
        failed = sum(bool(result.reason) for _, result in done)
        running = min(workers, total - len(done))
        words = f"{len(done) - failed} made, {running} running, {failed} failed, {fresh} up to date"
        bar.update(task, completed=len(done), description=words)
        if bar.disable and done:
            job, result = done[-1]
            word = "failed" if result.reason else "made"
            err.print(f"{len(done)}/{total} {word} {job.name} ({result.seconds:.1f} s)")

    with bar:
        show([])
        yield show


@contextmanager
def _executor(options: Options) -> Iterator[Executor]:
    if not options.dask:
        with ThreadPoolExecutor(options.workers) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError:
        raise VgstatsError(
            "--dask needs Dask, which is not installed. Install it with: pip install 'vgstats[dask]'."
        ) from None
    try:
        client = Client(options.dask, timeout=_DASK_SECONDS)
    except (OSError, ValueError) as error:
        raise VgstatsError(
            f"--dask: no Dask scheduler answers at {options.dask} ({error}). Start one with 'dask scheduler', "
            "and workers with 'dask worker'."
        ) from None
    with client:
        yield client.get_executor()


def _abandon(executor: Executor, done: Done, wanted: int, indexes: Callable[[], bool]) -> None:
    """Leave nothing running: what is done is kept, what is begun is given up."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    executor.shutdown(wait=False, cancel_futures=True)
    hold()  # or a report whose kernel is killed is begun again
    abandon()
    remove_scratch()
    made = sum(not result.reason for _, result in done)
    err.print(
        f"Interrupted: {made} of {wanted} reports made; those are kept. Run the same command "
        "again to make the others."
    )
    indexes()
    sys.stdout.flush()
    sys.stderr.flush()
