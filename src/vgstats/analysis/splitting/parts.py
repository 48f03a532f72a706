"""What splits of a change share: two times side by side, terms, bands, and words for the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pandas as pd

from vgstats.analysis.result import Band, NotComputable, Result, numeric_columns, spaced
from vgstats.wording.numbers import rounded
from vgstats.wording.text import Text, join, say

TIMES = ("before", "after")


class Labels(TypedDict, total=False):
    """The labels that every split of a change takes; as in `Result`."""

    unit: str
    source: str
    decimals: int
    about: str


def aligned(
    before: pd.DataFrame, after: pd.DataFrame, keys: list[str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Return one row per group with each column twice, `NAME_before` and `NAME_after`.

    Raises:
        NotComputable: as `numeric_columns`; or a group has no name or no counterpart.
    """
    ends = []
    for frame, end in zip((before, after), TIMES, strict=True):
        found = numeric_columns(frame, list(columns), key=keys)
        if found.empty:
            raise NotComputable("det inte finns några rader")
        if not keys and len(found) > 1:
            raise NotComputable("ingen kolumn skiljer raderna åt")
        if found[keys].isna().to_numpy().any():
            raise NotComputable("en grupp saknar namn")
        found[keys] = found[keys].astype(object)
        ends.append(found.rename(columns={c: f"{name}_{end}" for c, name in columns.items()}))
    if not keys:
        return pd.concat(ends, axis=1)
    table = ends[0].merge(ends[1], on=keys, how="outer", indicator="found_in")
    alone = table.loc[table["found_in"] != "both", keys]
    if len(alone):
        where = ", ".join(f"{name} {alone[name].iloc[0]!r}" for name in keys)
        raise NotComputable(f"{where} bara finns vid en av de två tidpunkterna")
    return ends[0].merge(ends[1], on=keys)


def with_terms(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return `aligned` weights and rates with weights as shares, and each row's two terms.

    Raises:
        NotComputable: a weight is negative, or the weights sum to 0.
    """
    table = table.copy()
    for column in ("weight_before", "weight_after"):
        if (table[column] < 0).any():
            row = table[table[column] < 0].iloc[0]
            raise NotComputable(f"vikten är negativ för {' '.join(str(row[key]) for key in keys)}")
        if not table[column].sum() > 0:
            raise NotComputable("vikterna summerar till 0")
        table[column] = table[column] / table[column].sum()
    first, last = (table[f"weight_{end}"] * table[f"rate_{end}"] for end in TIMES)
    middle = (table["rate_before"] + table["rate_after"]) / 2
    moved = table["weight_after"] - table["weight_before"]
    weight = (table["weight_before"] + table["weight_after"]) / 2
    table["composition"] = moved * (middle - (first.sum() + last.sum()) / 2)
    table["rates"] = (table["rate_after"] - table["rate_before"]) * weight
    return table


def around(value: float, slack: float) -> Band:
    """Return the band of a value that may be off by `slack`, without binary noise at its ends.

    Raises:
        NotComputable: the slack is negative or missing.
    """
    if not slack >= 0:
        raise NotComputable("avrundningen inte kan vara negativ eller saknas")
    return Band(round(value - slack, 9), round(value + slack, 9))


def listed(texts: Sequence[Text]) -> Text:
    """Return `a, b och c`."""
    head = [join(texts[:-1], ", ")] if len(texts) > 1 else []
    return join([*head, texts[-1]], " och ")


def signed_list(found: Result, parts: Sequence[tuple[str, float]]) -> Text:
    """Return `−3,8 dagar från kvinnor och −2,4 dagar från män`."""
    unit = spaced(found.unit)
    return listed(
        [
            say(
                "{part:signed}{unit} från {name}",
                part=found.fact(f"del|{name}", value),
                unit=unit,
                name=name,
            )
            for name, value in parts
        ]
    )


def rounding_note(found: Result, total: float, parts: Sequence[float]) -> str:
    """Return a sentence for parts whose printed numbers do not add to the printed total."""
    printed = [rounded(part, found.decimals) for part in parts]
    if sum(printed) == rounded(total, found.decimals):
        return ""
    return " Delarna är avrundade var för sig och ger därför inte exakt summan."


def sum_text(found: Result, parts: Sequence[tuple[str, float]]) -> Text:
    """Return a change and the parts that add to it, in plain Swedish."""
    return say(
        "Skillnaden är {total:signed}{unit}, räknemässigt {parts}.{note}",
        total=found.fact("skillnad", found.estimate),
        unit=spaced(found.unit),
        parts=signed_list(found, parts),
        note=rounding_note(found, found.estimate, [value for _, value in parts]),
    )
