"""From a wish for figures to the questions that it takes, and to which service. Nobody is asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from vgstats.catalogue.areas import check_area
from vgstats.catalogue.measures import measure
from vgstats.catalogue.periods import Period
from vgstats.errors import Mistakes, VgstatsError, misspelt, nearest
from vgstats.sources.datasets import Datasets
from vgstats.sources.fetch.questions import (
    Request,
    fk_requests,
    kolada_requests,
    level,
    scb_requests,
)

SERVICES = ("fk", "scb", "kolada")  # in the order that a measure is looked for


def addresses(datasets: Datasets, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the base address of each service.

    Args:
        datasets: where the addresses usually are.
        overrides: addresses by service that go before the variables VGSTATS_FK_ADDRESS,
            VGSTATS_SCB_ADDRESS and VGSTATS_KOLADA_ADDRESS, which go before the file.

    Raises:
        VgstatsError: there is no such service.
    """
    for service in overrides:
        check_service(service)
    return {
        name: overrides.get(name)
        or os.environ.get(f"VGSTATS_{name.upper()}_ADDRESS")
        or getattr(datasets, name).address
        for name in SERVICES
    }


def check_service(service: str) -> None:
    """Refuse the name of a service that there is not."""
    if service not in SERVICES:
        raise VgstatsError(
            f"Unknown source to fetch from {service!r}. Write one of {', '.join(SERVICES)}."
            + nearest(service, SERVICES)
        )


_Subject = tuple[str, Sequence[str], Callable[[list[str]], Iterable[Request]]]


