"""Försäkringskassan's statistics API: JSON as it answers, fetched or saved to disk.

An answer is a list of `{"dimensions": {...}, "observations": {name: {"rojd": false, "value": 1.0}}}`.
`"rojd": true` marks a suppressed number. DuckDB reads the file, which may be over 100 MB.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from vgstats.errors import VgstatsError, nearest
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, datasets
from vgstats.sources.reading import ROW_COLUMNS, NotThisFormat, Reading, constant, stacked

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
_BENEFITS = {"A": "forman=aktivitetsersättning", "S": "forman=sjukersättning", "ALL": ""}
_SIMPLE = re.compile(r"\w+", re.ASCII)


def read(file: Path, dataset: str = "") -> Reading:
    """Return the rows of a saved answer.

    Args:
        file: the JSON.
        dataset: the name of the dataset or its table, where the file does not tell: answers with only
            `antal` and `andel` look alike for ongoing and started sjukfall. The table's name in the
            file's name will do too.

    Raises:
        NotThisFormat: it is no list of dimensions and observations.
        VgstatsError: it is cut off or broken, empty, has an unknown dimension or observation, or the
            dataset cannot be told.
    """
    _check_start(file)
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    try:
        dimensions, observations = _structure(connection, file)
        known = _dataset(file, dataset, dimensions, observations)
        table = _table(connection, file, dimensions, observations)
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
        _rows(table, dimensions, observations, known),
        _headings(dimensions) | {"value": ", ".join(observations)},
    )


def _check_start(file: Path) -> None:
    with file.open("rb") as stream:
        start = stream.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
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


def _source(file: Path, columns: str) -> str:
    path = str(file).replace("'", "''")
    return f"read_json('{path}', format='array', columns={{{columns}}})"


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


def _headings(dimensions: list[str]) -> dict[str, str]:
    columns = {"year": "period", "lan": "area", "kommun": "area", "sex": "sex", "age": "group"}
    return {columns.get(role, "group"): name for role, name in _roles(dimensions).items()}


def _roles(dimensions: list[str]) -> dict[str, str]:
    """Return what plays each role: year, month, lan, kommun, age, sex, diagnosis, benefit."""
    return {role: name for role, names in _NAMES.items() for name in names if name in dimensions}


def _dataset(file: Path, wanted: str, dimensions: list[str], observations: list[str]) -> FkDataset:
    known = datasets().fk.datasets
    named = [d for d in known if wanted and wanted in (d.dataset, d.table, d.source)]
    if wanted and not named:
        known_names = [d.dataset for d in known]
        raise VgstatsError(
            f"--dataset: {wanted!r} is unknown.{nearest(wanted, known_names)} "
            f"Known: {', '.join(known_names)}."
        )
    by_file = [d for d in known if f"{d.table}.".lower() in f"{file.name}.".lower()]
    fits = [d for d in known if set(observations) <= set(d.observations)]
    unmistakable = [d for d in fits if not {"antal", "andel"} >= set(observations)]
    chosen = named or by_file or unmistakable
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
    needed = {"year", "sex", "lan"} - set(_roles(dimensions))
    if needed:
        lacking = ", ".join(_NAMES[role][0] for role in sorted(needed))
        raise VgstatsError(
            f"{file}: the dimension {lacking} is missing; there are {', '.join(dimensions)}. Ask for it "
            "in the address and save the file again."
        )
    return dataset


def _refuse_unknown(file: Path, what: str, names: list[str], known: list[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise VgstatsError(
            f"{file}: the {what} {unknown[0]!r} is unknown.{nearest(unknown[0], known)} Numbers under "
            "it cannot be told apart. Leave it out of the address, or add its name to a copy of the "
            "datasets file (vgstats fetch --show-datasets)."
        )


def _table(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    dimensions: list[str],
    observations: list[str],
) -> pa.Table:
    """Return a row for each row of the file: texts of the roles, and value and mark of each number."""
    roles = _roles(dimensions)

    def texts(*names: str) -> str:
        parts = [f"coalesce(d.{roles[n]}, '')" if n in roles else "''" for n in names]
        return " || '|' || ".join(parts)

    values = ", ".join(
        f"try_cast(o.{name}.value AS DOUBLE) AS value_{name}, "
        f"CASE WHEN lower(o.{name}.rojd) = 'true' THEN 'suppressed' "
        f"WHEN o.{name}.rojd IS NOT NULL AND lower(o.{name}.rojd) <> 'false' THEN 'rojd ' || o.{name}.rojd "
        f"WHEN o.{name}.value IS NULL THEN 'missing' "
        f"WHEN try_cast(o.{name}.value AS DOUBLE) IS NULL THEN o.{name}.value "
        f"ELSE 'ok' END AS status_{name}"
        for name in observations
    )
    named = ", ".join(f"{name} VARCHAR" for name in roles.values())
    observed = ", ".join(f"{name} STRUCT(rojd VARCHAR, value VARCHAR)" for name in observations)
    columns = f"dimensions: 'STRUCT({named})', observations: 'STRUCT({observed})'"
    query = (
        f"SELECT {texts('lan', 'kommun')} AS area, {texts('year', 'month', 'quarter')} AS period, "
        f'{texts("sex")} AS sex, {texts("age", "diagnosis", "benefit")} AS "group", {values} '
        f"FROM (SELECT dimensions AS d, observations AS o FROM {_source(file, columns)})"
    )
    return connection.sql(query).to_arrow_table()


def _rows(
    table: pa.Table, dimensions: list[str], observations: list[str], dataset: FkDataset
) -> pd.DataFrame:
    has_kommun = "kommun" in _roles(dimensions)
    index = pd.RangeIndex(table.num_rows)

    def column(name: str) -> pd.Series:
        return table.column(name).dictionary_encode().to_pandas()

    def group(text: str) -> str:
        age, diagnosis, benefit = text.split("|")
        return labels.joined_groups(
            dataset.group,
            labels.age(age or "ALL"),
            labels.diagnosis(diagnosis or "ALL"),
            _BENEFITS.get(benefit or "ALL", benefit),
        )

    shared = pd.DataFrame(
        {
            "area": labels.translate(column("area"), lambda text: _area(text, has_kommun)),
            "period": labels.translate(column("period"), _period),
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
        part = shared.assign(
            measure=constant(observation.measure, index),
            value=np.where(status == "ok", value, np.nan),
            resolution=observation.resolution,
            status=status,
            sheet=constant("", index),
            row=np.arange(1, len(index) + 1),
        )
        parts.append(part[ROW_COLUMNS])
    return stacked(parts) if len(parts) > 1 else parts[0]


def _area(text: str, has_kommun: bool) -> str:
    lan, kommun = text.split("|")
    if not has_kommun:
        return labels.area_of_code(lan)
    code, _, of_lan = kommun.partition("_")
    if of_lan and of_lan != lan:
        return text
    if code == "ALL":
        return labels.area_of_code(lan)
    whole = code if len(code) == 4 else f"{lan}{code}"
    return labels.area_of_code(whole) if whole.startswith(lan) else text


def _period(text: str) -> str:
    year, month, quarter = text.split("|")
    if month:
        return labels.month(year, month)
    return labels.quarter(year, quarter) if quarter else year
