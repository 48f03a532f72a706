"""Försäkringskassan's older open data: CSV by quarter and diagnosis chapter for riket, to 2019.

`-` is nil and `..` a hidden number, sometimes hidden only so that another cannot be worked out. Four
cells stand four times each, three of the copies wrong; the right one has kvinnor + män = alla.
"""

from __future__ import annotations

import csv
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
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    numbers,
    read_text_file,
    refuse_no_rows,
    stacked,
)

KEY = ["ar", "kvartal", "diagnoskapitel_kod"]
COUNTS = {"alla": "antal", "kvinnor": "antal_kvinnor", "män": "antal_man"}
SHARES = {"alla": "andel", "kvinnor": "andel_kvinnor", "män": "andel_man"}
HEADER = [*KEY, "diagnoskapitel_text", "antal", "andel"] + [
    f"{what}_{sex}" for sex in ("kvinnor", "man") for what in ("antal", "andel")
]
MARKS = {"-": "nil", "..": "suppressed", "": "missing"}


def read(file: Path, dataset: str = "") -> Reading:
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
    notes = (f"{copies} lines were exact copies of another and count once.",) if copies else ()
    return Reading(
        "Försäkringskassan, older open data (CSV): sjukfall by quarter and diagnosis chapter, riket",
        "fk-oppna-data-diagnos",
        _rows(table[~wrong].reset_index(drop=True)),
        {"period": "kvartal", "group": "diagnoskapitel_kod", "value": "antal"},
        _rejected(table[wrong]),
        notes,
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
        for cells in reader:
            if cells and len(cells) != len(header):
                raise VgstatsError(
                    f"{file}, row {reader.line_num}: {len(cells)} cells; the header has {len(header)}. "
                    "The file may be cut off: download it again."
                )
            if cells:
                lines.append([reader.line_num, *cells])
    except csv.Error as error:
        raise VgstatsError(
            f"{file}, row {reader.line_num}: this is not CSV ({error}). Download the file again."
        ) from None
    refuse_no_rows(file, len(lines))
    return header, lines


def _check_header(file: Path, header: list[str]) -> None:
    lacking = [name for name in HEADER if name not in header]
    unknown = [name for name in header if name not in HEADER]
    if lacking:
        raise VgstatsError(f"{file}: the column {lacking[0]} is missing. Download the file again.")
    if unknown or len(header) != len(HEADER):
        extra = unknown[0] if unknown else max(header, key=header.count)
        raise VgstatsError(f"{file}: the column {extra!r} was not expected. Remove it.")


def _adds_up(table: pd.DataFrame) -> pd.Series:
    counts = {sex: numbers(table[name], MARKS)[0] for sex, name in COUNTS.items()}
    return (counts["kvinnor"] + counts["män"] - counts["alla"]).abs() < 0.5


def _wrong_copies(table: pd.DataFrame) -> pd.Series:
    """Return which lines are copies to refuse: all of a key but the only one that adds up."""
    twice = table.duplicated(KEY, keep=False)
    right = _adds_up(table) & twice
    only_right = right & (right.groupby([table[name] for name in KEY]).transform("sum") == 1)
    return twice & ~only_right


def _rejected(lines: pd.DataFrame) -> pd.DataFrame:
    rule = "stands more than once under one key, and this copy is not the one that adds up"
    table = pd.DataFrame(
        {
            "sheet": "",
            "row": lines["row"],
            "column": "antal",
            "value": lines["antal"],
            "rule": rule,
        }
    )
    return table[REJECTED_COLUMNS].reset_index(drop=True)


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    def period(text: str) -> str:
        year, _, number = text.partition("|")
        return labels.quarter(year, number)

    shared = pd.DataFrame(
        {
            "area": constant("riket", table.index),
            "period": labels.translate(table["ar"] + "|" + table["kvartal"], period),
            "group": labels.translate(table["diagnoskapitel_kod"], labels.diagnosis),
            "sheet": constant("", table.index),
            "row": table["row"].astype(int),
        }
    )
    parts = []
    for measure, names in (("pagaende_sjukfall", COUNTS), ("pagaende_sjukfall_andel", SHARES)):
        for sex, name in names.items():
            value, status = numbers(table[name], MARKS, whole=names is COUNTS)
            resolution = 1.0 if names is COUNTS else _share_resolution(table[name])
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


def _share_resolution(texts: pd.Series) -> np.ndarray:
    """Return 0.1, or 0.01 where the share is written with two decimals (three digits in all)."""
    decimals = [min(max(len(text.partition(".")[2]), 1), 6) for text in texts]
    return np.asarray(np.round(10.0 ** -np.array(decimals, dtype=float), 6))
