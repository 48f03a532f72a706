"""Försäkringskassan's older open data, to 2019: ongoing sjukfall and their share of all, by quarter.

The CSV is of riket by diagnosis chapter. In it `-` is nil and `..` a hidden number, sometimes hidden only so
that another cannot be worked out. Four cells stand four times each, three of the copies wrong; the right one
has kvinnor + män = alla.

The JSON, `{"next", "resultCount", "results"}`, has all values as text. Of its tables only that of F43 by kommun
is read. A hidden number is an empty text, `1400` all of a county and `0000` all of the country.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.datasets import refuse_other_dataset
from vgstats.sources.reading import (
    REJECTED_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    json_answer,
    numbers,
    read_text_file,
    refuse_no_rows,
    series,
    stacked,
)

_MEASURES = {"antal": "pagaende_sjukfall", "andel": "pagaende_sjukfall_andel"}
_KEY = ["ar", "kvartal", "diagnoskapitel_kod"]
_CSV_SEXES = {"": "alla", "_kvinnor": "kvinnor", "_man": "män"}
_CSV_NUMBERS = [f"{what}{sex}" for sex in _CSV_SEXES for what in _MEASURES]
_CSV_HEADER = [*_KEY, "diagnoskapitel_text", *_CSV_NUMBERS]
_CSV_MARKS = {"-": "nil", "..": "suppressed", "": "missing"}
_JSON_SEXES = {"_f43_samtliga": "alla", "_f43_kvinna": "kvinnor", "_f43_man": "män"}
_JSON_NAMES = {"kvartal", "ar", "lan_kod", "kommun_kod"} | {
    f"{what}{sex}" for what in _MEASURES for sex in _JSON_SEXES
}
_JSON_WORDS = {"lan_text", "kommun_text"}


def read_csv(file: Path, dataset: str = "") -> Reading:
    """Return the rows of the older CSV, six for each line: count and share for alla, kvinnor, män.

    Of lines with the same quarter and chapter, identical copies count once, and the one whose kvinnor
    and män add up to alla is kept when it is the only one; the others are rejected.

    Raises:
        NotThisFormat: the header is another.
        VgstatsError: the header lacks a column or has one more, a line has other cells than it, or `dataset`
            names another than that of the cases by diagnosis.
    """
    header, lines = _lines(file)
    refuse_other_dataset(file, dataset, "sjp-pagaende-sjukfall-diagnos")
    table = pd.DataFrame(lines, columns=["row", *header])
    table = table.drop_duplicates(header, keep="first").reset_index(drop=True)
    copies = len(lines) - len(table)
    wrong = _wrong_copies(table)
    refused = table.loc[wrong, ["row", "antal"]].rename(columns={"antal": "value"})
    rejected = refused.assign(
        sheet="",
        column="antal",
        rule="stands more than once under one key, and this copy is not the one that adds up",
    )
    kept = table[~wrong].reset_index(drop=True)
    said = kept.assign(
        area=constant("riket", kept.index),
        group=labels.translate(kept["diagnoskapitel_kod"], labels.diagnosis),
    )
    return Reading(
        "Försäkringskassan, older open data (CSV): sjukfall by quarter and diagnosis chapter, riket",
        "fk-oppna-data-diagnos",
        _rows(
            said, _CSV_SEXES, _CSV_MARKS, [_share_unit(kept[f"andel{sex}"]) for sex in _CSV_SEXES]
        ),
        {"period": "kvartal", "group": "diagnoskapitel_kod", "value": "antal"},
        rejected[REJECTED_COLUMNS].reset_index(drop=True),
        (f"{copies} lines were exact copies of another and count once.",) if copies else (),
    )


def _lines(file: Path) -> tuple[list[str], list[list[Any]]]:
    """Return the header, and the cells of each line after the number of the line."""
    with file.open("rb") as stream:
        first = stream.readline()
    if not (b"kvartal" in first and b"diagnoskapitel_kod" in first):
        raise NotThisFormat
    reader = csv.reader(StringIO(read_text_file(file)))
    lines = []
    try:
        header = next(reader, [])
        _check_header(file, header)
        for cells in filter(None, reader):
            if len(cells) != len(header):
                raise VgstatsError(
                    f"{file}, row {reader.line_num}: {len(cells)} cells; the header has {len(header)}. "
                    "The file may be cut off: download it again."
                )
            lines.append([reader.line_num, *cells])
    except csv.Error as error:
        raise VgstatsError(
            f"{file}, row {reader.line_num}: this is not CSV ({error}). Download the file again."
        ) from None
    refuse_no_rows(file, len(lines))
    return header, lines


def _check_header(file: Path, header: list[str]) -> None:
    lacking = [name for name in _CSV_HEADER if name not in header]
    extra = [name for name in header if name not in _CSV_HEADER]
    if lacking:
        raise VgstatsError(f"{file}: the column {lacking[0]} is missing. Download the file again.")
    if extra or len(header) != len(_CSV_HEADER):
        name = extra[0] if extra else max(header, key=header.count)
        raise VgstatsError(f"{file}: the column {name!r} was not expected. Remove it.")


def _wrong_copies(table: pd.DataFrame) -> pd.Series:
    """Return which lines are copies to refuse: all of a key but the only one that adds up."""
    everyone, women, men = (numbers(table[f"antal{sex}"], _CSV_MARKS)[0] for sex in _CSV_SEXES)
    twice = table.duplicated(_KEY, keep=False)
    right = ((women + men - everyone).abs() < 0.5) & twice
    only_right = right & (right.groupby([table[name] for name in _KEY]).transform("sum") == 1)
    return twice & ~only_right


def _share_unit(texts: pd.Series) -> np.ndarray:
    """Return 0.1, or 0.01 where the share is written with two decimals (three digits in all)."""
    decimals = [min(max(len(text.partition(".")[2]), 1), 6) for text in texts]
    return np.asarray(np.round(10.0 ** -np.array(decimals, dtype=float), 6))


def read_json(file: Path, dataset: str = "") -> Reading:
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
    for number, line in enumerate(results, 1):
        names = set(line) if isinstance(line, dict) else set()
        odd = sorted(_JSON_NAMES - names) + sorted(names - _JSON_NAMES - _JSON_WORDS)
        if odd:
            raise VgstatsError(
                f"{file}: result {number} has {', '.join(names) or 'no names'}. Of Försäkringskassan's oldest "
                f"JSON (next, resultCount, results) vgstats reads the table of F43, and {odd[0]} does "
                "not fit it. Save another table as CSV, or get newer figures with vgstats fetch."
            )
    table = pd.DataFrame(results).map(lambda cell: "null" if cell is None else str(cell))
    said = table.assign(
        area=labels.translate(table["lan_kod"] + "|" + table["kommun_kod"], _area),
        group=constant("diagnos=F43", table.index),
        row=np.arange(1, len(table) + 1),
    )
    return Reading(
        "Försäkringskassan, oldest JSON: pågående sjukfall with F43 by kommun and quarter",
        "fk-oppna-data-f43",
        _rows(said, _JSON_SEXES, {"": "suppressed"}, [0.1] * len(_JSON_SEXES)),
        {"area": "lan_kod, kommun_kod", "period": "ar, kvartal"},
    )


def _area(text: str) -> str:
    lan, kommun = text.split("|", 1)
    if len(kommun) != 4 or kommun[:2] != lan:
        return f"{lan} / {kommun}"
    return labels.area_of_code(lan if kommun.endswith("00") else kommun)


def _rows(
    table: pd.DataFrame,
    sexes: dict[str, str],
    marks: dict[str, str],
    units: Sequence[float | np.ndarray],
) -> pd.DataFrame:
    """Return a row for each count and share of a line, the rounding units of the shares given by sex."""
    quarters = table["ar"] + "|" + table["kvartal"]
    period = labels.translate(quarters, lambda text: labels.quarter(*text.split("|", 1)))
    shared = table[["area", "group", "row"]].assign(period=period)
    parts = []
    for what, measure in _MEASURES.items():
        for (ending, sex), unit in zip(sexes.items(), units, strict=True):
            name, whole = f"{what}{ending}", what == "antal"
            value, status = numbers(table[name], marks, whole=whole)
            of = {"measure": measure, "sex": sex, "heading": name}
            parts.append(series(shared, value, status, 1.0 if whole else unit, **of))
    return stacked(parts)
