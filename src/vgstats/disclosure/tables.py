"""From a table of base counts to one system of all the numbers that are published from it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse

from vgstats.disclosure.earlier import Before, remembered
from vgstats.disclosure.hierarchies import Hierarchies, leaves_of
from vgstats.disclosure.inputs import base_cells, need_columns, refuse_twice, text
from vgstats.disclosure.matrix import base_matrix
from vgstats.disclosure.rule import Rule
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask, Statements
from vgstats.errors import VgstatsError
from vgstats.observations import KEY, Key


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
    cells = base_cells(counts)
    need_columns(published, KEY, "published")
    wanted = published.copy()
    wanted[KEY] = wanted[KEY].astype(str)
    refuse_twice(wanted, "published")
    numbers = (before or Before.nothing()).beside(wanted)
    matrix = base_matrix(cells, numbers, hierarchies)
    return _system(numbers, matrix, cells["value"].to_numpy(np.int64), rule)


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


def _system(numbers: pd.DataFrame, matrix: sparse.csr_array, cells: Ints, rule: Rule) -> System:
    values = matrix @ cells
    low, high = _bounds(numbers, "low", "high", values, values)
    endless = np.full_like(values, UNBOUNDED)
    known = _bounds(numbers, "known_low", "known_high", np.zeros_like(values), endless)
    _refuse_untrue(numbers, values, low, high, "shown rounded")
    _refuse_untrue(numbers, values, *known, "known")
    known_low, known_high, stays_shown = remembered(numbers, values, known, rule)
    return System(
        keys=numbers[KEY].reset_index(drop=True),
        matrix=matrix,
        values=values,
        cells=cells,
        low=low,
        high=high,
        known_low=known_low,
        known_high=known_high,
        wanted=numbers["wanted"].to_numpy(bool),
        stays_shown=stays_shown,
        stays_hidden=numbers["stays_hidden"].to_numpy(bool),
        floor=rule.hidden_from,
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


def _refuse_untrue(numbers: pd.DataFrame, values: Ints, low: Ints, high: Ints, how: str) -> None:
    wrong = np.flatnonzero((values < low) | (values > high))
    if len(wrong):
        raise VgstatsError(
            f"{text(numbers.iloc[wrong[0]])} is {how} within bounds that its count does not lie in. Round "
            "the number that the counts give."
        )


__all__ = ["Before", "System", "all_numbers", "build"]
