"""The secondary choice: which further numbers to hide so that the small ones cannot be worked out.

For each number that is not safe yet the cheapest move that makes it so is found, and what the move
disturbs is hidden. Then each number hidden for the sake of others is shown again if all stay safe without
it. Where no move is found the widest choice tells whether there is a safe one at all. The result is audited by
the attack. When a number cannot be hidden, the error says what to merge instead.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from vgstats.disclosure.apart import each_apart
from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.moves import Block, block, find_move, find_pair, find_spread
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.statements import Floats, Ints, Mask, reduce
from vgstats.disclosure.tables import System
from vgstats.disclosure.together import merged
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

_NAMES = {"area": "areas", "group": "groups", "period": "periods"}
_STEPS = (1, 4, 8)  # of all numbers that are not proved, those looked for together
_MANY = 20  # numbers that are worth a search for points that prove them all
_Moves = tuple[Ints, ...]


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
    for part, found in zip(parts, each_apart(_greedy, parts, primary), strict=True):
        if found is None:
            most = widest(system, rule)[part.rows]
            found = _without_redundant(part, primary[part.rows], most, _Evidence(part))
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


def _greedy(part: Block, primary: Mask) -> Mask | None:
    """Return a choice, None when no move was found for a number."""
    hidden, evidence = primary.copy(), _Evidence(part)
    _spread(part, hidden, evidence)
    while len(still := evidence.unsafe(hidden)):
        may_hide = np.isfinite(part.price) & ~hidden
        ways = list(_ways(part, hidden, may_hide, int(still[0]), evidence))
        if not ways:
            return None
        disturbed = [~hidden & np.any([part.matrix @ m for m in moves], axis=0) for moves in ways]
        cheapest = int(np.argmin([part.price[rows].sum() for rows in disturbed]))
        hidden |= disturbed[cheapest]
        evidence.add(*ways[cheapest])
    return _without_redundant(part, primary, hidden, evidence)


def _spread(part: Block, hidden: Mask, evidence: _Evidence) -> None:
    """Look for points that prove many numbers at once, as long as they do.

    First for all; where all cannot rise together, as in a total that is shown, for every fourth, then every eighth.
    """
    for step in _STEPS:
        before, proving = np.inf, True
        while proving:
            for up in (True, False):
                still = evidence.unsafe(hidden)[::step]
                if len(still) < _MANY:
                    return
                move = find_spread(part, hidden, still, up)
                if move is not None:
                    evidence.add(move)
            left = len(evidence.unsafe(hidden))
            proving, before = left <= before - _MANY, left


def _ways(
    part: Block, hidden: Mask, may_hide: Mask, target: int, evidence: _Evidence
) -> Iterator[_Moves]:
    """Yield the cheapest moves found that make a number safe: one up or one down, or both where neither is enough."""
    down, up = evidence.range(hidden)
    width, found = part.width[target], False
    for change in (down[target] + width, up[target] - width):
        move = find_move(part, hidden, may_hide, target, int(change))
        if move is not None:
            found = True
            yield (move,)
    if not found and (pair := find_pair(part, hidden, may_hide, target)) is not None:
        yield pair


def _without_redundant(part: Block, primary: Mask, hidden: Mask, evidence: _Evidence) -> Mask:
    order = np.flatnonzero(hidden & ~primary)
    for row in order[np.argsort(-part.price[order], kind="stable")]:
        fewer = hidden.copy()
        fewer[row] = False
        if _prove(part, fewer, evidence):
            hidden = fewer
            evidence.keep(hidden)
    return hidden


def _prove(part: Block, hidden: Mask, evidence: _Evidence) -> bool:
    nothing = np.zeros_like(hidden)
    while len(still := evidence.unsafe(hidden)):
        moves = next(_ways(part, hidden, nothing, int(still[0]), evidence), None)
        if moves is None:
            return False
        evidence.add(*moves)
    return True


class _Evidence:
    """The points that prove which numbers of a block are safe, while the pattern of hiding changes.

    Each is a row: how it changes the numbers without a reader noticing; the first changes none. Two points that agree
    with everything shown and differ in a number by the width prove it safe.
    """

    def __init__(self, block: Block):
        self._block = block
        self._changes = np.zeros((1, len(block.rows)), dtype=np.int64)
        self._touched = np.zeros_like(self._changes, dtype=np.float32)
        nothing = self._changes[0]
        self._at: tuple[Mask, Ints, Ints] = (nothing != 0, nothing, nothing)

    def add(self, *moves: Ints) -> None:
        """Take in the points that moves from the truth lead to."""
        hidden, down, up = self._at
        new = np.vstack([self._block.matrix @ move for move in moves])
        for change in new[~(new[:, ~hidden] != 0).any(axis=1)]:
            down, up = np.minimum(down, change), np.maximum(up, change)
        self._changes = np.vstack([self._changes, new])
        self._touched = np.vstack([self._touched, (new != 0).astype(np.float32)])
        self._at = hidden, down, up

    def keep(self, hidden: Mask) -> None:
        """Drop the points that the numbers shown contradict."""
        agreeing = self._agreeing(hidden)
        self._changes, self._touched = self._changes[agreeing], self._touched[agreeing]

    def range(self, hidden: Mask) -> tuple[Ints, Ints]:
        """Return by number how far down and up, from the truth, the points that agree reach."""
        if not np.array_equal(hidden, self._at[0]):
            down, up = np.zeros((2, len(hidden)), dtype=np.int64)
            found = self._changes[np.ix_(self._agreeing(hidden), hidden)]
            down[hidden], up[hidden] = found.min(axis=0), found.max(axis=0)
            self._at = hidden.copy(), down, up
        return self._at[1], self._at[2]

    def unsafe(self, hidden: Mask) -> Ints:
        """Return the hidden numbers that the points do not prove to be safe."""
        down, up = self.range(hidden)
        return np.flatnonzero(hidden & (up - down < self._block.width))

    def _agreeing(self, hidden: Mask) -> Mask:
        return np.asarray(self._touched @ (~hidden).astype(np.float32) == 0, dtype=bool)


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
