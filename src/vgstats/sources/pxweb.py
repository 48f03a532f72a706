"""SCB's PxWeb: json-stat2 and CSV, fetched or saved to disk.

Population by single years of age is summed to Försäkringskassan's age bands and to 16-64, and over
kvinnor and män where the file has no total of its own. Only published counts are added, and only
when every part is there. Sources: https://json-stat.org/full/ (version 2.0) and SCB's API,
https://www.scb.se/vara-tjanster/oppna-data/api-for-statistikdatabasen/.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError, nearest
from vgstats.measures import measure
from vgstats.observations import SEXES, STATUSES
from vgstats.sources import labels
from vgstats.sources.datasets import ScbTable, datasets
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    numbers,
    stacked,
)
from vgstats.sources.text_files import json_answer, table_text

MOST_CELLS = 5_000_000
NOISY_FROM = 2025
BANDS = (*labels.FK_AGES, "16-64")
_MARKS = {"..": "missing", "...": "missing", "-": "nil"}
_ROLES = {
    "region": "region",
    "kön": "sex",
    "ålder": "age",
    "år": "time",
    "månad": "time",
    "kvartal": "time",
    "tid": "time",
}
_HEADINGS = {"region": "area", "time": "period", "sex": "sex", "age": "group"}
_TOTAL = re.compile(r"(sc|tot|totsa|all|1\+2)|(totalt?|samtliga|alla|hela|summa)\b.*", re.I)
_HEADING = re.compile(r"(.+?) (\d{4}(?:M\d\d|K\d)?)", re.ASCII)


@dataclass(frozen=True)
class _Cube:
    """A json-stat dataset: the codes and labels of its dimensions, and its cells in row order."""

    codes: dict[str, list[str]]
    labels: dict[str, dict[str, str]]
    value: pd.Series
    status: pd.Series

    def column(self, dimension: str) -> pd.Series:
        """Return the code of a dimension for each cell."""
        shape = [len(codes) for codes in self.codes.values()]
        place = list(self.codes).index(dimension)
        size = int(np.prod(shape, dtype=int))
        inner = int(np.prod(shape[place + 1 :], dtype=int))
        at = np.arange(size) // inner % shape[place]
        return pd.Series(pd.Categorical.from_codes(at, self.codes[dimension]))


def read_json_stat(file: Path) -> Reading:
    """Return the rows of a json-stat2 answer; `row` counts its cells from 1.

    Raises:
        NotThisFormat: it is JSON of another shape.
        VgstatsError: it is not JSON, is cut off or inconsistent; its contents, or a dimension, are
            not known; or it has neither a total nor an age band that is whole.
    """
    answer = json_answer(file)
    cube = _cube(answer, file)
    tables, name = _tables_of_contents(cube, answer, file)
    roles = _roles_of_dimensions(cube, tables[0], file)
    cells = pd.DataFrame({"value": cube.value, "status": cube.status})
    cells["row"] = np.arange(1, len(cells) + 1)
    for role, dimension in roles.items():
        words = cube.labels[dimension]
        cells[role] = _translated(cube.column(dimension), role, words)
    recognised = f"SCB PxWeb, json-stat2: {tables[0].heading} ({name})"
    headings = {_HEADINGS[role]: dimension for role, dimension in roles.items()}
    return _reading(recognised, cells, tables, headings | {"value": name}, file)


def read_csv(file: Path) -> Reading:
    """Return the rows of a PxWeb CSV; `row` is the line of the file.

    The contents stand in columns such as `Folkmängd 2008`, or in one column `Folkmängd` beside one
    for the time.

    Raises:
        NotThisFormat: the header is none of PxWeb's.
        VgstatsError: the text is cut off or in another encoding, a column is unknown or missing, or
            the file has neither a total nor an age band that is whole.
    """
    header, lines, rows = _lines(table_text(file), file)
    tables, contents = _tables_of_headings(header, file)
    table = pd.DataFrame(lines, columns=range(len(header)), dtype=object)
    roles = _roles_of_columns(header, contents, tables[0], table, file)
    shared = pd.DataFrame({"row": np.array(rows, dtype=int)})
    for role, place in roles.items():
        shared[role] = _translated(table[place], role, {})
    parts = []
    for place, time in contents.items():
        value, status = _csv_numbers(table[place], tables[0])
        part = shared.assign(value=value, status=status)
        parts.append(part.assign(time=constant(_period(time), part.index)) if time else part)
    cells = stacked(parts) if len(parts) > 1 else parts[0]
    recognised = f"SCB PxWeb, CSV: {tables[0].heading}"
    headings = {_HEADINGS[role]: header[place] for role, place in roles.items()}
    return _reading(recognised, cells, tables, headings | {"value": tables[0].heading}, file)


def _cube(answer: Any, file: Path) -> _Cube:
    if not isinstance(answer, dict):
        raise NotThisFormat
    parts = ("id", "size", "dimension", "value")
    if answer.get("class") != "dataset" and sum(part in answer for part in parts) < 3:
        raise NotThisFormat
    kinds: dict[str, type | tuple[type, ...]]
    kinds = {"id": list, "size": list, "dimension": dict, "value": (list, dict)}
    for part, kind in kinds.items():
        if not isinstance(answer.get(part), kind):
            raise _inconsistent(file, f"{part!r} is missing or is of another kind")
    names, sizes, dimensions = answer["id"], answer["size"], answer["dimension"]
    if len(set(map(str, names))) != len(names) or len(names) != len(sizes):
        raise _inconsistent(file, "'id' and 'size' do not fit each other")
    codes, words = {}, {}
    for name, size in zip(map(str, names), sizes, strict=True):
        codes[name], words[name] = _categories(dimensions.get(name), name, file)
        if isinstance(size, bool) or size != len(codes[name]):
            raise _inconsistent(file, f"{name} has {len(codes[name])} categories, not {size!r}")
    count = math.prod(len(of) for of in codes.values())
    if not 0 < count <= MOST_CELLS:
        raise _inconsistent(file, f"it has {count} cells; from 1 to {MOST_CELLS} can be read")
    value, status = _cells(answer["value"], answer.get("status"), count, file)
    return _Cube(codes, words, value, status)


def _inconsistent(file: Path, reason: str) -> VgstatsError:
    return VgstatsError(f"{file}: the json-stat is not as it should be: {reason}. Save it again.")


def _categories(dimension: Any, name: str, file: Path) -> tuple[list[str], dict[str, str]]:
    category = dimension.get("category") if isinstance(dimension, dict) else None
    if not isinstance(category, dict):
        raise _inconsistent(file, f"the dimension {name} has no categories")
    words = category.get("label", {})
    alone = isinstance(words, dict) and len(words) == 1
    index = category.get("index", list(words) if alone else None)
    if isinstance(index, dict) and all(type(place) is int for place in index.values()):
        codes = sorted(index, key=lambda code: int(index[code]))
        whole = sorted(index.values()) == list(range(len(index)))
    else:
        codes = [str(code) for code in index] if isinstance(index, list) else []
        whole = isinstance(index, list) and len(set(codes)) == len(codes)
    if not whole or not codes or not isinstance(words, dict):
        raise _inconsistent(file, f"the categories of {name} are not numbered from 0, each once")
    return codes, {code: str(words.get(code, code)) for code in codes}


def _cells(given: Any, marks: Any, count: int, file: Path) -> tuple[pd.Series, pd.Series]:
    values = _listed(given, count, "value", file)
    if marks is None or isinstance(marks, str):
        statuses: list[Any] = [marks] * count
    else:
        statuses = _listed(marks, count, "status", file)
    pairs = [_cell(value, mark) for value, mark in zip(values, statuses, strict=True)]
    value = pd.Series([pair[0] for pair in pairs], dtype=float)
    return value, pd.Series([pair[1] for pair in pairs]).astype("category")


def _listed(given: Any, count: int, part: str, file: Path) -> list[Any]:
    """Return a list or a sparse object of cells as a list, None where nothing is given."""
    if isinstance(given, list):
        if len(given) != count:
            raise _inconsistent(file, f"'{part}' has {len(given)} cells, 'size' says {count}")
        return given
    if not isinstance(given, dict):
        raise _inconsistent(file, f"{part!r} is neither a list nor an object")
    cells: list[Any] = [None] * count
    for key, cell in given.items():
        if not re.fullmatch(r"0|[1-9]\d{0,9}", key, re.ASCII) or int(key) >= count:
            raise _inconsistent(file, f"{part!r} has a cell {key!r}, 'size' says {count}")
        cells[int(key)] = cell
    return cells


def _cell(value: Any, mark: Any) -> tuple[float, str]:
    """Return the value and its status; a text that is no status for what cannot be read."""
    if mark == "-" and (value is None or value == 0):
        return 0.0, "nil"
    if mark in ("..", "...") or (value is None and mark in (None, "", ".")):
        return math.nan, "missing"
    if isinstance(value, bool) or not isinstance(value, int | float) or mark:
        marked = f" marked {mark!r}" if mark else ""
        text = value if isinstance(value, str) else repr(value)
        return math.nan, f"{text}{marked}" if text not in STATUSES else f"text {text}{marked}"
    try:
        return float(value), "ok"
    except OverflowError:
        return math.nan, "a number too large"


def _tables_of_contents(cube: _Cube, answer: Any, file: Path) -> tuple[list[ScbTable], str]:
    known = [table for table in datasets().scb.tables if table.contents]
    names = {table.variables["contents"] for table in known if "contents" in table.variables}
    found = [code for name in cube.codes if name in names for code in cube.codes[name]]
    tables = [table for table in known if found == [table.contents]]
    if not tables:
        contents = [table.contents for table in known]
        what = ", ".join(found) if found else "none"
        raise VgstatsError(
            f"{file}: the contents are {what}.{nearest(what, contents)} One of these is expected, "
            f"alone: {_named(known)}. Choose it and save the file again, or add the table to a copy "
            "of the datasets file (vgstats fetch --show-datasets)."
        )
    extension = answer.get("extension")
    px = extension.get("px") if isinstance(extension, dict) else None
    tableid = px.get("tableid") if isinstance(px, dict) else None
    named = [table for table in tables if table.table and table.table == tableid]
    name = f"{found[0]}, table {tableid}" if tableid else found[0]
    return _of_one_measure(named or tables, name, file), name


def _of_one_measure(tables: list[ScbTable], name: str, file: Path) -> list[ScbTable]:
    if len({table.measure for table in tables}) > 1:
        raise VgstatsError(
            f"{file}: the datasets file gives {name} to several measures. Correct it so that each has "
            "contents and a heading of its own."
        )
    return tables


def _named(tables: Sequence[ScbTable]) -> str:
    return ", ".join(dict.fromkeys(f"{table.contents} ({table.heading})" for table in tables))


def _roles_of_dimensions(cube: _Cube, table: ScbTable, file: Path) -> dict[str, str]:
    variables = table.variables
    needed = [variables.get("time", "Tid"), *(variables[r] for r in ("region",) if r in variables)]
    for name in needed:
        if name not in cube.codes:
            raise VgstatsError(
                f"{file}: the dimension {name} is missing; there are {', '.join(cube.codes)}. Choose "
                "it and save the file again."
            )
    for name, codes in cube.codes.items():
        if name in variables.values():
            continue
        words = cube.labels[name]
        asked = table.selections.get(name)
        total = codes[0] == asked or _is_total(codes[0]) or _is_total(words[codes[0]])
        if len(codes) > 1 or not total:
            raise _other_dimension(file, f"dimension {name}", list(words.values()))
    return {
        role: variables[role]
        for role in _HEADINGS
        if role in variables and variables[role] in cube.codes
    }


def _other_dimension(file: Path, name: str, words: Sequence[str]) -> VgstatsError:
    some = ", ".join(words[:4]) + (" ..." if len(words) > 4 else "")
    return VgstatsError(
        f"{file}: the {name} parts the numbers ({some}). Take it away in the selection, or choose only "
        "its total, and save the file again."
    )


def _is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch(text.strip()))


def _lines(text: str, file: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the header, the cells of each line below it, and the number of each line."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    header = _header(reader)
    lines, rows = [], []
    try:
        for cells in reader:
            if len(cells) != len(header) and cells:
                raise VgstatsError(
                    f"{file}, row {reader.line_num}: {len(cells)} cells; the header has "
                    f"{len(header)}. The file may be cut off: save it again."
                )
            if cells:
                lines.append(cells)
                rows.append(reader.line_num)
    except csv.Error as error:
        raise VgstatsError(
            f"{file}, row {reader.line_num}: the line is cut off or broken ({error}). Save it again."
        ) from None
    if not lines or not text.endswith(("\n", "\r")):
        raise VgstatsError(
            f"{file}: the file ends within its last line, or below its header, and may be cut off. "
            "Save it again; if it is whole, end the last line with a line break."
        )
    return header, lines, rows


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error:
        raise NotThisFormat from None
    bare = {_HEADING.sub(r"\1", cell).lower() for cell in header}
    known = {table.heading.lower() for table in datasets().scb.tables}
    if "region" not in bare and not (bare & set(_ROLES) and bare & known):
        raise NotThisFormat
    return header


def _tables_of_headings(header: list[str], file: Path) -> tuple[list[ScbTable], dict[int, str]]:
    """Return the tables that the contents may come from, and the time of each column of them."""
    tables = datasets().scb.tables
    known = {table.heading.lower(): table.heading for table in tables if table.contents}
    found: dict[int, str] = {}
    names = []
    for place, cell in enumerate(header):
        match = _HEADING.fullmatch(cell)
        name = match[1] if match else cell
        if name.lower() in known:
            found[place] = match[2] if match else ""
            names.append(known[name.lower()])
    if len(set(names)) != 1:
        what = ", ".join(dict.fromkeys(names)) or ", ".join(header[-3:])
        raise VgstatsError(
            f"{file}: the columns {what} are not the contents of one known table. Known: "
            f"{_named([table for table in tables if table.contents])}. Save one of these alone, or "
            "add the table to a copy of the datasets file (vgstats fetch --show-datasets)."
        )
    fits = [table for table in tables if table.contents and table.heading == names[0]]
    return _of_one_measure(fits, names[0], file), found


def _roles_of_columns(
    header: list[str],
    contents: dict[int, str],
    known: ScbTable,
    table: pd.DataFrame,
    file: Path,
) -> dict[str, int]:
    roles: dict[str, int] = {}
    for place, cell in enumerate(header):
        role = _ROLES.get(cell.lower())
        if place in contents:
            continue
        if role and role not in roles:
            roles[role] = place
            continue
        words = list(dict.fromkeys(table[place]))
        if role or _HEADING.fullmatch(cell) or not cell:
            raise VgstatsError(f"{file}: the column {cell!r} was not expected. Remove it.")
        if len(words) > 1 or not _is_total(words[0]):
            raise _other_dimension(file, f"column {cell!r}", words)
    if "region" in known.variables and "region" not in roles:
        raise VgstatsError(f"{file}: the column region is missing. Save the file again with it.")
    dated = [bool(time) for time in contents.values()]
    if dated != [False] if "time" in roles else not all(dated):
        raise VgstatsError(
            f"{file}: the time must stand either in the headings of the numbers or in one column år, "
            "and there must be one of the two. Save the file again."
        )
    return roles


def _csv_numbers(texts: pd.Series, table: ScbTable) -> tuple[pd.Series, pd.Series]:
    """Return values and statuses; a text with more decimals than the table has is not a number."""
    value, status = numbers(texts, _MARKS)
    decimals = max(0, round(-math.log10(table.resolution)))
    form = r"\s*-?\d[\d \u00a0]*" + (rf"(\.\d{{1,{decimals}}})?" if decimals else "") + r"\s*"
    odd = (status == "ok") & ~texts.str.fullmatch(form)
    if odd.any():
        status = status.astype(object).mask(odd, "text " + texts).astype("category")
    return value.mask(odd), status


def _translated(texts: pd.Series, role: str, words: dict[str, str]) -> pd.Series:
    """Return the table's words for the codes or labels of one role; groups for ages."""

    def sex(code: str) -> str:
        found = {_sex(text) for text in (code, words.get(code, code))} & set(SEXES)
        return found.pop() if len(found) == 1 else f"{code} {words.get(code, '')}".strip()

    def age(code: str) -> str:
        return "total" if _is_total(code) else _age(words.get(code, code), code)

    area = labels.area_of_code if words else labels.area_of_label
    word = {"region": area, "time": _period, "sex": sex, "age": age}[role]
    return labels.translate(texts, word)


