"""What a difference in differences says: both groups' changes and the difference between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import scipy  # its stats, which take a second, are loaded where one is asked for

from vgstats.facts.facts import rounded
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import level_of, numeric_columns
from vgstats.methods.guards import names_of
from vgstats.methods.levels import demand_one_level
from vgstats.methods.result import Interval, Labels, NotComputable, Result, places_that_agree

EXTRA_DECIMALS = 3
FEWEST = 2
NO_SPREAD = 1e-7
METHOD = "skillnad i skillnader mellan två grupper (Card och Krueger 1994), Welchs t-intervall"
BALANCED = "enheter med värde både före och efter"
ALL = "alla värden som finns före och efter"


@dataclass(frozen=True)
class GroupChange:
    """The change of one group's mean: its size, its variance and the units it rests on."""

    name: str
    before: float
    after: float
    variance: float
    n_before: int
    n_after: int
    n_both: int

    @property
    def change(self) -> float:
        """The mean after minus the mean before."""
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class DifferenceInDifferences(Result):
    """The change of the treated group's mean minus that of the other group's.

    `n` is the number of units that are used; `incomplete` units lack a value before or after: they
    are left out when `balanced`, and otherwise used with the value that they have.
    """

    interval: Interval
    treated: GroupChange
    other: GroupChange
    standard_error: float
    p: float
    balanced: bool
    incomplete: int

    def to_frame(self) -> pd.DataFrame:
        """Return one row: the columns of `Result.to_frame`, the standard error, p, both changes."""
        return (
            super()
            .to_frame()
            .assign(
                standard_error=self.standard_error,
                p=self.p,
                treated_change=self.treated.change,
                other_change=self.other.change,
            )
        )

    def sentence(self) -> Text:
        """Return both changes, the difference between them and its interval.

        The numbers have as many decimals as it takes for the two changes to give the difference on
        a calculator. "Går inte att skilja från noll" stands where the printed interval holds zero.
        """
        decimals = places_that_agree(self._agree, self.decimals, self.decimals + EXTRA_DECIMALS)
        own = self.fact("ändring i gruppen", self.treated.change, decimals=decimals)
        others = self.fact("ändring i den andra", self.other.change, decimals=decimals)
        changed = self.say(
            "Medelvärdet ändrades med {own:signed}{spaced_unit} i {treated} och med {others:signed}"
            "{spaced_unit} i {other}.",
            own=own,
            others=others,
            treated=self.treated.name,
            other=self.other.name,
        )
        low, high = self.both_ends("{}a skillnad", self.interval, decimals=decimals).values()
        printed = float(own.printed() - others.printed())
        holds_zero = low.printed() <= 0 <= high.printed()
        difference = self.say(
            "Skillnaden mellan ändringarna är {x:signed}{spaced_unit} ({level} procents "
            "konfidensintervall {low:signed} till {high:signed}); {verdict}.",
            x=self.fact("skillnad mellan ändringar", printed, decimals=decimals),
            level=self.fact("konfidensnivå", 100 * self.interval.level, "procent", 0),
            low=low,
            high=high,
            verdict="den går inte att skilja från noll" if holds_zero else "noll ligger utanför",
        )
        rest = (
            "saknar värde före eller efter och är inte med."
            if self.balanced
            else "av dem saknar värde före eller efter och är med där värde finns."
        )
        units = say(
            "{n} enheter ingår; {k} {rest}",
            n=self.count("enheter", self.n),
            k=self.count("enheter utan värde", self.incomplete),
            rest=rest,
        )
        return join([changed, difference, units])

    def _agree(self, decimals: int) -> bool:
        numbers = (self.treated.change, self.other.change, self.estimate)
        own, others, difference = (rounded(number, decimals) for number in numbers)
        return own - others == difference


