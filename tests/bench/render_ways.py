"""The ways to make a report that bench_render compares. Each takes a job and a folder to work in."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Executor
from pathlib import Path

import papermill
import yaml
from nbconvert import HTMLExporter

from support import NOTEBOOK, SECTIONS, block_calls
from vgstats.batch.execute import make
from vgstats.batch.notebooks import notebook_texts
from vgstats.batch.plan import Job, Options
from vgstats.batch.round import Keys
from vgstats.batch.runner import run
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.store.store import Store

_own = threading.local()


def ours(jobs: list[Job], folder: Path, pool: Executor, store: Store) -> None:
    """Make reports as `vgstats render` does: control, manifest and all."""
    notebooks = notebook_texts({job.kind for job in jobs}, NOTEBOOK.parent)
    for job in jobs:
        (folder / job.batch).mkdir(parents=True, exist_ok=True)
    keys = Keys(store, notebooks)
    for _, result in run(jobs, notebooks, Options(folder), pool, keys):
        assert not result.reason, result.reason


def one(job: Job) -> None:
    """Make one report, and put it nowhere."""
    result = make(job, NOTEBOOK.read_text(encoding="utf-8"))
    assert not result.reason, result.reason


def api(job: Job, folder: Path) -> None:
    """Make one report with papermill and nbconvert from Python, in an ordinary kernel."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        given = _bundled(job, Path(scratch))
        executed = papermill.execute_notebook(
            str(NOTEBOOK), None, given, kernel_name="python3", progress_bar=False
        )
        if not hasattr(_own, "exporter"):
            _own.exporter = HTMLExporter(exclude_input=True)
        page, _ = _own.exporter.from_notebook_node(executed)
        (Path(scratch) / "report.html").write_text(page, encoding="utf-8")


def shell(job: Job, folder: Path) -> None:
    """Make one report with the two command lines, as in a shell loop."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        given = Path(scratch) / "parameters.yaml"
        given.write_text(yaml.safe_dump(_bundled(job, Path(scratch))), encoding="utf-8")
        executed = f"{scratch}/executed.ipynb"
        commands = (
            ["papermill", str(NOTEBOOK), executed, "-f", str(given), "-k", "python3"],
            ["nbconvert", "--to", "html", "--no-input", executed],
        )
        for command in commands:
            program = [sys.executable, "-m", *(["jupyter"] if command[0] == "nbconvert" else [])]
            subprocess.run([*program, *command], check=True, capture_output=True)


def floor(job: Job) -> None:
    """Compute and draw the blocks of one report in this process, and keep nothing."""
    for name, block in blocks_of(opened(job)).items():
        assert block.html(), name


def opened(job: Job) -> Uppfoljning:
    """Return a report as its notebook opens it, from a bundle on disk."""
    with tempfile.TemporaryDirectory() as scratch:
        return Uppfoljning.open(**_bundled(job, Path(scratch)))


def blocks_of(report: Uppfoljning) -> dict:
    """Return the blocks that the notebook shows, by the name of what makes each."""
    return {
        name: eval(call, {**SECTIONS, "report": report})  # noqa: S307 - our own notebook
        for name, call in block_calls().items()
    }


def _bundled(job: Job, scratch: Path) -> dict:
    parameters = job.parameters.model_dump(mode="json")
    job.bundle.write(scratch / "bundle", parameters)
    return json.loads(json.dumps({**parameters, "bundle": str(scratch / "bundle")}))
