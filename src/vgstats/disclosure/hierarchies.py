"""Which parts make up which wholes, in every dimension of a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from vgstats.catalogue import areas
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

Parts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Hierarchies:
    """The wholes that are published, each with the base labels that it is the sum of.

    One mapping for each column of the key. A part may belong to several wholes (a kommun to its HSN, its
    delregion and its county).
    """

    measure: Parts = field(default_factory=dict)
    area: Parts = field(default_factory=dict)
    period: Parts = field(default_factory=dict)
    sex: Parts = field(default_factory=lambda: {"alla": ("kvinnor", "män")})
    group: Parts = field(default_factory=dict)

    def parts(self, column: str) -> Parts:
        """Return the mapping of one column of the key."""
        found: Parts = getattr(self, column)
        return found

    def leaves(self, column: str, label: str) -> tuple[str, ...]:
        """Return the base labels that a label is the sum of: its parts, or itself."""
        return self.parts(column).get(label, (label,))


def area_wholes(base: Iterable[str], on: dt.date) -> dict[str, tuple[str, ...]]:
    """Return the counties, delregioner, HSN and LFC that are sums of the given kommuner on a day.

    A whole that lacks one of its kommuner, or that holds only a part of one (Göteborg), is left out: it is
    not their sum. With all 21 counties whole, riket is there too.
    """
    there = set(base)
    whole_lan = {
        lan: tuple(areas.kommuner(lan)) for lan in areas.lan() if there >= set(areas.kommuner(lan))
    }
    rows = areas.membership()
    day = on.isoformat()
    rows = rows[(rows["valid_from"] <= day) & (day <= rows["valid_to"])]
    found = dict(whole_lan)
    for whole, group in rows.groupby("whole", sort=True):
        if (group["part"] == "hela").all() and there >= set(group["member"]):
            found[str(whole)] = tuple(sorted(group["member"]))
    if len(whole_lan) == len(areas.lan()):
        found[areas.RIKET] = tuple(sorted(there & {k for ks in whole_lan.values() for k in ks}))
    return found


def calendar_wholes(months: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the quarters and years that are made of the given months of a flow, and only whole ones."""
    by_whole: dict[str, list[str]] = {}
    for month in sorted(set(months)):
        year, number = month.split("-")
        by_whole.setdefault(year, []).append(month)
        by_whole.setdefault(f"{year}-Q{(int(number) + 2) // 3}", []).append(month)
    return {
        whole: tuple(parts)
        for whole, parts in sorted(by_whole.items())
        if len(parts) == (3 if "Q" in whole else 12)
    }


def ancestors(column: str, hierarchies: Hierarchies) -> pd.DataFrame:
    """Return every whole by each of its base labels: columns `leaf` and `column`.

    Raises:
        VgstatsError: a whole has no parts, has one twice, or is itself a part of something.
    """
    mapping = hierarchies.parts(column)
    for whole, parts in mapping.items():
        if not parts or len(set(parts)) != len(parts):
            raise VgstatsError(
                f"The {column} {whole!r} has no parts or names one twice: {parts!r}. Name each base "
                f"{column} that it is the sum of, once."
            )
        inner = sorted(set(parts) & set(mapping))
        if inner:
            raise VgstatsError(
                f"The {column} {whole!r} is said to be made of {inner[0]!r}, which has parts of its own. Name "
                "the base labels instead."
            )
    pairs = [(part, whole) for whole, parts in mapping.items() for part in parts]
    return pd.DataFrame(pairs, columns=["leaf", column], dtype=object)


def leaves_of(key: Mapping[str, str], hierarchies: Hierarchies) -> dict[str, tuple[str, ...]]:
    """Return the base labels, by column, whose cells a number is the sum of."""
    return {column: hierarchies.leaves(column, key[column]) for column in KEY}
