"""What was released before, and what a reader of the new numbers knows because of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.disclosure.rule import Rule
from vgstats.disclosure.statements import UNBOUNDED, Ints, Mask
from vgstats.observations import KEY


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

    def beside(self, wanted: pd.DataFrame) -> pd.DataFrame:
        """Return the numbers of now and before together, one row a key, sorted.

        Args:
            wanted: the numbers to publish: the columns of `KEY`, as text, and any others.

        Returns:
            The columns of `wanted`; `wanted` and `stays_hidden`, bool; `was_low` and `was_high`, what was
            shown before, missing where nothing was.
        """
        shown = self.shown.rename(columns={"low": "was_low", "high": "was_high"})
        earlier = pd.concat([shown, self.hidden.assign(stays_hidden=True)])
        earlier[KEY] = earlier[KEY].astype(str)
        everything = wanted.assign(wanted=True).merge(earlier, on=KEY, how="outer")
        for flag in ("wanted", "stays_hidden"):
            everything[flag] = everything[flag].notna()
        return everything.sort_values(KEY, ignore_index=True)


def remembered(
    numbers: pd.DataFrame, values: Ints, known: tuple[Ints, Ints], rule: Rule
) -> tuple[Ints, Ints, Mask]:
    """Return the bounds of what is known, tightened by what was shown before, and which numbers stay shown.

    Args:
        numbers: as `Before.beside` returns them.
        values: the truth, by number.
        known: the lowest and highest value by number that a reader knows apart from that.
        rule: what is small: a number that became small since is not known at its new value.
    """
    known_low, known_high = known[0].copy(), known[1].copy()
    was = numbers["was_low"].notna().to_numpy()
    low = numbers["was_low"].where(was, 0).to_numpy(np.int64)
    high = numbers["was_high"].where(was, UNBOUNDED).astype(object).to_numpy().astype(np.int64)
    same = was & (low <= values) & (values <= high)
    small = (values < rule.threshold) & (values >= rule.hidden_from)
    stays = was & (low == high) & (same | ~small)
    known_low[same] = np.maximum(known_low, low)[same]
    known_high[same] = np.minimum(known_high, high)[same]
    known_low[stays], known_high[stays] = values[stays], values[stays]
    return known_low, known_high, np.asarray(stays, dtype=bool)
