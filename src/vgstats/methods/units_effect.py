"""Units that began something beside units that did not: before and after, and year by year."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vgstats.facts.facts import rounded
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import numeric_columns, refuse
from vgstats.methods.levels import rows_of_areas
from vgstats.methods.result import Interval, NotComputable, Result, tidy
from vgstats.methods.two_groups import (
    DifferenceInDifferences,
    GroupChange,
    difference_in_differences,
)

BEGAN, OTHERS = "enheterna som började", "de andra"
FEWEST_UNITS = 4  # in each group
ADJUSTED = (
    "skillnad i ändring vid samma utgångsläge (kovariansanalys; Barnett m.fl. 2005 om regression mot medelvärdet), "
    "HC3-medelfel"
)
CHOSEN = (
    "{who} valdes för att talet var högt där. Höga tal närmar sig de andras även när ingenting görs, "
    "eftersom en del av det höga är tillfälligt."
)
NOT_WHY = (
    "Det visar inte att det som enheterna började med gjorde skillnaden: de kan skilja sig från de andra också på "
    "annat sätt."
)


@dataclass(frozen=True, kw_only=True)
class EffectInUnits(Result):
    """How much more the units that began something changed than the others.

    `plain` is the difference in differences. Where the units were chosen for a high level, `estimate` and
    `interval` are of the same starting level (`same_start`), which `plain` is not; else they are those of `plain`.
    `chosen` is how many were chosen so, None where that is not known.
    """

    interval: Interval
    plain: DifferenceInDifferences
    same_start: bool
    chosen: int | None = None

    @property
    def stands_out(self) -> bool:
        """Whether the printed interval leaves out zero."""
        low, high = (end.printed() for end in self.both_ends("", self.interval).values())
        return low > 0 or high < 0

    def sentence(self) -> Text:
        """Return both groups' changes, the difference and its interval, and that it is no proof of a cause."""
        return join([*self._found(), say(NOT_WHY)])

    @property
    def difference(self) -> float:
        """The estimate as printed: of changing means that of the printed ones, as on a calculator."""
        if self.same_start:
            return self.estimate
        own, others = map(self.change_of, (self.plain.treated, self.plain.other))
        return tidy(own - others, own, others)

    def change_of(self, group: GroupChange) -> float:
        """Return how much a group's printed mean changed."""
        before, after = (
            float(rounded(mean, self.decimals)) for mean in (group.before, group.after)
        )
        return tidy(after - before, before, after)

    def _found(self) -> list[Text]:
        groups = (("gruppen", self.plain.treated), ("de andra", self.plain.other))
        own, others = (
            self.say(
                "från {before} till {after} ({change:signed}) i {name}",
                before=self.fact(f"före, {what}", group.before),
                after=self.fact(f"efter, {what}", group.after),
                change=self.fact(f"ändring, {what}", self.change_of(group)),
                name=group.name,
            )
            for what, group in groups
        )
        changed = self.say(
            "I medeltal gick talet{spaced_unit} {own} och {others}.", own=own, others=others
        )
        difference = self.say(
            "{what} {x:signed}{spaced_unit} ({level} procents konfidensintervall {low:signed} till {high:signed}); "
            "{verdict}.",
            what="Räknat från samma utgångsläge är skillnaden mellan ändringarna"
            if self.same_start
            else "Skillnaden mellan ändringarna är",
            x=self.fact("skillnad mellan ändringar", self.difference),
            level=self.level_fact(self.interval.level),
            verdict="noll ligger utanför, så det är mer än slumpen brukar ge"
            if self.stands_out
            else "den går inte att skilja från noll",
            **self.both_ends("{}a skillnad mellan ändringar", self.interval),
        )
        return [changed, *([self._chosen()] if self.same_start else []), difference]

    def _chosen(self) -> Text:
        of = self.plain.treated.n_both
        if self.chosen in (None, of):
            return say(CHOSEN, who="Enheterna som började")
        form = "{k} av de {n} enheter som började"
        n = self.count("enheter som började", of)
        who = self.say(form, k=self.count("enheter som valdes", self.chosen), n=n)
        return say(CHOSEN, who=who)


