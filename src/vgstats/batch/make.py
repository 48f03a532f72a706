"""The job function: one report from its figures to its page, anywhere, with nothing but what it is given.

It never raises for a report that fails: what went wrong comes back as a result that any executor can carry.
"""

from __future__ import annotations

import datetime as dt
import json
import time
import traceback
from dataclasses import dataclass

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from vgstats.batch.execute import NO_LIMITS, Limits, page_of
from vgstats.batch.plan import Job
from vgstats.blocks.index_row import IndexRow
from vgstats.page.pdf import pdf_of

_LINES = 25  # of a traceback that an error page shows
_TRIES = 2  # a kernel that died may have been killed for something else


@dataclass(frozen=True)
class Task:
    """A job with all that making it takes: the notebook's text, the time on the page, and the limits."""

    job: Job
    notebook: str
    made: dt.datetime | None = None
    limits: Limits = NO_LIMITS
    with_pdf: bool = False


@dataclass(frozen=True)
class Made:
    """A report: its page, its PDF if wanted, and what an index says of it."""

    page: str
    pdf: bytes | None
    row: IndexRow
    seconds: float


@dataclass(frozen=True)
class Failed:
    """A report that could not be made: why, in one line, and the last lines of the traceback."""

    reason: str
    details: str
    seconds: float


def make(task: Task) -> Made | Failed:
    """Make one report; a kernel that died is tried once more."""
    start = time.monotonic()
    for attempt in range(1, _TRIES + 1):
        try:
            return _made(task, start)
        except DeadKernelError as error:
            if attempt == _TRIES:
                return _failed(error, "its kernel died, twice", start)
        except CellTimeoutError as error:
            allowed = f"{task.limits.timeout:g} seconds" if task.limits.timeout else "the time"
            reason = f"it took more than {allowed} that a report may take (--timeout), and was ended in a cell"
            return _failed(
                error, reason, start, str(error).partition("cell contents:")[2].splitlines()
            )
        except PapermillExecutionError as error:
            number = _as_written(error.cell_index, task.notebook)
            where = f"cell {number} of the notebook: {error.ename}: {error.evalue}"
            lines = "".join(error.traceback).splitlines()
            return _failed(error, where, start, lines)
        except Exception as error:
            return _failed(error, f"{type(error).__name__}: {error}", start)
    raise AssertionError("unreachable")


def _as_written(index: int, notebook: str) -> int:
    """Return which cell of the notebook file ran at an index: papermill adds one after the parameters."""
    tags = [cell["metadata"].get("tags", []) for cell in json.loads(notebook)["cells"]]
    given = next(place for place, found in enumerate(tags) if "parameters" in found)
    return index + 1 if index <= given else index


def _made(task: Task, start: float) -> Made:
    page = page_of(task.job, task.notebook, task.made, task.limits)
    pdf = pdf_of(page.html) if task.with_pdf else None
    return Made(page.html, pdf, page.row, time.monotonic() - start)


def _failed(error: Exception, reason: str, start: float, lines: list[str] | None = None) -> Failed:
    if lines is None:
        lines = "".join(traceback.format_exception(error)).splitlines()
    one_line = " ".join(reason.split())
    return Failed(one_line, "\n".join(lines[-_LINES:]), time.monotonic() - start)
