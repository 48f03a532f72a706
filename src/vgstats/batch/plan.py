"""From parameter files to orders, and from orders to jobs: every one checked before any kernel starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgstats.batch.parameter_file import read_batch_file
from vgstats.catalogue import areas
from vgstats.catalogue.periods import Period
from vgstats.disclosure import Rule
from vgstats.disclosure.release import Release
from vgstats.errors import VgstatsError
from vgstats.ingest import bring_in
from vgstats.reports.bundle import Bundle, released_for
from vgstats.reports.kinds import KINDS, Parameters, gathered
from vgstats.store.store import Store


@dataclass(frozen=True)
class Order:
    """One report to make: its folder, its kind and its parameters."""

    batch: str
    kind: str
    parameters: Parameters

    @property
    def file_name(self) -> str:
        """The name of the report's file."""
        return f"{self.parameters.file_name}.html"

    @property
    def name(self) -> str:
        """The report's folder and file."""
        return f"{self.batch}/{self.file_name}"

    @property
    def area_name(self) -> str:
        """What the report's area is called."""
        return areas.name(self.parameters.area)

    @property
    def label(self) -> str:
        """The report's area and periods, in words."""
        before, after = (
            Period.parse(text).swedish() for text in (self.parameters.before, self.parameters.after)
        )
        return f"{self.area_name}, {before} och {after}"


@dataclass(frozen=True)
class Job(Order):
    """An order with its figures and what was released."""

    bundle: Bundle
    release: Release


@dataclass(frozen=True)
class Batch:
    """The orders of one parameter file; `name` is also the folder of its reports."""

    name: str
    file: Path
    orders: Sequence[Order]

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the orders by their files, in order."""
        return {order.file_name: order.label for order in self.orders}

    @property
    def jobs(self) -> list[Job]:
        """The orders that have their figures."""
        return [order for order in self.orders if isinstance(order, Job)]


def read_batches(
    files: Sequence[Path], store: Store | None = None, *, keep: bool = True
) -> list[Batch]:
    """Return the orders of parameter files, each checked, without looking at any figure.

    Args:
        files: the parameter files.
        store: where a region's own measures and texts lie; those in files beside these come there too.
        keep: whether they are written down there; otherwise only this store object knows them.

    Raises:
        VgstatsError: a file is not valid, or two would share a folder.
    """
    contents = [read_batch_file(file) for file in files]
    own = [content.own for content in contents if content.own]
    if own:
        bring_in(own, store or Store(), keep=keep)
    batches = []
    for file, content in zip(files, contents, strict=True):
        orders = [Order(content.name, content.report, p) for p in content.parameters()]
        batches.append(Batch(content.name, file, orders))
    names = [batch.name for batch in batches]
    for batch in batches:
        if names.count(batch.name) > 1:
            raise VgstatsError(
                f"{batch.file}: two parameter files are called {batch.name!r}, so their reports "
                "would share a folder. Rename one."
            )
    return batches


def plan(file: Path, store: Store | None = None) -> Batch:
    """Return one parameter file's batch with all its jobs (see `read_batches` and `with_figures`)."""
    store = store or Store()
    store.open_measures()
    (batch,) = read_batches([file], store)
    return with_figures([batch], batch.orders, store)[0]


def with_figures(
    batches: Sequence[Batch], wanted: Sequence[Order], store: Store | None = None
) -> list[Batch]:
    """Return the batches with figures for the wanted orders, which makes them jobs.

    What may be shown of own counts is decided once, for all the orders of all the batches together. It is
    not recorded yet: `release.record` must do that before a report is made.

    Raises:
        VgstatsError: there is nothing to compare for one of the wanted, or two batches have different
            rules and read own counts.
    """
    if not wanted:
        return list(batches)
    release = _release(batches, store)
    chosen = set(map(id, wanted))
    return [
        Batch(batch.name, batch.file, _jobs(batch, chosen, store, release)) for batch in batches
    ]


def job_of(
    kind: str,
    parameters: Parameters,
    store: Store | None = None,
    known_by: Mapping[str, str] | None = None,
) -> Job:
    """Return one report's job with its figures, as they are or as they were (see `bundle.gather`).

    Raises:
        VgstatsError: the figures are not enough for a report.
    """
    request = KINDS[kind].data_request(parameters)
    release = released_for([request], store, parameters.disclosure.rule(), known_by)
    bundle = gathered(kind, parameters, store, known_by, release)
    return Job("", kind, parameters, bundle, release)


def _release(batches: Sequence[Batch], store: Store | None) -> Release:
    orders = [order for batch in batches for order in batch.orders]
    requests = [KINDS[order.kind].data_request(order.parameters) for order in orders]
    rules: dict[Rule, Path] = {}
    for batch in batches:
        for order in batch.orders:
            rules.setdefault(order.parameters.disclosure.rule(), batch.file)
    release = released_for(requests, store, next(iter(rules)))
    if len(rules) > 1 and release.protected:
        one, other = list(rules.values())[:2]
        raise VgstatsError(
            f"{one} and {other} have different disclosure rules, and what they show of the region's own counts is "
            "decided together. Give them the same rule, or render them in two runs."
        )
    return release


def _jobs(batch: Batch, chosen: set[int], store: Store | None, release: Release) -> list[Order]:
    jobs: list[Order] = []
    refused: list[tuple[Order, VgstatsError]] = []
    for order in batch.orders:
        if id(order) not in chosen:
            jobs.append(order)
            continue
        try:
            bundle = gathered(order.kind, order.parameters, store, release=release)
        except VgstatsError as error:
            refused.append((order, error))
        else:
            jobs.append(Job(order.batch, order.kind, order.parameters, bundle, release))
    if refused:
        _, first = refused[0]
        raise VgstatsError(f"{batch.file}: {first}{_and_others(refused, some_left=bool(jobs))}")
    return jobs


def _and_others(refused: Sequence[tuple[Order, VgstatsError]], *, some_left: bool) -> str:
    """Return which other reports are refused: as what leaves all of them out, where any report is left then."""
    if not some_left:
        others = [order.parameters.area.replace(":", " ") for order, _ in refused[1:]]
        return f" The same goes for {', '.join(others)}." if others else ""
    codes: dict[tuple[str, str, str], list[str]] = {}
    for order, _ in refused:
        place, _, code = order.parameters.area.partition(":")
        key = (place, order.parameters.before, order.parameters.after)
        codes.setdefault(key, []).append(f'"{code}"')
    entries = [
        f'  - {{{place}: [{", ".join(found)}], before: "{before}", after: "{after}"}}'
        for (place, before, after), found in codes.items()
    ]
    return "\n".join(
        [f" To leave out the reports that cannot be made ({len(refused)}):", "exclude:", *entries]
    )
