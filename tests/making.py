"""Reports made as a run makes them, for tests that read them."""

from __future__ import annotations

from pathlib import Path

from vgstats.batch.execute import report_page
from vgstats.batch.plan import Job
from vgstats.whole_files import write_whole


def render(job: Job, notebooks: Path, folder: Path) -> Path:
    """Make one report with the notebooks in a folder, and return its file in another."""
    return write_whole(folder / job.file_name, report_page(job, notebooks))
