"""The one object that may be drawn from: what is shown, what is hidden, and nothing of what is behind."""

from __future__ import annotations

import threading
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from vgstats.disclosure import ledger as ledgers
from vgstats.disclosure.attack import unsafe
from vgstats.disclosure.choose import choose
from vgstats.disclosure.ledger import Contents, Ledger, LedgerEntry
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask, Statements
from vgstats.disclosure.tables import Hierarchies, System, build, keys_of
from vgstats.errors import VgstatsError
from vgstats.observations import KEY, Key

_ATTACKING = threading.Lock()  # once, also when pages are looked at in several threads


@dataclass(frozen=True, eq=False)
class Structure:
    """What a reader knows when no number of the release is shown: how the numbers hang together.

    `keys`: one row a number of this release or of an earlier one that shares cells with it. `matrix`: 0/1, numbers x
    base cells; `axes`: of these (see `Statements`). `low`, `high`: what is known from before (equal, or 0 and
    `UNBOUNDED` where nothing is). `floor`, `width`: what is promised of each when it is hidden (see `System`).
    """

    keys: tuple[Key, ...]
    matrix: sparse.csr_array
    axes: Ints
    low: Ints
    high: Ints
    floor: Ints
    width: Ints


@dataclass(frozen=True, eq=False)
class Protected:
    """A release after disclosure control.

    `numbers`: the columns of `KEY`, `value` (Int64, missing where hidden), `status`: `shown`, `hidden`, or
    `uncontrolled` with the control off.
    `secret`: the hidden keys, also those of earlier releases that share cells with this one.
    `hierarchies`: how the numbers are made, now and before. `seen`: the digest of the ledger that the decision
    took into account. The raw counts cannot be reached from here.
    """

    numbers: pd.DataFrame
    rule: HidingRule
    structure: Structure
    secret: frozenset[Key]
    hierarchies: Hierarchies
    seen: str

    @cached_property
    def given_away(self) -> tuple[Key, ...]:
        """The hidden numbers that all the shown ones together bound tighter than the width: none, if all is well."""
        with _ATTACKING:
            there = vars(self).get("given_away")
            return tuple(_bounded(self, self.shown())) if there is None else there

    def shown(self) -> dict[Key, int]:
        """Return the numbers that are shown, by key."""
        return dict(self._shown)

    @cached_property
    def _shown(self) -> dict[Key, int]:
        rows = self.numbers[self.numbers["status"] != "hidden"]
        return dict(zip(keys_of(rows), rows["value"].astype(int).tolist(), strict=True))

    def promised(self) -> dict[Key, tuple[int, int]]:
        """Return the hidden keys, each with the width and the floor that are promised of it (see `System`)."""
        known = self.structure
        said = zip(known.keys, known.width.tolist(), known.floor.tolist(), strict=True)
        return {key: (width, floor) for key, width, floor in said if key in self.secret}


def protect(
    counts: pd.DataFrame,
    published: pd.DataFrame,
    hierarchies: Hierarchies,
    rule: HidingRule,
    ledger: Ledger | None = None,
    totals: pd.DataFrame | None = None,
    besides: Sequence[Key] = (),
) -> Protected:
    """Decide once, for a whole release, what is shown and what is hidden.

    Nothing is recorded: see `write_down`.

    Args:
        counts: base cells (see `tables.build`).
        published: the numbers to publish, in all tables together (see `tables.build`).
        hierarchies: how the numbers are made of base cells.
        rule: what is small, and how well it is hidden.
        ledger: what was released before.
        totals: what was decided of the table's totals in another table, the columns of `EARLIER` (see `margins`).
        besides: numbers that are not published, and are chosen for as if a reader knew them.

    Raises:
        CannotProtect: a small number cannot be hidden; the message proposes what to merge.
        VgstatsError: the input or the ledger is wrong.
    """
    contents = Contents() if ledger is None else ledger.read()
    earlier, everything = ledgers.beside(contents, counts, hierarchies)
    if totals is not None and len(totals):
        earlier = pd.concat([totals, earlier]).drop_duplicates(KEY, ignore_index=True)
    system = build(counts, published, everything, rule, earlier)
    _refuse_other_totals(system, totals)
    hidden: Mask = np.zeros(len(system.values), dtype=bool)
    if rule.on:
        also = set(besides)
        known = np.array([key in also for key in keys_of(system.keys)], dtype=bool)
        hidden = choose(replace(system, stays_shown=system.stays_shown | known), rule)
    return _without_truth(system, hidden, rule, everything, contents.digest())


