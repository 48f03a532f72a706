"""From a table of base counts to one system of all the numbers that are published from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse

from vgstats.disclosure.hierarchies import Hierarchies, ancestors, leaves_of, rolling_ancestors
from vgstats.disclosure.rule import Rule
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask, Statements
from vgstats.errors import VgstatsError
from vgstats.observations import KEY, Key

HIGHEST = (
    10**9
)  # more persons than that is a mistake, and would be beyond what the solver is exact for


@dataclass(frozen=True)
class System:
    """All numbers of a release, those released before that share cells with them, and the truth.

    This holds the raw counts: it never leaves the disclosure package.

    `keys`: one row a number, sorted, the columns of `KEY`. `matrix`: numbers x base cells, 0/1.
    `values`, `cells`: the truth. `low`, `high`: what is said of a number when it is shown; equal when
    it is shown exactly. `known_low`, `known_high`: what a reader knows of it even when it is hidden.
    `wanted`: published now. `stays_shown`: was shown before, so it is known. `stays_hidden`: was
    hidden before. `floor`: the lowest value a hidden number can have.
    """

    keys: pd.DataFrame
    matrix: sparse.csr_array
    values: Ints
    cells: Ints
    low: Ints
    high: Ints
    known_low: Ints
    known_high: Ints
    wanted: Mask
    stays_shown: Mask
    stays_hidden: Mask
    floor: int

    def statements(self, hidden: Mask) -> Statements:
        """Return what a reader knows when the numbers in the mask are hidden and the others shown.

        A number that is neither published now nor known from before says nothing.
        """
        silent = hidden | ~(self.wanted | self.stays_shown)
        at_least = np.where(hidden, self.floor, 0)
        return Statements(
            self.matrix,
            np.maximum(np.where(silent, at_least, self.low), self.known_low),
            np.minimum(np.where(silent, UNBOUNDED, self.high), self.known_high),
        )

    def small(self, rule: Rule) -> Mask:
        """Return which numbers are to be hidden for their own sake.

        What a reader knows from before cannot be hidden any more.
        """
        small = (self.values < rule.threshold) & (self.values >= rule.hidden_from)
        zero = (self.values == 0) & rule.zeros_shown
        found: Mask = ((small & self.wanted) | (self.stays_hidden & ~zero)) & ~self.stays_shown
        return found

    def key(self, row: int) -> Key:
        """Return the key of one number."""
        measure, area, period, sex, group = (str(self.keys[c].iloc[row]) for c in KEY)
        return measure, area, period, sex, group


@dataclass(frozen=True)
class Before:
    """What earlier releases said, for the keys that share cells with this one.

    `shown` and `hidden`: frames with the columns of `KEY`; `shown` has `low` and `high` besides, what was
    shown. What a reader is taken to know of it today: see `vgstats.disclosure.ledger`.
    """

    shown: pd.DataFrame
    hidden: pd.DataFrame

    @classmethod
    def nothing(cls) -> Before:
        """Return that nothing was released before."""
        return cls(pd.DataFrame(columns=[*KEY, "low", "high"]), pd.DataFrame(columns=KEY))


def build(
    counts: pd.DataFrame,
    published: pd.DataFrame,
    hierarchies: Hierarchies,
    rule: Rule,
    before: Before | None = None,
) -> System:
    """Return the system of a release.

    Args:
        counts: base cells: the columns of `KEY` and `value`, whole numbers of persons or cases. A cell
            that nobody is in has the value 0; it is not left out.
        published: the numbers to publish: the columns of `KEY`, and for numbers that are shown
            rounded `low` and `high`, the bounds that the shown number stands for. Numbers that a reader
            knows something of even if they are hidden (a published rate beside a known population) have
            `known_low` and `known_high`.
        hierarchies: how the numbers are made of base cells.
        rule: says whether a hidden number can be 0.
        before: what was released before.

    Raises:
        VgstatsError: a count is no whole number, is negative or given twice; a number is asked for twice
            or lacks base cells; a bound does not hold for the true value.
    """
    before = before or Before.nothing()
    cells = _cells(counts)
    numbers = _numbers(published, before)
    matrix = _matrix(cells, numbers, hierarchies)
    values = matrix @ cells["value"].to_numpy(np.int64)
    low, high = _bounds(numbers, "low", "high", values, values)
    known = np.zeros_like(values), np.full_like(values, UNBOUNDED)
    known_low, known_high = _bounds(numbers, "known_low", "known_high", *known)
    _refuse_untrue(numbers, values, low, high, "shown rounded")
    _refuse_untrue(numbers, values, known_low, known_high, "known")
    stays_shown = _remember(numbers, values, known_low, known_high, rule)
    return System(
        numbers[KEY].reset_index(drop=True),
        matrix,
        values,
        cells["value"].to_numpy(np.int64),
        low,
        high,
        known_low,
        known_high,
        numbers["wanted"].to_numpy(bool),
        stays_shown,
        numbers["stays_hidden"].to_numpy(bool),
        rule.hidden_from,
    )


def all_numbers(counts: pd.DataFrame, hierarchies: Hierarchies) -> pd.DataFrame:
    """Return the keys of every number that the hierarchies make of the counts: all tables crossed.

    Rolling sums are there for each month that has its twelve months.
    """
    labels = {c: sorted(set(counts[c].astype(str)) | set(hierarchies.parts(c))) for c in KEY}
    keys = [dict(zip(KEY, key, strict=True)) for key in product(*labels.values())]
    months = set(counts["period"].astype(str))
    for measure in sorted(hierarchies.rolling):
        for end in sorted(months):
            crossed = product(labels["area"], labels["sex"], labels["group"])
            keys += [
                {"measure": measure, "period": end, "area": a, "sex": s, "group": g}
                for a, s, g in crossed
            ]
    there = {c: set(counts[c].astype(str)) for c in KEY}
    whole = [
        all(set(leaves) <= there[column] for column, leaves in leaves_of(key, hierarchies).items())
        for key in keys
    ]
    return pd.DataFrame([k for k, w in zip(keys, whole, strict=True) if w], columns=KEY)


def _cells(counts: pd.DataFrame) -> pd.DataFrame:
    _need_columns(counts, [*KEY, "value"], "counts")
    cells = counts[[*KEY, "value"]].copy()
    cells[KEY] = cells[KEY].astype(str)
    values = pd.to_numeric(cells["value"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values == np.rint(values)) & (values >= 0))
    wrong |= values > HIGHEST
    if wrong.any():
        row = cells[wrong].iloc[0]
        raise VgstatsError(
            f"The count of {_text(row)} is {row['value']!r}. Give each base cell a whole number from 0 "
            f"to {HIGHEST}; a cell that nobody is in has 0."
        )
    cells["value"] = values.astype(np.int64)
    _refuse_twice(cells, "counts")
    return cells.sort_values(KEY, ignore_index=True)


def _numbers(published: pd.DataFrame, before: Before) -> pd.DataFrame:
    _need_columns(published, KEY, "published")
    wanted = published.copy()
    wanted[KEY] = wanted[KEY].astype(str)
    _refuse_twice(wanted, "published")
    shown = before.shown.rename(columns={"low": "was_low", "high": "was_high"})
    earlier = pd.concat([shown, before.hidden.assign(stays_hidden=True)])
    earlier[KEY] = earlier[KEY].astype(str)
    everything = wanted.assign(wanted=True).merge(earlier, on=KEY, how="outer")
    for flag in ("wanted", "stays_hidden"):
        everything[flag] = everything[flag].notna()
    return everything.sort_values(KEY, ignore_index=True)


def _matrix(
    cells: pd.DataFrame, numbers: pd.DataFrame, hierarchies: Hierarchies
) -> sparse.csr_array:
    pairs = cells[KEY].assign(cell=np.arange(len(cells)))
    rolled = _rolled(pairs, numbers, hierarchies)
    for column in KEY:
        pairs = _with_wholes(pairs, column, hierarchies)
        if column not in ("measure", "period") and len(rolled):
            rolled = _with_wholes(rolled, column, hierarchies)
    pairs = pd.concat([pairs, rolled]) if len(rolled) else pairs
    found = pairs.merge(numbers[KEY].assign(number=np.arange(len(numbers))), on=KEY)
    ones = np.ones(len(found), dtype=np.int64)
    where = (found["number"].to_numpy(), found["cell"].to_numpy())
    matrix = sparse.csr_array((ones, where), shape=(len(numbers), len(cells)))
    matrix.sort_indices()
    _refuse_lacking(matrix, numbers, hierarchies)
    return matrix


def _with_wholes(pairs: pd.DataFrame, column: str, hierarchies: Hierarchies) -> pd.DataFrame:
    up = ancestors(column, hierarchies)
    if up.empty:
        return pairs
    raised = pairs.rename(columns={column: "leaf"}).merge(up, on="leaf").drop(columns="leaf")
    return pd.concat([pairs, raised[pairs.columns]])


def _rolled(pairs: pd.DataFrame, numbers: pd.DataFrame, hierarchies: Hierarchies) -> pd.DataFrame:
    ends: dict[str, set[str]] = {}
    for measure, period in zip(numbers["measure"], numbers["period"], strict=True):
        if measure in hierarchies.rolling:
            ends.setdefault(measure, set()).add(period)
    up = rolling_ancestors(hierarchies, ends)
    leaves = pairs.rename(columns={"measure": "leaf_measure", "period": "leaf_period"})
    return leaves.merge(up, on=["leaf_measure", "leaf_period"])[pairs.columns]


def _refuse_lacking(
    matrix: sparse.csr_array, numbers: pd.DataFrame, hierarchies: Hierarchies
) -> None:
    found = np.diff(matrix.indptr)
    for row, key in enumerate(numbers[KEY].to_dict("records")):
        leaves = leaves_of(key, hierarchies)
        needed = int(np.prod([len(labels) for labels in leaves.values()]))
        if needed != found[row]:
            raise VgstatsError(
                f"{_text(key)} is the sum of {needed} base cells, of which {found[row]} are in the counts. "
                "Give the counts of all (0 where nobody is), also for periods that were released before."
            )


def _bounds(
    numbers: pd.DataFrame, low: str, high: str, lowest: Ints, highest: Ints
) -> tuple[Ints, Ints]:
    result = []
    for column, default in ((low, lowest), (high, highest)):
        if column in numbers:
            given = numbers[column].notna().to_numpy()
            filled = default.copy()
            filled[given] = numbers.loc[given, column].to_numpy(np.int64)
            result.append(filled)
        else:
            result.append(default.copy())
    return result[0], result[1]


def _remember(
    numbers: pd.DataFrame, values: Ints, known_low: Ints, known_high: Ints, rule: Rule
) -> Mask:
    """Tighten in place what is known, by what was shown before; return which numbers stay shown."""
    was = numbers["was_low"].notna().to_numpy()
    low = numbers["was_low"].where(was, 0).to_numpy(np.int64)
    high = numbers["was_high"].where(was, UNBOUNDED).astype(object).to_numpy().astype(np.int64)
    same = was & (low <= values) & (values <= high)
    small = (values < rule.threshold) & (values >= rule.hidden_from)
    stays = was & (low == high) & (same | ~small)
    known_low[same] = np.maximum(known_low, low)[same]
    known_high[same] = np.minimum(known_high, high)[same]
    known_low[stays], known_high[stays] = values[stays], values[stays]
    return np.asarray(stays, dtype=bool)


def _refuse_untrue(numbers: pd.DataFrame, values: Ints, low: Ints, high: Ints, how: str) -> None:
    wrong = np.flatnonzero((values < low) | (values > high))
    if len(wrong):
        raise VgstatsError(
            f"{_text(numbers.iloc[wrong[0]])} is {how} within bounds that its count does not lie in. Round "
            "the number that the counts give."
        )


def _need_columns(frame: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    lacking = [column for column in columns if column not in frame]
    if lacking:
        raise VgstatsError(f"The {name} have no column {lacking[0]!r}. They need {list(columns)}.")


def _refuse_twice(frame: pd.DataFrame, name: str) -> None:
    twice = frame[frame.duplicated(KEY)]
    if len(twice):
        raise VgstatsError(
            f"{_text(twice.iloc[0])} is twice among the {name}. Give every key once."
        )


def _text(row: object) -> str:
    return " ".join(filter(None, (str(row[c]) for c in KEY)))  # type: ignore[index]
