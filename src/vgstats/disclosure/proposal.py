"""The error when a number cannot be hidden, with what to merge instead."""

from __future__ import annotations

import numpy as np

from vgstats.disclosure.tables import System
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

_NAMES = {"area": "areas", "group": "groups", "period": "periods", "sex": "sexes"}


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


def cannot_protect(system: System, row: int, *, proved: bool) -> CannotProtect:
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
