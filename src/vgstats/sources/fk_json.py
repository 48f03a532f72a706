"""Försäkringskassan's statistics API: JSON as it answers, fetched or saved to disk.

An answer is a list of `{"dimensions": {...}, "observations": {name: {"rojd": false, "value": 1.0}}}`.
`"rojd": true` marks a suppressed number. DuckDB reads the file, which may be over 100 MB.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from vgstats.catalogue.areas import RIKET
from vgstats.errors import VgstatsError, misspelt
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, datasets, fk_dataset
from vgstats.sources.reading import (
    NotThisFormat,
    Reading,
    constant,
    numbers,
    refuse_web_page,
    series,
    stacked,
)

MEMORY_LIMIT = "384MB"
_NAMES = {
    "year": ("ar",),
    "month": ("manad", "man"),
    "quarter": ("kvartal",),
    "lan": ("lan_kod", "lan"),
    "kommun": ("kommun_kod", "kommun"),
    "age": ("aldersklass_kod", "aldersklass"),
    "sex": ("kon_kod", "kon"),
    "diagnosis": ("diagnoskapitel_kod", "diagnoskapitel"),
    "benefit": ("delforman",),
}
_IGNORED = ("row_nr",)
Numbers = tuple[str, np.ndarray | pd.Series, pd.Series, float]  # measure, value, status, resolution
_SIMPLE = re.compile(r"\w+", re.ASCII)
_MARKS = {"rojd true": "suppressed", "null": "missing"}
_WRITTEN = "[0-9.eE+-]+"  # JSON parts no thousands


def read(file: Path, dataset: str = "") -> Reading:
    """Return the rows of a saved answer.

    Args:
        file: the JSON.
        dataset: the name of the dataset or its table, where the file does not tell: answers with only
            `antal` and `andel` look alike for ongoing and started sjukfall, and `spt` alone is
            sjukpenningtal 1.0 or 2.0. The table's name in the file's name will do too.

    Raises:
        NotThisFormat: it is no list of dimensions and observations.
        VgstatsError: it is cut off or broken, empty, has an unknown dimension or observation, or the
            dataset cannot be told.
    """
    _check_ends(file)
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    try:
        dimensions, observations = _structure(connection, file)
        known = _dataset(file, dataset, dimensions, observations)
        roles = _roles(file, dimensions, known)
        columns, found = _columns(connection, file, roles, known, observations)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise VgstatsError(
            f"{file}: the JSON is cut off or broken ({reason}). Fetch or save it again."
        ) from None
    finally:
        connection.close()
    return Reading(
        f"Försäkringskassan, JSON from {known.dataset}/{known.table}",
        known.source,
        rows_of_roles(columns, known.group, _area, found),
        _headings(roles) | {"value": ", ".join(observations)},
    )


def _check_ends(file: Path) -> None:
    """Refuse what is no list, or a list without its end, which DuckDB reads as far as it goes."""
    with file.open("rb") as stream:
        start = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
        stream.seek(-min(4096, file.stat().st_size), os.SEEK_END)
        end = stream.read().rstrip(b" \t\r\n")
    refuse_web_page(file, start.decode("utf-8", "replace"), "JSON")
    if not start.startswith(b"["):
        raise NotThisFormat
    if start.split() in ([b"[]"], [b"[", b"]"]):
        raise VgstatsError(
            f"{file}: the list is empty. Försäkringskassan answers so when a parameter's name or value "
            "is wrong, such as kommun_kod=14_ALL instead of ALL_14. Correct the address and save again."
        )
    if not end.endswith(b"]"):
        raise VgstatsError(
            f"{file}: the JSON is cut off or broken (the list has no end). Fetch or save it again."
        )


def _source(file: Path, columns: str) -> str:
    path = str(file).replace("'", "''")
    return f"read_json('{path}', format='array', columns={{{columns}}}, hive_partitioning=false)"


def _structure(connection: duckdb.DuckDBPyConnection, file: Path) -> tuple[list[str], list[str]]:
    """Return the names of all dimensions and observations in the file, each known to be whole."""
    as_json = _source(file, "dimensions: 'JSON', observations: 'JSON'")
    found = connection.sql(
        "SELECT DISTINCT json_keys(dimensions), json_keys(observations), "
        f"json_keys(observations, '$.*') FROM {as_json}"
    ).fetchall()
    dimensions: dict[str, None] = {}
    observations: dict[str, None] = {}
    for named, observed, parts in found:
        if not named or observed is None:
            raise NotThisFormat
        for names in (named, observed, *parts):
            if twice := {name for name in names if names.count(name) > 1}:
                raise VgstatsError(
                    f"{file}: {min(twice)!r} stands twice in one row. Save the file again."
                )
        for name, inside in zip(observed, parts, strict=True):
            if not inside or set(inside) - {"rojd", "value"}:
                raise VgstatsError(
                    f"{file}: the observation {name!r} holds {', '.join(inside) or 'no parts'}; "
                    "expected rojd and value. Save the file again, or report the new format."
                )
        dimensions |= dict.fromkeys(named)
        observations |= dict.fromkeys(observed)
    for name in [*dimensions, *observations]:
        if not _SIMPLE.fullmatch(name):
            raise VgstatsError(f"{file}: {name!r} is not a name that the API gives. Save it again.")
    return list(dimensions), list(observations)


def _headings(roles: dict[str, str]) -> dict[str, str]:
    columns = {"year": "period", "month": "period", "quarter": "period", "sex": "sex"}
    columns |= {"lan": "area", "kommun": "area"}
    named: dict[str, list[str]] = {}
    for role, name in roles.items():
        named.setdefault(columns.get(role, "group"), []).append(name)
    return {column: ", ".join(names) for column, names in named.items()}


def _roles(file: Path, dimensions: list[str], dataset: FkDataset) -> dict[str, str]:
    """Return what plays each role: year, month, lan, kommun, age, sex, diagnosis, benefit.

    Raises:
        VgstatsError: a dimension that the dataset has is missing, so that what the numbers are about
            would be a guess.
    """
    roles: dict[str, str] = {}
    for role in dict.fromkeys([*_NAMES, *dataset.parameters]):
        names = [dataset.parameters.get(role, ""), *_NAMES.get(role, ())]
        if there := [name for name in names if name in dimensions]:
            roles[role] = there[0]
    lacking = [name for role, name in dataset.parameters.items() if role not in roles]
    lacking += [name for name in dataset.fixed if name not in dimensions]
    if lacking:
        raise VgstatsError(
            f"{file}: the dimension {lacking[0]} is missing; there are {', '.join(dimensions)}. Ask for "
            "it in the address and save the file again."
        )
    dataset.refuse_own_dimension(file, roles)
    return roles


def _dataset(file: Path, wanted: str, dimensions: list[str], observations: list[str]) -> FkDataset:
    known = datasets().fk.datasets
    fits = [d for d in known if set(observations) <= set(d.observations)]
    unmistakable = [d for d in fits if not {"antal", "andel"} >= set(observations)]
    named = fk_dataset(wanted, file)
    chosen = [named] if named else unmistakable
    if len(chosen) != 1:
        fitting = ", ".join(d.dataset for d in fits or known)
        raise VgstatsError(
            f"{file}: a file with the observations {', '.join(observations)} may come from several "
            f"datasets. Name the one with --dataset, or keep the table's name in the file's name. "
            f"Known that fit: {fitting}."
        )
    dataset = chosen[0]
    _refuse_unknown(file, "observation", observations, list(dataset.observations))
    allowed = [name for names in _NAMES.values() for name in names]
    own = [*dataset.parameters.values(), *dataset.fixed, *_IGNORED]
    _refuse_unknown(file, "dimension", dimensions, [*allowed, *own])
    dataset.refuse_no_measure(file, {name: dataset.observations[name] for name in observations})
    return dataset


def _refuse_unknown(file: Path, what: str, names: list[str], known: list[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise VgstatsError(
            f"{file}: the {what} {unknown[0]!r} is unknown.{misspelt(unknown[0], known)} Numbers under "
            "it cannot be told apart. Leave it out of the address, or add its name to a copy of the "
            "datasets file (vgstats fetch --show-datasets)."
        )


def _columns(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    roles: dict[str, str],
    dataset: FkDataset,
    names: list[str],
) -> tuple[dict[str, pd.Series], dict[str, Numbers]]:
    """Return the texts of each role, and the numbers of each observation."""
    texts = ", ".join(f"coalesce(d.{name}, '') AS \"{role}\"" for role, name in roles.items())
    values = ", ".join(
        f"CASE WHEN lower(o.{name}.rojd) = 'true' THEN 'rojd true' "
        f"WHEN lower(o.{name}.rojd) <> 'false' THEN 'rojd ' || o.{name}.rojd "
        f"ELSE coalesce(o.{name}.value, 'null') END AS number_{name}"
        for name in names
    )
    named = ", ".join(f"{name} VARCHAR" for name in roles.values())
    pairs = ", ".join(f"{name} STRUCT(rojd VARCHAR, value VARCHAR)" for name in names)
    columns = f"dimensions: 'STRUCT({named})', observations: 'STRUCT({pairs})'"
    query = (
        f"SELECT {texts}, {values} "
        f"FROM (SELECT dimensions AS d, observations AS o FROM {_source(file, columns)})"
    )
    table = connection.sql(query).to_arrow_table()

    def column(name: str) -> pd.Series:
        return table.column(name).dictionary_encode().to_pandas()

    found = {}
    for name in names:
        of = dataset.observations[name]
        whole, texts_of = of.resolution >= 1, column(f"number_{name}")
        value, status = numbers(texts_of, _MARKS, whole=whole, written=_WRITTEN)
        found[name] = (of.measure, value, status, of.resolution)
    return {role: column(role) for role in roles}, found


def rows_of_roles(
    columns: Mapping[str, pd.Series],
    group: str,
    area: Callable[..., str],
    found: Mapping[str, Numbers],
) -> pd.DataFrame:
    """Return the rows of a table of Försäkringskassan's, whichever form it was read from.

    Args:
        columns: the texts of each role that the table has, such as `year` and `lan`; and `sheet` and `row`
            where they are not just counted.
        group: what all its numbers have in common.
        area: the area of the text of a county and, where there is such a column, that of a kommun.
        found: measure (none: left out), values, statuses and rounding unit under each heading.
    """
    index = next(iter(columns.values())).index
    nothing = constant("", index)

    def word(of: Callable[..., str], *roles: str) -> pd.Series:
        there = [columns[role] for role in roles if role in columns]
        return labels.translate_together(there, of) if there else constant(of(), index)

    year = columns.get("year", nothing)
    period = labels.translate(year, str)
    for role, of_role in (("quarter", labels.quarter), ("month", labels.month)):
        if role in columns:
            period = labels.translate_together([year, columns[role]], of_role)
    parts = [part for part in labels.PARTS if part in columns]
    shared = pd.DataFrame(
        {
            "area": word(area, "lan", "kommun"),
            "period": period,
            "sex": labels.translate(columns.get("sex", nothing), labels.sex),
            "group": word(
                lambda *of: labels.group_of_parts(group, dict(zip(parts, of, strict=True))),
                *parts,
            ),
            **{name: columns[name] for name in ("sheet", "row") if name in columns},
        }
    )
    parts_of = []
    for heading, (measure, value, status, resolution) in found.items():
        if measure:
            of = {"measure": measure, "heading": heading}
            parts_of.append(series(shared, value, status, resolution, **of))
    return stacked(parts_of)


def _area(lan: str = RIKET, kommun: str = "ALL") -> str:
    code, _, of_lan = kommun.partition("_")
    if code == "ALL" and of_lan in ("", lan):
        return labels.county_of_label(lan)
    whole = code if len(code) == 4 else f"{lan}{code}"
    inside = (
        code.isdigit() and of_lan in ("", lan) and labels.county_of_label(lan) == f"lan:{whole[:2]}"
    )
    return labels.area_of_code(whole) if inside else f"{lan} / {kommun}"
