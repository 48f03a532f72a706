"""Which reports of a run have to be made, and why; the others are left as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgstats.batch import manifest
from vgstats.batch.keys import WORDS, Keys, changed
from vgstats.batch.plan import Job, Order


@dataclass(frozen=True)
class Verdict:
    """What is to be done with one order.

    `why` says why it is made, empty when it need not be. `unsure`: data files changed, so only its figures
    can tell.
    """

    order: Order
    why: str
    unsure: bool = False

    @property
    def fresh(self) -> bool:
        """Whether the report is as it would be if it was made now."""
        return not self.why and not self.unsure


def verdicts(
    orders: Iterable[Order],
    folder: Path,
    keys: Keys,
    manifests: Mapping[str, Mapping[str, manifest.Entry]],
    *,
    with_pdf: bool = False,
    force: bool = False,
) -> list[Verdict]:
    """Return for each order whether its report has to be made, without reading a figure.

    Args:
        orders: the reports wanted.
        folder: where the batches' folders lie.
        keys: the digests of this run.
        manifests: by batch, what became of its reports (see `manifest.read`).
        with_pdf: whether each is wanted as PDF too.
        force: whether every report is to be made.
    """
    found = []
    for order in orders:
        entry = manifests.get(order.batch, {}).get(order.file_name)
        now = keys.without_data(order)
        why = "--force" if force else _why(order, entry, folder, now, with_pdf=with_pdf)
        unsure = not why and entry is not None and now["files"] != entry.key.get("files")
        found.append(Verdict(order, why, unsure))
    return found


def settled(
    doubts: Sequence[Verdict],
    jobs: Mapping[str, Job],
    keys: Keys,
    manifests: Mapping[str, Mapping[str, manifest.Entry]],
) -> tuple[list[Verdict], list[tuple[Job, manifest.Entry]]]:
    """Return the verdicts with none unsure, and what turned out to be fresh, with its entry as it now reads.

    Args:
        doubts: verdicts, some unsure.
        jobs: by name, those that have figures.
        keys: the digests of this run.
        manifests: as in `verdicts`.
    """
    sure, as_before = [], []
    for verdict in doubts:
        if not verdict.unsure:
            sure.append(verdict)
            continue
        job = jobs[verdict.order.name]
        entry = manifests[job.batch][job.file_name]
        now = keys.whole(job)
        why = changed(entry.key, now)
        if not why:
            as_before.append((job, entry.model_copy(update={"key": now})))
        sure.append(Verdict(verdict.order, ", ".join(why)))
    return sure, as_before


def _why(
    order: Order,
    entry: manifest.Entry | None,
    folder: Path,
    now: Mapping[str, str],
    *,
    with_pdf: bool,
) -> str:
    if entry is None:
        return "it was never made"
    if entry.status == "failed":
        return "it failed last time"
    if faults := entry.faults(folder / order.batch):
        return ", ".join(faults)
    if with_pdf and not entry.pdf:
        return "it is wanted as PDF too"
    return ", ".join(changed(entry.key, {name: now[name] for name in WORDS if name in now}))
