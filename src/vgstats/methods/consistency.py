"""Does a source agree with itself?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vgstats.catalogue.groups import parse_group
from vgstats.methods.bands import tidy
from vgstats.observations import Value, one, select


@dataclass(frozen=True)
class PartsAndTotal:
    """The total that a source states and the sum of the parts that it lists.

    `total` is None where the source states none (shares: 100 is understood).
    """

    total: Value | None
    parts: list[Value]

    @property
    def sum_of_parts(self) -> float:
        """The parts added up, in the unit of the measure."""
        values = [part.value for part in self.parts]
        return tidy(sum(values), *values)


def parts_and_total(
    frame: pd.DataFrame, measure: str, area: str, period: str, dimensions: list[str]
) -> PartsAndTotal | None:
    """Return a total and the parts with exactly these dimensions, or None when there are none."""
    rows = select(frame, measure=measure, area=area, period=period, sex="alla")
    groups = [g for g in rows["group"] if sorted(parse_group(g)) == sorted(dimensions)]
    parts = [one(frame, measure, area, period, "alla", group) for group in groups]
    if not parts:
        return None
    return PartsAndTotal(one(frame, measure, area, period), [part for part in parts if part])
