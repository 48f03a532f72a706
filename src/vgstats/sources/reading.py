"""What every adapter returns, and how cells, texts, JSON and tidy Parquet are read, before any check."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from vgstats.errors import VgstatsError
from vgstats.observations import COLUMNS, KEY, STATUSES

ROW_COLUMNS = [*KEY, "value", "resolution", "status", "sheet", "row"]
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
    texts: pd.Series,
    marks: dict[str, str],
    *,
    decimal_comma: bool = False,
    whole: bool = False,
    written: str = ".*",
    otherwise: str = "{}",
) -> tuple[pd.Series, pd.Series]:
    """Return the values of a column of texts, and the status of each.

    Args:
        texts: what the cells hold, as text.
        marks: the status of each mark that stands in place of a number, such as `..`.
        decimal_comma: whether a comma is read as the decimal sign; otherwise it is a fault.
        whole: whether the numbers are counts, in which a decimal sign is a fault.
        written: the form in which the source writes its numbers, a regular expression.
        otherwise: what is said of a number in another form, with `{}` for the text.

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
            as_written = re.fullmatch(written, text, re.DOTALL)
            values.append(float(bare) if as_written else np.nan)
            words.append("ok" if as_written else otherwise.format(text))
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


def series(
    shared: pd.DataFrame,
    value: pd.Series | np.ndarray,
    status: pd.Series,
    resolution: float | np.ndarray,
    **same: str,
) -> pd.DataFrame:
    """Return the rows of one column of numbers, in `ROW_COLUMNS` and `heading` where it is given.

    Args:
        shared: what is said of each row: area, period and so on. Without `row` the rows count from 1.
        value: the numbers.
        status: the status of each, as `numbers` returns it.
        resolution: the unit that they are rounded to.
        same: what all rows have in common, such as `measure`; the sheet is empty unless it is said.
    """
    words = {name: constant(text, shared.index) for name, text in ({"sheet": ""} | same).items()}
    rows = pd.DataFrame(words).assign(row=np.arange(1, 1 + len(shared)))
    rows = rows.assign(**{str(name): shared[name] for name in shared})
    rows = rows.assign(value=value, resolution=resolution, status=status)
    return rows[[*ROW_COLUMNS, *(["heading"] if "heading" in same else [])]]


def stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return several frames of `ROW_COLUMNS` as one, texts still as categoricals."""
    if len(parts) == 1:
        return parts[0]
    texts = [c for c in parts[0].columns if c not in ("value", "resolution", "row")]
    united = {
        c: pd.api.types.union_categoricals([p[c].astype("category") for p in parts]) for c in texts
    }
    rest = pd.concat([p.drop(columns=texts) for p in parts], ignore_index=True)
    return rest.assign(**united)[list(parts[0].columns)]


def read_text_file(file: Path, encodings: tuple[str, ...] = ("utf-8-sig",)) -> str:
    """Return the text of a file in the first of the encodings that it can be.

    Raises:
        VgstatsError: it is in none of them.
    """
    content = file.read_bytes()
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise VgstatsError(
        f"{file}: the text is not in {' or '.join(encodings)}. Save the file again as UTF-8."
    )


def refuse_web_page(
    file: Path,
    text: str,
    expected: str,
    remedy: str = "The address or the server was wrong when it was saved; fetch it again.",
) -> None:
    """Refuse a text that begins as HTML does.

    Raises:
        VgstatsError: it does.
    """
    if text.lstrip().startswith("<"):
        raise VgstatsError(f"{file}: this is a web page (HTML), not {expected}. {remedy}")


def table_text(file: Path) -> str:
    """Return the text of a CSV file in UTF-8 or Windows-1252.

    Raises:
        VgstatsError: it is a web page, is in another encoding, or mixes two.
    """
    text = read_text_file(file, ("utf-8-sig", "cp1252"))
    refuse_web_page(file, text, "CSV", "Download the file again.")
    if any(sign in text for sign in ("\0", "\N{REPLACEMENT CHARACTER}", "Ã", "ÿþ", "þÿ")):
        raise VgstatsError(
            f"{file}: the text is neither UTF-8 nor Windows-1252, or it mixes them. Save it again as "
            "UTF-8."
        )
    return text


def json_answer(file: Path) -> Any:
    """Return what a JSON file holds.

    Raises:
        VgstatsError: it is a web page, is cut off or broken, or has a name twice in one object.
    """
    text = read_text_file(file)
    refuse_web_page(file, text, "JSON")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = dict(pairs)
        if len(names) < len(pairs):
            raise ValueError("a name stands twice in one object")
        return names

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a number of JSON")

    try:
        answer = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
        if re.search(r"\\u[dD][89a-fA-F]", text):
            json.dumps(answer, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise VgstatsError(
            f"{file}: this is not JSON, or it is cut off or broken ({error}). Fetch or save it again."
        ) from None
    return answer


_NUMBERS = ("value", "resolution")
_TEXTS = [column for column in COLUMNS if column not in _NUMBERS]
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())


def read_parquet(file: Path) -> Reading:
    """Return the rows of a tidy Parquet file.

    Raises:
        NotThisFormat: it has neither a column `measure` nor `area`.
        VgstatsError: the file is broken, or a column is missing, unknown or of the wrong kind.
    """
    try:
        names = pyarrow.parquet.read_schema(file).names
        if not {"measure", "area"} <= set(names):
            raise NotThisFormat
        _check_columns(file, names)
        table = pyarrow.parquet.read_table(file, columns=COLUMNS, read_dictionary=_TEXTS)
        table = table.cast(
            pa.schema((name, pa.float64() if name in _NUMBERS else _DICTIONARY) for name in COLUMNS)
        )
        table.validate(full=True)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise VgstatsError(
            f"{file}: the Parquet file is broken or a column is of the wrong kind "
            f"({str(error).splitlines()[0]}). Write it again."
        ) from None
    refuse_no_rows(file, table.num_rows)
    rows = table.unify_dictionaries().to_pandas()
    for name in _TEXTS:
        if rows[name].hasnans:
            rows[name] = rows[name].astype(object).fillna("").astype("category")
    rows = rows.assign(sheet=constant("", rows.index), row=np.arange(1, 1 + len(rows)))
    return Reading("vgstats' own tidy Parquet", "", rows)


def _check_columns(file: Path, names: list[str]) -> None:
    lacking = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if lacking or unknown or len(names) != len(COLUMNS):
        fault = (
            f"{lacking[0]} is missing" if lacking else f"{(unknown or names)[0]!r} is not expected"
        )
        raise VgstatsError(
            f"{file}: the column {fault}. The columns are {', '.join(COLUMNS)}. Correct the header."
        )
