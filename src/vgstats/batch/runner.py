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
from typing import Any

import platformdirs
import yaml

from vgstats.batch import manifest
from vgstats.batch.execute import NO_LIMITS, Limits
from vgstats.batch.keys import Keys
from vgstats.batch.make import Failed, Made, Task, make
from vgstats.batch.plan import Job
from vgstats.page.template import page_of_blocks
from vgstats.whole_files import write_whole

_WAKE = 0.2  # seconds until a wait looks whether somebody has interrupted it
_AT_ONCE = 64
NEUTRAL = (
    "the reason may hold numbers that are hidden. It stands in the log of the person who made the report "
    "(failures.log), not in this folder"
)


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
    before = manifest.read(folder).get(job.file_name)
    if isinstance(result, Made):
        try:
            files = _put_in_place(job, result, folder)
        except OSError as error:
            result = Failed(f"it cannot be written: {error}", "", result.seconds)
        else:
            _remove(folder, before, files)
            return _noted(job, _entry(job, result, files, key=keys.whole(job)), folder)
    kept = dict(before.outputs) if before else {}
    told = _for_the_folder(job, result)
    # The summary has the reason; a full disk has no room for more.
    with contextlib.suppress(OSError):
        why = write_whole(folder / manifest.error_name(job.file_name), _error_page(job, told))
        kept[why.name] = manifest.Output.of(why)
    row = before.row if before else None
    noted = _noted(job, _entry(job, told, kept, row=row), folder)
    return Done(job, result.reason, noted.seconds)


def _for_the_folder(job: Job, result: Failed) -> Failed:
    """Return what a folder that many may read says of a failure: nothing that a region's own counts stand in."""
    if not job.release.protected and job.bundle.shown_and_hidden() == (0, 0):
        return result
    file = failure_log()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{_now()} {job.name}: {result.reason}\n{result.details}\n\n")
    return Failed(NEUTRAL, "", result.seconds)


def failure_log() -> Path:
    """Return the file, on the maker's own machine, that says why reports of a region's own counts failed."""
    return platformdirs.user_log_path("vgstats") / "failures.log"


def _put_in_place(job: Job, result: Made, folder: Path) -> dict[str, manifest.Output]:
    contents: dict[str, str | bytes] = {job.file_name: result.page}
    if result.pdf is not None:
        contents = {manifest.pdf_name(job.file_name): result.pdf, **contents}
    files = [write_whole(folder / name, content) for name, content in contents.items()]
    return {file.name: manifest.Output.of(file) for file in files}


def _remove(
    folder: Path, before: manifest.Entry | None, now: Mapping[str, manifest.Output]
) -> None:
    """Remove what lies beside a new page from an earlier run and is not of this page, such as its PDF."""
    for name in set(before.outputs) - set(now) if before else ():
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def _entry(
    job: Job,
    result: Made | Failed,
    outputs: Mapping[str, manifest.Output],
    *,
    key: dict[str, str] | None = None,
    row: dict[str, Any] | None = None,
) -> manifest.Entry:
    return manifest.Entry(
        file=job.file_name,
        kind=job.kind,
        area=job.area_name,
        label=job.label,
        status="made" if isinstance(result, Made) else "failed",
        key=key or {},
        made=_now(),
        seconds=round(result.seconds, 2),
        outputs=dict(outputs),
        row=result.row.as_json() if isinstance(result, Made) else row,
        reason="" if isinstance(result, Made) else result.reason,
    )


def _noted(job: Job, entry: manifest.Entry, folder: Path) -> Done:
    reason = entry.reason
    try:
        manifest.add(folder, entry)
    except OSError as error:
        reason = reason or f"the report is made, but the manifest cannot be written: {error}"
    return Done(job, reason, entry.seconds)


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
