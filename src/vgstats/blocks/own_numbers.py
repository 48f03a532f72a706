"""An analyst's own numbers, out of words and frames: each becomes a fact of its own, or is refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vgstats.blocks.tables import Cell, Column
from vgstats.catalogue.numbers_in_words import OWN, SMALL, counts_persons, numbers_in
from vgstats.disclosure.release import is_own_measure
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact
from vgstats.facts.text import Part, Text

MOST_ROWS, MOST_COLUMNS = 100, 12
_MOST_DECIMALS = 2
_YEARS = range(1900, 2101)
_OF_YEARS = {"år", "year", "ar"}
_PLAIN = {
    "antal",
    "tal",
    "värde",
    "n",
    "value",
    "count",
    "size",
}  # headings that do not say of what
_PERSONS = (
    "fewer than {small} persons or cases may give somebody away. Put groups together so that none is so small, or "
    "import the figures (vgstats import; the guide Egna siffror, docs/egen-tabell.md in the project): then small "
    "numbers are hidden by the rule"
)


class OwnNumbers:
    """The numbers of one block, in order: `call` is what the analyst typed, `id` the block's."""

    def __init__(self, call: str, id_: str, source: str) -> None:
        self._call, self._id, self._source = call, id_, source
        self._made = 0

    def fact(self, value: float, unit: str, decimals: int) -> Fact:
        """Return the block's next number."""
        self._made += 1
        return Fact("|".join((OWN, self._id, str(self._made))), value, unit, decimals, "own")

    def said(self, words: str) -> Text:
        """Return words with each number in them that is no date and no code as a fact.

        Raises:
            VgstatsError: there is a number and no source, one that cannot be read, or a small one of persons.
        """
        odd = next((sign for sign in words if sign.isnumeric() and sign not in "0123456789"), None)
        if odd:
            raise VgstatsError(
                f"{self._call}: {odd!r} in {_near(words, words.index(odd))!r} cannot be read as a number. Write it "
                "in ordinary digits, such as 0,5."
            )
        template, parts, done = "", dict[str, Part](), 0
        for found in numbers_in(words):
            name = f"n{len(parts)}"
            template += _literal(words[done : found.start()]) + f"{{{name}}}"
            parts[name] = self._fact_of(found, words)
            done = found.end()
        return Text(template + _literal(words[done:]), parts)

    def _fact_of(self, found: re.Match[str], words: str) -> Fact:
        near = _near(words, found.start())
        if not self._source:
            raise VgstatsError(
                f'{self._call}: the number {found[0]} in {near!r} has no source. Add source="..." that says where '
                "your numbers come from."
            )
        part = found["part"] or ""
        if re.match(r"[.,:]\d", words[found.end() :]) or ("." in found[0] and len(part) == 3):
            raise VgstatsError(
                f"{self._call}: {found[0]!r} in {near!r} can be read as more than one number. Write 1 200 for "
                "thousands and 1,2 for decimals."
            )
        whole = re.sub(r"\D", "", found["whole"])
        value = float(f"{whole}.{part or 0}") * (-1 if found["sign"] else 1)
        after = re.split(r"[.;:!?]", words[found.end() :])[0].split()[:2]
        if 0 < value < SMALL and not part and counts_persons(" ".join(after)):
            raise VgstatsError(f"{self._call}: {near!r}: {_PERSONS.format(small=SMALL)}.")
        return self.fact(value, "", len(part))

    def table(
        self, given: Any, caption: str, units: str | Mapping[str, str]
    ) -> tuple[list[Column], list[list[Cell]]]:
        """Return the columns and rows of a frame, with its numbers as facts; the first column heads the rows.

        Raises:
            VgstatsError: it is no frame, is empty or too large, holds a region's own counts, or something in it cannot
                be shown.
        """
        frame = self._frame(given)
        said = {column: self._unit(column, units) for column in frame.columns}
        if isinstance(units, Mapping) and (strange := set(units) - set(said)):
            raise VgstatsError(
                f"{self._call}: units names {sorted(map(str, strange))}, and the columns are {list(said)}. Correct it."
            )
        numeric = {
            column: place > 0 and _is_number(frame[column]) and not _is_years(frame[column])
            for place, column in enumerate(frame.columns)
        }
        for column in (one for one, is_so in numeric.items() if is_so):
            self._check_small(frame[column], f"{column} {said[column]}", caption)
        columns = [
            Column(self._heading(column, said[column]), "number" if numeric[column] else "text")
            for column in frame.columns
        ]
        decimals = {column: _decimals(frame[column]) for column, is_so in numeric.items() if is_so}
        rows = [
            [
                self._cell(value, column, said[column], decimals.get(column))
                for column, value in zip(frame.columns, row, strict=True)
            ]
            for row in frame.itertuples(index=False, name=None)
        ]
        return columns, rows

    def _frame(self, given: Any) -> pd.DataFrame:
        if not isinstance(given, pd.DataFrame) and hasattr(given, "to_frame"):
            unnamed = isinstance(given, pd.Series) and given.name is None
            given = given.to_frame("Värde") if unnamed else given.to_frame()
        if not isinstance(given, pd.DataFrame):
            raise VgstatsError(
                f"{self._call}: {_short(given)} is no table. Give a DataFrame of pandas, such as "
                "pd.DataFrame({'År': [2024, 2025], 'Möten': [21, 25]})."
            )
        if (
            given.index.nlevels > 1
            or given.index.name
            or not isinstance(given.index, pd.RangeIndex)
        ):
            given = given.reset_index()
        frame = given.set_axis(
            [" ".join(map(str, c)).strip() if isinstance(c, tuple) else str(c) for c in given],
            axis=1,
        )
        if frame.empty or len(frame) > MOST_ROWS or len(frame.columns) > MOST_COLUMNS:
            raise VgstatsError(
                f"{self._call}: the frame has {len(frame)} rows and {len(frame.columns)} columns. A page has room for "
                f"1 to {MOST_ROWS} rows and at most {MOST_COLUMNS} columns: choose some, as frame.head(20)[['a', 'b']]."
            )
        if not frame.columns.is_unique:
            raise VgstatsError(
                f"{self._call}: two columns have the same name. Rename one: its columns are {list(frame.columns)}."
            )
        own = [one for one in frame.get("measure", ()) if is_own_measure(str(one))]
        if own:
            raise VgstatsError(
                f"{self._call}: the frame has {own[0]}, which the region counts itself. Show it with the report's own "
                "sections, which hide small numbers by the rule, and take it out of the frame."
            )
        return frame

    def _unit(self, column: str, units: str | Mapping[str, str]) -> str:
        return units if isinstance(units, str) else units.get(column, "")

    def _heading(self, column: str, unit: str) -> str:
        words = f"{column} ({unit})" if unit and unit.lower() not in column.lower() else column
        if not words.strip() or numbers_in(words):
            raise VgstatsError(
                f"{self._call}: the column {column!r} is called by a number or nothing, which says little to a reader. "
                f"Rename it: frame.rename(columns={{{column!r}: '...'}})."
            )
        return words

    def _check_small(self, values: pd.Series, heading: str, caption: str) -> None:
        plain = set(heading.lower().split()) <= _PLAIN
        if not counts_persons(caption if plain else heading):
            return
        small = [
            float(v) for v in values.dropna() if 0 < float(v) < SMALL and float(v).is_integer()
        ]
        if small:
            raise VgstatsError(
                f"{self._call}: the column {heading.strip()!r} has {small[0]:.0f}: {_PERSONS.format(small=SMALL)}."
            )

    def _cell(self, value: Any, column: str, unit: str, decimals: int | None) -> Cell:
        if value is None or value is pd.NaT or (np.isscalar(value) and pd.isna(value)):
            return None
        if decimals is not None:
            if not np.isfinite(float(value)):
                raise VgstatsError(
                    f"{self._call}: the column {column!r} has {value}, which is no number to show. Divide by no zero, "
                    "or put None there."
                )
            return self.fact(float(value), unit, decimals)
        if isinstance(value, bool | np.bool_):
            return "ja" if value else "nej"
        if isinstance(value, pd.Timestamp):
            return str(value.date())
        if isinstance(value, int | float | np.number) and float(value) in _YEARS:
            return str(int(value))  # a year, in a column of years or first in the row
        if isinstance(value, int | float | np.number):
            return self.fact(float(value), unit, _decimals(pd.Series([value])))
        return self.said(str(value))


def _literal(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")


def _near(words: str, place: int) -> str:
    return " ".join(words[max(0, place - 20) : place + 25].split())


def _short(given: Any) -> str:
    return f"{type(given).__name__} {str(given)[:40]!r}"


def _is_number(values: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values))


def _is_years(values: pd.Series) -> bool:
    """Return whether a column is of years by its name and its values."""
    return str(values.name).lower() in _OF_YEARS and all(
        float(v) in _YEARS for v in values.dropna()
    )


def _decimals(values: pd.Series) -> int:
    """Return how many decimals show all the values of a column, and never more than two."""
    finite = [float(v) for v in values.dropna() if np.isfinite(float(v))]
    return next(
        (n for n in range(_MOST_DECIMALS) if all(abs(round(v, n) - v) < 1e-9 for v in finite)),
        _MOST_DECIMALS,
    )
