"""The most that can be hidden: whether there is any safe choice at all.

The more is hidden, the less a reader knows. So a number that can be worked out although all the rest that may be
hidden is hidden can never be kept, and one that was to be hidden only for the sake of others is shown instead.
What remains when that has come to an end is the largest safe choice, or shows that there is none.
"""

from __future__ import annotations

import numpy as np

from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.proposal import cannot_protect
from vgstats.disclosure.rule import Rule
from vgstats.disclosure.statements import Mask
from vgstats.disclosure.tables import System


def widest(system: System, rule: Rule, may_hide: Mask) -> Mask:
    """Return the safe choice that hides most: the small numbers, and those in the mask that can be kept.

    Raises:
        CannotProtect: there is no safe choice, or none was found; the message says which.
    """
    primary = system.small(rule)
    hidden = primary | may_hide
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
            raise cannot_protect(system, int(lost[0]), proved=proved)
        hidden[left] = False