def _sex(text: str) -> str:
    return "alla" if _is_total(text) else labels.sex(text)


def _period(text: str) -> str:
    """Return the period; quoted, so that the door names it, when it is not written as PxWeb does."""
    period = labels.pxweb_period(text.strip())
    year = re.fullmatch(r"\d{4}", period, re.ASCII)
    return period if year or period != text.strip() else repr(text)


def _age(label: str, code: str) -> str:
    """Return `total`, a single year such as `16`, a band such as `16-19` or `100+`, or the label."""
    if _is_total(label):
        return "total"
    for text in (label, code):
        plain = text.strip().lower().replace("–", "-").removesuffix(" år")
        if re.fullmatch(r"\d{1,3}", plain, re.ASCII):
            return str(int(plain))
        if re.fullmatch(r"\d{1,3}(-\d{1,3}|\+)", plain, re.ASCII):
            return plain
    return f"the age {label!r}"


def _reading(
    recognised: str,
    cells: pd.DataFrame,
    tables: list[ScbTable],
    headings: dict[str, str],
    file: Path,
) -> Reading:
    table = tables[0]
    if "region" not in cells:
        cells["region"] = constant("riket", cells.index)
    if "sex" not in cells:
        cells["sex"] = constant("alla", cells.index)
    additive = measure(table.measure).additive
    cells = _checked(cells, table)
    grouped, notes = _by_group(cells, additive, file)
    if additive:
        grouped = _with_both_sexes(grouped, file)
    if grouped.empty:
        raise VgstatsError(
            f"{file}: there is no total over the ages, and no band of ages is whole. Choose the total, "
            f"or every single year of one of {', '.join(BANDS)}, and save the file again."
        )
    rows, noise = _noisy(_rows(grouped, table), tables)
    return Reading(recognised, table.source, rows, headings, notes=(*notes, *noise))