def write_down(protected: Protected, ledger: Ledger) -> None:
    """Write a release to the ledger, as it must be before anything of it is spread.

    With the control off nothing is written, since such a report must not be spread.

    Raises:
        VgstatsError: something else was released since the decision, which did not take it into account.
    """
    with ledger.lock():
        contents = ledger.read()
        said, entries = contents.entries, _entries(protected)
        if all(said.get(key) == entry for key, entry in entries.items()):
            return  # the parts of a release are made by several runs
        if contents.digest() != protected.seen:
            raise VgstatsError(
                f"Another run released figures meanwhile (see {ledger.path}), which this one has not taken into "
                "account. Nothing was made. Run it again."
            )
        if protected.rule.on:
            ledger.write(ledgers.extended(contents, entries, protected.hierarchies))


def audit(protected: Protected, shown: Mapping[Key, int]) -> list[Key]:
    """Attack the numbers that a page shows; return the hidden ones bounded tighter than the width.

    Nothing of what `protect` found is used: the attack starts from the page, from what was released before, and from
    how the numbers hang together. Who sees only numbers of the release knows no more than who sees all of them, so
    these are attacked once for all such pages.

    Args:
        protected: the release that the page is made from.
        shown: the numbers that the page shows, by key.

    Raises:
        VgstatsError: the page shows a number that is not of the release, or numbers that contradict each other.
    """
    if not protected.rule.on:
        _refuse_unknown(shown, protected.structure.keys)
        return []
    if shown.items() <= protected._shown.items() and not protected.given_away:
        return []
    return _bounded(protected, shown)


def _refuse_unknown(shown: Iterable[Key], known: Container[Key]) -> None:
    if unknown := [key for key in shown if key not in known]:
        raise VgstatsError(
            f"The page shows {' '.join(filter(None, unknown[0]))}, which is not a number of the release. Publish "
            "it with the others, so that it is protected with them."
        )


def _bounded(protected: Protected, shown: Mapping[Key, int]) -> list[Key]:
    """Return the hidden numbers that are bounded tighter than the width by numbers that are shown."""
    places = {key: row for row, key in enumerate(protected.structure.keys)}
    _refuse_unknown(shown, places)
    known = protected.structure
    low, high = known.low.copy(), known.high.copy()
    secret = np.array([places[key] for key in sorted(protected.secret)], dtype=np.int64)
    low[secret] = np.maximum(low[secret], known.floor[secret])
    for key, value in shown.items():
        low[places[key]] = max(low[places[key]], value)
        high[places[key]] = min(high[places[key]], value)
    statements = Statements(known.matrix, low, high, known.axes)
    return [known.keys[row] for row in unsafe(statements, secret, known.width[secret])]


def _refuse_other_totals(system: System, totals: pd.DataFrame | None) -> None:
    """Refuse a table that does not add up to the totals that are shown in another."""
    said = {} if totals is None else dict(zip(keys_of(totals), totals["was"], strict=True))
    for key, value in zip(keys_of(system.keys), system.values.tolist(), strict=True):
        was = said.get(key)
        if was is not None and pd.notna(was) and was != value:
            raise VgstatsError(
                f"The parts of {' '.join(filter(None, key))} add up to {value}, and the same cases are {was} in the "
                "table of their totals. Count both tables of the same cases and import them again."
            )


def _without_truth(
    system: System, hidden: Mask, rule: HidingRule, hierarchies: Hierarchies, seen: str
) -> Protected:
    """Copy what may be known; the arrays of the system are left behind."""
    wanted = system.wanted
    secret = hidden[wanted]
    value = pd.arrays.IntegerArray(np.where(secret, 0, system.values[wanted]), secret.copy())
    status = np.where(secret, "hidden", "shown" if rule.on else "uncontrolled")
    numbers = system.keys[wanted].reset_index(drop=True).assign(value=value, status=status)
    structure = Structure(
        tuple(keys_of(system.keys)),
        system.matrix.copy(),
        system.axes,
        np.where(system.stays_shown, system.values, 0),
        np.where(system.stays_shown, system.values, UNBOUNDED),
        system.floor,
        system.width,
    )
    secret_keys = frozenset(keys_of(system.keys[hidden]))
    return Protected(numbers, rule, structure, secret_keys, hierarchies, seen)


def _entries(protected: Protected) -> dict[Key, LedgerEntry]:
    hidden = {
        key: LedgerEntry(width=width, floor=floor)
        for key, (width, floor) in protected.promised().items()
    }
    return {key: LedgerEntry(value) for key, value in protected.shown().items()} | hidden
