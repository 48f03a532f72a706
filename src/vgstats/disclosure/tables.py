"""From a table of base counts to one system of all the numbers that are published from it.

`Hierarchies` say which parts make up which wholes, in every dimension of a release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse

from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask, Statements
from vgstats.errors import VgstatsError
from vgstats.observations import KEY, Key

Parts = Mapping[str, tuple[str, ...]]

# What earlier releases said of a number: `was`, the number shown, missing where it was hidden; then `width` and
# `floor` are what was promised of it (see `ledger.LedgerEntry`).
EARLIER = [*KEY, "was", "width", "floor"]
# More persons than that is a mistake, and would be beyond what the solver is exact for.
_HIGHEST = 10**9


@dataclass(frozen=True)
class Hierarchies:
    """The wholes that are published, each with the base labels that it is the sum of.

    One mapping for each column of the key. A part may belong to several wholes (a kommun to its HSN, its
    delregion and its county).
    """

    measure: Parts = field(default_factory=dict)
    area: Parts = field(default_factory=dict)
    period: Parts = field(default_factory=dict)
    sex: Parts = field(default_factory=lambda: {"alla": ("kvinnor", "män")})
    group: Parts = field(default_factory=dict)

    def parts(self, column: str) -> Parts:
        """Return the mapping of one column of the key."""
        found: Parts = getattr(self, column)
        return found

    def leaves(self, column: str, label: str) -> tuple[str, ...]:
        """Return the base labels that a label is the sum of: its parts, or itself."""
        return self.parts(column).get(label, (label,))

    def leaves_of(self, key: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the base labels whose cells a number is the sum of, by column of the key."""
        return [self.leaves(column, label) for column, label in zip(KEY, key, strict=True)]

    def check(self) -> None:
        """Refuse wholes that are not sums of base labels.

        Raises:
            VgstatsError: a whole has no parts, has one twice, or is itself a part of something.
        """
        for column in KEY:
            mapping = self.parts(column)
            for whole, parts in mapping.items():
                if not parts or len(set(parts)) != len(parts):
                    raise VgstatsError(
                        f"The {column} {whole!r} has no parts or names one twice: {parts!r}. Name each base "
                        f"{column} that it is the sum of, once."
                    )
                if inner := sorted(set(parts) & set(mapping)):
                    raise VgstatsError(
                        f"The {column} {whole!r} is said to be made of {inner[0]!r}, which has parts of its own. "
                        "Name the base labels instead."
                    )


@dataclass(frozen=True)
class System:
    """All numbers of a release, those released before that share cells with them, and the truth.

    This holds the raw counts: it never leaves the disclosure package.

    `keys`: one row a number, sorted, the columns of `KEY`. `matrix`: numbers x base cells, 0/1.
    `values`, `cells`: the truth. `axes`: of each cell its area, its sex and the rest of its key, as whole numbers.
    `wanted`: published now. `stays_shown`: was shown before, so it is known.
    `stays_hidden`: was hidden before, or is a small rest. `floor`: the lowest value that each number can have when it
    is hidden, as a reader knows it; `width`: how wide it is then to stay. Both are of the strictest rule that it was
    hidden by.
    """

    keys: pd.DataFrame
    matrix: sparse.csr_array
    axes: Ints
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
            self.axes,
        )

    def small(self, rule: HidingRule) -> Mask:
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
        return keys_of(self.keys.iloc[[row]])[0]


def build(
    counts: pd.DataFrame,
    published: pd.DataFrame,
    hierarchies: Hierarchies,
    rule: HidingRule,
    earlier: pd.DataFrame | None = None,
) -> System:
    """Return the system of a release.

    Args:
        counts: base cells: the columns of `KEY` and `value`, whole numbers of persons or cases. A cell
            that nobody is in has the value 0; it is not left out.
        published: the numbers to publish: the columns of `KEY`. With a column `shown`, those where it is False are
            not: a reader can work them out from others, so they are protected when they are small.
        hierarchies: how the numbers are made of base cells.
        rule: says whether a hidden number can be 0.
        earlier: what was released before, for the keys that share cells with this release: the columns of
            `EARLIER`.

    Raises:
        VgstatsError: a count is no whole number, is negative or given twice; a number is asked for twice
            or lacks base cells; a whole is made of wholes.
    """
    cells = _base_cells(counts)
    _need_columns(published, KEY, "published")
    wanted = published[KEY].astype(str).assign(shown=published.get("shown", True))
    _refuse_twice(wanted, "published")
    numbers = _with_earlier(wanted, pd.DataFrame(columns=EARLIER) if earlier is None else earlier)
    matrix = _base_matrix(cells, numbers, hierarchies)
    return _system(numbers, matrix, cells, rule)