def _checked(cells: pd.DataFrame, table: ScbTable) -> pd.DataFrame:
    """Return the cells; a sum would hide a value that no count can have, so it is marked unread."""
    value = cells["value"]
    bad = (value < 0) | np.isinf(value)
    if table.resolution == 1:
        bad |= value % 1 != 0
    bad &= cells["status"] == "ok"
    if not bad.any():
        return cells
    texts = value.map(lambda number: f"the value {number:g}")
    status = cells["status"].astype(object).mask(bad, texts).astype("category")
    return cells.assign(value=value.mask(bad), status=status)


def _by_group(
    cells: pd.DataFrame, additive: bool, file: Path
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the cells with their group, single years of age as sums where the measure allows it."""
    if "age" not in cells:
        return cells.assign(group=constant("", cells.index)), ()
    ages = [str(age) for age in cells["age"].cat.categories]
    single = {int(age) for age in ages if age.isdigit() and additive}

    def group(age: str) -> str:
        return "" if age == "total" else f"alder={age}" if age[:1].isdigit() else age

    summed = cells["age"].isin([*map(str, single), "100+"])
    given = cells.assign(group=labels.translate(cells["age"], group))[~summed]
    parts, cut = [given], []
    for band in BANDS:
        first, last = map(int, band.split("-"))
        wanted = set(range(first, last + 1))
        if band in ages or not wanted & single:
            continue
        years = cells[cells["age"].isin([str(year) for year in wanted])]
        sums, left = _sums(years, ["region", "sex", "time"], "age", len(wanted), file)
        parts.append(sums.assign(group=constant(f"alder={band}", sums.index)))
        if left:
            cut.append(band)
    note = f"Not every single year is there for the ages {', '.join(cut)}; those sums are left out."
    columns = list(given.columns.drop("age"))
    return _joined([part[columns] for part in parts]), (note,) if cut else ()


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)] or parts[:1]
    return stacked(filled) if len(filled) > 1 else filled[0]


def _sums(
    cells: pd.DataFrame, by: list[str], part: str, count: int, file: Path
) -> tuple[pd.DataFrame, bool]:
    """Return the sums over `part` of the keys that have all its `count` values, and if any lacks.

    A sum with a cell that is missing or cannot be read has that cell's status and no value.
    """
    twice = cells[cells.duplicated([*by, part], keep="first")]
    if len(twice):
        key = ", ".join(str(twice[name].iloc[0]) for name in [*by, part])
        raise VgstatsError(
            f"{file}, row {twice['row'].iloc[0]}: {key} stands twice, so it cannot be added up. Save the "
            "file again."
        )
    ranked = ["nil", "ok", "missing"]
    ranked += [str(s) for s in cells["status"].cat.categories if s not in ranked]
    ranks = pd.Categorical(cells["status"], categories=ranked).codes
    groups = cells.assign(rank=ranks).groupby(by, observed=True, sort=False)
    sums = groups.agg(
        value=("value", "sum"), row=("row", "min"), rank=("rank", "max"), parts=(part, "size")
    ).reset_index()
    whole = sums[sums["parts"] == count].reset_index(drop=True)
    whole["status"] = pd.Categorical.from_codes(whole["rank"], ranked)
    whole["value"] = whole["value"].mask(~whole["status"].isin(["nil", "ok"]))
    return whole.drop(columns=["rank", "parts"]), len(whole) < len(sums)


def _with_both_sexes(grouped: pd.DataFrame, file: Path) -> pd.DataFrame:
    """Return the cells with alla = kvinnor + män for the keys that have no alla of their own."""
    key = ["region", "time", "group"]
    of_two = grouped[grouped["sex"].isin(["kvinnor", "män"])]
    given = pd.MultiIndex.from_frame(grouped.loc[grouped["sex"] == "alla", key])
    of_two = of_two[~pd.MultiIndex.from_frame(of_two[key]).isin(given)]
    if of_two.empty:
        return grouped
    sums, _ = _sums(of_two, key, "sex", 2, file)
    sums = sums.assign(sex=constant("alla", sums.index))
    return _joined([grouped, sums[list(grouped.columns)]])


def _rows(grouped: pd.DataFrame, table: ScbTable) -> pd.DataFrame:
    rows = grouped.reset_index(drop=True).rename(columns={"region": "area", "time": "period"})
    return rows.assign(
        measure=constant(table.measure, rows.index),
        resolution=float(table.resolution),
        sheet=constant("", rows.index),
    )[ROW_COLUMNS]


def _noisy(rows: pd.DataFrame, tables: list[ScbTable]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows with the values that SCB has put noise on marked as noisy."""

    def noisy(period: str) -> str:
        year = int(period[:4]) if re.match(r"\d{4}", period, re.ASCII) else 0
        fits = [t for t in tables if t.first_year <= year <= t.last_year] or tables[:1]
        late = fits[0].measure == "befolkning" and year >= NOISY_FROM
        return "noisy" if fits[0].noisy or late else ""

    marked = (labels.translate(rows["period"], noisy) == "noisy") & rows["value"].notna()
    if not marked.any():
        return rows, ()
    status = rows["status"].astype(object).mask(marked, "noisy").astype("category")
    note = (
        "SCB has put a little random noise on these numbers; the parts do not add up to the whole."
    )
    return rows.assign(status=status), (note,)
