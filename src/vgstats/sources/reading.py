"""What every adapter returns: the rows that it found in one file or answer, not yet checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.observations import STATUSES

ROW_COLUMNS = [
    "measure",
    "area",
    "period",
    "sex",
    "group",
    "value",
    "resolution",
    "status",
    "sheet",
    "row",
]
REJECTED_COLUMNS = ["sheet", "row", "column", "value", "rule"]

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
# 1.234 and 1.000 may mean 1 234 and 1 000; 1234.0 cannot.
_COUNT = re.compile(r"[+-]?\d+(\.0)?([eE][+-]?\d+)?", re.ASCII)


class NotThisFormat(Exception):  # noqa: N818 - says what it means; it is no fault
    """A file is not of the format that an adapter reads; another adapter may know it."""


@dataclass(frozen=True)
class Reading:
    """The rows of one file or answer in the table's words, before any check.

    `recognised` says in words what it is. `rows` has `ROW_COLUMNS`: texts as categoricals, `value`
    and `resolution` as floats, `status` as the table's word or, for a cell that could not be read, the
    cell's own text (see `unreadable`); `row` is the row as a person finds it in the file. `headings`
    gives the file's name for a column of the table; where one line of the file gives several numbers,
    `rows` may say in a column `heading` which one it was. `rejected` (`REJECTED_COLUMNS`) are rows that
    the adapter already refuses. `notes` are said to the user. `source` is empty when the rows name
    theirs in a column of their own, `source`, and then `retrieved` too.
    """

    recognised: str
    source: str
    rows: pd.DataFrame
    headings: dict[str, str] = field(default_factory=dict)
    rejected: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=pd.Index(REJECTED_COLUMNS))
    )
    notes: tuple[str, ...] = ()


def numbers(
    texts: pd.Series, marks: dict[str, str], *, decimal_comma: bool = False, whole: bool = False
) -> tuple[pd.Series, pd.Series]:
    """Return the values of a column of texts, and the status of each.

    Args:
        texts: what the cells hold, as text.
        marks: the status of each mark that stands in place of a number, such as `..`.
        decimal_comma: whether a comma is read as the decimal sign; otherwise it is a fault.
        whole: whether the numbers are counts, in which a decimal sign is a fault.

    Returns:
        Floats (NaN where there is no number; 0 for `nil`), and categoricals: `ok`, the status of a
        mark, or the cell's text where it is neither.
    """
    column = texts.astype("category")
    form = _COUNT if whole else _NUMBER
    values, words = [], []
    for text in map(str, column.cat.categories):
        cell = re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", text.strip())
        cell = cell.replace("\N{MINUS SIGN}", "-")
        bare = re.sub(r"(?<=\d) (?=\d{3}\b)", "", cell)
        if decimal_comma and _COMMA.fullmatch(bare):
            bare = bare.replace(",", ".")
        if cell in marks:
            values.append(0.0 if marks[cell] == "nil" else np.nan)
            words.append(marks[cell])
        elif form.fullmatch(bare):
            values.append(float(bare))
            words.append("ok")
        else:
            values.append(np.nan)
            words.append(unreadable(text))
    codes, known = pd.factorize(np.array([*words, "an empty cell"], dtype=object))
    at = column.cat.codes.to_numpy()
    status = pd.Categorical.from_codes(codes[at], known)
    return (
        pd.Series(np.array([*values, np.nan])[at], index=texts.index),
        pd.Series(status, index=texts.index),
    )


def unreadable(text: str) -> str:
    """Return what stands for a cell that could not be read: its text, in quotes if it is a status.

    A cell in which somebody wrote `missing` is not a missing number but a cell to correct.
    """
    if text in STATUSES:
        return repr(text)
    return text or "an empty cell"


def refuse_no_rows(file: Path, rows: int) -> None:
    """Refuse a file that has a header and nothing below it.

    Raises:
        VgstatsError: there are no rows.
    """
    if not rows:
        raise VgstatsError(
            f"{file}: there is a header and no rows below it. Save or download the file again."
        )


def constant(text: str, index: pd.Index) -> pd.Series:
    """Return a column that holds the same text in every row."""
    codes = np.zeros(len(index), dtype=np.int8)
    return pd.Series(pd.Categorical.from_codes(codes, [text]), index=index)


def stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return several frames of `ROW_COLUMNS` as one, texts still as categoricals."""
    texts = [c for c in parts[0].columns if c not in ("value", "resolution", "row")]
    united = {
        c: pd.api.types.union_categoricals([p[c].astype("category") for p in parts]) for c in texts
    }
    rest = pd.concat([p.drop(columns=texts) for p in parts], ignore_index=True)
    return rest.assign(**united)[list(parts[0].columns)]
