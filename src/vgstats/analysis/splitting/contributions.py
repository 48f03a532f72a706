"""What each part-area gives to the change of the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Unpack

import pandas as pd

from vgstats.analysis.result import NotComputable, Result, numeric_columns, spaced
from vgstats.analysis.splitting.kitagawa import KITAGAWA
from vgstats.analysis.splitting.parts import Labels, rounding_note, signed_list, with_terms
from vgstats.wording.numbers import rounded
from vgstats.wording.text import Text, say

NAMED = 3  # areas that a sentence names
WEIGHTS_AND_RATES = ("weight_before", "weight_after", "rate_before", "rate_after")


@dataclass(frozen=True, kw_only=True)
class Contributions(Result):
    """What each part-area gives to the change of the whole; `estimate` is that change.

    `n` is the number of areas.
    """

    table: pd.DataFrame = field(repr=False, compare=False)
    area: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per area, the largest contribution in the direction of the whole first.

        Columns: the area, weights as shares and rates at both times, `composition`, `rates`, and
        `contribution`, their sum, in the unit of the rate.
        """
        return self.table.copy()

    def sentence(self) -> Text:
        """Return the change, the areas that give most of it, and what the others give."""
        rows = [(str(row[self.area]), float(row["contribution"])) for _, row in self._rows()]
        total = rounded(self.estimate, self.decimals)
        if total == 0:
            return self._unchanged(rows)
        most = [row for row in rows[:NAMED] if rounded(row[1], self.decimals) * total > 0]
        rest = rows[len(most) :]
        parts = [*most]
        if rest:
            parts.append((_others(rest, named=bool(most)), sum(value for _, value in rest)))
        same = sum(rounded(value, self.decimals) * total > 0 for _, value in rows)
        return say(
            "Skillnaden för helheten är {total:signed}{unit}, räknemässigt {parts}.{note} "
            "{same} av {n} områden drar åt samma håll som helheten. Ett bidrag visar både hur talet "
            "ändrades och hur stort området är.",
            total=self.fact("skillnad", self.estimate),
            unit=spaced(self.unit),
            parts=signed_list(self, parts),
            note=rounding_note(self, self.estimate, [value for _, value in parts]),
            same=self.fact("områden åt samma håll", same, "antal", 0),
            n=self.fact("områden", len(rows), "antal", 0),
        )

    def _rows(self) -> list[tuple[object, pd.Series]]:
        return list(self.table.iterrows())

    def _unchanged(self, rows: list[tuple[str, float]]) -> Text:
        low, high = min(rows, key=_value), max(rows, key=_value)
        if rounded(low[1], self.decimals) == rounded(high[1], self.decimals) == 0:
            return say("Varken helheten eller något område har ändrats så att det syns.")
        return say(
            "Helheten är oförändrad: områdenas bidrag tar räknemässigt ut varandra. Störst åt vart sitt "
            "håll är {parts}.",
            parts=signed_list(self, [low, high]),
        )


def contributions(
    frame: pd.DataFrame,
    *,
    area: str = "area",
    weight_before: str = "weight_before",
    weight_after: str = "weight_after",
    rate_before: str = "rate_before",
    rate_after: str = "rate_after",
    **labels: Unpack[Labels],
) -> Contributions:
    """Return each part-area's contribution to the change of the whole's rate.

    With shares w and rates r an area gives (r1-r0)(w0+w1)/2 through its rate and
    (w1-w0)((r0+r1)/2 - R) through its share, R the mean of the whole's rate before and after. The
    centring lets each number be read by itself: an area that grows adds only when its rate is above
    the whole's. The sum is the whole's change. `frame` has a row per area, with weights (persons or
    shares, made to sum to 1) and rates; all areas of the whole must be there.

    Raises:
        NotComputable: numbers are missing or hidden, an area is doubled or has no name, there is no
            area, weights are negative or sum to 0.

    Literature: Kitagawa (1955), JASA 50:1168-1194; Das Gupta (1993), US Census P23-186.
    """
    columns = [weight_before, weight_after, rate_before, rate_after]
    found = numeric_columns(frame, columns, key=[area])
    table = pd.DataFrame({area: found[area].astype(object)})
    for name, column in zip(WEIGHTS_AND_RATES, columns, strict=True):
        table[name] = found[column]
    if table.empty:
        raise NotComputable("det inte finns något område")
    if table[area].isna().any():
        raise NotComputable("ett område saknar namn")
    table = with_terms(table, [area])
    table["contribution"] = table["composition"] + table["rates"]
    total = float(table["contribution"].sum())
    order = table.assign(_size=table["contribution"].round(12), _name=table[area].astype(str))
    order = order.sort_values(["_size", "_name"], ascending=[total <= 0, True], ignore_index=True)
    return Contributions(
        estimate=total,
        interval=None,
        method=f"bidrag till helhetens ändring; {KITAGAWA}",
        n=len(table),
        table=order.drop(columns=["_size", "_name"]),
        area=area,
        **labels,
    )


def _others(rest: list[tuple[str, float]], *, named: bool) -> str:
    if not named:
        return "områdena tillsammans"
    return rest[0][0] if len(rest) == 1 else "övriga områden tillsammans"


def _value(row: tuple[str, float]) -> float:
    return row[1]
