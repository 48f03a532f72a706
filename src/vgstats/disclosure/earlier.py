"""What was released before, beside what is to be released now."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vgstats.observations import KEY


@dataclass(frozen=True)
class Before:
    """What earlier releases said, for the keys that share cells with this one.

    `shown` and `hidden`: frames with the columns of `KEY`; `shown` has `was` besides, the number shown, and
    `hidden` what was promised of each: `width` and `floor` (see `ledger.Entry`). What a reader is taken to know of
    it today: see `vgstats.disclosure.ledger`.
    """

    shown: pd.DataFrame
    hidden: pd.DataFrame

    @classmethod
    def nothing(cls) -> Before:
        """Return that nothing was released before."""
        return cls(
            pd.DataFrame(columns=[*KEY, "was"]), pd.DataFrame(columns=[*KEY, "width", "floor"])
        )

    def beside(self, wanted: pd.DataFrame) -> pd.DataFrame:
        """Return the numbers of now and before together, one row a key, sorted.

        Args:
            wanted: the keys of the numbers to publish, as text, and `shown`, False for those that are rests.

        Returns:
            The columns of `KEY`; `wanted`, `rest` and `stays_hidden`, bool; `was`, what was shown before, and `width`
            and `floor`, what was promised, missing where nothing was.
        """
        earlier = pd.concat([self.shown, self.hidden.assign(stays_hidden=True)])
        earlier[KEY] = earlier[KEY].astype(str)
        everything = wanted.merge(earlier, on=KEY, how="outer")
        everything["wanted"] = everything["shown"].fillna(False).astype(bool)
        everything["rest"] = ~everything["shown"].fillna(True).astype(bool)
        everything["stays_hidden"] = everything["stays_hidden"].notna()
        return everything.sort_values(KEY, ignore_index=True)
