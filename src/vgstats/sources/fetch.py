"""From a wish for figures to requests, and from requests to answers that hold something.

Planning asks nobody and can be shown before anything is fetched. Answers are handed on as bytes:
what their rows mean is read elsewhere. Forms of the addresses: Försäkringskassan's statistics API,
Kolada's API version 3 and SCB's PxWeb API version 2, with names from `data/datasets.yaml`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urljoin

from vgstats.areas import RIKET, all_areas, check_area
from vgstats.errors import VgstatsError, nearest
from vgstats.periods import Period
from vgstats.sources.datasets import Datasets, FkDataset, Kpi, ScbTable
from vgstats.sources.http import Answer, Client

SERVICES = ("fk", "scb", "kolada")  # in the order that a measure is looked for
VARIABLES = {service: f"VGSTATS_{service.upper()}_ADDRESS" for service in SERVICES}

_DIAGNOSES = "ALL,F00-F99,M00-M99"  # all, mental and musculoskeletal: those the agreements follow
_FK_SEXES = "ALL,K,M"
_SCB_SEXES = ("1", "2")
_SCB_AGES = tuple(str(age) for age in range(16, 65))
_SCB_REGIONS = 200  # keeps an address below the 2 000 characters that many servers take
_CORRECT = (
    "Correct the name in a copy of the datasets file ('vgstats fetch --show-datasets' shows it) and "
    "name the copy with '--datasets'."
)
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Wish:
    """What is to be fetched.

    Measures of the catalogue; areas such as `riket`, `lan:14` and `kommun:1480`; the years from
    `first` to `last`, whole; of monthly figures all months, or only December. `sources` are the
    services that are asked, each for all that it has; empty: the first in `SERVICES` that has the
    measure.
    """

    measures: tuple[str, ...]
    areas: tuple[str, ...]
    first: Period
    last: Period
    december_only: bool
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """One question: `service` is fk, scb or kolada, `source` the id in the list of sources.

    `path` follows the service's base address. `what` is words for messages.
    """

    service: str
    source: str
    path: str
    params: dict[str, str]
    what: str


@dataclass(frozen=True)
class Plan:
    """The questions in order, what is left out and why, and where FK describes its datasets."""

    requests: tuple[Request, ...]
    notes: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fetched:
    """A question and its answer; a question whose answer has several pages comes several times."""

    request: Request
    answer: Answer


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
        _check_service(service)
    usual = {name: getattr(datasets, name).address for name in SERVICES}
    return {
        name: overrides.get(name) or os.environ.get(VARIABLES[name]) or usual[name]
        for name in SERVICES
    }


def plan(wish: Wish, datasets: Datasets) -> Plan:
    """Return the requests that a wish takes, and notes on areas that a source has no numbers for.

    Raises:
        VgstatsError: a measure, area or service is unknown, no source has the measure, the years run
            backwards, or a table's name is not confirmed.
    """
    _check(wish)
    areas = list(dict.fromkeys(wish.areas))
    years = list(range(wish.first.start.year, wish.last.end.year + 1))
    requests: list[Request] = []
    notes: list[str] = []

    def having(name: str, levels: Sequence[str]) -> list[str]:
        left_out = [area for area in areas if _level(area) not in levels]
        if left_out:
            notes.append(
                f"{name} has no numbers for {', '.join(sorted({_level(a) for a in left_out}))}: "
                f"{len(left_out)} areas are left out there, such as {left_out[0]}."
            )
        return [area for area in areas if area not in left_out]

    wanted = _services(wish, datasets)
    for dataset in datasets.fk.datasets:
        if wanted["fk"] & set(dataset.measures):
            of = having(f"Försäkringskassan {dataset.dataset}", dataset.levels)
            requests += _fk(dataset, of, years, wish.december_only, datasets.fk.areas_per_request)
    for table in datasets.scb.tables:
        span = [year for year in years if table.first_year <= year <= table.last_year]
        if table.measure in wanted["scb"] and span:
            levels = ("riket", "lan", "kommun") if "region" in table.variables else ("riket",)
            of = having(f"SCB {table.heading}", levels)
            requests += _scb(table, of, span, datasets.scb.cells_per_request)
    for kpi in datasets.kolada.kpis:
        if kpi.measure in wanted["kolada"]:
            of = having(f"Kolada {kpi.kpi}", kpi.levels)
            requests += _kolada(kpi, of, years, datasets.kolada.ids_per_request)
    return Plan(tuple(requests), tuple(dict.fromkeys(notes)), tuple(datasets.fk.metadata))


def fetch(
    plan: Plan, clients: Mapping[str, Client], on_done: Callable[[Request, Answer], None]
) -> Iterator[Fetched]:
    """Yield the answers of a plan in order.

    Args:
        plan: the questions.
        clients: the client of each service that the plan asks.
        on_done: told each question when all of it is answered, and the last answer.

    Raises:
        VgstatsError: a source fails, or answers with nothing; of Försäkringskassan the message says
            which parameter or value its metadata do not have.
    """
    for request in plan.requests:
        client = clients[request.service]
        answers = [client.get(request.path, request.params)]
        if request.service == "fk" and _is_empty_list(answers[0].content):
            raise VgstatsError(_why_empty(client, request, plan.metadata))
        if request.service == "kolada":
            answers += _further_pages(client, request, answers[0])
        on_done(request, answers[-1])
        yield from (Fetched(request, answer) for answer in answers)


def discover_fk(client: Client, datasets: Datasets) -> list[str]:
    """Return lines on what the metadata of each known dataset say, and which of our names they lack.

    A dataset whose metadata cannot be had has a line that says so.
    """
    lines: list[str] = []
    for known in datasets.fk.datasets:
        lines.append(f"{known.dataset}/{known.table}")
        found = _metadata(client, known.dataset, datasets.fk.metadata)
        lines += [f"  {line}" for line in _described(found, known)]
    return lines


def discover_scb(client: Client, query: str) -> list[str]:
    """Return a line on each of SCB's tables that a search finds: id, label, first and last period.

    Raises:
        VgstatsError: SCB fails, or answers with something else than a list of tables.
    """
    answer = client.get("tables", {"query": query, "lang": "sv", "pageSize": "100"})
    found = _object(answer, "tables")
    lines = [
        f"{table.get('id', '?')}  {table.get('label', '')}  "
        f"({table.get('firstPeriod', '?')} to {table.get('lastPeriod', '?')})"
        for table in found["tables"]
    ]
    total = (found.get("page") or {}).get("totalElements") or len(lines)
    if total > len(lines):
        lines.append(f"{total - len(lines)} more tables are not shown; search for more words.")
    return lines or [f"SCB has no table that fits {query!r}."]


def _check(wish: Wish) -> None:
    for service in wish.sources:
        _check_service(service)
    for area in wish.areas:
        check_area(area)
    if wish.last.end < wish.first.start:
        raise VgstatsError(f"{wish.first} comes after {wish.last}. Name the earlier period first.")


def _check_service(service: str) -> None:
    if service not in SERVICES:
        raise VgstatsError(
            f"Unknown source to fetch from {service!r}. Write one of {', '.join(SERVICES)}."
            + nearest(service, SERVICES)
        )


def _services(wish: Wish, datasets: Datasets) -> dict[str, set[str]]:
    """Return which measures each service is asked for."""
    has = {
        "fk": {measure for dataset in datasets.fk.datasets for measure in dataset.measures},
        "scb": {table.measure for table in datasets.scb.tables},
        "kolada": {kpi.measure for kpi in datasets.kolada.kpis},
    }
    asked = [service for service in SERVICES if service in (wish.sources or SERVICES)]
    wanted: dict[str, set[str]] = {service: set() for service in SERVICES}
    for measure in wish.measures:
        having = [service for service in asked if measure in has[service]]
        if not having:
            known = sorted(set().union(*(has[service] for service in asked)))
            raise VgstatsError(
                f"The measure {measure!r} cannot be fetched from {', '.join(asked)}."
                f"{nearest(measure, known)} What can be fetched there: {', '.join(known)}."
            )
        for service in having if wish.sources else having[:1]:
            wanted[service].add(measure)
    return wanted


def _level(area: str) -> str:
    return area.split(":")[0]


def _code(area: str) -> str:
    return area.split(":")[-1]


def _chunks(things: Sequence[_Part], size: int) -> list[Sequence[_Part]]:
    return [things[at : at + size] for at in range(0, len(things), size)]


def _named(values: Mapping[str, str], names: Mapping[str, str], where: str) -> dict[str, str]:
    """Return the values under the names that a source has for them.

    Raises:
        VgstatsError: the datasets file names something that is not asked for.
    """
    for role in names:
        if role not in values:
            raise VgstatsError(
                f"The datasets file names {role!r} for {where}, which is not known. Write one of "
                f"{', '.join(values)}.{nearest(role, values)}"
            )
    return {name: values[role] for role, name in names.items()}


def _is_empty_list(content: bytes) -> bool:
    return len(content) < 256 and b"".join(content.split()) == b"[]"


def _words(name: str, areas: Sequence[str], years: Sequence[int]) -> str:
    where = areas[0] if len(areas) == 1 else f"{areas[0]} to {areas[-1]} ({len(areas)} areas)"
    when = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return f"{name}, {where}, {when}"


def _fk(
    dataset: FkDataset, areas: list[str], years: list[int], december_only: bool, size: int
) -> Iterator[Request]:
    values = {
        "year": ",".join(map(str, years)),
        "month": "12" if december_only else ",".join(f"{month:02d}" for month in range(1, 13)),
        "sex": _FK_SEXES,
        "age": ",".join(dataset.ages or ["ALL"]),
        "diagnosis": _DIAGNOSES,
    }
    for chunk in _chunks(areas, size):
        lan = ["ALL" if a == RIKET else _code(str(all_areas().loc[a, "lan"]) or a) for a in chunk]
        # The two lists are paired: the first kommun belongs to the first län, and so on.
        kommun = [_kommun(dataset, area, code) for area, code in zip(chunk, lan, strict=True)]
        params = _named(
            {**values, "lan": ",".join(lan), "kommun": ",".join(kommun)},
            dataset.parameters,
            dataset.dataset,
        )
        yield Request(
            "fk",
            dataset.source,
            f"{dataset.dataset}/{dataset.table}.json",
            {**params, **dataset.fixed},
            _words(f"Försäkringskassan {dataset.dataset}", chunk, years),
        )


def _kommun(dataset: FkDataset, area: str, lan: str) -> str:
    kommun = _code(area) if _level(area) == "kommun" else "ALL"
    try:
        return dataset.kommun_form.format(kommun=kommun, lan=lan)
    except (KeyError, IndexError, ValueError):
        raise VgstatsError(
            f"The datasets file gives {dataset.kommun_form!r} as kommun_form of {dataset.dataset}. "
            "Write {kommun} and {lan} where the codes stand, such as '{kommun}_{lan}'."
        ) from None


def _kolada(kpi: Kpi, areas: list[str], years: list[int], size: int) -> Iterator[Request]:
    for chunk in _chunks(areas, size):
        ids = ",".join("0000" if a == RIKET else _code(a).zfill(4) for a in chunk)
        for span in _chunks(years, size):
            yield Request(
                "kolada",
                kpi.source,
                f"data/kpi/{kpi.kpi}/municipality/{ids}/year/{','.join(map(str, span))}",
                {},
                _words(f"Kolada {kpi.kpi}", chunk, span),
            )


def _scb(table: ScbTable, areas: list[str], years: list[int], cells: int) -> Iterator[Request]:
    if areas and not (table.table and table.contents):
        raise VgstatsError(
            f"SCB's table of {table.measure} for {years[0]}-{years[-1]} is not confirmed, so it has "
            "no id yet. Look it up with 'vgstats fetch --discover --source scb', put its id and "
            "contents code into a copy of the datasets file ('--show-datasets'), and name the copy "
            "with '--datasets'. Or ask for other years."
        )
    values = {"age": _SCB_AGES, "sex": _SCB_SEXES, "contents": (table.contents,)}
    per_region = 1
    for role in ("age", "sex"):
        per_region *= len(values[role]) if role in table.variables else 1
    regions_at_once = max(1, min(len(areas), _SCB_REGIONS, cells // per_region))
    years_at_once = max(1, cells // (per_region * regions_at_once))
    for chunk in _chunks(areas, regions_at_once):
        regions = tuple("00" if a == RIKET else _code(a) for a in chunk)
        for span in _chunks(years, years_at_once):
            chosen = {**values, "region": regions, "time": tuple(map(str, span))}
            joined = {role: ",".join(codes) for role, codes in chosen.items()}
            selections = _named(joined, table.variables, table.table)
            yield Request(
                "scb",
                table.source,
                f"tables/{table.table}/data",
                {"lang": "sv", "outputFormat": "json-stat2"}
                | {f"valueCodes[{name}]": v for name, v in (selections | table.selections).items()},
                _words(f"SCB {table.heading} {table.table}", chunk, span),
            )


def _object(answer: Answer, key: str) -> dict[str, Any]:
    """Return a JSON object that has a list under `key`."""
    try:
        content = json.loads(answer.content)
    except ValueError as error:
        raise VgstatsError(f"{answer.address}: the answer is broken JSON: {error}.") from None
    if not isinstance(content, dict) or not isinstance(content.get(key), list):
        raise VgstatsError(
            f"{answer.address}: the answer has no list {key!r}. The source has changed its form; "
            "check the address with '--show-datasets'."
        )
    return content


def _further_pages(client: Client, request: Request, first: Answer) -> list[Answer]:
    envelope = _object(first, "values")
    if not envelope["values"]:
        client.forget(first)
        raise VgstatsError(
            f"{request.what}: Kolada has no values at {first.address}. It answers so when the KPI or "
            f"the ids of municipalities are wrong, or when it has no such years. {_CORRECT}"
        )
    pages, seen, page = [], {first.address}, first
    while envelope.get("next_url"):
        page = client.get(urljoin(page.address, str(envelope["next_url"])))
        if page.address in seen:
            raise VgstatsError(
                f"{request.what}: Kolada names {page.address} as its next page a second time. Run "
                "the command again with '--refresh'."
            )
        seen.add(page.address)
        pages.append(page)
        envelope = _object(page, "values")
    return pages


def _metadata(client: Client, dataset: str, paths: Sequence[str]) -> dict[str, Any] | str:
    """Return the metadata of a dataset, or in words why they cannot be had."""
    reason = "no address of metadata is known"
    for path in paths:
        try:
            content = json.loads(client.get(f"{dataset}/{path}").content)
            if _dimensions(content):
                return dict(content)
            reason = f"{dataset}/{path} names no dimensions"
        except VgstatsError as error:
            reason = str(error)
        except (ValueError, TypeError, AttributeError, KeyError):
            reason = f"{dataset}/{path} is not in the form that is known"
    return reason


def _dimensions(metadata: dict[str, Any]) -> dict[str, list[str]]:
    """Return the values of each dimension; a subdimension, such as kommun in län, is one too."""
    found: dict[str, list[str]] = {}
    for dimension in metadata["filter"]["dimension"]:
        values = dimension.get("values") or []
        found[dimension["key"]] = [str(value["key"]) for value in values]
        for inner in (value["subdimension"] for value in values if value.get("subdimension")):
            found.setdefault(inner["key"], []).extend(str(v["key"]) for v in inner["values"])
    return found


def _why_empty(client: Client, request: Request, paths: Sequence[str]) -> str:
    dataset = request.path.split("/")[0]
    found = _metadata(client, dataset, paths)
    if isinstance(found, str):
        why = (
            f"Its metadata cannot be had ({found}). Likeliest is the form in which a kommun is "
            "written (kommun_form), or a month that is not published yet."
        )
    else:
        faults = _faults(request.params, _dimensions(found))
        why = " ".join(faults) or (
            "Its metadata have all these names and values, so it has no numbers for the period yet, "
            "or the areas are paired otherwise."
        )
    return (
        f"{request.what}: Försäkringskassan answered with an empty list, as it does when the name or "
        f"the value of a parameter is wrong or one is missing. {why} {_CORRECT}"
    )


def _faults(params: Mapping[str, str], dimensions: dict[str, list[str]]) -> list[str]:
    """Return sentences on the parameters and values that metadata do not have."""
    faults = []
    for name, text in params.items():
        if name not in dimensions:
            unused = [known for known in dimensions if known not in params]
            faults.append(f"There is no parameter {name!r}.{nearest(name, unused)}")
            continue
        wrong = [v for v in text.split(",") if dimensions[name] and v not in dimensions[name]]
        if wrong:
            faults.append(
                f"The parameter {name!r} has no value {', '.join(map(repr, wrong[:5]))}."
                f"{_nearest_value(wrong[0], dimensions[name])}"
            )
    missing = [name for name in dimensions if name not in params]
    if missing:
        faults.append(f"Not asked for, but in the dataset: {', '.join(map(repr, missing))}.")
    return faults


def _nearest_value(value: str, known: list[str]) -> str:
    turned = "_".join(reversed(value.split("_")))
    return f" Did you mean {turned!r}?" if turned in known else nearest(value, known)


def _described(found: dict[str, Any] | str, known: FkDataset) -> list[str]:
    if isinstance(found, str):
        return [f"metadata cannot be had: {found}"]
    columns = (found.get("table") or {}).get("columns") or []
    dimensions = _dimensions(found)
    lines = [f"column {c.get('key', '?')}: {c.get('label', '')}" for c in columns]
    for name, values in dimensions.items():
        some = ", ".join(values[:5]) + (", …" if len(values) > 5 else "")
        lines.append(f"dimension {name}: {len(values)} values ({some})")
    ours = [*known.parameters.values(), *known.fixed]
    for name in ours:
        if name not in dimensions:
            lines.append(f"NOT THERE: parameter {name!r}.{nearest(name, dimensions)}")
    keys = [str(column.get("key", "")) for column in columns]
    for name in known.observations:
        if columns and name not in keys:
            lines.append(f"NOT THERE: observation {name!r}.{nearest(name, keys)}")
    return lines
