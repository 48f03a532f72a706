"""Periods that were released with other units than there are now, as before one merged into another.

What a unit's cases are has then changed since, and the old numbers beside the new ones would tell of the units that are
gone. So nothing new is told of such a period: what was shown and is still so stays shown, all else is hidden. A reader
learns nothing from that, whatever was hidden then stays as safe as it was.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from vgstats.catalogue import areas
from vgstats.disclosure.ledger import Contents
from vgstats.disclosure.own_cells import OwnCells
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.tables import build, keys_of
from vgstats.observations import KEY

_UNIT = f"{areas.UNIT}:"


def settled_periods(earlier: Contents, made: OwnCells) -> set[str]:
    """Return the periods of cells that were released when there were other units.

    There were others when a county was made of others, or when a unit was released that is not there now.
    """
    now, found = made.hierarchies.parts("area"), set()
    units = {area for area in made.labels["area"] if area.startswith(_UNIT)}
    for chapter in earlier.chapters:
        before = chapter.hierarchies.parts("area")
        released = {key[1] for key in chapter.entries if key[1].startswith(_UNIT)}
        other = any(set(before[whole]) != set(now[whole]) for whole in before.keys() & now.keys())
        counties = {areas.county_of(unit) for unit in units}
        gone = {unit for unit in released - units if f"lan:{unit[len(_UNIT) :][:2]}" in counties}
        if units and (gone or other):
            found |= {key[2] for key in chapter.entries}
    return found & set(made.cells["period"])


def as_settled(
    numbers: pd.DataFrame, periods: Collection[str], made: OwnCells, earlier: Contents
) -> pd.DataFrame:
    """Return the numbers of settled periods: the columns of `KEY`, `value` and `status` (see `Protected.numbers`)."""
    asked = numbers.loc[numbers["shown"] & numbers["period"].isin(list(periods)), KEY]
    of_today = build(made.cells, asked, made.hierarchies, HidingRule())
    entries = earlier.entries
    values = []
    for key, value in zip(keys_of(of_today.keys), of_today.values.tolist(), strict=True):
        same = key in entries and entries[key].value == value
        values.append(value if same else None)
    return of_today.keys.assign(
        value=pd.array(values, dtype="Int64"),
        status=["hidden" if value is None else "shown" for value in values],
    )
