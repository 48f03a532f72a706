"""What each component of a measure gives to the change of the measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Unpack

import pandas as pd

from vgstats.facts.facts import Fact, rounded
from vgstats.facts.text import Text, direction, say
from vgstats.methods.arguments import column_list, shown
from vgstats.methods.result import Band, Labels, NotComputable, Result, tidy
from vgstats.methods.splits import aligned, key_names, listed, moved, rounding_note, rounding_of


@dataclass(frozen=True, kw_only=True)
class Components(Result):
    """The change of a sum and of the components it is made of; `estimate` is the sum's change.

    `interval` is what rounding leaves open, None when no rounding was given. `n` is the number of
    components. `whole` is what the sentence calls the sum.
    """

    rounding: float
    whole: str = "Summan"
    table: pd.DataFrame = field(repr=False, compare=False)

    def to_frame(self) -> pd.DataFrame:
        """Return a row per component, in the order asked for.

        Columns: `part` (its wording), `before`, `after`, `change`, `change_low`, `change_high`, and
        `share`, `share_low`, `share_high` in per cent of the whole change. Shares are NaN unless
        rounding leaves all components moving the same way.
        """
        return self.table.copy()

    def sentence(self) -> Text:
        """Return how much of the change comes from each component, in plain Swedish."""
        core = self._core()
        shortest = rounded(self.rounding, self.decimals + 1).normalize()
        if not shortest:
            return core
        places = max(0, -int(shortest.as_tuple().exponent))
        return self.say(
            "{core} Eftersom talen är avrundade kan varje del vara upp till {rounding}{spaced_unit} större "
            "eller mindre.{small}",
            core=core,
            rounding=self.fact("avrundning", self.rounding, decimals=places),
            small=self._small(),
        )

    def _small(self) -> str:
        seen = rounded(self.estimate, self.decimals) != 0
        if seen and self.interval and self.interval.holds(0):
            return f" Så liten ändring av {self._whole_inside} kan avrundningen ensam ge."
        return ""

    def _core(self) -> Text:
        changes = [float(value) for value in self.table["change"]]
        names = [str(name) for name in self.table["part"]]
        printed = [rounded(value, self.decimals) for value in changes]
        total = rounded(self.estimate, self.decimals)
        if total == 0 and not any(printed):
            return self.say("Varken {_whole_inside} eller någon del har ändrats så att det syns.")
        facts = [self.fact(f"del|{n}", c) for n, c in zip(names, changes, strict=True)]
        note = rounding_note(self, self.estimate, changes)
        if total == 0 or any(change * total < 0 for change in printed):
            return self._opposed(names, facts, note)
        parts = [
            self.say("{fact:abs}{spaced_unit} från {name}", fact=fact, name=name)
            for name, fact in zip(names, facts, strict=True)
        ]
        return self.say(
            "Av {noun} på {total:abs}{spaced_unit} kommer {parts}.{note}",
            noun="minskningen" if total < 0 else "ökningen",
            total=self.fact("skillnad", self.estimate),
            parts=listed(parts),
            note=note,
        )

    def _opposed(self, names: list[str], facts: list[Fact], note: str) -> Text:
        moves = listed([self._move(name, fact) for name, fact in zip(names, facts, strict=True)])
        total = self.fact("skillnad", self.estimate)
        if total.printed():
            whole = self._move(self.whole, total)
            words = "{whole}: {moves}. Delarna drar åt olika håll.{note}"
            return say(words, whole=whole, moves=moves, note=note)
        unchanged = "oförändrat" if self.whole.endswith("t") else "oförändrad"
        words = "{whole} är {unchanged}: {moves}.{note}"
        return self.say(words, unchanged=unchanged, moves=moves, note=note)

    @property
    def _whole_inside(self) -> str:
        return self.whole[:1].lower() + self.whole[1:]

    def _move(self, name: str, fact: Fact) -> Text:
        moved = direction(fact, fell="minskade", rose="ökade", same="")
        if not moved:
            return say("{name} är oförändrad", name=name)
        words = "{name} {moved} med {fact:abs}{spaced_unit}"
        return self.say(words, name=name, moved=moved, fact=fact)


def components(
    before: pd.DataFrame,
    after: pd.DataFrame,
    parts: Mapping[str, str] | Sequence[str],
    *,
    part: str = "part",
    value: str = "value",
    rounding: float = 0.0,
    whole: str = "Summan",
    published: Band | None = None,
    **labels: Unpack[Labels],
) -> Components:
    """Split the change of a sum into the changes of its components: change = sum (after - before).

    Frames have a row per component, named in `part`, its number in `value`. `parts` says which rows
    make the sum, in the order to print them; a mapping also says how to word each name. Other rows
    are left aside. `rounding` is the rounding unit of the numbers; the bands hold what it leaves.
    `whole` is the subject of the sentence, in definite form: `Ohälsotalet`.

    Args:
        before: a row a component at the earlier time, its number in `value`.
        after: the same at the later time.
        parts: the components that make the sum, in order; a mapping also words them.
        part: the column that names the components.
        value: the column of numbers.
        rounding: the unit that the numbers are rounded to, 0 when they are exact.
        whole: the sum, in definite form: Ohälsotalet.
        published: the changes of the sum that the rounding of its own published numbers leaves open, where it has such:
            narrower than what the parts leave.
        labels: `unit`, `source`, `decimals` and `about`, as of `Result`.

    Raises:
        NotComputable: numbers are missing or hidden, a component is doubled or missing, or there are
            fewer than two.

    >>> ends = [pd.DataFrame({"part": ["sjp", "sa"], "value": v}) for v in ([10.0, 25.5], [8.6, 23.9])]
    >>> components(*ends, ["sjp", "sa"], rounding=0.1).estimate
    -3.0
    """
    words = parts if isinstance(parts, Mapping) else {name: name for name in column_list(parts)}
    rounding = rounding_of(rounding)
    if len(words) < 2:
        raise NotComputable("det behövs minst två delar")
    first, last = (
        frame[frame[part].isin(list(words))] if part in frame.columns else frame
        for frame in (before, after)
    )
    table = aligned(first, last, [part], {"value": value}).set_index(key_names([part])[0])
    absent = [name for name in words if name not in table.index]
    if absent:
        raise NotComputable(f"delen {shown(absent[0])} saknas")
    table = table.loc[list(words)]
    ends = list(zip(table["value_before"], table["value_after"], strict=True))
    changes = [tidy(last - first, last, first) for first, last in ends]
    bands = [moved(first, last, rounding) for first, last in ends]
    total = tidy(sum(changes), *changes)
    return Components(
        estimate=total,
        interval=_narrowed(_sum_of(bands), published) if rounding else None,
        method="summans ändring är delarnas ändringar"
        + ("; spannet är källans avrundning" if rounding else ""),
        n=len(words),
        rounding=rounding,
        whole=whole,
        table=pd.DataFrame(
            {
                "part": list(words.values()),
                "before": table["value_before"].tolist(),
                "after": table["value_after"].tolist(),
                "change": changes,
                "change_low": [band.low for band in bands],
                "change_high": [band.high for band in bands],
                **_shares(changes, bands),
            }
        ),
        **labels,
    )


def _sum_of(bands: list[Band]) -> Band:
    lows, highs = [band.low for band in bands], [band.high for band in bands]
    return Band(tidy(sum(lows), *lows), tidy(sum(highs), *highs))


def _narrowed(of_parts: Band, published: Band | None) -> Band:
    """Return what both bands allow, or where they have nothing in common, what the sum's own numbers leave open."""
    if published is None:
        return of_parts
    low, high = max(of_parts.low, published.low), min(of_parts.high, published.high)
    return Band(low, high) if low <= high else published


def _shares(changes: list[float], bands: list[Band]) -> dict[str, list[float]]:
    fell = sum(changes) < 0
    low = [0.0 - band.high if fell else band.low for band in bands]
    high = [0.0 - band.low if fell else band.high for band in bands]
    size = sum(map(abs, changes))
    if size == 0 or min(low) < 0:
        nothing = [float("nan")] * len(changes)
        return {"share": nothing, "share_low": nothing, "share_high": nothing}
    return {
        "share": [100 * abs(change) / size for change in changes],
        "share_low": [_percent(own, sum(high) - high[k]) for k, own in enumerate(low)],
        "share_high": [_percent(own, sum(low) - low[k]) for k, own in enumerate(high)],
    }


def _percent(own: float, others: float) -> float:
    return 100 * own / (own + others) if own + others else 0.0
