"""The secondary choice: which further numbers to hide so that the small ones cannot be worked out.

For each number that is not safe yet the cheapest move that makes it so is found, and what the move
disturbs is hidden. Then each number hidden for the sake of others is shown again if all stay safe without
it. Where no move is found the widest choice tells whether there is a safe one at all. The result is audited by
the attack. When a number cannot be hidden, the error says what to merge instead.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from vgstats.disclosure.apart import each_apart
from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.moves import Block, block
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.search import greedy, thinned
from vgstats.disclosure.statements import Floats, Mask, reduce
from vgstats.disclosure.tables import System
from vgstats.disclosure.together import merged
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

_NAMES = {"area": "areas", "group": "groups", "period": "periods"}


class CannotProtect(VgstatsError):  # noqa: N818 - says what failed, as users meet it
    """No way was found to keep a small number from being worked out; the message says whether there is one.

    `key` is the number, `merge` a proposal: by column of the key, the labels to merge into one.
    """

    def __init__(
        self,
        message: str,
        key: tuple[str, ...] = (),
        merge: dict[str, tuple[str, ...]] | None = None,
    ):
        super().__init__(message)
        self.key = key
        self.merge = merge or {}


def choose(system: System, rule: HidingRule) -> Mask:
    """Return which numbers to hide: the small ones, those hidden before, and as few others as need be.

    The order of rows does not matter: the system is sorted. Only the solver's time limit depends on the
    machine; what it leaves open is not called safe.

    Args:
        system: the release.
        rule: what is small, and how well it is hidden.

    Raises:
        CannotProtect: no way was found to hide a number well enough; the message says whether there is one.
    """
    if (fewer := merged(system, rule)) is None:
        return _checked(system, _chosen(system, rule), rule)
    rests, rows = fewer
    hidden = system.small(rule)
    found = _chosen(rests, rule)
    hidden[rows[rows >= 0]] = found[rows >= 0]
    left = np.flatnonzero(hidden)
    if len(unsafe(system.statements(hidden), left, system.width[left], [system.cells])):
        return _checked(system, _chosen(system, rule), rule)
    return hidden


def _chosen(system: System, rule: HidingRule) -> Mask:
    """Return a choice that is not checked yet."""
    hidden = system.small(rule)
    primary = hidden.copy()
    parts = [part for part in blocks(system) if primary[part.rows].any()]
    for part, found in zip(parts, each_apart(greedy, parts, primary), strict=True):
        if found is None:
            most = widest(system, rule)[part.rows]
            found = thinned(part, primary[part.rows], most)
        hidden[part.rows] = found
    return hidden


def prices(system: System) -> Floats:
    """Return what it costs to hide each number, infinite where it cannot be hidden.

    1 for a base cell and 1 more each time a number sums twice as many, so riket, county totals and
    totals of kvinnor and män go last; and a little more for a large number than for a small one. A shown
    zero is never hidden (a hidden number is at least 1), nor is what was shown before.
    """
    cells = np.diff(system.matrix.indptr)
    price = 1 + np.log2(np.maximum(cells, 1)) + 0.02 * np.log1p(system.values)
    never = system.stays_shown | ~system.can_hide | ~system.wanted
    return np.where(never, np.inf, price)


def blocks(system: System) -> list[Block]:
    """Return the blocks of a system that can be protected one by one."""
    price = prices(system)
    could = np.isfinite(price) | (system.stays_hidden & system.can_hide)
    known = reduce(system.statements(could))
    free = np.flatnonzero(known.at_least < known.at_most)
    inner = sparse.csr_array(system.matrix[:, free])
    _, label = sparse.csgraph.connected_components(inner.T @ inner, directed=False)
    says = system.wanted | system.stays_shown | system.stays_hidden
    touched = np.flatnonzero(says & (np.diff(inner.indptr) > 0))
    row_label = label[inner.indices[inner.indptr[touched]]]
    return [
        block(system, touched[row_label == n], free[label == n], price[touched[row_label == n]])
        for n in np.unique(row_label)
    ]


def widest(system: System, rule: HidingRule) -> Mask:
    """Return the safe choice that hides most: the small numbers, and of all that may be hidden what can be kept.

    The more is hidden, the less a reader knows. So a number that can be worked out although all the rest that may be
    hidden is hidden can never be kept, and one that was to be hidden only for the sake of others is shown instead.
    What remains when that has come to an end is the largest safe choice, or shows that there is none.

    Raises:
        CannotProtect: there is no safe choice, or none was found; the message says which.
    """
    primary = system.small(rule)
    hidden = primary | np.isfinite(prices(system))
    proved = True
    while True:
        rows = np.flatnonzero(hidden)
        said = system.statements(hidden)
        left = unsafe(said, rows, system.width[rows], [system.cells])
        if not len(left):
            return hidden
        bounds = attack(said, left, [system.cells])
        proved &= bool((bounds.exact & (bounds.widths < system.width[left])).all())
        lost = left[primary[left]]
        if len(lost):
            raise _cannot_protect(system, int(lost[0]), proved=proved)
        hidden[left] = False


def _checked(system: System, hidden: Mask, rule: HidingRule) -> Mask:
    """Audit the choice with nothing but what a reader knows, and the truth as one point among others."""
    rows = np.flatnonzero(hidden)
    left = unsafe(system.statements(hidden), rows, system.width[rows], [system.cells])
    if len(left):
        widest(system, rule)
        raise _cannot_protect(system, int(left[0]), proved=False)
    return hidden


def _cannot_protect(system: System, row: int, *, proved: bool) -> CannotProtect:
    """Return the error for a number, with the labels to merge: the smallest beside the number's own.

    `proved`: whether it was shown that nothing else that may be hidden keeps it.

    The proposal names labels, never counts. It goes to the one who has the raw counts.
    """
    key = system.key(row)
    merge = {
        column: pair
        for column in ("group", "period", "area")
        if (pair := _smallest_beside(system, row, column))
    }
    proposals = [
        f"the {_NAMES[c]} {' and '.join(map(repr, labels))}" for c, labels in merge.items()
    ]
    advice = (
        f"Merge {', or '.join(proposals)}, in the counts"
        if proposals
        else "Publish fewer tables of it"
    )
    past = (
        " What earlier releases showed cannot be taken back: where nothing else helps, a new ledger can be begun for "
        "a stated reason (vgstats release --new-ledger)."
        if system.stays_shown.any()
        else ""
    )
    small = (
        "hidden since an earlier release"
        if system.stays_hidden[row] and system.wanted[row]
        else "too small to show"
    )
    found = (
        f"is {small} and cannot be hidden: what must be shown beside it, or was shown before, gives it "
        "away even when everything that may be hidden is hidden"
        if proved
        else f"is {small}, and no way to hide it well enough was found. The search gave up before it "
        "was clear whether there is one"
    )
    return CannotProtect(
        f"{' '.join(filter(None, key))} {found}. {advice}, and make the release again.{past}",
        key,
        merge,
    )


def _smallest_beside(system: System, row: int, column: str) -> tuple[str, ...]:
    """Return the number's own label and the smallest other that is one base cell as it is."""
    keys = system.keys
    others = [c for c in KEY if c != column]
    beside = (keys[others] == keys.loc[row, others]).all(axis=1).to_numpy().copy()
    size = np.diff(system.matrix.indptr)
    beside &= (size == size[row]) & (system.values > 0) & system.wanted
    beside[row] = False
    rows = np.flatnonzero(beside)
    if not len(rows):
        return ()
    smallest = rows[np.argmin(system.values[rows])]
    return str(keys.loc[row, column]), str(keys.loc[smallest, column])
