"""Kolada's API: JSON as version 3 answers, and as version 2 did, fetched or saved to disk.

An answer is `{"values": [...], "count": 1, "next_url": null}`; each of the values has `kpi`,
`municipality` (`0000` riket, `0014` a county, `1480` a kommun), `period` (a year) and `values` with
`gender` (T, K or M) and `value`, null where there is none. Source: https://api.kolada.se/v3/docs.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from vgstats.catalogue.measures import measure
from vgstats.errors import VgstatsError
from vgstats.observations import STATUSES
from vgstats.sources import labels
from vgstats.sources.datasets import Kpi, datasets
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    json_answer,
)

FINEST = 6
_OTHER_PAGES = ("next_url", "next_page", "previous_url", "previous_page")
_HEADINGS = {"measure": "kpi", "area": "municipality", "sex": "gender"}
_HEADINGS |= {name: name for name in ("period", "value")}


def read_json(file: Path, *, one_of_several: bool = False) -> Reading:
    """Return the rows of a saved answer, each naming its source in a column `source`.

    Args:
        file: the JSON.
        one_of_several: the caller has the other pages too, where Kolada gave the answer in pages.

    `row` counts the inner values from 1. `resolution` comes from the most decimals that a KPI has in
    the file, at least 1e-6, since Kolada does not round; it is 1 for counts.

    Raises:
        NotThisFormat: it is JSON of another shape.
        VgstatsError: it is not JSON, has no values, is one page of several, or has an unknown KPI.
    """
    values = _values(json_answer(file), file, one_of_several)
    known = _known(values, file)
    table, deleted = _table(values)
    if table.empty:
        raise VgstatsError(
            f"{file}: the answer holds no values. Kolada answers so when an id or a year is wrong; "
            "correct the address and save it again."
        )
    names = ", ".join(f"{kpi} ({found.measure})" for kpi, found in known.items())
    notes = (f"{deleted} deleted values are left out.",) if deleted else ()
    return Reading(f"Kolada, JSON: {names}", "", _rows(table, known), dict(_HEADINGS), notes=notes)


def _values(answer: Any, file: Path, one_of_several: bool) -> list[dict[str, Any]]:
    values = answer.get("values") if isinstance(answer, dict) else None
    if not isinstance(values, list) or not (values or "count" in answer):
        raise NotThisFormat
    for entry in values:
        if not isinstance(entry, dict) or not {"kpi", "municipality", "period"} <= set(entry):
            raise NotThisFormat
        inner = entry.get("values")
        if not isinstance(inner, list) or not all(
            isinstance(v, dict) and {"gender", "value"} <= set(v) for v in inner
        ):
            raise NotThisFormat
    pages = [name for name in _OTHER_PAGES if answer.get(name) is not None]
    if pages and not one_of_several:
        raise VgstatsError(
            f"{file}: this is only one page of the answer ({pages[0]} names another). Fetch it with "
            "'vgstats fetch', which takes all pages, or save every page with none left to name."
        )
    return values


def _known(values: list[dict[str, Any]], file: Path) -> dict[str, Kpi]:
    kpis = {kpi.kpi: kpi for kpi in datasets().kolada.kpis}
    found = dict.fromkeys(str(entry["kpi"]) for entry in values)
    for name in found:
        if name not in kpis:
            raise VgstatsError(
                f"{file}: the KPI {name!r} is unknown. Known: "
                f"{', '.join(kpis)}. Leave it out, or add it to a copy of the datasets file "
                "(vgstats fetch --show-datasets)."
            )
    return {name: kpis[name] for name in found}


def _table(values: list[dict[str, Any]]) -> tuple[pd.DataFrame, int]:
    """Return a row for each inner value, and how many that are deleted were left out."""
    rows: list[tuple[Any, ...]] = []
    place = deleted = 0
    for entry in values:
        shared = str(entry["kpi"]), str(entry["municipality"]), str(entry["period"])
        for inner in entry["values"]:
            place += 1
            if inner.get("isdeleted") or inner.get("is_deleted"):
                deleted += 1
            else:
                rows.append((*shared, str(inner["gender"]), *_number(inner), place))
    names = ["kpi", "municipality", "period", "gender", "value", "status", "row"]
    return pd.DataFrame(rows, columns=pd.Index(names)), deleted


def _number(inner: dict[str, Any]) -> tuple[float, str]:
    """Return the value and its status; the raw text as status for what is no number."""
    value, mark = inner["value"], inner.get("status")
    if value is None:
        return math.nan, "missing"
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = value if isinstance(value, str) and value else json.dumps(value)
        return math.nan, f"text {text}" if text in STATUSES else text
    if mark:
        return math.nan, f"{value} with the status {mark!r}"
    try:
        return float(value), "ok"
    except OverflowError:
        return math.inf, "ok"


def _rows(table: pd.DataFrame, known: dict[str, Kpi]) -> pd.DataFrame:
    resolution = {
        kpi: _resolution(known[kpi], values) for kpi, values in table.groupby("kpi")["value"]
    }
    rows = table.assign(
        measure=labels.translate(table["kpi"], lambda kpi: known[kpi].measure),
        area=labels.translate(table["municipality"], _area),
        period=labels.translate(table["period"], _year),
        sex=labels.translate(table["gender"], labels.sex),
        group=labels.translate(table["kpi"], lambda kpi: known[kpi].group),
        value=table["value"].astype(float),
        resolution=table["kpi"].map(resolution).astype(float),
        status=_statuses(table, known),
        sheet=constant("", table.index),
        source=labels.translate(table["kpi"], lambda kpi: known[kpi].source),
    )
    return rows[[*ROW_COLUMNS, "source"]]


def _statuses(table: pd.DataFrame, known: dict[str, Kpi]) -> pd.Series:
    """Return the statuses; a population that SCB has put noise on is noisy here too."""
    keys = zip(table["kpi"], table["period"], table["status"], strict=True)
    scb = datasets().scb
    found = [
        "noisy" if mark == "ok" and scb.is_noisy(known[kpi].measure, period) else mark
        for kpi, period, mark in keys
    ]
    return pd.Series(found, index=table.index, dtype="category")


def _area(municipality: str) -> str:
    """Return the area of four digits; another id, such as that of a group, as it is."""
    if not re.fullmatch(r"\d{4}", municipality, re.ASCII):
        return municipality
    return labels.area_of_code(municipality.removeprefix("00"))


def _year(period: str) -> str:
    return period if re.fullmatch(r"\d{4}", period, re.ASCII) else repr(period)


def _resolution(kpi: Kpi, values: pd.Series) -> float:
    if measure(kpi.measure).additive:
        return 1.0
    decimals = max((_decimals(value) for value in values if math.isfinite(value)), default=0)
    return round(10.0 ** -min(decimals, FINEST), FINEST)


def _decimals(value: float) -> int:
    """Return how many decimals the shortest text of a number has, none for 31.0."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
