"""SCB's PxWeb API, version 2, as this machine plays it: selections that must be there, and a limit."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

MOST_CELLS = 150_000


@dataclass
class ScbTable:
    """One table of SCB: `rows` has a column for each variable, by code, and `value`."""

    rows: pd.DataFrame
    label: str = "Folkmängd"
    can_be_left_out: list[str] = field(default_factory=lambda: ["Civilstand"])

    @property
    def variables(self) -> list[str]:
        return [column for column in self.rows.columns if column != "value"]


def scb_answer(tables: dict[str, ScbTable], path: str, query: dict[str, str]) -> tuple[int, object]:
    parts = path.split("/")
    if parts == ["tables"]:
        return 200, _search(tables, query)
    if parts[0] != "tables" or len(parts) != 3 or parts[1] not in tables:
        return _problem(404, "Non-existent table")
    table = tables[parts[1]]
    chosen: dict[str, list[str]] = {}
    for variable in table.variables:
        codes = [code for code in query.get(f"valueCodes[{variable}]", "").split(",") if code]
        if not codes and variable not in table.can_be_left_out:
            return _problem(400, "Missing selection for mandantory variable")
        if set(codes) - set(table.rows[variable]):
            return _problem(400, "Non-existent value")
        if codes:
            chosen[variable] = codes
    cells = 1
    for codes in chosen.values():
        cells *= len(codes)
    if cells > MOST_CELLS:
        return _problem(403, "Too many cells selected")
    return 200, _json_stat(table, chosen)


def _search(tables: dict[str, ScbTable], query: dict[str, str]) -> dict[str, object]:
    words = query.get("query", "").lower()
    size = int(query.get("pageSize", 20))
    found = [
        {
            "type": "Table",
            "id": name,
            "label": table.label,
            "firstPeriod": min(table.rows["Tid"]),
            "lastPeriod": max(table.rows["Tid"]),
            "variableNames": table.variables,
        }
        for name, table in tables.items()
        if words in table.label.lower()
    ]
    page = {"pageNumber": 1, "pageSize": size, "totalElements": len(found), "totalPages": 1}
    return {"language": "sv", "tables": found[:size], "page": page}


def _json_stat(table: ScbTable, chosen: dict[str, list[str]]) -> dict[str, object]:
    names = list(chosen)
    sums = table.rows.groupby(names)["value"].sum(min_count=1)
    index = pd.MultiIndex.from_product(chosen.values(), names=names)
    sums.index = pd.MultiIndex.from_arrays(
        [sums.index.get_level_values(name) for name in names], names=names
    )
    values = sums.reindex(index)
    missing = {str(at): ".." for at, value in enumerate(values) if pd.isna(value)}
    return {
        "version": "2.0",
        "class": "dataset",
        "label": table.label,
        "source": "SCB",
        "id": names,
        "size": [len(codes) for codes in chosen.values()],
        "dimension": {
            name: {
                "label": name.lower(),
                "category": {
                    "index": {code: at for at, code in enumerate(codes)},
                    "label": {code: code for code in codes},
                },
            }
            for name, codes in chosen.items()
        },
        "value": [None if pd.isna(value) else value for value in values],
        **({"status": missing} if missing else {}),
        "role": {
            "time": [name for name in names if name == "Tid"],
            "metric": [name for name in names if name == "ContentsCode"],
        },
    }


def _problem(status: int, title: str) -> tuple[int, object]:
    return status, {"type": "Parameter error", "title": title, "status": status}
