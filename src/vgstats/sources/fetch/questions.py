"""How a question is written to each service: the address, in chunks of the size that it takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from vgstats.catalogue.areas import RIKET, all_areas
from vgstats.errors import VgstatsError, nearest
from vgstats.observations import SEXES
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, Kpi, ScbTable

_FK_SEXES = "ALL,K,M"
_SCB_PARTS = {"age": tuple(map(str, range(16, 65))), "sex": ("1", "2")}
# These keep an address below the 2 000 characters that many servers take.
_SCB_REGIONS = 200
_SCB_TIMES = 120
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Request:
    """One question: `service` is fk, scb or kolada, `source` the id in the list of sources.

    `path` follows the service's base address. `subject` is what is asked, such as a dataset. What is asked
    for in the tidy table's words is one number for every combination of `measures`, `areas`, `periods`,
    `sexes` and `groups`; without groups, of all that the source has. `times` names the parameter whose
    values are the periods one by one, where the question can be cut in two there.
    """

    service: str
    source: str
    path: str
    params: dict[str, str]
    subject: str
    measures: tuple[str, ...]
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    sexes: tuple[str, ...]
    groups: tuple[str, ...]
    times: str = ""

    @property
    def what(self) -> str:
        """The subject with areas and years, in words for messages."""
        areas, years = self.areas, [period[:4] for period in self.periods]
        where = areas[0] if len(areas) == 1 else f"{areas[0]} to {areas[-1]} ({len(areas)} areas)"
        when = years[0] if years[0] == years[-1] else f"{years[0]}-{years[-1]}"
        return f"{self.subject}, {where}, {when}"


def level(area: str) -> str:
    """Return the kind of an area: `kommun` of `kommun:1480`."""
    return area.split(":")[0]


def fk_requests(
    dataset: FkDataset,
    areas: Sequence[str],
    years: Sequence[int],
    december_only: bool,
    size: int,
    by: Sequence[str] = (),
) -> Iterator[Request]:
    """Yield questions to Försäkringskassan, each for at most `size` areas.

    Raises:
        VgstatsError: there is something to ask for, but the dataset's table has no name yet.
    """
    if areas and not dataset.table:
        raise VgstatsError(
            f"The table of Försäkringskassan's {dataset.dataset} is not confirmed, so it has no name yet. "
            "Look it up with 'vgstats fetch --discover', put the name into a copy of the datasets file "
            "('--show-datasets'), and name the copy with '--datasets'."
        )
    months = _months(december_only) if "month" in dataset.parameters else [""]
    values = {
        "year": ",".join(map(str, years)),
        "month": ",".join(months),
        "sex": _FK_SEXES,
        **{role: ",".join(codes) for role, codes in dataset.values(by).items()},
    }
    for chunk in _chunks(areas, size):
        lan = ["ALL" if a == RIKET else _code(str(all_areas().loc[a, "lan"]) or a) for a in chunk]
        # The two lists are paired: the first kommun belongs to the first län, and so on.
        kommun = [_kommun(dataset, area, code) for area, code in zip(chunk, lan, strict=True)]
        params = _under_its_names(
            {**values, "lan": ",".join(lan), "kommun": ",".join(kommun)},
            dataset.parameters,
            dataset.dataset,
        )
        yield Request(
            "fk",
            dataset.source,
            f"{dataset.dataset}/{dataset.table}.json",
            params | dataset.fixed,
            f"Försäkringskassan {dataset.dataset}",
            tuple(dict.fromkeys(dataset.measures)),
            tuple(chunk),
            tuple(f"{year}-{month}" if month else f"{year}" for year in years for month in months),
            SEXES if "sex" in dataset.parameters else SEXES[:1],
            dataset.groups(by),
        )


def kolada_requests(
    kpi: Kpi, areas: Sequence[str], years: Sequence[int], size: int
) -> Iterator[Request]:
    """Yield questions to Kolada, each for at most `size` areas and years."""
    for chunk in _chunks(areas, size):
        ids = ",".join("0000" if a == RIKET else _code(a).zfill(4) for a in chunk)
        for span in _chunks(years, size):
            yield Request(
                "kolada",
                kpi.source,
                f"data/kpi/{kpi.kpi}/municipality/{ids}/year/{','.join(map(str, span))}",
                {},
                f"Kolada {kpi.kpi}",
                (kpi.measure,),
                tuple(chunk),
                tuple(map(str, span)),
                SEXES if kpi.by_sex else SEXES[:1],
                (kpi.group,),
            )


def scb_requests(
    table: ScbTable, areas: Sequence[str], years: Sequence[int], december_only: bool, cells: int
) -> Iterator[Request]:
    """Yield questions to SCB, each for at most `cells` numbers.

    Raises:
        VgstatsError: there is something to ask for, but the table has no id yet.
    """
    if areas and not (table.table and table.contents):
        raise VgstatsError(
            f"SCB's table of {table.measure} for {years[0]}-{years[-1]} is not confirmed, so it has "
            "no id yet. Look it up with 'vgstats fetch --discover --source scb', put its id and "
            "contents code into a copy of the datasets file ('--show-datasets'), and name the copy "
            "with '--datasets'. Or ask for other years."
        )
    months = [f"M{month}" for month in _months(december_only)] if table.monthly else [""]
    parts = {
        role: (*codes, *table.totals.get(role, ()))
        for role, codes in _SCB_PARTS.items()
        if role in table.variables
    }
    per_region = math.prod(map(len, parts.values())) * len(months)
    regions_at_once = max(1, min(len(areas), _SCB_REGIONS, cells // per_region))
    years_at_once = max(1, min(_SCB_TIMES // len(months), cells // (per_region * regions_at_once)))
    bands = [f"alder={band}" for band in labels.AGE_BANDS] if "age" in parts else []
    groups = (*bands, *([""] if "age" in table.totals or not bands else []))
    for chunk in _chunks(areas, regions_at_once):
        for span in _chunks(years, years_at_once):
            times = [f"{year}{month}" for year in span for month in months]
            values = {role: ",".join(codes) for role, codes in parts.items()} | {
                "contents": table.contents,
                "region": ",".join("00" if area == RIKET else _code(area) for area in chunk),
                "time": ",".join(times),
            }
            selections = _under_its_names(values, table.variables, table.table) | table.selections
            yield Request(
                "scb",
                table.source,
                f"tables/{table.table}/data",
                {"lang": "sv", "outputFormat": "json-stat2"}
                | {f"valueCodes[{name}]": codes for name, codes in selections.items()},
                f"SCB {table.heading} {table.table}",
                (table.measure,),
                tuple(chunk),
                tuple(map(labels.pxweb_period, times)),
                SEXES if "sex" in parts else SEXES[:1],
                groups,
                times=f"valueCodes[{table.variables['time']}]",
            )


def halves(request: Request) -> tuple[Request, ...]:
    """Return a question as two, each for half of its times; none where it has only one."""
    half = len(request.periods) // 2
    if not request.times or not half:
        return ()
    times = request.params[request.times].split(",")
    return tuple(
        replace(
            request,
            params={**request.params, request.times: ",".join(times[part])},
            periods=request.periods[part],
        )
        for part in (slice(half), slice(half, None))
    )


def _months(december_only: bool) -> list[str]:
    return [f"{month:02d}" for month in ([12] if december_only else range(1, 13))]


def _code(area: str) -> str:
    return area.split(":")[-1]


def _chunks(things: Sequence[_Part], size: int) -> list[Sequence[_Part]]:
    return [things[at : at + size] for at in range(0, len(things), size)]


def _kommun(dataset: FkDataset, area: str, lan: str) -> str:
    if level(area) != "kommun" and dataset.kommun_form == "{kommun}":
        return f"ALL_{lan}"
    kommun = _code(area) if level(area) == "kommun" else "ALL"
    try:
        return dataset.kommun_form.format(kommun=kommun, lan=lan)
    except (KeyError, IndexError, ValueError):
        raise VgstatsError(
            f"The datasets file gives {dataset.kommun_form!r} as kommun_form of {dataset.dataset}. "
            "Write {kommun} and {lan} where the codes stand, such as '{kommun}_{lan}'."
        ) from None


def _under_its_names(
    values: Mapping[str, str], names: Mapping[str, str], where: str
) -> dict[str, str]:
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
