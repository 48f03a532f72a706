"""All reports of a run: several at a time, each on its own, what is done kept whatever happens to the others."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import html
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs
import yaml

from vgstats.batch import manifest
from vgstats.batch.execute import Made, make
from vgstats.batch.plan import Job, Options
from vgstats.batch.replacing import replacing
from vgstats.batch.round import Keys
from vgstats.page.template import page_of_blocks
from vgstats.whole_files import write_whole

_WAKE = 0.2  # seconds until a wait looks whether somebody has interrupted it
_AT_ONCE = 64
NEUTRAL = (
    "the reason may hold numbers that are hidden. It stands in the log of the person who made the report "
    "(failures.log), not in this folder"
)


def run(
    jobs: Sequence[Job],
    notebooks: Mapping[str, str],
    options: Options,
    executor: Executor,
    keys: Keys,
) -> Iterator[tuple[Job, Made]]:
    """Make reports and yield each when it is in place and in the manifest, or has failed.

    Only so many are handed to the executor at a time as it can hold without keeping all the figures twice.
    What is yielded has no page any more.
    """
    waiting = list(reversed(jobs))
    running: dict[Future[Made], Job] = {}
    there = {name: manifest.read(options.folder / name) for name in {job.batch for job in jobs}}
    gc.freeze()  # the figures of all the jobs are here to stay, and need no looking through
    try:
        while waiting or running:
            while waiting and len(running) < _AT_ONCE:
                job = waiting.pop()
                entry = there[job.batch].get(job.file_name)
                job = replacing(job, options.folder / job.batch, entry)
                running[executor.submit(make, job, notebooks[job.made_by], options)] = job
            done, _ = wait(running, timeout=_WAKE, return_when=FIRST_COMPLETED)
            for future in done:
                job = running.pop(future)
                result = _finished(job, _result(future), options, keys)
                if result.reason and options.fail_fast:
                    waiting.clear()
                    running = {other: of for other, of in running.items() if not other.cancel()}
                yield job, result
    finally:
        gc.unfreeze()


def _result(future: Future[Made]) -> Made:
    try:
        return future.result()
    except Exception as error:
        return Made(reason=f"{type(error).__name__}: {error}")


def _finished(job: Job, result: Made, options: Options, keys: Keys) -> Made:
    """Put a report in place, or its error page; a disk that is full makes it a failure."""
    folder, formats = options.folder / job.batch, sorted(options.formats)
    before = manifest.read(folder).get(job.file_name)
    kept = before.outputs if before else {}
    if not result.reason:
        try:
            aside = manifest.put_aside(folder, job.file_name, before)
            outputs = _put_in_place(job, result, folder)
        except OSError as error:
            reason = f"it cannot be written: {error}"
            result = Made(seconds=result.seconds, reason=reason)
        else:
            for name in kept.keys() - outputs.keys():  # such as the PDF of an earlier page
                manifest.delete(folder, name)
            row = result.row.as_json() if result.row else None
            fault = _noted(
                job, result, folder, outputs=outputs, key=keys.whole(job), row=row, formats=formats
            )
            written_in = f"its document had been written in, and is kept as {aside}"
            notes = (*result.notes, written_in) if aside else result.notes
            return Made(seconds=result.seconds, reason=fault, notes=notes)
    told = _for_the_folder(job, result)
    # The summary has the reason; a full disk has no room for more.
    with contextlib.suppress(OSError):
        why = write_whole(folder / manifest.error_name(job.file_name), _error_page(job, told))
        kept = {**kept, why.name: manifest.Output.of(why)}
    _noted(job, told, folder, outputs=kept, key={}, row=before.row if before else None)
    return result


def _put_in_place(job: Job, result: Made, folder: Path) -> dict[str, manifest.Output]:
    beside = {manifest.beside(job.file_name, end): made for end, made in result.beside.items()}
    contents: dict[str, str | bytes] = {**beside, job.file_name: result.page}
    return {
        name: manifest.Output.of(write_whole(folder / name, content))
        for name, content in contents.items()
    }


def _noted(job: Job, result: Made, folder: Path, **made: Any) -> str:
    """Add what became of a report to the manifest; return why that cannot be done, empty when it is."""
    entry = manifest.ManifestLine(
        file=job.file_name,
        kind=job.kind,
        area=job.parameters.area_name,
        label=job.parameters.label,
        status="failed" if result.reason else "made",
        made=_now(),
        seconds=round(result.seconds, 2),
        reason=result.reason,
        **made,
    )
    try:
        manifest.add(folder, entry)
    except OSError as error:
        return f"the report is made, but the manifest cannot be written: {error}"
    return ""


def _for_the_folder(job: Job, result: Made) -> Made:
    """Return what a folder that many may read says of a failure: nothing that a region's own counts stand in."""
    bundle, release = job.figures()
    if not release.protected and bundle.shown_and_hidden() == (0, 0):
        return result
    file = failure_log()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{_now()} {job.name}: {result.reason}\n{result.details}\n\n")
    return replace(result, reason=NEUTRAL, details="")


def failure_log() -> Path:
    """Return the file, on the maker's own machine, that says why reports of a region's own counts failed."""
    return platformdirs.user_log_path("vgstats") / "failures.log"


def _error_page(job: Job, result: Made) -> str:
    values = {"report": job.kind, **job.parameters.model_dump(mode="json")}
    parameters = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
    body = (
        f"<h1>Rapporten för {html.escape(job.parameters.area_name)} kunde inte göras</h1>\n"
        f"<p>{html.escape(result.reason)}</p>\n"
        f"<h2>Parametrar</h2>\n<pre>{html.escape(parameters)}</pre>\n"
        f"<h2>De sista raderna</h2>\n<pre>{html.escape(result.details)}</pre>"
    )
    return page_of_blocks(body, dt.datetime.now().astimezone())


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")
