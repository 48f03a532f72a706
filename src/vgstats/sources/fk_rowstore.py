"""Försäkringskassan's oldest JSON, to 2019: `{"next", "resultCount", "results"}`, all values as text.

Of its tables only that of F43 by kommun and quarter is read. A hidden number is an empty text, `1400` all
of a county and `0000` all of the country.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.datasets import refuse_other_dataset
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    json_answer,
    numbers,
    refuse_no_rows,
    stacked,
)

_PLACES = ["kvartal", "ar", "lan_kod", "kommun_kod"]
_WORDS = ["lan_text", "kommun_text"]
_SEXES = {"samtliga": "alla", "kvinna": "kvinnor", "man": "män"}
_MEASURES = {"antal": ("pagaende_sjukfall", 1.0), "andel": ("pagaende_sjukfall_andel", 0.1)}
_NUMBERS = [f"{what}_f43_{sex}" for what in _MEASURES for sex in _SEXES]


def read(file: Path, dataset: str = "") -> Reading:
    """Return the rows of a saved answer, six for each kommun and quarter.

    Raises:
        NotThisFormat: it has no list of results.
        VgstatsError: it is one page of several, or it or `dataset` is of another table than that of F43.
    """
    answer = json_answer(file)
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or not {"next", "resultCount"} <= set(answer):
        raise NotThisFormat
    refuse_other_dataset(file, dataset, "sjp-pagaende-sjukfall-diagnos-f43")
    if answer["next"] is not None or answer["resultCount"] != len(results):
        raise VgstatsError(
            f"{file}: this is only one page of the answer: {len(results)} of {answer['resultCount']} "
            "results. Save all with a higher _limit in the address."
        )
    refuse_no_rows(file, len(results))
    expected = {*_PLACES, *_NUMBERS}
    for number, line in enumerate(results, 1):
        names = set(line) if isinstance(line, dict) else set()
        odd = sorted(expected - names) + sorted(names - expected - set(_WORDS))
        if odd:
            raise VgstatsError(
                f"{file}: result {number} has {', '.join(names) or 'no names'}. Of Försäkringskassan's oldest "
                f"JSON (next, resultCount, results) vgstats reads the table of F43, and {odd[0]} does "
                "not fit it. Save another table as CSV, or get newer figures with vgstats fetch."
            )
    table = pd.DataFrame(results).map(lambda cell: "null" if cell is None else str(cell))
    return Reading(
        "Försäkringskassan, oldest JSON: pågående sjukfall with F43 by kommun and quarter",
        "fk-oppna-data-f43",
        _rows(table),
        {"area": "lan_kod, kommun_kod", "period": "ar, kvartal"},
    )


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    shared = pd.DataFrame(
        {
            "area": labels.translate(table["lan_kod"] + "|" + table["kommun_kod"], _area),
            "period": labels.translate(
                table["ar"] + "|" + table["kvartal"],
                lambda text: labels.quarter(*text.split("|", 1)),
            ),
            "group": constant("diagnos=F43", table.index),
            "sheet": constant("", table.index),
            "row": np.arange(1, len(table) + 1),
        }
    )
    parts = []
    for what, (measure, resolution) in _MEASURES.items():
        for word, sex in _SEXES.items():
            name = f"{what}_f43_{word}"
            value, status = numbers(table[name], {"": "suppressed"}, whole=what == "antal")
            part = shared.assign(
                measure=constant(measure, table.index),
                sex=constant(sex, table.index),
                value=value,
                resolution=resolution,
                status=status,
                heading=constant(name, table.index),
            )
            parts.append(part[[*ROW_COLUMNS, "heading"]])
    return stacked(parts)


def _area(text: str) -> str:
    lan, kommun = text.split("|", 1)
    if len(kommun) != 4 or kommun[:2] != lan:
        return f"{lan} / {kommun}"
    return labels.area_of_code(lan if kommun.endswith("00") else kommun)
