"""PxWeb's json-stat2: what the dimensions of a dataset mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources.datasets import ScbTable
from vgstats.sources.pxweb.cube import Cube, cube
from vgstats.sources.pxweb.rows import reading
from vgstats.sources.pxweb.tables import (
    COLUMN_OF_ROLE,
    is_total,
    known_tables,
    parted_by,
    table_of_contents,
)
from vgstats.sources.pxweb.words import translated
from vgstats.sources.reading import Reading
from vgstats.sources.text_files import json_answer


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