@dataclass(frozen=True)
class Wish:
    """What is to be fetched.

    Measures of the catalogue; areas such as `riket`, `lan:14` and `kommun:1480`; the years from
    `first` to `last`, whole; of monthly figures all months, or only December. `sources` are the
    services that are asked, each for all that it has; empty: the first in `SERVICES` that has the
    measure. `by` are the dimensions that all parts are wanted of, such as every chapter of `diagnos`.
    """

    measures: tuple[str, ...]
    areas: tuple[str, ...]
    first: Period
    last: Period
    december_only: bool
    sources: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The questions in order, what is left out and why, and where FK describes its datasets."""

    requests: tuple[Request, ...]
    notes: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()


def plan(wish: Wish, datasets: Datasets) -> Plan:
    """Return the requests that a wish takes, and notes on areas that a source has no numbers for.

    Raises:
        VgstatsError: a measure, area or service is unknown, no source has the measure, the years run
            backwards, or a table's name is not confirmed.
    """
    check_names(wish.measures, wish.sources, wish.by, datasets)
    for area in wish.areas:
        check_area(area)
    if wish.last.end < wish.first.start:
        raise VgstatsError(f"{wish.first} comes after {wish.last}. Name the earlier period first.")
    areas = list(dict.fromkeys(wish.areas))
    requests: list[Request] = []
    notes: list[str] = []
    for subject, levels, ask in _subjects(wish, datasets):
        left_out = [area for area in areas if level(area) not in levels]
        if left_out:
            notes.append(
                f"{subject} has no numbers for {', '.join(sorted(set(map(level, left_out))))}: "
                f"{len(left_out)} areas are left out there, such as {left_out[0]}."
            )
        requests += ask([area for area in areas if area not in left_out])
    return Plan(tuple(requests), tuple(dict.fromkeys(notes)), tuple(datasets.fk.metadata))


def check_names(
    measures: Sequence[str], sources: Sequence[str], by: Sequence[str], datasets: Datasets
) -> None:
    """Refuse services and measures that there are not, and dimensions by which none of the measures can be had.

    Raises:
        VgstatsError: there is one; each is named.
    """
    mistakes = Mistakes()
    for service in sources:
        with mistakes.noted():
            check_service(service)
    mistakes.tell()
    has = _offered(datasets)
    asked = [service for service in SERVICES if service in (sources or SERVICES)]
    offered = sorted(set().union(*(has[service] for service in asked)))
    unknown = [name for name in measures if name not in offered]
    mistakes += [
        f"The measure {name!r} cannot be fetched from {', '.join(asked)}.{misspelt(name, offered)}"
        for name in unknown
    ]
    if unknown:
        mistakes[-1] += f" What can be fetched there: {', '.join(offered)}."
    for name in measures:
        only = [d.by for d in datasets.fk.datasets if name in d.measures]
        if only and "" not in only and not set(only) & set(by):
            mistakes.append(
                f"{name} can be fetched only by {' or '.join(only)}. Add '--by {only[0]}'."
            )
    known = sorted({d for m in measures for d in parts_of(m, datasets)})
    mistakes += [
        f"--by: none of {', '.join(measures)} can be had by {dimension!r}.{misspelt(dimension, known)} What they can "
        f"be had by: {', '.join(known) or 'nothing'}."
        for dimension in by
        if dimension not in known and not unknown
    ]
    mistakes.tell()


def parts_of(name: str, datasets: Datasets, level: str = "") -> list[str]:
    """Return the dimensions that a measure can be fetched by, with `Wish.by`; with a level for such areas."""
    found: dict[str, None] = {}
    for dataset in datasets.fk.datasets:
        if name in dataset.measures and level in ("", *dataset.levels):
            found |= dict.fromkeys(filter(None, [dataset.by]))
            found |= dict.fromkeys(["diagnos"] if "diagnosis" in dataset.parameters else [])
    return list(found)


def offers(datasets: Datasets) -> list[list[str]]:
    """Return a line on each measure that can be fetched: its id, name, services, parts, and what is sure.

    The last says `yes` where every name is confirmed, `partly` or `no`.
    """
    there = _offered(datasets)
    lines = []
    for name in dict.fromkeys(name for of in there.values() for name in of):
        services = [service for service in SERVICES if name in there[service]]
        sure = set().union(*(there[service][name] for service in services))
        lines.append(
            [
                name,
                measure(name).name,
                ", ".join(services),
                ", ".join(parts_of(name, datasets)),
                "partly" if len(sure) == 2 else "yes" if True in sure else "no",
            ]
        )
    return lines


def _offered(datasets: Datasets) -> dict[str, dict[str, set[bool]]]:
    """Return the measures that each service has, and whether the names of what they are of are confirmed."""
    found: dict[str, dict[str, set[bool]]] = {service: {} for service in SERVICES}
    for dataset in datasets.fk.datasets:
        for name in dataset.measures:
            found["fk"].setdefault(name, set()).add(dataset.confirmed)
    for table in datasets.scb.tables:
        found["scb"].setdefault(table.measure, set()).add(table.confirmed)
    for kpi in datasets.kolada.kpis:
        found["kolada"].setdefault(kpi.measure, set()).add(True)
    return found


def _subjects(wish: Wish, datasets: Datasets) -> Iterator[_Subject]:
    """Yield what each service is asked for, in the order of `SERVICES`: name, kinds of area, how to ask."""
    wanted = _wanted(wish, datasets)
    years = range(wish.first.start.year, wish.last.end.year + 1)
    for dataset in datasets.fk.datasets:
        if wanted["fk"] & set(dataset.measures) and dataset.by in ("", *wish.by):
            ask = partial(
                fk_requests,
                dataset,
                years=years,
                december_only=wish.december_only,
                size=datasets.fk.areas_per_request,
                by=wish.by,
            )
            yield (f"Försäkringskassan {dataset.dataset}", dataset.levels, ask)
    for table in datasets.scb.tables:
        span = [year for year in years if table.first_year <= year <= table.last_year]
        if table.asked and table.measure in wanted["scb"] and span:
            ask = partial(
                scb_requests,
                table,
                years=span,
                december_only=wish.december_only,
                cells=datasets.scb.cells_per_request,
            )
            yield (f"SCB {table.heading}", table.levels, ask)
    for kpi in datasets.kolada.kpis:
        if kpi.measure in wanted["kolada"]:
            ask = partial(kolada_requests, kpi, years=years, size=datasets.kolada.ids_per_request)
            yield (f"Kolada {kpi.kpi}", kpi.levels, ask)


def _wanted(wish: Wish, datasets: Datasets) -> dict[str, set[str]]:
    """Return which measures each service is asked for."""
    has = _offered(datasets)
    asked = [service for service in SERVICES if service in (wish.sources or SERVICES)]
    wanted: dict[str, set[str]] = {service: set() for service in SERVICES}
    for name in wish.measures:
        having = [service for service in asked if name in has[service]]
        for service in having if wish.sources else having[:1]:
            wanted[service].add(name)
    return wanted
