"""Försäkringskassan's statistics API as this machine plays it, with its silent empty lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

FK_VALUES = {
    "kon_kod": ["ALL", "K", "M"],
    "manad": [f"{month:02d}" for month in range(1, 13)],
    "man": [f"{month:02d}" for month in range(1, 13)],
    "ar": [str(year) for year in range(1994, 2027)],
}


@dataclass
class FkTable:
    """One table of FK: `rows` has the dimensions, named as FK names them, and the observations.

    All texts, observations floats (NaN: suppressed). `meta` is where its metadata are, empty: nowhere.
    """

    rows: pd.DataFrame
    observations: list[str]
    meta: str = "meta.json"

    @property
    def dimensions(self) -> list[str]:
        return [column for column in self.rows.columns if column not in self.observations]

    def values(self, dimension: str) -> list[str]:
        found = self.rows[dimension].unique()
        return list(dict.fromkeys([*FK_VALUES.get(dimension, []), *found]))


def fk_rows_from_shared_csv(shared: Path) -> dict[str, FkTable]:
    """FK's ohälsotal and sjukpenningtal 1.0 for Riket and every county, December 2011-2025."""
    file = shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv"
    frame = pd.read_csv(file, dtype=str)
    lan = frame["lan_kod"].replace("00", "ALL")
    rows = pd.DataFrame(
        {
            "ar": frame["ar"],
            "manad": frame["manad"],
            "lan_kod": lan,
            "kommun_kod": "ALL_" + lan,
            "aldersklass_kod": "ALL",
            "kon_kod": frame["kon_kod"],
        }
    )
    tables = {
        "ohm-ohalsotal/SJPohttal": ("ohalsotal", "oht"),
        "ohm-sjptal/SJPsjptal": ("sjukpenningtal_1_0", "spt"),
    }
    return {
        name: FkTable(
            rows[frame["matt"] == measure].assign(**{column: frame["varde"].astype(float)}),
            [column],
        )
        for name, (measure, column) in tables.items()
    }


def fk_answer(tables: dict[str, FkTable], path: str, query: dict[str, str]) -> tuple[int, object]:
    for name, table in tables.items():
        dataset = name.split("/")[0]
        if path == f"{name}.json":
            return 200, _fk_rows(table, query)
        if table.meta and path == f"{dataset}/{table.meta}":
            return 200, _fk_meta(dataset, table)
    return 404, {"message": f"no {path}"}


def _fk_rows(table: FkTable, query: dict[str, str]) -> list[dict[str, object]]:
    """A wrong or missing parameter, or a wrong value, gives an empty list and no error."""
    if set(query) != set(table.dimensions):
        return []
    asked = {name: text.split(",") for name, text in query.items()}
    if any(set(values) - set(table.values(name)) for name, values in asked.items()):
        return []
    chosen = pd.Series(True, index=table.rows.index)
    pair = [name for name in ("lan_kod", "kommun_kod") if name in asked]
    if len(pair) == 2:
        # Paired and not crossed: the first kommun with the first län.
        if len(asked["lan_kod"]) != len(asked["kommun_kod"]):
            return []
        pairs = set(zip(asked["lan_kod"], asked["kommun_kod"], strict=True))
        chosen &= pd.MultiIndex.from_frame(table.rows[pair]).isin(pairs)
    for name in table.dimensions:
        if name not in pair or len(pair) < 2:
            chosen &= table.rows[name].isin(asked[name])
    return [
        {
            "dimensions": {"row_nr": number, **{name: row[name] for name in table.dimensions}},
            "observations": {
                name: {
                    "rojd": bool(pd.isna(row[name])),
                    "value": 0.0 if pd.isna(row[name]) else row[name],
                }
                for name in table.observations
            },
        }
        for number, row in enumerate(table.rows[chosen].to_dict("records"), start=1)
    ]


def _fk_meta(dataset: str, table: FkTable) -> dict[str, object]:
    def values(name: str) -> list[dict[str, object]]:
        return [{"key": value, "label": f"{name} {value}"} for value in table.values(name)]

    dimensions = []
    for name in table.dimensions:
        entry = {"key": name, "label": name.removesuffix("_kod"), "values": values(name)}
        if name == "lan_kod" and "kommun_kod" in table.dimensions:
            for value in entry["values"]:
                of = table.rows.loc[table.rows["lan_kod"] == value["key"], "kommun_kod"].unique()
                value["subdimension"] = {
                    "key": "kommun_kod",
                    "label": "kommun",
                    "values": [{"key": key, "label": f"kommun {key}"} for key in of],
                }
        if name != "kommun_kod":
            dimensions.append(entry)
    columns = [
        {"key": name, "label": name, "format": "text"}
        for name in [*table.dimensions, *table.observations]
    ]
    return {
        "key": dataset,
        "table": {"columns": columns},
        "filter": {"uppdelning": [], "dimension": dimensions},
    }


def large_blocks(size: int) -> Iterator[tuple[bytes, int]]:
    """Yield blocks of an FK answer and how often each is sent; all rows but the last are alike."""
    row = json.dumps(_fk_row(["2024", "12", "14", "ALL"], ["ar", "manad", "lan_kod", "kon_kod"], 1))
    block = (row + ",").encode() * 1000
    yield b"[", 1
    yield block, size // len(block) + 1
    yield row.encode() + b"]", 1


def _fk_row(values: list[str], names: list[str], number: int) -> dict[str, object]:
    return {
        "dimensions": {"row_nr": number, **dict(zip(names, values, strict=True))},
        "observations": {"antal": {"rojd": False, "value": 1234.0}},
    }
