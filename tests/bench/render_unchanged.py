"""What `vgstats render` takes when every report is as it would be."""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from vgstats.batch import manifest
from vgstats.batch.plan import read_batches
from vgstats.batch.round import Keys
from vgstats.store.store import Store
from vgstats.whole_files import write_whole

_RUNS = 5


@dataclass(frozen=True)
class Unchanged:
    """Reports that were looked at, and the seconds of the whole command: medians of some runs, and the most."""

    reports: int
    cpu: float
    wall: float
    longest: float


def looked_at(files: list[Path], store: Store, folder: Path) -> Unchanged:
    """Run the command for reports that are all there, several times, and return what that took."""
    command = [str(Path(sys.executable).with_name("vgstats")), "render", *map(str, files)]
    command += ["--store", str(store.folder), "--out", str(folder)]
    cpu, wall = [], []
    said = ""
    for _ in range(_RUNS):
        before, start = os.times(), time.monotonic()
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        after = os.times()
        wall.append(time.monotonic() - start)
        used = (after.children_user, after.children_system)
        cpu.append(sum(used) - before.children_user - before.children_system)
    reports = sum(len(batch.jobs) for batch in read_batches(files))
    assert f"{reports} reports, all up to date" in said, said
    return Unchanged(reports, statistics.median(cpu), statistics.median(wall), max(wall))


def pretended(
    files: list[Path],
    store: Store,
    notebooks: dict[str, str],
    folder: Path,
    like: manifest.ManifestLine,
) -> None:
    """Write the manifests of reports that were never made, and short files in their places.

    A report that is up to date is known by its manifest and by its file's size and time, so what the file
    holds makes no difference.
    """
    keys = Keys(store, notebooks)
    for batch in read_batches(files):
        lines = {}
        for job in batch.jobs:
            file = write_whole(folder / batch.name / job.file_name, "pretended")
            changes = {
                "file": job.file_name,
                "area": job.parameters.area_name,
                "label": job.parameters.label,
                "key": keys.without_data(job),
                "outputs": {job.file_name: manifest.Output.of(file)},
            }
            lines[job.file_name] = like.model_copy(update=changes)
        manifest.write(folder / batch.name, lines)


def pairs_of_decembers(first: int, last: int, number: int) -> list[tuple[str, str]]:
    """Return so many pairs of periods, the earlier one first."""
    pairs = itertools.combinations(range(first, last + 1), 2)
    return [(f"{a}-12", f"{b}-12") for a, b in itertools.islice(pairs, number)]
