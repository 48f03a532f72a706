"""From a table of base counts to one system of all the numbers that are published from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from vgstats.disclosure.earlier import Before
from vgstats.disclosure.hierarchies import Hierarchies
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
    `values`, `cells`: the truth. `wanted`: published now. `stays_shown`: was shown before, so it is known.
    `stays_hidden`: was hidden before, or is a small rest. `floor`: the lowest value that each number can have when it
    is hidden, as a reader knows it; `width`: how wide it is then to stay. Both are of the strictest rule that it was
    hidden by.
    """

    keys: pd.DataFrame
    matrix: sparse.csr_array
    values: Ints
    cells: Ints
    wanted: Mask
    stays_shown: Mask
    stays_hidden: Mask
    floor: Ints
    width: Ints

    def statements(self, hidden: Mask) -> Statements:
        """Return what a reader knows when the numbers in the mask are hidden and the others shown.

        A number that is neither published now nor known from before says nothing.
        """
        said = (self.wanted & ~hidden) | self.stays_shown
        return Statements(
            self.matrix,
            np.where(said, self.values, np.where(hidden, self.floor, 0)),
            np.where(said, self.values, UNBOUNDED),
        )

    def small(self, rule: Rule) -> Mask:
        """Return which numbers are to be hidden for their own sake.

        What a reader knows from before cannot be hidden any more.
        """
        small = self.wanted & (self.values < rule.threshold)
        return (small | self.stays_hidden) & self.can_hide & ~self.stays_shown

    @property
    def can_hide(self) -> Mask:
        """Which numbers can be hidden at all: not a zero, where a reader knows that none is hidden."""
        found: Mask = self.values >= self.floor
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
        published: the numbers to publish: the columns of `KEY`. With a column `shown`, those where it is False are
            not: a reader can work them out from others, so they are protected when they are small.
        hierarchies: how the numbers are made of base cells.
        rule: says whether a hidden number can be 0.
        before: what was released before.

    Raises:
        VgstatsError: a count is no whole number, is negative or given twice; a number is asked for twice
            or lacks base cells.
    """
    cells = base_cells(counts)
    need_columns(published, KEY, "published")
    wanted = published[KEY].astype(str).assign(shown=published.get("shown", True))
    refuse_twice(wanted, "published")
    numbers = (before or Before.nothing()).beside(wanted)
    matrix = base_matrix(cells, numbers, hierarchies)
    return _system(numbers, matrix, cells["value"].to_numpy(np.int64), rule)


def _system(numbers: pd.DataFrame, matrix: sparse.csr_array, cells: Ints, rule: Rule) -> System:
    values = matrix @ cells
    was = numbers["was"].astype("Int64")
    small = (values < rule.threshold) & (values >= rule.hidden_from)
    # What was revised since is not known at its new value.
    stays_shown = (was == values).fillna(False)
    rest = numbers["rest"].to_numpy(bool)
    floor = numbers["floor"].fillna(rule.hidden_from).mask(rest, 0).to_numpy(np.int64)
    impossible = numbers[(values < floor) & (not rule.zeros_shown)]
    if len(impossible):
        raise VgstatsError(
            f"{text(impossible.iloc[0])} was hidden when zeros were shown, and has been corrected since to "
            "one. It cannot be hidden as a zero now. Make the release by the earlier rule, zeros: shown."
        )
    return System(
        keys=numbers[KEY].reset_index(drop=True),
        matrix=matrix,
        values=values,
        cells=cells,
        wanted=numbers["wanted"].to_numpy(bool),
        stays_shown=stays_shown.to_numpy(bool),
        stays_hidden=numbers["stays_hidden"].to_numpy(bool) | (rest & small),
        floor=floor,
        width=numbers["width"].fillna(0).clip(lower=rule.width).to_numpy(np.int64),
    )
