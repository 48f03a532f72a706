"""All reports of a run: several at a time, each on its own, what is done kept whatever happens to the others."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import html
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

import yaml

from vgstats.batch import manifest
from vgstats.batch.execute import NO_LIMITS, Limits
from vgstats.batch.keys import Keys, file_digest
from vgstats.batch.make import Failed, Made, Task, make
from vgstats.batch.plan import Job
from vgstats.page.template import page_of_blocks
from vgstats.whole_files import write_whole

_WAKE = 0.2  # seconds until a wait looks whether somebody has interrupted it
_AT_ONCE = 64


@dataclass(frozen=True)
class Setup:
    """How the reports of a run are made, and where they go.

    `fail_fast` begins no more reports after one that failed; those that are being made are finished and kept.
    """

    notebooks: Mapping[str, str]
    folder: Path
    limits: Limits = NO_LIMITS
    with_pdf: bool = False
    made: dt.datetime | None = None
    fail_fast: bool = False


@dataclass(frozen=True)
class Done:
    """What became of one job: empty `reason` when its report is in place."""

    job: Job
    reason: str
    seconds: float


def run(jobs: Sequence[Job], setup: Setup, executor: Executor, keys: Keys) -> Iterator[Done]:
    """Make reports and yield each when it is in place and in the manifest, or has failed.

    Only so many are handed to the executor at a time as it can hold without keeping all the figures twice.
    """
    gc.freeze()  # the figures of all the jobs are here to stay, and need no looking through
    try:
        yield from _each(jobs, setup, executor, keys)
    finally:
        gc.unfreeze()


def _each(jobs: Sequence[Job], setup: Setup, executor: Executor, keys: Keys) -> Iterator[Done]:
    waiting = list(reversed(jobs))
    running: dict[Future[Made | Failed], Job] = {}
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            job = waiting.pop()
            task = Task(
                job, setup.notebooks[job.kind], setup.made, setup.limits, with_pdf=setup.with_pdf
            )
            running[executor.submit(make, task)] = job
        done, _ = wait(running, timeout=_WAKE, return_when=FIRST_COMPLETED)
        for future in done:
            job = running.pop(future)
            outcome = _finished(job, _result(future), setup, keys)
            if outcome.reason and setup.fail_fast:
                waiting.clear()
                running = {other: of for other, of in running.items() if not other.cancel()}
            yield outcome


def _result(future: Future[Made | Failed]) -> Made | Failed:
    try:
        return future.result()
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}", "", 0.0)


def _finished(job: Job, result: Made | Failed, setup: Setup, keys: Keys) -> Done:
    """Put a report in place, or its error page; a disk that is full makes it a failure."""
    folder = setup.folder / job.batch
    if isinstance(result, Made):
        try:
            entry = _put_in_place(job, result, folder, setup, keys)
        except OSError as error:
            result = Failed(f"it cannot be written: {error}", "", result.seconds)
        else:
            return _noted(job, entry, folder)
    before = manifest.read(folder).get(job.file_name)
    entry = manifest.Entry(
        file=job.file_name,
        kind=job.kind,
        area=job.area_name,
        status="failed",
        key={},
        made=_now(),
        seconds=round(result.seconds, 2),
        row=before.row if before else None,
        reason=result.reason,
    )
    # The summary has the reason; a full disk has no room for more.
    with contextlib.suppress(OSError):
        write_whole(folder / error_file(job.file_name), _error_page(job, result))
    return _noted(job, entry, folder)


def _put_in_place(job: Job, result: Made, folder: Path, setup: Setup, keys: Keys) -> manifest.Entry:
    if result.pdf is not None:
        write_whole((folder / job.file_name).with_suffix(".pdf"), result.pdf)
    file = write_whole(folder / job.file_name, result.page)
    (folder / error_file(job.file_name)).unlink(missing_ok=True)
    about = file.stat()
    return manifest.Entry(
        file=job.file_name,
        kind=job.kind,
        area=job.area_name,
        status="made",
        key=keys.whole(job),
        made=_now(),
        seconds=round(result.seconds, 2),
        page=file_digest(file),
        size=about.st_size,
        changed=about.st_mtime_ns,
        with_pdf=setup.with_pdf,
        row=result.row.as_json(),
    )


def _noted(job: Job, entry: manifest.Entry, folder: Path) -> Done:
    reason = entry.reason
    try:
        manifest.add(folder, entry)
    except OSError as error:
        reason = reason or f"the report is made, but the manifest cannot be written: {error}"
    return Done(job, reason, entry.seconds)


def error_file(file_name: str) -> str:
    """Return the name of the page that says why a report failed."""
    return f"{file_name.removesuffix('.html')}.fel.html"


def _error_page(job: Job, result: Failed) -> str:
    values = {"report": job.kind, **job.parameters.model_dump(mode="json")}
    parameters = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
    body = (
        f"<h1>Rapporten för {html.escape(job.area_name)} kunde inte göras</h1>\n"
        f"<p>{html.escape(result.reason)}</p>\n"
        f"<h2>Parametrar</h2>\n<pre>{html.escape(parameters)}</pre>\n"
        f"<h2>De sista raderna</h2>\n<pre>{html.escape(result.details)}</pre>"
    )
    return page_of_blocks(body, dt.datetime.now().astimezone())


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")