def effect_in_units(
    frame: pd.DataFrame,
    *,
    unit: str = "unit",
    began: str = "began",
    before: str = "before",
    after: str = "after",
    chosen_high: bool = False,
    chosen: int | None = None,
    earlier: str = "",
    level: float = 0.95,
    measured: str = "per 1 000",
    source: str = "",
    decimals: int = 1,
    about: str = "",
) -> EffectInUnits:
    """Return how much more the rates of units that began something changed than those of the others.

    `difference_in_differences` of the units' rates, each unit counted once; where units were chosen for a high
    level, least squares of the changes on having begun and on the starting level, HC3 (Barnett et al., IJE 34:215,
    2005). In simulations of 120 units of which the 20 highest begin something that does nothing, the plain
    difference is taken for one in two cases of three, and this one in 5 of 100.

    Args:
        frame: a row a unit that has a rate before and after.
        unit: the column of units.
        began: the column that says which began (true or false).
        before: the column of rates before.
        after: the column of rates after.
        chosen_high: whether units that began were chosen for a high rate before.
        chosen: how many of them, for the sentence.
        earlier: the column of mean rates in the years before that, which takes the rest of the choice away where units
            were chosen for being higher than they used to be; empty for none. Used with `chosen_high` only.
        level: of the interval, such as 0.95.
        measured: the unit of the rates, as printed.
        source: where the figures come from.
        decimals: how exactly the rates are printed.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: fewer than 4 units began or did not, a number is missing, a unit stands twice, or all
            changed alike.

    >>> units = pd.DataFrame({"unit": list("abcdefghij"), "began": [True] * 5 + [False] * 5,
    ...                       "before": [30.0, 31, 33, 35, 32, 30, 33, 31, 36, 32],
    ...                       "after": [27.0, 29, 30, 31, 30, 31, 32, 31, 36, 33]})
    >>> round(effect_in_units(units).estimate, 1)
    -3.0
    """
    rows = rows_of_areas(frame, [before, after], unit)
    own = _groups(frame, began)
    for group, many in ((BEGAN, own.sum()), (OTHERS, (~own).sum())):
        if many < FEWEST_UNITS:
            raise NotComputable(
                "{group} är {many}, och minst {needed} behövs",
                group=group,
                many=float(many),
                needed=FEWEST_UNITS,
            )
    plain = difference_in_differences(
        rows.assign(group=np.where(own, BEGAN, OTHERS)),
        treated=BEGAN,
        balanced=True,
        before=before,
        after=after,
        key=unit,
        level=level,
        unit=measured,
        source=source,
        decimals=decimals,
        about=about,
    )
    found = EffectInUnits(
        estimate=plain.estimate,
        interval=plain.interval,
        method=plain.method,
        n=plain.n,
        unit=measured,
        source=source,
        decimals=decimals,
        about=about,
        plain=plain,
        same_start=False,
        chosen=chosen,
    )
    if not chosen_high:
        return found
    levels = rows_of_areas(frame, [before, *([earlier] if earlier else [])], unit).drop(
        columns=unit
    )
    return _from_same_start(found, levels, (rows[after] - rows[before]).to_numpy(), own)


def _groups(frame: pd.DataFrame, began: str) -> np.ndarray:
    refuse(began not in frame.columns, f"kolumnen {began!r} saknas")
    refuse(
        ~frame[began].isin([True, False]),
        f"värdet i kolumnen {began!r} är varken sant eller falskt",
    )
    return np.asarray(frame[began], dtype=bool)


def _from_same_start(
    found: EffectInUnits, levels: pd.DataFrame, change: np.ndarray, own: np.ndarray
) -> EffectInUnits:
    import statsmodels.api as sm  # here, since it takes a second to import

    start = levels.iloc[:, 0]
    refuse(
        np.ptp(start) <= 1e-9 * max(1.0, float(start.abs().max())),
        "alla enheter har samma utgångsläge",
    )
    level = found.interval.level
    centred = (levels - levels.mean()).to_numpy()
    model = sm.OLS(change, np.column_stack([own, np.ones(len(own)), centred]))
    fitted = model.fit(cov_type="HC3", use_t=True)
    low, high = fitted.conf_int(1 - level)[0]
    return replace(
        found,
        estimate=float(fitted.params[0]),
        interval=Interval(float(low), float(high), level),
        method=ADJUSTED,
        same_start=True,
    )


def effect_by_year(
    frame: pd.DataFrame,
    *,
    base: object,
    unit: str = "unit",
    began: str = "began",
    period: str = "period",
    value: str = "value",
    chosen_high: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return `effect_in_units` from a base year to every other, so that the years before can be seen.

    Columns: period, own and others (the groups' mean rates), change (the difference since the base year), low and
    high, usual_low and usual_high (the interval put around no change), side (`före`, `bas` or `efter`). Of units
    that have a rate in all years.

    Args:
        frame: a row for each unit and year.
        base: the last year before, as it stands in the frame.
        unit: the column of units.
        began: the column that says which began (true or false).
        period: the column of years, in an order that sorts.
        value: the column of rates.
        chosen_high: whether the units that began were chosen for a high rate in the base year.
        level: of the intervals, such as 0.95.

    Raises:
        NotComputable: as `effect_in_units`; the base year is not there, or there are fewer than 3 years.

    >>> rows = [(u, y, u < 6, 30 + u % 5 + (u * y) % 3 - (y > 2023) * (u < 6)) for u in range(14)
    ...         for y in (2022, 2023, 2024)]
    >>> units = pd.DataFrame(rows, columns=["unit", "period", "began", "value"])
    >>> effect_by_year(units, base=2023)["side"].tolist()
    ['före', 'bas', 'efter']
    """
    rows = numeric_columns(frame, [value], key=[unit, period])
    wide = rows.pivot(index=unit, columns=period, values=value).dropna()
    refuse(base not in wide.columns, f"året {base} inte finns bland uppgifterna")
    refuse(wide.shape[1] < 3, "det finns färre än tre år")
    own = (
        frame.drop_duplicates(unit).set_index(unit)[began].reindex(wide.index).to_numpy(dtype=bool)
    )
    past = wide.loc[:, [year < base for year in wide.columns]]
    found = []
    for year in wide.columns:
        means = {"own": wide.loc[own, year].mean(), "others": wide.loc[~own, year].mean()}
        side = "bas" if year == base else "före" if year < base else "efter"
        change = low = high = 0.0
        if year != base:
            pair = pd.DataFrame(
                {
                    "unit": wide.index,
                    "began": own,
                    "before": wide[base].array,
                    "after": wide[year].array,
                }
            )
            earlier = ""
            if past.shape[1] and side == "efter":
                pair, earlier = pair.assign(earlier=past.mean(axis=1).array), "earlier"
            one = effect_in_units(pair, chosen_high=chosen_high, earlier=earlier, level=level)
            change, low, high = one.estimate, one.interval.low, one.interval.high
        row = {"period": year, **means, "change": change, "low": low, "high": high}
        found.append(row | {"usual_low": low - change, "usual_high": high - change, "side": side})
    return pd.DataFrame(found)
