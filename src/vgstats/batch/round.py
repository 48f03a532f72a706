"""One run of `vgstats render`: what is wanted, what has to be made, and what became of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import filelock

from vgstats.batch import manifest
from vgstats.batch.freshness import Verdict, settled, verdicts
from vgstats.batch.keys import Keys
from vgstats.batch.notebooks import notebook_texts
from vgstats.batch.plan import Batch, Job, Order, read_batches, with_figures
from vgstats.disclosure.release import record
from vgstats.errors import VgstatsError, nearest
from vgstats.store.store import Store

_LOCK = ".vgstats.lock"


@dataclass(frozen=True)
class Wanted:
    """What a person asks of a run.

    `only`: parts of the names of the reports to look at, all when empty. `keep`: whether a region's own texts beside
    the files are written to the store.
    """

    files: Sequence[Path]
    folder: Path
    notebooks: Path
    store: Store
    with_pdf: bool = False
    force: bool = False
    only: Sequence[str] = ()
    keep: bool = True


@dataclass(frozen=True)
class Choices:
    """How a run is carried out: what one report may take (seconds, bytes), and a Dask cluster, if any."""

    workers: int
    timeout: float
    memory: int
    fork: bool
    fail_fast: bool
    dask: str


@dataclass
class Round:
    """A run that is planned: its orders, the verdict on each, and the jobs to make."""

    wanted: Wanted
    batches: list[Batch]
    notebooks: dict[str, str]
    keys: Keys
    verdicts: list[Verdict] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @property
    def orders(self) -> list[Order]:
        """The orders that are looked at."""
        return [verdict.order for verdict in self.verdicts]


def planned(wanted: Wanted) -> Round:
    """Return what a run would do, as far as can be told without reading a figure.

    Raises:
        VgstatsError: a parameter file or a notebook is not valid, or `only` fits no report.
    """
    wanted.store.open_measures()
    batches = read_batches(wanted.files, wanted.store, keep=wanted.keep)
    kinds = {order.kind for batch in batches for order in batch.orders}
    notebooks = notebook_texts(kinds, wanted.notebooks)
    keys = Keys(wanted.store, notebooks)
    orders = _chosen([order for batch in batches for order in batch.orders], wanted)
    manifests = _manifests(wanted, batches)
    found = verdicts(
        orders, wanted.folder, keys, manifests, with_pdf=wanted.with_pdf, force=wanted.force
    )
    return Round(wanted, batches, notebooks, keys, found)


def settle(planned_round: Round, *, note: bool = True) -> None:
    """Read the figures of the reports that may have to be made, and decide on each.

    `note` says whether what turns out to be up to date is written to the manifest, so that it is known at
    once the next time.

    Raises:
        VgstatsError: a report has nothing to compare.
    """
    wanted, found = planned_round.wanted, planned_round.verdicts
    stale = [verdict.order for verdict in found if not verdict.fresh]
    batches = with_figures(planned_round.batches, stale, wanted.store)
    jobs = {job.name: job for batch in batches for job in batch.jobs}
    manifests = _manifests(wanted, batches)
    planned_round.verdicts, as_before = settled(found, jobs, planned_round.keys, manifests)
    planned_round.jobs = [jobs[v.order.name] for v in planned_round.verdicts if v.why]
    for job, entry in as_before if note else []:
        manifest.add(wanted.folder / job.batch, entry)


def release(planned_round: Round) -> None:
    """Write what is released to the ledgers, before any report of it is made."""
    if planned_round.jobs:
        wanted = planned_round.wanted
        record(planned_round.jobs[0].release, wanted.store)
        planned_round.keys = Keys(wanted.store, planned_round.notebooks)


@contextlib.contextmanager
def alone(wanted: Wanted, batches: Sequence[Batch]) -> Iterator[None]:
    """Hold the batches' folders, so that no other run writes to them meanwhile.

    Raises:
        VgstatsError: another run does, or a folder cannot be written to.
    """
    with contextlib.ExitStack() as held:
        for batch in batches:
            folder = wanted.folder / batch.name
            try:
                folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(filelock.FileLock(folder / _LOCK, timeout=0))
                if not os.access(folder, os.W_OK):
                    raise PermissionError(13, "Permission denied")
            except filelock.Timeout:
                raise VgstatsError(
                    f"Another vgstats is making reports in {folder}. Wait until it is done, or name another "
                    "folder with --out."
                ) from None
            except OSError as error:
                raise VgstatsError(
                    f"--out: reports cannot be written to {wanted.folder} ({error.strerror}). Name a folder that "
                    "can be written to."
                ) from None
        yield


def _chosen(orders: list[Order], wanted: Wanted) -> list[Order]:
    for text in wanted.only:
        if not any(text in order.name for order in orders):
            names = [order.name for order in orders]
            raise VgstatsError(
                f"--only: no report's name has {text!r} in it.{nearest(text, names)} vgstats check lists the names."
            )
    if not wanted.only:
        return orders
    return [order for order in orders if any(text in order.name for text in wanted.only)]


def _manifests(
    wanted: Wanted, batches: Sequence[Batch]
) -> Mapping[str, Mapping[str, manifest.Entry]]:
    """Return what became of the reports before."""
    return {batch.name: manifest.read(wanted.folder / batch.name) for batch in batches}
