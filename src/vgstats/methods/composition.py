"""A change of a mean rate as changed composition and changed rates within the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Unpack

import numpy as np
import pandas as pd

from vgstats.facts.facts import rounded
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import column_list
from vgstats.methods.factors import Vector, shapley, sum_of_products
from vgstats.methods.levels import demand_no_total
from vgstats.methods.result import Band, Labels, NotComputable, Result, tidy
from vgstats.methods.splits import (
    TIMES,
    aligned,
    around,
    factor_of,
    key_names,
    moved,
    named,
    rounding_note,
    rounding_of,
    signed_list,
    sum_text,
    with_terms,
)

KITAGAWA = "uppdelning i sammansättning och tal inom grupperna (Kitagawa 1955, Das Gupta 1993)"
SMALL = 0.1  # a part up to this share of the change is called small


@dataclass(frozen=True, kw_only=True)
class Kitagawa(Result):
    """A change as composition plus rates; `estimate` is their sum, the change of the whole.

    `split` is the composition by factor, when asked for. `interval` and `composition_band` are what
    rounding leaves open, None when no rounding was given.
    """

    composition: float
    rates: float
    composition_band: Band | None
    split: Mapping[str, float]
    table: pd.DataFrame = field(repr=False, compare=False)
    by: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return a row per group: its name, shares and rates at both times, and its two terms.

        The composition term is centred on the mean rate, so that each row can be read by itself.
        """
        return self.table.copy()

    def sentence(self) -> Text:
        """Return the change, its parts, and what they amount to, in plain Swedish."""
        texts = [sum_text(self, self._parts()), say(_verdict(self))]
        if self.composition_band and self.composition_band.low < self.composition_band.high:
            texts.insert(1, self._band_text(self.composition_band))
        if self.split:
            split = list(self.split.items())
            note = rounding_note(self, self.composition, list(self.split.values()))
            words = "Sammansättningens del är {parts}.{note}"
            texts.append(say(words, parts=signed_list(self, split), note=note))
        return join(texts)

    def _parts(self) -> list[tuple[str, float]]:
        inside = [("ändrade tal inom grupperna", self.rates)]
        if len(self.table) <= 3:
            names = self.table[list(self.by)].astype(str).agg(" ".join, axis=1)
            inside = list(zip(names, self.table["rates"].tolist(), strict=True))
        return [*inside, ("ändrad sammansättning", self.composition)]

    def _band_text(self, band: Band) -> Text:
        return self.say(
            "Eftersom talen är avrundade ligger sammansättningens del mellan {low:signed} och "
            "{high:signed}{spaced_unit}; den {verdict}.",
            **self.both_ends("sammansättning {}", band, decimals=self.decimals + 1),
            verdict="kan inte skiljas från noll" if band.holds(0) else "är skild från noll",
        )


def kitagawa(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    by: str | Sequence[str] = "group",
    rate: str = "rate",
    weight: str = "weight",
    split: bool = False,
    multiplier: float = 1.0,
    rounding: float = 0.0,
    **labels: Unpack[Labels],
) -> Kitagawa:
    """Split the change of a mean rate into changed composition and changed rates.

    With shares w and rates r: composition = sum (w1-w0)(r0+r1)/2 and rates = sum (r1-r0)(w0+w1)/2.
    They add to sum w1·r1 - sum w0·r0 and leave no interaction. Each frame has a row per group, named
    by the columns `by`, with its `rate` and its `weight` (persons or shares, made to sum to 1). Rates
    are multiplied by `multiplier`, and `unit` names a change (`dagar`, `procentenheter`). `rounding`
    is the rounding unit of the rates; weights count as exact.

    `split` divides the composition between the columns of `by` (Das Gupta 1993, chapter 5).

    Args:
        before: a row a group at the earlier time, with weight and rate.
        after: the same at the later time.
        by: the columns that name the groups.
        rate: the column of rates.
        weight: the column of persons or shares.
        split: whether to divide the composition between the columns of `by`.
        multiplier: what rates are multiplied by.
        rounding: the unit that the rates are rounded to, 0 when they are exact.
        labels: `unit`, `source`, `decimals` and `about`, as of `Result`.

    Raises:
        NotComputable: numbers are missing or hidden, rows are doubled, groups differ between the
            frames or are fewer than two, weights are negative or sum to 0, a column of `by` has the
            name of a column that `to_frame` adds.

    Literature: Kitagawa (1955), JASA 50:1168-1194; Das Gupta (1993), US Census P23-186.

    >>> ends = [pd.DataFrame({"group": ["a", "b"], "weight": w, "rate": r})
    ...         for w, r in (([5, 5], [10, 20]), ([4, 6], [9, 19]))]
    >>> found = kitagawa(*ends)
    >>> round(found.composition, 6), round(found.rates, 6)
    (1.0, -1.0)
    """
    keys = column_list(by)
    if not keys:
        raise NotComputable("ingen kolumn anger grupperna")
    multiplier, rounding = factor_of(multiplier), rounding_of(rounding)
    names = key_names(keys)
    table = aligned(before, after, keys, {"weight": weight, "rate": rate})
    if len(table) < 2:
        raise NotComputable("det behövs minst två grupper")
    for key, name in zip(keys, names, strict=True):
        demand_no_total(table[name], key)
    table[["rate_before", "rate_after"]] *= multiplier
    table = with_terms(table, names)
    slack = rounding * abs(multiplier)
    shifted = float((table["weight_after"] - table["weight_before"]).abs().sum()) / 2
    return kitagawa_of(
        table,
        keys,
        moved(*_ends(table), slack) if slack else None,
        around(float(table["composition"].sum()), shifted * slack) if slack else None,
        dict(zip(keys, _split_by_factor(table, names), strict=True)) if split else {},
        labels,
    )