def keys_of(frame: pd.DataFrame) -> list[Key]:
    """Return the keys of a table's rows."""
    columns = (frame[column].astype(str).tolist() for column in KEY)
    return [(m, a, p, s, g) for m, a, p, s, g in zip(*columns, strict=True)]


def _base_cells(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the base counts as they are used: the columns of `KEY` as text and `value` as int64, sorted."""
    _need_columns(counts, [*KEY, "value"], "counts")
    cells = counts[[*KEY, "value"]].copy()
    cells[KEY] = cells[KEY].astype(str)
    values = pd.to_numeric(cells["value"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values == np.rint(values)) & (values >= 0))
    wrong |= values > _HIGHEST
    if wrong.any():
        row = cells[wrong].iloc[0]
        raise VgstatsError(
            f"The count of {_text(row)} is {row['value']!r}. Give each base cell a whole number from 0 "
            f"to {_HIGHEST}; a cell that nobody is in has 0."
        )
    cells["value"] = values.astype(np.int64)
    _refuse_twice(cells, "counts")
    return cells.sort_values(KEY, ignore_index=True)


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


def _text(row: pd.Series) -> str:
    return " ".join(filter(None, (str(row[c]) for c in KEY)))


def _with_earlier(wanted: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of now and before together, one row a key, sorted.

    Besides `EARLIER` there are `wanted`, `rest` (a reader can work it out) and `stays_hidden`.
    """
    promised = earlier.astype(
        dict.fromkeys(KEY, str) | dict.fromkeys(("was", "width", "floor"), "Int64")
    )
    promised["stays_hidden"] = promised["was"].isna()
    everything = wanted.merge(promised, on=KEY, how="outer").sort_values(KEY, ignore_index=True)
    shown = everything["shown"].astype("boolean")
    return everything.assign(
        wanted=shown.fillna(False),
        rest=~shown.fillna(True),
        stays_hidden=everything["stays_hidden"].astype("boolean").fillna(False),
    )


def _base_matrix(
    cells: pd.DataFrame, numbers: pd.DataFrame, hierarchies: Hierarchies
) -> sparse.csr_array:
    """Return which base cells each number is the sum of: numbers x cells, 0/1, in the order of both tables."""
    hierarchies.check()
    place = {key: number for number, key in enumerate(keys_of(cells))}
    columns: list[int] = []
    starts = [0]
    for row, key in enumerate(keys_of(numbers)):
        needed = list(product(*hierarchies.leaves_of(key)))
        found = [place[cell] for cell in needed if cell in place]
        if len(found) != len(needed):
            raise VgstatsError(
                f"{_text(numbers.iloc[row])} is the sum of {len(needed)} base cells, of which {len(found)} are in the "
                "counts. Give the counts of all (0 where nobody is), also for periods that were released before."
            )
        columns += sorted(found)
        starts.append(len(columns))
    ones = np.ones(len(columns), dtype=np.int64)
    return sparse.csr_array((ones, columns, starts), shape=(len(numbers), len(cells)))


def _system(
    numbers: pd.DataFrame, matrix: sparse.csr_array, cells: pd.DataFrame, rule: HidingRule
) -> System:
    truth = cells["value"].to_numpy(np.int64)
    values = matrix @ truth
    small = (values < rule.threshold) & (values >= rule.hidden_from)
    # What was revised since is not known at its new value.
    stays_shown = (numbers["was"] == values).fillna(False)
    rest = numbers["rest"].to_numpy(bool)
    floor = numbers["floor"].fillna(rule.hidden_from).mask(rest, 0).to_numpy(np.int64)
    # A rest in which there were some then, and is nobody now: as any number shown to be zero it tells of nobody.
    zeros_hidden = numbers["stays_hidden"].to_numpy(bool) & ~rest & (floor == 0)
    emptied = rest & (values == 0) & (not zeros_hidden.any())
    impossible = numbers[(values < floor) & (not rule.zeros_shown)]
    if len(impossible):
        raise VgstatsError(
            f"{_text(impossible.iloc[0])} was hidden when zeros were shown, and has been corrected since to "
            "one. It cannot be hidden as a zero now. Make the release by the earlier rule, zeros: shown."
        )
    return System(
        keys=numbers[KEY].reset_index(drop=True),
        matrix=matrix,
        axes=_axes(cells),
        values=values,
        cells=truth,
        wanted=numbers["wanted"].to_numpy(bool),
        stays_shown=stays_shown.to_numpy(bool),
        stays_hidden=(numbers["stays_hidden"].to_numpy(bool) & ~emptied) | (rest & small),
        floor=floor,
        width=numbers["width"].fillna(0).clip(lower=rule.width).to_numpy(np.int64),
    )


def _axes(cells: pd.DataFrame) -> Ints:
    others = [column for column in KEY if column not in ("area", "sex")]
    codes = [cells.groupby(of, sort=True).ngroup() for of in ("area", "sex", others)]
    return np.column_stack(codes).astype(np.int64)
