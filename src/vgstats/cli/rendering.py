"""Carrying out a run in the terminal: workers, progress, interruption and the summary."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vgstats.batch.execute import Limits, hold, remove_scratch
from vgstats.batch.round import Choices, Round
from vgstats.batch.runner import Done, Setup, failure_log, run
from vgstats.cli.folders import indexes
from vgstats.cli.terminal import err
from vgstats.errors import VgstatsError
from vgstats.kernels.forks import abandon
from vgstats.page.pdf import check_available
from vgstats.page.template import style

_INTERRUPTED = 128  # and the signal's number, as a shell counts
_DASK_SECONDS = 10  # until a scheduler has to answer


def carry_out(the_round: Round, choices: Choices, fresh: int) -> bool:
    """Make the jobs of a run and the indexes, say what became of them; return whether anything failed.

    Raises:
        VgstatsError: a tool that the reports need is missing, or the Dask cluster does not answer.
    """
    style()
    wanted = the_round.wanted
    if wanted.with_pdf:
        check_available()
    setup = Setup(
        notebooks=the_round.notebooks,
        folder=wanted.folder,
        limits=Limits(choices.timeout, choices.memory, choices.fork),
        with_pdf=wanted.with_pdf,
        fail_fast=choices.fail_fast,
    )
    done: list[Done] = []
    with _executor(choices) as executor:
        try:
            with _ended_like_an_interruption() as got:
                _follow(the_round, setup, executor, choices, done, fresh)
        except KeyboardInterrupt:
            _abandon(executor, done, the_round, _INTERRUPTED + (got or [signal.SIGINT])[0])
    failures = [one for one in done if one.reason]
    failed = bool(failures) | (len(done) < len(the_round.jobs))
    failed |= not indexes(the_round)
    for one in failures:
        err.print(f"Failed: {one.job.name}: {one.reason}", markup=False)
    if any(one.job.release.protected for one in failures):
        err.print(
            f"More on the failures of own counts, for you alone: {failure_log()}", markup=False
        )
    if len(done) < len(the_round.jobs):
        err.print(f"Stopped: {len(the_round.jobs) - len(done)} reports were not begun.")
    return failed


def _follow(
    the_round: Round,
    setup: Setup,
    executor: Executor,
    choices: Choices,
    done: list[Done],
    fresh: int,
) -> None:
    total = len(the_round.jobs)
    with _progress(total, fresh, choices.workers) as show:
        for one in run(the_round.jobs, setup, executor, the_round.keys):
            done.append(one)
            show(done)


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
def _progress(total: int, fresh: int, workers: int) -> Iterator[Callable[[list[Done]], None]]:
    """Give a function that shows how far a run has come: a bar, or lines where there is no terminal."""
    if not sys.stderr.isatty():  # whatever FORCE_COLOR says of a log

        def line(done: list[Done]) -> None:
            last = done[-1]
            word = "failed" if last.reason else "made"
            err.print(
                f"{len(done)}/{total} {word} {last.job.name} ({last.seconds:.1f} s)", markup=False
            )

        yield line
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
    )
    task = bar.add_task(_words(0, 0, min(workers, total), fresh), total=total)

    def advance(done: list[Done]) -> None:
        failed = sum(bool(one.reason) for one in done)
        running = min(workers, total - len(done))
        words = _words(len(done), failed, running, fresh)
        bar.update(task, completed=len(done), description=words)

    with bar:
        yield advance


def _words(done: int, failed: int, running: int, fresh: int) -> str:
    return f"{done - failed} made, {running} running, {failed} failed, {fresh} up to date"


@contextmanager
def _executor(choices: Choices) -> Iterator[Executor]:
    if not choices.dask:
        with ThreadPoolExecutor(choices.workers) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError:
        raise VgstatsError(
            "--dask needs Dask, which is not installed. Install it with: pip install 'vgstats[dask]'."
        ) from None
    try:
        client = Client(choices.dask, timeout=_DASK_SECONDS)
    except (OSError, ValueError) as error:
        raise VgstatsError(
            f"--dask: no Dask scheduler answers at {choices.dask} ({error}). Start one with 'dask scheduler', "
            "and workers with 'dask worker'."
        ) from None
    with client:
        yield client.get_executor()


def _abandon(executor: Executor, done: list[Done], the_round: Round, code: int) -> None:
    """End at once and leave nothing running: what is done is kept, what is begun is given up."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    executor.shutdown(wait=False, cancel_futures=True)
    hold()  # or a report whose kernel is killed is begun again
    abandon()
    remove_scratch()
    made = sum(not one.reason for one in done)
    err.print(
        f"Interrupted: {made} of {len(the_round.jobs)} reports made; those are kept. Run the same command "
        "again to make the others."
    )
    indexes(the_round)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # threads that wait for their kernels would hold the process