def difference_in_differences(
    frame: pd.DataFrame,
    *,
    treated: object,
    balanced: bool,
    group: str = "group",
    before: str = "before",
    after: str = "after",
    key: str | None = None,
    level: float = 0.95,
    unit: str = "",
    source: str = "",
    decimals: int = 1,
    about: str = "",
) -> DifferenceInDifferences:
    """Return how much more the mean of one group of units changed than that of another.

    (A1 - B1) - (A0 - B0): means after and before, of the treated group and of the other (Card &
    Krueger 1994, AER 84:772-793, table 3). Balanced: Welch's t of the units' own changes
    (unequal variances). Otherwise each mean is of all values there are,
    and the variance of a group's change is var(B)/nB + var(A)/nA - 2 cov n/(nA nB), where the n
    units with both values give cov; it comes to the same when all units have both. The degrees of
    freedom are Welch and Satterthwaite's. There must be many units in each group: this is no method
    for one county against the others.

    Args:
        frame: a row for each unit; an empty value before or after is a unit not measured then.
        treated: the value of `group` of the group of interest; groups are printed as they stand.
        balanced: whether only units with both values are used.
        group: the column that tells the two groups apart.
        before: the column of values before.
        after: the column of values after.
        key: a column that names each unit, to find units that stand on two rows.
        level: of the confidence interval.
        unit: of the values, as printed.
        source: where the figures come from.
        decimals: how exactly the values are printed, at least.
        about: what the numbers are about.

    Raises:
        NotComputable: a column or a group is missing; there are not two groups, or `treated` is
            neither; before and after are the same column; a unit stands on two rows; a value is
            infinite; a group has fewer than two units; all units of both groups changed alike.

    >>> units = pd.DataFrame({"group": list("xxyy"), "before": [20.0, 22, 30, 31], "after": [18.0, 21, 30, 32]})
    >>> difference_in_differences(units, treated="x", balanced=True).estimate
    -2.0
    """
    level = level_of(level, "konfidensnivån")
    rows = _rows(frame, group, before, after, key)
    complete = rows["before"].notna() & rows["after"].notna()
    used = (
        rows.loc[complete] if balanced else rows.loc[rows[["before", "after"]].notna().any(axis=1)]
    )
    own, other = (_group_change(used, name) for name in _names(rows, treated))
    error = math.sqrt(own.variance + other.variance)
    if error <= NO_SPREAD * max(1.0, abs(own.before), abs(other.before)):
        raise NotComputable(
            "alla enheter har ändrats lika mycket, så att det inte finns någon variation att mäta mot"
        )
    ends = _welch(own, other, level)
    return DifferenceInDifferences(
        estimate=own.change - other.change,
        interval=Interval(ends[0], ends[1], level),
        method=f"{METHOD}; {BALANCED if balanced else ALL}",
        n=len(used),
        **Labels(unit=unit, source=source, decimals=decimals, about=about),
        treated=own,
        other=other,
        standard_error=error,
        p=ends[2],
        balanced=balanced,
        incomplete=int((~complete if balanced else ~complete.loc[used.index]).sum()),
    )


def _rows(
    frame: pd.DataFrame, group: str, before: str, after: str, key: str | None
) -> pd.DataFrame:
    if before == after:
        raise NotComputable(f"före och efter är samma kolumn, {before!r}")
    names = names_of(frame, group).to_numpy()
    found = numeric_columns(frame, [before, after], key=[key] if key else [], may_miss=True)
    if key:
        demand_one_level(found[key], key)
    return pd.DataFrame({"group": names, "before": found[before], "after": found[after]})


def _names(rows: pd.DataFrame, treated: object) -> list[str]:
    names = sorted(set(rows["group"]))
    if len(names) != 2 or str(treated) not in names:
        raise NotComputable(
            f"det ska finnas två grupper, varav {treated} är den ena; det finns: "
            + (", ".join(names) or "inga")
        )
    return sorted(names, key=lambda name: name != str(treated))


def _group_change(used: pd.DataFrame, name: str) -> GroupChange:
    rows = used.loc[used["group"] == name]
    before, after, both = rows["before"].dropna(), rows["after"].dropna(), rows.dropna()
    if min(len(before), len(after)) < FEWEST:
        raise NotComputable(
            "gruppen {name} har färre än {needed} enheter med värde", name=str(name), needed=FEWEST
        )
    together = float(both["before"].cov(both["after"])) if len(both) >= FEWEST else 0.0
    counts = n_before, n_after, n_both = len(before), len(after), len(both)
    variance = before.var() / n_before + after.var() / n_after
    variance = max(0.0, float(variance - 2 * together * n_both / (n_before * n_after)))
    return GroupChange(name, float(before.mean()), float(after.mean()), variance, *counts)


def _welch(own: GroupChange, other: GroupChange, level: float) -> tuple[float, float, float]:
    spare = [min(part.n_before, part.n_after) - 1 for part in (own, other)]
    total = own.variance + other.variance
    df = total**2 / (own.variance**2 / spare[0] + other.variance**2 / spare[1])
    estimate, error = own.change - other.change, math.sqrt(total)
    half = float(scipy.stats.t.ppf((1 + level) / 2, df)) * error
    return estimate - half, estimate + half, float(2 * scipy.stats.t.sf(abs(estimate) / error, df))
