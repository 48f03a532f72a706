"""What each part-area gives to the change of the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import Unpack

import pandas as pd

from vgstats.facts.facts import rounded
from vgstats.facts.text import Text, say
from vgstats.methods.composition import KITAGAWA
from vgstats.methods.levels import demand_no_total, rows_of_areas
from vgstats.methods.result import Labels, NotComputable, ResultOfAreas
from vgstats.methods.splits import key_names, named, rounding_note, signed_list, with_terms

NAMED = 3  # areas that a sentence names
NOISE = 9  # decimals below which a number is binary noise
WEIGHTS_AND_RATES = ("weight_before", "weight_after", "rate_before", "rate_after")


@dataclass(frozen=True, kw_only=True)
class Contributions(ResultOfAreas):
    """What each part-area gives to the change of the whole; `estimate` is that change.

    `n` is the number of areas; `kind` is what they are called, in the plural.
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
        """Return the change, the areas that give most of it, and what the others give.

        An area moves the same way as the whole by the sign of its contribution, however small.
        """
        names, given = self.table[self.area].astype(str), self.table["contribution"]
        rows = list(zip(names, map(float, given), strict=True))
        total = rounded(self.estimate, self.decimals)
        if total == 0:
            return self._unchanged(rows)
        most = [row for row in rows[:NAMED] if rounded(row[1], self.decimals) * total > 0]
        rest = rows[len(most) :]
        parts = [*most]
        if rest:
            parts.append((self._others(rest, bool(most)), sum(value for _, value in rest)))
        same = [value for _, value in rows if round(value, NOISE) * float(total) > 0]
        return self.say(
            "Ändringen för helheten är {total:signed}{spaced_unit}, räknemässigt {parts}.{note} "
            "{same} av {n} {kind} drar åt samma håll som helheten{tiny}. Ett bidrag visar både hur "
            "talet ändrades och hur {one} är.",
            total=self.fact("skillnad", self.estimate),
            parts=signed_list(self, parts),
            note=rounding_note(self, self.estimate, [value for _, value in parts]),
            same=self.count("områden åt samma håll", len(same)),
            n=self.count("områden", len(rows)),
            tiny=self._tiny(same),
            one=f"{'stort' if self.the_area.endswith('t') else 'stor'} {self.the_area}",
        )

    def _tiny(self, same: list[float]) -> Text:
        tiny = sum(rounded(value, self.decimals) == 0 for value in same)
        if not tiny:
            return say("")
        return self.say(
            ", {tiny} av dem med ett bidrag som avrundas till {zero}{spaced_unit}",
            tiny=self.count("områden med litet bidrag", tiny),
            zero=self.fact("litet bidrag", 0.0),
        )

    def _others(self, rest: list[tuple[str, float]], others: bool) -> str:
        if not others:
            return f"{self.all_areas} tillsammans"
        return rest[0][0] if len(rest) == 1 else f"övriga {self.kind} tillsammans"

    def _unchanged(self, rows: list[tuple[str, float]]) -> Text:
        low, high = (end(rows, key=itemgetter(1)) for end in (min, max))
        largest = [row for row in (low, high) if rounded(row[1], self.decimals)]
        if not largest:
            return self.say("Varken helheten eller {all_areas} har ändrats så att det syns.")
        return self.say(
            "Helheten är oförändrad: {all_areas}s bidrag tar räknemässigt ut varandra. Störst{ways} är "
            "{parts}.",
            ways=" åt vart sitt håll" if largest == [low, high] else "",
            parts=signed_list(self, largest),
        )


def contributions(
    frame: pd.DataFrame,
    *,
    area: str = "area",
    weight_before: str = "weight_before",
    weight_after: str = "weight_after",
    rate_before: str = "rate_before",
    rate_after: str = "rate_after",
    kind: str = "områden",
    **labels: Unpack[Labels],
) -> Contributions:
    """Return each part-area's contribution to the change of the whole's rate.

    With shares w and rates r an area gives (r1-r0)(w0+w1)/2 through its rate and
    (w1-w0)((r0+r1)/2 - R) through its share, R the mean of the whole's rate before and after. The
    centring lets each number be read by itself: an area that grows adds only when its rate is above
    the whole's. The sum is the whole's change. `frame` has a row per area, with weights (persons or
    shares, made to sum to 1) and rates; all areas of the whole must be there.
    `kind` is what the sentence calls them, in the plural: `kommuner`.

    Args:
        frame: a row an area, all areas of the whole.
        area: the column of areas, of one level.
        weight_before: the column of persons or shares before.
        weight_after: the same after.
        rate_before: the column of rates before.
        rate_after: the same after.
        kind: what the areas are, in the plural: kommuner.
        labels: `unit`, `source`, `decimals` and `about`, as of `Result`.

    Raises:
        NotComputable: numbers are missing or hidden, an area is doubled or has no name, areas are of different
            levels, there is no
            area, weights are negative or sum to 0, the column `area` has the name of a column that
            `to_frame` adds.

    Literature: Kitagawa (1955), JASA 50:1168-1194; Das Gupta (1993), US Census P23-186.

    >>> areas = pd.DataFrame({"area": ["a", "b"], "weight_before": [3, 1], "weight_after": [3, 1],
    ...                       "rate_before": [40.0, 44], "rate_after": [36.0, 44]})
    >>> contributions(areas).estimate
    -3.0
    """
    columns = [weight_before, weight_after, rate_before, rate_after]
    found = rows_of_areas(frame, columns, area)
    demand_no_total(found[area], area)
    (inside,) = key_names([area])
    table = pd.DataFrame({inside: found[area].astype(object)})
    for name, column in zip(WEIGHTS_AND_RATES, columns, strict=True):
        table[name] = found[column]
    if table.empty:
        raise NotComputable("det inte finns något område")
    table = with_terms(table, [inside])
    table["contribution"] = table["composition"] + table["rates"]
    total = float(table["contribution"].sum())
    order = table.assign(_size=table["contribution"].round(12), _name=table[inside].astype(str))
    order = order.sort_values(["_size", "_name"], ascending=[total <= 0, True], ignore_index=True)
    return Contributions(
        estimate=total,
        method=f"bidrag till helhetens ändring; {KITAGAWA}",
        n=len(table),
        table=named(order.drop(columns=["_size", "_name"]), [area]),
        area=area,
        kind=kind,
        **labels,
    )
