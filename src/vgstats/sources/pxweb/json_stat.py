"""PxWeb's json-stat2: a dataset that holds together, and what its dimensions mean."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources.datasets import ScbTable
from vgstats.sources.pxweb.rows import reading
from vgstats.sources.pxweb.words import (
    COLUMN_OF_ROLE,
    is_total,
    known_tables,
    parted_by,
    table_of_contents,
    translated,
)
from vgstats.sources.reading import NotThisFormat, Reading, json_answer, unreadable

MOST_CELLS = 5_000_000


class _Inconsistent(Exception):  # noqa: N818 - says what is the matter
    """Why a dataset does not hold together."""


@dataclass(frozen=True)
class Cube:
    """A json-stat dataset: the codes and labels of its dimensions, and its cells in row order."""

    codes: dict[str, list[str]]
    labels: dict[str, dict[str, str]]
    value: pd.Series
    status: pd.Series

    def column(self, dimension: str) -> pd.Series:
        """Return the code of a dimension for each cell."""
        sizes = [len(codes) for codes in self.codes.values()]
        inner = math.prod(sizes[list(self.codes).index(dimension) + 1 :])
        at = np.arange(len(self.value)) // inner % len(self.codes[dimension])
        return pd.Series(pd.Categorical.from_codes(at, self.codes[dimension]))


def cube(answer: Any, file: Path) -> Cube:
    """Return the dataset that a JSON answer is.

    Raises:
        NotThisFormat: it is JSON of another shape.
        VgstatsError: its parts do not fit each other.
    """
    if not isinstance(answer, dict):
        raise NotThisFormat
    parts = ("id", "size", "dimension", "value")
    if answer.get("class") != "dataset" and sum(part in answer for part in parts) < 3:
        raise NotThisFormat
    try:
        return _cube(answer)
    except _Inconsistent as reason:
        raise VgstatsError(
            f"{file}: the json-stat is not as it should be: {reason}. Save it again."
        ) from None


def _cube(answer: dict[str, Any]) -> Cube:
    names, sizes = _part(answer, "id", list), _part(answer, "size", list)
    dimensions = _part(answer, "dimension", dict)
    if len(set(map(str, names))) != len(names) or len(names) != len(sizes):
        raise _Inconsistent("'id' and 'size' do not fit each other")
    codes, words = {}, {}
    for name, size in zip(map(str, names), sizes, strict=True):
        codes[name], words[name] = _categories(dimensions.get(name), name)
        if isinstance(size, bool) or size != len(codes[name]):
            raise _Inconsistent(f"{name} has {len(codes[name])} categories, not {size!r}")
    count = math.prod(len(of) for of in codes.values())
    if not 0 < count <= MOST_CELLS:
        raise _Inconsistent(f"it has {count} cells; from 1 to {MOST_CELLS} can be read")
    value, status = _cells(_part(answer, "value", list | dict), answer.get("status"), count)
    return Cube(codes, words, value, status)


def _part(answer: dict[str, Any], name: str, kind: Any) -> Any:
    if not isinstance(answer.get(name), kind):
        raise _Inconsistent(f"{name!r} is missing or is of another kind")
    return answer[name]


def _categories(dimension: Any, name: str) -> tuple[list[str], dict[str, str]]:
    """Return the codes of a dimension in order, and the label of each."""
    category = dimension.get("category") if isinstance(dimension, dict) else None
    if not isinstance(category, dict) or not isinstance(category.get("label", {}), dict):
        raise _Inconsistent(f"the dimension {name} has no categories")
    words = category.get("label", {})
    # The order may be left out where there is nothing to order.
    index = category.get("index", list(words) if len(words) == 1 else [])
    if isinstance(index, list):
        index = {str(code): place for place, code in enumerate(index)}
    places = list(index.values()) if isinstance(index, dict) else []
    numbered = all(type(place) is int for place in places)
    if not places or not numbered or sorted(places) != list(range(len(places))):
        raise _Inconsistent(f"the categories of {name} are not numbered from 0, each once")
    codes = [code for _, code in sorted(zip(places, index, strict=True))]
    return codes, {code: str(words.get(code, code)) for code in codes}


def _cells(given: Any, marks: Any, count: int) -> tuple[pd.Series, pd.Series]:
    values = _listed(given, count, "value")
    for_all = marks is None or isinstance(marks, str)
    statuses = [marks] * count if for_all else _listed(marks, count, "status")
    pairs = [_cell(value, mark) for value, mark in zip(values, statuses, strict=True)]
    value = pd.Series([pair[0] for pair in pairs], dtype=float)
    return value, pd.Series([pair[1] for pair in pairs]).astype("category")


def _listed(given: Any, count: int, part: str) -> list[Any]:
    """Return a list or a sparse object of cells as a list, None where nothing is given."""
    if isinstance(given, list):
        if len(given) != count:
            raise _Inconsistent(f"'{part}' has {len(given)} cells, 'size' says {count}")
        return given
    if not isinstance(given, dict):
        raise _Inconsistent(f"{part!r} is neither a list nor an object")
    cells: list[Any] = [None] * count
    for key, cell in given.items():
        if not re.fullmatch(r"0|[1-9]\d{0,9}", key, re.ASCII) or int(key) >= count:
            raise _Inconsistent(f"{part!r} has a cell {key!r}, 'size' says {count}")
        cells[int(key)] = cell
    return cells


def _cell(value: Any, mark: Any) -> tuple[float, str]:
    """Return the value and its status; a text that is no status for what cannot be read."""
    if mark == "-" and (value is None or value == 0):
        return 0.0, "nil"
    if mark in ("..", "...") or (value is None and mark in (None, "", ".")):
        return math.nan, "missing"
    if isinstance(value, bool) or not isinstance(value, int | float) or mark:
        marked = f" marked {mark!r}" if mark else ""
        text = value if isinstance(value, str) else repr(value)
        return math.nan, unreadable(f"{text}{marked}")
    try:
        return float(value), "ok"
    except OverflowError:
        return math.nan, "a number too large"


def read_json_stat(file: Path) -> Reading:
    """Return the rows of a json-stat2 answer; `row` counts its cells from 1.

    Raises:
        NotThisFormat: it is JSON of another shape.
        VgstatsError: it is not JSON, is cut off or inconsistent; its contents, or a dimension, are
            not known; or it has neither a total nor an age band that is whole.
    """
    answer = json_answer(file)
    data = cube(answer, file)
    table_id = _table_id(answer)
    contents = _contents(data)
    table = table_of_contents(contents, file, table_id)
    _check_dimensions(data, table, file)
    cells = pd.DataFrame({"value": data.value, "status": data.status})
    cells["row"] = np.arange(1, len(cells) + 1)
    name = f"{contents[0]}, table {table_id}" if table_id else contents[0]
    headings = {"value": name}
    for role, column in COLUMN_OF_ROLE.items():
        dimension = table.variables.get(role)
        if dimension in data.codes:
            cells[role] = translated(data.column(dimension), role, data.labels[dimension])
            headings[column] = dimension
    recognised = f"SCB PxWeb, json-stat2: {table.heading} ({name})"
    return reading(recognised, cells, table, headings, file)


def _table_id(answer: dict[str, Any]) -> str:
    part: Any = answer
    for name in ("extension", "px", "tableid"):
        part = part.get(name) if isinstance(part, dict) else None
    return str(part or "")


def _contents(data: Cube) -> list[str]:
    names = {table.variables.get("contents") for table in known_tables()}
    return [code for name in data.codes if name in names for code in data.codes[name]]


def _check_dimensions(data: Cube, table: ScbTable, file: Path) -> None:
    """Refuse a dataset without time or region, or parted by something else than is asked for."""
    variables = {"time": "Tid", **table.variables}
    for role in ("time", "region"):
        if role in variables and variables[role] not in data.codes:
            raise VgstatsError(
                f"{file}: the dimension {variables[role]} is missing; there are "
                f"{', '.join(data.codes)}. Choose it and save the file again."
            )
    for name, codes in data.codes.items():
        if name in table.variables.values():
            continue
        words = data.labels[name]
        asked = codes[0] == table.selections.get(name)
        if len(codes) > 1 or not (asked or is_total(codes[0]) or is_total(words[codes[0]])):
            raise parted_by(f"dimension {name}", list(words.values()), file)
