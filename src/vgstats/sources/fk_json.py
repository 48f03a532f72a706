"""Försäkringskassan's statistics API: JSON as it answers, fetched or saved to disk.

An answer is a list of `{"dimensions": {...}, "observations": {name: {"rojd": false, "value": 1.0}}}`.
`"rojd": true` marks a suppressed number. DuckDB reads the file, which may be over 100 MB.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from vgstats.errors import VgstatsError, misspelt
from vgstats.observations import STATUSES
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, datasets, fk_dataset
from vgstats.sources.reading import NotThisFormat, Reading, constant, series, stacked

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
    "length": (),
    "branch": (),
    "sector": (),
    "decision": (),
}
_IGNORED = ("row_nr",)
_SIMPLE = re.compile(r"\w+", re.ASCII)
_NUMBER = r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?"
_COUNT = r"[+-]?\d+(\.0)?([eE][+-]?\d+)?"  # 1.234 may mean 1 234


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
        units = {name: known.observations[name].resolution for name in observations}
        table = _table(connection, file, roles, units)
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
        _rows(table, roles, observations, known),
        _headings(roles) | {"value": ", ".join(observations)},
    )


def _check_ends(file: Path) -> None:
    """Refuse what is no list, or a list without its end, which DuckDB reads as far as it goes."""
    with file.open("rb") as stream:
        start = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
        stream.seek(-min(4096, file.stat().st_size), os.SEEK_END)
        end = stream.read().rstrip(b" \t\r\n")
    if start.startswith(b"<"):
        raise VgstatsError(
            f"{file}: this is a web page (HTML), not JSON. The address or the server was wrong when it "
            "was saved; fetch it again."
        )
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
        _refuse_twins(file, named, observed, *parts)
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


def _refuse_twins(file: Path, *groups: list[str]) -> None:
    for names in groups:
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise VgstatsError(
                f"{file}: {min(twice)!r} stands twice in one row. Save the file again."
            )


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
    names = {role: [*_NAMES[role]] for role in _NAMES}
    for role, name in dataset.parameters.items():
        names[role] = [name, *names.get(role, [])]
    found = {role: [n for n in known if n in dimensions] for role, known in names.items()}
    roles = {role: known[0] for role, known in found.items() if known}
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
    if not any(dataset.observations[name].measure for name in observations):
        raise VgstatsError(
            f"{file}: it holds only {', '.join(observations)}, which no measure of vgstats is made of."
        )
    return dataset


def _refuse_unknown(file: Path, what: str, names: list[str], known: list[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise VgstatsError(
            f"{file}: the {what} {unknown[0]!r} is unknown.{misspelt(unknown[0], known)} Numbers under "
            "it cannot be told apart. Leave it out of the address, or add its name to a copy of the "
            "datasets file (vgstats fetch --show-datasets)."
        )


def _table(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    roles: dict[str, str],
    units: dict[str, float],
) -> pa.Table:
    """Return a row for each row of the file: texts of the roles, and value and mark of each number."""

    def texts(*names: str) -> str:
        parts = [
            f"replace(coalesce(d.{roles[n]}, ''), '|', '¦')" if n in roles else "''" for n in names
        ]
        return " || '|' || ".join(parts)

    values = ", ".join(_value_and_status(name, unit >= 1) for name, unit in units.items())
    named = ", ".join(f"{name} VARCHAR" for name in roles.values())
    observed = ", ".join(f"{name} STRUCT(rojd VARCHAR, value VARCHAR)" for name in units)
    columns = f"dimensions: 'STRUCT({named})', observations: 'STRUCT({observed})'"
    query = (
        f"SELECT {texts('lan', 'kommun')} AS area, {texts('year', 'month', 'quarter')} AS period, "
        f'{texts("sex")} AS sex, {texts(*labels.PARTS)} AS "group", {values} '
        f"FROM (SELECT dimensions AS d, observations AS o FROM {_source(file, columns)})"
    )
    return connection.sql(query).to_arrow_table()


def _value_and_status(name: str, whole: bool) -> str:
    """Return SQL for an observation's number, and for its status or the text that is no number."""
    value, rojd = f"o.{name}.value", f"o.{name}.rojd"
    words = ", ".join(f"'{status}'" for status in STATUSES)
    return (
        f"try_cast({value} AS DOUBLE) AS value_{name}, "
        f"CASE WHEN lower({rojd}) = 'true' THEN 'suppressed' "
        f"WHEN lower({rojd}) <> 'false' THEN 'rojd ' || {rojd} "
        f"WHEN {value} IS NULL THEN 'missing' "
        f"WHEN regexp_full_match({value}, '{_COUNT if whole else _NUMBER}') THEN 'ok' "
        f"WHEN {value} IN ({words}) THEN '\"' || {value} || '\"' "
        f"ELSE {value} END AS status_{name}"
    )


def _rows(
    table: pa.Table, roles: dict[str, str], observations: list[str], dataset: FkDataset
) -> pd.DataFrame:
    index = pd.RangeIndex(table.num_rows)

    def column(name: str) -> pd.Series:
        return table.column(name).dictionary_encode().to_pandas()

    def group(text: str) -> str:
        of = dict(zip(labels.PARTS, text.split("|"), strict=True))
        return labels.group_of_parts(dataset.group, {p: of[p] for p in of if p in roles})

    shared = pd.DataFrame(
        {
            "area": labels.translate(column("area"), lambda text: _area(text, roles))
            if "lan" in roles
            else constant("riket", index),
            "period": labels.translate(
                column("period"), lambda text: labels.period(roles, *text.split("|"))
            ),
            "sex": labels.translate(column("sex"), labels.sex),
            "group": labels.translate(column("group"), group),
        }
    )
    parts = []
    for name in observations:
        observation = dataset.observations[name]
        if not observation.measure:
            continue
        value = table.column(f"value_{name}").to_numpy()
        status = column(f"status_{name}")
        value = np.where(status == "ok", value, np.nan)
        of = {"measure": observation.measure, "heading": name}
        parts.append(series(shared, value, status, observation.resolution, **of))
    return stacked(parts)


def _area(text: str, roles: dict[str, str]) -> str:
    lan, kommun = text.split("|")
    code, _, of_lan = kommun.partition("_")
    if "kommun" not in roles or (code == "ALL" and of_lan in ("", lan)):
        return labels.county_of_label(lan)
    whole = code if len(code) == 4 else f"{lan}{code}"
    inside = (
        code.isdigit() and of_lan in ("", lan) and labels.county_of_label(lan) == f"lan:{whole[:2]}"
    )
    return labels.area_of_code(whole) if inside else f"{lan} / {kommun}"