def kitagawa_of(
    table: pd.DataFrame,
    keys: list[str],
    interval: Band | None,
    composition_band: Band | None,
    split: Mapping[str, float],
    labels: Labels,
) -> Kitagawa:
    """Return the result that a table `with_terms` makes, its groups under `key_names`.

    Raises:
        NotComputable: as `named`.
    """
    return Kitagawa(
        estimate=_change(table),
        interval=interval,
        method=KITAGAWA + ("; spannet är källans avrundning" if interval else ""),
        n=len(table),
        composition=float(table["composition"].sum()),
        rates=float(table["rates"].sum()),
        composition_band=composition_band,
        split=split,
        table=named(table, keys),
        by=tuple(keys),
        **labels,
    )


def _verdict(found: Kitagawa) -> str:
    total, mix, inside = (
        rounded(value, found.decimals) for value in (found.estimate, found.composition, found.rates)
    )
    if total == 0 and mix == inside == 0:
        return "Varken sammansättningen eller talen inom grupperna har ändrats så att det syns."
    if total == 0:
        return "Ändrad sammansättning och ändrade tal inom grupperna tar räknemässigt ut varandra."
    if found.interval and found.interval.holds(0):
        return "Så liten skillnad kan avrundningen av talen ensam ge."
    noun = "Minskningen" if total < 0 else "Ökningen"
    band = found.composition_band
    within, moved = _inside_words(found), "ändrad sammansättning"
    ends = (found.composition, band.low, band.high) if band else (found.composition,)
    if max(map(abs, ends)) <= SMALL * abs(found.estimate):
        if mix == 0 or (band and band.holds(0)):
            return (
                f"{noun} förklaras räknemässigt av {within}, "
                "inte av att gruppernas andelar har ändrats. Bara de här grupperna är prövade."
            )
        return f"{noun} förklaras räknemässigt nästan helt av {within}."
    if band and band.holds(0):
        return f"Hur mycket av {noun.lower()} som är {moved} går inte att säga ur så avrundade tal."
    if abs(found.rates) <= SMALL * abs(found.estimate):
        return f"{noun} förklaras räknemässigt nästan helt av {moved}."
    if found.composition * found.rates < 0:
        if found.rates * found.estimate > 0:
            return f"{noun} förklaras räknemässigt av {within}; {moved} drog åt andra hållet."
        return (
            f"{noun} förklaras räknemässigt av {moved}; talen inom grupperna drog åt andra hållet."
        )
    if mix == inside:
        return f"{noun} förklaras räknemässigt till lika delar av {within} och {moved}."
    more, less = (within, moved) if abs(inside) > abs(mix) else (moved, within)
    return (
        f"{noun} förklaras räknemässigt till större delen av {more}, till mindre delen av {less}."
    )


def _inside_words(found: Kitagawa) -> str:
    fell = found.rates < 0
    steps = found.table["rate_after"] - found.table["rate_before"]
    printed = [rounded(-step if fell else step, found.decimals) for step in steps]
    days = found.unit.startswith("dagar")
    words = ("färre dagar", "fler dagar") if days else ("lägre tal", "högre tal")
    return f"{words[not fell]} i {'varje grupp' if min(printed) > 0 else 'grupperna sammantaget'}"


def _ends(table: pd.DataFrame) -> tuple[float, float]:
    first, last = (float((table[f"weight_{e}"] * table[f"rate_{e}"]).sum()) for e in TIMES)
    return first, last


def _change(table: pd.DataFrame) -> float:
    first, last = _ends(table)
    return tidy(last - first, last, first)


def _split_by_factor(table: pd.DataFrame, keys: list[str]) -> list[float]:
    rates = ((table["rate_before"] + table["rate_after"]) / 2).to_numpy()
    ends = [[_factor(table, keys, key, f"weight_{end}") for key in keys] for end in TIMES]

    def value(chosen: tuple[bool, ...]) -> float:
        return sum_of_products([rates, *(ends[late][k] for k, late in enumerate(chosen))])

    return shapley(len(keys), value)


def _factor(table: pd.DataFrame, keys: list[str], key: str, weight: str) -> Vector:
    others = [name for name in keys if name != key]
    vector = np.ones(len(table))
    for size in range(len(keys)):
        for given in combinations(others, size):
            part = _margin(table, [*given, key], weight)
            whole = _margin(table, [*given], weight)
            share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
            vector *= share ** (1 / (len(keys) * comb(len(others), size)))
    return vector


def _margin(table: pd.DataFrame, keys: list[str], weight: str) -> Vector:
    if not keys:
        return np.full(len(table), float(table[weight].sum()))
    return np.asarray(table.groupby(keys)[weight].transform("sum"), dtype=float)
