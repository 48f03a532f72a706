"""Kolada's API, version 3, as this machine plays it: pages, 25 ids at most, and lost parameters."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd


@dataclass(frozen=True)
class Paging:
    """How many entries come on a page when none is asked for, and the host of the next page."""

    per_page: int
    host: str

    def page(
        self, path: str, query: dict[str, str], entries: list[dict[str, object]]
    ) -> dict[str, object]:
        page, size = int(query.get("page", 1)), int(query.get("per_page", self.per_page))
        shown = entries[(page - 1) * size : page * size]

        def address(number: int) -> str:
            paging = urlencode({**query, "page": number, "per_page": size})
            return f"{self.host}/v3/{path}?{paging}"

        return {
            "values": shown,
            "count": len(shown),
            "next_url": address(page + 1) if page * size < len(entries) else None,
            "previous_url": address(page - 1) if page > 1 else None,
        }


def kolada_answer(
    rows: pd.DataFrame | None, path: str, query: dict[str, str], paging: Paging
) -> tuple[int, object]:
    """Return the status and the JSON of a normal answer."""
    parts = path.strip("/").split("/")
    if parts[0] != "data" or rows is None:
        return 404, {"detail": "Not Found"}
    asked = dict(zip(parts[1::2], parts[2::2], strict=False))
    # A parameter that Kolada does not know, such as `municipality`, silently finds nothing.
    names = {"kpi_id": "kpi", "municipality_id": "municipality", "year": "year"}
    asked |= {names[name]: value for name, value in query.items() if name in names}
    lost = set(query) - set(names) - {"page", "per_page"}
    lists = {name: value.split(",") for name, value in asked.items()}
    if any(len(values) > 25 for values in lists.values()):
        return 400, {"detail": "A maximum of 25 ids is allowed"}
    for name, column in (("kpi", "kpi"), ("municipality", "municipality"), ("year", "period")):
        if name in lists:
            rows = rows[rows[column].astype(str).isin(lists[name])]
    entries = [] if lost or len(lists) < 2 else _entries(rows)
    return 200, paging.page(path, query, entries)


def _entries(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "kpi": kpi,
            "municipality": municipality,
            "period": int(period),
            "values": [
                {
                    "gender": row["gender"],
                    "count": 1,
                    "status": "",
                    "value": None if pd.isna(row["value"]) else row["value"],
                    "isdeleted": False,
                }
                for row in group.to_dict("records")
            ],
        }
        for (kpi, municipality, period), group in rows.groupby(["kpi", "municipality", "period"])
    ]
