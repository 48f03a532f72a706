"""What splits of a change share: two times side by side, terms, bands, and words for the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from vgstats.facts.facts import rounded
from vgstats.facts.text import Text, join
from vgstats.methods.arguments import number_of, numeric_columns, shown
from vgstats.methods.levels import demand_one_level
from vgstats.methods.result import Band, NotComputable, Result, difference_of, rounded_from, tidy

TIMES = ("before", "after")


def aligned(
    before: pd.DataFrame, after: pd.DataFrame, keys: list[str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Return one row per group with each number twice, `NAME_before` and `NAME_after`.

    `columns` says which column holds each NAME. The names of groups are under `key_names`, so that
    no name of a column can be in the way.

    Raises:
        NotComputable: as `numeric_columns`; or a column is both name and number, a group has no
            name or no counterpart, or areas are of different levels.
    """
    both = [column for column in columns.values() if column in keys]
    if both:
        raise NotComputable(f"kolumnen {shown(both[0])} är angiven både som grupp och som tal")
    names = key_names(keys)
    ends = []
    for frame, end in zip((before, after), TIMES, strict=True):
        found = numeric_columns(frame, list(columns.values()), key=keys)
        if found.empty:
            raise NotComputable("det inte finns några rader")
        if not keys and len(found) > 1:
            raise NotComputable("ingen kolumn skiljer raderna åt")
        if found[keys].isna().to_numpy().any():
            raise NotComputable("en grupp saknar namn")
        for key in keys:
            demand_one_level(found[key], key)
        groups = {name: found[key].astype(object) for name, key in zip(names, keys, strict=True)}
        numbers = {f"{name}_{end}": found[column] for name, column in columns.items()}
        ends.append(pd.DataFrame({**groups, **numbers}))
    if not keys:
        return pd.concat(ends, axis=1)
    table = ends[0].merge(ends[1], on=names, how="outer", indicator="found_in")
    alone = table.loc[table["found_in"] != "both", names]
    if len(alone):
        pairs = zip(keys, alone.iloc[0], strict=True)
        where = ", ".join(f"{key} {shown(group)}" for key, group in pairs)
        raise NotComputable(f"{where} bara finns vid en av de två tidpunkterna")
    return ends[0].merge(ends[1], on=names)


def key_names(keys: Sequence[str]) -> list[str]:
    """Return what the columns that name groups are called inside, whatever the frame calls them."""
    return [f"key {i}" for i, _ in enumerate(keys)]


def named(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return a table with its `key_names` turned back into the names of the frame.

    Raises:
        NotComputable: the table has a column of its own by one of the names.
    """
    inside = key_names(keys)
    taken = [key for key in keys if key in table.columns.difference(inside)]
    if taken:
        raise NotComputable(
            f"namnet {shown(taken[0])} är upptaget i resultatets tabell; döp om kolumnen"
        )
    return table.rename(columns=dict(zip(inside, keys, strict=True)))


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
    grew = table["weight_after"] - table["weight_before"]
    weight = (table["weight_before"] + table["weight_after"]) / 2
    table["composition"] = grew * (middle - (first.sum() + last.sum()) / 2)
    table["rates"] = (table["rate_after"] - table["rate_before"]) * weight
    return table


def factor_of(multiplier: float) -> float:
    """Return what rates are multiplied by.

    Raises:
        NotComputable: it is missing or 0.
    """
    factor = number_of(multiplier, "multiplikatorn")
    if factor == 0:
        raise NotComputable("multiplikatorn är 0")
    return factor


def rounding_of(unit: float) -> float:
    """Return the unit that numbers are rounded to.

    Raises:
        NotComputable: it is missing or negative.
    """
    found = number_of(unit, "avrundningen")
    if found < 0:
        raise NotComputable("avrundningen inte kan vara negativ")
    return found


def moved(before: float, after: float, unit: float) -> Band:
    """Return the changes that two numbers rounded to `unit` allow; one that is not below 0 never was."""
    return difference_of(rounded_from(before, unit), rounded_from(after, unit))


def around(value: float, slack: float) -> Band:
    """Return the band of a value that may be off by `slack`, without binary noise at its ends."""
    return Band(tidy(value - slack, value, slack, 1), tidy(value + slack, value, slack, 1))


def listed(texts: Sequence[Text]) -> Text:
    """Return `a, b och c`."""
    head = [join(texts[:-1], ", ")] if len(texts) > 1 else []
    return join([*head, texts[-1]], " och ")


def signed_list(found: Result, parts: Sequence[tuple[str, float]]) -> Text:
    """Return `−3,8 dagar från kvinnor och −2,4 dagar från män`."""
    return listed(
        [
            found.say(
                "{part:signed}{spaced_unit} från {name}",
                part=found.fact(f"del|{name}", value),
                name=str(name),
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
    return found.say(
        "Ändringen är {total:signed}{spaced_unit}, räknemässigt {parts}.{note}",
        total=found.fact("skillnad", found.estimate),
        parts=signed_list(found, parts),
        note=rounding_note(found, found.estimate, [value for _, value in parts]),
    )
